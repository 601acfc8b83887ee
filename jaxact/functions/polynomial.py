"""Polynomials."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._registry import activation


@activation(
    formula="x",
    paper="He et al. 2016, Deep residual learning for image recognition, arXiv:1512.03385",
    image="(-inf, inf)",
    aliases=("linear",),
    slope_from_output=jnp.ones_like,
)
def identity(x: ArrayLike) -> Float[Array, "..."]:
    """Identity, `x`.

    The one function that makes a deep network linear.
    """
    return x


@activation(
    formula="x**2",
    paper="Livni et al. 2014, On the computational efficiency of training neural networks, arXiv:1410.1141",
    image="[0, inf)",
    aliases=("quadratic",),
)
def square(x: ArrayLike) -> Float[Array, "..."]:
    """Square, `x**2`."""
    return x * x
