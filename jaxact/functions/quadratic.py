"""Piecewise polynomials whose pieces meet without a corner."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


@activation(
    formula="where(x > 2, 1, where(x < -2, -1, where(x > 0, x - x**2 / 4, x + x**2 / 4)))",
    paper="Wuraola and Patel 2018, SQNL: a new computationally efficient activation function",
    image="[-1, 1]",
    aliases=("square_nonlinearity",),
    kinks=(Kink("-2", "0"), Kink("0", "1"), Kink("2", "0")),
    slope=lambda x: jnp.maximum(1 - jnp.abs(x) / 2, 0),
)
def sqnl(x: ArrayLike) -> Float[Array, "..."]:
    """Square nonlinearity, `x - x * |x| / 4` on [-2, 2], 1 and -1 beyond.

    Once differentiable.
    """
    inside = jnp.clip(x, -2, 2)
    return inside * (1 - jnp.abs(inside) / 4)


@activation(
    formula="where(x > 0, x, where(x < -2, -1, x + x**2 / 4))",
    paper="Wuraola et al. 2021, Efficient activation functions for embedded inference engines",
    image="[-1, inf)",
    kinks=(Kink("-2", "0"), Kink("0", "1")),
    slope=lambda x: jnp.where(x > 0, 1, jnp.maximum(1 + x / 2, 0)),
)
def sqlu(x: ArrayLike) -> Float[Array, "..."]:
    """Square linear unit, `x` where `x > 0`, `x + x**2 / 4` down to -2, and -1 below.

    Once differentiable: an ELU without an exponential.
    """
    inside = jnp.clip(x, -2, 0)
    return jnp.where(x > 0, x, inside * (1 + inside / 4))


@activation(
    formula="where(x > -width, where(x < width, (x + width)**2 / (4 * width), x), 0)",
    paper="Shamir et al. 2020, Smooth activations and reproducibility in deep networks, arXiv:2010.09931",
    image="[0, inf)",
    aliases=("smooth_relu",),
    parameters=(Parameter("width", "(0, inf)", "Half-width of the bend", "Shamir et al. 2020"),),
    kinks=(Kink("-width", "0"), Kink("width", "1")),
    slope=lambda x, width: jnp.clip((x + width) / width / 2, 0, 1),
)
def smelu(x: ArrayLike, *, width: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Smooth rectifier: 0 up to `-width`, `(x + width)**2 / (4 * width)` between, `x` from `width` on.

    Once differentiable. `sparse_plus` is the one of width 1.
    """
    above = jnp.clip(x + width, 0, 2 * width)
    return jnp.where(x >= width, x, above / 2 * (above / 2 / width))


@activation(
    formula="where(x < width / 2, where(x > -width / 2, 1 / 2 + 3 * x / (2 * width) - 2 * (x / width)**3, 0), 1)",
    paper="Hazimeh et al. 2020, The tree ensemble layer: differentiability meets conditional computation, arXiv:2002.07772",
    image="[0, 1]",
    parameters=(Parameter("width", "(0, inf)", "Width of the step", "Hazimeh et al. 2020, gamma"),),
    kinks=(Kink("-width / 2", "0"), Kink("width / 2", "0")),
    slope=lambda x, width: 6 * _above(x, width) * _above(-x, width) / width,
)
def smooth_step(x: ArrayLike, *, width: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Smooth step: 0 up to `-width / 2`, a cubic between, 1 from `width / 2` on.

    Once differentiable.
    """
    part = _above(-jnp.abs(x), width)
    low = part * part * (3 - 2 * part)
    return jnp.where(x < 0, low, 1 - low)


def _above(x: Array, width: Array) -> Array:
    """`x / width + 1 / 2` within [0, 1], without cancellation."""
    return jnp.clip(x + width / 2, 0, width) / width
