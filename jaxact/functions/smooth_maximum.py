"""Smooth maxima of two lines through 0."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary, _logistic as logistic, _normal as normal
from jaxact._registry import activation
from jaxact._spec import Parameter


def _between(x: Array, steep: Array, flat: Array, sharpness: Array) -> Array:
    """`flat * x + (steep - flat) * x / (1 + exp(-sharpness * (steep - flat) * x))`."""
    rate = sharpness * (steep - flat)
    above = (rate < 0) ^ (x > 0)
    inner = logistic.finite(x)
    rest = (steep - flat) * logistic.linear_gate(jnp.where(above, -inner, inner), rate)
    z = rate * inner
    central = jnp.abs(z) < jnp.finfo(x.dtype).eps / 4  # where the rest may underflow
    outer = jnp.where(central, (steep + flat) / 2 + (steep - flat) / 4 * z, jnp.where(above, steep, flat))
    line = elementary.line(outer, x)
    return jnp.where(central, line, line + rest)


def _between_slope(x: Array, positive_slope: Array, negative_slope: Array, sharpness: Array) -> Array:
    gap = positive_slope - negative_slope
    return negative_slope + gap * logistic.linear_gate_slope(x, sharpness * gap)


@activation(
    formula="(1 - slope) * x / (1 + exp(-sharpness * (1 - slope) * x)) + slope * x",
    paper="Ma et al. 2020, Activate or not: learning customized activation, arXiv:2009.04759",
    image="(-inf, inf)",
    parameters=(
        Parameter("slope", "(-inf, inf)", "Steepness far left", "Ma et al. 2020, p", learned=True),
        Parameter(
            "sharpness",
            "(-inf, inf)",
            "How closely it follows the leaky rectifier",
            "Ma et al. 2020, beta",
            learned=True,
        ),
    ),
    slope=lambda x, slope, sharpness: _between_slope(x, jnp.ones_like(slope), slope, sharpness),
)
def acon_b(x: ArrayLike, *, slope: ArrayLike = 0.25, sharpness: ArrayLike = 1.0) -> Float[Array, "..."]:
    """ACON-B, the smooth maximum of `x` and `slope * x`, `(1 - slope) * x * sigmoid(sharpness * (1 - slope) * x) + slope * x`.

    Both parameters are learned. `swish` is the one of slope 0.
    """
    return _between(x, jnp.ones_like(slope), slope, sharpness)


@activation(
    formula="(positive_slope - negative_slope) * x / (1 + exp(-sharpness * (positive_slope - negative_slope) * x)) + negative_slope * x",
    paper="Ma et al. 2020, Activate or not: learning customized activation, arXiv:2009.04759",
    image="(-inf, inf)",
    parameters=(
        Parameter("positive_slope", "(-inf, inf)", "Steepness far right", "Ma et al. 2020, p1", learned=True),
        Parameter("negative_slope", "(-inf, inf)", "Steepness far left", "Ma et al. 2020, p2", learned=True),
        Parameter(
            "sharpness",
            "(-inf, inf)",
            "How closely it follows the two lines",
            "Ma et al. 2020, beta",
            learned=True,
        ),
    ),
    slope=_between_slope,
)
def acon_c(
    x: ArrayLike,
    *,
    positive_slope: ArrayLike = 1.0,
    negative_slope: ArrayLike = 0.0,
    sharpness: ArrayLike = 1.0,
) -> Float[Array, "..."]:
    """ACON-C, the smooth maximum of `p1 * x` and `p2 * x`, `(p1 - p2) * x * sigmoid(sharpness * (p1 - p2) * x) + p2 * x`.

    All three parameters are learned. The defaults give `silu`.
    """
    return _between(x, positive_slope, negative_slope, sharpness)


def _smu_argument(x: Array, slope: Array, sharpness: Array) -> Array:
    """The argument of the normal distribution function, cut off where that is 0 or 1."""
    return jnp.clip(2**0.5 * sharpness * (1 - slope) * logistic.finite(x), -64, 64)


def _smu_slope(x: Array, slope: Array, sharpness: Array) -> Array:
    z = _smu_argument(x, slope, sharpness)
    return slope + (1 - slope) * (normal.cdf(z) + z * normal.density(z))


@activation(
    formula="((1 + slope) * x + (1 - slope) * x * erf(sharpness * (1 - slope) * x)) / 2",
    paper="Biswas et al. 2021, SMU: smooth activation function for deep networks using smoothing maximum technique, arXiv:2111.04682",
    image="(-inf, inf)",
    parameters=(
        Parameter("slope", "(-inf, inf)", "Steepness far left", "Biswas et al. 2021, alpha"),
        Parameter(
            "sharpness",
            "(0, inf)",
            "How closely it follows the leaky rectifier",
            "no paper: Biswas et al. 2021, mu, learn it",
            learned=True,
        ),
    ),
    slope=_smu_slope,
    ill_conditioned="left of 0 where the slope is 0: 1 + 2 * (sharpness * x)**2",
)
def smu(x: ArrayLike, *, slope: ArrayLike = 0.25, sharpness: ArrayLike = 2.5) -> Float[Array, "..."]:
    """Smooth maximum unit, `((1 + slope) * x + (1 - slope) * x * erf(sharpness * (1 - slope) * x)) / 2`.

    The smooth maximum of `x` and `slope * x` that writes `|x|` as `x * erf(sharpness * x)`; the sharpness is
    learned. Of slope 0 and sharpness `1 / sqrt(2)` it is `gelu`.
    """
    gate = slope + (1 - slope) * normal.cdf(_smu_argument(x, slope, sharpness))
    return elementary.line(gate, x)


@activation(
    formula="((1 + slope) * x + sqrt(((1 - slope) * x)**2 + width**2)) / 2",
    paper="Biswas et al. 2021, SMU: smooth activation function for deep networks using smoothing maximum technique, arXiv:2111.04682",
    image="(-inf, inf)",
    aliases=("lreluplus",),
    parameters=(
        Parameter("slope", "(-inf, inf)", "Steepness far left", "Biswas et al. 2021, alpha"),
        Parameter(
            "width",
            "[0, inf)",
            "Width of the bend",
            "no paper: Biswas et al. 2021, mu, start from 4.35e-9, a corner in float32",
            learned=True,
        ),
    ),
    slope=lambda x, slope, width: (
        slope + (1 - slope) * elementary.hyperbola_slope((1 - slope) * x, width * width)
    ),
    ill_conditioned="at its zero left of 0, without bound",
)
def smu1(x: ArrayLike, *, slope: ArrayLike = 0.25, width: ArrayLike = 1.0) -> Float[Array, "..."]:
    """SMU-1, `((1 + slope) * x + sqrt(((1 - slope) * x)**2 + width**2)) / 2`.

    The smooth maximum of `x` and `slope * x` that writes `|x|` as `sqrt(x**2 + width**2)`; the width is learned.
    """
    rest = elementary.hyperbola(-jnp.abs(elementary.line(1 - slope, x)), width * width)
    return jnp.maximum(x, elementary.line(slope, x)) + rest
