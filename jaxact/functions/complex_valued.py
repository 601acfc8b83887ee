"""Functions of complex numbers."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Complex

from jaxact._operations import operation
from jaxact._spec import Parameter
from jaxact.functions.exponential import selu
from jaxact.functions.rectified import relu


def _polar(z: Array) -> tuple[Array, Array, Array]:
    """`|z|` and the cosine and sine of its phase, 1 and 0 at 0; no square under- or overflows."""
    some = z != 0
    unit = jax.lax.stop_gradient(jnp.maximum(jnp.abs(z.real), jnp.abs(z.imag)))  # it cancels
    unit = jnp.where(some, unit, 1)
    real, imaginary = jnp.where(some, z.real / unit, 1), z.imag / unit
    root = jnp.sqrt(real * real + imaginary * imaginary)
    return jnp.where(some, unit * root, 0), real / root, imaginary / root


@operation(
    "complex",
    formula="max(Re z, 0) + i * max(Im z, 0)",
    paper="Trabelsi et al. 2017, Deep complex networks, arXiv:1705.09792",
    aliases=("reim_relu", "split_relu"),
)
def crelu_complex(z: ArrayLike) -> Complex[Array, "..."]:
    """Rectifier of real and imaginary part.

    Examples:
        >>> jaxact.crelu_complex(jnp.array([1 - 2j]))
        Array([1.+0.j], dtype=complex64)
    """
    return jax.lax.complex(relu(z.real), relu(z.imag))


@operation(
    "complex",
    formula="z if Re z >= 0 and Im z >= 0, else 0",
    paper="Guberman 2016, On complex valued convolutional neural networks, arXiv:1602.09046",
)
def zrelu(z: ArrayLike) -> Complex[Array, "..."]:
    """`z` in the first quadrant, 0 elsewhere.

    Examples:
        >>> jaxact.zrelu(jnp.array([1 + 2j, 1 - 2j]))
        Array([1.+2.j, 0.+0.j], dtype=complex64)
    """
    return jnp.where((z.real < 0) | (z.imag < 0), 0, z)


@operation(
    "complex",
    formula="(1 + cos(arg z)) / 2 * z",
    paper="Virtue et al. 2017, Better than real: complex-valued neural nets for MRI fingerprinting, arXiv:1707.00070",
)
def cardioid(z: ArrayLike) -> Complex[Array, "..."]:
    """Cardioid, `(1 + cos(arg z)) / 2 * z`: the rectifier on the real line, half of `z` on the imaginary one.

    Examples:
        >>> jaxact.cardioid(jnp.array([2.0, 2j]))
        Array([2.+0.j, 0.+1.j], dtype=complex64)
    """
    _, cosine, _ = _polar(z)
    factor = (1 + cosine) / 2
    return jax.lax.complex(z.real * factor, z.imag * factor)


@operation(
    "complex",
    formula="(selu(sqrt(2) * Re z) + i * selu(sqrt(2) * Im z)) / sqrt(2)",
    paper="Vicentini et al. 2022, NetKet 3: machine learning toolbox for many-body quantum systems, arXiv:2112.10526",
)
def reim_selu(z: ArrayLike) -> Complex[Array, "..."]:
    """SELU of real and imaginary part, scaled so that a complex normal variable keeps its variance.

    Examples:
        >>> jaxact.reim_selu(jnp.array([1.0 + 0j])).round(4)
        Array([1.0507+0.j], dtype=complex64)
    """
    root = 2**0.5
    return jax.lax.complex(selu(root * z.real) / root, selu(root * z.imag) / root)


@operation(
    "complex",
    formula="max(|z| + bias, 0) * z / |z|",
    paper="Arjovsky et al. 2015, Unitary evolution recurrent neural networks, arXiv:1511.06464",
    parameters=(
        Parameter("bias", "(-inf, inf)", "Added to the modulus", "Arjovsky et al. 2015, b", learned=True),
    ),
)
def modrelu(z: ArrayLike, *, bias: ArrayLike = 0.0) -> Complex[Array, "..."]:
    """Rectifier of the modulus, `relu(|z| + bias) * z / |z|`; the phase stays. 0 at 0.

    Examples:
        >>> jaxact.modrelu(jnp.array([3 + 4j]), bias=-2.5)
        Array([1.5+2.j], dtype=complex64)
    """
    size, cosine, sine = _polar(z)
    kept = jnp.where(z == 0, 0, relu(size + bias))
    return jax.lax.complex(kept * cosine, kept * sine)
