"""The functions whose float32 digits cost the most, with a dozen bits for results of 8 and 16 bits.

They compute in float32, within 2**-13 of the truth wherever that is normal; the rounding to 16 bits, which
comes after, is 2**-12 at least. So every value stays within 1 ULP, which the tests see on all of them.
"""

import math

import jax
import jax.numpy as jnp

from jaxact._elementary import sech2
from jaxact._exponential import Real, on_gpu, polynomial, power_of_two
from jaxact._logistic import gate_slope, plain, sigmoid_slope as exact_sigmoid_slope
from jaxact._normal import density

_REST = (0.50005119, 0.16753518, 0.04127733)
"""(exp(r) - 1 - r) / r**2 on |r| <= log(2) / 2, relative to exp(r) by 2**-17."""

_LOG1P = (1.0, -0.49990747, 0.33140423, -0.23611325, 0.15102727, -0.06785078, 0.01458816)
"""log1p(u) / u on 0 <= u <= 1, relative error 2**-19."""

_TAIL = ((0.50001247, 0.27898666, 0.06282814), (1.0, 1.35662957, 0.70427494, 0.15731765))
"""exp(x**2 / 2) Phi(-x) as a quotient on 0 <= x <= 14.5, relative error 2**-15."""

_TANH = ((1.0, 0.117212426, 0.00168011523), (1.0, 0.450538451, 0.0185385646, 6.74858842e-5))
"""tanh(x) / x in x**2 as a quotient on |x| <= sqrt(22), where it rounds to 1; relative error 2**-19."""

_SHIFT = 24
"""By this power of two a product of the exponential may be larger than the exponential itself."""


def _parts(x: Real, shift: int) -> tuple[Real, Real]:
    """`scale` and `rest` with `exp(x) * 2**shift = scale * (1 + rest)`."""
    x, count, scale = power_of_two(x, shift)
    r = x - count * math.log(2)
    return scale, r + r * r * polynomial(_REST, r)


def _fall(size: Real, shift: int = 0) -> Real:
    """`exp(-size) * 2**shift`."""

    def ours(x: Real) -> Real:
        scale, rest = _parts(x, shift)
        return scale + scale * rest

    return on_gpu(lambda x: jnp.exp(x) * math.exp2(shift), ours, -size)


def _quotient(top: Real, bottom: Real) -> Real:
    """`top / bottom`, for a moderate and positive divisor; rounding it well costs a GPU eight operations."""
    return on_gpu(lambda a, b: a * jax.lax.rsqrt(b * b), lambda a, b: a / b, top, bottom)


def gate(x: Real, z: Real) -> Real:
    """`x / (1 + exp(-z))`."""
    small, unit = _fall(jnp.abs(z), _SHIFT), math.exp2(-_SHIFT)
    top = jnp.where(z < 0, jnp.maximum(x, jnp.finfo(x.dtype).min) * small * unit, x)
    return _quotient(top, 1 + small * unit)


def sigmoid(z: Real) -> Real:
    """`1 / (1 + exp(-z))`."""
    small = _fall(jnp.abs(z), _SHIFT) * math.exp2(-_SHIFT)
    return _quotient(jnp.where(z < 0, small, 1), 1 + small)


@jax.custom_jvp
def sigmoid_slope(z: Real) -> Real:
    """Its derivative."""
    return _bell(z, 1.0)


def _bell(z: Real, height: float) -> Real:
    """`height * exp(-z) / (1 + exp(-z))**2`."""
    small, unit = _fall(jnp.abs(z), _SHIFT), math.exp2(-_SHIFT)
    whole = 1 + small * unit
    return _quotient(small * (height * unit), whole * whole)


sigmoid_slope.defjvps(lambda dz, _, z: jax.jvp(exact_sigmoid_slope, (z,), (dz,))[1])


