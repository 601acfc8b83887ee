"""What the rows of the benchmark of accuracy say: in a sentence, in a table, in a picture."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from research.benchmarks import plots
from research.benchmarks.errors import HIGH, LOW, STEPS
from research.benchmarks.peers import LIBRARIES

CERTAIN = 0.1
"""Error in float32 ULP up to which the reference is good enough to measure with."""
DTYPES = ("float32", "float16", "bfloat16")
NAMES = {"value": "value", "slope": "slope", "curvature": "second derivative"}
SHOWN = {"value": "value, ULP", "slope": "slope, sup", "curvature": "second, sup"}
"""With the unit of the largest error: ULP, or eps sup |f'|."""
HEADINGS = {"float32": "largest float32 error, ULP", "bfloat16": "bfloat16 off by > 1 ULP"}
"""Columns of the project's README."""
FLOOR, CEILING = 0.1, 1e4
"""The picture's ends, in ULP."""

Rows = list[dict[str, Any]]


def answer(rows: Rows) -> str:
    """The worst of each library, and how good the reference is."""
    measured = [row for row in rows if row["library"] in LIBRARIES]
    values = [row for row in measured if row["order"] == "value"]
    parts = []
    wide = [row for row in values if row["dtype"] == "float32"]
    narrow = [row for row in values if row["dtype"] != "float32"]
    if wide:
        worst = _each(wide, lambda own: number(max(row["largest"] for row in own)))
        parts.append(f"largest error of float32 values in ULP: {worst}")
    if narrow:
        off = _each(narrow, lambda own: share(*(sum(row[n] for row in own) for n in ("off", "points"))))
        parts.append(f"16-bit values off by more than 1 ULP: {off}")
    lost = _each(measured, lambda own: str(len({row["function"] for row in own if row["nonfinite"]})))
    parts.append(f"functions that are somewhere not finite where the mathematics is: {lost}")
    count = len({row["function"] for row in measured})
    text = f"Over {count} shared functions, {'; '.join(parts)}."
    return f"{text} {_trust(rows)}"


def table(rows: Rows) -> list[list[str]]:
    """A line for every function and order; errors of slopes relative to the largest slope, sup |f'|."""
    measured = [row for row in rows if row["library"] in LIBRARIES]
    dtypes = [dtype for dtype in DTYPES if any(row["dtype"] == dtype for row in measured)]
    libraries = [library for library in LIBRARIES if any(row["library"] == library for row in measured)]
    shares = (f"{dtype}, % off by > 1 ULP" for dtype in dtypes)
    lines = [["", "function", *(f"{dtype}, largest" for dtype in dtypes), *shares, "not finite"]]
    for order in NAMES:
        for function in dict.fromkeys(row["function"] for row in measured):
            own = [row for row in measured if (row["function"], row["order"]) == (function, order)]
            if not own:
                continue
            cells = [[_of(own, library, dtype) for library in libraries] for dtype in dtypes]
            measure = "largest" if order == "value" else "scaled"
            worst = [slashed("-" if row is None else number(row[measure]) for row in cell) for cell in cells]
            off = [slashed(_share(row).removesuffix(" %") for row in cell) for cell in cells]
            lost = (sum(row["nonfinite"] for row in own if row["library"] == name) for name in libraries)
            lines.append([SHOWN[order], function, *worst, *off, slashed(map(str, lost))])
    return lines


def summary(rows: Rows) -> dict[str, dict[str, str]]:
    """Columns for the project's README: the worst float32 value, bfloat16 values off by more than 1 ULP."""
    values = [row for row in rows if row["library"] in LIBRARIES and row["order"] == "value"]
    columns: dict[str, dict[str, str]] = {}
    for dtype, heading in HEADINGS.items():
        inside = [row for row in values if row["dtype"] == dtype]
        for function in dict.fromkeys(row["function"] for row in inside):
            own = [row for row in inside if row["function"] == function]
            cells = [_of(own, library, dtype) for library in LIBRARIES]
            shown = [
                "-" if row is None else number(row["largest"]) if dtype == "float32" else _share(row)
                for row in cells
            ]
            columns.setdefault(heading, {})[function] = slashed(shown)
    return columns


