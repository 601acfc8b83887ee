"""Measures a unit: what theory says of one function, or how its networks of one depth train."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from research.selu_vs_batchnorm.data import Task
from research.trainable_depth import theory, train
from research.trainable_depth.config import Config


class Choice(NamedTuple):
    """A function, and the depth of its networks; 0 for what theory says of all of them."""

    function: str
    depth: int

    def __str__(self) -> str:
        """What it is called on the screen."""
        return f"{self.function}, {self.depth} layers" if self.depth else f"{self.function}, theory"


def choices(config: Config) -> list[Choice]:
    """What there is to measure, in order."""
    return [Choice(name, depth) for name in config.functions for depth in (0, *config.depths)]


def predictions(config: Config, function: str, seen: Callable[[float], None]) -> list[dict[str, Any]]:
    """What theory says for each deviation of the weights.

    Args:
        config: The options.
        function: Of the catalogue.
        seen: Called with the share that is done.
    """
    found = []
    edge = theory.edge(function, config.sigma_b)
    for ratio in sorted(config.ratios):
        found.append(vars(theory.predict(theory.field(function, ratio * edge, config.sigma_b))))
        seen(len(found) / len(config.ratios))
    return found


def trained(
    config: Config, task: Task, choice: Choice, seen: Callable[[float], None]
) -> dict[str, list[Any]]:
    """Trains all networks of one function and depth, in one program.

    Args:
        config: The options.
        task: The data.
        choice: The function and the depth.
        seen: Called with the share that is done.

    Returns:
        Accuracies on the validation and test rows after training: for each learning rate, seed and deviation
        of the weights.
    """
    function, depth = choice
    edge = theory.edge(function, config.sigma_b)
    sizes = train.Sizes(task.train.x.shape[1], config.width, depth, task.classes)
    axes = np.meshgrid(config.rates, range(config.seeds), sorted(config.ratios), indexing="ij")
    rates, seeds, ratios = (axis.ravel() for axis in axes)
    rates = jnp.asarray(rates / depth, jnp.float32)
    keys = jnp.stack([jax.random.key(seed) for seed in seeds])

    draw = jax.jit(jax.vmap(functools.partial(train.draw, sizes), in_axes=(0, 0, None)))
    networks = draw(keys, jnp.asarray(edge * ratios, jnp.float32), jnp.float32(config.sigma_b))
    one = functools.partial(train.epoch, function, batch=config.batch_size)
    program = jax.jit(jax.vmap(one, in_axes=(0, 0, 0, None)), donate_argnums=0)
    next_key = jax.vmap(jax.random.fold_in, in_axes=(0, None))
    for number in range(1, config.epochs + 1):
        networks = jax.block_until_ready(program(networks, next_key(keys, number), rates, task.train))
        seen(number / config.epochs)
    judge = jax.jit(jax.vmap(functools.partial(train.accuracy, function), in_axes=(0, None)))
    return {
        name: np.asarray(judge(networks, getattr(task, name)), np.float64).reshape(axes[0].shape).tolist()
        for name in ("validation", "test")
    }
