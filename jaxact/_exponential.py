"""The exponential function, taken apart: what every smooth activation is made of.

XLA has `exp` and `expm1`, but each is closed. Here `exp(x)` comes as a power of two and a small rest,

    exp(x) = scale * (1 + rest),    |rest| < 0.42,

so that a factor, a difference or a second, smaller exponent joins in before anything is rounded. In float32
on XLA's CPU backend, against float64: `expm1` is off by 0.84 ULP (XLA's by 5.0, in 1.8 times the time), `exp`
by 0.99 (XLA's by 1.0, and 4.8 next to its overflow). The polynomials are near minimax and state their error.
A GPU has an exponential of its own, in a third of the operations: there, XLA's functions are used.
Every function but the parts carries its derivative.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

Real = Float[Array, "..."]

_REST_32 = (0.5000000044, 0.1666666641, 0.04166636044, 0.008333381001, 0.001394066526, 0.0001985038146)
"""(exp(r) - 1 - r) / r**2 on |r| <= log(2) / 2, relative to exp(r) - 1 by 2**-32."""

_REST_64 = (
    0.4999999999999999999,
    0.1666666666666666669,
    0.04166666666666669131,
    0.008333333333333312405,
    0.001388888888887222071,
    0.0001984126984134267544,
    0.00002480158734956673946,
    2.755731911812335547e-6,
    2.755725230545998751e-7,
    2.505216711505126831e-8,
    2.092147052987568664e-9,
    1.605993713473477199e-10,
)
"""The same by 2**-68."""

_LOG2_32 = (0.693359375, -2.12194440e-4)
"""log(2) in two parts; the first has so few bits that its product with a small integer is exact."""

_LOG2_64 = (6.93147180369123816490e-1, 1.90821492927058770002e-10)

_REMAINDER_32 = (
    0.5,
    0.1666666714,
    0.04166666714,
    0.008333182072,
    0.001388873772,
    0.0001996217623,
    2.492243643e-5,
)
"""(exp(x) - 1 - x) / x**2 on |x| <= 1/2, relative error 2**-30."""

_REMAINDER_64 = (
    0.5,
    0.1666666666666666661,
    0.04166666666666666663,
    0.008333333333333399895,
    0.001388888888888893048,
    0.0001984126984105686107,
    0.00002480158730145423143,
    2.755731951602830871e-6,
    2.755731940645727038e-7,
    2.505191374563479739e-8,
    2.087663537090781498e-9,
    1.612129139076783698e-10,
    1.150964237066576085e-11,
)
"""The same with relative error 2**-64."""


def polynomial(coefficients: tuple[float, ...], x: Real) -> Real:
    """Horner's rule, lowest coefficient first."""
    total = jnp.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total = total * x + coefficient
    return total


def double(x: Real) -> bool:
    """Whether `x` is of float64."""
    return x.dtype == jnp.float64


def on_gpu(theirs: Callable[..., Real], ours: Callable[..., Real], *arguments: Real) -> Real:
    """A float32 function: XLA's on a GPU, ours elsewhere. The device is known when a program is compiled."""
    if double(arguments[0]):
        return ours(*arguments)
    return jax.lax.platform_dependent(*arguments, cuda=theirs, rocm=theirs, default=ours)


def head(x: Real) -> Real:
    """`x` with the lower half of its bits cleared, so that the product of two heads is exact.

    A mask does it, which no simplification of arithmetic can undo.
    """
    bits, mask = (jnp.uint64, (1 << 64) - (1 << 27)) if double(x) else (jnp.uint32, (1 << 32) - (1 << 12))
    word = jax.lax.bitcast_convert_type(x, bits)
    return jax.lax.bitcast_convert_type(word & jnp.asarray(mask, bits), x.dtype)


