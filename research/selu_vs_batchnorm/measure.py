"""What the signal and the gradient do on their way through the layers."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from research.selu_vs_batchnorm.data import Rows
from research.selu_vs_batchnorm.train import Network, Weights, cross_entropy


class Layers(NamedTuple):
    """One number for each hidden layer, in training mode, where the gradient flows.

    Attributes:
        mean: Mean of the layer's output over rows and units.
        variance: Its variance.
        gradient: Euclidean norm of the loss gradient in the layer's weights.
    """

    mean: Float[Array, " depth"]
    variance: Float[Array, " depth"]
    gradient: Float[Array, " depth"]


def layers(network: Network, weights: Weights, rows: Rows) -> Layers:
    """Measures every hidden layer on some rows."""

    def objective(params: Any) -> tuple[Array, tuple[list[Array], list[Array]]]:
        model = network.model(weights._replace(params=params), training=True)
        x, means, variances = rows.x, [], []
        for block in model.hidden:
            x = block(x)
            means.append(x.mean())
            variances.append(x.var())
        return cross_entropy(model.output(x), rows.y), (means, variances)

    gradient, (means, variances) = jax.grad(objective, has_aux=True)(weights.params)
    norms = [_norm(block["linear"]["kernel"][...]) for _, block in sorted(gradient["hidden"].items())]
    return Layers(jnp.stack(means), jnp.stack(variances), jnp.stack(norms))


def _norm(x: Array) -> Array:
    """Euclidean norm of an array whose squares may be too small for its dtype."""
    largest = jnp.max(jnp.abs(x))
    scale = jnp.where(largest > 0, largest, 1)
    return scale * jnp.linalg.norm(x / scale)
