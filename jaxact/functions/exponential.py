"""Functions whose negative side decays exponentially."""

from collections.abc import Callable

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary, _narrow as narrow
from jaxact._exponential import exp, exp_remainder, expm1
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
    parameters=(Parameter("scale", "[0, inf)", "Clevert et al. 2015"),),
    kinks=(Kink("0", "scale"),),
    slope=lambda x, scale: jnp.where(x > 0, 1, scale * exp(jnp.minimum(x, 0))),
    slope_from_output=lambda y, scale: jnp.where(y > 0, 1, y + scale),
    narrow=lambda x, scale: jnp.where(x > 0, x, scale * narrow.expm1(jnp.minimum(x, 0))),
)
def elu(x: ArrayLike, *, scale: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Exponential linear unit, `x` where `x > 0` and `scale * (exp(x) - 1)` elsewhere.

    The derivative taken at 0 is `scale`.

    Args:
        x: Array of any shape.
        scale: Depth of the negative side. In `[0, inf)`.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-scale, inf)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If a parameter is outside its domain.

    Examples:
        >>> jaxact.elu(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-0.86500007,  0.        ,  2.        ], dtype=float32)

    References:
        Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by exponential
        linear units (ELUs), 2015, arXiv:1511.07289.
    """
    return jnp.where(x > 0, x, scale * expm1(jnp.minimum(x, 0)))


@activation(
    formula="where(x > 0, x, scale * expm1(x / scale))",
    paper="Barron 2017, Continuously differentiable exponential linear units, arXiv:1704.07483",
    parameters=(Parameter("scale", "(0, inf)", "Barron 2017"),),
    kinks=(Kink("0", "1"),),
    slope=lambda x, scale: jnp.where(x > 0, 1, exp(jnp.minimum(x, 0) / scale)),
    slope_from_output=lambda y, scale: jnp.where(y > 0, 1, y / scale + 1),
    narrow=lambda x, scale: _celu(x, scale, narrow.expm1),
)
def celu(x: ArrayLike, *, scale: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Continuously differentiable exponential linear unit, `max(x, 0) + min(0, scale * (exp(x / scale) - 1))`.

    Once differentiable at 0 for every scale.

    Args:
        x: Array of any shape.
        scale: Depth and width of the negative side. In `(0, inf)`.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-scale, inf)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If a parameter is outside its domain.

    Examples:
        >>> jaxact.celu(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-0.86500007,  0.        ,  2.        ], dtype=float32)

    References:
        Barron, Continuously differentiable exponential linear units, 2017, arXiv:1704.07483.
    """
    return _celu(x, scale, expm1)


@activation(
    formula="where(x > 0, 1.0507009873554804934193349852946 * x, 1.0507009873554804934193349852946 * 1.6732632423543772848170429916717 * expm1(x))",
    paper="Klambauer et al. 2017, Self-normalizing neural networks, arXiv:1706.02515",
    kinks=(Kink("0", "1.0507009873554804934193349852946 * 1.6732632423543772848170429916717"),),
    slope=lambda x: jnp.where(x > 0, SELU_SCALE, SELU_SCALE * SELU_ALPHA * exp(jnp.minimum(x, 0))),
    slope_from_output=lambda y: jnp.where(y > 0, SELU_SCALE, y + SELU_SCALE * SELU_ALPHA),
    narrow=lambda x: _selu(x, narrow.expm1),
)
def selu(x: ArrayLike) -> Float[Array, "..."]:
    """Scaled exponential linear unit, `scale * x` where `x > 0` and `scale * alpha * (exp(x) - 1)` elsewhere.

    The constants make mean 0 and variance 1 an attracting fixed point of a layer with LeCun normal
    weights. The derivative taken at 0 is the left one, 1.758.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-1.7580993408473766, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.selu(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-1.5200001,  0.       ,  2.101    ], dtype=float32)

    References:
        Klambauer, Unterthiner, Mayr and Hochreiter, Self-normalizing neural networks, 2017,
        arXiv:1706.02515.
    """
    return _selu(x, expm1)


@activation(
    formula="exp(x)",
    paper="Clevert et al. 2015, Fast and accurate deep network learning by exponential linear units, arXiv:1511.07289",
    aliases=("exp",),
    slope_from_output=lambda y: y,
)
def exponential(x: ArrayLike) -> Float[Array, "..."]:
    """Exponential function, `exp(x)`.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(0, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.exponential(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([0.135    , 1.       , 7.3890004], dtype=float32)

    References:
        Keras, activation exponential; the negative side of ELU: Clevert, Unterthiner and
        Hochreiter, 2015, arXiv:1511.07289.
    """
    return exp(x)


@activation(
    formula="where(x > 0, positive * x**2 + slope * x, negative * (expm1(x) - x) + slope * x)",
    paper="Huang and Schlag 2024, Deriving activation functions using integration, arXiv:2411.13010",
    parameters=(
        Parameter("positive", "(-inf, inf)", "Huang and Schlag 2024", learned=True),
        Parameter("negative", "(-inf, inf)", "Huang and Schlag 2024", learned=True),
        Parameter("slope", "(-inf, inf)", "Huang and Schlag 2024"),
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

    Args:
        x: Array of any shape.
        positive: Half the growth of the slope for positive `x`. In `(-inf, inf)`.
        negative: Strength of the exponential for negative `x`. In `(-inf, inf)`.
        slope: Derivative at 0. In `(-inf, inf)`.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-inf, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.xielu(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-0.09200001,  0.        ,  4.2000003 ], dtype=float32)

    References:
        Huang and Schlag, Deriving activation functions using integration, 2024, arXiv:2411.13010.
    """
    above = elementary.line(elementary.line(positive, x) + slope, x)
    below = negative * exp_remainder(jnp.minimum(x, 0)) + slope * x
    far = elementary.line(slope - negative, x) - negative  # where two infinities would meet
    return jnp.where(x > 0, above, jnp.where(x < -40, far, below))
