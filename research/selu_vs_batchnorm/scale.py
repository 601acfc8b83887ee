"""Carries out the measurements of scaling: announces, shows progress, keeps every unit, writes."""

import time
from pathlib import Path
from typing import Any

import jax
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

import jaxact
from research import record
from research.selu_vs_batchnorm import report
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.report import scaling, scaling_picture
from research.selu_vs_batchnorm.scaling import (
    QUESTION,
    Row,
    Scaling,
    Unit,
    measure,
    processes,
    simulate,
    units,
)


def run(console: Console, config: Scaling, command: str) -> int:
    """Measures and reports; of several processes the first one reports, the others only measure with it.

    Args:
        console: Where progress and tables go.
        config: The options.
        command: To be repeated in the results.

    Returns:
        The exit code: 0 if all is done, 130 if interrupted.
    """
    if config.coordinator is not None:
        processes.initialize(config.coordinator, config.processes, config.process_id)
    if config.process_id == 0:
        return _lead(console, config, command)
    try:
        for unit in units(config):
            measured(config, unit)
    except KeyboardInterrupt:
        return 130
    return 0


def _lead(console: Console, config: Scaling, command: str) -> int:
    """Measures, writes and prints."""
    config.out.mkdir(parents=True, exist_ok=True)
    around = record.surroundings()
    journal = record.Journal(config.out / "scaling.jsonl", _header(config, around))
    todo = units(config)
    _announce(console, config, todo, around["device"])
    if config.coordinator is not None:
        journal.finished.clear()  # the other processes have no journal and measure everything
    for note in journal.notes:
        console.print(note, style="yellow", markup=False)
    try:
        _measure(console, config, todo, journal)
    except KeyboardInterrupt:
        kept = f"{len(journal.finished)} of {len(todo)} units are kept; the same command goes on from there"
        console.print(f"\nInterrupted; {kept}.", markup=False)
        return 130
    entries = [journal.finished[str(unit)] for unit in todo]
    rows = [row for entry in entries for row in entry["rows"]]
    seconds = sum(entry["seconds"] for entry in entries)
    found = scaling.answer(rows)
    scaling_picture.save(rows, config.out / "scaling.png")
    record.write(
        config.out / "scaling.json",
        {
            "question": QUESTION,
            "answer": found,
            "command": command,
            **around,
            "seconds": seconds,
            "config": vars(config),
            "rows": rows,
        },
    )
    journal.remove()
    for table in scaling.tables(rows):
        report.draw(console, table)
    console.print(found, markup=False, highlight=False)
    took = f"{seconds:.0f} s on {around['device']['kind']}"
    console.print(f"Results and picture are in {config.out}; it took {took}.", markup=False)
    return 0


def _header(config: Scaling, around: dict[str, Any]) -> dict[str, Any]:
    """What the units depend on; the sources stand for the commit, to which other files belong too."""
    return {
        "methods": config.methods,
        "repeats": config.repeats,
        "versions": around["versions"],
        "device": around["device"],
        "sources": record.fingerprint(Path(jaxact.__file__).parent, Path(__file__).parent),
    }


def _announce(console: Console, config: Scaling, todo: list[Unit], device: dict[str, Any]) -> None:
    """Says what is going to happen, and where."""
    methods = ", ".join(METHODS[name].label for name in config.methods)
    simulated = [unit.devices for unit in todo if unit.devices > jax.device_count()]
    played = f"{', '.join(map(str, simulated))} devices are played by the CPU. {scaling.SIMULATED}"
    console.print(QUESTION, style="bold")
    console.print(
        f"Data: none; random rows, {config.rows_per_device} per device in weak scaling.\n"
        f"Methods: {methods}, in turns, {config.repeats} turns of each.\n"
        f"Units to measure: {len(todo)}, each a training step of every method at one shape on some devices.\n"
        f"Device: {device['platform']}, {device['kind']}, {jax.device_count()} of them in "
        f"{config.processes} process{'es' if config.processes > 1 else ''}."
        + (f"\n{played}" if simulated else ""),
        markup=False,
        highlight=False,
    )


def _measure(console: Console, config: Scaling, todo: list[Unit], journal: record.Journal) -> None:
    """Measures what is not measured yet, and shows how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("", total=sum(unit.effort for unit in todo))
        for unit in todo:
            progress.update(bar, description=str(unit))
            if str(unit) not in journal.finished:
                begin = time.perf_counter()
                rows = measured(config, unit)
                journal.add(str(unit), {"rows": rows, "seconds": time.perf_counter() - begin})
            progress.advance(bar, unit.effort)


def measured(config: Scaling, unit: Unit) -> list[Row]:
    """The rows of a unit: on real devices where there are as many."""
    real = unit.devices <= jax.device_count()
    return (measure if real else simulate)(unit, config.methods, config.repeats)
