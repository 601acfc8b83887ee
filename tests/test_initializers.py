"""Weights that let signals through: gains against known ones, and real layers of what is made of them."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact import initializers
from jaxact.gaussian import edge_of_chaos, moments


def test_known_gains() -> None:
    known = {"relu": math.sqrt(2), "identity": 1.0, "selu": 1.0, "leaky_relu": math.sqrt(2 / (1 + 0.01**2))}
    for name, gain in known.items():
        assert initializers.gain(name) == pytest.approx(gain, rel=1e-12), name
    assert initializers.gain(jaxact.leaky_relu, slope=0.2) == pytest.approx(1.3867504905630728, rel=1e-12)
    assert initializers.gain("relu", variance=7.0) == pytest.approx(math.sqrt(2), rel=1e-12)


def test_every_function_has_a_gain(entry: jaxact.Spec) -> None:
    gain = initializers.gain(entry.function)
    seen = moments(entry.function, kinks=tuple(joint.at for joint in entry.joints()))
    assert gain**2 * seen.second == pytest.approx(1, rel=1e-12)


def test_what_has_no_gain_is_refused() -> None:
    with pytest.raises(ValueError, match=r"has no gain: E f\*\*2 is 0"):
        initializers.gain(lambda x: 0 * x)


@pytest.mark.parametrize("name", ["relu", "gelu", "tanh", "selu", "mish"])
def test_scaled_weights_keep_the_second_moment(name: str) -> None:
    weights = initializers.scaled(name)(jax.random.key(0), (2000, 1000), jnp.float32)
    inputs = jaxact.specs[name].function(jax.random.normal(jax.random.key(1), (64, 2000)))
    assert float(((inputs @ weights) ** 2).mean()) == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize(("name", "sigma_b"), [("tanh", 0.2), ("gelu", 0.5), ("relu", 0.0), ("selu", 0.1)])
@pytest.mark.parametrize("orthogonal", [False, True])
def test_gradients_neither_grow_nor_fall_on_the_edge_of_chaos(
    name: str, sigma_b: float, *, orthogonal: bool
) -> None:
    width, depth, f = 512, 20, jaxact.specs[name].function
    weights, biases = initializers.critical(name, sigma_b=sigma_b, orthogonal=orthogonal)
    keys = jax.random.split(jax.random.key(0), 2 * depth).reshape(depth, 2)
    layers = [
        (weights(key[0], (width, width), jnp.float32), biases(key[1], (width,), jnp.float32)) for key in keys
    ]

    def network(z: jax.Array) -> jax.Array:
        for matrix, bias in layers:
            z = f(z) @ matrix + bias
        return z

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
