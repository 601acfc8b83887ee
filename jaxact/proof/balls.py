"""Formulas in ball arithmetic: value, slope and curvature at a point, each with a proof of its error.

`BALLS` and `JETS` are number systems for `jaxact._formula`. A ball (`flint.arb`) encloses a real number; a
`Jet` encloses a function's value and its first two derivatives. Comparisons are three-valued: what the
balls cannot decide is `None`, and `where` of it is an indeterminate ball, never a guess.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from flint import arb, ctx

from jaxact._formula import Formula, System

_INDETERMINATE = arb("nan")
_TINY = arb(2) ** -1200
"""Where a result is so near 0 that no float can hold it, its relative accuracy does not matter."""


def greater(a: arb, b: arb) -> bool | None:
    """Whether `a > b`; `None` where the balls overlap."""
    return True if a > b else False if a <= b else None


def greater_equal(a: arb, b: arb) -> bool | None:
    """Whether `a >= b`; `None` where the balls overlap."""
    return True if a >= b else False if a < b else None


def _number(text: str) -> arb:
    return {"pi": arb.pi, "e": arb(1).exp}[text]() if text in {"pi", "e"} else arb(text)


def _where(test: bool | None, yes: arb, no: arb) -> arb:  # noqa: FBT001  # it is the language's `where`
    return _INDETERMINATE if test is None else yes if test else no


def _power(base: arb, exponent: arb) -> arb:
    integer = exponent.unique_fmpz()
    return base ** (exponent if integer is None else integer)


BALLS: System = {
    "number": _number,
    "add": arb.__add__,
    "subtract": arb.__sub__,
    "multiply": arb.__mul__,
    "divide": arb.__truediv__,
    "power": _power,
    "negative": arb.__neg__,
    "greater": greater,
    "greater_equal": greater_equal,
    "less": lambda a, b: greater(b, a),
    "less_equal": lambda a, b: greater_equal(b, a),
    "where": _where,
    "min": arb.min,
    "max": arb.max,
    "abs": abs,
    "sign": arb.sgn,
    **{
        name: getattr(arb, name)
        for name in ("floor", "exp", "expm1", "log", "log1p", "sqrt", "tanh", "sinh", "cosh", "sin")
    },
    "cos": arb.cos,
    "arctan": arb.atan,
    "erf": arb.erf,
    "erfc": arb.erfc,
}
"""Real numbers as balls."""


Real = Callable[[arb], arb]


@dataclasses.dataclass(frozen=True, slots=True)
class Jet:
    """Enclosures of a function's value and its first two derivatives at a point."""

    value: arb
    slope: arb
    curvature: arb

    def __add__(self, other: "Jet") -> "Jet":
        """The jet of the sum."""
        slope, curvature = self.slope + other.slope, self.curvature + other.curvature
        return Jet(self.value + other.value, slope, curvature)

    def __neg__(self) -> "Jet":
        """The jet of the negative."""
        return Jet(-self.value, -self.slope, -self.curvature)

    def __sub__(self, other: "Jet") -> "Jet":
        """The jet of the difference."""
        return self + -other

    def __mul__(self, other: "Jet") -> "Jet":
        """The jet of the product, by Leibniz's rule."""
        slope = self.slope * other.value + self.value * other.slope
        outer = self.curvature * other.value + self.value * other.curvature
        return Jet(self.value * other.value, slope, outer + 2 * self.slope * other.slope)

    def __truediv__(self, other: "Jet") -> "Jet":
        """The jet of the quotient, from `self = quotient * other`."""
        value = self.value / other.value
        slope = (self.slope - value * other.slope) / other.value
        inner = self.curvature - value * other.curvature - 2 * slope * other.slope
        return Jet(value, slope, inner / other.value)


def constant(value: arb) -> Jet:
    """A number as a jet."""
    return Jet(value, arb(0), arb(0))


def _compose(x: Jet, f: Real, df: Real, ddf: Real) -> Jet:
    """The jet of a function of `x`, from the function and its first two derivatives."""
    first = df(x.value)
    curvature = ddf(x.value) * x.slope * x.slope + first * x.curvature
    return Jet(f(x.value), first * x.slope, curvature)


def _chain(f: Real, df: Real, ddf: Real) -> Callable[[Jet], Jet]:
    return lambda x: _compose(x, f, df, ddf)


def _jet_power(base: Jet, exponent: Jet) -> Jet:
    n = exponent.value
    return _compose(
        base,
        lambda v: _power(v, n),
        lambda v: n * _power(v, n - 1),
        lambda v: n * (n - 1) * _power(v, n - 2),
    )


