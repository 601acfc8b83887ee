"""Pure functions work unchanged in the libraries of neural networks that are built on JAX.

Each test trains a network with a plain activation and a learned one for a few steps.
"""

from collections.abc import Callable
from typing import Any

import chex
import jax
import jax.numpy as jnp
import pytest

import jaxact

X = jax.random.normal(jax.random.key(0), (32, 4))
Y = jnp.sin(X.sum(axis=1, keepdims=True))

Loss = Callable[[Any], jax.Array]


def _train(parameters: Any, loss: Loss, rate: float = 0.05) -> Any:
    """Gradient descent under jit; the loss falls and every gradient is finite."""

    @jax.jit
    def step(parameters: Any) -> tuple[jax.Array, Any, Any]:
        value, gradients = jax.value_and_grad(loss)(parameters)
        moved = jax.tree.map(lambda p, g: p - rate * g, parameters, gradients)
        return value, gradients, moved

    losses = []
    for _ in range(5):
        value, gradients, parameters = step(parameters)
        chex.assert_tree_all_finite(gradients)
        assert all(jnp.any(leaf != 0) for leaf in jax.tree.leaves(gradients))
        losses.append(float(value))
    assert losses[-1] < losses[0]
    return parameters


def test_flax_linen() -> None:
    linen = pytest.importorskip("flax.linen")

    class Network(linen.Module):
        @linen.compact
        def __call__(self, x: jax.Array) -> jax.Array:
            x = jaxact.selu(linen.Dense(16)(x))
            slope = self.param("slope", linen.initializers.constant(0.25), (16,))
            return linen.Dense(1)(jaxact.prelu(linen.Dense(16)(x), slope=slope))

    network = Network()
    parameters = network.init(jax.random.key(1), X)
    moved = _train(parameters, lambda p: jnp.mean((network.apply(p, X) - Y) ** 2))
    assert jnp.any(moved["params"]["slope"] != 0.25)


def test_flax_nnx() -> None:
    nnx = pytest.importorskip("flax.nnx")

    class Network(nnx.Module):
        def __init__(self, rngs: Any) -> None:
            self.layers = nnx.List([nnx.Linear(4, 16, rngs=rngs), nnx.Linear(16, 16, rngs=rngs)])
            self.last = nnx.Linear(16, 1, rngs=rngs)
            self.slope = nnx.Param(jnp.full(16, 0.25))

        def __call__(self, x: jax.Array) -> jax.Array:
            x = jaxact.selu(self.layers[0](x))
            return self.last(jaxact.prelu(self.layers[1](x), slope=self.slope[...]))

    graph, parameters = nnx.split(Network(nnx.Rngs(1)))
    moved = _train(parameters, lambda p: jnp.mean((nnx.merge(graph, p)(X) - Y) ** 2))
    assert jnp.any(nnx.merge(graph, moved).slope[...] != 0.25)


def test_equinox() -> None:
    eqx = pytest.importorskip("equinox")

    class Network(eqx.Module):
        mlp: Any
        last: Any
        slope: jax.Array

        def __init__(self, key: jax.Array) -> None:
            first, last = jax.random.split(key)
            self.mlp = eqx.nn.MLP(4, 16, 16, 2, activation=jaxact.selu, key=first)
            self.last = eqx.nn.Linear(16, 1, key=last)
            self.slope = jnp.full(16, 0.25)

        def __call__(self, x: jax.Array) -> jax.Array:
            return self.last(jaxact.prelu(self.mlp(x), slope=self.slope))

    parameters, static = eqx.partition(Network(jax.random.key(1)), eqx.is_inexact_array)
    moved = _train(parameters, lambda p: jnp.mean((jax.vmap(eqx.combine(p, static))(X) - Y) ** 2))
    assert jnp.any(moved.slope != 0.25)


def test_haiku() -> None:
    hk = pytest.importorskip("haiku")

    def network(x: jax.Array) -> jax.Array:
        x = hk.nets.MLP([16, 16], activation=jaxact.selu, activate_final=True)(x)
        slope = hk.get_parameter("slope", (16,), init=hk.initializers.Constant(0.25))
        return hk.Linear(1)(jaxact.prelu(hk.Linear(16)(x), slope=slope))

    transformed = hk.without_apply_rng(hk.transform(network))
    parameters = transformed.init(jax.random.key(1), X)
    moved = _train(parameters, lambda p: jnp.mean((transformed.apply(p, X) - Y) ** 2))
    assert jnp.any(moved["~"]["slope"] != 0.25)
