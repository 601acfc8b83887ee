"""Functions that draw: with a key a sample, without one what is expected."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _logistic as logistic, _normal as normal
from jaxact._operations import operation
from jaxact._spec import Parameter
from jaxact._vectors import Numbers
from jaxact.functions.rational import pade_activation_unit
from jaxact.functions.softmax import softmax


@operation(
    "random",
    formula="x if x >= 0 else a * x, a ~ U(lower, upper)",
    paper="Xu et al. 2015, Empirical evaluation of rectified activations in convolutional network, arXiv:1505.00853",
    parameters=(
        Parameter("lower", "(-inf, inf)", "Least slope left of 0", "Xu et al. 2015, 1 / u"),
        Parameter("upper", "(-inf, inf)", "Largest slope left of 0", "Xu et al. 2015, 1 / l"),
    ),
)
def rrelu(
    x: ArrayLike, key: Array | None = None, *, lower: ArrayLike = 1 / 8, upper: ArrayLike = 1 / 3
) -> Float[Array, "..."]:
    """Randomized leaky rectifier: a slope for every entry, uniform on `[lower, upper]`.

    What is expected is the mean slope, as in torch; the paper divides by a uniform number, 3 to 8, and
    expects `x / 5.5`.

    Examples:
        >>> jaxact.rrelu(jnp.array([-24.0, 1.0]))
        Array([-5.5,  1. ], dtype=float32)
    """
    part = 0.5 if key is None else jax.random.uniform(key, x.shape, x.dtype)
    return jnp.where(x >= 0, x, (lower + part * (upper - lower)) * x)


@operation(
    "random",
    formula="a * max(x, 0), a ~ U(1 - spread, 1 + spread)",
    paper="Jiang et al. 2018, Deep neural networks with elastic rectified linear units for object recognition",
    aliases=("elastic_relu",),
    parameters=(Parameter("spread", "[0, 1)", "Of the slopes", "Jiang et al. 2018, alpha"),),
)
def erelu(x: ArrayLike, key: Array | None = None, *, spread: ArrayLike = 0.25) -> Float[Array, "..."]:
    """Elastic rectifier: right of 0 a slope for every entry, uniform on `[1 - spread, 1 + spread]`.

    Examples:
        >>> jaxact.erelu(jnp.array([-1.0, 2.0]))
        Array([0., 2.], dtype=float32)
    """
    kept = jnp.where(x <= 0, 0, x)
    if key is None:
        return kept
    return kept * (1 + spread * jax.random.uniform(key, x.shape, x.dtype, -1, 1))


@operation(
    "random",
    formula="max(x + n, 0), n ~ N(0, spread**2)",
    paper="Cao et al. 2018, Randomly translational activation inspired by the input distributions of ReLU",
    parameters=(Parameter("spread", "[0, inf)", "Of the translations", "Cao et al. 2018, sigma"),),
)
def rt_relu(x: ArrayLike, key: Array | None = None, *, spread: ArrayLike = 0.75) -> Float[Array, "..."]:
    """Randomly translated rectifier, `relu(x + n)` with normal `n`; without a key it is not translated.

    Examples:
        >>> jaxact.rt_relu(jnp.array([-1.0, 2.0]))
        Array([0., 2.], dtype=float32)
    """
    moved = x if key is None else x + spread * jax.random.normal(key, x.shape, x.dtype)
    return jnp.where(moved <= 0, 0, moved)


@operation(
    "random",
    formula="softmax((x + g) / temperature), g ~ Gumbel(0, 1)",
    paper="Jang et al. 2016, Categorical reparameterization with Gumbel-softmax, arXiv:1611.01144; Maddison et al. 2016, The concrete distribution, arXiv:1611.00712",
    parameters=(
        Parameter("temperature", "(0, inf)", "How far from one-hot samples are", "Jang et al. 2016, tau"),
    ),
)
def gumbel_softmax(
    x: ArrayLike,
    key: Array | None = None,
    *,
    axis: int = -1,
    hard: bool = False,
    temperature: ArrayLike = 1.0,
) -> Float[Array, "..."]:
    """Sample of a category that can be differentiated, `softmax((x + g) / temperature)`.

    What is expected is the softmax of `x`, that of hard samples.

    Args:
        hard: Whether the sample is one-hot, with the derivative of the soft one (straight through).

    Examples:
        >>> y = jaxact.gumbel_softmax(jnp.zeros((1000, 2)), jax.random.key(0), hard=True)
        >>> abs(float(y[:, 0].mean()) - 0.5) < 0.05
        True
    """
    if key is None:
        return softmax(x, axis=axis)
    soft = softmax((x + jax.random.gumbel(key, x.shape, x.dtype)) / temperature, axis=axis)
    if not hard:
        return soft
    place = jnp.argmax(soft, axis, keepdims=True)
    hot = (jax.lax.broadcasted_iota(place.dtype, x.shape, axis) == place).astype(x.dtype)
    return jax.lax.stop_gradient(hot - soft) + soft


@operation(
    "random",
    formula="a * (x if kept else -1.7581) + b, kept with probability 1 - rate",
    paper="Klambauer et al. 2017, Self-normalizing neural networks, arXiv:1706.02515",
    parameters=(
        Parameter("rate", "[0, 1)", "Probability to be dropped", "Klambauer et al. 2017, for the UCI tasks"),
    ),
)
def alpha_dropout(x: ArrayLike, key: Array | None = None, *, rate: ArrayLike = 0.05) -> Float[Array, "..."]:
    """Alpha dropout for SELU: entries are set to its limit at minus infinity; mean 0 and variance 1 stay.

    What is expected is `x` itself. `jaxact.nnx.AlphaDropout` does it for any activation.

    Examples:
        >>> jaxact.alpha_dropout(jnp.array([1.0, 2.0]))
        Array([1., 2.], dtype=float32)
    """
    if key is None:
        return x
    limit, keep = -1.7580993408473766, 1 - rate
    a = jax.lax.rsqrt(keep + limit**2 * keep * rate)
    kept = jax.random.bernoulli(key, jnp.broadcast_to(keep, x.shape))
    return a * jnp.where(kept, x, limit) - a * rate * limit


@operation(
    "random",
    formula="max(x + n, 0), n ~ N(0, sigmoid(x))",
    paper="Nair and Hinton 2010, Rectified linear units improve restricted Boltzmann machines",
)
def noisy_relu(x: ArrayLike, key: Array | None = None) -> Float[Array, "..."]:
    """Noisy rectifier, `relu(x + n)` with Gaussian `n` of variance `sigmoid(x)`.

    What is expected is `s * (z * Phi(z) + phi(z))` with `s = sqrt(sigmoid(x))` and `z = x / s`.

    Examples:
        >>> jaxact.noisy_relu(0.0).round(4)
        Array(0.2821, dtype=float32)
    """
    finite = jnp.clip(x, jnp.finfo(x.dtype).min, jnp.finfo(x.dtype).max)
    spread = jnp.exp(-logistic.softplus(-finite) / 2)
    if key is not None:
        noisy = x + spread * jax.random.normal(key, x.shape, x.dtype)
        return jnp.where(noisy <= 0, 0, noisy)
    safe = jnp.clip(finite, -50, 50)  # beyond which the mean is that of relu
    within = jnp.exp(-logistic.softplus(-safe) / 2)
    z = safe / within
    mean = within * (z * normal.cdf(z) + normal.density(z))
    return jnp.where(jnp.abs(x) > 50, jnp.where(x <= 0, 0, x), mean)


@operation(
    "random",
    formula="max(x, 0) + spread * n, n ~ N(0, 1)",
    paper="Shridhar et al. 2019, ProbAct: a probabilistic activation function for deep neural networks, arXiv:1905.10761",
    aliases=("probact",),
    parameters=(
        Parameter("spread", "(-inf, inf)", "Of the noise", "Shridhar et al. 2019, sigma", learned=True),
    ),
)
def prob_act(x: ArrayLike, key: Array | None = None, *, spread: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Probabilistic rectifier, `relu(x) + spread * n` with standard normal `n`.

    Examples:
        >>> jaxact.prob_act(jnp.array([-1.0, 1.0]))
        Array([0., 1.], dtype=float32)
    """
    mean = jnp.where(x <= 0, 0, x)
    return mean if key is None else mean + spread * jax.random.normal(key, x.shape, x.dtype)


