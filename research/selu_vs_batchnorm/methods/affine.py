"""Affine layers whose weights are parametrised otherwise."""

import math
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from flax import nnx
from jaxtyping import Array, Float


class WeightNormalized(nnx.Module):
    """Weight normalization, `x (scale v / |v|) + bias`, that starts as the plain layer does.

    Attributes:
        kernel: The directions v, a column for each unit.
        scale: The length of each unit's weights.
        bias: Added; None without one.

    References:
        Salimans and Kingma 2016, Weight normalization, arXiv:1602.07868.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        use_bias: bool = True,
        kernel_init: Callable[..., Any],
        bias_init: Callable[..., Any] = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ) -> None:
        """Draws the weights."""
        kernel = kernel_init(rngs.params(), (inputs, outputs), jnp.float32)
        self.kernel = nnx.Param(kernel)
        self.scale = nnx.Param(jnp.linalg.norm(kernel, axis=0))
        self.bias = nnx.Param(bias_init(rngs.params(), (outputs,))) if use_bias else None

    def __call__(self, x: Float[Array, "*batch inputs"]) -> Float[Array, "*batch outputs"]:
        """Applies the layer to the last axis of `x`."""
        kernel = self.kernel[...]
        y = x @ (self.scale[...] * kernel / jnp.linalg.norm(kernel, axis=0))
        return y if self.bias is None else y + self.bias[...]


class Standardized(nnx.Module):
    """Scaled weight standardization: weights that sum to 0 and whose squares sum to gain**2 in every unit.

    Attributes:
        kernel: Weights before they are standardised.
        gain: Of each unit, learned.
        bias: Added; None without one.

    References:
        Brock, De and Smith 2021, Characterizing signal propagation to close the performance gap in
        unnormalized ResNets, arXiv:2101.08692.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        use_bias: bool = True,
        kernel_init: Callable[..., Any],
        bias_init: Callable[..., Any] = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ) -> None:
        """Draws the weights."""
        self.kernel = nnx.Param(kernel_init(rngs.params(), (inputs, outputs), jnp.float32))
        self.gain = nnx.Param(jnp.ones(outputs))
        self.bias = nnx.Param(bias_init(rngs.params(), (outputs,))) if use_bias else None

    def __call__(self, x: Float[Array, "*batch inputs"]) -> Float[Array, "*batch outputs"]:
        """Applies the layer to the last axis of `x`."""
        kernel = self.kernel[...]
        centred = kernel - kernel.mean(axis=0)
        variance = (centred**2).mean(axis=0)
        scale = self.gain[...] / jnp.sqrt(jnp.maximum(variance * math.prod(kernel.shape[:-1]), 1e-4))
        y = x @ (centred * scale)
        return y if self.bias is None else y + self.bias[...]