def tanh(x: Real) -> Real:
    """Hyperbolic tangent."""
    inner = jnp.clip(x, -math.sqrt(22), math.sqrt(22))
    top, bottom = (polynomial(coefficients, inner * inner) for coefficients in _TANH)
    return _quotient(inner * top, bottom)


@jax.custom_jvp
def tanh_slope(x: Real) -> Real:
    """Its derivative."""
    return _bell(2 * x, 4.0)


tanh_slope.defjvps(lambda dx, _, x: jax.jvp(sech2, (x,), (dx,))[1])


def cubic_gate(x: Real, linear: float, cubic: float) -> Real:
    """`x / (1 + exp(-x * (linear + cubic * x**2)))`."""
    inner = jnp.clip(x, -64, 64)
    return gate(x, inner * (linear + cubic * inner * inner))


def cubic_gate_slope(x: Real, linear: float, cubic: float) -> Real:
    """Its derivative."""
    inner = jnp.clip(x, -64, 64)
    square = inner * inner
    return gate_slope(plain(inner * (linear + cubic * square)), inner * (linear + 3 * cubic * square))


def gelu(x: Real) -> Real:
    """`x` times the distribution function of N(0, 1)."""
    bell, top, bottom = _normal(x)
    part, below = bell * top, x < 0
    lower = jnp.maximum(x, jnp.finfo(x.dtype).min) * part
    return _quotient(jnp.where(below, lower, bottom - part), bottom) * jnp.where(below, 1, x)


@jax.custom_jvp
def gelu_slope(x: Real) -> Real:
    """Its derivative."""
    bell, top, bottom = _normal(x)
    part = bell * top
    above = _quotient(jnp.where(x < 0, part, bottom - part), bottom)
    return above + jnp.clip(x, -64, 64) * bell * (1 / math.sqrt(2 * math.pi))


@gelu_slope.defjvp
def _(primals: tuple[Real], tangents: tuple[Real]) -> tuple[Real, Real]:
    (x,), (dx,) = primals, tangents
    inner = jnp.clip(x, -64, 64)
    return gelu_slope(x), density(inner) * (2 - inner * inner) * dx


def _normal(x: Real) -> tuple[Real, Real, Real]:
    """`exp(-x**2 / 2)`, and numerator and denominator of `Phi(-|x|)` divided by it."""
    size = jnp.minimum(jnp.abs(x), 64)
    top, bottom = (polynomial(coefficients, size) for coefficients in _TAIL)
    return _fall(size * size / 2), top, bottom


def expm1(x: Real) -> Real:
    """`exp(x) - 1` for `x <= 0`."""

    def theirs(x: Real) -> Real:
        near = x * (1 + x * (1 / 2 + x * (1 / 6 + x / 24)))
        return jnp.where(x > -0.25, near, jnp.exp(x) - 1)

    def ours(x: Real) -> Real:
        scale, rest = _parts(jnp.maximum(x, -40.0), 0)
        return jnp.copysign((scale - 1) + scale * rest, x)  # keeps -0

    return on_gpu(theirs, ours, x)


def mish(x: Real) -> Real:
    """`x * tanh(log(1 + exp(x)))`."""
    below, unit = x < 0, math.exp2(-_SHIFT)
    small = _fall(jnp.abs(x), _SHIFT)
    e = small * unit
    left, right = e * (e + 2), 1 + 2 * e
    top = jnp.where(below, jnp.maximum(x, jnp.finfo(x.dtype).min) * small * (e + 2) * unit, x * right)
    return _quotient(top, jnp.where(below, 2 + left, right + 2 * e * e))


def softplus(x: Real, sharpness: Real | float = 1.0) -> Real:
    """`log(1 + exp(sharpness * x)) / sharpness`."""
    small = _fall(jnp.abs(sharpness * x), _SHIFT)
    log1p = small * math.exp2(-_SHIFT // 2) * polynomial(_LOG1P, small * math.exp2(-_SHIFT))
    return jnp.maximum(x, 0) + log1p / (sharpness * math.exp2(_SHIFT // 2))
