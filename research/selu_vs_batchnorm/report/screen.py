"""What an experiment says on the screen when it is done."""

from rich.console import Console
from rich.text import Text

from research import tables as drawn
from research.selu_vs_batchnorm.report.document import Table
from research.selu_vs_batchnorm.report.tables import tables
from research.selu_vs_batchnorm.selection import Chosen


def show(console: Console, experiment: str, found: list[Chosen]) -> None:
    """Prints the tables of an experiment, but for those in which one only looks things up.

    Args:
        console: Where to.
        experiment: Its name.
        found: What was chosen.
    """
    for table in tables(experiment, found):
        if not table.long:
            draw(console, table)


def draw(console: Console, table: Table) -> None:
    """Prints a table without its empty columns, and its note."""
    filled = [i for i in range(len(table.columns)) if any(row[i] for row in table.rows)]
    if not filled:
        return
    shown = drawn.table(table.title, *(table.columns[i] for i in filled))
    for row in table.rows:
        shown.add_row(*(Text(row[i]) for i in filled))
    console.print(shown)
    if table.note:
        console.print(table.note, markup=False, highlight=False)
