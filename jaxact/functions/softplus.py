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
    image="(0, inf)",
    parameters=(
        Parameter(
            "sharpness",
            "(0, inf)",
            "How closely it follows the rectifier",
            "Dugas et al. 2001; PyTorch calls it beta",
        ),
    ),
    slope_from_output=lambda y, sharpness: -exponential.expm1(-sharpness * y),
    ill_conditioned="for negative sharpness * x: |sharpness * x|, as the product is rounded",
    narrow=narrow.softplus,
)
def softplus(x: ArrayLike, *, sharpness: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Softplus, `log(1 + exp(sharpness * x)) / sharpness`."""
    shift = exponential.spare(x)
    before, after = math.exp2(-(shift // 2)), math.exp2(-(shift - shift // 2))
    return jnp.maximum(x, 0) + logistic.softplus_rest(sharpness * x) * before / sharpness * after


@activation(
    formula="max(x, 0) + log1p(exp(-abs(x))) - log(2)",
    paper="Schütt et al. 2017, SchNet: a continuous-filter convolutional neural network for modeling quantum interactions, arXiv:1706.08566",
    image="(-log(2), inf)",
    aliases=("ssp",),
    slope=logistic.sigmoid,
    slope_from_output=lambda y: -exponential.expm1(-(y + math.log(2))),
)
def shifted_softplus(x: ArrayLike) -> Float[Array, "..."]:
    """Shifted softplus, `log(1 + exp(x)) - log(2)`, which is 0 at 0."""
    size = jnp.abs(x)
    near = jnp.log1p(exponential.expm1(-size) / 2)  # which does not cancel
    far = logistic.softplus_rest(x) * math.exp2(-exponential.spare(x)) - math.log(2)
    central = size < jnp.sqrt(jnp.finfo(x.dtype).eps) / 2  # where half of it may underflow
    return jnp.where(central, x * (0.5 + x / 8), jnp.maximum(x, 0) + jnp.where(size < 1, near, far))


@activation(
    formula="-(max(-x, 0) + log1p(exp(-abs(x))))",
    paper="Dugas et al. 2001, Incorporating second-order functional knowledge for better option pricing",
    image="(-inf, 0)",
    aliases=("logsigmoid",),
    slope_from_output=lambda y: -exponential.expm1(y),
    narrow=lambda x: -narrow.softplus(-x),
)
def log_sigmoid(x: ArrayLike) -> Float[Array, "..."]:
    """Logarithm of the sigmoid, `-log(1 + exp(-x))`.

    Minus the softplus of `-x`. As a log-loss it cancels the saturation of the sigmoid: its slope
    tends to 1 where the sigmoid is wrong and flat.
    """
    return jnp.minimum(x, 0) - logistic.softplus_rest(x) * math.exp2(-exponential.spare(x))


@activation(
    formula="(x + sqrt(x**2 + smoothness)) / 2",
    paper="Barron 2021, Squareplus: a softplus-like algebraic rectifier, arXiv:2112.11687",
    image="(0, inf)",
    parameters=(Parameter("smoothness", "[0, inf)", "Width of the bend, squared", "Barron 2021, b"),),
    slope=lambda x, smoothness: elementary.hyperbola_slope(x, smoothness),  # noqa: PLW0108  # given by keyword
)
def squareplus(x: ArrayLike, *, smoothness: ArrayLike = 4.0) -> Float[Array, "..."]:
    """Squareplus, `(x + sqrt(x**2 + smoothness)) / 2`."""
    return elementary.hyperbola(x, smoothness)


@activation(
    formula="sqrt(max(x, 0) + log1p(exp(-abs(x))))",
    paper="DeepSeek-AI 2026, DeepSeek-V4 (router scoring), in Hugging Face transformers",
    image="(0, inf)",
    aliases=("sqrtsoftplus",),
    slope=_sqrt_softplus_slope,
)
def sqrt_softplus(x: ArrayLike) -> Float[Array, "..."]:
    """Square root of softplus, `sqrt(log(1 + exp(x)))`."""
    return jnp.where(x < -_FAR, exponential.exp(jnp.minimum(x, 0) / 2), jnp.sqrt(logistic.softplus(x)))


@activation(
    formula="log(cosh(x))",
    paper="Green 1990, Bayesian reconstructions from emission tomography data using a modified EM algorithm",
    image="[0, inf)",
    aliases=("logcosh",),
    slope=elementary.tanh,
)
def log_cosh(x: ArrayLike) -> Float[Array, "..."]:
    """Logarithm of the hyperbolic cosine, `log(cosh(x))`.

    The integral of tanh.
    """
    size = jnp.abs(x)
    inner = jnp.minimum(size, 8)
    drop = exponential.expm1(-inner)
    near = jnp.log1p(drop * drop / (2 * exponential.fall(inner)))  # cosh(x) - 1 without cancellation
    return jnp.where(size < 8, near, size - math.log(2) + logistic.softplus(-2 * size))


@activation(
    formula="(sqrt(x**2 + 1) - 1) / 2 + x",
    paper="Martens et al. 2021, Rapid training of deep neural networks without skip connections or normalization layers, arXiv:2110.01765",
    image="(-inf, inf)",
    slope=lambda x: 0.5 + elementary.hyperbola_slope(x, jnp.ones_like(x)),
)
def bent_identity(x: ArrayLike) -> Float[Array, "..."]:
    """Bent identity, `(sqrt(x**2 + 1) - 1) / 2 + x`.

    Slopes 1/2 on the left and 3/2 on the right.
    """
    root = elementary.hypotenuse(x, jnp.ones_like(x))
    # sqrt(x**2 + 1) - 1 = x**2 / (sqrt(x**2 + 1) + 1), which does not cancel near 0
    return jnp.where(jnp.isinf(x), x, x * (1 + x / 2 / (root + 1)))


def _bent_against(x: Array, bend: Array) -> Array:
    """The slope of `blu` on the side where the bend makes it flatter, of which nothing cancels."""
    flatter = elementary.hyperbola_slope(-jnp.abs(x), jnp.ones_like(x))
    return (1 - jnp.abs(bend)) + 2 * jnp.abs(bend) * flatter


@activation(
    formula="bend * (sqrt(x**2 + 1) - 1) + x",
    paper="Godfrey 2019, An evaluation of parametric activation functions for deep learning",
    image="(-inf, inf)",
    aliases=("bendable_linear_unit",),
    parameters=(
        Parameter(
            "bend",
            "(-inf, inf)",
            "Half the difference of the outer slopes",
            "bent_identity; Godfrey 2019, beta",
            learned=True,
        ),
    ),
    slope=lambda x, bend: jnp.where(
        bend * x < 0,
        _bent_against(x, bend),
        1 + bend * (2 * elementary.hyperbola_slope(x, jnp.ones_like(x)) - 1),
    ),
)
def blu(x: ArrayLike, *, bend: ArrayLike = 0.5) -> Float[Array, "..."]:
    """Bendable linear unit, `bend * (sqrt(x**2 + 1) - 1) + x`, bend learned.

    Slopes `1 - bend` on the left and `1 + bend` on the right; `bent_identity` is the one of bend 1/2. The paper
    keeps the bend in [-1, 1], where the function does not turn.
    """
    inner, one, size = logistic.finite(x), jnp.ones_like(x), jnp.abs(bend)
    part = inner / (elementary.hypotenuse(inner, one) + 1)  # sqrt(x**2 + 1) - 1 is x times it
    # against the bend 1 - |part| would cancel; it is (1 + sqrt(x**2 + 1) - |x|) / (1 + sqrt(x**2 + 1))
    against = elementary.line(1 - size, x) + size * part * (
        1 + 2 * elementary.hyperbola(-jnp.abs(inner), one)
    )
    return jnp.where((bend * x < 0) & (jnp.abs(x) > 0.25), against, x * (1 + bend * part))
