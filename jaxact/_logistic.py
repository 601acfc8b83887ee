"""The logistic function, the gates made of it, and its integral, each from one exponential."""

import math
from fractions import Fraction
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from jaxact._exponential import Real, double, exp_parts, expm1, fall, head, on_gpu, polynomial, spare

_LOG1P = (
    -0.4999999762,
    0.3333319055,
    -0.2499698393,
    0.1996780063,
    -0.1646311733,
    0.1345346,
    -0.1017066849,
    0.06452655892,
    -0.03053724897,
    0.009227074793,
    -0.001306042271,
)
"""(log1p(u) - u) / u**2 on 0 <= u <= 1, relative to log1p(u) by 2**-33."""


class Exponent(NamedTuple):
    """The argument of an exponential in twice the precision: its rounding would be one of the result.

    Attributes:
        z: The exponent, rounded; it alone is differentiated.
        high: The exponent to about half its bits more than `z` has, together with `low`.
        low: What `high` lacks, None for nothing.
    """

    z: Real
    high: Real
    low: Real | None


def finite(x: Real) -> Real:
    """Moves infinities to the largest finite numbers."""
    largest = jnp.finfo(x.dtype).max
    return jnp.clip(x, -largest, largest)


def plain(z: Real) -> Exponent:
    """An exponent that is exact as it stands."""
    return Exponent(z, z, None)


def product(a: Real, b: Real) -> Exponent:
    """`a * b`."""
    z = a * b
    a, b = jax.lax.stop_gradient(a), jax.lax.stop_gradient(b)
    high, upper, front = head(a) * head(b), head(a), head(b)
    low = upper * (b - front) + (a - upper) * b
    whole = jnp.abs(z) < 4096  # beyond, no digit of the exponent matters, and it may be infinite
    return Exponent(z, jnp.where(whole, high, z), jnp.where(whole, low, 0))


def multiple(x: Real, factor: Fraction) -> Exponent:
    """`factor * x`, for `x` of moderate size and a factor that need not be a number of the dtype."""
    z = x * float(factor)
    x = jax.lax.stop_gradient(x)
    front, rest = _split(factor, x)
    upper = head(x)
    return Exponent(z, front * upper, front * (x - upper) + rest * x)


def odd_cubic(x: Real, linear: Fraction, cubic: Fraction) -> Exponent:
    """`x * (linear + cubic * x**2)`, likewise."""
    z = x * (float(linear) + float(cubic) * x * x)
    x = jax.lax.stop_gradient(x)
    (a, a_low), (b, b_low) = _split(linear, x), _split(cubic, x)
    square, upper = x * x, head(x)
    front = head(square)
    rest = (upper * upper - front) + (x - upper) * (x + upper)  # of the square
    factor = head(float(linear) + float(cubic) * square)
    factor_low = ((a - factor) + b * front) + (a_low + b * rest + b_low * square)
    return Exponent(z, upper * factor, (x - upper) * factor + x * factor_low)


def _split(number: Fraction, like: Real) -> tuple[float, float]:
    """A number as one of half the bits of a dtype, and what is left."""
    bits = 26 if double(like) else 12
    fraction, exponent = math.frexp(number)
    front = math.ldexp(round(math.ldexp(fraction, bits)), exponent - bits)
    return front, float(number - Fraction(front))


def times_logistic(x: Real, exponent: Exponent) -> Real:
    """`x / (1 + exp(-z))`, accurate down to the smallest normal product.

    For `x` below `2**100` in size, in float64 `2**970`, wherever `z` is negative, unless `z` is so small
    that the result is 0. The quotient is used once: XLA's CPU backend ends a loop over the array at every
    quotient used twice.
    """
    return _times_logistic(x, *exponent)


@jax.custom_jvp
def _times_logistic(x: Real, z: Real, high: Real, low: Real | None) -> Real:  # noqa: ARG001  # z is what is differentiated
    shift = spare(x)
    scale, rest = exp_parts(-jnp.abs(high), _toward_zero(high, low), shift)
    small, part = scale + scale * rest, x * scale  # a power of two costs the product no digit
    top = jnp.where(high < 0, (part + part * rest) * math.exp2(-shift), x)
    return top / (1 + small * math.exp2(-shift))


@_times_logistic.defjvp
def _(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Real, Real]:
    x, *exponent = primals
    dx, dz, *_ = tangents
    opened, shut = _logistic(*exponent)
    return _times_logistic(x, *exponent), opened * dx + x * (opened * shut) * dz


@jax.custom_jvp
def _logistic(z: Real, high: Real, low: Real | None) -> tuple[Real, Real]:  # noqa: ARG001  # z is what is differentiated
    """`1 / (1 + exp(-z))` and `1 / (1 + exp(z))`; both keep their digits where they are small."""
    below, small = high < 0, _small(high, low)
    whole = 1 + small
    return jnp.where(below, small, 1) / whole, jnp.where(below, 1, small) / whole


