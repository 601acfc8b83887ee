"""Many networks of one shape, trained in one compiled program."""

import dataclasses
import functools
import json
import time
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array
from sklearn.metrics import roc_auc_score

from research.selu_vs_batchnorm import measure, train
from research.selu_vs_batchnorm.data import Task
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.padding import Part, Parts, parts
from research.selu_vs_batchnorm.protocol import Protocol, Setting

PROBE = 256
"""Training rows on which the layers are measured; enough for a variance to within some per cent."""


@dataclasses.dataclass(frozen=True)
class Unit:
    """What is trained together, and recorded together.

    Attributes:
        dataset: Its name.
        split: Which of its splits.
        method: Of `METHODS`.
        depth: Hidden layers; residual blocks count two.
        width: Units of every hidden layer, or of the first.
        settings: What is tried with every seed.
        seeds: How many: 0, 1, ..., of the weights, the order of the rows and the masks of dropout.
        protocol: How they are trained.
        form: Whether all hidden layers are as wide as the first, or shrink geometrically to the classes.
        image: Height, width and channels of a row, for convolutional networks.
        padded: Whether the task's sizes are rounded up, so that other tasks use the same program.
        source: What else was asked of the data.
        looks: Whether the signal in every layer is measured before and after.
    """

    dataset: str
    split: int
    method: str
    depth: int
    width: int
    settings: tuple[Setting, ...]
    seeds: int
    protocol: Protocol
    form: Literal["rectangular", "conic"] = "rectangular"
    image: tuple[int, int, int] | None = None
    padded: bool = False
    source: str = ""
    looks: bool = False

    def __str__(self) -> str:
        """What it is called on the screen."""
        of = f"{self.depth} layers of {self.width}"
        return f"{METHODS[self.method].label}, {of}, {self.dataset}"

    @property
    def networks(self) -> int:
        """How many are trained."""
        return self.seeds * len(self.settings)

    @property
    def key(self) -> str:
        """All that its results depend on, beside versions and the device."""
        return json.dumps(dataclasses.asdict(self), separators=(",", ":"))

    def widths(self, features: int, classes: int) -> tuple[int, ...]:
        """Of all layers of its networks."""
        if self.form == "rectangular":
            return (features, *[self.width] * self.depth, classes)
        shrunk = self.width * (classes / self.width) ** (np.arange(self.depth) / self.depth)
        return (features, *(round(width) for width in shrunk.tolist()), classes)

    def network(self, widths: tuple[int, int]) -> train.Network:
        """Its networks, for room for features and classes."""
        noise = any(setting.dropout for setting in self.settings)
        return train.Network(METHODS[self.method], self.widths(*widths), noise, self.image)


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
    network: train.Network, protocol: Protocol, members: tuple[int, int], train_rows: tuple[int, int], room: int
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

    weights = jax.eval_shape(
        lambda: jax.vmap(network.init)(jax.random.split(jax.random.key(0), members[0]))
    )
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
        memory
        and memory.argument_size_in_bytes + memory.output_size_in_bytes + memory.temp_size_in_bytes,
    )


