"""The pictures: loss curves, and what passes through the layers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from research.selu_vs_batchnorm.recipes import RECIPES
from research.selu_vs_batchnorm.results import Unit

COLOURS = dict(zip(RECIPES, ("#0072B2", "#D55E00", "#009E73", "#666666"), strict=True))
"""Colours that remain distinct to colour-blind eyes (Okabe and Ito)."""

FLOOR = 1e-5
"""Where a relative gradient leaves the picture: twenty decades of a vanishing one would hide the rest."""

Draw = Callable[[Axes, Unit], None]


def curves(units: list[Unit]) -> Figure:
    """Training and validation loss over epochs, a thin line for each seed and a thick one for their mean."""

    def draw(name: str) -> Draw:
        def lines(axes: Axes, unit: Unit) -> None:
            losses = np.array(unit.curves[name], np.float64)
            epochs = np.arange(1, losses.shape[1] + 1)
            colour = COLOURS[unit.recipe]
            axes.plot(epochs, losses.T, color=colour, linewidth=0.6, alpha=0.45)
            axes.set_yscale("log")
            axes.plot(epochs, losses.mean(axis=0), color=colour, linewidth=1.8, label=unit.label)

        return lines

    rows = {f"{name} loss, nats per row": draw(name) for name in ("training", "validation")}
    return _grid(units, rows, "epoch")


def layers(units: list[Unit]) -> Figure:
    """Mean, variance and gradient norm over the layers, at the start (dashed) and trained (solid)."""

    def draw(name: str) -> Draw:
        def lines(axes: Axes, unit: Unit) -> None:
            for when, style in (("initial", "--"), ("trained", "-")):
                values = np.array(unit.layers[when][name], np.float64)
                if name == "gradient":
                    values = values / (values[-1] or np.nan)
                    values = np.where(values >= FLOOR, values, np.nan)
                label = unit.label if when == "trained" else None
                layer = np.arange(1, values.size + 1)
                axes.plot(layer, values, style, color=COLOURS[unit.recipe], linewidth=1.5, label=label)
            axes.set_yscale("linear" if name == "mean" else "log")

        return lines

    rows = {
        "mean of the output": draw("mean"),
        "variance of the output": draw("variance"),
        f"gradient norm relative to the\nlast layer's, down to {FLOOR:g}": draw("gradient"),
    }
    return _grid(units, rows, "hidden layer (dashed: at the start, solid: trained)")


def save(units: list[Unit], out: Path) -> list[Path]:
    """Writes both pictures; gives their paths."""
    paths = []
    for make in (curves, layers):
        path = out / f"{make.__name__}.png"
        unfinished = path.with_suffix(".tmp")
        make(units).savefig(unfinished, format="png", dpi=100)
        paths.append(unfinished.replace(path))
    return paths


def _grid(units: list[Unit], rows: dict[str, Draw], across: str) -> Figure:
    """One column for each depth and width, one row for each quantity, one legend below all."""
    shapes = list(dict.fromkeys((unit.depth, unit.width) for unit in units))
    figure = Figure(figsize=(1.0 + 4.2 * len(shapes), 1.0 + 2.7 * len(rows)), layout="constrained")
    grid = figure.subplots(len(rows), len(shapes), squeeze=False, sharex="col", sharey="row")
    for row, (label, draw) in zip(grid, rows.items(), strict=True):
        row[0].set_ylabel(label)
        for axes, shape in zip(row, shapes, strict=True):
            for unit in units:
                if (unit.depth, unit.width) == shape:
                    draw(axes, unit)
            axes.grid(visible=True, linewidth=0.4, alpha=0.5)
    for axes, (depth, width) in zip(grid[0], shapes, strict=True):
        axes.set_title(f"{depth} hidden layers of {width}", fontsize=11)
    for axes in grid[-1]:
        axes.set_xlabel(across if len(shapes) == 1 else across.replace(" (", "\n("))
        axes.xaxis.get_major_locator().set_params(integer=True)
    handles = {
        text: handle
        for axes in grid[0]
        for handle, text in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=2, frameon=False)
    return figure
