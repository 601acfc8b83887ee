"""Pictures of training: losses over epochs, and accuracy, signal and gradient over layers."""

import math
from collections.abc import Callable, Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from research.selu_vs_batchnorm.report import compare, theory
from research.selu_vs_batchnorm.report.looks import GREY, LOOKS
from research.selu_vs_batchnorm.selection import Chosen

FLOOR = 1e-5
"""Where a relative gradient leaves the picture: twenty decades of a vanishing one would hide the rest."""

_REACH = 1e3
"""Up to which variances are shown, and down to its inverse."""

_GROWTH = 0.7, 1.6
"""The factors that are drawn to scale; those beyond are written at the edge."""

ARROWS = {"left": "←", "right": "→"}

Draw = Callable[[Axes, Chosen], None]


def curves(found: list[Chosen]) -> Figure:
    """Training and validation loss over epochs, a thin line for each seed and a thick one for their mean."""
    rows = {"training loss, nats per row": "train", "validation loss, nats per row": "validation"}
    return _grid(found, {label: _curve(name) for label, name in rows.items()}, "epoch")


def losses(found: list[Chosen]) -> Figure:
    """Training loss over epochs, a panel for each depth."""
    return _grid(found, {"training loss, nats per row": _curve("train", ticks=(1.0, 2.0, 5.0))}, "epoch")


def layers(found: list[Chosen]) -> Figure:
    """Mean, variance and gradient norm over the layers, at the start (dashed) and trained (solid)."""

    def draw(name: str) -> Draw:
        def lines(axes: Axes, one: Chosen) -> None:
            for when, style in (("initial", "--"), ("trained", "-")):
                values = compare.layer_values(one, when, name)
                if name == "gradient" and values.size:
                    values = values / (values[-1] or np.nan)
                    values = np.where(values >= FLOOR, values, np.nan)
                _line(axes, one, np.arange(1, values.size + 1), values, style=style, named=when == "trained")
            axes.set_yscale("linear" if name == "mean" else "log")

        return lines

    rows = {
        "mean of the output": draw("mean"),
        "variance of the output": draw("variance"),
        f"gradient norm relative to the\nlast layer's, down to {FLOOR:g}": draw("gradient"),
    }
    return _grid(found, rows, "hidden layer (dashed: at the start, solid: trained)")


def accuracy(found: list[Chosen]) -> Figure:
    """Test accuracy over depth, a panel for each method with all others in grey."""
    depths = compare.depths(found)
    by_method = {
        name: [one for depth in depths for one in compare.at_depth(found, depth) if one.method == name]
        for name in compare.ordered(one.method for one in found)
    }
    drawn = {
        name: ([one.depth for one in own], [compare.spread(one, "test_accuracy") for one in own])
        for name, own in by_method.items()
    }
    figure, panels = _panels(
        [own[0] for own in by_method.values()], "hidden layers", "test accuracy, per cent"
    )
    for axes, name in zip(panels, drawn, strict=True):
        for other, (x, values) in drawn.items():
            if other != name:
                axes.plot(x, [100 * mean for mean, _ in values], color=GREY, linewidth=0.6, alpha=0.5)
        x, values = drawn[name]
        mean, deviation = (100 * np.array(part, np.float64) for part in zip(*values, strict=True))
        look = LOOKS[name]
        style = {"color": look.colour, "marker": look.mark, "markersize": 5, "linewidth": 1.8, "capsize": 3}
        axes.errorbar(x, mean, deviation, **style)
        axes.set_xscale("log", base=2)
        axes.set_xticks(depths, [str(depth) for depth in depths])
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_ylim(0, 104)
    return figure


