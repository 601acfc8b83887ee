"""Measures a unit: a step of every method at one shape, on some devices."""

import statistics
import time
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.sharding import Mesh

from research.benchmarks.timing import interleave, spread
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.scaling import parallel
from research.selu_vs_batchnorm.scaling.communication import communication
from research.selu_vs_batchnorm.scaling.config import BASE, Scaling
from research.selu_vs_batchnorm.training.train import Network

CLASSES = 10
FLOAT = 4
"""Bytes of a float32."""

Row = dict[str, Any]


class Unit(NamedTuple):
    """What is measured with every method, in turns.

    Attributes:
        width: Units of every hidden layer, and features.
        depth: Hidden layers.
        rows: Of a batch, on all devices together.
        devices: That share it.
    """

    width: int
    depth: int
    rows: int
    devices: int

    def __str__(self) -> str:
        """What it is called on the screen."""
        on = f"{self.devices} device{'s' if self.devices > 1 else ''}"
        return f"{self.depth} layers of {self.width}, {self.rows} rows, {on}"

    @property
    def effort(self) -> int:
        """About how long it takes, relative to others: its products, and the start of every device."""
        return self.width**2 * self.depth * self.rows + 10**8 * self.devices


def units(config: Scaling) -> list[Unit]:
    """What there is to measure, in order; several processes measure what needs them all."""
    narrow, deep = min(config.widths), max(config.depths)
    if config.coordinator is not None:
        return [Unit(narrow, deep, config.rows_per_device * jax.device_count(), jax.device_count())]
    one = [
        Unit(width, depth, rows, 1)
        for width in config.widths
        for depth in config.depths
        for rows in config.batches
    ]
    many = [Unit(narrow, deep, config.rows_per_device * devices, devices) for devices in config.devices]
    return list(dict.fromkeys(one + many))


def measure(unit: Unit, methods: tuple[str, ...], repeats: int) -> list[Row]:
    """Measures a unit on devices that this process sees.

    Args:
        unit: What to measure.
        methods: By name; the base is among them.
        repeats: Turns of each method.

    Returns:
        A row for each method: what it is; `seconds` of a step with their quartiles, and `ratio` to the base,
        the median of the ratios within a turn; `compile_seconds`; `memory_bytes`, what a step needs on each
        device besides weights and momentum, None where XLA does not tell; `collectives` by kind and their
        longest `chain`; the bytes among them that are gradients, and those that normalization adds.
    """
    devices = parallel.mesh(jax.devices()[: unit.devices])
    simulated = devices.local_mesh.size > 1 and jax.default_backend() == "cpu"
    trials = {name: Trial(name, unit, devices) for name in methods}
    steps = min(16, 1 + 2**33 // (6 * unit.rows * unit.width**2 * unit.depth))
    seconds = interleave(trials, rounds=repeats, repeats=steps, warm=int(steps > 1))
    return [
        {
            "method": name,
            **unit._asdict(),
            "simulated": simulated,
            **spread(seconds[name]),
            "ratio": _ratio(seconds[name], seconds[BASE]),
            **trials[name].found(),
        }
        for name in methods
    ]


class Trial:
    """A network in training on random rows, its step compiled.

    Args:
        name: Of the method.
        unit: The shape.
        devices: As `parallel.mesh` makes them.

    Attributes:
        compiled: The step.
        compile_seconds: From the Python function to the step.
    """

    def __init__(self, name: str, unit: Unit, devices: Mesh) -> None:
        """Draws weights and rows, and compiles."""
        network = Network(METHODS[name], (*[unit.width] * (unit.depth + 1), CLASSES))
        optimizer = optax.sgd(1e-3, momentum=0.9)
        self._state = parallel.start(network, optimizer, devices, jax.random.key(0))
        self._rest = (
            parallel.share(devices, *_rows(unit, devices), CLASSES),
            jnp.float32(0),
            jax.random.key(1),
        )
        jax.block_until_ready(self._state)
        begin = time.perf_counter()
        step = parallel.program(network, optimizer, devices)
        self.compiled = step.lower(*self._state, *self._rest).compile()
        self.compile_seconds = time.perf_counter() - begin

    def __call__(self, steps: int) -> None:
        """Trains so many steps."""
        for _ in range(steps):
            self._state, _ = self.compiled(*self._state, *self._rest)
        jax.block_until_ready(self._state)

    def found(self) -> Row:
        """What is known without a clock, and the time that it took to compile."""
        memory = self.compiled.memory_analysis()
        told = communication(self.compiled.as_text())
        weights, _ = self._state
        parameters = sum(leaf.size for leaf in jax.tree.leaves(weights.params))
        gradients = FLOAT * parameters if told.collectives else 0
        loss = FLOAT if told.collectives else 0
        return {
            "compile_seconds": self.compile_seconds,
            "memory_bytes": None if memory is None else memory.temp_size_in_bytes,
            "parameters": parameters,
            "collectives": told.by_kind(),
            "forward": sum(not found.backward for found in told.collectives),
            "chain": told.chain,
            "gradient_bytes": gradients,
            "normalization_bytes": told.bytes - gradients - loss,
        }


def _rows(unit: Unit, devices: Mesh) -> tuple[np.ndarray, np.ndarray]:
    """Random rows and labels: what this process gives to the batch."""
    random = np.random.default_rng(jax.process_index())
    count = unit.rows // devices.size * devices.local_mesh.size
    return random.normal(size=(count, unit.width)), random.integers(CLASSES, size=count)


def _ratio(over: list[float], under: list[float]) -> float:
    return statistics.median(own / base for own, base in zip(over, under, strict=True))
