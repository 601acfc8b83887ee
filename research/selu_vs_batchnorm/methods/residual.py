"""Blocks with a way around them."""

import math
from collections.abc import Callable

import jax.numpy as jnp
from flax import nnx
from jaxtyping import Array, Float

import jaxact
from jaxact.initializers import fixup
from jaxact.nnx import Block

Rows = Float[Array, "*batch width"]
MakeDropout = Callable[[nnx.Rngs], nnx.Module] | None


class Highway(nnx.Module):
    """A highway layer, `t h(x) + (1 - t) x`, with a gate t that starts nearly closed.

    References:
        Srivastava, Greff and Schmidhuber 2015, Training very deep networks, arXiv:1507.06228.
    """

    def __init__(self, width: int, opening: float, dropout: MakeDropout, *, rngs: nnx.Rngs) -> None:
        """Makes both ways.

        Args:
            width: Units in and out.
            opening: Bias of the gate at the start, negative.
            dropout: After the activation.
            rngs: Gives the stream `params`.
        """
        self.block = Block(width, width, dropout=dropout, rngs=rngs)
        self.gate = nnx.Linear(width, width, bias_init=nnx.initializers.constant(opening), rngs=rngs)

    def __call__(self, x: Rows) -> Rows:
        """Applies the layer to the last axis of `x`."""
        open_by = jaxact.sigmoid(self.gate(x))
        return open_by * self.block(x) + (1 - open_by) * x


class Residual(nnx.Module):
    """A residual block, `relu(x + normalized(W relu(normalized(V x))))`.

    References:
        He, Zhang, Ren and Sun 2015, Deep residual learning for image recognition, arXiv:1512.03385.
    """

    def __init__(self, width: int, dropout: MakeDropout, *, rngs: nnx.Rngs) -> None:
        """Makes the branch; the arguments are those of `Highway`."""
        self.first = Block(width, width, normalization="batch", dropout=dropout, rngs=rngs)
        self.second = Block(width, width, activation=jaxact.identity, normalization="batch", rngs=rngs)

    def __call__(self, x: Rows) -> Rows:
        """Applies the block to the last axis of `x`."""
        return jaxact.relu(x + self.second(self.first(x)))


class Fixup(nnx.Module):
    """A residual block without normalization: four scalar biases, a multiplier, a last layer of zeros.

    References:
        Zhang, Dauphin and Ma 2019, Fixup initialization, arXiv:1901.09321.
    """

    def __init__(self, width: int, blocks: int, dropout: MakeDropout, *, rngs: nnx.Rngs) -> None:
        """Makes the branch.

        Args:
            width: Units in and out.
            blocks: Such blocks in the network.
            dropout: After the activation.
            rngs: Gives the stream `params`.
        """
        first, last = fixup(blocks)
        self.first = nnx.Linear(width, width, use_bias=False, kernel_init=first, rngs=rngs)
        self.second = nnx.Linear(width, width, use_bias=False, kernel_init=last, rngs=rngs)
        self.biases = nnx.Param(jnp.zeros(4))
        self.multiplier = nnx.Param(jnp.ones(()))
        self.dropout = None if dropout is None else dropout(rngs)

    def __call__(self, x: Rows) -> Rows:
        """Applies the block to the last axis of `x`."""
        before_first, before_activation, before_second, last = self.biases[...]
        y = jaxact.relu(self.first(x + before_first) + before_activation)
        y = y if self.dropout is None else self.dropout(y)
        y = self.second(y + before_second) * self.multiplier[...] + last
        return jaxact.relu(x + y)


class NormalizerFree(nnx.Module):
    """A residual block that scales what comes in by its expected deviation, `x + strength f(x / deviation)`.

    References:
        Brock, De and Smith 2021, Characterizing signal propagation to close the performance gap in
        unnormalized ResNets, arXiv:2101.08692.
    """

    def __init__(self, place: int, strength: float, first: nnx.Module, second: nnx.Module) -> None:
        """Takes a branch that keeps the variance.

        Args:
            place: How many such blocks stand before this one.
            strength: Of the branch.
            first: Applied to what comes in.
            second: Applied to that.
        """
        self.deviation = math.sqrt(1 + place * strength**2)
        self.strength = strength
        self.first = first
        self.second = second

    def __call__(self, x: Rows) -> Rows:
        """Applies the block to the last axis of `x`."""
        return x + self.strength * self.second(self.first(x / self.deviation))
