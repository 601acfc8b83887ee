"""`diagnose`: a real network beside the theory, with a verdict in words."""

import dataclasses
import json
import math
import pathlib
import sys
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from jaxact.diagnosis.activations import Activations
from jaxact.diagnosis.layers import LayerReport, layer_report
from jaxact.diagnosis.measure import measured
from jaxact.diagnosis.predict import predicted
from jaxact.diagnosis.program import Layer, Run
from jaxact.diagnosis.table import picture, render
from jaxact.diagnosis.verdict import verdict
from jaxact.gaussian import moments

_FEW = 2
"""Rows on which the functions between layers are traced, for the theory."""


@dataclasses.dataclass(frozen=True, slots=True)
class Diagnosis:
    """What `jaxact.diagnose` returns.

    Attributes:
        name: What the network is called.
        layers: The layers that apply weights, in the order in which they do.
        verdict: What there is to say, in sentences.
        rows: How many rows were looked at.
        device: Where it ran.
    """

    name: str
    layers: tuple[LayerReport, ...]
    verdict: tuple[str, ...]
    rows: int
    device: str

    def __str__(self) -> str:
        """A table and the verdict."""
        return render(self.layers, self.verdict, self._note)

    def save_picture(self, path: str | pathlib.Path) -> None:
        """Draws what is measured and what is predicted, layer by layer, to a file.

        Args:
            path: Its suffix says of which kind it is, such as `.png`.

        Raises:
            ImportError: If matplotlib is not installed.
        """
        picture(self.layers, pathlib.Path(path), self._note)

    def to_json(self) -> str:
        """The diagnosis as JSON; null where there is no number."""
        return json.dumps(_plain(dataclasses.asdict(self)), indent=2, allow_nan=False)

    @property
    def _note(self) -> str:
        return f"{self.name}: {len(self.layers)} layers, {self.rows} rows, on {self.device}"


def diagnose(model: Callable[[Array], Any], batch: Array, *, key: Array | None = None) -> Diagnosis:
    """Holds a real network against the theory: what its layers do to signals and gradients.

    Layers are found in the traced program, whatever the network is written with: a matrix or a kernel that
    does not depend on the input is applied to something that does. One forward and one backward pass on the
    whole batch measure them, in one compiled program on any device; a second, on two rows, finds the
    functions between them. Predictions hold for random weights: of a trained network they say what it has
    left behind.

    Args:
        model: A Flax NNX module, or any function of a batch that JAX can trace, such as
            `functools.partial(apply, params)`. What it changes, such as running statistics, stays as it was.
        batch: Inputs in rows; two or more give correlations.
        key: For the combination of outputs whose gradient is taken; `jax.random.key(0)` if not given.

    Returns:
        What is measured and predicted of every layer, and a verdict; `print` shows a table of it.

    Raises:
        TypeError: If the model is no function, or the batch no array of floats.
        ValueError: If no layer is found.

    References:
        Schoenholz et al. 2017, arXiv:1611.01232, for the theory; Hanin 2018, arXiv:1801.03744, for finite
        width; Pennington et al. 2017, arXiv:1711.04735, for singular values.

    Examples:
        >>> import jax, jaxact
        >>> keys = jax.random.split(jax.random.key(0), 9)
        >>> weights = [jax.random.normal(key, (256, 256)) / 16 for key in keys]
        >>> def model(x):
        ...     for matrix in weights:
        ...         x = jaxact.relu(x @ matrix)
        ...     return x
        >>> found = jaxact.diagnose(model, jax.random.normal(keys[0], (64, 256)))
        >>> print(found.verdict[0])
        Second moments fall to 0.484x per layer, from 0.486 to 0.00304: with relu use gain 1.41, not 0.999.
    """
    if not callable(model):
        raise TypeError(f"diagnose takes a network that can be called; got {type(model).__name__}.")
    x = jnp.asarray(batch)
    if not jnp.issubdtype(x.dtype, jnp.floating) or x.ndim < 1 or not x.size:
        raise TypeError(f"diagnose takes a batch of floats in rows; got dtype {x.dtype}, shape {x.shape}.")
    call, rows = _pure(model), x.shape[0]
    program = jax.make_jaxpr(call)(x)
    outline = Run()
    jax.eval_shape(
        lambda constants, inputs: [s.value for s in outline(program, constants, inputs)], program.consts, [x]
    )
    if not outline.layers:
        raise ValueError("diagnose found no layer: nowhere do weights of two axes or more meet the input.")
    shapes = [(layer.shape, layer.value.dtype) for layer in outline.layers]
    measure = jax.jit(measured(program, shapes, rows))
    seen = jax.device_get(measure(program.consts, [x], jax.random.key(0) if key is None else key))
    layers, activations = _traced(call, x), Activations()
    theories = predicted(layers, seen, activations, rows)
    reports = [
        layer_report(layer, activations.of(layer.source).name, found, theory)
        for layer, found, theory in zip(layers, seen, theories, strict=True)
    ]
    device = jax.devices()[0].device_kind
    return Diagnosis(
        name=str(getattr(model, "__name__", type(model).__name__)),
        layers=tuple(reports),
        verdict=verdict(reports, _gains(layers, activations)),
        rows=rows,
        device=device,
    )


def _pure(model: Callable[[Array], Any]) -> Callable[[Array], Any]:
    """The network as a function without side effects: a Flax module is put together anew inside."""
    nnx = sys.modules.get("flax.nnx")  # who has no Flax has no module of it
    if nnx is None or not isinstance(model, nnx.Module):
        return model
    graph, state = nnx.split(model)

    def call(x: Array) -> Any:
        return nnx.merge(graph, state, copy=True)(x)

    return call


def _traced(call: Callable[[Array], Any], x: Array) -> list[Layer]:
    """The layers with the functions between them, from a run on few rows, or on all where it must be."""
    for rows in (x[:_FEW], x):
        try:
            program = jax.make_jaxpr(call)(rows)
        except (TypeError, ValueError):  # a network for batches of one size
            continue
        run = Run()
        run(program, program.consts, [rows])
        return run.layers
    raise AssertionError("the network was traced before")


def _gains(layers: Sequence[Layer], activations: Activations) -> dict[str, float]:
    """The gain of every activation, by its name."""
    found = {}
    for known in {known.name: known for known in (activations.of(layer.source) for layer in layers)}.values():
        second = moments(known.function).second if known.name else 0.0
        if 0 < second < math.inf:
            found[known.name] = 1 / math.sqrt(second)
    return found


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(entry) for name, entry in value.items()}
        case list() | tuple():
            return [_plain(entry) for entry in value]
        case np.ndarray():
            return _plain(value.tolist())
        case float() if not math.isfinite(value):
            return None
        case _:
            return value