@operation(
    "random",
    formula="1 with probability sigmoid(x), else 0",
    paper="Bengio et al. 2013, Estimating or propagating gradients through stochastic neurons for conditional computation, arXiv:1308.3432",
)
def stochastic_binary(x: ArrayLike, key: Array | None = None) -> Float[Array, "..."]:
    """A stochastic neuron: 1 with probability `sigmoid(x)`, else 0, with the derivative of the sigmoid.

    Examples:
        >>> jaxact.stochastic_binary(0.0)
        Array(0.5, dtype=float32)
    """
    mean = logistic.sigmoid(x)
    if key is None:
        return mean
    fired = (jax.random.uniform(key, x.shape, x.dtype) < mean).astype(x.dtype)
    fired = jnp.where(jnp.isnan(x), jnp.nan, fired)
    return jax.lax.stop_gradient(fired - mean) + mean


@operation(
    "random",
    formula="sum_j a_j u_j x**j / (1 + |sum_k b_k v_k x**k|), u_j and v_k ~ U(1 - spread, 1 + spread)",
    paper="Molina et al. 2019, Padé activation units, arXiv:1907.06732",
    parameters=(Parameter("spread", "[0, 1)", "Of the coefficients", "Molina et al. 2019, alpha"),),
)
def rpau(
    x: ArrayLike,
    key: Array | None = None,
    *,
    numerator: Numbers = (0.03355816, 0.5049941, 1.653416, 2.009985, 0.93189, 0.1524224),
    denominator: Numbers = (0.0, 3.980248, 0.0, 0.3018338),
    spread: ArrayLike = 0.01,
) -> Float[Array, "..."]:
    """Randomized Padé unit: a `pade_activation_unit` each of whose coefficients is drawn within `spread` of it.

    All entries share the coefficients that are drawn; the spread is one number.

    Args:
        numerator: Coefficients of the numerator, lowest first.
        denominator: Coefficients of the denominator, that of `x` first.

    Examples:
        >>> round(float(jaxact.rpau(0.0)), 5)
        0.03356
    """
    upper, lower = jnp.asarray(numerator), jnp.asarray(denominator)
    if key is not None:
        low, width = 1 - jnp.ravel(spread)[0], 2 * jnp.ravel(spread)[0]
        parts = jax.random.uniform(key, (len(upper) + len(lower),), x.dtype) * width + low
        upper, lower = upper * parts[: len(upper)], lower * parts[len(upper) :]
    return pade_activation_unit(x, numerator=upper, denominator=lower)
