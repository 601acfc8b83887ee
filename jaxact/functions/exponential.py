"""Functions whose negative side decays exponentially."""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary, _narrow as narrow
from jaxact._exponential import exp, exp_parts, exp_remainder, expm1, spare
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter

# Klambauer et al. 2017, equation 14, to the precision of float64.
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def _celu(x: Array, scale: Array, expm1: Callable[[Array], Array]) -> Array:
    low = scale * expm1(jnp.minimum(x, 0) / scale)
    return jnp.where(x > -jnp.finfo(x.dtype).eps / 4 * scale, x, low)  # the quotient may underflow


def _selu(x: Array, expm1: Callable[[Array], Array]) -> Array:
    low = SELU_SCALE * SELU_ALPHA * expm1(jnp.minimum(x, 0))
    return jnp.where(x > 0, SELU_SCALE * x, low)


@activation(
    formula="where(x > 0, x, scale * expm1(x))",
    paper="Clevert et al. 2015, Fast and accurate deep network learning by exponential linear units, arXiv:1511.07289",
    image="(-scale, inf)",
    parameters=(Parameter("scale", "[0, inf)", "Depth of the negative side", "Clevert et al. 2015"),),
    kinks=(Kink("0", "scale"),),
    slope=lambda x, scale: jnp.where(x > 0, 1, scale * exp(jnp.minimum(x, 0))),
    slope_from_output=lambda y, scale: jnp.where(y > 0, 1, y + scale),
    narrow=lambda x, scale: jnp.where(x > 0, x, scale * narrow.expm1(jnp.minimum(x, 0))),
)
def elu(x: ArrayLike, *, scale: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Exponential linear unit, `x` where `x > 0` and `scale * (exp(x) - 1)` elsewhere.

    The derivative taken at 0 is `scale`.
    """
    return jnp.where(x > 0, x, scale * expm1(jnp.minimum(x, 0)))


@activation(
    formula="where(x > 0, x, scale * expm1(x / scale))",
    paper="Barron 2017, Continuously differentiable exponential linear units, arXiv:1704.07483",
    image="(-scale, inf)",
    parameters=(Parameter("scale", "(0, inf)", "Depth and width of the negative side", "Barron 2017"),),
    kinks=(Kink("0", "1"),),
    slope=lambda x, scale: jnp.where(x > 0, 1, exp(jnp.minimum(x, 0) / scale)),
    slope_from_output=lambda y, scale: jnp.where(y > 0, 1, y / scale + 1),
    narrow=lambda x, scale: _celu(x, scale, narrow.expm1),
)
def celu(x: ArrayLike, *, scale: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Continuously differentiable exponential linear unit, `max(x, 0) + min(0, scale * (exp(x / scale) - 1))`.

    Once differentiable at 0 for every scale.
    """
    return _celu(x, scale, expm1)


@activation(
    formula="where(x > 0, 1.0507009873554804934193349852946 * x, 1.0507009873554804934193349852946 * 1.6732632423543772848170429916717 * expm1(x))",
    paper="Klambauer et al. 2017, Self-normalizing neural networks, arXiv:1706.02515",
    image="(-1.7580993408473766, inf)",
    kinks=(Kink("0", "1.0507009873554804934193349852946 * 1.6732632423543772848170429916717"),),
    slope=lambda x: jnp.where(x > 0, SELU_SCALE, SELU_SCALE * SELU_ALPHA * exp(jnp.minimum(x, 0))),
    slope_from_output=lambda y: jnp.where(y > 0, SELU_SCALE, y + SELU_SCALE * SELU_ALPHA),
    narrow=lambda x: _selu(x, narrow.expm1),
)
def selu(x: ArrayLike) -> Float[Array, "..."]:
    """Scaled exponential linear unit, `scale * x` where `x > 0` and `scale * alpha * (exp(x) - 1)` elsewhere.

    The constants make mean 0 and variance 1 an attracting fixed point of a layer with LeCun normal
    weights. The derivative taken at 0 is the left one, 1.758.
    """
    return _selu(x, expm1)


@activation(
    formula="1.07862 * where(x >= 0, x, 2.90427 * x * exp(x))",
    paper="Zhang and Li 2018, Effectiveness of scaled exponentially-regularized linear units (SERLUs), arXiv:1807.10117",
    image="[-1.1524205, inf)",
    kinks=(Kink("0", "1.07862"),),
    slope=lambda x: 1.07862 * jnp.where(x >= 0, 1, 2.90427 * ((1 + x) * exp(jnp.minimum(x, 0)))),
)
def serlu(x: ArrayLike) -> Float[Array, "..."]:
    """Scaled exponentially regularized linear unit, `scale * x` where `x >= 0` and `scale * alpha * x * exp(x)` elsewhere.

    Self-normalizing like SELU, with a negative side that returns to 0. The derivative taken at 0 is the
    right one, 1.07862.
    """
    below, shift = elementary.finite_below(jnp.minimum(x, 0)), spare(x)
    scale, rest = exp_parts(below, shift=shift)
    start = 1.07862 * 2.90427 * (below * scale)  # before anything is rounded to a subnormal number
    return jnp.where(x >= 0, 1.07862 * x, (start + start * rest) * math.exp2(-shift))


@activation(
    formula="exp(x)",
    paper="Clevert et al. 2015, Fast and accurate deep network learning by exponential linear units, arXiv:1511.07289",
    image="(0, inf)",
    aliases=("exp",),
    slope_from_output=lambda y: y,
)
def exponential(x: ArrayLike) -> Float[Array, "..."]:
    """Exponential function, `exp(x)`."""
    return exp(x)


@activation(
    formula="where(x > 0, positive * x**2 + slope * x, negative * (expm1(x) - x) + slope * x)",
    paper="Huang and Schlag 2024, Deriving activation functions using integration, arXiv:2411.13010",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "positive",
            "(-inf, inf)",
            "Half the growth of the slope for positive `x`",
            "Huang and Schlag 2024",
            learned=True,
        ),
        Parameter(
            "negative",
            "(-inf, inf)",
            "Strength of the exponential for negative `x`",
            "Huang and Schlag 2024",
            learned=True,
        ),
        Parameter("slope", "(-inf, inf)", "Derivative at 0", "Huang and Schlag 2024"),
    ),
    kinks=(Kink("0", "slope"),),
    ill_conditioned="at its zero left of 0, without bound; elsewhere at most 2",
)
def xielu(
    x: ArrayLike, *, positive: ArrayLike = 0.8, negative: ArrayLike = 0.8, slope: ArrayLike = 0.5
) -> Float[Array, "..."]:
    """Expanded integral of ELU: `positive * x**2 + slope * x` where `x > 0`, `negative * (exp(x) - 1 - x) + slope * x` elsewhere.

    Its slope rises without bound on both sides where `negative > slope`. Once differentiable at 0.
    The paper trains `positive = softplus(p)` and `negative = slope + softplus(n)`; here they are
    passed as they act.
    """
    above = elementary.line(elementary.line(positive, x) + slope, x)
    below = negative * exp_remainder(jnp.minimum(x, 0)) + slope * x
    far = elementary.line(slope - negative, x) - negative  # where two infinities would meet
    return jnp.where(x > 0, above, jnp.where(x < -40, far, below))


