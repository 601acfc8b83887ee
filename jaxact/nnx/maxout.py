"""The layer whose activation is learned from straight pieces."""

from collections.abc import Callable
from typing import Any

from flax import nnx
from jaxtyping import Array, Float


class Maxout(nnx.Module):
    """Maxout, `max_j (x W_j + b_j)`: the largest of some affine maps, which learns a convex activation.

    Attributes:
        linear: The affine maps, side by side.
        pieces: How many there are for each unit.

    Examples:
        >>> from flax import nnx
        >>> from jaxact.nnx import Maxout
        >>> Maxout(8, 5, pieces=3, rngs=nnx.Rngs(0))(jnp.ones((2, 8))).shape
        (2, 5)

    References:
        Goodfellow et al. 2013, Maxout networks, arXiv:1302.4389.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        pieces: int = 2,
        use_bias: bool = True,
        kernel_init: Callable[..., Any] = nnx.initializers.lecun_normal(),  # noqa: B008  # it is immutable
        bias_init: Callable[..., Any] = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ) -> None:
        """Makes the affine maps.

        Args:
            inputs: Features that come in.
            outputs: Units.
            pieces: Affine maps of each unit, at least 2.
            use_bias: Whether each has a bias.
            kernel_init: Initializer of the weights. The larger of two standard normal variables has the
                second moment 1, so that with two pieces LeCun's keep it.
            bias_init: Initializer of the biases.
            rngs: Gives the stream `params`.

        Raises:
            ValueError: If there are fewer than 2 pieces.
        """
        if pieces < 2:
            raise ValueError(f"Maxout needs at least 2 pieces; got {pieces}.")
        self.pieces = pieces
        self.linear = nnx.Linear(
            inputs,
            outputs * pieces,
            use_bias=use_bias,
            kernel_init=kernel_init,
            bias_init=bias_init,
            rngs=rngs,
        )

    def __call__(self, x: Float[Array, "*batch inputs"]) -> Float[Array, "*batch outputs"]:
        """Applies the layer to the last axis of `x`."""
        pieces = self.linear(x)
        return pieces.reshape(*pieces.shape[:-1], -1, self.pieces).max(axis=-1)
