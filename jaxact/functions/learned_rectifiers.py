"""Piecewise linear functions whose slopes, bends and heights are learned."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary, _logistic as logistic
from jaxact._numeric import Either
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


@activation(
    formula="where(x >= 0, positive_slope * x, negative_slope * x)",
    paper="Balaji et al. 2019, Learn-able parameter guided activation functions, arXiv:1912.10752",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "positive_slope", "(-inf, inf)", "Steepness for positive `x`", "Balaji et al. 2019", learned=True
        ),
        Parameter(
            "negative_slope", "(-inf, inf)", "Steepness for negative `x`", "Balaji et al. 2019", learned=True
        ),
    ),
    kinks=(Kink("0", "positive_slope"),),
    slope=lambda x, positive_slope, negative_slope: Either(x >= 0, positive_slope, negative_slope),
)
def dprelu(
    x: ArrayLike, *, positive_slope: ArrayLike = 1.0, negative_slope: ArrayLike = 0.01
) -> Float[Array, "..."]:
    """Dual parametric rectified linear unit, `positive_slope * x` where `x >= 0` and `negative_slope * x` elsewhere.

    Both slopes are learned. The derivative taken at 0 is `positive_slope`.
    """
    return elementary.line(jnp.where(x >= 0, positive_slope, negative_slope), x)


@activation(
    formula="scale * where(x >= 0, x, 0.01 * x)",
    paper="Maniatopoulos and Mitianoudis 2021, Learnable leaky ReLU (LeLeLU): an alternative accuracy-optimized activation function",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "scale",
            "(-inf, inf)",
            "Factor of the whole function",
            "Maniatopoulos and Mitianoudis 2021, alpha",
            learned=True,
        ),
    ),
    kinks=(Kink("0", "scale"),),
    slope=lambda x, scale: Either(x >= 0, scale, 0.01 * scale),
)
def lelelu(x: ArrayLike, *, scale: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Learnable leaky rectified linear unit, `scale * x` where `x >= 0` and `0.01 * scale * x` elsewhere.

    The leaky rectifier with a factor that is learned. The derivative taken at 0 is `scale`.
    """
    return elementary.line(jnp.where(x >= 0, scale, 0.01 * scale), x)


@activation(
    formula="where(x > 0, scale * x, 0) + shift",
    paper="Pishchik 2023, Trainable activations for image classification, doi:10.20944/preprints202301.0463.v1",
    image="[shift, inf)",
    parameters=(
        Parameter("scale", "(-inf, inf)", "Slope right of 0", "relu; Pishchik 2023, alpha", learned=True),
        Parameter("shift", "(-inf, inf)", "Value up to 0", "relu; Pishchik 2023, beta", learned=True),
    ),
    kinks=(Kink("0", "0"),),
    slope=lambda x, scale, shift: Either(x > 0, scale, 0),  # noqa: ARG005  # every slope is given the parameters
)
def shilu(x: ArrayLike, *, scale: ArrayLike = 1.0, shift: ArrayLike = 0.0) -> Float[Array, "..."]:
    """Scaled and shifted rectifier, `scale * max(x, 0) + shift`, both learned.

    The derivative taken at 0 is 0.
    """
    return jnp.where(x <= 0, 0, elementary.line(scale, x)) + shift


@activation(
    formula="where(x > 0, x, 0) + shift",
    paper="Qiu et al. 2017, FReLU: flexible rectified linear units for improving convolutional neural networks, arXiv:1706.08098",
    image="[shift, inf)",
    aliases=("flexible_relu",),
    parameters=(
        Parameter("shift", "(-inf, inf)", "Value up to 0", "relu; Qiu et al. 2017, b", learned=True),
    ),
    kinks=(Kink("0", "0"),),
    slope=lambda x, shift: Either(x > 0, 1, 0),  # noqa: ARG005  # every slope is given the parameters
)
def frelu_flexible(x: ArrayLike, *, shift: ArrayLike = 0.0) -> Float[Array, "..."]:
    """Flexible rectified linear unit, `max(x, 0) + shift`, shift learned.

    Not the funnel rectifier, which is called FReLU too. The derivative taken at 0 is 0.
    """
    return jnp.where(x <= 0, 0, x) + shift


@activation(
    formula="where(x > threshold, x - threshold, slope * (x - threshold)) + shift",
    paper="Liu et al. 2020, ReActNet: towards precise binary neural network with generalized activation functions, arXiv:2003.03488",
    image="(-inf, inf)",
    parameters=(
        Parameter("threshold", "(-inf, inf)", "Where it bends", "Liu et al. 2020, gamma", learned=True),
        Parameter("shift", "(-inf, inf)", "Value at the bend", "Liu et al. 2020, zeta", learned=True),
        Parameter(
            "slope", "(-inf, inf)", "Steepness left of the bend", "Liu et al. 2020, beta", learned=True
        ),
    ),
    kinks=(Kink("threshold", "slope"),),
    slope=lambda x, threshold, shift, slope: Either(x > threshold, 1, slope),  # noqa: ARG005  # every slope is given the parameters
    ill_conditioned="where slope * (x - threshold) and shift cancel, without bound",
)
def rprelu(
    x: ArrayLike, *, threshold: ArrayLike = 0.0, shift: ArrayLike = 0.0, slope: ArrayLike = 0.25
) -> Float[Array, "..."]:
    """ReActNet's parametric rectified linear unit, `prelu(x - threshold) + shift`, all three learned.

    The derivative taken at the threshold is `slope`.
    """
    beyond = x - threshold
    return jnp.where(x > threshold, beyond, elementary.line(slope, beyond)) + shift


