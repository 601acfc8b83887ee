"""Functions that grow like a logarithm, and the inverse of one."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._exponential import exp, expm1
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


@activation(
    formula="sign(x) * log1p(abs(x))",
    paper="Webber 2012, A bi-symmetric log transformation for wide-range data; Hafner et al. 2023, Mastering diverse domains through world models, arXiv:2301.04104",
    image="(-inf, inf)",
    aliases=("laf", "logarithmic"),
    kinks=(Kink("0", "1"),),
    slope=lambda x: 1 / (1 + jnp.abs(x)),
)
def symlog(x: ArrayLike) -> Float[Array, "..."]:
    """Symmetric logarithm, `sign(x) * log(1 + |x|)`.

    Once differentiable at 0, where the second derivative jumps from 1 to -1.
    """
    return jnp.copysign(jnp.log1p(jnp.abs(x)), x)


@activation(
    formula="sign(x) * expm1(abs(x))",
    paper="Hafner et al. 2023, Mastering diverse domains through world models, arXiv:2301.04104",
    image="(-inf, inf)",
    kinks=(Kink("0", "1"),),
    slope=lambda x: exp(jnp.abs(x)),
    slope_from_output=lambda y: 1 + jnp.abs(y),
)
def symexp(x: ArrayLike) -> Float[Array, "..."]:
    """Symmetric exponential, `sign(x) * (exp(|x|) - 1)`.

    The inverse of `symlog`. Once differentiable at 0, where the second derivative jumps from -1 to 1.
    """
    size = jnp.abs(x)
    return jnp.copysign(jnp.where(size < 40, expm1(jnp.minimum(size, 40)), exp(size)), x)


@activation(
    formula="log1p(steepness * max(x, 0))",
    paper="Liu et al. 2019, Natural-logarithm-rectified activation function in convolutional neural networks, arXiv:1908.03682",
    image="[0, inf)",
    parameters=(Parameter("steepness", "(0, inf)", "Slope right of 0", "Liu et al. 2019, beta"),),
    kinks=(Kink("0", "0"),),
    slope=lambda x, steepness: jnp.where(x > 0, 1 / (1 / steepness + jnp.maximum(x, 0)), 0),
)
def nlrelu(x: ArrayLike, *, steepness: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Natural-logarithm rectifier, `log(1 + steepness * max(x, 0))`.

    The derivative taken at 0 is 0.
    """
    above = jnp.maximum(x, 1)
    far = steepness * above > 1e18  # where the product may overflow, and the 1 has no part in the sum
    return jnp.where(x <= 0, 0, jnp.where(far, jnp.log(above) + jnp.log(steepness), jnp.log1p(steepness * x)))
