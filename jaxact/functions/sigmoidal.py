"""Increasing functions with a bend on either side of 0."""

import math

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import (
    _elementary as elementary,
    _logistic as logistic,
    _narrow as narrow,
    _normal as normal,
)
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter

# Where the squared ReLU and its slope are met, Ma et al. 2022.
LAPLACE_MEAN = math.sqrt(1 / 2)
LAPLACE_DEVIATION = math.sqrt(1 / (4 * math.pi))


@activation(
    formula="1 / (1 + exp(-x))",
    paper="Rumelhart et al. 1986, Learning representations by back-propagating errors",
    aliases=("logistic", "expit"),
    slope=logistic.sigmoid_slope,
    narrow=narrow.sigmoid,
    narrow_slope=narrow.sigmoid_slope,
    slope_from_output=lambda y: y * (1 - y),
)
def sigmoid(x: ArrayLike) -> Float[Array, "..."]:
    """Logistic sigmoid, `1 / (1 + exp(-x))`.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(0, 1)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.sigmoid(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([0.119     , 0.5       , 0.88100004], dtype=float32)

    References:
        Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986.
    """
    return logistic.sigmoid(x)


@activation(
    formula="tanh(x)",
    paper="LeCun et al. 1998, Efficient BackProp",
    slope=elementary.sech2,
    slope_from_output=lambda y: (1 - y) * (1 + y),
    narrow=narrow.tanh,
    narrow_slope=narrow.tanh_slope,
)
def tanh(x: ArrayLike) -> Float[Array, "..."]:
    """Hyperbolic tangent.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-1, 1)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.tanh(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-0.96400005,  0.        ,  0.96400005], dtype=float32)

    References:
        LeCun et al., Efficient BackProp, 1998.
    """
    return elementary.tanh(x)


@activation(
    formula="x / (1 + abs(x))",
    paper="Bergstra et al. 2009, Quadratic polynomials learn better image features",
    aliases=("softsign",),
    kinks=(Kink("0", "1"),),
    slope=lambda x: (1 / (1 + jnp.abs(x))) ** 2,
)
def soft_sign(x: ArrayLike) -> Float[Array, "..."]:
    """Softsign, `x / (1 + |x|)`.

    Once differentiable at 0, where the second derivative jumps from 2 to -2.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-1, 1)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.soft_sign(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-0.66700006,  0.        ,  0.66700006], dtype=float32)

    References:
        Bergstra et al., Quadratic polynomials learn better image features, 2009; Glorot and Bengio,
        Understanding the difficulty of training deep feedforward neural networks, 2010.
    """
    x = logistic.finite(x)
    return x / (1 + jnp.abs(x))


@activation(
    formula="arctan(x)",
    paper="Kamruzzaman and Aziz 2002, A note on activation function in multilayer feedforward learning",
    aliases=("atan",),
    slope=elementary.arctan_slope,
)
def arctan(x: ArrayLike) -> Float[Array, "..."]:
    """Inverse tangent.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-pi / 2, pi / 2)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.arctan(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-1.107,  0.   ,  1.107], dtype=float32)

    References:
        Kamruzzaman and Aziz, A note on activation function in multilayer feedforward learning,
        2002.
    """
    return elementary.arctan(x)


@activation(
    formula="sign(x) * log1p(abs(x) + x**2 / (1 + sqrt(x**2 + 1)))",
    paper="Martens et al. 2021, Rapid training of deep neural networks without skip connections or normalization layers, arXiv:2110.01765",
    aliases=("arcsinh",),
    slope=lambda x: 1 / elementary.hypotenuse(x, jnp.ones_like(x)),
)
def asinh(x: ArrayLike) -> Float[Array, "..."]:
    """Inverse hyperbolic sine, `log(x + sqrt(x**2 + 1))`.

    Linear near 0, logarithmic far out.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-inf, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.asinh(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-1.4440001,  0.       ,  1.4440001], dtype=float32)

    References:
        Martens et al., Rapid training of deep neural networks without skip connections or
        normalization layers using deep kernel shaping, 2021, arXiv:2110.01765.
    """
    return jnp.arcsinh(x)


@activation(
    formula="erf(x)",
    paper="Williams 1998, Computation with infinite neural networks",
    slope=lambda x: 2 / math.sqrt(math.pi) * normal.gaussian(math.sqrt(2) * x),
)
def erf(x: ArrayLike) -> Float[Array, "..."]:
    """Error function, `2 / sqrt(pi)` times the integral of `exp(-t**2)` from 0 to `x`.

    The activation whose infinitely wide networks have a closed-form kernel.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-1, 1)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.erf(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-0.99500006,  0.        ,  0.99500006], dtype=float32)

    References:
        Williams, Computation with infinite neural networks, 1998.
    """
    return normal.erf(x)


@activation(
    formula="erfc((mean - x) / (deviation * sqrt(2))) / 2",
    paper="Ma et al. 2022, Mega: moving average equipped gated attention, arXiv:2209.10655",
    parameters=(
        Parameter("mean", "(-inf, inf)", "Ma et al. 2022, sqrt(1/2)"),
        Parameter("deviation", "(0, inf)", "Ma et al. 2022, sqrt(1 / (4 pi))"),
    ),
    slope=lambda x, mean, deviation: normal.density((x - mean) / deviation) / deviation,
    ill_conditioned="left of the mean: |x| |x - mean| / deviation**2, as the difference is rounded",
)
def laplace(
    x: ArrayLike,
    *,
    mean: ArrayLike = LAPLACE_MEAN,
    deviation: ArrayLike = LAPLACE_DEVIATION,
) -> Float[Array, "..."]:
    """Laplace attention function, the distribution function of N(mean, deviation**2).

    With its default mean and deviation it approximates the squared ReLU and has a bounded slope.

    Args:
        x: Array of any shape.
        mean: Where the value is 1/2. In `(-inf, inf)`.
        deviation: Width of the step. In `(0, inf)`.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(0, 1)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If a parameter is outside its domain.

    Examples:
        >>> jaxact.laplace(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([0.   , 0.006, 1.   ], dtype=float32)

    References:
        Ma et al., Mega: moving average equipped gated attention, 2022, arXiv:2209.10655.
    """
    return normal.cdf((x - mean) / deviation)
