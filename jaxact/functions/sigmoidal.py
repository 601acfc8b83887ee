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
