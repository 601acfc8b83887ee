"""Products of `x` with a hyperbolic tangent."""

import math

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import (
    _elementary as elementary,
    _exponential as exponential,
    _gates as gates,
    _logistic as logistic,
    _normal as normal,
)
from jaxact._registry import activation
from jaxact._spec import Parameter


def _tanhexp_slope(x: Array) -> Array:
    inner = jnp.clip(x, -1e4, 7)
    e = exponential.exp(inner)
    return elementary.tanh(e) + inner * e * elementary.sech2(e)


@activation(
    formula="x * tanh(exp(x))",
    paper="Liu and Di 2020, TanhExp: a smooth activation function with high convergence speed for lightweight neural networks, arXiv:2003.09855; Fernandez and Mali 2024, TeLU activation function for fast and stable deep learning, arXiv:2412.20269",
    image="[-0.35328578, inf)",
    aliases=("telu",),
    slope=_tanhexp_slope,
)
def tanhexp(x: ArrayLike) -> Float[Array, "..."]:
    """Hyperbolic tangent exponential linear unit, `x * tanh(exp(x))`."""
    return gates.after_exp(x, logistic.plain(x), 1.0, elementary.tanh, 1.0)


def _beta_mish_slope(x: Array, steepness: Array) -> Array:
    y = steepness * logistic.softplus(x)
    return elementary.tanh(y) + x * logistic.sigmoid(x) * (steepness * elementary.sech2(y))


@activation(
    formula="x * tanh(steepness * log1p(exp(x)))",
    paper="Misra 2019, Beta-Mish, github.com/digantamisra98/Beta-Mish",
    image="(-inf, inf)",
    parameters=(Parameter("steepness", "(0, inf)", "Factor of the softplus", "Misra 2019, beta"),),
    slope=_beta_mish_slope,
)
def beta_mish(x: ArrayLike, *, steepness: ArrayLike = 1.5) -> Float[Array, "..."]:
    """Beta-Mish, `x * tanh(steepness * softplus(x))`.

    `mish` is the one of steepness 1.
    """
    return gates.after_softplus(x, logistic.plain(x), steepness, elementary.tanh, 1.0)


def _mila_slope(x: Array, shift: Array) -> Array:
    y = logistic.softplus(x + shift)
    return elementary.tanh(y) + x * logistic.sigmoid(x + shift) * elementary.sech2(y)


@activation(
    formula="x * tanh(log1p(exp(x + shift)))",
    paper="Misra 2019, Mila, github.com/digantamisra98/Mila",
    image="(-inf, inf)",
    parameters=(Parameter("shift", "(-inf, inf)", "What the gate adds to `x`", "Misra 2019, beta"),),
    slope=_mila_slope,
)
def mila(x: ArrayLike, *, shift: ArrayLike = -0.25) -> Float[Array, "..."]:
    """Mila, `x * tanh(softplus(x + shift))`.

    `mish` is the one of shift 0.
    """
    return gates.after_softplus(x, gates.total(logistic.finite(x), shift), 1.0, elementary.tanh, 1.0)


def _smish_slope(x: Array, scale: Array, sharpness: Array) -> Array:
    z = jnp.clip(sharpness * x, -1e4, 1e4)
    opened = logistic.sigmoid(z)
    both = opened * (2 + opened)
    swing = z * (logistic.sigmoid_slope(z) * (4 * (1 + opened) / ((2 + both) * (2 + both))))
    return scale * (both / (2 + both) + swing)


