"""One step of training with every function that jaxact shares with jax.nn: only the import differs."""

import dataclasses
import functools
from types import ModuleType
from typing import Any, Literal

import jax
from flax import nnx
from jaxtyping import Array

import jaxact.nn
from research.benchmarks.models import MODELS, Sizes, step
from research.benchmarks.options import Options
from research.benchmarks.peers import chosen
from research.benchmarks.timing import Program, interleave, spread
from research.benchmarks.training_report import answer, draw, summary, table

__all__ = ["QUESTION", "Config", "answer", "draw", "measure", "summary", "table", "units"]

QUESTION = "What does a step of training cost when `from jax import nn` becomes `from jaxact import nn`?"

IMPORTS: dict[str, ModuleType] = {"jaxact": jaxact.nn, "jax.nn": jax.nn}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(Options):
    """Options of the training benchmark."""

    models: tuple[Literal["mlp", "feed_forward", "gated_feed_forward"], ...] = (
        "mlp",
        "feed_forward",
        "gated_feed_forward",
    )
    """What is trained."""
    dtypes: tuple[Literal["float32", "bfloat16", "float16"], ...] = ("float32", "bfloat16")
    """Of weights and activations."""
    batch: int = 1024
    """Rows of the MLP, tokens of the feed-forward blocks."""
    depth: int = 4
    """Hidden layers of the MLP."""
    blocks: int = 1
    """Feed-forward blocks, one after the other."""
    width: int = 256
    """Features; the inner layer of a feed-forward block has four times as many."""
    rounds: int = 7
    """Steps of each library that are timed, in turns."""

    def sizes(self, model: str) -> Sizes:
        """How large a network is."""
        if self.quick:
            return Sizes(batch=8, depth=2, width=8)
        return Sizes(self.batch, self.depth if model == "mlp" else self.blocks, self.width)


def units(config: Config) -> list[str]:
    """One unit for each network, function and dtype; the two imports run in one unit, in turns."""
    functions = chosen(config.functions)
    return [f"{m} {shared.name} {d}" for m in config.models for d in config.dtypes for shared in functions]


def measure(config: Config, unit: str) -> list[dict[str, Any]]:
    """Time and peak memory of one step, with each import."""
    model, name, dtype = unit.split()
    trainings = {library: Training(config, model, nn, name, dtype) for library, nn in IMPORTS.items()}
    rounds = 3 if config.quick else config.rounds
    programs: dict[str, Program] = {library: training.steps for library, training in trainings.items()}
    seconds = interleave(programs, rounds=rounds, repeats=1, warm=0)
    return [
        {
            "model": model,
            "function": name,
            "dtype": dtype,
            "library": library,
            **spread(seconds[library]),
            "memory_bytes": training.memory_bytes,
            "rounds": rounds,
        }
        for library, training in trainings.items()
    ]


class Training:
    """A network in training, whose weights are replaced in place.

    Args:
        config: How large it is.
        model: Which network.
        nn: Where its activation is imported from.
        name: Of the activation.
        dtype: Of weights and activations.

    Attributes:
        weights: Now.
        memory_bytes: What a step needs at once, by XLA's own analysis: arguments, results and everything in
            between, donated weights counted once.
        loss: Before the last step.
    """

    def __init__(self, config: Config, model: str, nn: ModuleType, name: str, dtype: str) -> None:
        sizes = config.sizes(model)
        network = MODELS[model](nn, name, sizes, jax.numpy.dtype(dtype), nnx.Rngs(0))
        graph, self.weights = nnx.split(network)
        self._x = jax.random.normal(jax.random.key(1), (sizes.batch, sizes.width), dtype)
        advance = functools.partial(step, graph)
        self._step = jax.jit(advance, donate_argnums=0).lower(self.weights, self._x).compile()
        self.memory_bytes = _peak(self._step)
        self.loss: Array | None = None

    def steps(self, count: int) -> None:
        """Takes some steps, and waits until they are done."""
        for _ in range(count):
            self.weights, self.loss = self._step(self.weights, self._x)
        jax.block_until_ready((self.weights, self.loss))


def _peak(program: jax.stages.Compiled) -> int | None:
    """Bytes that a program needs at once, None where XLA does not say."""
    used = program.memory_analysis()
    if used is None:
        return None
    whole = used.temp_size_in_bytes + used.output_size_in_bytes + used.argument_size_in_bytes
    return whole - used.alias_size_in_bytes
