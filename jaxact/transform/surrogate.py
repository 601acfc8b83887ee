"""The value of one function with the derivative of another."""

import functools
from collections.abc import Callable
from typing import Any

import jax
from jaxtyping import Array

from jaxact.transform.composed import base


def surrogate(
    forward: str | Callable[..., Any], backward: str | Callable[..., Any] = "identity", *, name: str = ""
) -> Callable[[Any], Array]:
    """`forward(x)`, differentiated as if it were `backward(x)`: for steps, which have no useful slope.

    Args:
        forward: What is computed: an activation, its name, or an elementwise function of one array.
        backward: What is differentiated; the identity for the straight-through estimator.
        name: What the function is called; `surrogate(forward, backward)` if not given.

    Returns:
        An elementwise function of one array; its slope is not that of any formula, so it has no spec.

    References:
        Bengio et al. 2013, Estimating or propagating gradients through stochastic neurons, arXiv:1308.3432;
        Neftci et al. 2019, Surrogate gradient learning in spiking neural networks, arXiv:1901.09948.

    Examples:
        >>> import jax, jaxact
        >>> spike = jaxact.transform.surrogate(jaxact.heaviside, jaxact.sigmoid)
        >>> float(spike(0.3)), float(jax.grad(spike)(0.0))
        (1.0, 0.25)
    """
    ahead, behind = base(forward, {}), base(backward, {})

    @jax.custom_jvp
    def function(x: Any) -> Array:
        return ahead.function(x)

    @function.defjvp
    def _rule(primals: tuple[Any], tangents: tuple[Any]) -> tuple[Array, Array]:
        _, slope = jax.jvp(behind.function, primals, tangents)
        return function(*primals), slope

    @functools.wraps(function)
    def named(x: Any) -> Array:
        return function(x)

    named.__name__ = named.__qualname__ = name or f"surrogate({ahead.name}, {behind.name})"
    return named
