"""Formulas in ball arithmetic: value, slope and curvature at a point, each with a proof of its error.

`BALLS` and `JETS` are number systems for `jaxact._formula`. A ball (`flint.arb`) encloses a real number; a
jet of balls a function's value and its derivatives. Comparisons are three-valued: what the
balls cannot decide is `None`, and `where` of it is an indeterminate ball, never a guess.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flint import arb, ctx

from jaxact._formula import Formula, System
from jaxact.proof.numbers.jet import Calculus, Jet, composed, raised

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
    return base**exponent if integer is None else raised(base, int(integer))


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


def _jet_power(base: Jet, exponent: Jet) -> Jet:
    n = exponent.parts[0]

    def rule(x: arb) -> tuple[arb, ...]:
        return (
            _power(x, n),
            n * _power(x, n - 1),
            n * (n - 1) * _power(x, n - 2),
            n * (n - 1) * (n - 2) * _power(x, n - 3),
        )

    return composed(base, rule)


def _jet_where(test: bool | None, yes: Jet, no: Jet) -> Jet:  # noqa: FBT001  # as above
    return (
        Jet((_INDETERMINATE,) * max(len(yes.parts), len(no.parts))) if test is None else yes if test else no
    )


def _jet_max(a: Jet, b: Jet) -> Jet:
    """The larger jet; where the values meet, slope and curvature are unknown."""
    x, y = a.parts[0], b.parts[0]
    if x > y or x < y:
        return a if x > y else b
    return Jet((x.max(y), *(_INDETERMINATE for _ in range(1, max(len(a.parts), len(b.parts))))))


def _flat(f: Callable[[arb], arb]) -> Callable[[Jet], Jet]:
    """A function that is constant between its jumps."""
    return lambda jet: composed(jet, lambda x: (f(x), arb(0), arb(0), arb(0)))


_CALCULUS = Calculus(BALLS, lambda n: _number(n) if isinstance(n, str) else arb(n))

JETS: System = {
    "number": lambda text: Jet((_number(text),)),
    "add": Jet.__add__,
    "subtract": Jet.__sub__,
    "multiply": Jet.__mul__,
    "divide": Jet.__truediv__,
    "power": _jet_power,
    "negative": Jet.__neg__,
    "greater": lambda a, b: greater(a.parts[0], b.parts[0]),
    "greater_equal": lambda a, b: greater_equal(a.parts[0], b.parts[0]),
    "less": lambda a, b: greater(b.parts[0], a.parts[0]),
    "less_equal": lambda a, b: greater_equal(b.parts[0], a.parts[0]),
    "where": _jet_where,
    "max": _jet_max,
    "min": lambda a, b: -_jet_max(-a, -b),
    "abs": lambda a: _jet_max(a, -a),
    "sign": _flat(arb.sgn),
    "floor": _flat(arb.floor),
    **_CALCULUS.functions(),
}
"""Functions of one variable, known at a point with their derivatives."""


class Point(NamedTuple):
    """What is known of a function at a point.

    Attributes:
        value: A ball around its value.
        slope: Around its first derivative.
        curvature: Around its second.
    """

    value: arb
    slope: arb
    curvature: arb


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


def jet(formula: Formula, x: float | arb, parameters: Mapping[str, float], *, bits: int = 64) -> Point:
    """Encloses value, slope and curvature of a formula at a point; arguments as for `value`."""
    numbers = {name: Jet((ball,)) for name, ball in _exact(parameters).items()}
    at = Jet((arb(x), arb(1), arb(0)))

    def parts() -> tuple[arb, ...]:
        found = formula.evaluate(JETS, x=at, **numbers).parts
        return (*found, *(arb(0) for _ in range(len(found), 3)))

    return Point(*_refine(parts, bits))


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
