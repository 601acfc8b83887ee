"""Functions with a periodic part."""

import math

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _logistic as logistic
from jaxact._exponential import polynomial
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


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
    wave = jnp.sin(_phase(frequency, x))
    return jnp.where(jnp.isinf(x), x, x + wave * wave / frequency)


@activation(
    formula="sin(frequency * x)",
    paper="Parascandolo et al. 2017, Taming the waves: sine as activation function in deep neural networks; Sitzmann et al. 2020, Implicit neural representations with periodic activation functions, arXiv:2006.09661",
    image="[-1, 1]",
    aliases=("siren",),
    parameters=(
        Parameter(
            "frequency",
            "(0, inf)",
            "Frequency of the wave",
            "Parascandolo et al. 2017; Sitzmann et al. 2020 take 30, omega_0",
        ),
    ),
    slope=lambda x, frequency: frequency * jnp.cos(_phase(frequency, x)),
    ill_conditioned="at its zeros but 0, without bound; a rounding of x or of the phase moves it by |frequency * x| / 2 ULP",
)
def sine(x: ArrayLike, *, frequency: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Sine, `sin(frequency * x)`.

    It has no limit at infinity; there, and where `frequency * x` overflows, it is 0.
    """
    return jnp.sin(_phase(frequency, x))


_SINC_SLOPE = tuple((-1) ** k * 2 * k * math.pi ** (2 * k) / math.factorial(2 * k + 1) for k in range(1, 12))
"""The slope of sinc over x, in x**2, on |x| <= 1/2; the next coefficient adds 2**-63."""


def _half_turns(x: Array) -> tuple[Array, Array]:
    """Sine and cosine of `pi * x`; the sine of an even number is -0, as that of `2 * math.pi` is negative."""
    whole = jnp.round(x)
    odd = jnp.abs(whole - 2 * jnp.round(whole / 2))
    angle = math.pi * (whole - x)
    return (2 * odd - 1) * jnp.sin(angle), (1 - 2 * odd) * jnp.cos(angle)


def _sinc_slope(x: Array) -> Array:
    inside = jnp.abs(x) < 0.5
    near, far = jnp.where(inside, x, 0), jnp.where(inside, 1, x)
    sine, cosine = _half_turns(far)
    return jnp.where(
        inside, near * polynomial(_SINC_SLOPE, near * near), (cosine - sine / (math.pi * far)) / far
    )


@activation(
    formula="where(abs(x) > 0, sin(pi * x) / (pi * x), 1 - (pi * x)**2 / 6)",
    paper="Woodward and Davies 1952, Information theory and inverse probability in telecommunication; Saratchandran et al. 2024, A sampling theory perspective on activations for implicit neural representations, arXiv:2402.05427",
    image="[-0.21723363, 1]",
    slope=_sinc_slope,
)
def sinc(x: ArrayLike) -> Float[Array, "..."]:
    """Normalized cardinal sine, `sin(pi * x) / (pi * x)`, and 1 at 0.

    Zero at every integer but 0. The unnormalized one, `sin(x) / x`, is `sinc(x / pi)`.
    """
    size = jnp.abs(logistic.finite(x))
    inside = size < jnp.finfo(x.dtype).eps
    return jnp.where(inside, 1, _half_turns(size)[0] / (math.pi * jnp.where(inside, 1, size)))


@activation(
    formula="where(x > 0, x, amplitude * (sin(x) - cos(x)))",
    paper="Rodrigues 2018, SineReLU: an alternative to the ReLU activation function",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "amplitude",
            "(-inf, inf)",
            "Slope left of 0",
            "Rodrigues 2018 for dense layers, epsilon; for convolutions it is 0.0025",
        ),
    ),
    kinks=(Kink("0", "amplitude"),),
    slope=lambda x, amplitude: jnp.where(x > 0, 1, amplitude * (jnp.cos(x) + jnp.sin(x))),
    ill_conditioned="at its zeros, without bound; a rounding of x moves it by |x| / 2 ULP",
)
def sine_relu(x: ArrayLike, *, amplitude: ArrayLike = 0.006) -> Float[Array, "..."]:
    """Sine rectifier, `x` where `x > 0` and `amplitude * (sin(x) - cos(x))` elsewhere.

    It jumps at 0, where the derivative taken is the amplitude; keras-contrib takes the larger of the two pieces
    instead. It has no limit at minus infinity, where it is minus the amplitude.
    """
    left = _phase(1, jnp.minimum(x, 0))
    return jnp.where(x > 0, x, amplitude * (jnp.sin(left) - jnp.cos(left)))


@activation(
    formula="(x + amplitude * cos(frequency * x)) * (1 / (1 + exp(-x)))",
    paper="Pishchik 2023, Trainable activations for image classification, doi:10.20944/preprints202301.0463.v1",
    image="(-inf, inf)",
    parameters=(
        Parameter("amplitude", "(-inf, inf)", "Size of the wave", "Pishchik 2023, alpha", learned=True),
        Parameter("frequency", "(-inf, inf)", "Frequency of the wave", "Pishchik 2023, beta", learned=True),
    ),
    slope=lambda x, amplitude, frequency: _gated_slope(
        x,
        amplitude * jnp.cos(_phase(frequency, x)),
        -amplitude * frequency * jnp.sin(_phase(frequency, x)),
    ),
    ill_conditioned="at its zeros, without bound; far from 0 the phase frequency * x is rounded, which moves the slope by |amplitude * frequency**2 * x| / 2 ULP",
)
def coslu(x: ArrayLike, *, amplitude: ArrayLike = 1.0, frequency: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Cosine linear unit, `(x + amplitude * cos(frequency * x)) * sigmoid(x)`.

    Half the amplitude at 0. Its slope has no limit at infinity.
    """
    return _gated(x, amplitude * jnp.cos(_phase(frequency, x)))


@activation(
    formula="(x + amplitude * sin(frequency * x)) * (1 / (1 + exp(-x)))",
    paper="Paul et al. 2022, SinLU: sinu-sigmoidal linear unit, doi:10.3390/math10030337",
    image="(-inf, inf)",
    parameters=(
        Parameter("amplitude", "(-inf, inf)", "Size of the wave", "Paul et al. 2022, a", learned=True),
        Parameter("frequency", "(-inf, inf)", "Frequency of the wave", "Paul et al. 2022, b", learned=True),
    ),
    slope=lambda x, amplitude, frequency: _gated_slope(
        x,
        amplitude * jnp.sin(_phase(frequency, x)),
        amplitude * frequency * jnp.cos(_phase(frequency, x)),
    ),
    ill_conditioned="at its zeros but 0, without bound; far from 0 the phase frequency * x is rounded, which moves the slope by |amplitude * frequency**2 * x| / 2 ULP",
)
def sinlu(x: ArrayLike, *, amplitude: ArrayLike = 1.0, frequency: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Sinu-sigmoidal linear unit, `(x + amplitude * sin(frequency * x)) * sigmoid(x)`.

    Its slope has no limit at infinity.
    """
    return _gated(x, amplitude * jnp.sin(_phase(frequency, x)))


def _phase(frequency: ArrayLike, x: Array) -> Array:
    """`frequency * x`, or 0 where that or `x` is infinite."""
    phase = frequency * jnp.where(jnp.isinf(x), 0, x)
    return jnp.where(jnp.isinf(phase), 0, phase)


def _gated(x: Array, wave: Array) -> Array:
    """`(x + wave) * sigmoid(x)`."""
    inner = logistic.finite(x)
    return jnp.where(x == jnp.inf, x, logistic.times_logistic(inner + wave, logistic.plain(inner)))


def _gated_slope(x: Array, wave: Array, swing: Array) -> Array:
    """Its derivative, where `swing` is that of the wave."""
    return (1 + swing) * logistic.sigmoid(x) + (x + wave) * logistic.sigmoid_slope(x)


@activation(
    formula="x * cos(x)",
    paper="Noel et al. 2021, Growing cosine unit: a novel oscillatory activation function that can speedup training and reduce parameters in convolutional neural networks, arXiv:2108.12943",
    image="(-inf, inf)",
    aliases=("gcu",),
    ill_conditioned="at its zeros but 0, without bound; a rounding of x moves it by |x| / 2 ULP",
)
def growing_cosine(x: ArrayLike) -> Float[Array, "..."]:
    """Growing cosine unit, `x * cos(x)`.

    It swings ever wider and has no limit at infinity, where it takes its value at the largest finite number.
    """
    inner = logistic.finite(x)
    return inner * jnp.cos(inner)
