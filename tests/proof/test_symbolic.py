"""The derivative of a program is that of the function, and JAX's gradient is proved to be it."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import pytest

import jaxact
from jaxact.proof import curve, derivative, prove
from jaxact.proof.analysis import Analysis
from jaxact.proof.numbers import balls

POINTS = (Fraction(-7, 3), Fraction(-1, 7), Fraction(5, 11), Fraction(23, 7))


def test_derivatives_are_those_of_the_formulas(entry: jaxact.Spec) -> None:
    found = Analysis(derivative(entry.function).program)
    for x in POINTS:
        value = found.at(x)
        assert value is not None
        exact = balls.jet(entry.formula, float(x), entry.defaults).slope
        assert float(value.middle) == pytest.approx(float(exact.mid()), abs=1e-12)


SMOOTH: list[Callable[[Any], Any]] = [
    jax.nn.softplus,
    lambda v: v * jnp.tanh(v),
    lambda v: (1 + v * v) ** 0.3,
    lambda v: jnp.exp(-v * v) * jnp.sin(v),
]


@pytest.mark.parametrize("f", SMOOTH)
def test_jax_s_gradient_is_proved_to_be_the_derivative(f: Callable[[Any], Any]) -> None:
    assert prove(abs(curve(jax.grad(f)) - derivative(f)) <= 0.01).holds


def test_a_wrong_gradient_is_refuted() -> None:
    @jax.custom_jvp
    def wrong(v: Any) -> Any:
        return v * jnp.tanh(v)

    wrong.defjvps(lambda dv, _, v: jnp.tanh(v) * dv)
    found = prove(abs(curve(jax.grad(wrong)) - derivative(wrong)) <= 0.01)
    assert found.holds is False
    assert found.witness is not None
    at = float(found.witness)
    assert abs(float(jax.grad(wrong)(at)) - float(jax.grad(lambda v: v * jnp.tanh(v))(at))) > 0.01


def test_a_kink_has_the_slope_of_a_branch() -> None:
    found = Analysis(derivative(lambda v: jnp.maximum(v, 0) + abs(v - 1)).program)
    values = [found.at(Fraction(n)) for n in (-1, 0, 1, 2)]
    assert [float(value.middle) for value in values if value is not None] == [-1, 0, 2, 2]
