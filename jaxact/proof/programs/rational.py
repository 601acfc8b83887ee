"""Programs that are lines, told in rational arithmetic."""

from collections.abc import Callable
from fractions import Fraction

from jaxact.proof.programs.program import Program


def line(program: Program) -> tuple[Fraction, Fraction] | None:
    """Slope and offset of a program that is a line with rational coefficients, exactly; None of any other."""
    try:
        slope, offset = program.evaluate(_LINES, (Fraction(1), Fraction(0)))
    except (KeyError, TypeError, ZeroDivisionError):
        return None
    return slope, offset


Line = tuple[Fraction, Fraction]


def _product(a: Line, b: Line) -> Line:
    if a[0] and b[0]:
        raise TypeError("A product of two lines is none.")
    return a[0] * b[1] + b[0] * a[1], a[1] * b[1]


def _quotient(a: Line, b: Line) -> Line:
    if b[0]:
        raise TypeError("A quotient by a line is none.")
    return a[0] / b[1], a[1] / b[1]


def _power(base: Line, exponent: Line) -> Line:
    if base[0] or exponent[0] or exponent[1].denominator != 1:
        raise TypeError("A power of a line is none.")
    return Fraction(0), base[1] ** int(exponent[1])


def _constant(value: Fraction | str) -> Line:
    if isinstance(value, str):
        raise TypeError("It is not rational.")
    return Fraction(0), value


_LINES: dict[str, Callable[..., Line]] = {
    "number": _constant,
    "add": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "subtract": lambda a, b: (a[0] - b[0], a[1] - b[1]),
    "negative": lambda a: (-a[0], -a[1]),
    "multiply": _product,
    "divide": _quotient,
    "power": _power,
}
