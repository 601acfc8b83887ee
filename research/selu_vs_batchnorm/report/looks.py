"""How every method is drawn, always the same: colour, mark and line."""

import itertools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from matplotlib.colors import to_hex, to_rgb

from research.selu_vs_batchnorm.methods import METHODS

HUES = ("#0072B2", "#009E73", "#D55E00", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Colours that remain distinct to colour-blind eyes (Okabe and Ito), for the paper's seven methods."""

SHADES = ((1.0, 0.0), (0.6, 0.0), (0.55, 0.42), (0.8, 0.12))
"""Of the methods after the first seven: a factor for the colour, and what is added of white."""

MARKS = "osDv^<>pPX*hd"
LINES = ("-", "--", "-.", ":")
GREY = "#9A9A9A"
"""What stands behind."""


class Look(NamedTuple):
    """How a method is drawn.

    Attributes:
        colour: Of lines and marks.
        mark: Shape of its points.
        line: Style of its lines.
    """

    colour: str
    mark: str
    line: Any


def _shaded(shade: tuple[float, float], hue: str) -> str:
    factor, white = shade
    dark = (0.35, 0.35, 0.35) if hue == "#000000" and factor < 1 else to_rgb(hue)
    red, green, blue = (min(1.0, factor * part + white) for part in dark)
    return to_hex((red, green, blue))


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        name: Look(_shaded(shade, hue), MARKS[i % len(MARKS)], LINES[i % len(LINES)])
        for i, (name, (shade, hue)) in enumerate(zip(METHODS, itertools.product(SHADES, HUES), strict=False))
    }
)
"""By method; no two have the same colour, or the same mark and line."""
