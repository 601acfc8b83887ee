"""Expectations that JAX differentiates: against closed forms, jumps included."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact.gaussian import expectation, moments


@pytest.mark.parametrize("f", [jaxact.selu, jnp.tanh, jaxact.gelu, lambda x: jnp.maximum(x - 0.3, 0.0)])
def test_arrays_give_what_numbers_give(f: Any) -> None:
    means, variances = np.array([[-1.0], [0.4]]), np.array([0.2, 1.0, 30.0])
    with jax.enable_x64(True):  # noqa: FBT003
        found = jax.jit(lambda m, v: expectation(f, mean=m, variance=v))(
            jnp.asarray(means), jnp.asarray(variances)
        )
    assert found.shape == (2, 3)
    for i, mean in enumerate(means[:, 0]):
        for j, variance in enumerate(variances):
            known = moments(f, mean=mean, variance=variance).mean
            assert float(found[i, j]) == pytest.approx(known, rel=1e-12, abs=1e-13)


def test_derivatives_are_those_of_closed_forms() -> None:
    """E f' in the mean, half of E f'' in the variance; a jump adds the density there, a kink half of it."""
    density = math.exp(-0.125) / math.sqrt(2 * math.pi)
    with jax.enable_x64(True):  # noqa: FBT003
        m, v = jnp.float64(0.5), jnp.float64(1.0)
        step = jax.grad(lambda m, v: expectation(jaxact.heaviside, mean=m, variance=v), argnums=(0, 1))(m, v)
        ramp = jax.grad(lambda m, v: expectation(jax.nn.relu, mean=m, variance=v), argnums=(0, 1))(m, v)
        wave = jax.hessian(lambda m: expectation(jnp.sin, mean=m, variance=v))(m)
    assert [float(x) for x in step] == pytest.approx([density, -0.25 * density], rel=1e-11)
    below = 0.5 * math.erfc(0.5 / math.sqrt(2))
    assert [float(x) for x in ramp] == pytest.approx([1 - below, density / 2], rel=1e-11)
    assert float(wave) == pytest.approx(-math.sin(0.5) * math.exp(-0.5), rel=1e-11)


def test_single_precision_is_kept() -> None:
    found = expectation(jnp.tanh, mean=jnp.float32(0.3), variance=2.0)
    assert isinstance(found, jax.Array)
    assert found.dtype == jnp.float32
    assert float(found) == pytest.approx(expectation(jnp.tanh, mean=0.3, variance=2.0), abs=1e-5)


def test_numbers_give_a_number() -> None:
    assert isinstance(expectation(jnp.abs), float)
    with pytest.raises(ValueError, match="variance of a normal law must be positive; got 0"):
        expectation(jnp.abs, variance=0.0)
