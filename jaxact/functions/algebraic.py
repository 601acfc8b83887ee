"""Functions made of powers and roots alone."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


@activation(
    formula="x / sqrt(1 + decay * x**2)",
    paper="Carlile et al. 2017, Improving deep learning by inverse square root linear units, arXiv:1710.09967",
    image="(-1 / sqrt(decay), 1 / sqrt(decay))",
    parameters=(
        Parameter("decay", "(0, inf)", "The inverse square of the limits", "Carlile et al. 2017, alpha"),
    ),
    slope=lambda x, decay: _shrinking(jnp.sqrt(decay) * x) ** 3,
)
def isru(x: ArrayLike, *, decay: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Inverse square root unit, `x / sqrt(1 + decay * x**2)`."""
    return _isru(x, decay)


@activation(
    formula="where(x > 0, x, x / sqrt(1 + decay * x**2))",
    paper="Carlile et al. 2017, Improving deep learning by inverse square root linear units, arXiv:1710.09967",
    image="(-1 / sqrt(decay), inf)",
    parameters=(
        Parameter("decay", "(0, inf)", "The inverse square of the limit", "Carlile et al. 2017, alpha"),
    ),
    slope=lambda x, decay: jnp.where(x > 0, 1, _shrinking(jnp.sqrt(decay) * jnp.minimum(x, 0)) ** 3),
)
def isrlu(x: ArrayLike, *, decay: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Inverse square root linear unit, `x` where `x > 0` and `x / sqrt(1 + decay * x**2)` elsewhere.

    Twice differentiable: an ELU without an exponential.
    """
    return jnp.where(x > 0, x, _isru(jnp.minimum(x, 0), decay))


@activation(
    formula="x / (1 + abs(x)) / 2 + 1 / 2",
    paper="Elliott 1993, A better activation function for artificial neural networks",
    image="(0, 1)",
    kinks=(Kink("0", "1 / 2"),),
    slope=lambda x: (1 / (1 + jnp.abs(x))) ** 2 / 2,
)
def elliott(x: ArrayLike) -> Float[Array, "..."]:
    """Elliott's sigmoid, `x / (1 + |x|) / 2 + 1 / 2`.

    Once differentiable at 0, where the second derivative jumps from 1 to -1.
    """
    tail = 0.5 / (1 + jnp.abs(x))
    return jnp.where(x < 0, tail, 1 - tail)


def _rational(x: Array) -> tuple[Array, Array]:
    """Two thirds of `|x|`, up to where the result is constant, and what their polynomial adds to 1."""
    size = jnp.minimum(jnp.abs(x) * (2 / 3), 1e6)
    return size, size * (1 + size * (1 + 1.41645 * (size * size)))


@jax.custom_jvp
def _rational_tanh_slope(x: Array) -> Array:
    size, rise = _rational(x)
    steep = 1 + size * (2 + 4 * 1.41645 * (size * size))
    return 1.7159 * 2 / 3 * (steep / (1 + rise) / (1 + rise))


@_rational_tanh_slope.defjvp
def _(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    (x,), (dx,) = primals, tangents
    size, rise = _rational(x)
    share = (1 + size * (2 + 4 * 1.41645 * (size * size))) / (1 + rise)
    bend = (2 + 12 * 1.41645 * (size * size)) / (1 + rise) - 2 * (share * share)
    return _rational_tanh_slope(x), 1.7159 * 4 / 9 * (jnp.sign(x) * bend / (1 + rise)) * dx


@activation(
    formula="1.7159 * where(x > 0, 1 - 1 / (1 + 2 * x / 3 + (2 * x / 3)**2 + 1.41645 * (2 * x / 3)**4), 1 / (1 - 2 * x / 3 + (2 * x / 3)**2 + 1.41645 * (2 * x / 3)**4) - 1)",
    paper="Kalinovskii and Spitsyn 2015, Compact convolutional neural network cascade for face detection, arXiv:1508.01292",
    image="(-1.7159, 1.7159)",
    slope=_rational_tanh_slope,
)
def rational_tanh(x: ArrayLike) -> Float[Array, "..."]:
    """Rational stand-in for `lecun_tanh`, `1.7159 * sign(y) * (1 - 1 / (1 + |y| + y**2 + 1.41645 * y**4))` with `y = 2 * x / 3`.

    Three times differentiable, and without an exponential.
    """
    _, rise = _rational(x)
    inside = jnp.abs(x) < jnp.finfo(x.dtype).eps / 8  # where two thirds of it may underflow
    return jnp.where(inside, 1.7159 * 2 / 3 * x, jnp.copysign(1.7159 * (rise / (1 + rise)), x))


def _isru(x: Array, decay: Array) -> Array:
    root = jnp.sqrt(decay)
    far = jnp.abs(x) > 1e9 / root
    return jnp.where(far, jnp.sign(x) / root, x * _shrinking(root * x))


def _shrinking(z: Array) -> Array:
    """`1 / sqrt(1 + z**2)`."""
    inside = jnp.clip(z, -1e9, 1e9)
    return 1 / jnp.sqrt(1 + inside * inside)
