"""Functions that vanish on both sides."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _normal as normal
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


@activation(
    formula="exp(-(x / deviation)**2 / 2)",
    paper="Ramasinghe and Lucey 2021, Beyond periodicity: towards a unifying framework for activations in coordinate-MLPs, arXiv:2111.15135",
    image="(0, 1]",
    aliases=("rbf",),
    parameters=(Parameter("deviation", "(0, inf)", "Half-width", "the standard normal law", learned=True),),
    slope=lambda x, deviation: -normal.gaussian(x / deviation) * jnp.clip(x / deviation, -64, 64) / deviation,
    ill_conditioned="far from 0: (x / deviation)**2, as the quotient is rounded",
)
def gaussian_bump(x: ArrayLike, *, deviation: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Gaussian bump, `exp(-(x / deviation)**2 / 2)`.

    The activation of radial basis functions and of coordinate networks.
    """
    return normal.gaussian(x / deviation)


@activation(
    formula="max(height - abs(x), 0)",
    paper="Rozsa and Boult 2019, Improved adversarial robustness by reducing open space risk via tent activations, arXiv:1908.02435",
    image="[0, height]",
    aliases=("mrelu",),
    parameters=(Parameter("height", "(0, inf)", "Value at 0", "Rozsa and Boult 2019", learned=True),),
    kinks=(Kink("-height", "0"), Kink("0", "0"), Kink("height", "0")),
    slope=lambda x, height: jnp.where(jnp.abs(x) < height, -jnp.sign(x), 0),
)
def tent(x: ArrayLike, *, height: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Tent, `max(height - |x|, 0)`, height learned.

    The derivative taken at the top and at both ends is 0.
    """
    return jnp.maximum(height - jnp.abs(x), 0)


@activation(
    formula="max(min(x, width - x), 0)",
    paper="Hong et al. 2022, On the activation function dependence of the spectral bias of neural networks, arXiv:2208.04924",
    image="[0, width / 2]",
    parameters=(
        Parameter("width", "(0, inf)", "Where it has returned to 0", "Hong et al. 2022", learned=True),
    ),
    kinks=(Kink("0", "0"), Kink("width / 2", "0"), Kink("width", "0")),
    slope=lambda x, width: jnp.where((x > 0) & (x < width), jnp.sign(width / 2 - x), 0),
)
def hat(x: ArrayLike, *, width: ArrayLike = 2.0) -> Float[Array, "..."]:
    """Hat, `max(min(x, width - x), 0)`, width learned.

    A linear spline: networks of hats are finite elements. The derivative taken at the top and at both ends is 0.
    """
    return jnp.maximum(jnp.minimum(x, width - x), 0)
