"""`jaxact list`: the catalogue, or the part of it that has certain properties."""

from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from jaxact._command.peers import LIBRARIES, PEERS
from jaxact._operations import operations
from jaxact._registry import specs
from jaxact._spec import Operation, Spec
from jaxact._vectors import joined, shown
from jaxact.properties.check import examine
from jaxact.properties.vocabulary import criterion_of

Entry = Spec | Operation


def run(required: Sequence[str], *, peers: bool = False) -> int:
    """Prints the activations that have every required property; of several numbers only where none is asked.

    What is proved is on record; the rest is looked into, which takes half a second for each function.

    Args:
        required: Names of properties.
        peers: Whether to tell what other libraries call them, in the place of formulas.
    """
    whole: list[Entry] = [*specs.values(), *operations.values()]
    entries = whole
    if required:
        errors = Console(stderr=True)
        known = track(specs.values(), "looking at every function", console=errors, transient=True)
        entries = [entry for entry in known if _has(entry, required)]
    console = Console(highlight=False)
    console.print(_of_peers(entries) if peers else _of_formulas(entries))
    having = f" with {', '.join(required)}" if required else ""
    console.print(f"{len(entries)} of {len(whole)} activations{having}")
    return 0


def _of_formulas(entries: Sequence[Entry]) -> Table:
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column("name", no_wrap=True, style="bold")
    table.add_column("family", no_wrap=True)
    table.add_column("formula", overflow="fold")
    table.add_column("parameters", overflow="fold")
    for entry in entries:
        defaults = ", ".join(f"{name}={shown(value)}" for name, value in joined(entry.defaults).items())
        table.add_row(entry.name, entry.family, Text(str(entry.formula)), defaults)
    return table


def _of_peers(entries: Sequence[Entry]) -> Table:
    table = Table("name", *LIBRARIES, box=SIMPLE, pad_edge=False)
    for entry in entries:
        names = [PEERS[library].get(entry.name, "") for library in LIBRARIES]
        if any(names):
            table.add_row(entry.name, *names)
    return table


def _has(entry: Spec, required: Sequence[str]) -> bool:
    claims = {} if entry.facts is None else entry.facts.claims
    proved = {name: claims[name].holds for name in required if name in claims}
    open_ = [name for name in required if proved.get(name) is None]
    if False in proved.values() or not open_:
        return False not in proved.values()
    report = examine(entry.function, criteria=dict.fromkeys(map(criterion_of, open_)))
    return all(report.claims[name].holds for name in open_)