def power_of_two(x: Real, shift: Int[Array, "..."] | int = 0) -> tuple[Real, Real, Real]:
    """`x`, kept above the underflow; the integer next to `x / log(2)`; two to the power of it and `shift`.

    The integer is read from the bits of a sum that has no room for a fraction: rounding and converting it
    takes XLA twice as long.

    Args:
        x: Exponent, below the overflow of the result.
        shift: An integer that keeps the power within the dtype; below its smallest normal number it is 0.
    """
    bias, bits, word = (1023, 52, jnp.int64) if double(x) else (127, 23, jnp.int32)
    x = jnp.maximum(x, (-bias - jnp.asarray(shift, x.dtype)) * math.log(2))
    whole = np.asarray(1.5 * 2.0**bits, x.dtype)
    integer = jax.lax.bitcast_convert_type(x * (1 / math.log(2)) + whole, word)
    power = jax.lax.bitcast_convert_type((integer + jnp.asarray(shift, word) + bias) << bits, x.dtype)
    return x, (integer - whole.view(word)).astype(x.dtype), power


def exp_parts(x: Real, low: Real | None = None, shift: Int[Array, "..."] | int = 0) -> tuple[Real, Real]:
    """`scale` and `rest` with `exp(x + low) * 2**shift = scale * (1 + rest)`.

    Args:
        x: Exponent, below the overflow of the result. Where the scale would lie below the smallest normal
            number it is 0.
        low: What `x` lacks to the true exponent; small.
        shift: An integer that keeps the scale within the dtype.
    """
    half, coefficients = (_LOG2_64, _REST_64) if double(x) else (_LOG2_32, _REST_32)
    x, count, scale = power_of_two(x, shift)
    r = (x - count * half[0]) - count * half[1]
    r = r if low is None else r + low
    return scale, r + r * r * polynomial(coefficients, r)


def spare(x: Real) -> int:
    """A shift that keeps both terms of `scale + scale * rest` from underflow where their sum does not.

    It is small, because XLA turns `(c * a) * (c * a)` into `(c * c) * (a * a)`, which must not overflow.
    """
    return 53 if double(x) else 24


@jax.custom_jvp
def exp(x: Real) -> Real:
    """Exponential function, accurate from underflow to overflow."""
    return on_gpu(jnp.exp, _exp, x)


def _exp(x: Real) -> Real:
    below, shift = x < 0, spare(x)
    scale, rest = exp_parts(
        jnp.minimum(x, 710.0 if double(x) else 89.0), shift=jnp.where(below, shift, -shift)
    )
    return (scale + scale * rest) * jnp.where(below, math.exp2(-shift), math.exp2(shift))


exp.defjvps(lambda dx, y, _: y * dx)


@jax.custom_jvp
def fall(x: Real) -> Real:
    """`exp(-|x|)`, the one exponential that the smooth rectifiers and gates share."""
    return on_gpu(jnp.exp, _fall, -jnp.abs(x))


def _fall(x: Real) -> Real:
    scale, rest = exp_parts(x, shift=spare(x))
    return (scale + scale * rest) * math.exp2(-spare(x))


fall.defjvps(lambda dx, y, x: jnp.where(x < 0, y, -y) * dx)  # at 0 the slope from the right


@jax.custom_jvp
def expm1(x: Real) -> Real:
    """`exp(x) - 1` for `x <= 0`, without cancellation."""
    return on_gpu(jnp.expm1, _expm1, x)


def _expm1(x: Real) -> Real:
    scale, rest = exp_parts(jnp.maximum(x, -40.0))
    return jnp.copysign((scale - 1) + scale * rest, x)  # keeps -0


expm1.defjvps(lambda dx, _, x: exp(x) * dx)


@jax.custom_jvp
def exp_remainder(x: Real) -> Real:
    """`exp(x) - 1 - x` for `x <= 0`, without cancellation near 0."""
    small = jnp.maximum(x, -0.5)
    near = small * small * polynomial(_REMAINDER_64 if double(x) else _REMAINDER_32, small)
    return jnp.where(x > -0.5, near, expm1(x) - x)


exp_remainder.defjvps(lambda dx, _, x: expm1(x) * dx)
