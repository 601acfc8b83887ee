"""Parts of the line on which a function is smooth, and the points between them."""

import dataclasses
from fractions import Fraction

from flint import arb

from jaxact.proof.numbers import interval
from jaxact.proof.numbers.interval import Interval
from jaxact.proof.programs.program import Program


class UndecidedError(ArithmeticError):
    """A question that the method leaves open; the message is the reason."""


@dataclasses.dataclass(frozen=True, slots=True)
class Break:
    """A point between two pieces.

    Attributes:
        place: An enclosure of it.
        exact: The number itself, where it is rational and known.
    """

    place: Interval
    exact: Fraction | None = None

    def __str__(self) -> str:
        """The number as a person writes it."""
        return f"{float(self.place.middle):.15g}"


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Part of the line, on which a function is smooth: an open interval, or one point.

    Attributes:
        left: Where it begins; None for minus infinity.
        right: Where it ends; None for infinity; the same as `left` for a point.
        program: The function there.
    """

    left: Break | None
    right: Break | None
    program: Program

    @property
    def point(self) -> bool:
        """Whether it is one point."""
        return self.left is not None and self.left is self.right

    def holds(self, number: arb) -> bool:
        """Whether a number lies in it for sure."""
        if self.point:
            return self.box.exact and number in self.box
        right_of = self.left is None or number > self.left.place.hi
        return bool(right_of and (self.right is None or number < self.right.place.lo))

    @property
    def box(self) -> Interval:
        """A closed interval around it, infinite ends included."""
        lo = interval.ENTIRE.lo if self.left is None else self.left.place.lo
        hi = interval.ENTIRE.hi if self.right is None else self.right.place.hi
        return Interval(lo, hi)

    def inside(self, step: int = 1) -> arb:
        """A number in it, another one for every positive step; of a point an approximation."""
        left, right = self.left, self.right
        if left is not None and right is not None:
            return (left.place.middle + (right.place.middle - left.place.middle) / (step + 1)).mid()
        if left is not None:
            return (left.place.middle + step).mid()
        return arb(step) if right is None else (right.place.middle - step).mid()

    def end_or(self, number: arb) -> Interval:
        """A number; or where it is an end of `box`, what is known of the end of the piece."""
        for end in (self.left, self.right):
            if end is not None and number in end.place:
                return end.place
        return Interval(number, number)
