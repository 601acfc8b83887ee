"""How a statement about a function is known, and the verdict a criterion gives."""

import dataclasses
import enum
import math
from collections.abc import Mapping
from typing import Any


class Evidence(enum.StrEnum):
    """How a claim is known, the strongest first."""

    PROVED = "proved"
    """For all reals, by interval arithmetic."""

    EXHAUSTIVE = "exhaustive"
    """At every value of a dtype, or by counting every operation of a program."""

    SAMPLED = "sampled"
    """At the points of a grid: nothing was seen that speaks against it."""

    REFUTED = "refuted"
    """By the counterexample that the witness gives."""

    UNDECIDED = "undecided"
    """Not known; the reason says why."""


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """A property that a function has or has not.

    Attributes:
        name: The property, one word of the vocabulary that `--require` takes, such as `"monotonic"`.
        holds: Whether the function has it; None where undecided.
        evidence: How that is known.
        witness: The points that show it: a counterexample where refuted.
        reason: What was seen at the witness, or why nothing could be decided.
    """

    name: str
    holds: bool | None
    evidence: Evidence
    witness: tuple[float, ...] = ()
    reason: str = ""

    def __post_init__(self) -> None:
        """Turns the witness into floats of Python."""
        object.__setattr__(self, "witness", plain(self.witness))


def refuted(name: str, reason: str, *witness: float) -> Claim:
    """A property that the witness breaks."""
    return Claim(name, holds=False, evidence=Evidence.REFUTED, witness=witness, reason=reason)


def undecided(name: str, reason: str, *witness: float) -> Claim:
    """A property of which nothing is known."""
    return Claim(name, holds=None, evidence=Evidence.UNDECIDED, witness=witness, reason=reason)


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What one criterion finds.

    Attributes:
        criterion: Its name, the name of its module for the nine.
        finding: The verdict in words.
        claims: Properties that may be required; the first is the one the criterion asks for.
        figures: Numbers, strings and tuples by name; the first is the figure of the criterion.
    """

    criterion: str
    finding: str
    claims: tuple[Claim, ...]
    figures: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Turns figures into plain values of Python, which JSON can hold."""
        object.__setattr__(self, "figures", plain(dict(self.figures)))

    @property
    def holds(self) -> bool | None:
        """Whether the function has the property the criterion asks for."""
        return self.claims[0].holds

    @property
    def evidence(self) -> Evidence:
        """How the verdict is known."""
        return self.claims[0].evidence

    @property
    def witness(self) -> tuple[float, ...]:
        """The points that show it."""
        return self.claims[0].witness

    @property
    def reason(self) -> str:
        """What was seen there."""
        return self.claims[0].reason

    @property
    def figure(self) -> Any:
        """The figure of the criterion, None where it has none."""
        return next(iter(self.figures.values()), None)


def plain(value: Any) -> Any:
    """Turns a value into floats, ints, strings, tuples and dicts of Python."""
    match value:
        case Mapping():
            return {str(key): plain(entry) for key, entry in value.items()}
        case list() | tuple():
            return tuple(plain(entry) for entry in value)
        case None | bool() | str() | int():
            return value
        case _ if getattr(value, "shape", ()):
            return tuple(plain(entry) for entry in value)
        case _:
            number = value.item() if hasattr(value, "item") else value
            if isinstance(number, float):
                return math.nan if math.isnan(number) else float(number)  # one NaN, equal to itself
            return number
