"""What the laws of one function mean for a network of many."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact import nn
from research.benchmarks import depth

LAYERS, WIDTH, BATCH = 6, 8, 4
SIZES = {"depth": 256, "width": 512, "batch": 128}


def _network(dtype: str) -> tuple[list[jax.Array], jax.Array]:
    random = np.random.default_rng(3)
    weights = random.normal(size=(LAYERS, WIDTH, WIDTH)) / WIDTH**0.5
    return [jnp.asarray(w, dtype) for w in weights], jnp.asarray(
        1.5 * random.normal(size=(BATCH, WIDTH)), dtype
    )


def _hessian_vector_product(entry: jaxact.Spec, dtype: str) -> list[np.ndarray]:
    """The Hessian of a mean over the outputs, times a direction, for all weights of a deep network."""
    weights, x = _network(dtype)

    def loss(weights: list[jax.Array]) -> jax.Array:
        h = x
        for weight in weights:
            z = h @ weight
            h = entry.function(z / jnp.sqrt((z * z).mean() + 0.01))  # lest squares and exponentials explode
        return (h * h).mean()

    @jax.jit
    @jax.default_matmul_precision("highest")  # a GPU would round the factors to fewer bits
    def product(weights: list[jax.Array]) -> list[jax.Array]:
        direction = jax.tree.map(lambda w: jnp.sign(w) / WIDTH, weights)
        return jax.jvp(jax.grad(loss), (weights,), (direction,))[1]

    return [np.asarray(found).astype(np.float64) for found in product(weights)]


def test_hessian_vector_products_of_a_deep_network_are_finite_and_right(entry: jaxact.Spec) -> None:
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        exact = _hessian_vector_product(entry, "float64")
    scale = max(np.abs(layer).max() for layer in exact)
    assert np.isfinite(scale)
    for dtype, near in (("float32", 1e-4), ("bfloat16", None)):
        for found, truth in zip(_hessian_vector_product(entry, dtype), exact, strict=True):
            assert np.isfinite(found).all(), dtype
            if near:
                np.testing.assert_allclose(found, truth, rtol=near, atol=near * scale)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_a_deep_selu_network_keeps_its_variance_in_16_bits(dtype: str) -> None:
    found = depth.variances(nn.selu, jax.random.key(0), dtype, **SIZES)
    rounded = depth.variances(jax.nn.selu, jax.random.key(0), dtype, **SIZES)
    exact = depth.variances(nn.selu, jax.random.key(0), "float32", **SIZES)
    # a network of finite width has a fixed point of its own beside 1; 16 bits must not move it
    later = slice(128, None)
    moved = np.mean(found[later]) / np.mean(exact[later]) - 1
    assert abs(moved) < 5e-3
    if dtype == "bfloat16":
        assert np.mean(rounded[later]) / np.mean(exact[later]) - 1 < -0.02