@jax.custom_jvp
def _grown(x: Array, growth: Array) -> Array:
    return exp(growth * x)


@_grown.defjvp
def _(primals: tuple[Array, Array], tangents: tuple[Array, Array]) -> tuple[Array, Array]:
    (x, growth), (dx, change) = primals, tangents
    root = exp(growth * x / 2)  # a small growth keeps the product finite where the square is not
    return _grown(x, growth), root * (root * (growth * dx + x * change))


@activation(
    formula="where(growth > 0, expm1(growth * x) / growth + growth, x)",
    paper="Godfrey and Gashler 2016, A continuum among logarithmic, linear, and exponential functions, arXiv:1602.01321",
    image="(growth - 1 / growth, inf)",
    parameters=(
        Parameter(
            "growth",
            "[0, 1]",
            "Rate of the exponential, 0 for the identity",
            "no paper: Godfrey and Gashler 2016, alpha, go down to -1",
            learned=True,
        ),
    ),
    slope=_grown,
    ill_conditioned="at its zero, without bound; for positive growth * x: growth * x, as the product is rounded",
)
def soft_exponential(x: ArrayLike, *, growth: ArrayLike = 0.5) -> Float[Array, "..."]:
    """Soft exponential, `(exp(growth * x) - 1) / growth + growth`, growth learned.

    Between the identity and the exponential. What the paper has for negative growth is a logarithm, which is
    not defined on all reals, and left out.
    """
    z, divisor = elementary.line(growth, x), jnp.where(growth > 0, growth, 1)
    risen = jnp.where(z > 0, -expm1(-jnp.abs(z)) * exp(z), expm1(jnp.minimum(z, 0)))
    low = (exp(z) - (1 - growth) * (1 + growth)) / divisor  # with growth 1 nothing cancels
    far = jnp.where(z < -1, low, risen / divisor + growth)
    near = jnp.where((x == 0) & (growth == 0), x, x * (1 + z / 2) + growth)  # keeps -0
    return jnp.where(jnp.abs(z) < jnp.sqrt(jnp.finfo(x.dtype).eps) / 2, near, far)
