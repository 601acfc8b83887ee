"""What every compared network is: hidden blocks, an affine output, and the noise of its dropout."""

from collections.abc import Callable, Iterable
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx
from jaxtyping import Array, Float, PRNGKeyArray

from jaxact.nnx import AlphaDropout


class Noise(nnx.Module):
    """What all dropout layers of a network share, so that one program serves every rate and key.

    Attributes:
        rate: The probability that a unit is dropped, in `[0, 1)`.
        key: From which the next layer's mask follows.
    """

    def __init__(self) -> None:
        """Starts without noise."""
        self.rate = nnx.Variable(jnp.zeros(()))
        self.key = nnx.Variable(jax.random.key(0))

    def set(self, rate: Float[Array, ""], key: PRNGKeyArray) -> None:
        """Sets the rate, and the key for one step."""
        self.rate[...] = rate
        self.key[...] = key

    def mask(self, shape: tuple[int, ...]) -> Array:
        """Which units are kept; the rate is rounded to a multiple of 2**-16."""
        key, self.key[...] = jax.random.split(self.key[...])
        dropped = jnp.round(self.rate[...] * 2**16).astype(jnp.uint16)
        return jax.random.bits(key, shape, jnp.uint16) >= dropped


class Dropout(nnx.Module):
    """Dropout at the rate of the noise: plain, or alpha dropout, which keeps mean 0 and variance 1.

    Attributes:
        noise: Shared by all layers.
        limit: What dropped units become in alpha dropout, the limit of the activation; None in plain one.
        deterministic: Whether it is the identity.
    """

    def __init__(self, noise: Noise, after: Callable[..., Any] | None = None) -> None:
        """Works out what is kept.

        Args:
            noise: Rate and key.
            after: The activation of alpha dropout; None for plain dropout.
        """
        self.noise = noise
        self.limit = None if after is None else _limit(after)
        self.deterministic = False

    def __call__(self, x: Float[Array, "..."]) -> Float[Array, "..."]:
        """Drops units at random, or returns `x` if deterministic."""
        if self.deterministic:
            return x
        rate = self.noise.rate[...].astype(x.dtype)
        kept = self.noise.mask(x.shape)
        if self.limit is None:
            return jnp.where(kept, x / (1 - rate), 0)
        scale = 1 / jnp.sqrt((1 - rate) * (1 + rate * self.limit**2))
        return scale * (jnp.where(kept, x, self.limit) - rate * self.limit)


def _limit(activation: Callable[..., Any]) -> float:
    """Where the activation saturates."""
    return AlphaDropout(activation, 0.0, mean=0.0, variance=1.0, rngs=nnx.Rngs(0)).limit


class Stack(nnx.Module):
    """Blocks one after another, and what gives the logits.

    Attributes:
        hidden: The blocks.
        output: The last, affine layer.
        noise: Of the dropout layers; None without any.
        shape: Of one row as the first block wants it, `(height, width, channels)`; None for flat rows.
    """

    def __init__(
        self,
        hidden: Iterable[nnx.Module],
        output: nnx.Module,
        shape: tuple[int, int, int] | None = None,
    ) -> None:
        """Keeps the parts; the noise is set by who makes the dropout layers."""
        self.hidden = nnx.List(hidden)
        self.output = output
        self.noise: Noise | None = nnx.data(None)
        self.shape = shape

    def __call__(self, x: Float[Array, "rows features"]) -> Float[Array, "rows classes"]:
        """Returns the logits of each row."""
        return self.output(self.layers(x)[-1])

    def layers(self, x: Float[Array, "rows features"]) -> list[Float[Array, "rows ..."]]:
        """The outputs of all blocks."""
        x = x if self.shape is None else x.reshape(len(x), *self.shape)
        found = []
        for block in self.hidden:
            x = block(x)
            found.append(x)
        return found
