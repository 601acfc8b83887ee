"""Weights that let signals through: gains against known ones, and real layers of what is made of them."""

import json
import math
import pathlib
import re
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact import initializers
from jaxact.gaussian import edge_of_chaos, moments

HERE = pathlib.Path(__file__).parent
PUBLISHED = HERE.parents[1] / "shared" / "oracles" / "published.json"


def test_known_gains() -> None:
    known = {"relu": math.sqrt(2), "identity": 1.0, "selu": 1.0, "leaky_relu": math.sqrt(2 / (1 + 0.01**2))}
    for name, gain in known.items():
        assert initializers.gain(name) == pytest.approx(gain, rel=1e-12), name
    assert initializers.gain(jaxact.leaky_relu, slope=0.2) == pytest.approx(1.3867504905630728, rel=1e-12)
    assert initializers.gain("relu", variance=7.0) == pytest.approx(math.sqrt(2), rel=1e-12)


@pytest.mark.heavy
def test_every_function_has_a_gain(entry: jaxact.Spec) -> None:
    gain = initializers.gain(entry.function)
    seen = moments(entry.function, kinks=tuple(joint.at for joint in entry.joints()))
    assert gain**2 * seen.second == pytest.approx(1, rel=1e-12)


def test_the_table_of_gains_is_true() -> None:
    """The README's table beside torch's, whose values are recorded."""
    rows = re.findall(r"^\| `(\w+)`(?:, slope ([\d.]+))? \| ([\d.]+) \| ([\d.]+) \|", _readme(), re.MULTILINE)
    assert len(rows) == 7
    for name, slope, torch, ours in rows:
        parameters = {"slope": float(slope)} if slope else {}
        assert ours == f"{initializers.gain(name, **parameters):.4f}", name
        if PUBLISHED.exists():
            recorded = json.loads(PUBLISHED.read_text())["torch_calculate_gain"]
            key = {"identity": "linear"}.get(name, name) + (f"_{slope}" if slope else "")
            assert torch == f"{recorded[key]:.4f}", name


def _readme() -> str:
    return (HERE.parent / "README.md").read_text()


@pytest.mark.parametrize("distribution", ["truncated_normal", "normal", "uniform"])
def test_names_of_old(distribution: str) -> None:
    """LeCun's, He's and Glorot's, in variance."""
    shape = (400, 200)
    for make, variance in (
        (initializers.lecun, 1 / 400),
        (initializers.he, 2 / 400),
        (initializers.xavier, 2 / 600),
    ):
        weights = make(distribution)(jax.random.key(0), shape, jnp.float32)
        assert float(weights.var()) == pytest.approx(variance, rel=0.02)


