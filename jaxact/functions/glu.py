"""Gated linear units: a value times a function of a gate; and a few other functions of two inputs.

The gate is the second of the two, or the second half, as in `jax.nn.glu` and torch. Where a library gates the
first half, exchange them: `swiglu(x=up, gate=gate)`.
"""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _logistic as logistic
from jaxact._operations import operation
from jaxact._spec import Parameter
from jaxact.functions.exponential import elu
from jaxact.functions.gated import silu
from jaxact.functions.gelu import gelu
from jaxact.functions.sigmoidal import sigmoid, tanh

_VARIANTS = "Shazeer 2020, GLU variants improve transformer, arXiv:2002.05202"


@operation(
    "gated",
    formula="x * sigmoid(gate)",
    paper="Dauphin et al. 2016, Language modeling with gated convolutional networks, arXiv:1612.08083",
)
def glu(value: Array, gate: Array) -> Float[Array, "..."]:
    """Gated linear unit, `x * sigmoid(gate)`.

    Examples:
        >>> jaxact.glu(jnp.array([2.0, 0.0]))
        Array([1.], dtype=float32)
    """
    return value * sigmoid(gate)


@operation("gated", formula="x * gate", paper=f"Mnih and Hinton 2007; {_VARIANTS}", aliases=("bilinear",))
def bilinear_glu(value: Array, gate: Array) -> Float[Array, "..."]:
    """Bilinear unit, `x * gate`.

    Examples:
        >>> jaxact.bilinear_glu(jnp.array([2.0, 3.0]))
        Array([6.], dtype=float32)
    """
    return value * gate


@operation("gated", formula="x * max(gate, 0)", paper=_VARIANTS)
def reglu(value: Array, gate: Array) -> Float[Array, "..."]:
    """Gated unit with a rectifier, `x * relu(gate)`.

    Examples:
        >>> jaxact.reglu(jnp.array([2.0, 5.0, 3.0, -1.0]))
        Array([6., 0.], dtype=float32)
    """
    return value * jnp.where(gate <= 0, 0, gate)


@operation(
    "gated", formula="x * max(gate, 0)**2", paper="So et al. 2021, Primer, arXiv:2109.08668; " + _VARIANTS
)
def relu2_glu(value: Array, gate: Array) -> Float[Array, "..."]:
    """Gated unit with a squared rectifier, `x * relu(gate)**2`.

    Examples:
        >>> jaxact.relu2_glu(jnp.array([2.0, 3.0]))
        Array([18.], dtype=float32)
    """
    open_ = jnp.where(gate <= 0, 0, gate)
    return value * (open_ * open_)


@operation("gated", formula="x * gelu(gate)", paper=_VARIANTS)
def geglu(value: Array, gate: Array) -> Float[Array, "..."]:
    """Gated unit with a GELU, `x * gelu(gate)`.

    Examples:
        >>> round(jaxact.geglu(jnp.array([2.0, 1.0])).item(), 4)
        1.6827
    """
    return value * gelu(gate)


@operation("gated", formula="x * silu(gate)", paper=_VARIANTS)
def swiglu(value: Array, gate: Array) -> Float[Array, "..."]:
    """Gated unit with a SiLU, `x * silu(gate)`.

    Examples:
        >>> round(jaxact.swiglu(jnp.array([2.0, 1.0])).item(), 4)
        1.4621
    """
    return value * silu(gate)


@operation(
    "gated",
    formula="(clip(x, -limit, limit) + 1) * g * sigmoid(sharpness * g), g = min(gate, limit)",
    paper="OpenAI 2025, gpt-oss-120b and gpt-oss-20b model card, arXiv:2508.10925",
    parameters=(
        Parameter("sharpness", "(-inf, inf)", "Of the gate", "OpenAI 2025, alpha"),
        Parameter("limit", "(0, inf)", "What neither may exceed", "OpenAI 2025"),
    ),
)
def swiglu_oai(
    value: Array, gate: Array, *, sharpness: ArrayLike = 1.702, limit: ArrayLike = 7.0
) -> Float[Array, "..."]:
    """Clipped gated unit of gpt-oss, `(clip(x) + 1) * g * sigmoid(sharpness * g)`, `g = min(gate, limit)`.

    Examples:
        >>> round(jaxact.swiglu_oai(jnp.array([1.0, 100.0])).item(), 4)
        13.9999
    """
    return (jnp.clip(value, -limit, limit) + 1) * logistic.linear_gate(jnp.minimum(gate, limit), sharpness)


@operation(
    "gated",
    formula="tanh(x) * sigmoid(gate)",
    paper="van den Oord et al. 2016, Conditional image generation with PixelCNN decoders, arXiv:1606.05328",
)
def gtu(value: Array, gate: Array) -> Float[Array, "..."]:
    """Gated hyperbolic tangent, `tanh(x) * sigmoid(gate)`, as an LSTM's output gate has it.

    Examples:
        >>> jaxact.gtu(jnp.array([100.0, 0.0]))
        Array([0.5], dtype=float32)
    """
    return tanh(value) * sigmoid(gate)


@operation(
    "gated",
    formula="max(x, 0) - max(gate, 0)",
    paper="Godin et al. 2017, Dual rectified linear units (DReLUs), arXiv:1707.08214",
)
def dual_relu(value: Array, gate: Array) -> Float[Array, "..."]:
    """Dual rectifier, `relu(x) - relu(gate)`: a negative side as free as the positive one.

    Examples:
        >>> jaxact.dual_relu(jnp.array([1.0, 3.0]))
        Array([-2.], dtype=float32)
    """
    return jnp.where(value <= 0, 0, value) - jnp.where(gate <= 0, 0, gate)


@operation(
    "gated",
    formula="elu(x) - elu(gate)",
    paper="Godin et al. 2017, Dual rectified linear units (DReLUs), arXiv:1707.08214",
)
def dual_elu(value: Array, gate: Array) -> Float[Array, "..."]:
    """Dual ELU, `elu(x) - elu(gate)`.

    Examples:
        >>> jaxact.dual_elu(jnp.array([1.0, 3.0]))
        Array([-2.], dtype=float32)
    """
    return elu(value) - elu(gate)
