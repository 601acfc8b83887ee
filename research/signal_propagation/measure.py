"""A random network, layer by layer: what signals do going forward, and gradients going back.

Weights are drawn inside a layer from its key, so that a thousand matrices are never held at once. Networks of
all recipes of a function share these draws and differ in what multiplies them.
"""

import dataclasses
import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, PRNGKeyArray

from research.signal_propagation.recipes import REACH, Function, Weights

Signal = Float[Array, "recipes inputs width"]


class Seen(NamedTuple):
    """What is seen of the pre-activations of a layer.

    Attributes:
        log_second: Logarithm of every input's second moment.
        mean: Mean over units and inputs, in root second moments of each input.
        correlation: Mean over pairs of inputs.
    """

    log_second: Float[Array, "recipes inputs"]
    mean: Float[Array, " recipes"]
    correlation: Float[Array, " recipes"]


class Traces(NamedTuple):
    """What is seen of all layers; gradients start before a signal leaves float32.

    Attributes:
        log_second: As in `Seen`, for layers 0, 1, ...
        mean: Likewise.
        correlation: Likewise.
        end: The last layer that all inputs reach within float32, for each recipe.
        log_gradient: Logarithm of the squared gradient of layers 0, 1, ..., mean over inputs, relative to
            that of `end`.
    """

    log_second: Float[np.ndarray, "layers recipes inputs"]
    mean: Float[np.ndarray, "layers recipes"]
    correlation: Float[np.ndarray, "layers recipes"]
    end: np.ndarray
    log_gradient: Float[np.ndarray, "layers recipes"]


@dataclasses.dataclass(frozen=True)
class Network:
    """Layers of one function, with weights of several recipes.

    Attributes:
        f: The activation.
        recipes: How the weights are drawn.
    """

    f: Function
    recipes: tuple[Weights, ...]

    def layer(self, key: PRNGKeyArray, signal: Signal) -> Signal:
        """The pre-activations of the next layer."""
        width = signal.shape[-1]
        draw, shift = jax.random.split(key)
        weights = jax.random.normal(draw, (width, width))
        biases = jax.random.normal(shift, (width,))
        before = [
            batch_normalized(each) if recipe.batch_norm else each
            for each, recipe in zip(signal, self.recipes, strict=True)
        ]
        product = jnp.matmul(self.f(jnp.stack(before)), weights, precision="highest")
        sigma_w, sigma_b = (
            jnp.array([getattr(recipe, name) for recipe in self.recipes], jnp.float32)[:, None, None]
            for name in ("sigma_w", "sigma_b")
        )
        return sigma_w / math.sqrt(width) * product + sigma_b * biases

    @functools.partial(jax.jit, static_argnums=0)
    def forward(self, key: PRNGKeyArray, signal: Signal) -> tuple[Signal, Seen]:
        """The next layer, and what is seen of it."""
        after = self.layer(key, signal)
        return after, look(after)

    @functools.partial(jax.jit, static_argnums=0)
    def backward(
        self, key: PRNGKeyArray, signal: Signal, gradient: Signal, active: Bool[Array, " recipes"]
    ) -> tuple[Signal, Float[Array, " recipes"], Float[Array, " recipes"]]:
        """Pulls gradients of norm 1 back through the layer that a signal enters.

        Args:
            key: Of the layer.
            signal: What enters it.
            gradient: Of what comes out.
            active: Which recipes have a signal there; the gradients of others stay.

        Returns:
            The gradients, of norm 1; the logarithm of the factor by which their squared norm grew; and that
            of the squared norm of each input's share, mean over inputs.
        """
        _, pull = jax.vjp(functools.partial(self.layer, key), signal)
        (pulled,) = pull(gradient)
        factor = jnp.sum(pulled**2, axis=(1, 2))
        after = jnp.where(active[:, None, None], pulled / jnp.sqrt(factor)[:, None, None], gradient)
        return after, jnp.log(factor), jnp.log(jnp.sum(after**2, axis=2)).mean(axis=1)


def batch_normalized(rows: Float[Array, "inputs width"]) -> Float[Array, "inputs width"]:
    """Every unit with mean 0 and variance 1 over the inputs."""
    centred = rows - rows.mean(axis=0)
    return centred / jnp.sqrt((centred**2).mean(axis=0))


@jax.jit
def look(signal: Signal) -> Seen:
    """What is seen of pre-activations, as large or small as float32 holds them."""
    size = jnp.abs(signal).max(axis=2, keepdims=True)
    second = jnp.mean((signal / size) ** 2, axis=2, keepdims=True)
    unit = signal / size / jnp.sqrt(second)
    _, inputs, width = signal.shape
    together = jnp.sum(unit.sum(axis=1) ** 2, axis=1) / width
    return Seen(
        log_second=jnp.log(second)[..., 0] + 2 * jnp.log(size)[..., 0],
        mean=unit.mean(axis=(1, 2)),
        correlation=(together - inputs) / (inputs * (inputs - 1)),
    )


def trace(
    network: Network,
    key: PRNGKeyArray,
    *,
    depth: int,
    width: int,
    inputs: int,
    seen: Callable[[], None] = lambda: None,
) -> Traces:
    """Sends standard normal inputs through a network, and a random gradient back from its last layer.

    Args:
        network: The function and the recipes.
        key: Of weights, inputs and gradient.
        depth: Layers.
        width: Units of every layer.
        inputs: How many; at least 2.
        seen: Called after each layer, in either direction.
    """
    keys = jax.random.split(key, depth + 2)
    shape = (len(network.recipes), inputs, width)
    signal, gradient = (
        np.broadcast_to(jax.random.normal(start, shape[1:]), shape) for start in (keys[-1], keys[-2])
    )
    signals, stages = [], [look(signal)]
    for at in range(depth):
        signals.append(signal)
        signal, stage = network.forward(keys[at], signal)
        stages.append(jax.block_until_ready(stage))
        seen()
    log_second, mean, correlation = (np.stack(each) for each in zip(*stages, strict=True))
    alive = np.logical_and.accumulate((np.abs(log_second) < 2 * math.log(REACH)).all(axis=2))
    end = alive.sum(axis=0) - 1

    gradient = gradient / np.linalg.norm(gradient, axis=2, keepdims=True) / np.float32(math.sqrt(inputs))
    grown, log_gradient = np.zeros(len(network.recipes)), np.full(alive.shape, np.nan)
    for at in reversed(range(depth)):
        active = at < end
        gradient, factor, share = network.backward(keys[at], signals.pop(), gradient, active)
        grown = np.where(active, grown + np.asarray(factor), grown)
        log_gradient[at] = np.where(active, grown + np.asarray(share) + math.log(inputs), np.nan)
        seen()
    log_gradient[end, np.arange(end.size)] = 0.0
    return Traces(log_second, mean, correlation, end, log_gradient)
