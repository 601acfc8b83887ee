"""Plain fully connected networks and their training, as pure functions that `jax.vmap` maps over networks."""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float, Int, PRNGKeyArray

from jaxact import specs
from research.selu_vs_batchnorm.data import Rows


class Layer(NamedTuple):
    """Weights and biases, of one layer or stacked of several.

    Attributes:
        weights: Of shape `(..., inputs, outputs)`.
        biases: Of shape `(..., outputs)`.
    """

    weights: Float[Array, "*layers inputs outputs"]
    biases: Float[Array, "*layers outputs"]


class Network(NamedTuple):
    """All layers; those between hidden layers are stacked.

    Attributes:
        first: From the inputs to the first hidden layer.
        hidden: From each hidden layer to the next.
        last: From the last hidden layer to the logits.
    """

    first: Layer
    hidden: Layer
    last: Layer


class Sizes(NamedTuple):
    """Of a network: how many inputs, units of a hidden layer, hidden layers and classes."""

    inputs: int
    width: int
    depth: int
    classes: int


def draw(sizes: Sizes, key: PRNGKeyArray, sigma_w: Any, sigma_b: Any) -> Network:
    """A random network: weights of variance `sigma_w**2 / inputs`, biases of `sigma_b**2`, all Gaussian.

    With the same key it is the same for all deviations but for their size. All numbers are drawn at once, as
    each call of `jax.random.normal` would take a second to compile.
    """
    inputs, width, depth, classes = sizes

    def zeros(*shape: int) -> Layer:
        return Layer(jnp.zeros(shape), jnp.zeros((*shape[:-2], shape[-1])))

    shapes = Network(zeros(inputs, width), zeros(depth - 1, width, width), zeros(width, classes))
    flat, network = ravel_pytree(shapes)
    drawn = network(jax.random.normal(key, flat.shape))
    scaled = (
        Layer(sigma_w / layer.weights.shape[-2] ** 0.5 * layer.weights, sigma_b * layer.biases)
        for layer in drawn
    )
    return Network(*scaled)


def logits(function: str, network: Network, x: Float[Array, "rows inputs"]) -> Float[Array, "rows classes"]:
    """What a network says of some rows."""
    f = specs[function].function

    def through(z: Array, layer: Layer) -> tuple[Array, None]:
        return f(z) @ layer.weights + layer.biases, None

    z, _ = jax.lax.scan(through, x @ network.first.weights + network.first.biases, network.hidden)
    return through(z, network.last)[0]


def loss(function: str, network: Network, rows: Rows) -> Float[Array, ""]:
    """Mean cross-entropy."""
    said = logits(function, network, jnp.asarray(rows.x))
    return optax.softmax_cross_entropy_with_integer_labels(said, rows.y).mean()


def accuracy(function: str, network: Network, rows: Rows) -> Float[Array, ""]:
    """The share of rows that a network gets right; that of guessing where it does not say numbers."""
    said = logits(function, network, jnp.asarray(rows.x))
    right = jnp.mean(said.argmax(axis=-1) == rows.y)
    return jnp.where(jnp.isfinite(said).all(), right, 1 / said.shape[-1])


def epoch(
    function: str, network: Network, key: PRNGKeyArray, rate: Any, rows: Rows, *, batch: int
) -> Network:
    """Goes once through the rows in a random order, by plain gradient descent.

    Rows that do not fill a batch are left out.
    """
    batch = min(batch, len(rows.y))
    order = jax.random.permutation(key, len(rows.y))
    batches = order[: order.size // batch * batch].reshape(-1, batch)

    def step(network: Network, chosen: Int[Array, " batch"]) -> tuple[Network, None]:
        gradient = jax.grad(functools.partial(loss, function))(network, Rows(rows.x[chosen], rows.y[chosen]))
        return jax.tree.map(lambda weight, slope: weight - rate * slope, network, gradient), None

    return jax.lax.scan(step, network, batches)[0]
