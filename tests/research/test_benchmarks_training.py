"""The training benchmark: two programs that differ by an import, and figures that follow from the rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

import jaxact.nn
from research.benchmarks import training
from research.benchmarks.models import LEARNING_RATE, MODELS, Sizes, activation, step

QUICK = training.Config(quick=True, functions=("silu",))
SIZES = Sizes(batch=8, depth=2, width=4)


@pytest.fixture(autouse=True)
def _promotion() -> Iterator[None]:
    """Flax's own normalization mixes bfloat16 and float32, which these tests forbid otherwise."""
    with jax.numpy_dtype_promotion("standard"):
        yield


def _rows(
    model: str, function: str, ours: tuple[float, int], theirs: tuple[float, int]
) -> list[dict[str, Any]]:
    return [
        {
            "model": model,
            "function": function,
            "dtype": "float32",
            "library": library,
            "seconds": seconds,
            "memory_bytes": memory,
        }
        for library, (seconds, memory) in (("jaxact", ours), ("jax.nn", theirs))
    ]


HAND = [
    *_rows("mlp", "silu", (1.0, 100), (2.0, 400)),
    *_rows("mlp", "relu", (1.0, 100), (0.5, 100)),
    *_rows("feed_forward", "silu", (1.0, 100), (2.0, 100)),
    *_rows("feed_forward", "relu", (1.0, 100), (2.0, 100)),
]


def test_the_answer_has_means_and_ends() -> None:
    said = training.answer(HAND)
    assert "a step takes 1.41x the time and 1.41x the memory" in said
    assert "2 functions in MLP and feed-forward block" in said
    assert "time from 0.50x relu to 2.00x silu, memory from 1.00x relu to 4.00x silu" in said


def test_the_table_has_a_line_for_each_network_and_each_function() -> None:
    head, *lines = training.table(HAND)
    assert {len(line) for line in (head, *lines)} == {len(head)}
    assert lines == [
        ["MLP", "float32", "all", "1.00x (0.50x relu to 2.00x silu)", "2.00x (1.00x relu to 4.00x silu)"],
        [
            "feed-forward block",
            "float32",
            "all",
            "2.00x (2.00x silu to 2.00x silu)",
            "1.00x (1.00x silu to 1.00x silu)",
        ],
        ["all", "all", "silu", "2.00x", "2.00x"],
        ["all", "all", "relu", "1.00x", "1.00x"],
    ]
    assert training.summary(HAND) == {
        "memory of a training step, jax.nn / jaxact": {"silu": "2.00x", "relu": "1.00x"}
    }


def test_a_picture_is_drawn(tmp_path: Path) -> None:
    training.draw(HAND, tmp_path / "training.png")
    assert (tmp_path / "training.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.heavy
@pytest.mark.parametrize("model", MODELS)
def test_only_the_import_differs(model: str) -> None:
    outputs = []
    for nn in training.IMPORTS.values():
        network = MODELS[model](nn, "gelu_tanh", SIZES, jnp.float32, nnx.Rngs(0))
        graph, weights = nnx.split(network)
        x = jax.random.normal(jax.random.key(0), (SIZES.batch, SIZES.width))
        outputs.append(jax.jit(step, static_argnums=0)(graph, weights, x))
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5), *outputs)


def test_a_step_goes_down_the_gradient() -> None:
    one = SIZES._replace(depth=1)
    graph, weights = nnx.split(MODELS["gated_feed_forward"](jax.nn, "silu", one, jnp.float32, nnx.Rngs(0)))
    x = jax.random.normal(jax.random.key(0), (SIZES.batch, SIZES.width))

    def loss(weights: Any) -> jax.Array:
        block = nnx.merge(graph, weights).blocks[0]
        normal = x / jnp.sqrt(jnp.mean(x**2, axis=-1, keepdims=True) + 1e-6) * block.normalization.scale[...]
        inner = jax.nn.silu(normal @ block.up.kernel[...]) * (normal @ block.gate.kernel[...])
        return jnp.mean((x + inner @ block.down.kernel[...] - jnp.sin(x)) ** 2)

    after, before = jax.jit(step, static_argnums=0)(graph, weights, x)
    value, gradient = jax.jit(jax.value_and_grad(loss))(weights)
    assert float(before) == pytest.approx(float(value), rel=1e-5)
    by_hand = jax.tree.map(lambda w, g: w - LEARNING_RATE * g, weights, gradient)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7), after, by_hand)


def test_gelu_is_the_exact_one_and_gelu_tanh_the_other() -> None:
    x = jnp.linspace(-3, 3, 7)
    for nn in (jax.nn, jaxact.nn):
        for name, approximate in (("gelu", False), ("gelu_tanh", True)):
            np.testing.assert_array_equal(activation(nn, name)(x), nn.gelu(x, approximate=approximate))
        assert activation(nn, "silu") is nn.silu


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_weights_keep_their_dtype_and_their_place(dtype: str) -> None:
    run = training.Training(QUICK, "feed_forward", jaxact.nn, "silu", dtype)
    before = jax.tree.leaves(run.weights)
    run.steps(3)
    after = jax.tree.leaves(run.weights)
    assert {leaf.dtype for leaf in after} == {jnp.dtype(dtype)}
    assert all(leaf.is_deleted() for leaf in before)
    assert run.loss is not None
    assert np.isfinite(run.loss)
    assert run.memory_bytes is not None
    assert run.memory_bytes > sum(leaf.nbytes for leaf in after)


def test_a_quick_run_gives_rows_of_plain_values() -> None:
    assert training.units(QUICK)[::2] == [
        "mlp silu float32",
        "feed_forward silu float32",
        "gated_feed_forward silu float32",
    ]
    rows = training.measure(QUICK, "gated_feed_forward silu bfloat16")
    assert [row["library"] for row in rows] == ["jaxact", "jax.nn"]
    for row in rows:
        assert (row["model"], row["function"], row["dtype"]) == ("gated_feed_forward", "silu", "bfloat16")
        assert 0 < row["lower_quartile"] <= row["seconds"] <= row["upper_quartile"]
        assert row["memory_bytes"] > 0
        assert row["rounds"] == 3
    assert training.answer(rows)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"models": ("transformer",)}, "models are of mlp, .*; got transformer"),
        ({"dtypes": ("float8",)}, "dtypes are of .*; got float8"),
        ({"width": 0}, "width must be at least 1; got 0"),
    ],
)
def test_wrong_options_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        training.Config(**wrong)
