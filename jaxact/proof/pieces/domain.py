"""Where a smooth program has values: quotients not by 0, logarithms and roots of what is not negative.

Operators like these ask for the sign of a number. Its zeros are breaks, so that it has one sign on a piece.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from flint import arb

from jaxact.proof.numbers import interval
from jaxact.proof.numbers.interval import Interval
from jaxact.proof.pieces.piece import Piece
from jaxact.proof.programs.derivatives import derivatives
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.program import Builder, Program, Step


class Condition(NamedTuple):
    """What an operator asks of its argument.

    Attributes:
        what: The number whose sign matters.
        signs: Those for which the operator has a value.
    """

    what: Program
    signs: frozenset[int]


_NOT_ZERO, _NOT_NEGATIVE, _POSITIVE = frozenset({-1, 1}), frozenset({0, 1}), frozenset({1})
_ANY = frozenset({-1, 0, 1})

_ASKED = {
    "divide": (1, Fraction(0), _NOT_ZERO),
    "log": (0, Fraction(0), _POSITIVE),
    "log1p": (0, Fraction(1), _POSITIVE),
    "sqrt": (0, Fraction(0), _NOT_NEGATIVE),
    "cbrt": (0, Fraction(0), _ANY),  # which is not smooth at 0
}
"""Which argument an operator asks, what is added to it, and the signs that it may have."""


def conditions(program: Program, steps: Iterable[int]) -> list[Condition]:
    """What some steps of a program ask; nothing of constants that are known to be right."""
    found = [_condition(program, index) for index in steps]
    return [one for one in dict.fromkeys(found) if one is not None]


def _condition(program: Program, index: int) -> Condition | None:
    step = program.steps[index]
    asked = _asked_by_power(program, step) if step.operator == "power" else _ASKED.get(step.operator)
    if asked is None:
        return None
    argument, more, signs = asked

    def number(builder: Builder, given: list[int]) -> int:
        return builder.add("add", given[argument], builder.number(more)) if more else given[argument]

    what = program.rebuilt(index, {index: number})
    constant = not any(one.operator == "x" for one in what.steps)
    sign = enclosed(what, interval.ZERO, 0)[0].sign if constant else None
    return None if sign in signs else Condition(what, signs)


def _asked_by_power(program: Program, step: Step) -> tuple[int, Fraction, frozenset[int]] | None:
    exponent = program.steps[step.arguments[1]]
    number = exponent.arguments[0] if exponent.operator == "number" else None
    if not isinstance(number, Fraction):
        return 0, Fraction(0), _POSITIVE
    if number.denominator == 1:
        return None if number >= 0 else (0, Fraction(0), _NOT_ZERO)
    return 0, Fraction(0), _NOT_NEGATIVE if number > 0 else _POSITIVE


def singular(program: Program, place: Interval) -> bool:
    """Whether a smooth program may have no value, or no derivative, somewhere in an interval."""
    asked = conditions(program, range(len(program.steps)))
    return any(enclosed(one.what, place, 0)[0].sign not in {-1, 1} for one in asked)


class Gap(NamedTuple):
    """Where a function has no value.

    Attributes:
        at: A number there.
        sure: Whether it is known that it has none.
    """

    at: arb
    sure: bool

    def __str__(self) -> str:
        """A reason to decide nothing."""
        said = "it has no value" if self.sure else "whether it has a value is not known"
        return f"{said} at {float(self.at):.6g}"


def undefined(piece: Piece) -> Gap | None:
    """Where a piece has no value; None where it has one everywhere.

    Args:
        piece: On which every condition has one sign, as `jaxact.proof.pieces` makes them.
    """
    found = [
        (_sign(what, piece), signs)
        for what, signs in conditions(piece.program, range(len(piece.program.steps)))
    ]
    missing = [sign is not None for sign, signs in found if sign not in signs]
    return Gap(piece.inside(), any(missing)) if missing else None


def _sign(what: Program, piece: Piece) -> int | None:
    """The sign of a number on a piece on which it has one."""
    if piece.point and piece.left is not None and piece.left.exact is not None:
        known = derivatives(what, piece.left.exact)
        if known:
            return known[0].sign
    at = piece.inside()
    return enclosed(what, piece.box if piece.point else Interval(at, at), 0)[0].sign
