"""Functions with a periodic part."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._registry import activation
from jaxact._spec import Parameter


@activation(
    formula="x + sin(frequency * x)**2 / frequency",
    paper="Ziyin et al. 2020, Neural networks fail to learn periodic functions and how to fix it, arXiv:2006.08195",
    image="(-inf, inf)",
    parameters=(
        Parameter("frequency", "(0, inf)", "Frequency of the wave", "Ziyin et al. 2020, a", learned=True),
    ),
    ill_conditioned="far from 0 the phase frequency * x is rounded, which moves the slope by 2 |frequency * x| ULP",
)
def snake(x: ArrayLike, *, frequency: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Snake, `x + sin(frequency * x)**2 / frequency`.

    Non-decreasing, with slope 0 once in every period. Its slope has no limit at infinity.
    """
    phase = frequency * x
    wave = jnp.sin(jnp.where(jnp.isfinite(phase), phase, 0))
    return jnp.where(jnp.isinf(x), x, x + wave * wave / frequency)
