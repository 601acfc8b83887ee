"""The pure functions serve Flax Linen, Equinox and Haiku unchanged."""

import equinox
import haiku
import jax
import jax.numpy as jnp
import numpy as np
from flax import linen

import jaxact

X = jax.random.normal(jax.random.key(0), (5, 4))


def _of(kernel: jax.Array, bias: jax.Array) -> np.ndarray:
    """What the layer of every library should give."""
    return np.asarray(jax.nn.selu(X @ kernel + bias))


def test_flax_linen() -> None:
    model = linen.Sequential([linen.Dense(3), jaxact.selu])
    variables = model.init(jax.random.key(1), X)
    dense = variables["params"]["layers_0"]
    np.testing.assert_allclose(
        model.apply(variables, X), _of(dense["kernel"], dense["bias"]), rtol=1e-5, atol=1e-6
    )


def test_equinox() -> None:
    key = jax.random.key(1)
    model = equinox.nn.Sequential([equinox.nn.Linear(4, 3, key=key), equinox.nn.Lambda(jaxact.selu)])
    linear = model.layers[0]
    assert isinstance(linear, equinox.nn.Linear)
    y = jax.vmap(model)(X)
    np.testing.assert_allclose(y, _of(linear.weight.T, linear.bias), rtol=1e-5, atol=1e-6)
    gradient = equinox.filter_grad(lambda model: jnp.sum(jax.vmap(model)(X)))(model)
    assert np.isfinite(gradient.layers[0].weight).all()


def _of_haiku(x: jax.Array) -> jax.Array:
    return haiku.Sequential([haiku.Linear(3), jaxact.selu])(x)


def test_haiku() -> None:
    model = haiku.without_apply_rng(haiku.transform(_of_haiku))
    params = model.init(jax.random.key(1), X)
    np.testing.assert_allclose(
        model.apply(params, X), _of(params["linear"]["w"], params["linear"]["b"]), rtol=1e-5, atol=1e-6
    )
