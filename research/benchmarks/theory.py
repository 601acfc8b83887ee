"""What it takes to know a function's moments, fixed points and edge of chaos, and how exact they are."""

import dataclasses
import time
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

import jaxact
from jaxact import initializers
from jaxact.gaussian import MeanField, MomentMap, edge_of_chaos, half_stable, moments
from jaxact.proof import gaussian
from jaxact.proof.analysis import Analysis
from jaxact.proof.pieces.piece import UndecidedError
from research.benchmarks import plots
from research.benchmarks.options import Options

QUESTION = "What does the theory of an activation cost, and how exact is it?"

Rows = list[dict[str, Any]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(Options):
    """Options of the benchmark of the theory; without functions it is the whole catalogue."""

    rounds: int = 5
    """How often the quantities are computed once they are compiled; the fastest counts."""


def units(config: Config) -> list[str]:
    """The functions."""
    return list(config.functions or jaxact.specs)


def measure(config: Config, unit: str) -> Rows:
    """Seconds of the first call, which compiles, and of later ones; the error of moments against balls."""
    entry = jaxact.specs[unit]
    first, *later = [_seconds(entry) for _ in range(2 if config.quick else config.rounds + 1)]
    return [{"function": unit, "first": first, "later": min(later), "error": error(entry)}]


def quantities(entry: jaxact.Spec) -> None:
    """All that the theory says of a function at its standard place.

    Moments; mean and variance after a layer, their Jacobian and fixed points; the gain; second moments that
    layers with this gain keep, with their depth scales; what a layer adds to the spread of singular values;
    the edge of chaos without biases and the half-stable points.
    """
    f, kinks = entry.function, tuple(joint.at for joint in entry.joints())
    moments(f, kinks=kinks)
    layer = MomentMap(f, kinks)
    layer.jacobian(0.0, 1.0)
    layer.fixed_points()
    field = MeanField(f, initializers.gain(f), 0.0, kinks)
    field.rest(1.0)
    field.fixed_points()
    field.isometry()
    edge_of_chaos(f, kinks=kinks)
    half_stable(f, kinks=kinks)


def error(entry: jaxact.Spec) -> float | None:
    """The larger error of E f, relative to the root of E f**2, and of E f**2; None where balls fail."""
    seen = moments(entry.function, kinks=tuple(joint.at for joint in entry.joints()))
    try:
        mean, second = gaussian.moments(Analysis.of(entry.formula, **entry.defaults))
    except UndecidedError:
        return None
    true_mean, true_second = (float(found.middle) for found in (mean, second))
    return max(abs(seen.mean - true_mean) / true_second**0.5, abs(seen.second / true_second - 1))


def _seconds(entry: jaxact.Spec) -> float:
    begin = time.perf_counter()
    quantities(entry)
    return time.perf_counter() - begin


def answer(rows: Rows) -> str:
    """The whole in seconds, the slowest function, and the largest error."""
    first, later = (sum(row[name] for row in rows) for name in ("first", "later"))
    slowest = max(rows, key=lambda row: row["later"])
    errors = [row["error"] for row in rows if row["error"] is not None]
    exact = f"moments are within {max(errors):.1g} of ball arithmetic" if errors else "no error is known"
    return (
        f"All quantities of {len(rows)} functions take {first:.1f} s with compilation and {later:.1f} s once "
        f"compiled, {slowest['later']:.2f} s at most ({slowest['function']}); {exact} "
        f"({len(errors)} functions)."
    )


def table(rows: Rows) -> list[list[str]]:
    """A line for each function."""
    lines = [["function", "first call, s", "compiled, s", "error of moments"]]
    for row in rows:
        off = "-" if row["error"] is None else f"{row['error']:.1g}"
        lines.append([row["function"], f"{row['first']:.2f}", f"{row['later']:.3f}", off])
    return lines


def draw(rows: Rows, path: Path) -> None:
    """Seconds of every function, with and without compilation."""
    rows = sorted(rows, key=lambda row: row["later"])
    figure = Figure(figsize=(7.0, 1.0 + 0.17 * len(rows)), layout="constrained")
    axes = figure.subplots()
    places = range(len(rows))
    axes.barh(places, [row["first"] for row in rows], color="#56B4E9", label="first call, with compilation")
    axes.barh(places, [row["later"] for row in rows], color="#0072B2", label="compiled")
    axes.set_yticks(places, [row["function"] for row in rows], fontsize=7)
    axes.margins(y=0.01)
    axes.set_xlabel("seconds")
    axes.legend(frameon=False, loc="lower right")
    plots.save(figure, path)
