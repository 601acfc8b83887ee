"""What is proved of functions: a claim with its proof, and all that is known of one function.

The facts of the catalogue are kept in `facts.json`, which `python -m jaxact certify` writes; reading takes
only Python.
"""

import dataclasses
import functools
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

PATH = Path(__file__).parent / "facts.json"


@dataclasses.dataclass(frozen=True, slots=True)
class Proof:
    """What came of a claim.

    Attributes:
        claim: As it is written.
        holds: True where it is proved for all real numbers, False where it is refuted, None where neither.
        witness: A number that refutes it, exactly; None where there is none to show.
        reason: What the witness shows, or why nothing was decided.
        boxes: Intervals that were looked at.
    """

    claim: str
    holds: bool | None
    witness: Fraction | None = None
    reason: str = ""
    boxes: int = 0

    @property
    def evidence(self) -> str:
        """`"proved"`, `"refuted"` or `"undecided"`."""
        return {True: "proved", False: "refuted", None: "undecided"}[self.holds]

    def __str__(self) -> str:
        """One line."""
        at = "" if self.witness is None else f"x = {float(self.witness):.10g}"
        said = ", ".join(part for part in (at, self.reason) if part)
        return f"{self.claim}: {self.evidence}{f' ({said})' if said else ''}"


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """What is proved of one function of a real variable.

    Attributes:
        claims: Proofs by the words of `jaxact check`'s vocabulary, such as `"monotonic"`.
        figures: Numbers by name; an interval `(low, high)` encloses what is no number of binary digits.
    """

    claims: Mapping[str, Proof]
    figures: Mapping[str, Any]


@functools.cache
def catalogue() -> Mapping[str, Facts]:
    """The facts of the catalogue by the names of its functions; none of what is not certified."""
    if not PATH.exists():
        return {}
    contents = json.loads(PATH.read_text(encoding="utf-8"))
    return {name: read(entry) for name, entry in contents["functions"].items()}


def read(entry: Mapping[str, Any]) -> Facts:
    """Facts from plain values."""
    claims = {}
    for name, found in entry["claims"].items():
        witness = None if "witness" not in found else Fraction(found["witness"])
        claims[name] = Proof(name, found["holds"], witness, found.get("reason", ""), found["boxes"])
    return Facts(claims, entry["figures"])


def written(facts: Facts) -> dict[str, Any]:
    """Facts as plain values, for JSON."""
    claims = {}
    for name, proof in facts.claims.items():
        witness = {} if proof.witness is None else {"witness": str(proof.witness)}
        reason = {"reason": proof.reason} if proof.reason else {}
        claims[name] = {"holds": proof.holds, **witness, **reason, "boxes": proof.boxes}
    return {"claims": claims, "figures": dict(facts.figures)}
