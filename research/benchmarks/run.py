"""Runs a benchmark: unit by unit, with a journal, to its table, its JSON and its picture."""

import dataclasses
import shlex
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jax
import rich.box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

import jaxact
from research import record

HERE = Path(__file__).parent
ASIDE = Path("runs/benchmarks")
"""Where the results of options go that measure something else than what is committed."""

Rows = list[dict[str, Any]]


def run(name: str, benchmark: Any, config: Any, arguments: list[str], console: Console) -> int:
    """Measures what is not measured yet, and says, writes and draws what was found.

    Args:
        name: What the benchmark is called on the command line.
        benchmark: The module.
        config: Its options.
        arguments: Of the command line, to be repeated in the results.
        console: Where progress and the table go.

    Returns:
        The exit code: 0 if all is done, 130 if interrupted.
    """
    around = record.surroundings()
    path = place(name, benchmark, config, around["device"])
    journal = record.Journal(path.with_suffix(".jsonl"), _header(name, config, around))
    units = benchmark.units(config)
    console.print(benchmark.QUESTION, style="bold")
    for note in journal.notes:
        console.print(note, style="yellow", markup=False)
    try:
        _measure(benchmark, config, units, journal, console)
    except KeyboardInterrupt:
        kept = f"{len(journal.finished)} of {len(units)} units are kept; the same command goes on from there"
        console.print(f"\nInterrupted; {kept}.", markup=False)
        return 130
    found = [journal.finished[unit] for unit in units]
    rows = combined(benchmark, [row for entry in found for row in entry["rows"]])
    contents = {
        "question": benchmark.QUESTION,
        "answer": benchmark.answer(rows),
        "command": shlex.join(["python", "-m", "research.benchmarks", *arguments]),
        **around,
        "seconds": sum(entry["seconds"] for entry in found),
        "config": {key: value for key, value in vars(config).items() if key != "out"},
        "rows": rows,
    }
    benchmark.draw(rows, path.with_suffix(".png"))
    record.write(path, contents)
    journal.remove()
    console.print(shown(benchmark.table(rows)))
    console.print(contents["answer"], markup=False)
    took = f"{contents['seconds']:.0f} s on {around['device']['kind']}"
    console.print(f"Results and picture are in {path.parent}; it took {took}.", markup=False)
    return 0


def place(name: str, benchmark: Any, config: Any, device: dict[str, Any]) -> Path:
    """Where the results go: what is committed is replaced only by what measures as much.

    Results of an accelerator have a file of their own, which carries its name.
    """
    own = benchmark.stem(config) if hasattr(benchmark, "stem") else None
    usual = dataclasses.replace(config, out=type(config)().out) == type(config)()
    elsewhere = config.out.resolve() != (HERE / "results").resolve()
    directory = config.out if usual or own or elsewhere else ASIDE
    kind = [] if device["platform"] == "cpu" else device["kind"].lower().split()
    return directory / f"{'_'.join([own or name, *kind])}.json"


def combined(benchmark: Any, rows: Rows) -> Rows:
    """The rows of all units, those that belong together merged."""
    return benchmark.combine(rows) if hasattr(benchmark, "combine") else rows


def shown(cells: list[list[str]]) -> Table:
    """A table for the console."""
    table = Table(box=rich.box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in cells[0]:
        table.add_column(Text(heading), overflow="fold")
    for row in cells[1:]:
        table.add_row(*map(Text, row))
    return table


def _header(name: str, config: Any, around: dict[str, Any]) -> dict[str, Any]:
    """What the units depend on; the sources stand for the commit, to which other files belong too."""
    return {
        "benchmark": name,
        "config": {key: value for key, value in vars(config).items() if key not in {"functions", "out"}},
        "versions": around["versions"],
        "device": around["device"],
        "sources": record.fingerprint(Path(jaxact.__file__).parent, HERE),
    }


def _measure(
    benchmark: Any, config: Any, units: list[str], journal: record.Journal, console: Console
) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    device = jax.devices()[0].device_kind
    kept = [unit for unit in units if unit in journal.finished]
    if kept:
        console.print(f"{len(kept)} of {len(units)} units are measured already.", markup=False)
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(f"on {device}", total=len(units) - len(kept))
        for unit in _left(units, kept):
            progress.update(bar, description=unit)
            begin = time.perf_counter()
            rows = benchmark.measure(config, unit)
            journal.add(unit, {"rows": rows, "seconds": time.perf_counter() - begin})
            progress.advance(bar)


def _left(units: list[str], kept: list[str]) -> Iterable[str]:
    done = set(kept)
    return (unit for unit in units if unit not in done)


class _Rate(ProgressColumn):
    """Units per minute."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{60 * speed:.3g}/min")
