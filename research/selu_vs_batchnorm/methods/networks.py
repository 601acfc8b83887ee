"""How methods become networks: fully connected, residual, and convolutional ones."""

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

from flax import nnx
from jaxtyping import Array, Float

import jaxact
from jaxact import initializers
from jaxact.nnx import MLP, Block
from jaxact.transform import affine
from research.selu_vs_batchnorm.methods.affine import Standardized
from research.selu_vs_batchnorm.methods.residual import (
    Fixup,
    Highway,
    MakeDropout,
    NormalizerFree,
    Residual,
)
from research.selu_vs_batchnorm.methods.stack import Stack

Widths = Sequence[int]
"""Of the input, the hidden layers and the output."""


def connected(widths: Widths, rngs: nnx.Rngs, dropout: MakeDropout, **layer: Any) -> Stack:
    """A fully connected network; the options are those of `jaxact.nnx.MLP`."""
    network = MLP(widths, dropout=dropout, rngs=rngs, **layer)
    return Stack(network.hidden, network.output)


def convolutional(
    widths: Widths, rngs: nnx.Rngs, dropout: MakeDropout, *, shape: tuple[int, int, int], **layer: Any
) -> Stack:
    """A network of 3 by 3 convolutions; the mean over places is classified.

    Every other layer halves height and width, until they are at most 4.

    Args:
        widths: Pixels of a row, channels of each layer, and classes.
        rngs: Gives the stream `params`.
        dropout: What makes a dropout layer.
        shape: Height, width and channels of a row.
        **layer: As of `jaxact.nnx.Block`.
    """
    convolution = functools.partial(nnx.Conv, kernel_size=(3, 3))

    def block(inputs: int, outputs: int) -> nnx.Module:
        return Block(inputs, outputs, linear=convolution, dropout=dropout, rngs=rngs, **layer)

    return _pyramid(widths, rngs, shape, block)


def network_in_network(
    widths: Widths, rngs: nnx.Rngs, dropout: MakeDropout, *, shape: tuple[int, int, int]
) -> Stack:
    """Convolutions with a small network at every place: 3 by 3, then two of 1 by 1, with ReLU.

    References:
        Lin, Chen and Yan 2013, Network in network, arXiv:1312.4400.
    """

    def block(inputs: int, outputs: int) -> nnx.Module:
        sizes = ((inputs, 3), (outputs, 1), (outputs, 1))
        layers = [
            Block(size, outputs, linear=functools.partial(nnx.Conv, kernel_size=(n, n)), rngs=rngs)
            for size, n in sizes
        ]
        return nnx.Sequential(*layers, *([dropout(rngs)] if dropout else []))

    return _pyramid(widths, rngs, shape, block)


def highway(widths: Widths, rngs: nnx.Rngs, dropout: MakeDropout) -> Stack:
    """A layer of ReLU, then highway layers, whose gates start the nearer to closed the deeper it is."""
    opening = -max(1.0, (len(widths) - 2) / 10)
    hidden = [Highway(width, opening, dropout, rngs=rngs) for width in _equal(widths)[1:]]
    return _around(widths, rngs, hidden, dropout=dropout)


def residual(widths: Widths, rngs: nnx.Rngs, dropout: MakeDropout) -> Stack:
    """A layer of ReLU with batch normalization, then residual blocks of two."""
    hidden = [Residual(width, dropout, rngs=rngs) for width in _pairs(widths)]
    return _around(widths, rngs, hidden, normalization="batch", dropout=dropout)


def fixup(widths: Widths, rngs: nnx.Rngs, dropout: MakeDropout) -> Stack:
    """A layer of ReLU, then Fixup's residual blocks; the output starts at 0."""
    pairs = _pairs(widths)
    hidden = [Fixup(width, len(pairs), dropout, rngs=rngs) for width in pairs]
    network = _around(widths, rngs, hidden, dropout=dropout)
    network.output = nnx.Linear(widths[-2], widths[-1], kernel_init=nnx.initializers.zeros, rngs=rngs)
    return network


def normalizer_free(widths: Widths, rngs: nnx.Rngs, dropout: MakeDropout) -> Stack:
    """A standardised layer, then residual blocks of two that keep the variance, of strength 0.2."""
    activation = affine(jaxact.relu, output_scale=math.sqrt(2 / (1 - 1 / math.pi)))
    layer = {
        "activation": activation,
        "linear": Standardized,
        "kernel_init": initializers.lecun(),
        "dropout": dropout,
    }
    hidden = [
        NormalizerFree(place, 0.2, *(Block(width, width, rngs=rngs, **layer) for _ in range(2)))
        for place, width in enumerate(_pairs(widths))
    ]
    return _around(widths, rngs, hidden, **layer)


class Head(nnx.Module):
    """The mean over all places, and an affine layer.

    Attributes:
        linear: The layer.
    """

    def __init__(self, inputs: int, outputs: int, rngs: nnx.Rngs) -> None:
        """Draws the weights."""
        self.linear = nnx.Linear(inputs, outputs, rngs=rngs)

    def __call__(self, x: Float[Array, "rows height width channels"]) -> Float[Array, "rows classes"]:
        """Returns the logits."""
        return self.linear(x.mean(axis=(1, 2)))


class Halved(nnx.Module):
    """A block, and the mean of every 2 by 2 places of its output.

    Attributes:
        block: The block.
    """

    def __init__(self, block: nnx.Module) -> None:
        """Takes the block."""
        self.block = block

    def __call__(self, x: Float[Array, "rows height width channels"]) -> Float[Array, "rows ..."]:
        """Applies the block, then takes the means."""
        y = self.block(x)
        rows, height, width, channels = y.shape
        even = y[:, : height // 2 * 2, : width // 2 * 2]
        return even.reshape(rows, height // 2, 2, width // 2, 2, channels).mean(axis=(2, 4))


def _pyramid(
    widths: Widths,
    rngs: nnx.Rngs,
    shape: tuple[int, int, int],
    make: Callable[[int, int], nnx.Module],
) -> Stack:
    """Blocks of growing reach."""
    if math.prod(shape) != widths[0]:
        raise ValueError(f"Images of shape {shape} have {math.prod(shape)} pixels; got {widths[0]} features.")
    side, hidden = min(shape[:2]), []
    channels = (shape[-1], *widths[1:-1])
    for place in range(len(channels) - 1):
        block = make(channels[place], channels[place + 1])
        if place % 2 and side > 4:
            side, block = side // 2, Halved(block)
        hidden.append(block)
    return Stack(hidden, Head(widths[-2], widths[-1], rngs), shape)


def _around(widths: Widths, rngs: nnx.Rngs, hidden: Sequence[nnx.Module], **first: Any) -> Stack:
    """A first layer, the blocks, and an affine output."""
    entry = Block(widths[0], widths[1], rngs=rngs, **first)
    return Stack([entry, *hidden], nnx.Linear(widths[-2], widths[-1], rngs=rngs))


def _equal(widths: Widths) -> list[int]:
    """The hidden widths, which a way around asks to be equal."""
    hidden = list(widths[1:-1])
    if len(set(hidden)) != 1:
        raise ValueError(f"Blocks with a way around them need hidden layers of one width; got {hidden}.")
    return hidden


def _pairs(widths: Widths) -> list[int]:
    """One width for each block of two layers."""
    return _equal(widths)[::2][: max(1, (len(widths) - 2) // 2)]
