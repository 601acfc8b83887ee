"""Increasing functions with a bend on either side of 0."""

import math

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import (
    _elementary as elementary,
    _exponential as exponential,
    _gates as gates,
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
    image="(0, 1)",
    aliases=("logistic", "expit"),
    slope=logistic.sigmoid_slope,
    narrow=narrow.sigmoid,
    narrow_slope=narrow.sigmoid_slope,
    slope_from_output=lambda y: y * (1 - y),
)
def sigmoid(x: ArrayLike) -> Float[Array, "..."]:
    """Logistic sigmoid, `1 / (1 + exp(-x))`."""
    return logistic.sigmoid(x)


@activation(
    formula="tanh(x)",
    paper="LeCun et al. 1998, Efficient BackProp",
    image="(-1, 1)",
    slope=elementary.sech2,
    slope_from_output=lambda y: (1 - y) * (1 + y),
    narrow=narrow.tanh,
    narrow_slope=narrow.tanh_slope,
)
def tanh(x: ArrayLike) -> Float[Array, "..."]:
    """Hyperbolic tangent."""
    return elementary.tanh(x)


@activation(
    formula="x / (1 + abs(x))",
    paper="Bergstra et al. 2009, Quadratic polynomials learn better image features",
    image="(-1, 1)",
    aliases=("softsign",),
    kinks=(Kink("0", "1"),),
    slope=lambda x: (1 / (1 + jnp.abs(x))) ** 2,
)
def soft_sign(x: ArrayLike) -> Float[Array, "..."]:
    """Softsign, `x / (1 + |x|)`.

    Once differentiable at 0, where the second derivative jumps from 2 to -2.
    """
    x = logistic.finite(x)
    return x / (1 + jnp.abs(x))


@activation(
    formula="arctan(x)",
    paper="Kamruzzaman and Aziz 2002, A note on activation function in multilayer feedforward learning",
    image="(-pi / 2, pi / 2)",
    aliases=("atan",),
    slope=elementary.arctan_slope,
)
def arctan(x: ArrayLike) -> Float[Array, "..."]:
    """Inverse tangent."""
    return elementary.arctan(x)


@activation(
    formula="sign(x) * log1p(abs(x) + x**2 / (1 + sqrt(x**2 + 1)))",
    paper="Martens et al. 2021, Rapid training of deep neural networks without skip connections or normalization layers, arXiv:2110.01765",
    image="(-inf, inf)",
    aliases=("arcsinh",),
    slope=lambda x: 1 / elementary.hypotenuse(x, jnp.ones_like(x)),
)
def asinh(x: ArrayLike) -> Float[Array, "..."]:
    """Inverse hyperbolic sine, `log(x + sqrt(x**2 + 1))`.

    Linear near 0, logarithmic far out.
    """
    return jnp.arcsinh(x)


@activation(
    formula="erf(x)",
    paper="Williams 1998, Computation with infinite neural networks",
    image="(-1, 1)",
    slope=lambda x: 2 / math.sqrt(math.pi) * normal.gaussian(math.sqrt(2) * x),
)
def erf(x: ArrayLike) -> Float[Array, "..."]:
    """Error function, `2 / sqrt(pi)` times the integral of `exp(-t**2)` from 0 to `x`.

    The activation whose infinitely wide networks have a closed-form kernel.
    """
    return normal.erf(x)


