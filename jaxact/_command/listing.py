"""`jaxact list`: the catalogue, or the part of it that has certain properties."""

from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from jaxact._registry import specs
from jaxact._spec import Spec
from jaxact.properties.check import examine
from jaxact.properties.vocabulary import criterion_of


def run(required: Sequence[str]) -> int:
    """Prints the activations that have every required property.

    What is proved is on record; the rest is looked into, which takes half a second for each function.
    """
    entries = [*specs.values()]
    if required:
        errors = Console(stderr=True)
        entries = [
            entry
            for entry in track(entries, "looking at every function", console=errors, transient=True)
            if _has(entry, required)
        ]
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column("name", no_wrap=True, style="bold")
    table.add_column("family", no_wrap=True)
    table.add_column("formula", overflow="fold")
    table.add_column("parameters", overflow="fold")
    for entry in entries:
        defaults = ", ".join(f"{name}={value:g}" for name, value in entry.defaults.items())
        table.add_row(entry.name, entry.family, Text(str(entry.formula)), defaults)
    console = Console(highlight=False)
    console.print(table)
    having = f" with {', '.join(required)}" if required else ""
    console.print(f"{len(entries)} of {len(specs)} activations{having}")
    return 0


def _has(entry: Spec, required: Sequence[str]) -> bool:
    claims = {} if entry.facts is None else entry.facts.claims
    proved = {name: claims[name].holds for name in required if name in claims}
    open_ = [name for name in required if proved.get(name) is None]
    if False in proved.values() or not open_:
        return False not in proved.values()
    report = examine(entry.function, criteria=dict.fromkeys(map(criterion_of, open_)))
    return all(report.claims[name].holds for name in open_)
