"""What one forward and backward pass shows of every layer."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.extend import core
from jaxtyping import Array

from jaxact.diagnosis.program import Layer, Run, Signal

SMALL = 0.01
"""Below this slope a unit is saturated."""

LARGEST = 1024
"""Weights with more inputs and more units than this are not decomposed."""


class Measured(NamedTuple):
    """What was seen of a layer; numbers, but for the last three.

    Attributes:
        mean: Of its pre-activations.
        second: Their second moment.
        correlation: Mean cosine between the pre-activations for two rows of the batch.
        gradient: Squared norm of the gradient in them, of a random combination of the outputs.
        source_mean: Mean of the array of which the inputs are an elementwise function.
        source_second: Its second moment.
        input_second: Second moment of the inputs.
        slope_squared: Mean square of the slope of that function.
        dead: Share of inputs whose slope is 0 for all rows.
        saturated: Share of entries with a slope below 0.01.
        weight: Mean square of the weights, times their number for a unit.
        bias: Mean square of the biases.
        omega: Sums of the weights of every unit.
        tau: Sums of their squares.
        singular: Singular values of the Jacobian from the last origin to the pre-activations, for one row.
    """

    mean: Array
    second: Array
    correlation: Array
    gradient: Array
    source_mean: Array
    source_second: Array
    input_second: Array
    slope_squared: Array
    dead: Array
    saturated: Array
    weight: Array
    bias: Array
    omega: Array
    tau: Array
    singular: Array


def measured(program: core.ClosedJaxpr, shapes: list[tuple[Any, Any]], rows: int) -> Any:
    """The measuring function of a traced network.

    Args:
        program: The network.
        shapes: Shape and dtype of what every layer gives.
        rows: Of the batch.

    Returns:
        A function of the network's constants, its inputs and a key, that gives a `Measured` for every layer.
        It runs the network once forward and once backward.
    """

    def measure(constants: list[Array], inputs: list[Array], key: Array) -> list[Measured]:
        def objective(shifts: list[Array]) -> tuple[Array, list[Any]]:
            run = Run(lambda number, value: value + shifts[number])
            outputs = run(program, constants, inputs)
            floats = [s.value for s in outputs if jnp.issubdtype(s.value.dtype, jnp.floating)]
            keys = jax.random.split(key, len(floats))
            total = sum(
                (value.astype(jnp.float32) * jax.random.normal(k, value.shape)).sum()
                for k, value in zip(keys, floats, strict=True)
            )
            return jnp.asarray(total, jnp.float32), [_seen(layer, rows) for layer in run.layers]

        zeros = [jnp.zeros(shape, dtype) for shape, dtype in shapes]
        gradients, seen = jax.grad(objective, has_aux=True)(zeros)
        return [
            found._replace(gradient=(gradient.astype(jnp.float32) ** 2).sum())
            for found, gradient in zip(seen, gradients, strict=True)
        ]

    return measure


def _seen(layer: Layer, rows: int) -> Measured:
    """All but the gradient."""
    source = layer.source
    origin: Array = source.origin.value  # pyright: ignore[reportOptionalMemberAccess]
    slopes = _slopes(source)
    weights = layer.weights.astype(jnp.float32)
    dead = jnp.all(slopes.reshape(rows, -1) == 0, axis=0) if slopes.shape[0] == rows else slopes.ravel() == 0
    return Measured(
        mean=_mean(layer.value, 1),
        second=_mean(layer.value, 2),
        correlation=_correlation(layer.value, rows),
        gradient=jnp.zeros(()),
        source_mean=_mean(origin, 1),
        source_second=_mean(origin, 2),
        input_second=_mean(source.value, 2),
        slope_squared=_mean(slopes, 2),
        dead=dead.mean(),
        saturated=(jnp.abs(slopes) < SMALL).mean(),
        weight=(weights**2).mean() * weights.shape[0],
        bias=jnp.zeros(()) if layer.biases is None else _mean(layer.biases, 2),
        omega=weights.sum(axis=0),
        tau=(weights**2).sum(axis=0),
        singular=_singular(layer, weights, slopes, rows),
    )


def _slopes(source: Signal) -> Array:
    """The slope of the function between the last origin and a layer, at every entry."""
    origin: Array = source.origin.value  # pyright: ignore[reportOptionalMemberAccess]
    if source.node is None:
        return jnp.ones(origin.shape, jnp.float32)
    origin = jax.lax.stop_gradient(origin)
    return jax.jvp(source.function, (origin,), (jnp.ones_like(origin),))[1].astype(jnp.float32)


def _singular(layer: Layer, weights: Array, slopes: Array, rows: int) -> Array:
    """Singular values of a matrix of a reasonable size, scaled by the slopes for one row."""
    fits = not layer.window and slopes.size == rows * weights.shape[0] and min(weights.shape) <= LARGEST
    if not fits:
        return jnp.zeros(0)
    jacobian = jax.lax.stop_gradient(slopes.reshape(rows, -1)[0][:, None] * weights)
    return jnp.linalg.svd(jacobian, compute_uv=False)


def _mean(x: Array, power: int) -> Array:
    return (x.astype(jnp.float32) ** power).mean()


def _correlation(value: Array, rows: int) -> Array:
    """The mean cosine between rows; NaN for fewer than two, or where no axis is that of the batch."""
    if rows < 2 or value.ndim < 2 or rows not in value.shape:
        return jnp.full((), jnp.nan)
    flat = jnp.moveaxis(value.astype(jnp.float32), value.shape.index(rows), 0).reshape(rows, -1)
    lengths = jnp.linalg.norm(flat, axis=1, keepdims=True)
    unit = flat / jnp.where(lengths > 0, lengths, 1)
    return ((unit.sum(axis=0) ** 2).sum() - (unit**2).sum()) / (rows * (rows - 1))
