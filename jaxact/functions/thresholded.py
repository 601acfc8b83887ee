"""Rectifiers whose bend is not at 0."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary
from jaxact._numeric import Either
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


@activation(
    formula="where(x > threshold, x, 0)",
    paper="Konda et al. 2014, Zero-bias autoencoders and the benefits of co-adapting features, arXiv:1402.3337; Erichson et al. 2019, JumpReLU: a retrofit defense strategy for adversarial attacks, arXiv:1904.03750",
    image="[0, inf) for threshold >= 0",
    aliases=("trelu", "jump_relu"),
    parameters=(Parameter("threshold", "(-inf, inf)", "Where the function jumps", "Konda et al. 2014"),),
    kinks=(Kink("threshold", "0"),),
    slope=lambda x, threshold: Either(x > threshold, 1, 0),
)
def thresholded_relu(x: ArrayLike, *, threshold: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Thresholded rectified linear unit, `x` where `x > threshold` and 0 elsewhere.

    Jumps at the threshold, where the derivative taken is 0. So is that in the threshold: what sparse
    autoencoders train it by is a surrogate.
    """
    return jnp.where(x <= threshold, 0, x)


@activation(
    formula="where(x > threshold, x, value)",
    paper="Collobert et al. 2011, Torch7: a Matlab-like environment for machine learning",
    image="{value} or (threshold, inf)",
    parameters=(
        Parameter("threshold", "(-inf, inf)", "Where the function jumps", "nn.Threshold of Torch7"),
        Parameter("value", "(-inf, inf)", "Value up to the threshold", "nn.Threshold of Torch7"),
    ),
    kinks=(Kink("threshold", "0"),),
    slope=lambda x, threshold, value: Either(x > threshold, 1, 0),  # noqa: ARG005  # every slope is given the parameters
)
def threshold(x: ArrayLike, *, threshold: ArrayLike = 1e-6, value: ArrayLike = 0.0) -> Float[Array, "..."]:
    """Threshold unit, `x` where `x > threshold` and `value` elsewhere.

    The derivative taken at the threshold is 0.
    """
    return jnp.where(x <= threshold, value, x)


@activation(
    formula="where(x >= maximum, maximum, where(x >= threshold, x, slope * (x - threshold)))",
    paper="Chollet et al. 2015, Keras, keras.layers.ReLU",
    image="(-inf, maximum]",
    parameters=(
        Parameter("slope", "[0, inf)", "Steepness below the threshold", "keras.layers.ReLU"),
        Parameter("threshold", "(-inf, inf)", "Where the identity begins", "keras.layers.ReLU"),
        Parameter("maximum", "(0, inf]", "Largest value", "keras.layers.ReLU"),
    ),
    kinks=(Kink("threshold", "1"), Kink("maximum", "0")),
)
def relu_general(
    x: ArrayLike,
    *,
    slope: ArrayLike = 0.0,
    threshold: ArrayLike = 0.0,
    maximum: ArrayLike = float("inf"),
) -> Float[Array, "..."]:
    """Rectifier with threshold, negative slope and maximum: `slope * (x - threshold)`, `x`, `maximum`.

    The three-parameter rectifier of Keras. At the threshold the derivative taken is 1, at the
    maximum 0.
    """
    low = elementary.line(slope, x - threshold)
    return jnp.where(x >= maximum, maximum, jnp.where(x >= threshold, x, low))


@activation(
    formula="where(x > threshold, x, threshold)",
    paper="Singh and Krishnan 2019, Filter response normalization layer, arXiv:1911.09737",
    image="[threshold, inf)",
    parameters=(
        Parameter("threshold", "(-inf, inf)", "Smallest value", "Singh and Krishnan 2019", learned=True),
    ),
    kinks=(Kink("threshold", "0"),),
    slope=lambda x, threshold: Either(x > threshold, 1, 0),
)
def tlu(x: ArrayLike, *, threshold: ArrayLike = 0.0) -> Float[Array, "..."]:
    """Thresholded linear unit, `max(x, threshold)`, threshold learned.

    The companion of filter response normalization. The derivative taken at the threshold is 0.
    """
    return jnp.where(x <= threshold, threshold, x)