def _jet_where(test: bool | None, yes: Jet, no: Jet) -> Jet:  # noqa: FBT001  # as above
    unknown = Jet(_INDETERMINATE, _INDETERMINATE, _INDETERMINATE)
    return unknown if test is None else yes if test else no


def _jet_max(a: Jet, b: Jet) -> Jet:
    """The larger jet; where the values meet, slope and curvature are unknown."""
    if a.value > b.value:
        return a
    if a.value < b.value:
        return b
    return Jet(a.value.max(b.value), _INDETERMINATE, _INDETERMINATE)


def _zero(_: arb) -> arb:
    return arb(0)


def _sech2(x: arb) -> arb:
    return 1 / x.cosh() ** 2


def _bell(x: arb) -> arb:
    return 2 * (-x * x).exp() / arb.pi().sqrt()


JETS: System = {
    "number": lambda text: constant(_number(text)),
    "add": Jet.__add__,
    "subtract": Jet.__sub__,
    "multiply": Jet.__mul__,
    "divide": Jet.__truediv__,
    "power": _jet_power,
    "negative": Jet.__neg__,
    "greater": lambda a, b: greater(a.value, b.value),
    "greater_equal": lambda a, b: greater_equal(a.value, b.value),
    "less": lambda a, b: greater(b.value, a.value),
    "less_equal": lambda a, b: greater_equal(b.value, a.value),
    "where": _jet_where,
    "max": _jet_max,
    "min": lambda a, b: -_jet_max(-a, -b),
    "abs": lambda a: _jet_max(a, -a),
    "sign": _chain(arb.sgn, _zero, _zero),
    "floor": _chain(arb.floor, _zero, _zero),
    "exp": _chain(arb.exp, arb.exp, arb.exp),
    "expm1": _chain(arb.expm1, arb.exp, arb.exp),
    "log": _chain(arb.log, lambda x: 1 / x, lambda x: -1 / x**2),
    "log1p": _chain(arb.log1p, lambda x: 1 / (1 + x), lambda x: -1 / (1 + x) ** 2),
    "sqrt": _chain(arb.sqrt, lambda x: 1 / (2 * x.sqrt()), lambda x: -1 / (4 * x * x.sqrt())),
    "tanh": _chain(arb.tanh, _sech2, lambda x: -2 * x.tanh() * _sech2(x)),
    "sinh": _chain(arb.sinh, arb.cosh, arb.sinh),
    "cosh": _chain(arb.cosh, arb.sinh, arb.cosh),
    "sin": _chain(arb.sin, arb.cos, lambda x: -x.sin()),
    "cos": _chain(arb.cos, lambda x: -x.sin(), lambda x: -x.cos()),
    "arctan": _chain(arb.atan, lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2),
    "erf": _chain(arb.erf, _bell, lambda x: -2 * x * _bell(x)),
    "erfc": _chain(arb.erfc, lambda x: -_bell(x), lambda x: 2 * x * _bell(x)),
}
"""Functions of one variable, known at a point up to their second derivative."""


def value(formula: Formula, x: float | arb, parameters: Mapping[str, float], *, bits: int = 64) -> arb:
    """Encloses the value of a formula at a point.

    Args:
        formula: In `x` and the names of `parameters`.
        x: The point, taken as an exact number.
        parameters: Values of the parameters, taken as exact numbers.
        bits: Relative accuracy asked for; precision is doubled until it is reached.

    Returns:
        A ball; indeterminate where 16 thousand bits do not decide it.
    """
    (ball,) = _refine(lambda: (formula.evaluate(BALLS, x=arb(x), **_exact(parameters)),), bits)
    return ball


def jet(formula: Formula, x: float | arb, parameters: Mapping[str, float], *, bits: int = 64) -> Jet:
    """Encloses value, slope and curvature of a formula at a point; arguments as for `value`."""
    numbers = {name: constant(ball) for name, ball in _exact(parameters).items()}
    at = Jet(arb(x), arb(1), arb(0))
    return Jet(*_refine(lambda: _parts(formula.evaluate(JETS, x=at, **numbers)), bits))


def _parts(jet: Jet) -> tuple[arb, arb, arb]:
    return jet.value, jet.slope, jet.curvature


def _exact(parameters: Mapping[str, Any]) -> dict[str, arb]:
    return {name: arb(number) for name, number in parameters.items()}


def _refine(at: Callable[[], tuple[arb, ...]], bits: int) -> tuple[arb, ...]:
    """Evaluates at rising precision until every ball is accurate."""
    precision = 2 * bits
    while True:
        with ctx.workprec(precision):
            balls = at()
            accurate = all(
                ball.rel_accuracy_bits() >= bits or ball.is_zero() or abs(ball) < _TINY for ball in balls
            )
        if accurate or precision > 1 << 14:
            return balls
        precision *= 2
