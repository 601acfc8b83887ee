"""`jaxact show`: what is written down of an activation, what follows from it, and its picture."""

import math
import pathlib
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from jaxact._command.plot import in_terminal, to_file
from jaxact._operations import entry as named
from jaxact._spec import KINDS, LAWS, Operation, Spec
from jaxact._vectors import joined, shown, stem
from jaxact.properties.check import check


def run(name: str, *, plot: pathlib.Path | None) -> int:
    """Prints one activation of the catalogue."""
    entry = named(name)
    if isinstance(entry, Operation):
        if plot is not None:
            raise ValueError(
                f"{entry.name} is a function of {KINDS[entry.kind]}, of which there is no picture."
            )
        return _several(entry)
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


def _several(entry: Operation) -> int:
    """Prints an activation of several numbers: what is written down of it, and what the tests hold it to."""
    table = _grid(
        {
            "name": entry.name,
            "aliases": ", ".join(entry.aliases) or "none",
            "takes": KINDS[entry.kind],
            "formula": entry.formula,
            "paper": entry.paper,
            "laws": "; ".join(LAWS[law] for law in entry.laws) or "none stated",
            "Lipschitz": "none"
            if math.isinf(entry.lipschitz)
            else f"{entry.lipschitz:g} in the Euclidean norm",
        }
    )
    console = Console(highlight=False)
    console.print(table)
    if entry.parameters:
        console.print(_parameters(entry))
    return 0


def _written(entry: Spec) -> Table:
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
    return _grid(rows)


def _grid(rows: Mapping[str, str]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for title, text in rows.items():
        table.add_row(title, Text(text))
    return table


def _parameters(entry: Spec | Operation) -> Table:
    table = Table("parameter", "meaning", "domain", "default", "learned", "source")
    defaults = joined(entry.defaults)
    for name, p in {stem(p.name): p for p in entry.parameters}.items():
        row = (name, p.meaning, p.domain, shown(defaults[name]), "yes" if p.learned else "no", p.source)
        table.add_row(*map(Text, row))
    return table
