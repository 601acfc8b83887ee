"""Trains every recipe at every depth and width, all seeds and learning rates of one in one program."""

import functools
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from research.selu_vs_batchnorm import measure, train
from research.selu_vs_batchnorm.config import Config
from research.selu_vs_batchnorm.data import Rows, Task
from research.selu_vs_batchnorm.recipes import RECIPES
from research.selu_vs_batchnorm.results import Run, Unit

PROBE = 256
"""Training rows on which the layers are measured; enough for a variance to within some per cent."""


class Choice(NamedTuple):
    """A recipe at one depth and width."""

    recipe: str
    depth: int
    width: int

    def __str__(self) -> str:
        """What it is called on the screen."""
        return f"{RECIPES[self.recipe].label}, {self.depth} layers of {self.width}"


def choices(config: Config) -> Iterator[Choice]:
    """What there is to train, in order."""
    for depth, width, recipe in itertools.product(config.depths, config.widths, config.recipes):
        yield Choice(recipe, depth, width)


def run(
    config: Config, task: Task, choice: Choice, seen: Callable[[int], None] = lambda _epoch: None
) -> Unit:
    """Trains one recipe from every seed at every learning rate, and measures it.

    Args:
        config: The options.
        task: The data.
        choice: What to train.
        seen: Called with the number of each finished epoch.
    """
    recipe = RECIPES[choice.recipe]
    features = task.train.x.shape[1]
    network = train.Network(recipe, (features, *[choice.width] * choice.depth, task.classes))
    members = [(seed, rate) for rate in config.learning_rates for seed in range(config.seeds)]

    keys = jnp.stack([jax.random.key(seed) for seed, _ in members])
    rates = jnp.array([rate for _, rate in members], jnp.float32)
    state = jax.vmap(functools.partial(train.init, network, config))(keys, rates)
    initial = state.weights

    state, history, costs = _train(network, config, state, task, seen)
    evaluate = jax.jit(jax.vmap(network.evaluate, in_axes=(0, None)))
    train_loss, _ = evaluate(state.best, task.train)
    validation_loss, _ = evaluate(state.best, task.validation)
    test_loss, test_accuracy = evaluate(state.best, task.test)
    runs = [
        Run(
            seed=seed,
            learning_rate=rate,
            best_epoch=int(state.best_epoch[i]),
            diverged_at=int(state.diverged_at[i]) or None,
            train_loss=float(train_loss[i]),
            validation_loss=float(validation_loss[i]),
            test_loss=float(test_loss[i]),
            test_accuracy=float(test_accuracy[i]),
        )
        for i, (seed, rate) in enumerate(members)
    ]
    rate = _chosen(runs)
    own = np.array([i for i, run in enumerate(runs) if run.learning_rate == rate])
    probe = Rows(task.train.x[:PROBE], task.train.y[:PROBE])
    look = jax.jit(jax.vmap(functools.partial(measure.layers, network), in_axes=(0, None)))
    return Unit(
        recipe=choice.recipe,
        label=recipe.label,
        depth=choice.depth,
        width=choice.width,
        parameters=sum(leaf[0].size for leaf in jax.tree.leaves(state.weights.params)),
        learning_rate=rate,
        runs=runs,
        curves={
            "training": history.train[:, own].T.tolist(),
            "validation": history.validation[:, own].T.tolist(),
        },
        layers={
            when: {
                name: np.asarray(value)[own].mean(axis=0).tolist()
                for name, value in look(weights, probe)._asdict().items()
            }
            for when, weights in (("initial", initial), ("trained", state.best))
        },
        **costs,
    )


def _train(
    network: train.Network, config: Config, state: train.State, task: Task, seen: Callable[[int], None]
) -> tuple[train.State, train.Losses, dict[str, Any]]:
    """Runs epochs until no run may still improve; gives losses by epoch, and what they cost."""
    program = jax.vmap(functools.partial(train.epoch, network, config), in_axes=(0, None, None))
    begin = time.perf_counter()
    compiled = jax.jit(program).lower(state, task.train, task.validation).compile()
    compile_seconds = time.perf_counter() - begin
    history: list[train.Losses] = []
    seconds: list[float] = []
    for epoch in range(1, config.epochs + 1):
        begin = time.perf_counter()
        state, losses = jax.block_until_ready(compiled(state, task.train, task.validation))
        seconds.append(time.perf_counter() - begin)
        history.append(losses)
        seen(epoch)
        if not state.active(config.patience).any():
            break
    rows = len(task.train.y)
    steps = rows // min(config.batch_size, rows)
    memory = compiled.memory_analysis()
    costs = {
        "step_seconds": float(np.median(seconds)) / steps,
        "compile_seconds": compile_seconds,
        "memory_bytes": memory
        and memory.argument_size_in_bytes + memory.output_size_in_bytes + memory.temp_size_in_bytes,
    }
    return state, jax.tree.map(lambda *epochs: np.stack(epochs), *history), costs


def _chosen(runs: list[Run]) -> float:
    """The learning rate with the fewest divergences, among these the lowest mean validation loss."""

    def merit(rate: float) -> tuple[int, float]:
        own = [run for run in runs if run.learning_rate == rate]
        loss = float(np.mean([run.validation_loss for run in own]))
        return sum(run.diverged_at is not None for run in own), loss if np.isfinite(loss) else np.inf

    return min(dict.fromkeys(run.learning_rate for run in runs), key=merit)
