"""What the steps of training say: a sentence, a table and a picture."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from research.benchmarks.ratios import Ratios, Row, ordered, ratios, shown

QUANTITIES = {"seconds": "time", "memory_bytes": "memory"}

LOOKS = {
    "mlp": ("#D55E00", "o", "MLP"),
    "feed_forward": ("#0072B2", "s", "feed-forward block"),
    "gated_feed_forward": ("#009E73", "^", "gated feed-forward block"),
}
"""Colours that remain distinct to colour-blind eyes (Okabe and Ito), markers, and names in words."""


def answer(rows: Sequence[Row]) -> str:
    """What changing the import changes, in one sentence."""
    time, memory = (ratios(rows, "jax.nn", "jaxact", quantity) for quantity in QUANTITIES)
    functions = len(ordered(rows, lambda row: row["function"]))
    models = [LOOKS[name][2] for name in ordered(rows, lambda row: row["model"])]
    return (
        f"With jax.nn a step takes {shown(time.mean)} the time and {shown(memory.mean)} the memory of one "
        f"with jaxact.nn (geometric means over {functions} functions in {_listed(models)}; time from "
        f"{_range(time)}, memory from {_range(memory)})."
    )


def table(rows: Sequence[Row]) -> list[list[str]]:
    """Geometric means, smallest and largest ratios for each network and dtype; then every function."""
    cells = [["network", "dtype", "function", *(f"{name}, jax.nn / jaxact" for name in QUANTITIES.values())]]
    for model, dtype in ordered(rows, lambda row: (row["model"], row["dtype"])):
        found = [
            ratios(rows, "jax.nn", "jaxact", quantity, model=(model,), dtype=(dtype,))
            for quantity in QUANTITIES
        ]
        cells.append([LOOKS[model][2], dtype, "all", *(f"{shown(f.mean)} ({_range(f)})" for f in found)])
    for function in ordered(rows, lambda row: row["function"]):
        found = [ratios(rows, "jax.nn", "jaxact", quantity, function=(function,)) for quantity in QUANTITIES]
        cells.append(["all", "all", function, *(shown(f.mean) for f in found)])
    return cells


def summary(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """For each function, the memory of a step with jax.nn over that with jaxact.nn."""
    functions = ordered(rows, lambda row: row["function"])
    means = {f: ratios(rows, "jax.nn", "jaxact", "memory_bytes", function=(f,)).mean for f in functions}
    return {"memory of a training step, jax.nn / jaxact": {f: shown(mean) for f, mean in means.items()}}


def example(rows: Sequence[Row], functions: Sequence[str] = ("gelu_tanh", "mish")) -> list[list[str]]:
    """What a step costs before and after the import is changed: a line for each network and function."""
    cells = [["network, float32", "function", *(f"{name}, before → after" for name in QUANTITIES.values())]]
    for model in ordered(rows, lambda row: row["model"]):
        for function in functions:
            at = {
                row["library"]: row
                for row in rows
                if (row["model"], row["function"], row["dtype"]) == (model, function, "float32")
            }
            if {"jax.nn", "jaxact"} <= at.keys():
                before, after = at["jax.nn"], at["jaxact"]
                took = f"{before['seconds'] * 1e3:.1f} → {after['seconds'] * 1e3:.1f} ms"
                held = [row["memory_bytes"] for row in (before, after)]
                kept = "?" if None in held else f"{held[0] / 2**20:.1f} → {held[1] / 2**20:.1f} MiB"
                cells.append([LOOKS[model][2], f"`{function}`", took, kept])
    return cells


def draw(rows: Sequence[Row], path: Path) -> None:
    """Time and memory of a step with jax.nn over those with jaxact.nn, by function, network and dtype."""
    dtypes = ordered(rows, lambda row: row["dtype"])
    functions = ordered(rows, lambda row: row["function"])
    functions.sort(key=lambda f: ratios(rows, "jax.nn", "jaxact", "memory_bytes", function=(f,)).mean or 0)
    columns = [(quantity, dtype) for quantity in QUANTITIES for dtype in dtypes]
    height = 1.4 + 0.24 * max(8, len(functions))
    figure = Figure(figsize=(1.8 + 3.1 * len(columns), height), layout="constrained")
    panels = figure.subplots(1, len(columns), squeeze=False, sharey=True)[0]
    for axes, (quantity, dtype) in zip(panels, columns, strict=True):
        for model, (colour, marker, label) in LOOKS.items():
            found = ratios(rows, "jax.nn", "jaxact", quantity, model=(model,), dtype=(dtype,)).of
            if found:
                up = [functions.index(key[0]) for key in found]
                axes.scatter([*found.values()], up, color=colour, marker=marker, s=26, alpha=0.8, label=label)
        axes.axvline(1, color="black", linewidth=0.8)
        axes.set_title(f"{QUANTITIES[quantity]}, {dtype}", fontsize=11)
        axes.set_xlabel("jax.nn / jaxact")
        axes.grid(visible=True, linewidth=0.4, alpha=0.5)
        axes.set_axisbelow(True)
    for first in range(0, len(columns), len(dtypes)):
        together = panels[first : first + len(dtypes)]
        limits = [axes.get_xlim() for axes in together]
        for axes in together:
            axes.set_xlim(min(low for low, _ in limits), max(high for _, high in limits))
    panels[0].set_yticks(range(len(functions)), functions)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(LOOKS), frameon=False)
    figure.savefig(path, dpi=110)


def _range(found: Ratios) -> str:
    """The smallest and the largest ratio, and whose they are."""
    ends = ((value, found.where(value).split(" ")[0]) for value in (found.smallest, found.largest))
    return " to ".join(f"{shown(value)} {name}".strip() for value, name in ends)


def _listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
