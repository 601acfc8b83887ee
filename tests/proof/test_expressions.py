"""Whatever expression comes along: what is said of it is true where one looks closely."""

from collections.abc import Callable

import pytest
from flint import arb
from hypothesis import given, settings, strategies as st

from jaxact._formula import parse
from jaxact.proof import budget
from jaxact.proof.analysis import Analysis
from jaxact.proof.numbers import balls
from jaxact.proof.pieces.piece import UndecidedError

POINTS = (-40.0, -7.3, -2.5, -1.0, -0.6, -0.1, -1e-9, 1e-14, 1e-3, 0.25, 0.9, 1.7, 3.1, 12.0, 60.0)
"""None of them a break of what is made below, but by accident."""

numbers = st.sampled_from(["0.5", "1", "2", "3", "0.1", "1.25"])
leaves = st.one_of(st.just("x"), st.just("x"), numbers)


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bounded = st.sampled_from(["tanh", "sin", "cos", "arctan", "erf", "erfc"])
    singular = st.sampled_from(["sign({0}) * sqrt(abs({0}))", "abs({})**1.5", "log(abs({}))", "abs({})**0.3"])
    both = st.sampled_from(["({} + {})", "({} - {})", "({} * {})", "max({}, {})", "min({}, {})"])
    return st.one_of(
        st.builds(lambda name, a: f"{name}({a})", bounded, inner),
        st.builds(lambda form, a, b: form.format(a, b), both, inner, inner),
        st.builds(lambda a: f"exp(-abs({a}))", inner),
        st.builds(lambda a: f"log1p(({a})**2)", inner),
        st.builds(lambda a: f"sqrt(({a})**2 + 1)", inner),
        st.builds(lambda a: f"1 / (1 + ({a})**2)", inner),
        st.builds(lambda form, a: form.format(a), singular, inner),
        st.builds(lambda a, b: f"({a}) / ({b})", inner, inner),
        st.builds(lambda a, b, c: f"where({a} > {b}, {c}, x)", inner, numbers, inner),
    )


expressions = st.recursive(leaves, _wrapped, max_leaves=5)


@settings(max_examples=120, deadline=None)
@given(text=expressions, order=st.integers(0, 2), sign=st.sampled_from([1, -1]))
def test_signs_and_ranges_of_expressions_are_true(text: str, order: int, sign: int) -> None:
    formula = parse(text)
    found = Analysis.of(formula)
    value = _values(lambda x: balls.jet(formula, x, {})[order])
    with budget.seconds(0.5):
        try:
            decision = found.always(order, sign, 60)
            extent = found.extent(order, 0.1, 60) if order < 2 else None
        except UndecidedError:
            return
    for x, ball in value.items():
        if decision.holds:
            assert not ball * sign < 0, f"{text}: derivative {order} at {x} is {ball}"
        if extent is not None:
            assert not ball < extent.least.lo, f"{text}: {ball} at {x} lies below {extent.least}"
            assert not ball > extent.largest.hi, f"{text}: {ball} at {x} lies above {extent.largest}"
    if decision.witness is not None:
        at = balls.jet(formula, decision.witness, {})[order]  # indeterminate at a tie of a maximum
        assert not at * sign >= 0, f"{text} at {decision.witness}: {at}"


def _values(at: Callable[[float], arb]) -> dict[float, arb]:
    found = {x: at(x) for x in POINTS}
    return {x: ball for x, ball in found.items() if ball.is_finite()}


DECIDED = {
    "max(x, x**2)": True,
    "where(x > 1, tanh(x), x)": False,
    "log1p((sin(x))**2) + 0.1": True,
    "sqrt((x - 3)**2 + 1) - arctan(x)": False,
    "exp(-abs(x - 1)) * erfc(x)": True,
    "1 / (1 + (x * tanh(x))**2)": True,
}
"""Expressions of this kind, and whether they are nowhere negative."""


@pytest.mark.parametrize("text", DECIDED)
def test_such_expressions_are_decided(text: str) -> None:
    assert Analysis.of(parse(text)).always(0, 1, 500).holds is DECIDED[text]
