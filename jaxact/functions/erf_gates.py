"""Products of `x` with an error function."""

import math

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import (
    _exponential as exponential,
    _gates as gates,
    _logistic as logistic,
    _normal as normal,
)
from jaxact._registry import activation
from jaxact._spec import Parameter

_ERF_SLOPE = 2 / math.sqrt(math.pi)


def _erf_slope(y: Array) -> Array:
    return _ERF_SLOPE * normal.gaussian(math.sqrt(2) * y)


@activation(
    formula="x * erf(log1p(exp(x)))",
    paper="Nag and Bhattacharyya 2021, SERF: towards better training of deep neural networks using log-softplus error activation function, arXiv:2108.09598",
    image="[-0.34843746, inf)",
    slope=lambda x: (
        normal.erf(logistic.softplus(x)) + x * logistic.sigmoid(x) * _erf_slope(logistic.softplus(x))
    ),
)
def serf(x: ArrayLike) -> Float[Array, "..."]:
    """Log-softplus error function, `x * erf(softplus(x))`."""
    return gates.after_softplus(x, logistic.plain(x), 1.0, normal.erf, _ERF_SLOPE)


def _pserf_slope(x: Array, scale: Array, sharpness: Array) -> Array:
    z = jnp.clip(sharpness * x, -1e4, 1e4)
    y = scale * logistic.softplus(z)
    return normal.erf(y) + z * logistic.sigmoid(z) * (scale * _erf_slope(y))


@activation(
    formula="x * erf(scale * log1p(exp(sharpness * x)))",
    paper="Biswas et al. 2021, ErfAct and Pserf: non-monotonic smooth trainable activation functions, arXiv:2109.04386",
    image="(-inf, inf)",
    parameters=(
        Parameter("scale", "(0, inf)", "Factor of the softplus", "Biswas et al. 2021, gamma", learned=True),
        Parameter("sharpness", "(0, inf)", "Factor of `x`", "Biswas et al. 2021, delta", learned=True),
    ),
    slope=_pserf_slope,
    ill_conditioned="left of 0: |sharpness * x|, as the default sharpness is rounded",
)
def pserf(x: ArrayLike, *, scale: ArrayLike = 1.25, sharpness: ArrayLike = 0.85) -> Float[Array, "..."]:
    """Parametric Serf, `x * erf(scale * softplus(sharpness * x))`, scale and sharpness learned."""
    exponent = logistic.product(jnp.full_like(x, sharpness), logistic.finite(x))
    return gates.after_softplus(x, exponent, scale, normal.erf, _ERF_SLOPE)


def _erfact_slope(x: Array, scale: Array, sharpness: Array) -> Array:
    z = jnp.clip(sharpness * x, -1e4, gates.HIGHEST)
    y = scale * exponential.exp(z)
    return normal.erf(y) + z * (y * _erf_slope(y))


@activation(
    formula="x * erf(scale * exp(sharpness * x))",
    paper="Biswas et al. 2021, ErfAct and Pserf: non-monotonic smooth trainable activation functions, arXiv:2109.04386",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "scale", "(0, inf)", "Factor of the exponential", "Biswas et al. 2021, alpha", learned=True
        ),
        Parameter("sharpness", "(0, inf)", "Factor of `x`", "Biswas et al. 2021, beta", learned=True),
    ),
    slope=_erfact_slope,
)
def erfact(x: ArrayLike, *, scale: ArrayLike = 0.75, sharpness: ArrayLike = 0.75) -> Float[Array, "..."]:
    """ErfAct, `x * erf(scale * exp(sharpness * x))`, scale and sharpness learned."""
    exponent = logistic.product(jnp.full_like(x, sharpness), logistic.finite(x))
    return gates.after_exp(x, exponent, scale, normal.erf, _ERF_SLOPE)
