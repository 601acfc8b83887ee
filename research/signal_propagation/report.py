"""What the study says on the screen."""

import math
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from research import tables
from research.signal_propagation.recipes import FUNCTIONS, RECIPES
from research.signal_propagation.results import DEVIATIONS, Cell, Curve, targets

TENFOLD = math.log(10)


def signals(cells: Iterable[Cell]) -> Table:
    """Second moments at the last layer."""
    title = f"Second moment at the last layer; within {DEVIATIONS:g} deviations of the prediction?"
    table = tables.table(
        title, "function", "recipe", "layer", "predicted", "measured", "verdict", "leaves float32"
    )
    for cell in cells:
        second = cell.second
        values = (power(second.predicted[-1]), power(second.measured[-1]))
        table.add_row(*_names(cell), str(cell.depth), *values, verdict(second), leaving(cell))
    return table


def gradients(cells: Iterable[Cell]) -> Table:
    """Growth of gradients."""
    title = "Squared gradient at the first layer relative to the last, and its factor in a layer"
    columns = ("predicted", "measured", "verdict", "factor", "measured", "large batches")
    table = tables.table(title, "function", "recipe", *columns)
    for cell in cells:
        values = (power(cell.gradient.predicted[-1]), power(cell.gradient.measured[-1]))
        names = ("predicted", "measured", "large_batch")
        factors = (f"{cell.factor[name]:.4f}" if name in cell.factor else "" for name in names)
        table.add_row(*_names(cell), *values, verdict(cell.gradient), *factors)
    return table


def reached(cells: list[Cell]) -> Table:
    """The functions that are made to keep a second moment."""
    title = "Functions made to keep a second moment: is it where theory has it?"
    table = tables.table(
        title, "function", "recipe", "holds", "deviation", "deviations away", "predicted until"
    )
    for target in targets(cells):
        names = FUNCTIONS[target["function"]].label, RECIPES[target["recipe"]].label
        figures = [target[name] for name in ("deviation", "deviations_from_expected")]
        table.add_row(
            *names, HOLDS[target["holds"]], *map(_figure, figures), f"layer {target['predicted_until']}"
        )
    return table


HOLDS = {True: "yes", False: "no", None: "open"}


def verdict(curve: Curve) -> Text:
    """Whether the last measured value is near enough, and by how many deviations it is off."""
    if curve.holds is None:
        return Text(f"open after {curve.predicted_until}", style="yellow")
    return Text(f"{HOLDS[curve.holds]}, {curve.deviations:+.1f}", style="green" if curve.holds else "red")


def leaving(cell: Cell) -> str:
    """Where the signal leaves float32, predicted and measured."""
    predicted, measured = (cell.leaves[name] for name in ("predicted", "measured"))
    return "" if predicted == measured is None else f"at {measured} (predicted {predicted})"


def power(logarithm: float) -> str:
    """A number by its natural logarithm, with three digits."""
    if abs(logarithm) < 4 * TENFOLD:
        return f"{math.exp(logarithm):.3g}"
    exponent, rest = divmod(logarithm / TENFOLD, 1)
    return f"{10**rest:.1f}e{exponent:+.0f}"


def show(console: Console, cells: list[Cell]) -> None:
    """Prints the tables."""
    for table in (signals, gradients, reached):
        console.print(table(cells))


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _names(cell: Cell) -> tuple[str, str]:
    return FUNCTIONS[cell.function].label, RECIPES[cell.recipe].label
