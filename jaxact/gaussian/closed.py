"""Closed forms of E f(x) and E f(x)**2 for x ~ N(mean, variance), where they are known.

They take arrays of means and positive variances whose shapes fit, which JAX differentiates; the result has
their common shape and dtype. Each is under the name of its function, and the tests hold it against
`jaxact.gaussian.moments`.

    >>> import jax.numpy as jnp
    >>> from jaxact.gaussian import closed
    >>> second = closed.selu(jnp.float32(0.0), jnp.array([0.5, 1.0, 2.0])).second
    >>> [round(float(value), 2) for value in second]
    [0.58, 1.0, 1.72]

References:
    Klambauer et al. 2017, arXiv:1706.02515, equations 4 and 13, for SELU; Owen 1980, A table of normal
    integrals, for products of normal distribution functions; Williams 1997, Computing with infinite networks.
"""

import math
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax.scipy.special import erf as _erf, log_ndtr, ndtr
from jaxtyping import Array

from jaxact.functions.exponential import SELU_ALPHA, SELU_SCALE


class ClosedForm(NamedTuple):
    """Two moments of a function under a normal law.

    Attributes:
        mean: E f.
        second: E f**2.
    """

    mean: Array
    second: Array


def monomial(mean: Array, variance: Array, *, order: int = 1) -> ClosedForm:
    """`x**order`; 1 for the identity."""
    return ClosedForm(_power(mean, variance, order), _power(mean, variance, 2 * order))


def absolute(mean: Array, variance: Array) -> ClosedForm:
    """`|x|`."""
    return leaky_relu(mean, variance, slope=-1.0)


def relu(mean: Array, variance: Array) -> ClosedForm:
    """`max(x, 0)`."""
    return leaky_relu(mean, variance, slope=0.0)


def leaky_relu(mean: Array, variance: Array, *, slope: float = 0.01) -> ClosedForm:
    """`x` above 0, `slope * x` below."""
    right, left = _half_line(mean, variance), _half_line(-mean, variance)
    return ClosedForm(right.mean - slope * left.mean, right.second + slope**2 * left.second)


def elu(mean: Array, variance: Array, *, scale: float = 1.0) -> ClosedForm:
    """`x` above 0, `scale * (exp(x) - 1)` below."""
    right, deviation = _half_line(mean, variance), jnp.sqrt(variance)
    below = ndtr(-mean / deviation)
    once, twice = (
        jnp.exp(power * mean + power**2 * variance / 2 + log_ndtr(-(mean + power * variance) / deviation))
        for power in (1, 2)
    )
    return ClosedForm(
        right.mean + scale * (once - below), right.second + scale**2 * (twice - 2 * once + below)
    )


def selu(mean: Array, variance: Array) -> ClosedForm:
    """Scaled ELU."""
    first, second = elu(mean, variance, scale=SELU_ALPHA)
    return ClosedForm(SELU_SCALE * first, SELU_SCALE**2 * second)


def gaussian(mean: Array, variance: Array) -> ClosedForm:
    """`exp(-x**2)`."""
    first, second = (
        jnp.exp(-power * mean**2 / (1 + 2 * power * variance)) / jnp.sqrt(1 + 2 * power * variance)
        for power in (1, 2)
    )
    return ClosedForm(first, second)


def sin(mean: Array, variance: Array) -> ClosedForm:
    """`sin(x)`."""
    second = (1 - jnp.exp(-2 * variance) * jnp.cos(2 * mean)) / 2
    return ClosedForm(jnp.exp(-variance / 2) * jnp.sin(mean), second)


def erf(mean: Array, variance: Array) -> ClosedForm:
    """The error function."""
    first = _erf(mean / jnp.sqrt(1 + 2 * variance))
    return ClosedForm(first, 1 - 8 * _owen(mean * math.sqrt(2), 2 * variance))


def gelu(mean: Array, variance: Array) -> ClosedForm:
    """`x Phi(x)` with the normal distribution function."""
    room = jnp.sqrt(1 + variance)
    peak = _density(mean / room) / room
    narrow_mean, narrow = mean / room**2, variance / room**2
    spread = jnp.sqrt(1 + narrow)
    distribution = ndtr(narrow_mean / spread)
    slope = peak * distribution
    curved = peak * (narrow_mean * distribution + narrow * _density(narrow_mean / spread) / spread)
    square = ndtr(mean / room) - 2 * _owen(mean, variance)
    second = (mean**2 + variance) * square + 2 * variance * (mean * slope + curved)
    return ClosedForm(mean * ndtr(mean / room) + variance * peak, second)


def _half_line(mean: Array, variance: Array) -> ClosedForm:
    """Of `max(x, 0)`."""
    deviation = jnp.sqrt(variance)
    above, density = ndtr(mean / deviation), deviation * _density(mean / deviation)
    return ClosedForm(mean * above + density, (mean**2 + variance) * above + mean * density)


def _power(mean: Array, variance: Array, order: int) -> Array:
    """E x**order."""
    pairs = range(order // 2 + 1)
    return jnp.stack(
        [
            math.comb(order, 2 * pair)
            * math.prod(range(1, 2 * pair, 2))
            * mean ** (order - 2 * pair)
            * variance**pair
            for pair in pairs
        ]
    ).sum(axis=0)


def _density(z: Array) -> Array:
    return jnp.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def _owen(mean: Array, variance: Array) -> Array:
    """Owen's T, so that `E Phi(x)**2 = Phi(h) - 2 T(h, a)`, `h = mean / sqrt(1 + variance)`."""
    h, a = mean / jnp.sqrt(1 + variance), 1 / jnp.sqrt(1 + 2 * variance)
    points, weights = (jnp.asarray(part, a.dtype) for part in _RULE)
    x = a[..., None] * (points + 1) / 2
    values = jnp.exp(-(h[..., None] ** 2) * (1 + x**2) / 2) / (1 + x**2)
    return a * (values * weights).sum(axis=-1) / (4 * math.pi)


_RULE = np.polynomial.legendre.leggauss(24)