@activation(
    formula="erfc((mean - x) / (deviation * sqrt(2))) / 2",
    paper="Ma et al. 2022, Mega: moving average equipped gated attention, arXiv:2209.10655",
    image="(0, 1)",
    parameters=(
        Parameter("mean", "(-inf, inf)", "Where the value is 1/2", "Ma et al. 2022, sqrt(1/2)"),
        Parameter("deviation", "(0, inf)", "Width of the step", "Ma et al. 2022, sqrt(1 / (4 pi))"),
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
    """
    return normal.cdf((x - mean) / deviation)


@activation(
    formula="erfc(-x / sqrt(2)) / 2",
    paper="Bliss 1934, The method of probits",
    image="(0, 1)",
    aliases=("normal_cdf", "ndtr"),
    slope=normal.density,
)
def probit(x: ArrayLike) -> Float[Array, "..."]:
    """Probit sigmoid, the distribution function of the standard normal law.

    The gate of `gelu`.
    """
    return normal.cdf(x)


def _aranda_ordaz_slope(x: Array, asymmetry: Array) -> Array:
    small = exponential.fall(x)
    logistic_part = jnp.where(x < 0, small, 1) / jnp.where(x < 0, 1 + asymmetry * small, asymmetry + small)
    return logistic_part * exponential.exp(-_aranda_ordaz_log(x, asymmetry) / asymmetry)


def _aranda_ordaz_log(x: Array, asymmetry: Array) -> Array:
    """`log(1 + asymmetry * exp(x))`."""
    far = 40.0  # beyond, the 1 has no part in it
    return jnp.log1p(asymmetry * exponential.exp(jnp.minimum(x, far))) + jnp.maximum(x - far, 0)


def _aranda_ordaz_slope_from_output(y: Array, asymmetry: Array) -> Array:
    below = jnp.minimum(y, 1 - jnp.finfo(y.dtype).eps / 2)  # of 1 the logarithm would be infinite
    return -(1 - below) * exponential.expm1(asymmetry * jnp.log1p(-below)) / asymmetry


@activation(
    formula="1 - (1 + asymmetry * exp(x))**(-1 / asymmetry)",
    paper="Aranda-Ordaz 1981, On two families of transformations to additivity for binary response data; Farhadi et al. 2019, Activation adaptation in neural networks, arXiv:1901.09849",
    image="(0, 1)",
    aliases=("adaptive_gumbel",),
    parameters=(
        Parameter(
            "asymmetry",
            "(0, inf)",
            "1 for the sigmoid, towards 0 for Gumbel's distribution function",
            "Gomes and Ludermir 2013, lambda",
            learned=True,
        ),
    ),
    slope=_aranda_ordaz_slope,
    slope_from_output=_aranda_ordaz_slope_from_output,
)
def aranda_ordaz(x: ArrayLike, *, asymmetry: ArrayLike = 2.0) -> Float[Array, "..."]:
    """Aranda-Ordaz's sigmoid, `1 - (1 + asymmetry * exp(x))**(-1 / asymmetry)`, asymmetry fixed or learned."""
    tail = exponential.exp(jnp.minimum(x, 0))
    return jnp.where(x < -40, tail, -exponential.expm1(-_aranda_ordaz_log(x, asymmetry) / asymmetry))


@activation(
    formula="log1p((1 - exp(-sharpness)) / (exp(-sharpness * x) + exp(-sharpness))) / sharpness",
    paper="Klimek and Perelstein 2018, Neural network-based approach to phase space integration, arXiv:1810.11509",
    image="(0, 1)",
    parameters=(
        Parameter(
            "sharpness",
            "(0, inf)",
            "How closely it follows the clip",
            "no paper: Klimek and Perelstein 2018 call it p",
        ),
    ),
    slope=lambda x, sharpness: (
        -exponential.expm1(-sharpness)
        * logistic.sigmoid(sharpness * x)
        * logistic.sigmoid(sharpness * (1 - x))
    ),
    ill_conditioned="for negative sharpness * x: |sharpness * x|, as the product is rounded",
)
def soft_clipping(x: ArrayLike, *, sharpness: ArrayLike = 10.0) -> Float[Array, "..."]:
    """Soft clipping, `log((1 + exp(sharpness * x)) / (1 + exp(sharpness * (x - 1)))) / sharpness`.

    The identity between 0 and 1, which it does not leave, with its corners rounded.
    """
    z = sharpness * jnp.minimum(x, 1 - x)  # f(1 - x) is 1 - f(x)
    beyond = exponential.fall(jnp.minimum(z - sharpness, 0))
    ratio = -exponential.expm1(-sharpness) * exponential.exp(jnp.minimum(z, 1)) / (1 + beyond)
    right = (
        jnp.maximum(z, 1) + logistic.softplus_rest(z) * math.exp2(-exponential.spare(z)) - jnp.log1p(beyond)
    )
    low = jnp.where(z > 1, right, jnp.log1p(ratio)) / sharpness
    return jnp.where(x < 0.5, low, 1 - low)


def _loglog_slope(x: Array) -> Array:
    small = exponential.exp(-jnp.maximum(x, -7))
    return small * exponential.exp(-small)


@activation(
    formula="exp(-exp(-x))",
    paper="Gomes and Ludermir 2008, Complementary log-log and probit: activation functions implemented in artificial neural networks",
    image="(0, 1)",
    aliases=("gompertz",),
    slope=_loglog_slope,
    ill_conditioned="left of 0: |x| exp(-x), as the inner exponential is rounded",
)
def loglog(x: ArrayLike) -> Float[Array, "..."]:
    """Log-log sigmoid, `exp(-exp(-x))`.

    The distribution function of Gumbel, which rises doubly exponentially from 0 and exponentially to 1;
    the gate of `gompertz_lu`.
    """
    _, exponent = gates.gompertz(x)
    return gates.growth(exponent)[0]
