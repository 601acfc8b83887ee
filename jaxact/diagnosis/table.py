"""A diagnosis as text, and as a picture."""

import math
import pathlib
from collections.abc import Sequence
from typing import Any

from jaxact.diagnosis.layers import LayerReport

_MOST = 40
_HEAD = (
    *("layer", "activation", "weights", "gain", "mean", "second", "predicted", "corr"),
    *("gradient", "predicted", "chi", "dead", "flat"),
)


def render(layers: Sequence[LayerReport], verdict: Sequence[str], note: str) -> str:
    """A table with one line for each layer, of the middle ones of a deep network only some, and the verdict.

    Args:
        layers: Of the network.
        verdict: Sentences.
        note: What was looked at.
    """
    rows = [_HEAD, *map(_row, layers)]
    if len(layers) > _MOST:
        half = _MOST // 2
        rows = [*rows[: half + 1], ("...", *[""] * (len(_HEAD) - 1)), *rows[-half:]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
    lines = [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join([note, "", *lines, "", *verdict])


def _row(layer: LayerReport) -> tuple[str, ...]:
    sign = "" if layer.within or not layer.follows else " !"
    return (
        str(layer.number),
        layer.activation or "-",
        f"{layer.fan_in}x{layer.units}",
        _number(layer.sigma_w),
        _number(layer.mean),
        _number(layer.second),
        f"{_bar(layer.predicted_second, layer.spread)}{sign}",
        _number(layer.correlation),
        _number(layer.gradient),
        _bar(layer.predicted_gradient, layer.gradient_spread) if layer.gradient_spread else "-",
        _number(layer.chi),
        _share(layer.dead),
        _share(layer.saturated),
    )


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3g}"


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.0%}"


def _bar(value: float, spread: float) -> str:
    """A value with two deviations, as a factor."""
    return f"{value:.3g} */ {math.exp(min(2 * spread, 99)):.3g}"


def picture(layers: Sequence[LayerReport], path: pathlib.Path, note: str) -> None:
    """Draws second moments, gradients, correlations, and shares of units by layer.

    Args:
        layers: Of the network.
        path: The file; its suffix says of which kind it is.
        note: What stands above.

    Raises:
        ImportError: If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415  # an extra
    except ImportError:
        raise ImportError("A picture needs matplotlib; pip install matplotlib.") from None
    figure = Figure(figsize=(10, 6.5), layout="constrained")
    (signal, gradient), (alike, units) = figure.subplots(2, 2, sharex=True)
    _curve(signal, layers, "second", "predicted_second", "spread")
    _curve(gradient, layers, "gradient", "predicted_gradient", "gradient_spread")
    numbers = [layer.number for layer in layers]
    alike.plot(numbers, [layer.predicted_correlation for layer in layers], color=_THEORY, label="predicted")
    alike.plot(
        numbers, [layer.correlation for layer in layers], "o", color=_SEEN, markersize=4, label="measured"
    )
    for name, colour in (("dead", "#D55E00"), ("saturated", "#CC79A7")):
        units.plot(
            numbers, [getattr(layer, name) for layer in layers], "o-", color=colour, markersize=3, label=name
        )
    units.set_ylim(-0.02, 1.02)
    alike.set_ylim(min(-0.05, *alike.get_ylim()), 1.05)
    titles = (
        "second moment of pre-activations",
        "squared norm of gradients",
        "correlation of rows",
        "share of units",
    )
    for axes, title in zip((signal, gradient, alike, units), titles, strict=True):
        axes.set_title(title, fontsize=10)
        axes.grid(visible=True, linewidth=0.4, alpha=0.5)
        axes.legend(frameon=False, fontsize=9)
        axes.xaxis.get_major_locator().set_params(integer=True)
    for axes in (alike, units):
        axes.set_xlabel("layer")
    figure.suptitle(note, fontsize=11)
    figure.savefig(path, dpi=120)


def _curve(axes: Any, layers: Sequence[LayerReport], name: str, predicted: str, spread: str) -> None:
    """What is predicted with its band, and what is measured."""
    numbers = [layer.number for layer in layers]
    theory = [getattr(layer, predicted) for layer in layers]
    factors = [math.exp(min(2 * getattr(layer, spread), 99)) for layer in layers]
    axes.plot(numbers, theory, color=_THEORY, label="predicted, with two deviations")
    bands = zip(theory, factors, strict=True)
    low, high = zip(*((value / factor, value * factor) for value, factor in bands), strict=True)
    axes.fill_between(numbers, low, high, color=_THEORY, alpha=0.2, linewidth=0)
    axes.plot(
        numbers, [getattr(layer, name) for layer in layers], "o", color=_SEEN, markersize=4, label="measured"
    )
    axes.set_yscale("log")


_THEORY, _SEEN = "#0072B2", "#000000"
