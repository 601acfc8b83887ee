"""Every method by its name."""

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flax import nnx

import jaxact
from jaxact import initializers
from jaxact.gaussian import half_stable
from jaxact.nnx import Maxout
from research.selu_vs_batchnorm.methods import networks
from research.selu_vs_batchnorm.methods.affine import WeightNormalized
from research.selu_vs_batchnorm.methods.stack import Dropout, Noise, Stack


@dataclasses.dataclass(frozen=True)
class Method:
    """How a network is built.

    Attributes:
        label: What it is called in tables and pictures.
        layer: Options of its layers from the number of hidden layers, as `jaxact.nnx.Block` takes them; None
            for networks that are no plain stack of layers.
        network: What makes a fully connected network from widths, random streams and dropout.
        linear: What makes the weights of its layers, where they are no plain ones; such have no convolutions.
        alpha: The activation after which units are dropped to its limit; None for plain dropout.
        pads: Whether the first weights are independent and of mean 0, so that unused inputs change nothing.
    """

    label: str
    layer: Callable[[int], dict[str, Any]] | None = None
    network: Callable[..., Stack] | None = None
    linear: Callable[..., nnx.Module] | None = None
    alpha: Callable[..., Any] | None = None
    pads: bool = True

    def build(
        self,
        widths: Sequence[int],
        rngs: nnx.Rngs,
        *,
        noise: bool = False,
        shape: tuple[int, int, int] | None = None,
    ) -> Stack:
        """Makes a network.

        Args:
            widths: Features, units or channels of each hidden layer, classes.
            rngs: Gives the stream `params`.
            noise: Whether dropout layers stand after the activations.
            shape: Height, width and channels of an image, for a convolutional network.

        Raises:
            ValueError: If the method has no such network, or the widths do not fit it.
        """
        self.require(images=shape is not None)
        shared = Noise() if noise else None
        dropout = None if shared is None else lambda _rngs: Dropout(shared, self.alpha)
        made = self._network(len(widths) - 2, shape)(widths, rngs, dropout)
        made.noise = shared
        return made

    def require(self, *, images: bool) -> None:
        """Refuses what the method has no network for.

        Args:
            images: Whether a convolutional network is asked for, or a fully connected one.

        Raises:
            ValueError: If there is none.
        """
        pictures = self.network is networks.network_in_network
        if pictures and not images:
            raise ValueError(f"{self.label} needs images.")
        if images and not pictures and (self.layer is None or self.linear is not None):
            raise ValueError(f"{self.label} has no convolutional network here.")

    def _network(self, depth: int, shape: tuple[int, int, int] | None) -> Callable[..., Stack]:
        options: dict[str, Any] = {} if shape is None else {"shape": shape}
        if self.layer is None:
            return functools.partial(self.network or networks.connected, **options)
        if self.linear is not None:
            options["linear"] = self.linear
        kind = networks.connected if shape is None else networks.convolutional
        return functools.partial(kind, **options, **self.layer(depth))


def _layers(activation: Callable[..., Any], kernel_init: Callable[..., Any], **options: Any) -> Any:
    """The same options at every depth."""
    return lambda _depth: {"activation": activation, "kernel_init": kernel_init, **options}


def _groups(features: int, *, rngs: nnx.Rngs) -> nnx.GroupNorm:
    """Group normalization of 8 groups, or as many as divide the features."""
    groups = math.gcd(features, 8)
    return nnx.GroupNorm(features, num_groups=groups, use_fast_variance=False, rngs=rngs)


def _critical(activation: Callable[..., Any]) -> Callable[[int], dict[str, Any]]:
    """Weights and biases of the half-stable point of the edge of chaos."""

    def layer(_depth: int) -> dict[str, Any]:
        (point,) = half_stable(activation)
        kernel_init, bias_init = initializers.critical(activation, sigma_b=point.sigma_b)
        return {"activation": activation, "kernel_init": kernel_init, "bias_init": bias_init}

    return layer


def _tailored(tailor: Callable[[str, int], Any]) -> Callable[[int], dict[str, Any]]:
    """Tanh tailored to the depth, with orthogonal weights."""
    return lambda depth: {"activation": tailor("tanh", depth), "kernel_init": initializers.dks()}


def _normalized(
    name: str, kernel_init: Callable[..., Any], *, slope: bool
) -> Callable[[int], dict[str, Any]]:
    """A normalised activation."""
    return lambda _depth: {
        "activation": jaxact.normalize(name, slope=slope),
        "kernel_init": kernel_init,
    }


_HE, _LECUN = initializers.he(), initializers.lecun()

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "snn": Method("SNN", _layers(jaxact.selu, _LECUN), alpha=jaxact.selu),
        "msra": Method("MSRAinit", _layers(jaxact.relu, _HE)),
        "batchnorm": Method("BatchNorm", _layers(jaxact.relu, _HE, normalization="batch")),
        "layernorm": Method("LayerNorm", _layers(jaxact.relu, _HE, normalization="layer")),
        "weightnorm": Method("WeightNorm", _layers(jaxact.relu, _HE), linear=WeightNormalized),
        "highway": Method("Highway", network=networks.highway),
        "resnet": Method("ResNet", network=networks.residual),
        "rmsnorm": Method("RMSNorm", _layers(jaxact.relu, _HE, normalization="rms")),
        "groupnorm": Method("GroupNorm", _layers(jaxact.relu, _HE, normalization=_groups)),
        "gelu": Method("critical GELU", _critical(jaxact.gelu)),
        "silu": Method("critical SiLU", _critical(jaxact.silu)),
        "gelu_normalized": Method(
            "normalised GELU", _normalized("gelu", initializers.lecun("normal"), slope=False)
        ),
        "tanh_isometric": Method(
            "Gaussian-Poincaré tanh",
            _normalized("tanh", nnx.initializers.orthogonal(), slope=True),
            pads=False,
        ),
        "dks": Method("DKS tanh", _tailored(jaxact.tailor_dks), pads=False),
        "tat": Method("TAT tanh", _tailored(jaxact.tailor_tat), pads=False),
        "fixup": Method("Fixup", network=networks.fixup),
        "normalizer_free": Method("normalizer-free ResNet", network=networks.normalizer_free, pads=False),
        "snn_centred": Method(
            "centred SNN",
            _layers(jaxact.selu, initializers.self_normalizing()),
            alpha=jaxact.selu,
            pads=False,
        ),
        "maxout": Method("Maxout", _layers(jaxact.identity, _LECUN), linear=Maxout, pads=False),
        "sigmoid": Method("Xavier sigmoid", _layers(jaxact.sigmoid, initializers.xavier("normal"))),
        "network_in_network": Method("Network in Network", network=networks.network_in_network),
    }
)
"""All of them."""

PAPER = ("snn", "msra", "batchnorm", "layernorm", "weightnorm", "highway", "resnet")
"""The seven of Klambauer et al. 2017."""
