"""Polynomials."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._registry import activation


@activation(
    formula="x",
    paper="He et al. 2016, Deep residual learning for image recognition, arXiv:1512.03385",
    aliases=("linear",),
    slope_from_output=jnp.ones_like,
)
def identity(x: ArrayLike) -> Float[Array, "..."]:
    """Identity, `x`.

    The one function that makes a deep network linear.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-inf, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.identity(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-2.,  0.,  2.], dtype=float32)

    References:
        The skip connection of He et al., Deep residual learning for image recognition, 2016,
        arXiv:1512.03385.
    """
    return x


@activation(
    formula="x**2",
    paper="Livni et al. 2014, On the computational efficiency of training neural networks, arXiv:1410.1141",
    aliases=("quadratic",),
)
def square(x: ArrayLike) -> Float[Array, "..."]:
    """Square, `x**2`.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `[0, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.square(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([4., 0., 4.], dtype=float32)

    References:
        Livni, Shalev-Shwartz and Shamir, On the computational efficiency of training neural
        networks, 2014, arXiv:1410.1141.
    """
    return x * x
