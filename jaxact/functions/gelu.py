"""The Gaussian error linear unit, its approximations and a clipped one."""

import math
from fractions import Fraction

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary, _logistic as logistic, _narrow as narrow, _normal as normal
from jaxact._registry import activation
from jaxact._spec import Joint, Parameter

_TWICE_ROOT = Fraction(
    "1.59576912160573071175978423973752747390343452465973863066370331868"
)  # 2 sqrt(2 / pi)
_GELU_TANH = (_TWICE_ROOT, _TWICE_ROOT * Fraction("0.044715"))
_GELU_SIGMOID_CUBIC = (Fraction("1.60033"), Fraction("1.60033") * Fraction("0.0433603"))
_QUICK_GELU = Fraction("1.702")


def _cubic_gate(x: Array, linear: Fraction, cubic: Fraction) -> Array:
    exponent = logistic.odd_cubic(jnp.clip(x, -64, 64), linear, cubic)
    return logistic.times_logistic(elementary.finite_below(x), exponent)


def _cubic_gate_slope(x: Array, linear: Fraction, cubic: Fraction) -> Array:
    inner = jnp.clip(x, -64, 64)
    exponent = logistic.odd_cubic(inner, linear, cubic)
    return logistic.gate_slope(exponent, inner * (float(linear) + 3 * float(cubic) * inner * inner))


def _quick_gelu_slope(x: Array) -> Array:
    exponent = logistic.multiple(jnp.clip(x, -1e4, 1e4), _QUICK_GELU)
    return logistic.gate_slope(exponent, exponent.z)


def _gelu_slope(x: Array) -> Array:
    inner = jnp.clip(x, -64, 64)
    return normal.cdf(x) + inner * normal.density(inner)


def _clipped_gelu_joints(minimum: float, maximum: float) -> tuple[Joint, ...]:
    """Where gelu passes through its bounds, by bisection on either side of its lowest point."""
    lowest = -0.7517915246935645
    pieces = ((minimum, -40.0, lowest), (minimum, lowest, 0.0), (maximum, 0.0, 2 * maximum + 2))
    joints = []
    for bound, start, end in pieces:
        left, right = start, end
        rising = _gelu(left) < bound <= _gelu(right)
        if rising or _gelu(left) > bound >= _gelu(right):
            for _ in range(200):
                middle = (left + right) / 2
                left, right = (middle, right) if (_gelu(middle) < bound) == rising else (left, middle)
            slope = _gelu(right) / right if right else 0.5
            joints.append(Joint(right, slope + right * math.exp(-right * right / 2) / math.sqrt(2 * math.pi)))
    return tuple(joints)


def _gelu(x: float) -> float:
    return x * math.erfc(-x / math.sqrt(2)) / 2


def _clipped_gelu_slope(x: Array, minimum: Array, maximum: Array) -> Array:
    value = normal.gate(x)
    return jnp.where((value < minimum) | (value > maximum), 0, _gelu_slope(x))


@activation(
    formula="x * erfc(-x / sqrt(2)) / 2",
    paper="Hendrycks and Gimpel 2016, Gaussian error linear units, arXiv:1606.08415",
    image="[-0.16997121, inf)",
    aliases=("gelu_exact", "gelu_erf", "gelu_python"),
    slope=_gelu_slope,
    narrow=narrow.gelu,
    narrow_slope=narrow.gelu_slope,
)
def gelu(x: ArrayLike) -> Float[Array, "..."]:
    """Gaussian error linear unit, exact: `x * Phi(x)`, Phi the distribution function of N(0, 1).

    The lower tail is `exp(-x**2 / 2)` with the square in twice the precision, times a scaled erfc;
    so it keeps its digits where `1 + erf` has none: within 4 ULP in the tail, whose condition number
    is `x**2`.
    """
    return normal.gate(x)


@activation(
    formula="x / (1 + exp(-2 * sqrt(2 / pi) * (x + 0.044715 * x**3)))",
    paper="Hendrycks and Gimpel 2016, Gaussian error linear units, arXiv:1606.08415",
    image="[-0.17004, inf)",
    aliases=("gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_accurate", "gelu_python_tanh"),
    slope=lambda x: _cubic_gate_slope(x, *_GELU_TANH),
    narrow=lambda x: narrow.cubic_gate(x, *map(float, _GELU_TANH)),
    narrow_slope=lambda x: narrow.cubic_gate_slope(x, *map(float, _GELU_TANH)),
)
def gelu_tanh(x: ArrayLike) -> Float[Array, "..."]:
    """Gaussian error linear unit, tanh approximation: `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))`.

    Evaluated as `x * sigmoid(2 u)`, the same function, which neither cancels nor overflows.
    """
    return _cubic_gate(x, *_GELU_TANH)


@activation(
    formula="x / (1 + exp(-1.60033 * x * (1 + 0.0433603 * x**2)))",
    paper="Apple 2023, MLX, nn.gelu_approx",
    image="[-0.17, inf)",
    aliases=("gelu_approx_mlx",),
    slope=lambda x: _cubic_gate_slope(x, *_GELU_SIGMOID_CUBIC),
    narrow=lambda x: narrow.cubic_gate(x, *map(float, _GELU_SIGMOID_CUBIC)),
    narrow_slope=lambda x: narrow.cubic_gate_slope(x, *map(float, _GELU_SIGMOID_CUBIC)),
)
def gelu_sigmoid_cubic(x: ArrayLike) -> Float[Array, "..."]:
    """Gaussian error linear unit, sigmoid approximation with a cubic: `x * sigmoid(1.60033 * x * (1 + 0.0433603 * x**2))`.

    Neither `gelu_tanh` nor `quick_gelu`.
    """
    return _cubic_gate(x, *_GELU_SIGMOID_CUBIC)


@activation(
    formula="x / (1 + exp(-1.702 * x))",
    paper="Hendrycks and Gimpel 2016, Gaussian error linear units, arXiv:1606.08415",
    image="[-0.16361, inf)",
    slope=_quick_gelu_slope,
    narrow=lambda x: narrow.gate(x, float(_QUICK_GELU) * x),
)
def quick_gelu(x: ArrayLike) -> Float[Array, "..."]:
    """Gaussian error linear unit, sigmoid approximation: `x * sigmoid(1.702 * x)`."""
    exponent = logistic.multiple(jnp.clip(x, -1e4, 1e4), _QUICK_GELU)
    return logistic.times_logistic(elementary.finite_below(x), exponent)


@activation(
    formula="min(max(x * erfc(-x / sqrt(2)) / 2, minimum), maximum)",
    paper="Wu et al. 2020, Integer quantization for deep learning inference, arXiv:2004.09602",
    image="[max(minimum, -0.16997121), maximum]",
    aliases=("gelu_10",),
    parameters=(
        Parameter("minimum", "(-inf, 0]", "Smallest value", "Hugging Face transformers, gelu_10"),
        Parameter("maximum", "(0, inf)", "Largest value", "Hugging Face transformers, gelu_10"),
    ),
    kinks=_clipped_gelu_joints,
    slope=_clipped_gelu_slope,
)
def clipped_gelu(
    x: ArrayLike, *, minimum: ArrayLike = -10.0, maximum: ArrayLike = 10.0
) -> Float[Array, "..."]:
    """Clipped Gaussian error linear unit, `min(max(gelu(x), minimum), maximum)`.

    With the default minimum only the upper bound acts. At the joints the derivative taken is that of
    gelu.
    """
    value = normal.gate(x)
    return jnp.where(value < minimum, minimum, jnp.where(value > maximum, maximum, value))
