"""What an experiment is going to do: how much of it, how long, in how much memory."""

import itertools
import math
import time
from collections.abc import Iterable
from typing import Any

import jax
import jax.numpy as jnp
from rich.console import Console

from research.selu_vs_batchnorm.experiment import Experiment, loaded
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.training import Unit
from research.tables import table


def announce(
    console: Console, experiment: Experiment, units: list[Unit], todo: list[Unit], device: dict[str, Any]
) -> None:
    """Says what is going to happen, and where."""
    tasks = sorted({unit.dataset for unit in units})
    splits = len({unit.split for unit in units})
    labels = ", ".join(METHODS[name].label for name in experiment.methods)
    depths = ", ".join(str(depth) for depth in sorted({unit.depth for unit in units}))
    console.print(experiment.question, style="bold")
    console.print(
        f"Data: {', '.join(tasks) if len(tasks) < 5 else f'{len(tasks)} tasks'}"
        f"{f', {splits} splits' if splits > 1 else ''}.\n"
        f"Methods: {labels}; {depths} hidden layers.\n"
        f"To do: {len(todo)} of {len(units)} units, each a program that trains up to "
        f"{max(unit.networks for unit in units)} networks at once, "
        f"{sum(unit.networks for unit in todo)} networks in all.\n"
        f"Device: {device['platform']}, {device['kind']}.",
        markup=False,
        highlight=False,
    )


def differences(units: Iterable[Unit], finished: dict[str, Any], around: dict[str, Any]) -> list[str]:
    """What is to be said about units that were measured elsewhere."""
    notes = []
    for name in ("commit", "device", "versions"):
        others = [unit for unit in units if unit.key in finished and finished[unit.key][name] != around[name]]
        if others:
            notes.append(
                f"{len(others)} units were measured with another {name}; --fresh measures them anew."
            )
    return notes


def estimate(console: Console, experiment: Experiment, todo: list[Unit]) -> None:
    """Prints units, parameters, time and memory of what is left to do."""
    if not todo:
        console.print("Nothing is left to do.")
        return
    rate = _operations_per_second(max(unit.networks for unit in todo))
    rows = table("what is left", "method", "units", "networks", "parameters", "time", "memory, MiB")
    total = 0.0
    for name in experiment.methods:
        own = [unit for unit in todo if unit.method == name]
        if not own:
            continue
        seconds = sum(operations(unit, experiment) for unit in own) / rate
        total += seconds
        ordered = sorted(own, key=lambda unit: _weights(unit, experiment))
        sizes = [_parameters(unit, experiment) for unit in (ordered[0], ordered[-1])]
        rows.add_row(
            METHODS[name].label,
            str(len(own)),
            str(sum(unit.networks for unit in own)),
            f"{sizes[0]:,} to {sizes[1]:,}",
            duration(seconds),
            f"{_memory(ordered[-1], experiment) / 2**20:.0f}",
        )
    console.print(rows)
    console.print(
        f"In all about {duration(total / (1 if experiment.engine == 'here' else experiment.workers))} of "
        "multiplications at the rate just measured; normalization, dropout and compilation come on top, "
        "early stops are taken off."
    )


def operations(unit: Unit, experiment: Experiment) -> float:
    """Floating point operations of the multiplications in all epochs of all networks."""
    task = loaded(experiment, unit.dataset, unit.split)
    rows = 3 * len(task.train.y) + len(task.validation.y)
    return 2.0 * _weights(unit, experiment) * rows * unit.protocol.epochs * unit.networks


def duration(seconds: float) -> str:
    """A time in the unit that suits it."""
    for size, name in ((3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {name}"
    return f"{seconds:.0f} s"


def _weights(unit: Unit, experiment: Experiment) -> int:
    """Weights of a plain network of its widths."""
    task = loaded(experiment, unit.dataset, unit.split)
    return sum(
        math.prod(pair) for pair in itertools.pairwise(unit.widths(task.train.x.shape[1], task.classes))
    )


def _parameters(unit: Unit, experiment: Experiment) -> int:
    task = loaded(experiment, unit.dataset, unit.split)
    network = unit.network((task.train.x.shape[1], task.classes))
    weights = jax.eval_shape(lambda: network.init(jax.random.key(0)))
    return sum(leaf.size for leaf in jax.tree.leaves(weights.params))


def _memory(unit: Unit, experiment: Experiment) -> float:
    """Bytes of weights, the best ones, momentum and gradients, and of what the backward pass keeps."""
    task = loaded(experiment, unit.dataset, unit.split)
    activations = 2 * unit.protocol.batch(len(task.train.y)) * unit.width * unit.depth
    return 4.0 * unit.networks * (4 * _parameters(unit, experiment) + activations)


def _operations_per_second(members: int) -> float:
    """Of products of small matrices, many at once."""
    x = jnp.ones((members, 128, 64))
    product = jax.jit(lambda x, w: x @ w)
    weights = jnp.ones((members, 64, 64))
    jax.block_until_ready(product(x, weights))
    begin, count = time.perf_counter(), 0
    while time.perf_counter() < begin + 0.3:
        jax.block_until_ready(product(x, weights))
        count += 1
    return count * 2.0 * weights.size * 128 / (time.perf_counter() - begin)
