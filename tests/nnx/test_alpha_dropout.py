"""Alpha dropout keeps mean and variance, and is the identity in evaluation."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

import jaxact
from jaxact.gaussian import moments
from jaxact.nnx import AlphaDropout

Z = jax.random.normal(jax.random.key(1), (400, 1000))
"""Of 400,000 draws the mean errs by 0.0016 and the variance of a normal by 0.0022, one deviation."""


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.9])
@pytest.mark.parametrize(
    "function", [jaxact.selu, jaxact.elu, jaxact.tanh, jaxact.silu, jaxact.relu, jaxact.sigmoid]
)
def test_mean_and_variance_are_kept(function: Callable[..., Any], rate: float) -> None:
    before = function(Z)
    after = AlphaDropout(function, rate, rngs=nnx.Rngs(0))(before)
    exact = moments(function)
    deviation = exact.variance**0.5
    noise = 5 / (Z.size * (1 - rate)) ** 0.5
    assert float(after.mean()) == pytest.approx(exact.mean, abs=noise * deviation)
    assert float(after.var()) == pytest.approx(exact.variance, rel=4 * noise)


@pytest.mark.parametrize("rate", [0.05, 0.9])
def test_units_are_dropped_at_the_rate(rate: float) -> None:
    after = np.asarray(AlphaDropout(jaxact.tanh, rate, rngs=nnx.Rngs(0))(jaxact.tanh(Z)))
    _, counts = np.unique(after, return_counts=True)
    assert counts.max() / after.size == pytest.approx(rate, abs=0.005)


def test_given_moments_are_kept() -> None:
    x = 3 + 2 * Z
    after = AlphaDropout(jaxact.selu, 0.2, mean=3.0, variance=4.0, rngs=nnx.Rngs(0))(x)
    assert float(after.mean()) == pytest.approx(3, abs=0.02)
    assert float(after.var()) == pytest.approx(4, rel=0.02)


def test_the_affine_map_is_that_of_the_paper() -> None:
    alpha, keep = -1.7580993408473766, 0.9
    a = (keep + alpha**2 * keep * (1 - keep)) ** -0.5
    b = -a * (1 - keep) * alpha
    layer = AlphaDropout(jaxact.selu, 0.1, rngs=nnx.Rngs(0))
    after = np.unique(np.asarray(layer(jnp.ones(64))))
    np.testing.assert_allclose(after, [a * alpha + b, a + b], rtol=1e-6)


@pytest.mark.parametrize(
    ("function", "limit"), [(jaxact.selu, -1.758099341), (jaxact.tanh, -1), (lambda x: -jnp.exp(-x), 0)]
)
def test_units_are_dropped_to_where_the_function_saturates(
    function: Callable[..., Any], limit: float
) -> None:
    layer = AlphaDropout(function, 0.1, mean=0, variance=1, rngs=nnx.Rngs(0))
    assert layer.limit == pytest.approx(limit)


def test_evaluation_is_the_identity() -> None:
    layer = AlphaDropout(jaxact.selu, 0.5, rngs=nnx.Rngs(0))
    layer.eval()
    assert layer(Z) is Z
    layer.train()
    assert not np.array_equal(layer(Z), Z)
    assert nnx.view(layer, deterministic=True)(Z) is Z


def test_every_call_draws_anew_and_a_seed_repeats() -> None:
    first, second = (AlphaDropout(jaxact.selu, 0.5, rngs=nnx.Rngs(0)) for _ in range(2))
    a, b, c = first(Z), first(Z), second(Z)
    assert not np.array_equal(a, b)
    np.testing.assert_array_equal(a, c)


@pytest.mark.parametrize("dtype", [jnp.bfloat16, jnp.float16, jnp.float32])
def test_the_dtype_is_kept(dtype: Any) -> None:
    assert AlphaDropout(jaxact.selu, 0.5, rngs=nnx.Rngs(0))(jnp.ones((2, 3), dtype)).dtype == dtype


def test_what_it_cannot_follow_is_refused() -> None:
    with pytest.raises(ValueError, match="leaky_relu has no finite limit at either end"):
        AlphaDropout(jaxact.leaky_relu, 0.1, rngs=nnx.Rngs(0))
    for rate in (-0.1, 1.0, float("nan")):
        with pytest.raises(ValueError, match=r"must lie in \[0, 1\); got"):
            AlphaDropout(jaxact.selu, rate, rngs=nnx.Rngs(0))
    for variance in (0.0, -1.0, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="after selu needs a finite mean and a positive variance"):
            AlphaDropout(jaxact.selu, 0.1, variance=variance, rngs=nnx.Rngs(0))


def test_it_may_be_made_under_jit_and_vmap() -> None:
    def limits(key: jax.Array) -> jax.Array:
        layer = AlphaDropout(jaxact.elu, 0.1, rngs=nnx.Rngs(dropout=key))
        return layer(jnp.ones(100)).max() + layer.limit + layer.mean

    keys = jax.random.split(jax.random.key(0), 2)
    made = AlphaDropout(jaxact.elu, 0.1, rngs=nnx.Rngs(dropout=keys[0]))
    expected = made(jnp.ones(100)).max() + made.limit + made.mean
    np.testing.assert_allclose(jax.jit(jax.vmap(limits))(keys)[0], expected, rtol=1e-5)
