"""Functions of the form `x * gate(x)`."""

import math

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import (
    _elementary as elementary,
    _exponential as exponential,
    _logistic as logistic,
    _narrow as narrow,
)
from jaxact._registry import activation
from jaxact._spec import Parameter


def _mish_parts(x: Array) -> tuple[Array, Array, Array, Array]:
    """The gate tanh(softplus(x)) is passed / (passed + held), the sigmoid opened / (opened + shut); all bounded."""
    below, e = x < 0, exponential.fall(x)
    passed, held = jnp.where(below, e * (e + 2), 1 + 2 * e), jnp.where(below, 2, 2 * e * e)
    return passed, held, jnp.where(below, e, 1), jnp.where(below, 1, e)


@jax.custom_jvp
def _mish_slope(x: Array) -> Array:
    passed, held, opened, shut = _mish_parts(x)
    whole, both = passed + held, opened + shut
    # the slope of the gate: held / whole * (1 + gate) * sigmoid
    swing = jnp.clip(x, -1e4, 1e4) * (held * (whole + passed) * opened)
    return (passed * whole * both + swing) / (whole * whole * both)


@_mish_slope.defjvp
def _(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    (x,), (dx,) = primals, tangents
    passed, held, opened, shut = _mish_parts(x)
    whole, both = passed + held, opened + shut
    gate, sigmoid = passed / whole, opened / both
    slope = held / whole * (1 + gate) * sigmoid
    bend = 2 + jnp.clip(x, -1e4, 1e4) * (shut / both - 2 * gate * sigmoid)
    return _mish_slope(x), slope * bend * dx


@activation(
    formula="x / (1 + exp(-x))",
    paper="Hendrycks and Gimpel 2016, Gaussian error linear units, arXiv:1606.08415; Elfwing et al. 2017, Sigmoid-weighted linear units for neural network function approximation in reinforcement learning, arXiv:1702.03118",
    image="[-0.27846454, inf)",
    aliases=("swish1", "sil"),
    slope=lambda x: logistic.gate_slope(logistic.plain(x), x),
    narrow=lambda x: narrow.gate(x, x),
)
def silu(x: ArrayLike) -> Float[Array, "..."]:
    """Sigmoid-weighted linear unit, `x * sigmoid(x)`.

    The special case of `swish` with sharpness 1, and what many libraries call swish.
    """
    return logistic.times_logistic(elementary.finite_below(x), logistic.plain(x))


@activation(
    formula="x / (1 + exp(-sharpness * x))",
    paper="Ramachandran et al. 2017, Searching for activation functions, arXiv:1710.05941",
    image="(-inf, inf)",
    aliases=("swish_beta", "acon_a"),
    parameters=(
        Parameter(
            "sharpness",
            "(-inf, inf)",
            "How closely it follows the rectifier",
            "Ramachandran et al. 2017, beta",
            learned=True,
        ),
    ),
    slope=logistic.linear_gate_slope,
)
def swish(x: ArrayLike, *, sharpness: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Swish, `x * sigmoid(sharpness * x)`, sharpness learned or fixed.

    Tends to the rectifier as the sharpness grows, and to `x / 2` as it vanishes.
    """
    return logistic.linear_gate(x, sharpness)


@activation(
    formula="x * tanh(log1p(exp(x)))",
    paper="Misra 2019, Mish: a self regularized non-monotonic activation function, arXiv:1908.08681",
    image="[-0.30884341, inf)",
    slope=_mish_slope,
    narrow=narrow.mish,
)
def mish(x: ArrayLike) -> Float[Array, "..."]:
    """Mish, `x * tanh(softplus(x))`."""
    below, shift = x < 0, exponential.spare(x)
    scale, rest = exponential.exp_parts(-jnp.abs(x), shift=shift)
    # left of 0: x (e + e**2 / 2) / (1 + e + e**2 / 2), where x and the scale multiply before anything is rounded
    start = elementary.finite_below(x) * scale
    near = scale * math.exp2(-shift)
    e = near + near * rest
    left = start + start * (rest + (e + e * rest) / 2)
    # right of 0: x - x (2 e**2) / (1 + 2 e + 2 e**2)
    twice = jnp.where(below, 1, 2)
    whole = (1 + twice * near) + twice * (near * rest + twice / 2 * (e * e))
    right = x >= 1e-20  # left of which the product underflows; the slope at 0 is 3/5
    top = jnp.where(
        below, left * math.exp2(-shift), jnp.where(right, -logistic.finite(x), -0.0) * (2 * e * e)
    )
    return jnp.where(below, 0, jnp.where(right, x, 0.6 * x)) + top / whole


@activation(
    formula="x * tanh(x)",
    paper="Roy et al. 2019, LiSHT: non-parametric linearly scaled hyperbolic tangent activation function for neural networks, arXiv:1901.05894",
    image="[0, inf)",
)
def lisht(x: ArrayLike) -> Float[Array, "..."]:
    """Linearly scaled hyperbolic tangent, `x * tanh(x)`.

    Even: it behaves like `x**2` near 0 and like `|x|` far out.
    """
    return x * elementary.tanh(x)


@activation(
    formula="(1 + x / (1 + exp(x))) / (1 + exp(-x))",
    paper="Elfwing et al. 2017, Sigmoid-weighted linear units for neural network function approximation in reinforcement learning, arXiv:1702.03118",
    image="[-0.09983932, 1.09983932]",
    ill_conditioned="at its zero left of 0, without bound",
)
def dsilu(x: ArrayLike) -> Float[Array, "..."]:
    """Derivative of `silu`, `sigmoid(x) * (1 + x * (1 - sigmoid(x)))`.

    A sigmoid that overshoots on both sides.
    """
    return logistic.gate_slope(logistic.plain(x), x)