@activation(
    formula="where(x >= upper, upper + upper_slope * (x - upper), where(x > lower, x, lower + lower_slope * (x - lower)))",
    paper="Jin et al. 2015, Deep learning with S-shaped rectified linear activation units, arXiv:1512.07030",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "lower",
            "(-inf, inf)",
            "Where the left bend is",
            "keras-contrib; Jin et al. 2015, t^l",
            learned=True,
        ),
        Parameter(
            "lower_slope",
            "(-inf, inf)",
            "Steepness left of it",
            "no paper: Jin et al. 2015, a^l, do not say",
            learned=True,
        ),
        Parameter(
            "upper",
            "(-inf, inf)",
            "Where the right bend is, above the left one",
            "no paper: Jin et al. 2015, t^r, read it off the data",
            learned=True,
        ),
        Parameter(
            "upper_slope",
            "(-inf, inf)",
            "Steepness right of it",
            "no paper: Jin et al. 2015, a^r, start from 1, where there is no right bend",
            learned=True,
        ),
    ),
    kinks=(Kink("lower", "lower_slope"), Kink("upper", "upper_slope")),
    slope=lambda x, lower, lower_slope, upper, upper_slope: jnp.where(
        x >= upper, upper_slope, jnp.where(x > lower, 1, lower_slope)
    ),
    ill_conditioned="at a zero of the outer pieces, without bound",
)
def srelu(
    x: ArrayLike,
    *,
    lower: ArrayLike = 0.0,
    lower_slope: ArrayLike = 0.2,
    upper: ArrayLike = 1.0,
    upper_slope: ArrayLike = 0.5,
) -> Float[Array, "..."]:
    """S-shaped rectified linear unit: `x` between two learned bends, lines of learned slopes beyond.

    Some libraries add the bends to `x` where the paper subtracts them. The derivative taken at a bend is
    the outer one.
    """
    below = lower + elementary.line(lower_slope, x - lower)
    above = upper + elementary.line(upper_slope, x - upper)
    return jnp.where(x >= upper, above, jnp.where(x > lower, x, below))


@activation(
    formula="where(x > 0, where(x < maximum, x, maximum), 0)",
    paper="Choi et al. 2018, PACT: parameterized clipping activation for quantized neural networks, arXiv:1805.06085",
    image="[0, maximum]",
    parameters=(
        Parameter(
            "maximum",
            "(0, inf)",
            "Largest value",
            "clipped_relu; Choi et al. 2018, alpha, start from a larger one",
            learned=True,
        ),
    ),
    kinks=(Kink("0", "0"), Kink("maximum", "0")),
    slope=lambda x, maximum: Either((x > 0) & (x < maximum), 1, 0),
    slope_from_output=lambda y, maximum: Either((y > 0) & (y < maximum), 1, 0),
)
def pact(x: ArrayLike, *, maximum: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Parameterized clipping activation, `min(max(x, 0), maximum)`, maximum learned.

    The clipped rectifier that PACT quantizes. The derivative taken at both joints is 0; that in the
    maximum is 1 from there on.
    """
    return jnp.where(x <= 0, 0, jnp.where(x >= maximum, maximum, x))


@activation(
    formula="where(x >= 0, (3 + tanh(boost / 2)) / 2 * x, min(max(slope, 0.01), 0.99) * x)",
    paper="Chen et al. 2020, AReLU: attention-based rectified linear unit, arXiv:2006.13858",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "slope",
            "(-inf, inf)",
            "Steepness for negative `x`, clipped to [0.01, 0.99]",
            "Chen et al. 2020, alpha",
            learned=True,
        ),
        Parameter(
            "boost",
            "(-inf, inf)",
            "Its sigmoid is added to the slope 1 for positive `x`",
            "Chen et al. 2020, beta",
            learned=True,
        ),
    ),
    kinks=(Kink("0", "(3 + tanh(boost / 2)) / 2"),),
    slope=lambda x, slope, boost: Either(x >= 0, 1 + logistic.sigmoid(boost), jnp.clip(slope, 0.01, 0.99)),
)
def arelu(x: ArrayLike, *, slope: ArrayLike = 0.9, boost: ArrayLike = 2.0) -> Float[Array, "..."]:
    """Attention-based rectified linear unit, `(1 + sigmoid(boost)) * x` where `x >= 0`, `clip(slope, 0.01, 0.99) * x` elsewhere.

    Both parameters are learned. The derivative taken at 0 is `1 + sigmoid(boost)`.
    """
    return x * jnp.where(x >= 0, 1 + logistic.sigmoid(boost), jnp.clip(slope, 0.01, 0.99))
