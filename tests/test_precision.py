"""Arithmetic in twice the precision is what it says, and XLA's rewriting of programs leaves it so."""

from collections.abc import Callable
from fractions import Fraction

import compiling
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb

import jaxact
from jaxact import _exponential as exponential, _logistic as logistic, _normal as normal
from jaxact.proof.numbers import balls

LINEAR, CUBIC = Fraction("1.60033"), Fraction("0.0693")
FACTOR = np.float32(0.7)
EXPONENTS: dict[str, tuple[Callable[[jax.Array], logistic.Exponent], Callable[[Fraction], Fraction]]] = {
    "product": (
        lambda x: logistic.product(x, jnp.full_like(x, FACTOR)),
        lambda x: x * Fraction(float(FACTOR)),
    ),
    "multiple": (lambda x: logistic.multiple(x, LINEAR), lambda x: LINEAR * x),
    "odd_cubic": (lambda x: logistic.odd_cubic(x, LINEAR, CUBIC), lambda x: x * (LINEAR + CUBIC * x * x)),
}


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    return np.random.default_rng(0).uniform(-9, 9, 400).astype(np.float32)


@pytest.mark.parametrize("name", EXPONENTS)
def test_an_exponent_has_twice_the_digits(name: str, points: np.ndarray) -> None:
    compute, exact = EXPONENTS[name]
    z, high, low = (np.asarray(part).tolist() for part in compiling.usual(compute)(points))
    truth = [exact(Fraction(float(x))) for x in points]
    whole = [Fraction(head) + Fraction(tail) for head, tail in zip(high, low, strict=True)]
    errors = [abs(found - t) / abs(t) for found, t in zip(whole, truth, strict=True)]
    assert max(errors) < 2.0**-33
    rounded = [abs(Fraction(value) - t) / abs(t) for value, t in zip(z, truth, strict=True)]
    assert max(rounded) > 2.0**-25  # which one float32 does not have


def test_the_parts_are_those_of_the_exponential(points: np.ndarray) -> None:
    scale, rest = (np.asarray(part) for part in compiling.usual(exponential.exp_parts)(points))
    assert (np.frexp(scale)[0] == 0.5).all()
    assert np.abs(rest).max() < 0.42
    truth = np.exp(points.astype(np.float64))
    np.testing.assert_allclose(scale * (1 + rest.astype(np.float64)), truth, rtol=2.0**-24)


def test_the_square_in_an_exponent_is_not_rounded() -> None:
    x = np.linspace(8, 12, 400, dtype=np.float32)
    truth = np.exp(-(x.astype(np.float64) ** 2) / 2)
    functions = (normal.gaussian, lambda x: jnp.exp(-x * x / 2))
    careful, plain = (np.abs(np.asarray(compiling.usual(f)(x)) / truth - 1).max() for f in functions)
    assert careful < 2.0**-22 < 2.0**-21 < plain


@pytest.mark.parametrize("name", ["gelu", "gelu_tanh", "quick_gelu", "gelu_sigmoid_cubic", "silu", "swish"])
def test_gates_keep_their_digits_far_out(name: str) -> None:
    entry = jaxact.spec(name)
    x = np.linspace(-9, -4, 200, dtype=np.float32)
    got = np.asarray(compiling.usual(entry.function)(x))
    for at, y in zip(x.tolist(), got.tolist(), strict=True):
        truth = balls.value(entry.formula, at, entry.defaults)
        assert abs((arb(y) - truth) / truth) < 4 * 2.0**-23, at
