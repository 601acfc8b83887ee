"""Relatives of `silu`: scaled, cut off on the left, or joined to an exponential there."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _exponential as exponential, _logistic as logistic
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


@activation(
    formula="scale * x / (1 + exp(-x))",
    paper="Alcaide 2018, E-swish: adjusting activations to different network depths, arXiv:1801.07145",
    image="[-0.278464543 * scale, inf)",
    aliases=("e_swish",),
    parameters=(
        Parameter("scale", "(0, inf)", "Slope far right", "Alcaide 2018, beta, which lies between 1 and 2"),
    ),
    slope=lambda x, scale: scale * logistic.gate_slope(logistic.plain(x), x),
)
def eswish(x: ArrayLike, *, scale: ArrayLike = 1.75) -> Float[Array, "..."]:
    """E-swish, `scale * x * sigmoid(x)`.

    The survey has another function of this name, `exp(-x) * sigmoid(x)`.
    """
    return logistic.times_logistic(scale * jnp.maximum(x, -1e4), logistic.plain(x))


@activation(
    formula="where(x >= 0, x / (1 + exp(-x)), 0) + shift",
    paper="Chieng et al. 2018, Flatten-T Swish: a thresholded ReLU-Swish-like activation function for deep learning, arXiv:1812.06247",
    image="[shift, inf)",
    aliases=("fts",),
    parameters=(Parameter("shift", "(-inf, inf)", "Value left of 0", "Chieng et al. 2018, T"),),
    kinks=(Kink("0", "1 / 2"),),
    slope=lambda x, shift: jnp.where(x >= 0, logistic.gate_slope(logistic.plain(x), x), 0),  # noqa: ARG005  # every slope is given the parameters
    ill_conditioned="at its zero right of 0, which there is for a negative shift, without bound",
)
def flatten_t_swish(x: ArrayLike, *, shift: ArrayLike = -0.2) -> Float[Array, "..."]:
    """Flatten-T swish, `x * sigmoid(x) + shift` where `x >= 0` and `shift` elsewhere.

    The derivative taken at 0 is 1/2, the one from the right.
    """
    return jnp.where(x <= 0, 0, logistic.times_logistic(x, logistic.plain(x))) + shift


def _elish_slope(x: Array) -> Array:
    e = exponential.exp(jnp.minimum(x, 0))
    left = e * (e * (e + 2) - 1) / ((1 + e) * (1 + e))
    return jnp.where(x < 0, left, logistic.gate_slope(logistic.plain(x), x))


@activation(
    formula="where(x >= 0, x, expm1(x)) / (1 + exp(-x))",
    paper="Basirat and Roth 2018, The quest for the golden activation function, arXiv:1808.00783",
    image="[-0.171572875, inf)",
    kinks=(Kink("0", "1 / 2"),),
    slope=_elish_slope,
)
def elish(x: ArrayLike) -> Float[Array, "..."]:
    """Exponential linear sigmoid squashing, `x * sigmoid(x)` where `x >= 0`, `(exp(x) - 1) * sigmoid(x)` elsewhere.

    Once differentiable. Its least value is `2 * sqrt(2) - 3`.
    """
    top = jnp.where(x < 0, exponential.expm1(jnp.minimum(x, 0)), x)
    return logistic.times_logistic(top, logistic.plain(x))


def _hard_elish_slope(x: Array) -> Array:
    inner = jnp.minimum(x, 0)
    left = (exponential.exp(inner) * (inner + 1) + exponential.expm1(inner)) / 2
    return jnp.where(x <= -1, 0, jnp.where(x < 0, left, jnp.where(x < 1, x + 0.5, 1)))


@activation(
    formula="where(x > -1, where(x >= 0, x, expm1(x)) * min((x + 1) / 2, 1), 0)",
    paper="Basirat and Roth 2018, The quest for the golden activation function, arXiv:1808.00783",
    image="[-0.09967315, inf)",
    kinks=(Kink("-1", "0"), Kink("0", "1 / 2"), Kink("1", "1")),
    slope=_hard_elish_slope,
)
def hard_elish(x: ArrayLike) -> Float[Array, "..."]:
    """Hard ELiSH, `x` where `x >= 0` and `exp(x) - 1` elsewhere, times `(x + 1) / 2` clipped to [0, 1].

    The derivative taken at -1 is 0 and at 1 is 1. The survey prints `1 + exp(-x)` left of 0, a misprint.
    """
    top = jnp.where(x < 0, exponential.expm1(jnp.minimum(x, 0)), x)
    return jnp.where(x <= -1, 0, top * jnp.clip((x + 1) / 2, 0, 1))
