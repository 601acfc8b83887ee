"""`jaxact show`: what is written down of an activation, what follows from it, and its picture."""

import pathlib

from rich.console import Console
from rich.table import Table
from rich.text import Text

from jaxact._command.plot import in_terminal, to_file
from jaxact._registry import spec
from jaxact._spec import Spec
from jaxact.properties.check import check


def run(name: str, *, plot: pathlib.Path | None) -> int:
    """Prints one activation of the catalogue."""
    entry = spec(name)
    if plot is not None:
        to_file(entry, plot)
    console = Console(highlight=False)
    console.print(_written(entry))
    if entry.parameters:
        console.print(_parameters(entry))
    console.print(
        Text.from_ansi(str(check(entry.function))), soft_wrap=True
    )  # it is as wide as it means to be
    console.print()
    console.print(Text(f"picture written to {plot}") if plot else in_terminal(entry))
    return 0


def _written(entry: Spec) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    rows = {
        "name": entry.name,
        "aliases": ", ".join(entry.aliases) or "none",
        "formula": str(entry.formula),
        "LaTeX": entry.formula.latex(),
        "image": entry.image or "not stated",
        "paper": entry.paper,
        "kinks": ", ".join(f"{joint.at:g} (slope taken {joint.slope:g})" for joint in entry.joints())
        or "none",
    }
    for title, text in rows.items():
        table.add_row(title, Text(text))
    return table


def _parameters(entry: Spec) -> Table:
    table = Table("parameter", "meaning", "domain", "default", "learned", "source")
    for p in entry.parameters:
        row = (p.name, p.meaning, p.domain, f"{p.default:g}", "yes" if p.learned else "no", p.source)
        table.add_row(*map(Text, row))
    return table
