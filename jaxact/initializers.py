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
from collections.abc import Callable
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
    """Weights of variance `gain(f)**2 / fan_in`: those of He et al. 2015 for ReLU, of LeCun for the identity.

    Args:
        f: The activation whose outputs the weights meet.
        distribution: `"truncated_normal"`, `"normal"` or `"uniform"`.
        **parameters: Of the activation.

    Raises:
        ValueError: If the activation has no gain.

    References:
        He et al. 2015, arXiv:1502.01852.
    """
    return jax.nn.initializers.variance_scaling(gain(f, **parameters) ** 2, "fan_in", distribution)  # pyright: ignore[reportArgumentType]


def critical(
    f: str | Callable[..., Any], *, sigma_b: float = 0.0, orthogonal: bool = False, **parameters: float
) -> tuple[Initializer, Initializer]:
    """Weights and biases on the edge of chaos, where gradients neither grow nor fall.

    Args:
        f: The activation whose outputs the weights meet.
        sigma_b: Deviation of the biases, not negative.
        orthogonal: Whether the weights are orthogonal, which keeps the Jacobian nearer to an isometry.
        **parameters: Of the activation.

    Returns:
        An initializer of weights and one of biases. Of several points on the edge, which
        `jaxact.gaussian.edge_of_chaos` shows, that with the smallest second moment is taken.

    Raises:
        ValueError: If there is no such point, or layers do not stay at its second moment; the message says
            from which `sigma_b` on they do, where that is known.

    References:
        Hayou et al. 2019, arXiv:1902.06853; Pennington et al. 2017, arXiv:1711.04735, for orthogonal weights.
    """
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
    sigma_w = kept[0].sigma_w
    if orthogonal:
        return jax.nn.initializers.orthogonal(sigma_w), jax.nn.initializers.normal(sigma_b)
    weights = jax.nn.initializers.variance_scaling(sigma_w**2, "fan_in", "normal")
    return weights, jax.nn.initializers.normal(sigma_b)


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
    draw = jax.nn.initializers.variance_scaling(1.0, "fan_in", distribution)  # pyright: ignore[reportArgumentType]

    def initialize(key: Any, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32) -> Array:
        inputs = tuple(range(len(shape) - 1))
        if math.prod(shape[:-1]) < 2:
            raise ValueError(f"self_normalizing needs at least 2 inputs; got shape {shape}.")
        wide = jnp.promote_types(dtype, jnp.float32)
        weights = draw(key, shape, wide)
        weights = weights - weights.mean(axis=inputs, keepdims=True)
        return (weights / jnp.sqrt((weights**2).sum(axis=inputs, keepdims=True))).astype(dtype)

    return initialize
