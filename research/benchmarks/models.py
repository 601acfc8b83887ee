"""Networks as users write them in Flax: which activations they use depends on one import."""

import functools
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from flax import nnx
from jaxtyping import Array, Float

LEARNING_RATE = 1e-3
"""So small that no network leaves the range in which it began."""


class Sizes(NamedTuple):
    """How large a network is.

    Attributes:
        batch: Rows, or tokens.
        depth: Hidden layers, or feed-forward blocks.
        width: Features of each.
    """

    batch: int
    depth: int
    width: int


def activation(nn: ModuleType, name: str) -> Callable[[Array], Array]:
    """A function of `jaxact.nn` or `jax.nn`; the two have the same names and signatures."""
    if name in {"gelu", "gelu_tanh"}:
        return functools.partial(nn.gelu, approximate=name == "gelu_tanh")
    return getattr(nn, name)


class MLP(nnx.Module):
    """Hidden layers of one width, `f(W x + b)`, then an affine one."""

    def __init__(self, nn: ModuleType, name: str, sizes: Sizes, dtype: Any, rngs: nnx.Rngs) -> None:
        """Makes the layers."""
        linear = functools.partial(
            nnx.Linear, sizes.width, sizes.width, dtype=dtype, param_dtype=dtype, rngs=rngs
        )
        self.hidden = nnx.List(linear() for _ in range(sizes.depth))
        self.output = linear()
        self.activation = activation(nn, name)

    def __call__(self, x: Float[Array, "rows width"]) -> Float[Array, "rows width"]:
        """Applies the network to rows."""
        for layer in self.hidden:
            x = self.activation(layer(x))
        return self.output(x)


class FeedForward(nnx.Module):
    """A Transformer's feed-forward block, `x + W f(V n)` with `n` the normalized `x`."""

    gated = False

    def __init__(self, nn: ModuleType, name: str, sizes: Sizes, dtype: Any, rngs: nnx.Rngs) -> None:
        """Makes the layers; the inner one is four times as wide."""
        options = {"dtype": dtype, "param_dtype": dtype, "rngs": rngs}
        width, inner = sizes.width, 4 * sizes.width
        self.normalization = nnx.RMSNorm(width, **options)
        self.up = nnx.Linear(width, inner, use_bias=False, **options)
        self.gate = nnx.Linear(width, inner, use_bias=False, **options) if self.gated else None
        self.down = nnx.Linear(inner, width, use_bias=False, **options)
        self.activation = activation(nn, name)

    def __call__(self, x: Float[Array, "tokens width"]) -> Float[Array, "tokens width"]:
        """Applies the block to tokens."""
        normal = self.normalization(x)
        inner = self.activation(self.up(normal))
        return x + self.down(inner if self.gate is None else inner * self.gate(normal))


class GatedFeedForward(FeedForward):
    """The same with a gated inner layer, `x + W (f(V n) * U n)`, such as SwiGLU with `silu`."""

    gated = True


class Blocks(nnx.Module):
    """Feed-forward blocks, one after the other."""

    block = FeedForward

    def __init__(self, nn: ModuleType, name: str, sizes: Sizes, dtype: Any, rngs: nnx.Rngs) -> None:
        """Makes the blocks."""
        self.blocks = nnx.List(self.block(nn, name, sizes, dtype, rngs) for _ in range(sizes.depth))

    def __call__(self, x: Float[Array, "tokens width"]) -> Float[Array, "tokens width"]:
        """Applies the blocks to tokens."""
        for block in self.blocks:
            x = block(x)
        return x


class GatedBlocks(Blocks):
    """Gated ones."""

    block = GatedFeedForward


MODELS: Mapping[str, Callable[..., nnx.Module]] = MappingProxyType(
    {"mlp": MLP, "feed_forward": Blocks, "gated_feed_forward": GatedBlocks}
)


def step(
    graph: nnx.GraphDef[Any], weights: nnx.State, x: Float[Array, "rows width"]
) -> tuple[nnx.State, Float[Array, ""]]:
    """One step of stochastic gradient descent towards `y = sin x`, and the loss before it."""

    def loss(weights: nnx.State) -> Float[Array, ""]:
        error = nnx.merge(graph, weights)(x) - jnp.sin(x)
        return jnp.mean(jnp.square(error.astype(jnp.float32)))

    before, gradient = jax.value_and_grad(loss)(weights)
    return jax.tree.map(lambda w, g: w - jnp.asarray(LEARNING_RATE, w.dtype) * g, weights, gradient), before
