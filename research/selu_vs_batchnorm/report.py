"""What the study says on the screen."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from jaxact import Report
from research import tables
from research.selu_vs_batchnorm.results import Unit, accuracy, verdict


def criteria(reports: Mapping[str, Report]) -> Table:
    """The nine criteria and the shape, a column for each function."""
    table = tables.table("The nine criteria, with how each verdict is known", "criterion", *reports)
    for verdicts in zip(*(report.verdicts for report in reports.values()), strict=True):
        asked = f"{verdicts[0].criterion}: {verdicts[0].claims[0].name}?"
        table.add_row(asked, *(Text(verdict(found)) for found in verdicts))
    return table


def outcome(units: Iterable[Unit]) -> Table:
    """How well each recipe trains."""
    title = "Outcome at the best learning rate, mean ± deviation over seeds"
    table = tables.table(title, "recipe", "size", "rate", "test accuracy", "training loss")
    for unit in units:
        loss, deviation = unit.spread("train_loss")
        row = (f"{unit.learning_rate:g}", accuracy(unit), f"{loss:.3g} ± {deviation:.1g}")
        table.add_row(unit.recipe, _size(unit), *row)
    return table


def costs(units: Iterable[Unit]) -> Table:
    """What an epoch's program costs, and how the gradient fares."""
    title = "Gradient norm at the first hidden layer relative to the last; cost of all runs"
    table = tables.table(title, "recipe", "size", "at start", "trained", "ms/step", "compile s", "MiB")
    for unit in units:
        table.add_row(
            unit.recipe,
            _size(unit),
            f"{unit.gradient_ratio('initial'):.2g}",
            f"{unit.gradient_ratio('trained'):.2g}",
            f"{1e3 * unit.step_seconds:.1f}",
            f"{unit.compile_seconds:.1f}",
            "?" if unit.memory_bytes is None else f"{unit.memory_bytes / 2**20:.0f}",
        )
    return table


def layers(units: Iterable[Unit]) -> Table:
    """Mean and variance of some layers' outputs, at the start and trained."""
    title = "Mean (variance) of a hidden layer's output"
    table = tables.table(title, "recipe", "size", "when", "first layer", "middle layer", "last layer")
    for unit in units:
        for when, values in unit.layers.items():
            shown = (0, unit.depth // 2, unit.depth - 1)
            cells = (f"{values['mean'][i]:.2g} ({values['variance'][i]:.2g})" for i in shown)
            table.add_row(unit.recipe, _size(unit), when, *cells)
    return table


def show(console: Console, units: list[Unit]) -> None:
    """Prints the tables of finished units."""
    for table in (layers, costs, outcome):
        console.print(table(units))


def _size(unit: Unit) -> str:
    return f"{unit.depth} x {unit.width}"
