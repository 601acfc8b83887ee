"""The constants of a self-normalizing function to many places, by ball arithmetic; needs python-flint."""

import math
from fractions import Fraction
from typing import NamedTuple

from flint import arb, ctx

from jaxact.proof import gaussian
from jaxact.proof.analysis import Analysis
from jaxact.proof.gaussian import Normal
from jaxact.proof.numbers import interval
from jaxact.proof.numbers.interval import Interval
from jaxact.transform.composed import Base, decimal
from jaxact.transform.target import Target

_GUARD, _STEPS = 6, 12
"""Places beyond those asked for, and steps of the secant method at most."""


class _Equation(NamedTuple):
    """By how much the mean is too large for some value of a parameter.

    Attributes:
        inner: The function.
        parameter: The name of its parameter.
        target: Where layers are to rest.
        bits: Of the arithmetic.
    """

    inner: Base
    parameter: str
    target: Target
    bits: int

    def moments(self, value: Fraction) -> tuple[arb, arb]:
        """Mean and variance under the law of pre-activations."""
        numbers = {name: decimal(number) for name, number in self.inner.values.items()}
        numbers[self.parameter] = f"({value.numerator} / {value.denominator})"
        formula = self.inner.spec.formula.substituted(numbers)  # pyright: ignore[reportOptionalMemberAccess]
        law = self.target.omega * self.target.mean, self.target.tau * self.target.variance
        normal = Normal(*map(interval.number, law))
        mean, second = (_ball(found) for found in gaussian.moments(Analysis.of(formula), normal, self.bits))
        return mean, second - mean * mean

    def __call__(self, value: Fraction) -> arb:
        """The excess of the mean."""
        mean, variance = self.moments(value)
        return mean - arb(self.target.mean) * (variance / arb(self.target.variance)).sqrt()


def constants(inner: Base, parameter: str, target: Target, digits: int) -> tuple[str, str]:
    """The parameter and the scale.

    Args:
        inner: A function with a formula, its parameter near what is looked for.
        parameter: Which one that is.
        target: Where layers are to rest.
        digits: Decimal places.

    Raises:
        ValueError: If so many places cannot be had.
    """
    bits = math.ceil((digits + 2 * _GUARD) * math.log2(10) * 1.5)
    excess = _Equation(inner, parameter, target, bits)
    place = Fraction(1, 10 ** (digits + _GUARD))
    with ctx.workprec(bits):
        value = _root(excess, Fraction(inner.values[parameter]), place)
        below, above = excess(value - 2 * place), excess(value + 2 * place)
        if not (below < 0 < above or above < 0 < below):
            raise ValueError(f"{inner.name} does not give {digits} places: its integrals are not that sharp.")
        scale = (arb(target.variance) / excess.moments(value)[1]).sqrt()
        return _written(value, digits), _written(_fraction(scale), digits)


def _root(excess: _Equation, start: Fraction, place: Fraction) -> Fraction:
    """The zero near a number, by the secant method, to a decimal place."""
    before, now = start * (1 + Fraction(1, 10**8)), start
    last = excess(before)
    for _ in range(_STEPS):
        found = excess(now)
        step = _fraction(
            found
            * (arb(before.numerator) / before.denominator - arb(now.numerator) / now.denominator)
            / (last - found)
        )
        before, last, now = now, found, now - step
        if abs(step) < place:
            break
    return now


def _fraction(ball: arb) -> Fraction:
    """The midpoint of a ball."""
    mantissa, exponent = ball.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _written(value: Fraction, digits: int) -> str:
    """A number with some decimal places."""
    whole = round(value * 10**digits)
    sign, text = "-" * (whole < 0), f"{abs(whole):0{digits + 1}d}"
    return f"{sign}{text[:-digits]}.{text[-digits:]}"


def _ball(values: Interval) -> arb:
    return values.lo.union(values.hi)
