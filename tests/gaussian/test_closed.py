"""Closed forms of moments against quadrature."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact.gaussian import closed, moments

CASES = {
    "identity": (closed.monomial, lambda x: x),
    "square": (functools.partial(closed.monomial, order=2), jnp.square),
    "cube": (functools.partial(closed.monomial, order=3), lambda x: x**3),
    "absolute": (closed.absolute, jnp.abs),
    "relu": (closed.relu, jaxact.relu),
    "leaky_relu": (closed.leaky_relu, jaxact.leaky_relu),
    "elu": (closed.elu, jaxact.elu),
    "elu of another scale": (
        functools.partial(closed.elu, scale=0.3),
        functools.partial(jaxact.elu, scale=0.3),
    ),
    "selu": (closed.selu, jaxact.selu),
    "gaussian": (closed.gaussian, lambda x: jnp.exp(-(x**2))),
    "sin": (closed.sin, jnp.sin),
    "erf": (closed.erf, jaxact.erf),
    "gelu": (closed.gelu, jaxact.gelu),
}
LAWS = [(0.0, 1.0), (0.0, 0.01), (0.0, 30.0), (0.7, 0.5), (-2.0, 3.0), (5.0, 0.2)]


@pytest.mark.heavy
@pytest.mark.parametrize("name", CASES)
def test_agrees_with_quadrature(name: str) -> None:
    form, f = CASES[name]
    with jax.enable_x64(True):  # noqa: FBT003
        means, variances = jnp.array(LAWS, jnp.float64).T
        found = form(means, variances)
    expected = [moments(f, mean=mean, variance=variance, kinks=(0.0,)) for mean, variance in LAWS]
    for values, law in (
        (found.mean, [m.mean for m in expected]),
        (found.second, [m.second for m in expected]),
    ):
        np.testing.assert_allclose(values, law, rtol=1e-11, atol=1e-13)


@pytest.mark.heavy
@pytest.mark.parametrize("name", CASES)
def test_arrays_and_gradients(name: str) -> None:
    """In float32, and by the rule d E g / d variance = E g'' / 2, here from differences in the mean."""
    form: Any = CASES[name][0]
    variance = jnp.array([[0.3, 1.0, 2.0]], jnp.float32)
    assert form(jnp.float32(0.1), variance).second.shape == (1, 3)
    assert form(jnp.float32(0.1), variance).second.dtype == jnp.float32
    with jax.enable_x64(True):  # noqa: FBT003
        at = jnp.float64(0.2), jnp.float64(1.3)
        for part in ("mean", "second"):

            def value(mean: Any, variance: Any, part: str = part) -> Any:
                return getattr(form(mean, variance), part)

            program = jax.jit(lambda *at, f=value: (jax.grad(f, argnums=1)(*at), jax.grad(jax.grad(f))(*at)))
            rise, bend = program(*at)
            np.testing.assert_allclose(rise, bend / 2, rtol=1e-9, atol=1e-12)
