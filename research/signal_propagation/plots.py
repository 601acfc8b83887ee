"""The pictures: second moments by depth, and gradients by layers back, a panel for each function."""

import math
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from research.signal_propagation.recipes import FUNCTIONS, RECIPES
from research.signal_propagation.results import DEVIATIONS, LIMIT, Cell, Curve

COLOURS = dict(zip(RECIPES, ("#0072B2", "#D55E00", "#009E73", "#CC79A7"), strict=True))
"""Colours that remain distinct to colour-blind eyes (Okabe and Ito)."""

MARKS = dict(zip(RECIPES, "o^vs", strict=True))
"""Shapes of what is measured, so that of two recipes that agree both are seen."""

SHOWN = {"second": 6, "gradient": 12}
"""Decades above and below 1 that are shown; what leaves float32 needs 76, and would flatten the rest."""


def second(cells: list[Cell]) -> Figure:
    """Second moments of pre-activations by depth."""
    return _panels(cells, "second", "second moment of pre-activations", "layer")


def gradient(cells: list[Cell]) -> Figure:
    """Squared gradients by how many layers back they come."""
    return _panels(
        cells, "gradient", "squared gradient relative to the last layer", "layers back from the last"
    )


def save(cells: list[Cell], out: Path) -> list[Path]:
    """Writes both pictures; gives their paths."""
    paths = []
    for make in (second, gradient):
        path = out / f"{make.__name__}.png"
        unfinished = path.with_suffix(".tmp")
        make(cells).savefig(unfinished, format="png", dpi=100)
        paths.append(unfinished.replace(path))
    return paths


def _panels(cells: list[Cell], name: str, up: str, across: str) -> Figure:
    functions = list(dict.fromkeys(cell.function for cell in cells))
    columns = min(5, len(functions))
    rows = math.ceil(len(functions) / columns)
    figure = Figure(figsize=(1.2 + 2.6 * columns, 1.4 + 2.5 * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel().tolist()
    for axes, function in zip(grid, functions, strict=False):
        for cell in cells:
            if cell.function == function:
                _draw(axes, cell.recipe, getattr(cell, name))
        axes.set_title(FUNCTIONS[function].label, fontsize=10)
        axes.set_xscale("log")
        axes.set_ylim(-SHOWN[name], SHOWN[name])
        axes.yaxis.set_major_locator(MaxNLocator(7, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda decade, _: f"$10^{{{decade:g}}}$"))
        axes.grid(visible=True, linewidth=0.4, alpha=0.4)
    for axes in grid[len(functions) :]:
        axes.remove()
    figure.supylabel(up, fontsize=11)
    figure.supxlabel(across, fontsize=11)
    recipes = list(dict.fromkeys(cell.recipe for cell in cells))
    figure.legend(handles=_legend(recipes), loc="outside upper center", ncols=len(recipes) + 3, frameon=False)
    return figure


def _draw(axes: Axes, recipe: str, curve: Curve) -> None:
    """The prediction as a line with the band where nearly all networks lie, and the measured points."""
    colour = COLOURS[recipe]
    decades = math.log(10)
    layers, predicted, expected, spread, measured = (
        np.array(getattr(curve, each), np.float64)
        for each in ("layers", "predicted", "expected", "spread", "measured")
    )
    band = spread <= LIMIT
    low, high = ((expected + sign * DEVIATIONS * spread)[band] / decades for sign in (-1, 1))
    axes.fill_between(layers[band], low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(layers[band], predicted[band] / decades, color=colour, linewidth=1.3)
    axes.plot(layers, measured / decades, MARKS[recipe], color=colour, markersize=2.6, markeredgewidth=0)


def _legend(recipes: list[str]) -> list[Line2D | Patch]:
    named = [
        Line2D([], [], color=COLOURS[each], marker=MARKS[each], linestyle="", label=RECIPES[each].label)
        for each in recipes
    ]
    said = [
        Line2D([], [], color="#444444", linewidth=1.3, label="predicted"),
        Patch(color="#444444", alpha=0.25, label=f"within {DEVIATIONS:g} deviations"),
        Line2D([], [], color="#444444", marker="o", markersize=3, linestyle="", label="measured"),
    ]
    return [*named, *said]
