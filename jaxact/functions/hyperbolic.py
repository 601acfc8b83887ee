"""Hyperbolic tangents, scaled, halved or shifted."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


@activation(
    formula="1.7159 * tanh(2 * x / 3)",
    paper="LeCun et al. 1998, Efficient BackProp",
    image="(-1.7159, 1.7159)",
    aliases=("stanh", "scaled_tanh"),
    slope=lambda x: 1.7159 * 2 / 3 * elementary.sech2(x * (2 / 3)),
    slope_from_output=lambda y: (1.7159 - y) * (1.7159 + y) * (2 / 3 / 1.7159),
)
def lecun_tanh(x: ArrayLike) -> Float[Array, "..."]:
    """LeCun's hyperbolic tangent, `1.7159 * tanh(2 * x / 3)`.

    Takes 1 to 1 and -1 to -1, where its second derivative is largest.
    """
    inside = jnp.abs(x) < jnp.sqrt(jnp.finfo(x.dtype).eps) / 2  # where two thirds of it may underflow
    return jnp.where(inside, 1.7159 * 2 / 3 * x, 1.7159 * elementary.tanh(x * (2 / 3)))


@activation(
    formula="cap * tanh(x / cap)",
    paper="Gemma team 2024, Gemma 2: improving open language models at a practical size, arXiv:2408.00118",
    image="(-cap, cap)",
    aliases=("logit_softcap",),
    parameters=(Parameter("cap", "(0, inf)", "What values stay below", "Gemma team 2024, for attention"),),
    slope=lambda x, cap: elementary.sech2(x / cap),
)
def softcap(x: ArrayLike, *, cap: ArrayLike = 50.0) -> Float[Array, "..."]:
    """Soft cap, `cap * tanh(x / cap)`.

    The identity for values well below the cap.
    """
    inside = jnp.abs(x) < jnp.sqrt(jnp.finfo(x.dtype).eps) / 2 * cap  # where the quotient may underflow
    return jnp.where(inside, x, cap * elementary.tanh(x / cap))


@activation(
    formula="where(x > 0, tanh(x), slope * tanh(x))",
    paper="Xu et al. 2016, Revise saturated activation functions, arXiv:1602.05980",
    image="(-slope, 1)",
    aliases=("ptanh",),
    parameters=(Parameter("slope", "[0, inf)", "Steepness left of 0", "Xu et al. 2016"),),
    kinks=(Kink("0", "1"),),
    slope=lambda x, slope: jnp.where(x >= 0, 1, slope) * elementary.sech2(x),
)
def penalized_tanh(x: ArrayLike, *, slope: ArrayLike = 0.25) -> Float[Array, "..."]:
    """Penalized hyperbolic tangent, `tanh(x)` where `x > 0` and `slope * tanh(x)` elsewhere.

    The derivative taken at 0 is 1.
    """
    return jnp.where(x >= 0, 1, slope) * elementary.tanh(x)


@activation(
    formula="where(x > 0, tanh(x), 0)",
    paper="Eclipse Deeplearning4j 2017, activation RectifiedTanh",
    image="[0, 1)",
    kinks=(Kink("0", "0"),),
    slope=lambda x: jnp.where(x > 0, elementary.sech2(x), 0),
    slope_from_output=lambda y: jnp.where(y > 0, (1 - y) * (1 + y), 0),
)
def rectified_tanh(x: ArrayLike) -> Float[Array, "..."]:
    """Rectified hyperbolic tangent, `max(tanh(x), 0)`.

    The derivative taken at 0 is 0.
    """
    return jnp.where(x <= 0, 0, elementary.tanh(x))


@activation(
    formula="scale * tanh(steepness * x) + shift",
    paper="Zhu et al. 2025, Transformers without normalization, arXiv:2503.10622",
    image="(shift - abs(scale), shift + abs(scale))",
    aliases=("dyt",),
    parameters=(
        Parameter("steepness", "(-inf, inf)", "Slope of the argument", "Zhu et al. 2025", learned=True),
        Parameter("scale", "(-inf, inf)", "Largest value, unshifted", "Zhu et al. 2025", learned=True),
        Parameter("shift", "(-inf, inf)", "Value at 0", "Zhu et al. 2025", learned=True),
    ),
    slope=lambda x, steepness, scale, shift: (  # noqa: ARG005  # every slope is given the parameters
        scale * steepness * elementary.sech2(elementary.line(steepness, x))
    ),
    ill_conditioned="where scale * tanh(steepness * x) and shift cancel, without bound",
)
def dynamic_tanh(
    x: ArrayLike, *, steepness: ArrayLike = 0.5, scale: ArrayLike = 1.0, shift: ArrayLike = 0.0
) -> Float[Array, "..."]:
    """Dynamic hyperbolic tangent, `scale * tanh(steepness * x) + shift`, all three learned.

    Put in the place of layer normalization, with one steepness for all channels.
    """
    return scale * elementary.tanh(elementary.line(steepness, x)) + shift
