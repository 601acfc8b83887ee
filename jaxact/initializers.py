"""Weights that let signals and gradients through, for any activation: gains, and initializers made of them.

An initializer is a function of a key, a shape and a dtype, as in `jax.nn.initializers`, and fits Flax, Haiku
and Equinox. Shapes are `(..., fan_in, fan_out)`: all axes but the last are summed over.

    >>> import jax, jax.numpy as jnp
    >>> from jaxact import initializers
    >>> weights, biases = initializers.critical(jax.nn.gelu, sigma_b=0.5)
    >>> weights(jax.random.key(0), (256, 128), jnp.float32).shape
    (256, 128)
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array

from jaxact.gaussian import edge_of_chaos, half_stable, moments
from jaxact.transform.composed import base

Initializer = Callable[[Any, tuple[int, ...], DTypeLike], Array]
"""From a key, a shape and a dtype to an array."""


def gain(f: str | Callable[..., Any], *, variance: float = 1.0, **parameters: float) -> float:
    """The deviation of weights, times the root of their number, with which layers keep a second moment.

    That is `sqrt(variance / E f(u)**2)` for u ~ N(0, variance): the root of 2 for ReLU and any variance.

    Args:
        f: An activation of the catalogue or its name, or an elementwise function of one array.
        variance: The second moment of pre-activations, positive.
        **parameters: Of the activation.

    Raises:
        ValueError: If `f` is 0, or overflows where it is integrated.

    References:
        He et al. 2015, Delving deep into rectifiers, arXiv:1502.01852.

    Examples:
        >>> from jaxact import initializers
        >>> round(initializers.gain("relu") ** 2, 12), round(initializers.gain("tanh"), 4)
        (2.0, 1.5925)
    """
    inner = base(f, parameters)
    second = moments(inner.function, variance=variance, kinks=inner.kinks).second
    if not 0 < second < math.inf:
        raise ValueError(f"{inner.name} has no gain: E f**2 is {second:g}.")
    return math.sqrt(variance / second)


def scaled(
    f: str | Callable[..., Any], *, distribution: str = "truncated_normal", **parameters: float
) -> Initializer:
    """Weights of variance `gain(f)**2 / fan_in`: `he` for ReLU, `lecun` for the identity.

    Args:
        f: The activation whose outputs the weights meet.
        distribution: `"truncated_normal"`, `"normal"` or `"uniform"`.
        **parameters: Of the activation.

    Raises:
        ValueError: If the activation has no gain.

    References:
        He et al. 2015, arXiv:1502.01852.
    """
    return _variance(gain(f, **parameters) ** 2, distribution)


def lecun(distribution: str = "truncated_normal") -> Initializer:
    """Weights of variance `1 / fan_in`, which keep a variance where the activation does, as SELU.

    Args:
        distribution: `"truncated_normal"`, `"normal"` or `"uniform"`.

    References:
        LeCun, Bottou, Orr and Müller 1998, Efficient backprop.
    """
    return _variance(1.0, distribution)


def he(distribution: str = "truncated_normal") -> Initializer:
    """Weights of variance `2 / fan_in`, which keep the second moment behind ReLU.

    Args:
        distribution: `"truncated_normal"`, `"normal"` or `"uniform"`.

    References:
        He et al. 2015, arXiv:1502.01852.
    """
    return _variance(2.0, distribution)


def xavier(distribution: str = "uniform") -> Initializer:
    """Weights of variance `2 / (fan_in + fan_out)`, between what signals and what gradients ask.

    Args:
        distribution: `"truncated_normal"`, `"normal"` or `"uniform"`.

    References:
        Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural networks.
    """
    return _variance(1.0, distribution, mode="fan_avg")


def critical(
    f: str | Callable[..., Any], *, sigma_b: float = 0.0, **parameters: float
) -> tuple[Initializer, Initializer]:
    """Weights and biases on the edge of chaos, where gradients neither grow nor fall.

    Args:
        f: The activation whose outputs the weights meet.
        sigma_b: Deviation of the biases, not negative.
        **parameters: Of the activation.

    Returns:
        An initializer of weights, normal, and one of biases. Of several points on the edge, which
        `jaxact.gaussian.edge_of_chaos` shows, that with the smallest second moment is taken.

    Raises:
        ValueError: If there is no such point, or layers do not stay at its second moment; the message says
            from which `sigma_b` on they do, where that is known.

    References:
        Hayou et al. 2019, arXiv:1902.06853.
    """
    sigma_w = _critical_deviation(f, sigma_b, parameters)
    return _variance(sigma_w**2, "normal"), jax.nn.initializers.normal(sigma_b)


def orthogonal_critical(
    f: str | Callable[..., Any], *, sigma_b: float = 0.0, **parameters: float
) -> tuple[Initializer, Initializer]:
    """The same with orthogonal weights, which keep the Jacobian of a deep network nearer to an isometry.

    Args:
        f: The activation whose outputs the weights meet.
        sigma_b: Deviation of the biases, not negative.
        **parameters: Of the activation.

    Returns:
        An initializer of weights and one of biases.

    Raises:
        ValueError: As by `critical`.

    References:
        Pennington et al. 2017, Resurrecting the sigmoid, arXiv:1711.04735.
    """
    sigma_w = _critical_deviation(f, sigma_b, parameters)
    return _orthogonal(sigma_w), jax.nn.initializers.normal(sigma_b)


def dks() -> Initializer:
    """Orthogonal weights that keep second moments between layers of any widths, for tailored activations.

    Of a kernel with window axes, `(..., fan_in, fan_out)`, all but the middle is 0. Biases start at 0.

    References:
        Martens et al. 2021, Rapid training of deep neural networks without skip connections or normalization
        layers using deep kernel shaping, arXiv:2110.01765; `jaxact.tailor_dks` for the activations.
    """
    draw = _orthogonal(1.0)

    def initialize(key: Any, shape: Sequence[int], dtype: DTypeLike = jnp.float32) -> Array:
        middle = tuple((size - 1) // 2 for size in shape[:-2])
        return jnp.zeros(shape, dtype).at[middle].set(draw(key, tuple(shape[-2:]), dtype))

    return initialize


def fixup(
    blocks: int, layers: int = 2, *, f: str | Callable[..., Any] = "relu"
) -> tuple[Initializer, Initializer]:
    """Weights for residual blocks without normalization, whose updates do not grow with depth.

    Args:
        blocks: Residual blocks of the network.
        layers: Layers of a branch, at least 2.
        f: The activation in the branches.

    Returns:
        An initializer for all layers of a branch but the last, of `gain(f)**2 / fan_in` times
        `blocks**(-1 / (layers - 1))` in variance, and one for the last: zeros.

    Raises:
        ValueError: If there are no blocks, or branches of less than 2 layers.

    References:
        Zhang, Dauphin and Ma 2019, Fixup initialization, arXiv:1901.09321.
    """
    if blocks < 1:
        raise ValueError(f"blocks must be at least 1; got {blocks}.")
    if layers < 2:
        raise ValueError(f"layers must be at least 2; got {layers}.")
    scale = blocks ** (-1 / (2 * layers - 2))
    return _variance((gain(f) * scale) ** 2, "normal"), jax.nn.initializers.zeros


def self_normalizing(distribution: str = "normal") -> Initializer:
    """Weights that sum to 0 and whose squares sum to 1 in every unit, as theorem 1 on SELU asks.

    Of independent weights of variance `1 / fan_in` the sum has a deviation of 1 whatever the width, and few
    units meet the theorem; here all do, to rounding.

    Args:
        distribution: Of the weights before they are centred and scaled: `"normal"`, `"uniform"` or
            `"truncated_normal"`.

    Raises:
        ValueError: When called for less than 2 inputs, of which no weights sum to 0.

    References:
        Klambauer et al. 2017, arXiv:1706.02515.
    """
    draw = lecun(distribution)

    def initialize(key: Any, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32) -> Array:
        inputs = tuple(range(len(shape) - 1))
        if math.prod(shape[:-1]) < 2:
            raise ValueError(f"self_normalizing needs at least 2 inputs; got shape {shape}.")
        wide = jnp.promote_types(dtype, jnp.float32)
        weights = draw(key, shape, wide)
        weights = weights - weights.mean(axis=inputs, keepdims=True)
        return (weights / jnp.sqrt((weights**2).sum(axis=inputs, keepdims=True))).astype(dtype)

    return initialize


def _critical_deviation(f: str | Callable[..., Any], sigma_b: float, parameters: dict[str, float]) -> float:
    """The deviation of weights on the edge of chaos at which layers stay."""
    inner = base(f, parameters)
    points = edge_of_chaos(inner.function, sigma_b, kinks=inner.kinks)
    if not points:
        raise ValueError(f"{inner.name} has no edge of chaos with biases of deviation {sigma_b:g}.")
    kept = [point for point in points if point.slope < 1 + 1e-9]
    if not kept:
        slope = f"the slope of the variance map there is {points[0].slope:.5g}"
        stable = [
            f"; {point.sigma_b:.4g} is enough" for point in half_stable(inner.function, kinks=inner.kinks)
        ]
        raise ValueError(
            f"{inner.name} has an edge of chaos with biases of deviation {sigma_b:g} that layers leave: "
            f"{slope}{''.join(stable[:1])}."
        )
    return kept[0].sigma_w


def _variance(scale: float, distribution: str, mode: str = "fan_in") -> Initializer:
    """Weights of a variance over the number of inputs."""
    return jax.nn.initializers.variance_scaling(scale, mode, distribution)  # pyright: ignore[reportArgumentType]


def _orthogonal(scale: float) -> Initializer:
    """Orthogonal weights, larger where there are more outputs than inputs: second moments are kept."""
    draw = jax.nn.initializers.orthogonal(scale)

    def initialize(key: Any, shape: Sequence[int], dtype: DTypeLike = jnp.float32) -> Array:
        inputs, outputs = math.prod(shape[:-1]), shape[-1]
        weights = draw(key, tuple(shape), jnp.promote_types(dtype, jnp.float32))
        return (weights * math.sqrt(max(1.0, outputs / inputs))).astype(dtype)

    return initialize
