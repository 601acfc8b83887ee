"""Many networks of one shape, trained in one compiled program."""

import functools
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from research.selu_vs_batchnorm.data import Task
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.training import measure, outcome, train
from research.selu_vs_batchnorm.training.checkpoint import Checkpoint
from research.selu_vs_batchnorm.training.padding import Part, parts
from research.selu_vs_batchnorm.training.protocol import Protocol
from research.selu_vs_batchnorm.training.unit import Unit


class Programs(NamedTuple):
    """Compiled for one shape of networks and of task.

    Attributes:
        start: All networks before their first step.
        epoch: Trains all of them for an epoch.
        logits: Of all networks on any rows.
        layers: Signal and gradient in every layer of all networks.
        compile_seconds: To trace and compile the epoch.
        memory_bytes: Of its arguments, results and temporaries; None where XLA does not tell.
    """

    start: Callable[..., train.State]
    epoch: Callable[..., tuple[train.State, train.Seen]]
    logits: Callable[..., Array]
    layers: Callable[..., measure.Layers]
    compile_seconds: float
    memory_bytes: int | None


@functools.lru_cache(maxsize=32)
def programs(
    network: train.Network,
    protocol: Protocol,
    members: tuple[int, int],
    train_rows: tuple[int, int],
    room: int,
) -> Programs:
    """Compiles what an ensemble needs.

    Args:
        network: Of every member.
        protocol: How it is trained.
        members: Seeds, and settings of each.
        train_rows: Room for training rows, and rows per step.
        room: For validation rows.
    """

    def begun(weights: train.Weights, features: Array, rates: Array, dropout: Array) -> train.State:
        return train.start(protocol, network.fitted(weights, features), rates, dropout)

    def mapped(function: Callable[..., Any], *axes: Any) -> Callable[..., Any]:
        """Over seeds and settings; `axes` are those of what is not in the state."""
        over_settings = jax.vmap(function, in_axes=(0, *(None for _ in axes)))
        return jax.vmap(over_settings, in_axes=(0, *axes))

    start = jax.jit(jax.vmap(jax.vmap(begun, in_axes=(None, None, 0, 0)), in_axes=(0, None, None, None)))
    epoch = mapped(functools.partial(train.epoch, network, protocol, train_rows[1]), 0, 0, None, None)

    weights = jax.eval_shape(lambda: jax.vmap(network.init)(jax.random.split(jax.random.key(0), members[0])))
    keys = jax.eval_shape(lambda: jax.random.split(jax.random.key(0), members[0]))
    numbers = jax.ShapeDtypeStruct(members[1:], jnp.float32)
    state = jax.eval_shape(start, weights, jax.ShapeDtypeStruct((), jnp.int32), numbers, numbers)
    order = jax.ShapeDtypeStruct((members[0], train_rows[0]), jnp.int32)
    begin = time.perf_counter()
    compiled = (
        jax.jit(epoch)
        .lower(state, order, keys, _shapes(train_rows[0], network), _shapes(room, network))
        .compile()
    )
    memory = compiled.memory_analysis()
    return Programs(
        start,
        compiled,
        jax.jit(mapped(network.logits, None)),
        jax.jit(mapped(functools.partial(measure.layers, network), None)),
        time.perf_counter() - begin,
        memory and memory.argument_size_in_bytes + memory.output_size_in_bytes + memory.temp_size_in_bytes,
    )


class Training:
    """The networks of a unit in the middle of their training.

    Args:
        unit: What is trained.
        task: The data.

    Attributes:
        unit: What is trained.
        data: The task on the device.
        made: The programs.
        weights: As they were drawn, one for each seed.
        initial: Before the first step.
        state: Now.
        batch: Rows per step.
    """

    def __init__(self, unit: Unit, task: Task) -> None:
        """Draws weights and compiles what is not compiled yet."""
        self.unit = unit
        self.data = parts(task, padded=unit.padded and METHODS[unit.method].pads)
        self.batch = unit.protocol.batch(len(task.train.y))
        self.network = unit.network(self.data.widths)
        self.made = programs(
            self.network,
            unit.protocol,
            (unit.seeds, len(unit.settings)),
            (len(self.data.train.y), self.batch),
            len(self.data.validation.y),
        )
        drawn = [_drawn(self.network, seed) for seed in range(unit.seeds)]
        self.weights = jax.tree.map(lambda *leaves: jnp.stack(leaves), *drawn)
        rates, dropout = jnp.array(unit.settings, jnp.float32).T
        self.initial = self.state = self.made.start(self.weights, self.data.features, rates, dropout)

    def epoch(self, number: int) -> np.ndarray:
        """Goes once through the training rows.

        Args:
            number: Of the epoch, from 1; the order of the rows and the masks follow from it.

        Returns:
            What `train.Seen` names, of shape `(3, seeds, settings)`.
        """
        rows, seeds = int(self.data.train.rows), self.unit.seeds
        order = np.zeros((seeds, len(self.data.train.y)), np.int32)
        for seed in range(seeds):
            order[seed, :rows] = np.random.default_rng((seed, number)).permutation(rows)
        keys = jnp.stack([jax.random.fold_in(jax.random.key(seed), number) for seed in range(seeds)])
        self.state, seen = self.made.epoch(self.state, order, keys, self.data.train, self.data.validation)
        return np.stack(seen)


def run(unit: Unit, task: Task, checkpoint: Checkpoint | None = None) -> dict[str, Any]:
    """Trains the networks of a unit and measures them.

    Args:
        unit: What to train.
        task: The data.
        checkpoint: Where a long training goes on from, and is kept now and then.

    Returns:
        Plain values: `runs`, one for each setting, with the losses in nats per row, the accuracies in [0, 1]
        and the curves over epochs; `parameters`; `layers`; and what it cost, without what was lost by kills.
    """
    begin = time.perf_counter()
    training = Training(unit, task)
    history, seconds = [], []
    if checkpoint:
        training.state, history, seconds = checkpoint.restored(training.state)
    spent = sum(seconds)
    while len(history) < unit.protocol.epochs and training.state.active(unit.protocol.patience).any():
        start = time.perf_counter()
        history.append(training.epoch(len(history) + 1))
        seconds.append(time.perf_counter() - start)
        if checkpoint:
            checkpoint.offer(training.state, history, seconds)
    state, data, made = training.state, training.data, training.made
    rows = zip(task[2:], data[:3], strict=True)
    return {
        "runs": outcome.runs(unit, rows, made.logits, state, np.stack(history)),
        "parameters": outcome.parameters(training.network, training.weights, task),
        "layers": outcome.layers(made.layers, data.train, training.initial, state) if unit.looks else None,
        "step_seconds": float(np.median(seconds)) / (len(task.train.y) // training.batch),
        "compile_seconds": made.compile_seconds,
        "memory_bytes": made.memory_bytes,
        "seconds": spent + time.perf_counter() - begin,
    }


@functools.lru_cache(maxsize=16)
def _drawn(network: train.Network, seed: int) -> train.Weights:
    return network.init(jax.random.key(seed))


def _shapes(rows: int, network: train.Network) -> Any:
    """What the program gets instead of rows."""
    count = jax.ShapeDtypeStruct((), jnp.int32)
    x = jax.ShapeDtypeStruct((rows, network.widths[0]), jnp.float32)
    shapes: Any = (x, jax.ShapeDtypeStruct((rows,), jnp.int32), count, count)
    return Part(*shapes)
