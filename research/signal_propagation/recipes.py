"""The activations, and the random weights with which they are put into layers."""

import dataclasses
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import jaxact
from jaxact.gaussian import edge_of_chaos, half_stable

Function = Callable[[Any], Any]

REACH = 1e35
"""Signals are followed while their deviation is between this and its inverse: beyond, what strays from it is
rounded to infinity or 0 in float32."""


@dataclasses.dataclass(frozen=True)
class Kind:
    """A function of the study.

    Attributes:
        label: What it is called in tables and pictures.
        make: The function for networks of a given depth.
    """

    label: str
    make: Callable[[int], Function]


FUNCTIONS: Mapping[str, Kind] = MappingProxyType(
    {
        **{
            function.__name__: Kind(function.__name__, lambda _depth, function=function: function)
            for function in (
                jaxact.relu,
                jaxact.leaky_relu,
                jaxact.elu,
                jaxact.selu,
                jaxact.gelu,
                jaxact.silu,
                jaxact.tanh,
                jaxact.sigmoid,
            )
        },
        "normalized_gelu": Kind("normalize(gelu)", lambda _depth: jaxact.normalize(jaxact.gelu)),
        "tailored_tanh": Kind("tailor_dks(tanh)", lambda depth: jaxact.tailor_dks(jaxact.tanh, depth=depth)),
    }
)
"""Every function by its name on the command line."""


class Weights(NamedTuple):
    """How the weights of a layer are drawn.

    Attributes:
        sigma_w: Deviation of the weights, times the root of their number.
        sigma_b: Deviation of the biases.
        batch_norm: Whether pre-activations are normalized over the batch before the activation.
    """

    sigma_w: float
    sigma_b: float = 0.0
    batch_norm: bool = False


def critical(f: Function) -> Weights:
    """The edge of chaos with the smallest biases at which layers stay at its second moment.

    Without biases that is a fixed point, or the limit of ever smaller second moments if they fall to it, as
    those of tanh do; those of GELU and SiLU grow away from it, and these functions need biases.
    """
    kept = [point for point in edge_of_chaos(f) if point.slope < 1 + 1e-9] or half_stable(f)
    return Weights(kept[0].sigma_w, kept[0].sigma_b)


@dataclasses.dataclass(frozen=True)
class Recipe:
    """A way to draw weights.

    Attributes:
        label: What it is called in tables and pictures.
        weights: Those for a function.
    """

    label: str
    weights: Callable[[Function], Weights]


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "critical": Recipe("edge of chaos", critical),
        "he": Recipe("He", lambda _: Weights(math.sqrt(2))),
        "lecun": Recipe("LeCun", lambda _: Weights(1.0)),
        "batch_norm": Recipe("BatchNorm", lambda _: Weights(math.sqrt(2), batch_norm=True)),
    }
)
"""Every recipe by its name."""
