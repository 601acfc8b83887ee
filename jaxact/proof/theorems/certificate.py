"""What came of a theorem."""

import dataclasses
from collections.abc import Mapping

from jaxact.proof.numbers.interval import Interval


@dataclasses.dataclass(frozen=True)
class Certificate:
    """What was proved of a theorem.

    Attributes:
        theorem: Its name.
        statement: What it says.
        holds: True where it is proved, False where it is refuted, None where neither.
        boxes: Boxes in the plane of means and variances that were looked at.
        bounds: Enclosures that were found on the way, by name.
        reason: Why it is refuted, or was not proved.
    """

    theorem: str
    statement: str
    holds: bool | None
    boxes: int
    bounds: Mapping[str, Interval]
    reason: str = ""

    def __str__(self) -> str:
        """One line."""
        said = {True: "proved", False: "refuted", None: "not decided"}[self.holds]
        return f"{self.statement}: {said}{f' ({self.reason})' if self.reason else ''}"
