"""The properties that a user may ask for on the command line."""

import difflib

from jaxact.properties.vocabulary import VOCABULARY

MEANINGS = {claim: meaning for claims in VOCABULARY.values() for claim, meaning in claims.items()}
"""Every property, with its meaning in a few words."""


def read(text: str) -> list[str]:
    """Reads a comma-separated list of properties; hyphens may stand for underscores.

    Raises:
        KeyError: If a word is no property; the message lists all.
    """
    words = [word.strip().lower().replace("-", "_") for word in text.split(",") if word.strip()]
    for word in words:
        if word not in MEANINGS:
            near = difflib.get_close_matches(word, MEANINGS, n=1, cutoff=0.6)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise KeyError(f"{word!r} is no property.{hint} The properties: {', '.join(MEANINGS)}.")
    return words
