"""Exponential linear units and their like, with a negative side whose shape is learned."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary, _exponential as exponential
from jaxact._registry import activation
from jaxact._spec import Joint, Kink, Parameter


def _ptelu_joints(scale: float, steepness: float) -> tuple[Joint, ...]:
    return () if scale * steepness == 1 else (Joint(0.0, 1.0),)


def _pdelu_joints(scale: float, deformation: float) -> tuple[Joint, ...]:
    """Beside 0 the point from which it is flat, unless the second derivative is continuous there too."""
    flat = (Joint(-1 / (1 - deformation), 0.0),) if deformation <= 0.5 else ()
    return (*flat, Joint(0.0, scale))


@activation(
    formula="where(x >= 0, scale / width * x, scale * expm1(x / width))",
    paper="Trottier et al. 2016, Parametric exponential linear unit for deep convolutional neural networks, arXiv:1605.09332",
    image="(-scale, inf)",
    parameters=(
        Parameter("scale", "(0, inf)", "Depth of the negative side", "Trottier et al. 2016, a", learned=True),
        Parameter("width", "(0, inf)", "Width of the negative side", "Trottier et al. 2016, b", learned=True),
    ),
    kinks=(Kink("0", "scale / width"),),
    slope=lambda x, scale, width: scale / width * exponential.exp(jnp.minimum(x, 0) / width),
    slope_from_output=lambda y, scale, width: (scale + jnp.minimum(y, 0)) / width,
)
def pelu(x: ArrayLike, *, scale: ArrayLike = 1.0, width: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Parametric exponential linear unit, `scale / width * x` where `x >= 0` and `scale * (exp(x / width) - 1)` elsewhere.

    Both parameters are learned. Once differentiable at 0.
    """
    low = scale * exponential.expm1(jnp.minimum(x, 0) / width)
    near = x > -jnp.finfo(x.dtype).eps / 4 * width  # left of which the quotient does not underflow
    return jnp.where(near, scale / width * x, low)


