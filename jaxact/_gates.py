"""What gates with an exponential tail on the left share: products with `x` that keep their digits there."""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp

from jaxact._exponential import Real, double, exp, exp_parts, polynomial, spare
from jaxact._logistic import _LOG1P, Exponent, finite, product, softplus_rest as plain_softplus_rest


def linear_bound(x: Real) -> float:
    """Below it an odd function is its linear part to the precision of `x`."""
    return math.sqrt(jnp.finfo(x.dtype).eps) / 2


HIGHEST = 70.0
"""Beyond this exponent whatever the exponential goes into has settled."""


def growth(exponent: Exponent) -> tuple[Real, Real]:
    """`exp(min(z, HIGHEST))`, and for `z <= 0` the same times `2**spare`, lest a product underflow."""
    return _growth(*exponent)


@jax.custom_jvp
def _growth(z: Real, high: Real, low: Real | None) -> tuple[Real, Real]:  # noqa: ARG001  # z is what is differentiated
    shift, below = spare(high), high <= 0
    scale, rest = exp_parts(jnp.minimum(high, HIGHEST), low, jnp.where(below, shift, -shift))
    small = scale + scale * rest
    return small * jnp.where(below, math.exp2(-shift), math.exp2(shift)), small


@_growth.defjvp
def _(primals: tuple[Real, ...], tangents: tuple[Real, ...]) -> tuple[tuple[Real, Real], tuple[Real, Real]]:
    whole, small = _growth(*primals)
    dz = jnp.where((primals[1] < HIGHEST) & (small > 0), tangents[0], 0)  # elsewhere it may be infinite
    return (whole, small), (whole * dz, small * dz)


def times_exp(x: Real, exponent: Exponent) -> Real:
    """`x * exp(z)` for negative `z`, accurate down to the smallest normal product."""
    return x * growth(exponent)[1] * math.exp2(-spare(x))


def softplus_rest(exponent: Exponent) -> Real:
    """`log(1 + exp(-|z|))` times `2**spare`, where `z` is negative in twice the precision."""
    rest = plain_softplus_rest(exponent.z)
    if exponent.low is None:
        return rest
    moderate = (exponent.z < 0) & (exponent.z > -4096)
    lacking = jax.lax.stop_gradient((exponent.high - exponent.z) + exponent.low)
    return rest + rest * jnp.where(moderate, lacking, 0)


def triple(a: Real, b: Real, x: Real) -> Exponent:
    """`a * b * x`, in twice the precision."""
    factor = product(a, b)
    whole = product(factor.z, x)
    rest = jax.lax.stop_gradient((factor.high - factor.z) + (0 if factor.low is None else factor.low))
    low = jnp.where(jnp.abs(whole.z) < 4096, jax.lax.stop_gradient(x) * rest, 0)
    return Exponent(whole.z, whole.high, low if whole.low is None else whole.low + low)


def quotient(x: Real, width: Real) -> Exponent:
    """`x / width`, likewise."""
    z = x / width
    back = product(z, width)
    rest = (jax.lax.stop_gradient(x) - back.high) - (0 if back.low is None else back.low)
    low = jnp.where(jnp.abs(z) < 4096, rest / jax.lax.stop_gradient(width), 0)
    return Exponent(z, jax.lax.stop_gradient(z), low)


def total(x: Real, y: Real) -> Exponent:
    """`x + y`, likewise."""
    z = x + y
    x, y, whole = (jax.lax.stop_gradient(a) for a in (x, y, z))
    part = whole - x
    return Exponent(z, whole, (x - (whole - part)) + (y - part))


@jax.custom_jvp
def log1p(u: Real) -> Real:
    """`log(1 + u)` for `u` in [0, 1]: in float32 within 1 ULP, XLA's own within 2.4."""
    return jnp.log1p(u) if double(u) else u + u * u * polynomial(_LOG1P, u)


log1p.defjvps(lambda du, _, u: du / (1 + u))


def after_exp(
    x: Real,
    exponent: Exponent,
    factor: Real | float,
    squash: Callable[[Real], Real],
    steep: float,
) -> Real:
    """`x * squash(factor * exp(z))`, of an odd function with a given slope at 0."""
    e, small = growth(exponent)
    y, inner = factor * e, finite(x)
    left = inner * small * factor * (steep * math.exp2(-spare(x)))
    linear = (exponent.z < 0) & (y < linear_bound(x))
    return jnp.where(linear, left, jnp.where(x < 0, inner, x) * squash(y))


def after_softplus(
    x: Real,
    exponent: Exponent,
    factor: Real | float,
    squash: Callable[[Real], Real],
    steep: float,
) -> Real:
    """`x * squash(factor * log(1 + exp(z)))`, likewise."""
    rest, unit = softplus_rest(exponent), math.exp2(-spare(x))
    above = jnp.where(
        exponent.z >= 0, jnp.minimum(exponent.z, 1e10), 0
    )  # the rest has its slope from the right at 0
    y, inner = factor * (above + rest * unit), finite(x)
    left = inner * rest * factor * (steep * unit)
    linear = (exponent.z < 0) & (y < linear_bound(x))
    return jnp.where(linear, left, jnp.where(x < 0, inner, x) * squash(y))


def gompertz(x: Real) -> tuple[Real, Exponent]:
    """`x` as far as the gate is open, and the exponent `-exp(-x)`."""
    inner = jnp.maximum(x, -7)
    scale, rest = exp_parts(-inner)
    whole = scale + scale * rest
    low = jax.lax.stop_gradient(scale * rest - (whole - scale))
    return inner, Exponent(-exp(-inner), -jax.lax.stop_gradient(whole), -low)