def run(unit: Unit, task: Task, seen: Callable[[int], None] = lambda _epoch: None) -> dict[str, Any]:
    """Trains the networks of a unit and measures them.

    Args:
        unit: What to train.
        task: The data.
        seen: Called with the number of each finished epoch.

    Returns:
        Plain values: `runs`, one for each setting, with the losses in nats per row, the accuracies in [0, 1]
        and the curves over epochs; `parameters`; `layers`; and what it cost.
    """
    begin = time.perf_counter()
    data = parts(task, padded=unit.padded and METHODS[unit.method].pads)
    batch = unit.protocol.batch(len(task.train.y))
    network = unit.network(data.widths)
    members = (unit.seeds, len(unit.settings))
    made = programs(network, unit.protocol, members, (len(data.train.y), batch), len(data.validation.y))
    weights = jax.tree.map(lambda *leaves: jnp.stack(leaves), *(_drawn(network, seed) for seed in range(unit.seeds)))
    rates, noise = jnp.array(unit.settings, jnp.float32).T
    initial = state = made.start(weights, data.features, rates, noise)
    history, seconds = [], []
    for epoch in range(1, unit.protocol.epochs + 1):
        start = time.perf_counter()
        order, keys = _drawn_rows(unit.seeds, epoch, len(task.train.y), len(data.train.y))
        state, losses = jax.block_until_ready(made.epoch(state, order, keys, data.train, data.validation))
        seconds.append(time.perf_counter() - start)
        history.append(losses)
        seen(epoch)
        if not state.active(unit.protocol.patience).any():
            break
    steps = len(task.train.y) // batch
    return {
        "runs": _runs(unit, task, data, made, state, history),
        "parameters": _parameters(network, weights, task),
        "layers": _layers(made, data.train, initial, state) if unit.looks else None,
        "step_seconds": float(np.median(seconds)) / steps,
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


def _runs(
    unit: Unit,
    task: Task,
    data: Parts,
    made: Programs,
    state: train.State,
    history: list[train.Seen],
) -> list[dict[str, Any]]:
    """What is known of each network at its best weights."""
    found = {}
    for name, part in (("train", data.train), ("validation", data.validation), ("test", data.test)):
        rows = getattr(task, name)
        logits = np.asarray(made.logits(state.best, part))[:, :, : len(rows.y), : task.classes]
        found[name] = [[_scores(one, rows.y) for one in each] for each in logits]
    curves = jax.tree.map(lambda *epochs: np.stack(epochs, axis=-1), *history)._asdict()
    best_epoch, diverged_at, score = map(
        np.asarray, (state.best_epoch, state.diverged_at, state.best_score)
    )
    return [
        {
            "seed": seed,
            **setting._asdict(),
            "best_epoch": int(best_epoch[seed, i]),
            "diverged_at": int(diverged_at[seed, i]) or None,
            "score": float(score[seed, i]),
            **{f"{part}_{name}": value for part in found for name, value in found[part][seed][i].items()},
            "curves": {name: curve[seed, i].tolist() for name, curve in curves.items()},
        }
        for seed in range(unit.seeds)
        for i, setting in enumerate(unit.settings)
    ]


def _scores(logits: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Loss, accuracy, and the area under the ROC curve where there are two classes."""
    wide = logits.astype(np.float64)
    highest = wide.max(axis=1)
    loss = np.log(np.exp(wide - highest[:, None]).sum(axis=1)) + highest - wide[np.arange(len(y)), y]
    found = {"loss": float(loss.mean()), "accuracy": float((logits.argmax(axis=1) == y).mean())}
    if logits.shape[1] == 2 and len(np.unique(y)) == 2 and np.isfinite(wide).all():
        found["auc"] = float(roc_auc_score(y, wide[:, 1] - wide[:, 0]))
    return found


def _layers(made: Programs, rows: Part, initial: train.State, final: train.State) -> dict[str, Any]:
    """Signal and gradient in every layer of every network, before and after."""
    count = min(PROBE, int(rows.rows))
    probe = rows._replace(x=rows.x[:count], y=rows.y[:count], rows=jnp.int32(count))
    found = {}
    for when, weights in (("initial", initial.weights), ("trained", final.best)):
        values = made.layers(weights, probe)._asdict()
        found[when] = {name: np.concatenate(np.asarray(value)).tolist() for name, value in values.items()}
    return found


def _parameters(network: train.Network, weights: train.Weights, task: Task) -> int:
    """Trained numbers of one network without those for features and classes that the task does not have."""
    features, first, *_, last, classes = network.widths
    unused = (features - task.train.x.shape[1]) * first + (classes - task.classes) * (last + 1)
    return sum(leaf[0].size for leaf in jax.tree.leaves(weights.params)) - unused


def _shapes(rows: int, network: train.Network) -> Part:
    """What the program gets instead of rows."""
    count = jax.ShapeDtypeStruct((), jnp.int32)
    return Part(
        jax.ShapeDtypeStruct((rows, network.widths[0]), jnp.float32),
        jax.ShapeDtypeStruct((rows,), jnp.int32),
        count,
        count,
    )