def signal(found: list[Chosen]) -> Figure:
    """Variance of the output over the layers before training: measured, and predicted."""
    deepest = [one for one in compare.at_depth(found, compare.depths(found)[-1]) if one.layers]
    figure, panels = _panels(deepest, "hidden layer", "variance of the output")
    seen = [1.0]
    for axes, one in zip(panels, deepest, strict=True):
        measured = compare.layer_values(one, "initial", "variance")
        place = (np.arange(measured.size) + 1) * one.depth / max(measured.size, 1)
        look, every = LOOKS[one.method], max(1, measured.size // 12)
        axes.plot(place, measured, look.mark, color=look.colour, markersize=5, markevery=every)
        said = theory.predicted(one.method, one.depth)
        if said is not None:
            axes.plot(range(1, one.depth + 1), said.variance, color="black", linewidth=1.2)
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        seen += measured[np.isfinite(measured)].tolist()
    for axes in panels:
        axes.set_yscale("log")
        axes.set_ylim(max(min(seen) / 2, 1 / _REACH), min(2 * max(seen), _REACH))
    handles = [_mark("measured", 5), Line2D([], [], color="black", linewidth=1.2, label="mean-field theory")]
    figure.legend(handles=handles, loc="outside upper center", ncols=2, frameon=False)
    return figure


def gradient(found: list[Chosen]) -> Figure:
    """By how much squared gradients grow in a layer on their way back: measured, and predicted."""
    factors = [
        (one, compare.growth(compare.layer_values(one, "initial", "gradient"), one.depth))
        for one in compare.at_depth(found, compare.depths(found)[-1])
    ]
    shown = sorted((pair for pair in factors if np.isfinite(pair[1])), key=lambda pair: pair[1])
    figure = Figure(figsize=(7.5, 1.6 + 0.3 * len(shown)), layout="constrained")
    axes = figure.subplots()
    axes.axvline(1, color=GREY, linewidth=0.8)
    low, high = _GROWTH
    for row, (one, factor) in enumerate(shown):
        look, said = LOOKS[one.method], theory.predicted(one.method, one.depth)
        expected = np.nan if said is None else said.growth
        if low <= factor <= high:
            axes.plot(factor, row, look.mark, color=look.colour, markersize=7, zorder=3)
            axes.plot(expected, row, "|", color="black", markersize=15, markeredgewidth=2)
        else:
            text = f"{factor:.3g}" + ("" if said is None else f", theory {expected:.3g}")
            edge, side = (low, "left") if factor < low else (high, "right")
            axes.text(edge, row, f" {ARROWS[side]} {text} ", ha=side, va="center", fontsize=9)
    axes.set(xlim=(low, high), ylim=(-0.8, len(shown) - 0.2))
    axes.set_yticks(range(len(shown)), [one.label for one, _ in shown])
    axes.set_xlabel("factor by which the squared gradient norm grows in a layer on its way back")
    axes.grid(visible=True, axis="y", linewidth=0.4, alpha=0.5)
    tick = {"marker": "|", "linestyle": "", "markersize": 13, "markeredgewidth": 2}
    handles = [
        _mark("measured, mean over rows", 7),
        Line2D([], [], color="black", label="theory, one row", **tick),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2, frameon=False)
    return figure


def _mark(label: str, size: int) -> Line2D:
    return Line2D([], [], color=GREY, marker="o", linestyle="", markersize=size, label=label)


def _curve(name: str, ticks: tuple[float, ...] = (1.0, 3.0)) -> Draw:
    def draw(axes: Axes, one: Chosen) -> None:
        runs = compare.curves(one, name)
        epochs = np.arange(1, runs.shape[1] + 1)
        if len(runs) > 1:
            axes.plot(epochs, runs.T, color=LOOKS[one.method].colour, linewidth=0.6, alpha=0.4)
        _line(axes, one, epochs, compare.average(runs))
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=ticks))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())

    return draw


def _line(
    axes: Axes, one: Chosen, x: np.ndarray, y: np.ndarray, *, style: str = "-", named: bool = True
) -> None:
    """A thick line with some marks, so that methods are told apart without their colours."""
    look = LOOKS[one.method]
    axes.plot(
        x,
        y,
        style,
        color=look.colour,
        linewidth=1.7,
        marker=look.mark,
        markersize=5,
        markevery=max(1, len(x) // 6),
        label=one.label if named else None,
    )


def _grid(found: list[Chosen], rows: dict[str, Draw], across: str) -> Figure:
    """One column for each depth and width, one row for each quantity, one legend below all."""
    shapes = sorted({(one.depth, one.width) for one in found})
    figure = Figure(figsize=(1.0 + 3.7 * len(shapes), 1.2 + 2.7 * len(rows)), layout="constrained")
    grid = figure.subplots(len(rows), len(shapes), squeeze=False, sharex="col", sharey="row")
    for row, (label, draw) in zip(grid, rows.items(), strict=True):
        row[0].set_ylabel(label)
        for axes, shape in zip(row, shapes, strict=True):
            for one in found:
                if (one.depth, one.width) == shape:
                    draw(axes, one)
            axes.grid(visible=True, linewidth=0.4, alpha=0.5)
    for axes, (depth, width) in zip(grid[0], shapes, strict=True):
        axes.set_title(f"{depth} hidden layers of {width}", fontsize=11)
    for axes in grid[-1]:
        axes.set_xlabel(across if len(shapes) == 1 else across.replace(" (", "\n("))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    named = {one.method: one.label for one in found}
    handles = [
        Line2D([], [], color=LOOKS[name].colour, marker=LOOKS[name].mark, linewidth=1.7, label=named[name])
        for name in compare.ordered(named)
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=min(4, len(handles)), frameon=False)
    return figure


def _panels(shown: Iterable[Chosen], across: str, up: str) -> tuple[Figure, list[Axes]]:
    """A small panel for each method, titled with its name."""
    labels = [one.label for one in shown]
    columns = min(4, max(1, len(labels)))
    rows = math.ceil(max(1, len(labels)) / columns)
    figure = Figure(figsize=(1.0 + 2.3 * columns, 1.2 + 1.7 * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel().tolist()
    for axes, label in zip(grid, labels, strict=False):
        axes.set_title(label, fontsize=10)
        axes.grid(visible=True, linewidth=0.4, alpha=0.5)
    for axes in grid[len(labels) :]:
        axes.remove()
    figure.supxlabel(across, fontsize=11)
    figure.supylabel(up, fontsize=11)
    return figure, grid[: len(labels)]
