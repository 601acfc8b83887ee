"""Products of `x` with a gate that is neither the sigmoid nor a hyperbolic tangent."""

import math

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import (
    _elementary as elementary,
    _exponential as exponential,
    _gates as gates,
    _logistic as logistic,
)
from jaxact._registry import activation
from jaxact._spec import Parameter


def _cauchy_rest(x: Array) -> Array:
    """`|x|` times what the distribution function of Cauchy lacks to its limit, for `|x| >= 1`."""
    inverse = 1 / jnp.clip(jnp.abs(x), 1, 1e10)
    return elementary.arctan(inverse) / inverse * (1 / math.pi)


@jax.custom_jvp
def _cauchy_slope(x: Array) -> Array:
    size = jnp.maximum(jnp.abs(x), 1)
    rest = (elementary.arctan(1 / size) - size * elementary.arctan_slope(size)) * (1 / math.pi)
    inner = jnp.clip(x, -1, 1)
    near = 0.5 + (elementary.arctan(inner) + inner * elementary.arctan_slope(inner)) * (1 / math.pi)
    return jnp.where(x < -1, rest, jnp.where(x > 1, 1 - rest, near))


_cauchy_slope.defjvps(lambda dx, _, x: 2 / math.pi * elementary.arctan_slope(x) ** 2 * dx)


@activation(
    formula="x * (arctan(x) / pi + 1 / 2)",
    paper="Kunc and Klema 2024, Three decades of activations, arXiv:2402.09092, CaLU; Huang 2024, Expanded gating ranges improve activation functions, arXiv:2405.20768, ATLU",
    image="(-1 / pi, inf)",
    aliases=("calu", "atlu"),
    slope=_cauchy_slope,
)
def cauchy_lu(x: ArrayLike) -> Float[Array, "..."]:
    """Cauchy linear unit, `x * (arctan(x) / pi + 1 / 2)`.

    The gate is the distribution function of Cauchy, whose tail is so heavy that the function tends to
    `-1 / pi` on the left.
    """
    near = x * (0.5 + elementary.arctan(jnp.clip(x, -1, 1)) * (1 / math.pi))
    return jnp.where(jnp.abs(x) > 1, jnp.maximum(x, 0) - _cauchy_rest(x), near)


@activation(
    formula="x * ((1 + 2 * margin) * (arctan(x) / pi + 1 / 2) - margin)",
    paper="Huang 2024, Expanded gating ranges improve activation functions, arXiv:2405.20768",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "margin", "(-inf, inf)", "How far the gate leaves [0, 1]", "Huang 2024, alpha", learned=True
        ),
    ),
    slope=lambda x, margin: (1 + 2 * margin) * _cauchy_slope(x) - margin,
    ill_conditioned="at its zero left of 0, which there is for a positive margin, without bound",
)
def xatlu(x: ArrayLike, *, margin: ArrayLike = 0.0) -> Float[Array, "..."]:
    """Expanded arctan linear unit, `x * ((1 + 2 * margin) * (arctan(x) / pi + 1 / 2) - margin)`.

    `cauchy_lu` with a gate from `-margin` to `1 + margin`; training starts at a margin of 0.
    """
    near = x * (0.5 + (1 + 2 * margin) * (elementary.arctan(jnp.clip(x, -1, 1)) * (1 / math.pi)))
    far = elementary.line(jnp.where(x > 0, 1 + margin, -margin), x) - (1 + 2 * margin) * _cauchy_rest(x)
    return jnp.where(jnp.abs(x) > 1, far, near)


def _gompertz_lu_slope(x: Array) -> Array:
    inner = jnp.maximum(x, -7)
    small = exponential.exp(-inner)
    return exponential.exp(-small) * (1 + inner * small)


@activation(
    formula="x * exp(-exp(-x))",
    paper="Das et al. 2025, Gompertz linear units: leveraging asymmetry for enhanced learning dynamics, arXiv:2502.03654",
    image="[-0.09726013, inf)",
    aliases=("golu", "expexpish"),
    slope=_gompertz_lu_slope,
    ill_conditioned="left of 0: |x| exp(-x), as the inner exponential is rounded",
)
def gompertz_lu(x: ArrayLike) -> Float[Array, "..."]:
    """Gompertz linear unit, `x * exp(-exp(-x))`.

    The gate is the distribution function of Gumbel, `loglog`, which closes doubly exponentially.
    """
    inner, exponent = gates.gompertz(x)
    gate, small = gates.growth(exponent)
    return jnp.where(x < 0, inner * small * math.exp2(-exponential.spare(x)), x * gate)


def _gish_slope(x: Array) -> Array:
    e = exponential.exp(jnp.minimum(x, 7))
    shut = exponential.exp(-e)
    return gates.log1p(-exponential.expm1(-e)) + x * (e * shut / (2 - shut))


@activation(
    formula="x * log(2 - exp(-exp(x)))",
    paper="Kaytan et al. 2022, Gish: a novel activation function for image classification",
    image="[-0.27815946, inf)",
    slope=_gish_slope,
)
def gish(x: ArrayLike) -> Float[Array, "..."]:
    """Gish, `x * log(2 - exp(-exp(x)))`.

    Grows like `log(2) * x`.
    """
    e, small = gates.growth(logistic.plain(jnp.minimum(x, 7)))
    left = elementary.finite_below(x) * small * math.exp2(-exponential.spare(x))
    return jnp.where(x < -40, left, elementary.finite_below(x) * gates.log1p(-exponential.expm1(-e)))


