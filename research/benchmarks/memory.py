"""Bytes that training keeps for the backward pass, per element and layer, by XLA's own analysis."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import jax
import jax.numpy as jnp
from matplotlib.figure import Figure

from research.benchmarks import plots
from research.benchmarks.options import Options
from research.benchmarks.peers import Elementwise, Shared, chosen, shared

QUESTION = "How much memory does an activation keep for the backward pass?"
CHECKPOINT = "jax.checkpoint"
LIBRARIES = ("jaxact", "jax.nn", CHECKPOINT)
"""The last is jax.nn's function under `jax.checkpoint`."""

Rows = list[dict[str, Any]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(Options):
    """Options of the benchmark of memory."""

    dtypes: tuple[Literal["float32", "bfloat16"], ...] = ("float32", "bfloat16")
    """Of inputs and weights."""
    networks: tuple[Literal["elementwise scan", "matmul scan", "unrolled"], ...] = (
        "elementwise scan",
        "matmul scan",
        "unrolled",
    )
    """Whose memory is measured."""
    depths: tuple[int, int] = (8, 16)
    """Layers; the growth between them is what a layer keeps."""
    batch: int = 4096
    """Rows. Many, so that gradients of weights do not count."""
    width: int = 64
    """Units of every layer."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run.

        Raises:
            ValueError: If an option is outside its domain.
        """
        super().__post_init__()
        few, many = self.depths
        if not few < many:
            raise ValueError(f"depths must rise; got {self.depths}.")


def elementwise_scan(f: Elementwise, weights: jax.Array, h: jax.Array) -> jax.Array:
    """Layers `f(h * w)` in a scan: no product of matrices keeps anything, only the activation."""
    return jax.lax.scan(lambda h, w: (f(h * w[0]), None), h, weights)[0]


def matmul_scan(f: Elementwise, weights: jax.Array, h: jax.Array) -> jax.Array:
    """Layers `f(h @ w)` in a scan, as networks of equal layers are written."""
    return jax.lax.scan(lambda h, w: (f(h @ w), None), h, weights)[0]


def unrolled(f: Elementwise, weights: jax.Array, h: jax.Array) -> jax.Array:
    """Layers `f(h @ w)` one after the other, which XLA sees whole."""
    for w in weights:
        h = f(h @ w)
    return h


NETWORKS = {"elementwise scan": elementwise_scan, "matmul scan": matmul_scan, "unrolled": unrolled}


def units(config: Config) -> list[str]:
    """The functions."""
    return [entry.name for entry in chosen(config.functions)]


def measure(config: Config, unit: str) -> Rows:
    """Every library in every network and dtype."""
    return [
        {
            "function": unit,
            "library": library,
            "network": name,
            "dtype": dtype,
            "bytes": _kept(config, NETWORKS[name], function, dtype),
        }
        for library, function in _functions(shared()[unit]).items()
        for name in config.networks
        for dtype in config.dtypes
    ]


def answer(rows: Rows) -> str:
    """The mean over all functions, and the most."""
    parts = []
    for network in NETWORKS:
        own = [row for row in rows if row["network"] == network and row["dtype"] == "float32"]
        means = []
        for library in LIBRARIES:
            found = [row["bytes"] for row in own if row["library"] == library and row["bytes"] is not None]
            if found:
                means.append(f"{library} {sum(found) / len(found):.1f} (most {max(found):.1f})")
        if means:
            parts.append(f"{network}: {', '.join(means)}")
    if not parts:
        return "XLA told no figures of float32."
    count = len({row["function"] for row in rows})
    return f"Bytes per float32 element and layer, mean of {count} functions: {'; '.join(parts)}."


def table(rows: Rows) -> list[list[str]]:
    """A line for each function, a column for each network and dtype: jaxact / jax.nn / jax.checkpoint."""
    kinds = list(dict.fromkeys((row["network"], row["dtype"]) for row in rows))
    lines = [["function", *(f"{network}, {dtype}" for network, dtype in kinds)]]
    for function in dict.fromkeys(row["function"] for row in rows):
        cells = (_cell(rows, function, network, dtype, LIBRARIES) for network, dtype in kinds)
        lines.append([function, *cells])
    return lines


def summary(rows: Rows) -> dict[str, dict[str, str]]:
    """A column for the project's README: the matmul scan in float32."""
    names = [row["function"] for row in rows if row["network"] == "matmul scan" and row["dtype"] == "float32"]
    cells = {
        name: _cell(rows, name, "matmul scan", "float32", LIBRARIES[:2]) for name in dict.fromkeys(names)
    }
    return {"bytes per element and layer": cells} if cells else {}


def draw(rows: Rows, path: Path) -> None:
    """Bars for each function, a panel for each network and dtype."""
    kinds = list(dict.fromkeys((row["network"], row["dtype"]) for row in rows))
    names = list(dict.fromkeys(row["function"] for row in rows))
    figure = Figure(figsize=(max(4.0, 1.2 + 0.5 * len(names)), 0.8 + 1.9 * len(kinds)), layout="constrained")
    grid = figure.subplots(len(kinds), 1, squeeze=False, sharex=True).ravel().tolist()
    for axes, (network, dtype) in zip(grid, kinds, strict=True):
        for place, library in enumerate(LIBRARIES):
            own = {
                row["function"]: row["bytes"]
                for row in rows
                if (row["network"], row["dtype"], row["library"]) == (network, dtype, library)
            }
            heights = [own.get(name) or 0.0 for name in names]
            at = [index + 0.27 * (place - 1) for index in range(len(names))]
            axes.bar(at, heights, width=0.27, color=COLOURS[library], label=library)
        axes.set_title(f"{network}, {dtype}", fontsize=10, loc="left")
        axes.grid(visible=True, axis="y", linewidth=0.4, alpha=0.5)
        axes.set_axisbelow(True)
    grid[-1].set_xlim(-0.6, len(names) - 0.4)
    grid[-1].set_xticks(range(len(names)), names, rotation=45, ha="right", fontsize=9)
    figure.supylabel("bytes per element and layer kept for the backward pass", fontsize=10)
    plots.legend(figure, grid)
    plots.save(figure, path)


COLOURS = {
    "jaxact": plots.STYLES["jaxact"]["color"],
    "jax.nn": plots.STYLES["jax.nn"]["color"],
    CHECKPOINT: "#999999",
}


def _cell(rows: Rows, function: str, network: str, dtype: str, libraries: tuple[str, ...]) -> str:
    own = {
        row["library"]: row["bytes"]
        for row in rows
        if (row["function"], row["network"], row["dtype"]) == (function, network, dtype)
    }
    found = (own.get(library) for library in libraries)
    return " / ".join("?" if kept is None else f"{kept:.1f}" for kept in found)


def _functions(entry: Shared) -> dict[str, Elementwise]:
    theirs = entry.functions["jax.nn"]
    return dict(zip(LIBRARIES, (entry.functions["jaxact"], theirs, jax.checkpoint(theirs)), strict=True))


def _kept(
    config: Config, network: Callable[..., jax.Array], function: Elementwise, dtype: str
) -> float | None:
    """Growth of the gradient's temporary memory with depth; None where XLA does not tell."""
    few, many = (2, 4) if config.quick else config.depths
    held = [_held(config, network, function, dtype, depth) for depth in (few, many)]
    if held[0] is None or held[1] is None:
        return None
    return (held[1] - held[0]) / (many - few) / (config.batch * config.width)


def _held(
    config: Config, network: Callable[..., jax.Array], function: Elementwise, dtype: str, depth: int
) -> int | None:
    def loss(weights: jax.Array, h: jax.Array) -> jax.Array:
        return network(function, weights, h).astype(jnp.float32).sum()

    weights = jax.ShapeDtypeStruct((depth, config.width, config.width), dtype)
    h = jax.ShapeDtypeStruct((config.batch, config.width), dtype)
    compiled = jax.jit(jax.grad(loss)).lower(weights, h).compile(compiler_options=_options())
    analysis = compiled.memory_analysis()
    return None if analysis is None else analysis.temp_size_in_bytes


def _options() -> dict[str, Any] | None:
    """What spares XLA for CPU the optimization of machine code, which comes after memory is assigned."""
    return {"xla_backend_optimization_level": 0} if jax.default_backend() == "cpu" else None
