"""The variance of a very deep SELU network in 16 bits: what rounded constants do to a fixed point."""

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import jax
import jax.numpy as jnp
from matplotlib.figure import Figure

from jaxact import nn
from research.benchmarks import plots
from research.benchmarks.options import Options

QUESTION = "Does SELU keep its fixed point in 16 bits?"
LIBRARIES = {"jaxact": nn.selu, "jax.nn": jax.nn.selu}

Rows = list[dict[str, Any]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(Options):
    """Options of the benchmark of depth."""

    functions: tuple[Literal["selu"], ...] = ()
    """There is one: the function with a fixed point."""
    dtypes: tuple[Literal["bfloat16", "float16", "float32"], ...] = ("bfloat16", "float16", "float32")
    """Of signal and weights; products of matrices are summed in float32 and rounded once."""
    depth: int = 256
    """Layers."""
    width: int = 1024
    """Units of every layer, with weights of mean 0 and variance 1 / width."""
    batch: int = 256
    """Rows, drawn from N(0, 1)."""
    seeds: int = 3
    """Networks over which the variance is averaged."""


def units(config: Config) -> list[str]:
    """The dtypes."""
    return list(config.dtypes)


def measure(config: Config, unit: str) -> Rows:
    """Both libraries on the same weights and inputs."""
    sizes = {"depth": 16, "width": 64} if config.quick else {"depth": config.depth, "width": config.width}
    rows = []
    for library, selu in LIBRARIES.items():
        found = [
            variances(selu, jax.random.key(seed), unit, batch=config.batch, **sizes)
            for seed in range(1 if config.quick else config.seeds)
        ]
        mean = [sum(layer) / len(found) for layer in zip(*found, strict=True)]
        rows.append({"dtype": unit, "library": library, "variance": mean})
    return rows


def variances(selu: Any, key: jax.Array, dtype: str, *, depth: int, width: int, batch: int) -> list[float]:
    """The variance of all units and rows after every layer of a random SELU network.

    Args:
        selu: The activation.
        key: Of weights and inputs.
        dtype: Of both, and of the signal.
        depth: Layers.
        width: Units of every layer.
        batch: Rows.
    """
    return program(selu, dtype, depth, width, batch)(key).tolist()


@functools.lru_cache
def program(selu: Any, dtype: str, depth: int, width: int, batch: int) -> Callable[[jax.Array], jax.Array]:
    """What gives the variances from a key; the arguments are those of `variances`."""

    def layer(h: jax.Array, key: jax.Array) -> tuple[jax.Array, jax.Array]:
        weights = (jax.random.normal(key, (width, width)) / width**0.5).astype(dtype)
        # what a matrix unit does: factors in 16 bits, the sum in float32
        total = jnp.matmul(h.astype(jnp.float32), weights.astype(jnp.float32))
        h = selu(total.astype(dtype))
        return h, jnp.var(h.astype(jnp.float32))

    def network(key: jax.Array) -> jax.Array:
        first, *rest = jax.random.split(key, depth + 1)
        return jax.lax.scan(layer, jax.random.normal(first, (batch, width)).astype(dtype), jnp.stack(rest))[1]

    return jax.jit(network)


def settled(row: dict[str, Any]) -> float:
    """Mean variance of the second half of the layers, where the signal has settled."""
    later = row["variance"][len(row["variance"]) // 2 :]
    return sum(later) / len(later)


def answer(rows: Rows) -> str:
    """Where the variance settles."""
    found = [f"{row['library']} {settled(row):.4f} in {row['dtype']}" for row in rows]
    layers = len(rows[0]["variance"])
    return f"The variance of a SELU network {layers} layers deep settles at {', '.join(found)}."


def table(rows: Rows) -> list[list[str]]:
    """A line for each dtype and library."""
    lines = [["dtype", "library", "variance, second half", "last layer"]]
    return lines + [
        [row["dtype"], row["library"], f"{settled(row):.4f}", f"{row['variance'][-1]:.4f}"] for row in rows
    ]


def draw(rows: Rows, path: Path) -> None:
    """Variance over the layers, a panel for each dtype."""
    dtypes = list(dict.fromkeys(row["dtype"] for row in rows))
    figure = Figure(figsize=(3.2 * len(dtypes) + 0.8, 3.2), layout="constrained")
    grid = figure.subplots(1, len(dtypes), squeeze=False, sharey=True).ravel().tolist()
    for axes, dtype in zip(grid, dtypes, strict=True):
        axes.axhline(1, color="#999999", linewidth=0.8)
        for row in rows:
            if row["dtype"] == dtype:
                colour = plots.STYLES[row["library"]]["color"]
                axes.plot(row["variance"], color=colour, label=row["library"], linewidth=1.2)
        axes.set_title(dtype, fontsize=10)
        axes.set_xlabel("layer")
    grid[0].set_ylabel("variance of the signal")
    plots.legend(figure, grid)
    plots.save(figure, path)