def _small(high: Real, low: Real | None) -> Real:
    """`exp(-|z|)`."""
    if low is None:
        return fall(high)
    scale, rest = exp_parts(-jnp.abs(high), _toward_zero(high, low))
    return scale + scale * rest


def _toward_zero(high: Real, low: Real | None) -> Real | None:
    """What `-|high|` lacks to `-|z|`."""
    return None if low is None else jnp.where(high < 0, low, -low)


@_logistic.defjvp
def _(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[tuple[Real, Real], tuple[Real, Real]]:
    opened, shut = _logistic(*primals)
    change = opened * shut * tangents[0]
    return (opened, shut), (change, -change)


@jax.custom_jvp
def sigmoid(z: Real) -> Real:
    """`1 / (1 + exp(-z))`."""
    return on_gpu(lambda z: 1 / (1 + jnp.exp(-z)), _sigmoid, z)


def _sigmoid(z: Real) -> Real:
    lowest = -709.0 if double(z) else -88.0
    scale, rest = exp_parts(-jnp.maximum(z, lowest))
    return jnp.where(z < lowest, 0, 1) / (scale + (1 + scale * rest))


sigmoid.defjvps(lambda dz, _, z: sigmoid_slope(z) * dz)


@jax.custom_jvp
def sigmoid_slope(z: Real) -> Real:
    """Derivative of the logistic function, accurate in both tails."""
    small = fall(z)
    return small / ((1 + small) * (1 + small))


sigmoid_slope.defjvps(lambda dz, y, z: jnp.copysign(expm1(-jnp.abs(z)) / (1 + fall(z)), -z) * y * dz)


def gate_slope(exponent: Exponent, swing: Real) -> Real:
    """Derivative of `x / (1 + exp(-z(x)))`, where `swing` is `x` times that of `z`."""
    return _gate_slope(*exponent, jnp.clip(swing, -1e4, 1e4))  # beyond, the slope is 0 or 1


@jax.custom_jvp
def _gate_slope(z: Real, high: Real, low: Real | None, swing: Real) -> Real:  # noqa: ARG001  # z is what is differentiated
    small = _small(high, low)
    whole = 1 + small
    return (jnp.where(high < 0, small, 1) * whole + small * swing) / (whole * whole)


@_gate_slope.defjvp
def _(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Real, Real]:
    *exponent, swing = primals
    dz, *_, dswing = tangents
    opened, shut = _logistic(*exponent)
    return _gate_slope(*primals), opened * shut * ((1 + swing * (shut - opened)) * dz + dswing)


def linear_gate(x: Real, sharpness: Real | float) -> Real:
    """`x / (1 + exp(-sharpness * x))`."""
    inner = finite(x)
    exponent = product(jnp.full_like(x, sharpness), inner)
    unit = math.exp2(-spare(x))
    huge = jnp.abs(x) > (math.exp2(900) if double(x) else math.exp2(90))
    part = times_logistic(jnp.where(exponent.z < 0, inner, x) * jnp.where(huge, unit, 1), exponent)
    return jnp.where(huge, part / unit, part)


def linear_gate_slope(x: Real, sharpness: Real | float) -> Real:
    """Its derivative."""
    exponent = product(jnp.full_like(x, sharpness), x)
    return gate_slope(exponent, exponent.z)


@jax.custom_jvp
def softplus_rest(z: Real) -> Real:
    """`log(1 + exp(-|z|))` times `2**spare`, lest it underflow before it is divided."""
    shift = spare(z)
    scale, rest = exp_parts(-jnp.abs(z), shift=shift)
    small = scale + scale * rest
    unit = math.exp2(-shift)
    if double(z):
        return jnp.where(small < 1, small, jnp.log1p(small * unit) / unit)
    return on_gpu(
        lambda small: jnp.log1p(small * unit) / unit,
        lambda small: small + small * unit * small * polynomial(_LOG1P, small * unit),
        small,
    )


@softplus_rest.defjvp
def _(primals: tuple[Real], tangents: tuple[Real]) -> tuple[Real, Real]:
    (z,), (dz,) = primals, tangents
    small = fall(z)
    return softplus_rest(z), jnp.where(z < 0, small, -small) / (1 + small) * math.exp2(spare(z)) * dz


@jax.custom_jvp
def softplus(z: Real) -> Real:
    """`log(1 + exp(z))`."""
    return jnp.maximum(z, 0) + softplus_rest(z) * math.exp2(-spare(z))


softplus.defjvps(lambda dz, _, z: sigmoid(z) * dz)