@activation(
    formula="where(x > 0, x, scale * expm1(steepness * x))",
    paper="Li et al. 2016, Improving deep neural network with multiple parametric exponential linear units, arXiv:1606.00305",
    image="(-scale, inf)",
    parameters=(
        Parameter("scale", "[0, inf)", "Depth of the negative side", "Li et al. 2016, alpha", learned=True),
        Parameter("steepness", "(0, inf)", "Rate of the exponential", "Li et al. 2016, beta", learned=True),
    ),
    kinks=(Kink("0", "scale * steepness"),),
    slope=lambda x, scale, steepness: jnp.where(
        x > 0, 1, scale * steepness * exponential.exp(steepness * jnp.minimum(x, 0))
    ),
    slope_from_output=lambda y, scale, steepness: jnp.where(y > 0, 1, steepness * (y + scale)),
)
def mpelu(x: ArrayLike, *, scale: ArrayLike = 1.0, steepness: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Multiple parametric exponential linear unit, `x` where `x > 0` and `scale * (exp(steepness * x) - 1)` elsewhere.

    Both parameters are learned. The derivative taken at 0 is `scale * steepness`.
    """
    z = steepness * jnp.minimum(x, 0)
    near = z > -jnp.finfo(x.dtype).eps / 4  # where the product may underflow
    low = jnp.where(near, scale * steepness * x, scale * exponential.expm1(z))
    return jnp.where(x > 0, x, low)


@activation(
    formula="where(x >= 0, x, scale * tanh(steepness * x))",
    paper="Gupta and Duggal 2017, P-TELU: parametric tan hyperbolic linear unit activation for deep neural networks",
    image="(-scale, inf)",
    parameters=(
        Parameter(
            "scale", "[0, inf)", "Depth of the negative side", "Gupta and Duggal 2017, alpha", learned=True
        ),
        Parameter(
            "steepness", "[0, inf)", "Slope of the argument", "Gupta and Duggal 2017, beta", learned=True
        ),
    ),
    kinks=_ptelu_joints,
    slope=lambda x, scale, steepness: jnp.where(
        x >= 0, 1, scale * steepness * elementary.sech2(steepness * x)
    ),
)
def ptelu(x: ArrayLike, *, scale: ArrayLike = 1.0, steepness: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Parametric hyperbolic tangent linear unit, `x` where `x >= 0` and `scale * tanh(steepness * x)` elsewhere.

    Both parameters are learned. The derivative taken at 0 is 1; if the parameters are inverse to each other,
    it is twice differentiable.
    """
    z = elementary.line(steepness, x)
    near = z > -jnp.sqrt(jnp.finfo(x.dtype).eps) / 2  # where the product may underflow
    return jnp.where(
        x >= 0, x, jnp.where(near, elementary.line(scale * steepness, x), scale * elementary.tanh(z))
    )


@jax.custom_jvp
def _base(x: Array, deformation: Array) -> Array:
    """`1 + (1 - deformation) * x` between its zero and 0, without cancellation: every product is exact."""
    rate = 1 - deformation
    high, upper = exponential.head(rate), exponential.head(x)
    low, lower = rate - high, x - upper
    total = (((1 + high * upper) + high * lower) + low * upper) + low * lower
    return total + ((1 - rate) - deformation) * x


@_base.defjvp
def _(primals: tuple[Array, Array], tangents: tuple[Array, Array]) -> tuple[Array, Array]:
    (x, deformation), (dx, change) = primals, tangents
    return _base(x, deformation), (1 - deformation) * dx - x * change


def _log_base(x: Array, deformation: Array) -> Array:
    """The logarithm of the base, minus infinity where it is negative."""
    z = jnp.maximum((1 - deformation) * x, -0.25)  # below, XLA's log1p loses two digits of float64
    base = _base(jnp.maximum(x, -2 / (1 - deformation)), deformation)
    return jnp.where(z > -0.25, jnp.log1p(z), jnp.log(jnp.maximum(base, 0)))


def _pdelu_slope(x: Array, scale: Array, deformation: Array) -> Array:
    below = jnp.minimum(x, 0)
    log = _log_base(below, deformation)
    low = scale * exponential.exp(deformation / (1 - deformation) * log)
    return jnp.where(x > 0, 1, jnp.where(jnp.isinf(log), 0, low))


@activation(
    formula="where(x > 0, x, where(x > -1 / (1 - deformation), scale * (max(1 + (1 - deformation) * x, 0)**(1 / (1 - deformation)) - 1), -scale))",
    paper="Cheng et al. 2020, Parametric deformable exponential linear units for deep neural networks",
    image="[-scale, inf)",
    parameters=(
        Parameter(
            "scale", "[0, inf)", "Depth of the negative side", "Cheng et al. 2020, alpha", learned=True
        ),
        Parameter(
            "deformation", "[0, 1)", "0 for a line, towards 1 for the exponential", "Cheng et al. 2020, t"
        ),
    ),
    kinks=_pdelu_joints,
    slope=_pdelu_slope,
)
def pdelu(x: ArrayLike, *, scale: ArrayLike = 1.0, deformation: ArrayLike = 0.9) -> Float[Array, "..."]:
    """Parametric deformable exponential linear unit, `x` where `x > 0`, `scale * (max(1 + (1 - t) * x, 0)**(1 / (1 - t)) - 1)` elsewhere.

    An ELU whose exponential is Tsallis's, deformed by `t`: flat from `-1 / (1 - t)` down. The derivative taken
    at 0 is `scale`.
    """
    below = jnp.minimum(x, 0)
    power = exponential.expm1(_log_base(below, deformation) / (1 - deformation))
    near = below > -jnp.finfo(x.dtype).eps / 4  # where the product may underflow
    return jnp.where(x > 0, x, scale * jnp.where(near, below, power))