@activation(
    formula="x * log1p(1 / (1 + exp(-x)))",
    paper="Zhu et al. 2021, Logish: a new nonlinear nonmonotonic activation function for convolutional neural network",
    image="[-0.25276882, inf)",
    slope=lambda x: (
        gates.log1p(logistic.sigmoid(x)) + x * (logistic.sigmoid_slope(x) / (1 + logistic.sigmoid(x)))
    ),
)
def logish(x: ArrayLike) -> Float[Array, "..."]:
    """Logish, `x * log(1 + sigmoid(x))`.

    Grows like `log(2) * x`.
    """
    left = logistic.times_logistic(elementary.finite_below(x), logistic.plain(x))
    return jnp.where(x < -40, left, elementary.finite_below(x) * gates.log1p(logistic.sigmoid(x)))


def _aria2_slope(x: Array, power: Array, sharpness: Array) -> Array:
    z = sharpness * x
    opened = exponential.exp(-(power * logistic.softplus(-z)))
    return opened * (1 + jnp.clip(power * z, -1e4, 1e4) * logistic.sigmoid(-z))


@activation(
    formula="x * (1 + exp(-sharpness * x))**(-power)",
    paper="Patwardhan et al. 2018, ARiA: utilizing Richard's curve for controlling the non-monotonicity of the activation function in deep neural nets, arXiv:1805.08878",
    image="(-inf, inf)",
    parameters=(
        Parameter("power", "(0, inf)", "Power of the sigmoid", "Patwardhan et al. 2018, alpha"),
        Parameter("sharpness", "(0, inf)", "How abruptly it opens", "Patwardhan et al. 2018, beta"),
    ),
    slope=_aria2_slope,
)
def aria2(x: ArrayLike, *, power: ArrayLike = 1.5, sharpness: ArrayLike = 2.0) -> Float[Array, "..."]:
    """Adaptive Richards curve weighted activation, `x * sigmoid(sharpness * x)**power`.

    Some libraries leave out the leading `x`, which makes it another function.
    """
    z, inner = sharpness * x, logistic.finite(x)
    rest = logistic.softplus_rest(z) * math.exp2(-exponential.spare(x))
    part = jnp.where(x < 0, inner, x) * exponential.fall(power * rest)
    return jnp.where(
        x < 0, gates.times_exp(part, gates.triple(power, sharpness, jnp.minimum(inner, 0))), part
    )


def _colu_parts(x: Array) -> tuple[Array, Array, Array]:
    """`exp(x)`, `exp(-exp(x))` and the denominator times `exp(x)`."""
    e = exponential.exp(x)
    shut = exponential.exp(-e)
    return e, shut, e - x * shut


def _colu_slope(x: Array) -> Array:
    inner = jnp.clip(x, -1e4, 7)
    e, shut, whole = _colu_parts(inner)
    return e / whole * ((e - inner * inner * shut * (1 + e)) / whole)


@activation(
    formula="x / (1 - x * exp(-(x + exp(x))))",
    paper="Vagerwal 2021, Deeper learning with CoLU activation, arXiv:2112.12078",
    image="[-0.37715857, inf)",
    aliases=("collapsing_linear_unit",),
    slope=_colu_slope,
)
def colu(x: ArrayLike) -> Float[Array, "..."]:
    """Collapsing linear unit, `x / (1 - x * exp(-(x + exp(x))))`."""
    inner = jnp.clip(x, -1e4, 7)
    e, _, whole = _colu_parts(inner)
    return jnp.where(x > 7, x, inner / whole * e)


def _softrootsign_slope(x: Array, cap: Array, width: Array) -> Array:
    below, q = x < 0, jnp.clip(x / width, -1e4, 1e4)
    small = exponential.exp(jnp.where(below, q, -q))
    left = 1 + width * jnp.where(below, q, 0) * small / cap
    right = cap / (jnp.where(below, 0, x) + cap * small)
    return small * (1 + q) * jnp.where(below, 1 / (left * left), right * right)


@activation(
    formula="x / (x / cap + exp(-x / width))",
    paper="Zhou et al. 2020, Soft-root-sign activation function, arXiv:2003.00547",
    image="[cap * width / (width - cap * e), cap)",
    aliases=("srs",),
    parameters=(
        Parameter("cap", "(0, inf)", "Limit on the right", "Zhou et al. 2020, alpha", learned=True),
        Parameter("width", "(0, inf)", "How far the bend reaches", "Zhou et al. 2020, beta", learned=True),
    ),
    slope=_softrootsign_slope,
)
def softrootsign(x: ArrayLike, *, cap: ArrayLike = 2.0, width: ArrayLike = 3.0) -> Float[Array, "..."]:
    """Soft-root-sign, `x / (x / cap + exp(-x / width))`, cap and width learned.

    Takes its least value at `-width`. A width of `e * cap` or more puts a pole there.
    """
    inner = logistic.finite(x)
    exponent = gates.quotient(-jnp.abs(inner), width)
    left = gates.times_exp(jnp.minimum(inner, 0), exponent)
    size = jnp.where(x < 0, 0, inner)
    whole = size + cap * gates.growth(exponent)[0]
    right = jnp.where(size < 1, size * (cap / whole), cap * (size / whole))
    return jnp.where(x < 0, left / (1 + left / cap), right)
