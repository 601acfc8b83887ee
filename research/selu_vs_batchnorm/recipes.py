"""The ways of building a deep network that are compared."""

import dataclasses
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import jax
from flax import nnx

import jaxact
from jaxact.nnx import MLP


@dataclasses.dataclass(frozen=True)
class Recipe:
    """An activation with the initializer made for it, and a normalization or none.

    Attributes:
        label: What it is called in tables and pictures.
        activation: After every hidden layer.
        kernel_init: Initializer of the weights.
        normalization: Between a hidden layer's weights and its activation.
    """

    label: str
    activation: Callable[..., Any]
    kernel_init: Callable[..., Any]
    normalization: str | None = None

    def build(self, widths: tuple[int, ...], key: jax.Array) -> MLP:
        """Makes a network of the given widths."""
        return MLP(
            widths,
            activation=self.activation,
            normalization=self.normalization,
            kernel_init=self.kernel_init,
            rngs=nnx.Rngs(key),
        )


_INITIALIZERS = jax.nn.initializers

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "selu": Recipe("SELU + LeCun normal", jaxact.selu, _INITIALIZERS.lecun_normal()),
        "relu_batchnorm": Recipe(
            "ReLU + BatchNorm + He normal", jaxact.relu, _INITIALIZERS.he_normal(), normalization="batch"
        ),
        "relu": Recipe("ReLU + He normal", jaxact.relu, _INITIALIZERS.he_normal()),
        "sigmoid": Recipe("sigmoid + Xavier normal", jaxact.sigmoid, _INITIALIZERS.glorot_normal()),
    }
)
"""Every recipe by its name."""