@activation(
    formula="scale * x * tanh(log1p(1 / (1 + exp(-sharpness * x))))",
    paper="Wang et al. 2022, Smish: a novel activation function for deep learning methods",
    image="(-inf, inf)",
    parameters=(
        Parameter("scale", "(0, inf)", "Factor of the whole", "Wang et al. 2022, alpha"),
        Parameter("sharpness", "(0, inf)", "How abruptly the gate opens", "Wang et al. 2022, beta"),
    ),
    slope=_smish_slope,
)
def smish(x: ArrayLike, *, scale: ArrayLike = 1.0, sharpness: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Smish, `scale * x * tanh(log(1 + sigmoid(sharpness * x)))`.

    Grows like `3 / 5 * scale * x`. Evaluated as a quotient, without logarithm and tangent.
    """
    exponent = logistic.product(jnp.full_like(x, sharpness), logistic.finite(x))
    below = exponent.z < 0
    falling = logistic.Exponent(
        *(part if part is None else jnp.where(below, part, -part) for part in exponent)
    )
    e, small = gates.growth(falling)
    gate = jnp.where(below, 2 + 3 * e, 3 + 2 * e) / jnp.where(below, 2 + e * (6 + 5 * e), 5 + e * (6 + 2 * e))
    left = jnp.where(exponent.z < -1e4, -0.0, x) * small * scale * gate * math.exp2(-exponential.spare(x))
    return jnp.where(below, left, x * (scale * gate))


def _phish_slope(x: Array) -> Array:
    inner = jnp.clip(x, -400, 400)
    gate = normal.cdf(inner)
    y = inner * gate
    return elementary.tanh(y) + inner * elementary.sech2(y) * (gate + inner * normal.density(inner))


def _square_times_tail(x: Array) -> Array:
    """`x**2` times the distribution function of N(0, 1), far left, where that underflows first."""
    far, end = (30, 64) if exponential.double(x) else (12, 20)
    size = jnp.clip(-x, far, end)
    inverse = 1 / (size * size)
    series = exponential.polynomial((1.0, -1.0, 3.0, -15.0, 105.0, -945.0, 10395.0, -135135.0), inverse)
    top = size * series * (math.exp(0.5) / math.sqrt(2 * math.pi)) * normal.gaussian(size - 1)
    return jnp.where(x < -end, 0, top * exponential.fall(size))


@activation(
    formula="x * tanh(x * erfc(-x / sqrt(2)) / 2)",
    paper="Naveen 2022, Phish: a novel hyper-optimizable activation function",
    image="[0, inf)",
    slope=_phish_slope,
)
def phish(x: ArrayLike) -> Float[Array, "..."]:
    """Phish, `x * tanh(gelu(x))`.

    Nowhere negative: left of 0 both factors are.
    """
    far = x < (-30 if exponential.double(x) else -12)
    inner = jnp.where(far, 0, x)
    return jnp.where(far, _square_times_tail(x), inner * elementary.tanh(normal.gate(inner)))


def _log_slope(x: Array, offset: Array) -> Array:
    """Derivative of `log(offset + exp(x))`."""
    e, below = exponential.exp(jnp.minimum(x, 0)), exponential.exp(x) < offset
    small = jnp.where(below, e / jnp.where(offset > 0, offset, 1), 1)
    return small / (1 + jnp.where(below, small, offset * exponential.exp(-jnp.maximum(x, -80))))


def _log(x: Array, offset: Array) -> Array:
    """`log(offset + exp(x))` for an offset in [0, 1]."""
    e, some = exponential.exp(jnp.minimum(x, 0)), jnp.where(offset > 0, offset, 1)
    right = x + gates.log1p(jnp.minimum(offset * exponential.exp(-jnp.maximum(x, -80)), 1))
    left = jnp.log(some) + gates.log1p(jnp.minimum(e / some, 1))
    return jnp.where(exponential.exp(x) < offset, left, right)


def _tanhsoft_parts(x: Array, z: Array, slope: Array, steepness: Array) -> Array:
    """The linear part of the argument, where the exponential does not outgrow it."""
    return jnp.where((z > gates.HIGHEST - 1) & (steepness > 0), 0, elementary.line(slope, x))


def _tanhsoft_slope(x: Array, slope: Array, steepness: Array, rate: Array, offset: Array) -> Array:
    z = jnp.clip(rate * x, -1e4, gates.HIGHEST)
    part = steepness * exponential.exp(z)
    y = _tanhsoft_parts(x, z, slope, steepness) + part
    swing = elementary.sech2(y) * (slope + rate * part) * _log(x, offset)
    return swing + elementary.tanh(y) * _log_slope(x, offset)


@activation(
    formula="tanh(slope * x + steepness * exp(rate * x)) * log(offset + exp(x))",
    paper="Biswas et al. 2020, TanhSoft: a family of activation functions combining tanh and softplus, arXiv:2009.03863",
    image="(-inf, inf)",
    parameters=(
        Parameter("slope", "(-inf, 1]", "Slope of the argument of tanh", "Biswas et al. 2020, alpha"),
        Parameter("steepness", "[0, inf)", "Factor of the exponential there", "Biswas et al. 2020, beta"),
        Parameter("rate", "(0, inf)", "Growth of that exponential", "Biswas et al. 2020, gamma"),
        Parameter("offset", "[0, 1]", "From the identity, 0, to softplus, 1", "Biswas et al. 2020, delta"),
    ),
    slope=_tanhsoft_slope,
    ill_conditioned="at its zeros left of 0, which there are for a positive slope or an offset within (0, 1), without bound",
)
def tanhsoft(
    x: ArrayLike,
    *,
    slope: ArrayLike = 0.0,
    steepness: ArrayLike = 0.6,
    rate: ArrayLike = 1.0,
    offset: ArrayLike = 0.0,
) -> Float[Array, "..."]:
    """TanhSoft, `tanh(slope * x + steepness * exp(rate * x)) * log(offset + exp(x))`.

    By default TanhSoft-2, `x * tanh(0.6 * exp(x))`. TanhSoft-1 is the one of slope 0.87, steepness 0 and
    offset 1.
    """
    exponent = logistic.product(jnp.full_like(x, rate), logistic.finite(x))
    e, small = gates.growth(exponent)
    linear, log = _tanhsoft_parts(x, exponent.z, slope, steepness), _log(x, offset)
    y, inner = linear + steepness * e, logistic.finite(log)
    left = inner * linear + inner * small * (steepness * math.exp2(-exponential.spare(x)))
    flat = (exponent.z < 0) & (jnp.abs(y) < gates.linear_bound(x))
    return jnp.where(flat, left, jnp.where(y == 0, inner, log) * elementary.tanh(y))
