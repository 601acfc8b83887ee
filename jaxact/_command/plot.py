"""Pictures of f and f', in the terminal by braille dots, in a file by matplotlib."""

import math
import pathlib

import numpy as np
from rich.text import Text

from jaxact._spec import Spec
from jaxact.gaussian import Pointwise

_COLUMNS, _ROWS = 66, 20
_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""Unicode numbers the two by four dots of a braille character like this."""


def curves(entry: Spec, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Points around 0, as far as the kinks, and f and f' there, shape `(2, points)`."""
    joints = [abs(joint.at) for joint in entry.joints() if abs(joint.at) < 64]
    reach = max(4.0, *(1.5 * joint for joint in joints)) if joints else 4.0
    x = np.linspace(-reach, reach, points)
    return x, Pointwise(entry.function, np.dtype(np.float32))(x)


def in_terminal(entry: Spec) -> Text:
    """F and f' as text: f drawn through, f' dotted."""
    width, height = 2 * _COLUMNS, 4 * _ROWS
    x, rows = curves(entry, width)
    seen = rows[np.isfinite(rows)]
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    high = high if high > low else low + 1
    dots = np.zeros((2, height, width), bool)
    levels = np.clip((high - np.nan_to_num(rows)) / (high - low) * (height - 1), 0, height - 1).round()
    for curve, gap in ((0, 1), (1, 4)):
        for column in range(0, width, gap):
            if np.isfinite(rows[curve, column]):
                dots[curve, _stroke(levels[curve].astype(int), column, through=gap == 1), column] = True
    cells = dots.reshape(2, _ROWS, 4, _COLUMNS, 2)
    codes = (cells * _DOTS[None, None, :, None, :]).sum(axis=(2, 4))
    return _labelled(codes, (low, high), float(x[-1]))


def _stroke(levels: np.ndarray, column: int, *, through: bool) -> slice:
    """The dots of a column: from the level before to its own, so that a steep curve does not fall apart."""
    here, before = int(levels[column]), int(levels[max(0, column - 1)])
    if not through or abs(here - before) > 2 * _ROWS:
        return slice(here, here + 1)
    return slice(min(here, before + (before < here)), max(here, before - (before > here)) + 1)


def _labelled(codes: np.ndarray, limits: tuple[float, float], reach: float) -> Text:
    low, high = limits
    text = Text("f drawn through", style="cyan") + Text(", f' dotted\n", style="magenta")
    for row in range(_ROWS):
        level = high - (high - low) * row / (_ROWS - 1)
        text.append(f"{level:9.3g} " if row % 4 == 0 or row == _ROWS - 1 else " " * 10)
        text.append("│")
        for f, slope in codes[:, row].T:
            text.append(chr(0x2800 | f | slope), style="cyan" if f else "magenta")
        text.append("\n")
    text.append(" " * 10 + "└" + "─" * _COLUMNS + "\n")
    ends = f"{-reach:<{_COLUMNS // 2 - 1}.3g} 0{reach:>{_COLUMNS // 2 - 1}.3g}"
    return text.append(" " * 11 + ends)


def to_file(entry: Spec, path: pathlib.Path) -> None:
    """Writes f and f' to a picture; the suffix says of which kind.

    Raises:
        ImportError: If matplotlib is not installed.
        ValueError: If matplotlib cannot write such a file.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415  # an extra
    except ImportError:
        raise ImportError("A picture in a file needs matplotlib; pip install matplotlib.") from None
    x, (y, slope) = curves(entry, 2001)
    jumps = np.abs(np.diff(y)) > 16 * np.abs(np.diff(x)) * (1 + np.abs(slope[1:]))
    y[1:][jumps] = math.nan
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    axes.axhline(0, color="0.8", linewidth=0.8)
    axes.axvline(0, color="0.8", linewidth=0.8)
    axes.plot(x, y, label="f")
    axes.plot(x, slope, "--", label="f'")
    axes.set(title=entry.name, xlabel="x")
    axes.legend()
    figure.savefig(path, dpi=150)