def draw(rows: Rows, path: Path) -> None:
    """The largest error over x, a panel for each function."""
    found = [row for row in rows if row["library"] in LIBRARIES and row["bins"]]
    dtype = next((dtype for dtype in DTYPES if any(row["dtype"] == dtype for row in found)), None)
    found = [row for row in found if row["dtype"] == dtype]
    names = list(dict.fromkeys(row["function"] for row in found))
    figure = Figure(figsize=(13, 1.2 + 2.1 * max(1, -(-len(names) // 4))), layout="constrained")
    grid = plots.panels(figure, len(names), columns=4)
    for axes, name in zip(grid, names, strict=True):
        for row in found:
            if row["function"] == name:
                _line(axes, row)
        axes.set_title(name, fontsize=10)
        _scales(axes)
    figure.suptitle(f"Largest error of {dtype} values in each half-octave of x", fontsize=12)
    figure.supylabel("error, ULP", fontsize=10)
    plots.legend(figure, grid)
    plots.save(figure, path)


def _line(axes: Axes, row: dict[str, Any]) -> None:
    """One library; jaxact is drawn last and thickest."""
    z = len(LIBRARIES) - LIBRARIES.index(row["library"])
    errors = np.clip(np.array(row["worst"], float), FLOOR, CEILING)
    style = plots.STYLES[row["library"]]
    axes.plot(row["bins"], errors, drawstyle="steps-mid", zorder=2 + z, label=row["library"], **style)


def _scales(axes: Axes) -> None:
    """Powers of two at the places of their bins, which makes x symmetric and logarithmic."""
    marks = {f"$2^{{{power}}}$": STEPS * (power - LOW) + 1 for power in (-16, -8, 0, 8)}
    ticks = {"0": 0, **marks, **{f"$-${text}": -place for text, place in marks.items()}}
    axes.set_xticks(list(ticks.values()), list(ticks), fontsize=7)
    reach = STEPS * (HIGH - LOW) + 2
    axes.set_xlim(-reach, reach)
    axes.set_yscale("log")
    axes.set_ylim(FLOOR * 0.8, CEILING * 1.3)
    axes.tick_params(axis="y", labelsize=7)
    axes.axhline(1.0, color="0.6", linewidth=0.6, zorder=1)
    axes.grid(visible=True, linewidth=0.3, alpha=0.5)


def number(value: float | None) -> str:
    """An error as it is printed."""
    if value is None:
        return "?"
    if value < 1e5:
        return f"{value:.2g}" if value < 99.5 else f"{value:.0f}"
    return f"{value:.0e}".replace("e+0", "e")


def share(part: int, whole: int) -> str:
    """A part in per cent; what is not 0 does not look like it."""
    per_cent = 100 * part / max(whole, 1)
    return f"{per_cent:.2g} %" if part else "0"


def slashed(cells: Iterable[str]) -> str:
    """Figures of several libraries in one cell."""
    return " / ".join(cells)


def _share(row: dict[str, Any] | None) -> str:
    return "-" if row is None else share(row["off"], row["points"])


def _of(rows: Rows, library: str, dtype: str) -> dict[str, Any] | None:
    return next((row for row in rows if (row["library"], row["dtype"]) == (library, dtype)), None)


def _each(rows: Rows, figure: Any) -> str:
    """A figure of the rows of each library that has some."""
    own = {library: [row for row in rows if row["library"] == library] for library in LIBRARIES}
    return ", ".join(f"{library} {figure(found)}" for library, found in own.items() if found)


def _trust(rows: Rows) -> str:
    """How far the reference is from ball arithmetic, and where it is too far to measure with."""
    checks = [row for row in rows if row["library"] == "reference"]
    known = [row for row in checks if row["largest"] is not None]
    if not known:
        return "The float64 reference was not held against ball arithmetic, which needs python-flint."
    bad = {
        name: [row["function"] for row in known if row["order"] == order and row["largest"] > CERTAIN]
        for order, name in NAMES.items()
    }
    parts = [f"{name} of {', '.join(functions)}" for name, functions in bad.items() if functions]
    if parts:
        return f"The float64 reference is not good enough, against ball arithmetic, for: {'; '.join(parts)}."
    largest = max(row["largest"] for row in known)
    return f"The float64 reference is within {largest:.1g} ULP of float32 of ball arithmetic."
