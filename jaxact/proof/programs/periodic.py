"""Functions that repeat: a line and a periodic part, told by their expression."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from jaxact.proof.programs.program import Program


class Repeating(NamedTuple):
    """A function `slope * x + offset + p(x)`, where `p` has a period commensurable with that of `sin`.

    Attributes:
        slope: Of the line.
        offset: Of the line, where there is nothing but the line; None beside a periodic part.
    """

    slope: Fraction
    offset: Fraction | None


def repeating(program: Program) -> Repeating | None:
    """Whether a function is a line and a periodic part; None where its expression does not say so."""
    try:
        return program.evaluate(_REPEATING, Repeating(Fraction(1), Fraction(0)))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None


def _sum(a: Repeating, b: Repeating) -> Repeating:
    offset = None if a.offset is None or b.offset is None else a.offset + b.offset
    return Repeating(a.slope + b.slope, offset)


def _negative(a: Repeating) -> Repeating:
    return Repeating(-a.slope, None if a.offset is None else -a.offset)


def _product(a: Repeating, b: Repeating) -> Repeating:
    if a.slope and b.slope:
        raise TypeError("A product of two lines does not repeat.")
    flat, other = (a, b) if not a.slope else (b, a)
    if other.slope and flat.offset is None:
        raise TypeError("A product of a line and a wave does not repeat.")
    if flat.offset is None or other.offset is None:
        return Repeating(other.slope * (flat.offset or 0), None)
    return Repeating(other.slope * flat.offset, other.offset * flat.offset)


def _quotient(a: Repeating, b: Repeating) -> Repeating:
    if not a.slope and b.offset is None:
        return _of_periodic(a, b)
    if b.slope or not b.offset:
        raise TypeError("A quotient of a line and a wave does not repeat.")
    return _product(a, Repeating(Fraction(0), 1 / b.offset))


def _wave(a: Repeating) -> Repeating:
    if a.slope and a.offset is None:
        raise TypeError("A wave of a line and a wave is none that is known here.")
    return Repeating(Fraction(0), None)


def _of_periodic(*arguments: Repeating) -> Repeating:
    """Any function of what has no line in it."""
    if any(argument.slope for argument in arguments):
        raise TypeError("A function of a line does not repeat.")
    return Repeating(Fraction(0), None)


def _number(value: Fraction | str) -> Repeating:
    return Repeating(Fraction(0), value if isinstance(value, Fraction) else None)


_FUNCTIONS = (
    "exp", "expm1", "log", "log1p", "sqrt", "cbrt", "tanh", "logistic", "sinh", "cosh", "asinh", "log_cosh",
    "arctan", "erf", "erfc", "power",
)  # fmt: skip

_REPEATING: Mapping[str, Callable[..., Any]] = {
    **dict.fromkeys(_FUNCTIONS, _of_periodic),
    "number": _number,
    "add": _sum,
    "subtract": lambda a, b: _sum(a, _negative(b)),
    "negative": _negative,
    "multiply": _product,
    "divide": _quotient,
    "sin": _wave,
    "cos": _wave,
}
