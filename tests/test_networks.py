"""What the laws of one function mean for a network of many."""

import compiling
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact import nn
from research.benchmarks import depth

pytestmark = pytest.mark.heavy

LAYERS, WIDTH, BATCH = 6, 8, 4
SIZES = {"depth": 256, "width": 512, "batch": 128}


def _network(dtype: str) -> tuple[jax.Array, jax.Array]:
    random = np.random.default_rng(3)
    weights = random.normal(size=(LAYERS, WIDTH, WIDTH)) / WIDTH**0.5
    return jnp.asarray(weights, dtype), jnp.asarray(1.5 * random.normal(size=(BATCH, WIDTH)), dtype)


def _hessian_vector_product(entry: jaxact.Spec, dtype: str) -> np.ndarray:
    """The Hessian of a mean over the outputs, times a direction, for all weights of a deep network."""
    weights, x = _network(dtype)

    def layer(h: jax.Array, weight: jax.Array) -> tuple[jax.Array, None]:
        z = h @ weight
        size = jax.lax.stop_gradient(jnp.sqrt((z * z).mean() + 0.01))
        return entry.function(z / size), None  # lest squares and exponentials explode

    def loss(weights: jax.Array) -> jax.Array:
        h, _ = jax.lax.scan(layer, x, weights)
        return (h * h).mean()

    @jax.default_matmul_precision("highest")  # a GPU would round the factors to fewer bits
    def product(weights: jax.Array) -> jax.Array:
        return jax.jvp(jax.grad(loss), (weights,), (jnp.sign(weights) / WIDTH,))[1]

    quickly_compiled = jax.jit(product, compiler_options=compiling.HURRIED)
    return np.asarray(quickly_compiled(weights)).astype(np.float64)


def test_hessian_vector_products_of_a_deep_network_are_finite_and_right(entry: jaxact.Spec) -> None:
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        exact = _hessian_vector_product(entry, "float64")
    scale = np.abs(exact).max()
    assert np.isfinite(scale)
    assert np.isfinite(_hessian_vector_product(entry, "bfloat16")).all()
    found = _hessian_vector_product(entry, "float32")
    np.testing.assert_allclose(found, exact, rtol=1e-4, atol=1e-4 * scale)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_a_deep_selu_network_keeps_its_variance_in_16_bits(dtype: str) -> None:
    cases = ((nn.selu, dtype), (jax.nn.selu, dtype), (nn.selu, "float32"))
    programs = [compiling.usual(depth.program(selu, kind, **SIZES)) for selu, kind in cases]
    found, rounded, exact = (np.asarray(program(jax.random.key(0))) for program in programs)
    # a network of finite width has a fixed point of its own beside 1; 16 bits must not move it
    later = slice(128, None)
    moved = np.mean(found[later]) / np.mean(exact[later]) - 1
    assert abs(moved) < 5e-3
    if dtype == "bfloat16":
        assert np.mean(rounded[later]) / np.mean(exact[later]) - 1 < -0.02
