"""Functions that make an axis longer or shorter, or treat its entries unlike: they need more than one number."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._operations import operation
from jaxact.functions.exponential import elu


@operation(
    "row",
    formula="(max(x, 0), max(-x, 0))",
    paper="Shang et al. 2016, Understanding and improving convolutional neural networks via concatenated rectified linear units, arXiv:1603.05201",
    laws=("norm_preserving", "homogeneous"),
    lipschitz=1.0,
)
def crelu(x: ArrayLike, *, axis: int = -1) -> Float[Array, "..."]:
    """Concatenated rectifier, `(relu(x), relu(-x))`: an axis twice as long, and nothing lost.

    Examples:
        >>> jaxact.crelu(jnp.array([1.0, -2.0]))
        Array([1., 0., 0., 2.], dtype=float32)
    """
    return jnp.concatenate([jnp.where(x <= 0, 0, x), jnp.where(x >= 0, 0, -x)], axis)


@operation(
    "row",
    formula="(max(x, 0), min(x, 0))",
    paper="Zhu et al. 2018, Neural architecture search with negative concatenated rectified units",
    laws=("norm_preserving", "homogeneous"),
    lipschitz=1.0,
)
def ncrelu(x: ArrayLike, *, axis: int = -1) -> Float[Array, "..."]:
    """Negative concatenated rectifier, `(relu(x), -relu(-x))`: both parts of `x` with their signs.

    Examples:
        >>> jaxact.ncrelu(jnp.array([1.0, -2.0]))
        Array([ 1.,  0.,  0., -2.], dtype=float32)
    """
    return jnp.concatenate([jnp.where(x <= 0, 0, x), jnp.where(x >= 0, 0, x)], axis)


@operation(
    "row",
    formula="(elu(x), elu(-x))",
    paper="Salimans et al. 2017, PixelCNN++, arXiv:1701.05517",
    lipschitz=2**0.5,
)
def concat_elu(x: ArrayLike, *, axis: int = -1) -> Float[Array, "..."]:
    """Concatenated ELU, `(elu(x), elu(-x))`.

    Examples:
        >>> jaxact.concat_elu(jnp.array([100.0]))
        Array([100.,  -1.], dtype=float32)
    """
    return jnp.concatenate([elu(x), elu(-x)], axis)


@operation(
    "row",
    formula="max(x_i, 0) for even i, min(x_i, 0) for odd i",
    paper="Eidnes and Nøkland 2017, Shifting mean activation towards zero with bipolar activation functions, arXiv:1709.04054",
    aliases=("bipolar_act", "brelu_bipolar", "baf"),
    laws=("idempotent", "homogeneous"),
    lipschitz=1.0,
)
def bipolar_relu(x: ArrayLike, *, axis: int = -1) -> Float[Array, "..."]:
    """Bipolar rectifier: `relu(x)` for every other entry, `-relu(-x)` for those between.

    The mean of what comes out is nearer to 0 than that of a rectifier.

    Examples:
        >>> jaxact.bipolar_relu(jnp.array([1.0, 1.0, -1.0, -1.0]))
        Array([ 1.,  0.,  0., -1.], dtype=float32)
    """
    place = jnp.arange(x.shape[axis]).reshape(-1, *[1] * (x.ndim - 1 - axis))
    return jnp.where(place % 2 == 0, jnp.where(x <= 0, 0, x), jnp.where(x >= 0, 0, x))


@operation(
    "row",
    formula="the largest of each group",
    paper="Goodfellow et al. 2013, Maxout networks, arXiv:1302.4389",
    laws=("homogeneous",),
    lipschitz=1.0,
)
def maxout(x: ArrayLike, *, axis: int = -1, size: int = 2) -> Float[Array, "..."]:
    """Maxout, the largest of every group of neighbours: an axis shorter by their number.

    `jaxact.nnx.Maxout` brings the affine maps. Of equal entries each has its share of the derivative.

    Args:
        size: Entries of a group; divides those of the axis.

    Examples:
        >>> jaxact.maxout(jnp.array([1.0, 3.0, 2.0, 0.0]))
        Array([3., 2.], dtype=float32)
    """
    count = x.shape[axis]
    if size < 1 or count % size:
        what = f"divide the {count} entries along axis {axis}"
        raise ValueError(f"maxout: size must be at least 1 and {what}; got {size}.")
    return jnp.max(x.reshape(*x.shape[:axis], count // size, size, *x.shape[axis + 1 :]), axis + 1)
