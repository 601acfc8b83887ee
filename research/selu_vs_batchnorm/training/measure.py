"""What the signal and the gradient do on their way through the layers."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from flax import nnx
from jaxtyping import Array, Float

from research.selu_vs_batchnorm.training.padding import Part
from research.selu_vs_batchnorm.training.train import Network, Weights, cross_entropy


class Layers(NamedTuple):
    """One number for each hidden block, in training mode without dropout, where the gradient flows.

    Attributes:
        mean: Mean of the block's output over rows and units.
        variance: Its variance.
        gradient: Euclidean norm of the loss gradient in the block's weight matrices.
    """

    mean: Float[Array, " blocks"]
    variance: Float[Array, " blocks"]
    gradient: Float[Array, " blocks"]


def layers(network: Network, weights: Weights, rows: Part) -> Layers:
    """Measures every hidden block on some rows."""

    def objective(params: Any) -> tuple[Array, list[Array]]:
        model = network.model(weights._replace(params=params), jnp.zeros(()), jax.random.key(0))
        outputs = model.layers(rows.x)
        return cross_entropy(model.output(outputs[-1]), rows.y).mean(), outputs

    gradient, outputs = jax.grad(objective, has_aux=True)(weights.params)
    return Layers(
        jnp.stack([x.mean() for x in outputs]),
        jnp.stack([x.var() for x in outputs]),
        jnp.stack([_norm(gradient["hidden"][place]) for place in range(len(outputs))]),
    )


def _norm(block: nnx.State) -> Array:
    """Euclidean norm of all matrices of a block, whose squares may be too small for their dtype."""
    matrices = [leaf.ravel() for leaf in jax.tree.leaves(block) if leaf.ndim > 1]
    values = jnp.concatenate(matrices)
    largest = jnp.max(jnp.abs(values))
    scale = jnp.where(largest > 0, largest, 1)
    return scale * jnp.linalg.norm(values / scale)
