"""What the options of all studies share."""

import difflib
from collections.abc import Iterable


def require_known(kind: str, name: str, known: Iterable[str]) -> None:
    """Refuses an unknown name.

    Raises:
        ValueError: With the nearest names.
    """
    names = sorted(known)
    if name not in names:
        near = difflib.get_close_matches(name, names, cutoff=0.5) or names[:8]
        raise ValueError(f"No {kind} is called {name!r}; the nearest are {', '.join(near) or 'none'}.")
