"""The picture of scaling: what a step costs on one device, and what several devices communicate."""

from collections.abc import Callable
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from research.benchmarks import plots
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.report.scaling import alone, memory_ratio, together
from research.selu_vs_batchnorm.scaling import BASE, Row

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Of the methods in turn; they remain distinct to colour-blind eyes (Okabe and Ito)."""
GRADIENTS = "#BBBBBB"


def figure(rows: list[Row]) -> Figure:
    """Time and memory relative to the base, above bytes and chains of collectives; what was measured."""
    names = list(dict.fromkeys(row["method"] for row in rows))
    colours = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(names)}
    one, many = alone(rows), together(rows)
    lines = [*([len(_shapes(one))] if one else []), *([len(many)] if many else [])]
    made = Figure(figsize=(10, 1.2 + sum(0.9 + 0.45 * count for count in lines)), layout="constrained")
    grid = made.subplots(len(lines), 2, squeeze=False, height_ratios=[1 + n for n in lines], sharey="row")
    if one:
        time, memory = grid[0]
        _ratios(time, one, colours, lambda row: row["ratio"])
        _ratios(memory, one, colours, lambda row: memory_ratio(one, row))
        time.set_title("On one device: time of a training step", loc="left", fontsize=11)
        memory.set_title("memory of a training step", loc="left", fontsize=11)
        plots.legend(made, [time])
    if many:
        amount, chain = grid[-1]
        _communication(amount, chain, many, colours)
    return made


def save(rows: list[Row], path: Path) -> None:
    """Writes the picture, whole or not at all."""
    plots.save(figure(rows), path)


def _shapes(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(map(_shape, rows)))


def _shape(row: Row) -> str:
    return f"{row['depth']} layers of {row['width']}, {row['rows']} rows"


def _ratios(
    axes: Axes, rows: list[Row], colours: dict[str, str], value: Callable[[Row], float | None]
) -> None:
    """A line for each shape, a dot for each method other than the base, which is the line at 1."""
    shapes = _shapes(rows)
    axes.axvline(1, color=colours[BASE], linewidth=2, label=METHODS[BASE].label)
    others = [name for name in colours if name != BASE]
    for place, name in enumerate(others):
        own = [(value(row), _shape(row)) for row in rows if row["method"] == name]
        found = [(ratio, shapes.index(shape)) for ratio, shape in own if ratio is not None]
        ratios = [ratio for ratio, _ in found]
        at = [index + 0.3 * (place - (len(others) - 1) / 2) for _, index in found]
        axes.hlines(at, 1, ratios, color=colours[name], linewidth=2)
        axes.plot(ratios, at, "o", color=colours[name], label=METHODS[name].label)
    axes.set_yticks(range(len(shapes)), shapes)
    axes.set_ylim(len(shapes) - 0.5, -0.5)
    axes.set_xlabel(f"times that of {METHODS[BASE].label}")
    axes.grid(visible=True, axis="x", linewidth=0.4, alpha=0.5)


def _communication(amount: Axes, chain: Axes, rows: list[Row], colours: dict[str, str]) -> None:
    """A bar for each method: bytes, and how many exchanges wait for one another."""
    labels = [METHODS[row["method"]].label for row in rows]
    own = [colours[row["method"]] for row in rows]
    gradients = [row["gradient_bytes"] / 1e6 for row in rows]
    normalization = [row["normalization_bytes"] / 1e6 for row in rows]
    amount.barh(labels, gradients, color=GRADIENTS)
    ends = amount.barh(labels, normalization, left=gradients, color=own)
    texts = [
        f"{ours:.3g} + {more:.2g}" if more else f"{ours:.3g}"
        for ours, more in zip(gradients, normalization, strict=True)
    ]
    amount.bar_label(ends, texts, padding=4)
    amount.set_title(
        f"On {rows[0]['devices']} devices: what each exchanges in a step", loc="left", fontsize=11
    )
    amount.set_xlabel("MB of gradients (grey) + of normalization (coloured)")
    chain.bar_label(chain.barh(labels, [row["chain"] for row in rows], color=own), padding=4)
    chain.set_title("exchanges that wait for one another", loc="left", fontsize=11)
    chain.set_xlabel(f"in {rows[0]['depth']} layers of {rows[0]['width']}")
    for axes in (amount, chain):
        axes.margins(x=0.35)
    amount.invert_yaxis()
