"""What the pictures of the benchmarks have in common."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

STYLES: dict[str, dict[str, Any]] = {
    "jaxact": {"color": "#0072B2", "linewidth": 1.6},
    "jax.nn": {"color": "#D55E00", "linewidth": 1.0},
    "torch": {"color": "#009E73", "linewidth": 1.0},
}
"""Colours that remain distinct to colour-blind eyes (Okabe and Ito)."""


def panels(figure: Figure, count: int, *, columns: int) -> list[Axes]:
    """As many axes as asked for, row by row, with common scales."""
    rows = max(1, -(-count // columns))
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel().tolist()
    for axes in grid[count:]:
        axes.set_axis_off()
    for axes in grid[max(count - columns, 0) : count]:
        axes.tick_params(labelbottom=True)
    return grid[:count]


def legend(figure: Figure, grid: Sequence[Axes]) -> None:
    """One legend below all panels."""
    handles = {
        text: handle for axes in grid for handle, text in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(
        handles.values(), handles.keys(), loc="outside lower center", ncols=len(handles) or 1, frameon=False
    )


def save(figure: Figure, path: Path) -> None:
    """Writes a picture that is either whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    figure.savefig(unfinished, format="png", dpi=100)
    unfinished.replace(path)
