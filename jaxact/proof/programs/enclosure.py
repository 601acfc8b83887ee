"""Programs over intervals: enclosures of a function and its derivatives on a box."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from jaxact.proof.numbers import elementary, interval
from jaxact.proof.numbers.interval import ONE, ZERO, Interval
from jaxact.proof.numbers.jet import ARITHMETIC, Calculus, Jet, composed
from jaxact.proof.programs.program import Program


def _power(base: Jet, exponent: Jet) -> Jet:
    """A power with a constant exponent, or of a positive base."""
    n = exponent.parts[0]
    integer = n.lo.unique_fmpz() if exponent.constant and n.exact else None
    if integer is not None:
        return base ** int(integer)
    if exponent.constant:
        one, two = ONE, interval.number(2.0)
        return composed(
            base,
            lambda x: (
                elementary.power(x, n),
                n * elementary.power(x, n - one),
                n * (n - one) * elementary.power(x, n - two),
                n * (n - one) * (n - two) * elementary.power(x, n - one - two),
            ),
        )
    return FUNCTIONS["exp"](exponent * FUNCTIONS["log"](base))


def _number(value: Fraction | str) -> Jet:
    return Jet((interval.ENTIRE if value in {"inf", "-inf"} else interval.number(value),))


FUNCTIONS = Calculus(
    elementary.FUNCTIONS, lambda n: interval.number(n if isinstance(n, str) else Fraction(n))
).functions()

JETS: Mapping[str, Callable[..., Any]] = {
    "number": _number,
    **ARITHMETIC,
    "power": _power,
    **FUNCTIONS,
}
"""Smooth functions of one variable, known on a box with their derivatives."""


def enclosed(program: Program, box: Interval, order: int) -> tuple[Interval, ...]:
    """Encloses a smooth function and its derivatives up to some order on a box.

    Args:
        program: Without decisions; `jaxact.proof.pieces` makes such programs.
        box: A closed interval, infinite ends included.
        order: Of the highest derivative, at most 3.

    Returns:
        Enclosures of the function, its slope and so on, each on the whole box.
    """
    x = Jet((box, ONE, ZERO, ZERO)[: order + 1])
    parts = program.evaluate(JETS, x).parts
    return (*parts, *[ZERO] * (order + 1 - len(parts)))
