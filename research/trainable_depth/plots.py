"""The picture: accuracy over weights and depth, with the predicted depths on top."""

from pathlib import Path

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from research.trainable_depth.results import Grid
from research.trainable_depth.theory import REACH

LINES = {
    "signal": ("-", f"predicted: {REACH} depth scales of the signal"),
    "gradient": ("--", f"predicted: {REACH} depth scales of the squared gradient"),
}
EDGE = "#D55E00"
OUTLINE = [patheffects.withStroke(linewidth=4, foreground="black")]


def plane(grids: list[Grid], width: int) -> Figure:
    """A heatmap for each function."""
    columns = min(2, len(grids))
    rows = -(-len(grids) // columns)
    figure = Figure(figsize=(0.9 + 4.3 * columns, 1.1 + 3.2 * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, sharey=True).ravel()
    for left in axes[len(grids) :]:
        left.remove()
    cells = [_draw(panel, grid) for panel, grid in zip(axes, grids, strict=False)]
    for panel in axes[: len(grids) : columns]:
        panel.set_ylabel(f"hidden layers of {width}")
    figure.colorbar(cells[0], ax=list(axes[: len(grids)]), label="test accuracy, per cent", shrink=0.8)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2 * columns - 1, facecolor="#BBBBBB")
    return figure


def save(grids: list[Grid], width: int, path: Path) -> Path:
    """Writes the picture, whole or not at all."""
    unfinished = path.with_suffix(".tmp")
    plane(grids, width).savefig(unfinished, format="png", dpi=110)
    return unfinished.replace(path)


def _draw(axes: Axes, grid: Grid) -> QuadMesh:
    """One function: cells, edge of chaos, predictions."""
    sigma_w = grid.edge * np.array(grid.ratios)
    depths = np.array(grid.depths)
    across, up = _borders(sigma_w), np.exp(_borders(np.log(depths)))
    cells = axes.pcolormesh(across, up, 100 * grid.accuracy, vmin=0, vmax=100, cmap="viridis")
    axes.axvline(grid.edge, color=EDGE, linewidth=2, linestyle=":", label="edge of chaos")
    fine = np.linspace(sigma_w[0], sigma_w[-1], 400)
    for kind, (style, label) in LINES.items():
        rates = np.interp(fine, sigma_w, grid.rates(kind))
        predicted = REACH / np.maximum(rates, REACH / up[-1] / 2)
        axes.plot(fine, predicted, style, color="white", linewidth=2, label=label, path_effects=OUTLINE)
    axes.set(
        title=grid.function, xlabel=r"$\sigma_w$", yscale="log", ylim=(up[0], up[-1]), xlim=across[[0, -1]]
    )
    axes.set_yticks(depths, [str(depth) for depth in depths])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_locator(MaxNLocator(6, prune="both"))
    return cells


def _borders(middles: np.ndarray) -> np.ndarray:
    """Where cells with given middles meet, and their outer ends."""
    if middles.size == 1:
        return middles[0] + np.array([-0.1, 0.1])
    inner = (middles[1:] + middles[:-1]) / 2
    return np.array([2 * middles[0] - inner[0], *inner, 2 * middles[-1] - inner[-1]])
