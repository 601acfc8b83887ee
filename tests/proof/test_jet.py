"""Jets are the derivatives: against power series in ball arithmetic, which know no rule of ours."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flint import arb, arb_series, ctx

from jaxact.proof.numbers import elementary, interval
from jaxact.proof.numbers.jet import Calculus, Jet
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.tracing import of_function

JETS = Calculus(
    elementary.FUNCTIONS, lambda n: interval.number(n if isinstance(n, str) else float(n))
).functions()
X = (-2.5, -0.75, 0.3125, 0.5, 1.75, 6.0)


def _variable(x: float) -> Jet:
    return Jet((interval.number(x), interval.ONE, interval.ZERO, interval.ZERO))


def _series(f: Callable[[Any], Any], x: float) -> list[arb]:
    """Value and three derivatives by power series."""
    old, ctx.cap = ctx.cap, 4
    try:
        series = f(arb_series([x, 1]))
        return [series[order] * math.factorial(order) for order in range(4)]
    finally:
        ctx.cap = old


SERIES: dict[str, Callable[[Any], Any]] = {
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "sqrt": lambda x: x.sqrt(),
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "erf": lambda x: x.erf(),
    "erfc": lambda x: x.erfc(),
    "arctan": lambda x: x.atan(),
    "sinh": lambda x: (x.exp() - (-x).exp()) / 2,
    "cosh": lambda x: (x.exp() + (-x).exp()) / 2,
    "tanh": lambda x: 1 - 2 / ((2 * x).exp() + 1),
    "expm1": lambda x: x.exp() - 1,
    "log1p": lambda x: (1 + x).log(),
    "cbrt": lambda x: (x.log() / 3).exp(),
    "logistic": lambda x: 1 / (1 + (-x).exp()),
    "log_cosh": lambda x: ((x.exp() + (-x).exp()) / 2).log(),
    "asinh": lambda x: (x + (x * x + 1).sqrt()).log(),
}

FROM = {"log": 0, "sqrt": 0, "cbrt": 0, "log1p": -1}


def _agree(jet: Jet, series: list[arb]) -> None:
    for part, truth in zip(jet.parts, series, strict=True):
        outside = bool(truth < part.lo or truth > part.hi)
        assert not outside, (part, truth)
        assert part.width <= 1e-12 * (1 + abs(part.middle))


@pytest.mark.parametrize("name", JETS)
def test_rules_are_the_derivatives(name: str) -> None:
    for x in X:
        if x > FROM.get(name, -math.inf):
            _agree(JETS[name](_variable(x)), _series(SERIES[name], x))


def test_every_function_has_a_rule() -> None:
    assert JETS.keys() == elementary.FUNCTIONS.keys() == SERIES.keys()


EXPRESSIONS: list[Callable[[Any, Any, Mapping[str, Callable[[Any], Any]]], Any]] = [
    lambda x, _, __: x * x * x + x,
    lambda x, one, _: one / (one + x * x),
    lambda x, one, _: (x - one) / (x * x + one),
    lambda x, one, do: x / (one + do["exp"](-x)),
    lambda x, _, do: do["exp"](do["sin"](x) * x),
    lambda x, one, _: (x * x + one) ** -2,
    lambda x, _, do: x**3 * do["tanh"](do["log1p"](do["exp"](x))),
    lambda _, one, __: one + one,
    lambda x, _, __: x**1 + x**0,
]


@pytest.mark.parametrize("f", EXPRESSIONS)
def test_jets_of_expressions_are_their_derivatives(f: Callable[..., Any]) -> None:
    for x in X:
        found = f(_variable(x), Jet((interval.ONE,)), JETS)
        parts = (*found.parts, *[interval.ZERO] * (4 - len(found.parts)))
        _agree(Jet(parts), _series(lambda s: f(s, arb_series([1]), SERIES), x))


def test_a_wrong_rule_would_be_seen() -> None:
    wrong = Jet((interval.number(0.5), interval.number(2.0), interval.ZERO, interval.ZERO))
    with pytest.raises(AssertionError):
        _agree(wrong * wrong, _series(lambda x: x * x, 0.5))


def test_the_square_of_a_wide_box_is_not_negative() -> None:
    box = interval.between(-1, 2)
    square = enclosed(of_function(lambda x: x * x), box, 2)
    assert square[0].lo == 0
    assert [(part.lo, part.hi) for part in square[1:]] == [(-2, 4), (2, 2)]
    assert [(part.lo, part.hi) for part in (Jet((box, interval.ONE)) ** 2).parts] == [(0, 4), (-2, 4)]
