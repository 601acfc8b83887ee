"""Softplus and its relatives: smooth functions that grow like `max(x, 0)`, `|x|` or their roots."""

import math

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import (
    _elementary as elementary,
    _exponential as exponential,
    _logistic as logistic,
    _narrow as narrow,
)
from jaxact._registry import activation
from jaxact._spec import Parameter

_FAR = 40.0
"""Below minus this, softplus(x) is exp(x) to the precision of float64."""


def _sqrt_softplus_slope(x: Array) -> Array:
    root = jnp.sqrt(logistic.softplus(jnp.maximum(x, -_FAR)))
    return jnp.where(x < -_FAR, exponential.exp(jnp.minimum(x, 0) / 2) / 2, logistic.sigmoid(x) / (2 * root))


@activation(
    formula="(max(sharpness * x, 0) + log1p(exp(-abs(sharpness * x)))) / sharpness",
    paper="Dugas et al. 2001, Incorporating second-order functional knowledge for better option pricing",
    parameters=(Parameter("sharpness", "(0, inf)", "Dugas et al. 2001; PyTorch calls it beta"),),
    slope_from_output=lambda y, sharpness: -exponential.expm1(-sharpness * y),
    ill_conditioned="for negative sharpness * x: |sharpness * x|, as the product is rounded",
    narrow=narrow.softplus,
)
def softplus(x: ArrayLike, *, sharpness: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Softplus, `log(1 + exp(sharpness * x)) / sharpness`.

    Args:
        x: Array of any shape.
        sharpness: How closely it follows the rectifier. In `(0, inf)`.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(0, inf)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If a parameter is outside its domain.

    Examples:
        >>> jaxact.softplus(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([0.127, 0.693, 2.127], dtype=float32)

    References:
        Dugas et al., Incorporating second-order functional knowledge for better option pricing,
        2001.
    """
    shift = exponential.spare(x)
    before, after = math.exp2(-(shift // 2)), math.exp2(-(shift - shift // 2))
    return jnp.maximum(x, 0) + logistic.softplus_rest(sharpness * x) * before / sharpness * after


@activation(
    formula="-(max(-x, 0) + log1p(exp(-abs(x))))",
    paper="Dugas et al. 2001, Incorporating second-order functional knowledge for better option pricing",
    aliases=("logsigmoid",),
    slope_from_output=lambda y: -exponential.expm1(y),
    narrow=lambda x: -narrow.softplus(-x),
)
def log_sigmoid(x: ArrayLike) -> Float[Array, "..."]:
    """Logarithm of the sigmoid, `-log(1 + exp(-x))`.

    Minus the softplus of `-x`. As a log-loss it cancels the saturation of the sigmoid: its slope
    tends to 1 where the sigmoid is wrong and flat.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-inf, 0)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.log_sigmoid(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-2.127, -0.693, -0.127], dtype=float32)

    References:
        Dugas et al., Incorporating second-order functional knowledge for better option pricing,
        2001; the log-likelihood of a Bernoulli variable with logit `x`.
    """
    return jnp.minimum(x, 0) - logistic.softplus_rest(x) * math.exp2(-exponential.spare(x))


@activation(
    formula="(x + sqrt(x**2 + smoothness)) / 2",
    paper="Barron 2021, Squareplus: a softplus-like algebraic rectifier, arXiv:2112.11687",
    parameters=(Parameter("smoothness", "[0, inf)", "Barron 2021, b"),),
    slope=lambda x, smoothness: elementary.hyperbola_slope(x, smoothness),  # noqa: PLW0108  # given by keyword
)
def squareplus(x: ArrayLike, *, smoothness: ArrayLike = 4.0) -> Float[Array, "..."]:
    """Squareplus, `(x + sqrt(x**2 + smoothness)) / 2`.

    Args:
        x: Array of any shape.
        smoothness: Width of the bend, squared. In `[0, inf)`.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(0, inf)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If a parameter is outside its domain.

    Examples:
        >>> jaxact.squareplus(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([0.41400003, 1.        , 2.414     ], dtype=float32)

    References:
        Barron, Squareplus: a softplus-like algebraic rectifier, 2021, arXiv:2112.11687.
    """
    return elementary.hyperbola(x, smoothness)


@activation(
    formula="sqrt(max(x, 0) + log1p(exp(-abs(x))))",
    paper="DeepSeek-AI 2026, DeepSeek-V4 (router scoring), in Hugging Face transformers",
    aliases=("sqrtsoftplus",),
    slope=_sqrt_softplus_slope,
)
def sqrt_softplus(x: ArrayLike) -> Float[Array, "..."]:
    """Square root of softplus, `sqrt(log(1 + exp(x)))`.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(0, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.sqrt_softplus(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([0.356     , 0.83300006, 1.4580001 ], dtype=float32)

    References:
        Hugging Face transformers, activation sqrtsoftplus, the router of DeepSeek-V4.
    """
    return jnp.where(x < -_FAR, exponential.exp(jnp.minimum(x, 0) / 2), jnp.sqrt(logistic.softplus(x)))


@activation(
    formula="log(cosh(x))",
    paper="Green 1990, Bayesian reconstructions from emission tomography data using a modified EM algorithm",
    aliases=("logcosh",),
    slope=elementary.tanh,
)
def log_cosh(x: ArrayLike) -> Float[Array, "..."]:
    """Logarithm of the hyperbolic cosine, `log(cosh(x))`.

    The integral of tanh.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `[0, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.log_cosh(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([1.325, 0.   , 1.325], dtype=float32)

    References:
        Green, Bayesian reconstructions from emission tomography data using a modified EM algorithm,
        1990.
    """
    size = jnp.abs(x)
    inner = jnp.minimum(size, 8)
    drop = exponential.expm1(-inner)
    near = jnp.log1p(drop * drop / (2 * exponential.fall(inner)))  # cosh(x) - 1 without cancellation
    return jnp.where(size < 8, near, size - math.log(2) + logistic.softplus(-2 * size))


@activation(
    formula="(sqrt(x**2 + 1) - 1) / 2 + x",
    paper="Martens et al. 2021, Rapid training of deep neural networks without skip connections or normalization layers, arXiv:2110.01765",
    slope=lambda x: 0.5 + elementary.hyperbola_slope(x, jnp.ones_like(x)),
)
def bent_identity(x: ArrayLike) -> Float[Array, "..."]:
    """Bent identity, `(sqrt(x**2 + 1) - 1) / 2 + x`.

    Slopes 1/2 on the left and 3/2 on the right.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-inf, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.bent_identity(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-1.3820001,  0.       ,  2.618    ], dtype=float32)

    References:
        Martens et al., Rapid training of deep neural networks without skip connections or
        normalization layers using deep kernel shaping, 2021, arXiv:2110.01765.
    """
    root = elementary.hypotenuse(x, jnp.ones_like(x))
    # sqrt(x**2 + 1) - 1 = x**2 / (sqrt(x**2 + 1) + 1), which does not cancel near 0
    return jnp.where(jnp.isinf(x), x, x * (1 + x / 2 / (root + 1)))
