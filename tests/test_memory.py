"""The law of memory: the backward pass keeps one array at most, and none where the output tells the slope."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact

pytestmark = pytest.mark.heavy

FROM_OUTPUT = {
    "float32": {
        "aranda_ordaz", "celu", "elu", "exponential", "heaviside", "identity", "lecun_tanh", "log_sigmoid",
        "mpelu", "pelu", "rectified_tanh", "selu", "shifted_softplus", "sigmoid", "sign", "softplus",
        "symexp", "tanh",
    },
    "bfloat16": {"exponential", "heaviside", "identity", "log_sigmoid", "sign", "softplus"},
}  # fmt: skip
"""Functions whose slope follows from their output; with 8 bits of it some are left to follow from `x`."""

TWO_SLOPES = {
    "arelu", "clipped_relu", "dprelu", "frelu_flexible", "hard_shrink", "hard_sigmoid", "hard_tanh",
    "leaky_relu", "lelelu", "pact", "prelu", "relu", "relu6", "rprelu", "shilu", "shrink", "soft_shrink",
    "threshold", "thresholded_relu", "tlu",
}  # fmt: skip
"""Functions that keep a byte which tells one slope from the other."""

FREE = {*FROM_OUTPUT["float32"], "clipped_relu", "hard_shrink", "pact", "relu", "relu6"}
"""Functions that cost an unrolled network nothing beyond the output, from which XLA takes the byte again."""

every_dtype = pytest.mark.parametrize("dtype", ["float32", "bfloat16"])


def _kept(f: Callable[..., Any], x: jax.Array, **parameters: jax.Array) -> list[str]:
    """What the backward pass of `f` holds: `input`, `output`, a `byte` each, or something `else`."""
    y, pull_back = jax.vjp(lambda x, parameters: f(x, **parameters), x, parameters)

    def describe(leaf: Any) -> str:
        same = [leaf.dtype == a.dtype and np.array_equal(leaf, a) for a in (y, x)]
        return "output" if same[0] else "input" if same[1] else "byte" if leaf.dtype == jnp.uint8 else "else"

    return [describe(leaf) for leaf in jax.tree.leaves(pull_back) if leaf.size >= x.size]


@every_dtype
def test_backward_pass_keeps_one_array(entry: jaxact.Spec, dtype: str) -> None:
    x = jnp.linspace(-9.3, 9.1, 64, dtype=dtype)
    f = entry.function
    expected = ["output" if entry.name in FROM_OUTPUT[dtype] else "input"]
    expected = ["byte"] if entry.name in TWO_SLOPES else expected
    assert _kept(f, x) == expected
    assert _kept(jax.jit(f), x) in (expected, [])


@every_dtype
def test_learned_parameters_cost_no_second_array(entry: jaxact.Spec, dtype: str) -> None:
    x = jnp.linspace(-9.3, 9.1, 64, dtype=dtype)
    parameters = {name: jnp.asarray(value, dtype) for name, value in entry.defaults.items()}
    assert len(_kept(entry.function, x, **parameters)) == 1


def test_second_array_is_seen() -> None:
    x = jnp.linspace(-3.3, 3.1, 64)
    assert len(_kept(lambda x: jnp.sin(x) * jnp.exp(x), x)) > 1
    assert _kept(jnp.sin, x) == ["else"]


@pytest.mark.skipif(
    jax.__version_info__ < (0, 12),
    reason="XLA for CPU computed some slopes in the forward pass and held them, whatever the residuals were",
)
def test_training_an_unrolled_network_holds_no_more(entry: jaxact.Spec) -> None:
    """The next layer keeps the output anyway; beside it XLA holds the input, where it is needed."""
    arrays = 1 if entry.name in FREE else 2
    assert _arrays_per_layer(entry.function) <= arrays + 0.1


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="XLA for a GPU computes more of it again")
def test_a_network_that_holds_more_is_seen() -> None:
    assert _arrays_per_layer(jax.nn.mish) > 2.1


def _arrays_per_layer(f: Callable[..., Any], batch: int = 256, width: int = 32) -> float:
    """Growth of the memory of a gradient with the depth of a network, in arrays the size of its layers."""

    def loss(weights: list[jax.Array], h: jax.Array) -> jax.Array:
        for weight in weights:
            h = f(h @ weight)
        return h.sum()

    def held(depth: int) -> int:
        weights = [jax.ShapeDtypeStruct((width, width), jnp.float32)] * depth
        inputs = jax.ShapeDtypeStruct((batch, width), jnp.float32)
        analysis = jax.jit(jax.grad(loss)).lower(weights, inputs).compile().memory_analysis()
        return analysis.temp_size_in_bytes

    few, many = 3, 5
    return (held(many) - held(few)) / (many - few) / (4 * batch * width)
