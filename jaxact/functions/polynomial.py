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


@activation(
    formula="x * x + x",
    paper="Noel et al. 2021, Biologically inspired oscillating activation functions can bridge the performance gap between biological and artificial neurons, arXiv:2111.04020",
    image="[-0.25, inf)",
    aliases=("squ",),
    slope=lambda x: 2 * x + 1,
)
def shifted_quadratic(x: ArrayLike) -> Float[Array, "..."]:
    """Shifted quadratic unit, `x**2 + x`.

    Zero at 0 and at -1.
    """
    return x * (x + 1)


@activation(
    formula="x - x * x * x",
    paper="Noel et al. 2021, Biologically inspired oscillating activation functions can bridge the performance gap between biological and artificial neurons, arXiv:2111.04020",
    image="(-inf, inf)",
    aliases=("ncu",),
    slope=lambda x: 1 - 3 * (x * x),
)
def non_monotonic_cubic(x: ArrayLike) -> Float[Array, "..."]:
    """Non-monotonic cubic unit, `x - x**3`.

    Zero at -1, 0 and 1.
    """
    return x * (1 - x) * (1 + x)