@pytest.mark.parametrize("shape", [(64, 64), (32, 96), (96, 32)])
@pytest.mark.parametrize("window", [(), (3, 3), (4,)])
def test_dks_weights_keep_the_second_moment(shape: tuple[int, int], window: tuple[int, ...]) -> None:
    weights = initializers.dks()(jax.random.key(0), (*window, *shape), jnp.float32)
    matrix = np.asarray(weights).reshape(-1, *shape)
    used = np.abs(matrix).sum(axis=(1, 2)) > 0
    assert used.sum() == 1
    middle = np.zeros(window or (1,))
    middle[tuple((size - 1) // 2 for size in window or (1,))] = 1
    assert (used == middle.ravel().astype(bool)).all()
    x = jax.random.normal(jax.random.key(1), (500, shape[0]))
    after = float(((x @ matrix[used][0]) ** 2).mean()) / float((x**2).mean())
    assert after == pytest.approx(1, rel=0.05)


def test_fixup() -> None:
    """He et al.'s weights for one block, and for many their deviation over the root of the blocks."""
    inner, last = initializers.fixup(16)
    weights = inner(jax.random.key(0), (500, 400), jnp.float32)
    assert float(weights.std()) == pytest.approx(math.sqrt(2 / 500) * 16**-0.5, rel=0.02)
    deep, _ = initializers.fixup(16, 3, f="tanh")
    gain = initializers.gain("tanh")
    found = float(deep(jax.random.key(0), (500, 400), jnp.float32).std())
    assert found == pytest.approx(gain / math.sqrt(500) * 16**-0.25, rel=0.02)
    assert not last(jax.random.key(0), (3, 4), jnp.float32).any()
    with pytest.raises(ValueError, match="blocks must be at least 1; got 0"):
        initializers.fixup(0)
    with pytest.raises(ValueError, match="layers must be at least 2; got 1"):
        initializers.fixup(4, 1)


def test_what_has_no_gain_is_refused() -> None:
    with pytest.raises(ValueError, match=r"has no gain: E f\*\*2 is 0"):
        initializers.gain(lambda x: 0 * x)


@pytest.mark.parametrize("name", ["relu", "gelu", "tanh", "selu", "mish"])
def test_scaled_weights_keep_the_second_moment(name: str) -> None:
    weights = initializers.scaled(name)(jax.random.key(0), (2000, 1000), jnp.float32)
    inputs = jaxact.specs[name].function(jax.random.normal(jax.random.key(1), (64, 2000)))
    assert float(((inputs @ weights) ** 2).mean()) == pytest.approx(1, rel=0.05)


@pytest.mark.heavy
@pytest.mark.parametrize(("name", "sigma_b"), [("tanh", 0.2), ("gelu", 0.5), ("relu", 0.0), ("selu", 0.1)])
@pytest.mark.parametrize("make", [initializers.critical, initializers.orthogonal_critical])
def test_gradients_neither_grow_nor_fall_on_the_edge_of_chaos(name: str, sigma_b: float, make: Any) -> None:
    width, depth, f = 512, 20, jaxact.specs[name].function
    weights, biases = make(name, sigma_b=sigma_b)
    keys = jax.random.split(jax.random.key(0), 2 * depth).reshape(depth, 2)
    layers = (
        jax.vmap(lambda key: weights(key, (width, width), jnp.float32))(keys[:, 0]),
        jax.vmap(lambda key: biases(key, (width,), jnp.float32))(keys[:, 1]),
    )

    def network(z: jax.Array) -> jax.Array:
        return jax.lax.scan(lambda z, layer: (f(z) @ layer[0] + layer[1], None), z, layers)[0]

    (point,) = edge_of_chaos(f, sigma_b)
    start = jax.random.normal(jax.random.key(1), (8, width)) * max(point.variance, 0.1) ** 0.5
    _, pull = jax.vjp(network, start)
    (gradient,) = pull(jax.random.normal(jax.random.key(2), (8, width)))
    growth = float((gradient**2).mean()) ** (1 / depth)
    assert growth == pytest.approx(1, abs=0.06)


def test_an_edge_of_chaos_that_layers_leave_is_refused() -> None:
    with pytest.raises(ValueError, match=r"gelu has an edge .* layers leave: .* 1\.0456; 0\.4158 is enough"):
        initializers.critical("gelu", sigma_b=0.3)


def test_without_an_edge_of_chaos_it_is_said() -> None:
    with pytest.raises(ValueError, match=r"relu has no edge of chaos with biases of deviation 0\.1"):
        initializers.critical("relu", sigma_b=0.1)


@pytest.mark.parametrize("shape", [(256, 64), (3, 3, 16, 8)])
@pytest.mark.parametrize("distribution", ["normal", "uniform", "truncated_normal"])
def test_every_unit_meets_theorem_1(shape: tuple[int, ...], distribution: str) -> None:
    weights = initializers.self_normalizing(distribution)(jax.random.key(0), shape, jnp.float32)
    rows = np.asarray(weights, np.float64).reshape(-1, shape[-1])
    assert rows.shape[1] == shape[-1]
    np.testing.assert_allclose(rows.sum(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose((rows**2).sum(axis=0), 1, rtol=1e-5)


def test_one_input_cannot_be_centred() -> None:
    with pytest.raises(ValueError, match=r"at least 2 inputs; got shape \(1, 4\)"):
        initializers.self_normalizing()(jax.random.key(0), (1, 4), jnp.float32)
