"""Many networks of one shape, trained in one compiled program."""

import functools
import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from research.selu_vs_batchnorm import measure, outcome, train
from research.selu_vs_batchnorm.checkpoint import Checkpoint
from research.selu_vs_batchnorm.data import Task
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.padding import Part, parts
from research.selu_vs_batchnorm.protocol import Protocol
from research.selu_vs_batchnorm.unit import Unit


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


def run(unit: Unit, task: Task, checkpoint: Checkpoint | None = None) -> dict[str, Any]:
    """Trains the networks of a unit and measures them.

    Args:
        unit: What to train.
        task: The data.
        checkpoint: Where a long training goes on from, and is kept now and then.

    Returns:
        Plain values: `runs`, one for each setting, with the losses in nats per row, the accuracies in [0, 1]
        and the curves over epochs; `parameters`; `layers`; and what it cost, of a training that went on from
        a checkpoint since then.
    """
    begin = time.perf_counter()
    data = parts(task, padded=unit.padded and METHODS[unit.method].pads)
    batch = unit.protocol.batch(len(task.train.y))
    network = unit.network(data.widths)
    members = (unit.seeds, len(unit.settings))
    made = programs(network, unit.protocol, members, (len(data.train.y), batch), len(data.validation.y))
    weights = jax.tree.map(
        lambda *leaves: jnp.stack(leaves), *(_drawn(network, seed) for seed in range(unit.seeds))
    )
    rates, noise = jnp.array(unit.settings, jnp.float32).T
    initial = state = made.start(weights, data.features, rates, noise)
    history, seconds = [], [math.nan]
    if checkpoint:
        state, history = checkpoint.restored(state)
    for epoch in range(len(history) + 1, unit.protocol.epochs + 1):
        if not state.active(unit.protocol.patience).any():
            break
        start = time.perf_counter()
        order, keys = _drawn_rows(unit.seeds, epoch, len(task.train.y), len(data.train.y))
        state, losses = jax.block_until_ready(made.epoch(state, order, keys, data.train, data.validation))
        seconds.append(time.perf_counter() - start)
        history.append(np.stack(losses))
        if checkpoint:
            checkpoint.offer(state, history)
    steps = len(task.train.y) // batch
    return {
        "runs": outcome.runs(
            unit, zip(task[2:], data[:3], strict=True), made.logits, state, np.stack(history)
        ),
        "parameters": outcome.parameters(network, weights, task),
        "layers": outcome.layers(made.layers, data.train, initial, state) if unit.looks else None,
        "step_seconds": float(np.nanmedian(seconds)) / steps,
        "compile_seconds": made.compile_seconds,
        "memory_bytes": made.memory_bytes,
        "seconds": time.perf_counter() - begin,
    }


@functools.lru_cache(maxsize=16)
def _drawn(network: train.Network, seed: int) -> train.Weights:
    return network.init(jax.random.key(seed))


def _drawn_rows(seeds: int, epoch: int, rows: int, room: int) -> tuple[np.ndarray, Array]:
    """The order of the rows in an epoch and the key of its masks, for every seed."""
    order = np.zeros((seeds, room), np.int32)
    for seed in range(seeds):
        order[seed, :rows] = np.random.default_rng((seed, epoch)).permutation(rows)
    return order, jnp.stack([jax.random.fold_in(jax.random.key(seed), epoch) for seed in range(seeds)])


def _shapes(rows: int, network: train.Network) -> Any:
    """What the program gets instead of rows."""
    count = jax.ShapeDtypeStruct((), jnp.int32)
    x = jax.ShapeDtypeStruct((rows, network.widths[0]), jnp.float32)
    shapes: Any = (x, jax.ShapeDtypeStruct((rows,), jnp.int32), count, count)
    return Part(*shapes)
