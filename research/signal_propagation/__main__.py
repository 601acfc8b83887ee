"""Runs the study: `python -m research.signal_propagation`, options by `--help`."""

import shlex
import sys
import time
from pathlib import Path
from typing import Any

import tyro
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

import jaxact
from research import record
from research.signal_propagation import plots, report, results
from research.signal_propagation.config import QUESTION, Config
from research.signal_propagation.run import run


def main(arguments: list[str] | None = None) -> int:
    """Runs the study.

    Args:
        arguments: Of the command line; those of this process if not given.

    Returns:
        The exit code: 0 if all is done, 2 if the options are wrong, 130 if interrupted.
    """
    console = Console()
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        config = tyro.cli(
            Config, args=arguments, description=QUESTION, prog="python -m research.signal_propagation"
        )
        config.out.mkdir(parents=True, exist_ok=True)
    except (ValueError, OSError) as error:
        Console(stderr=True).print(
            f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True
        )
        return 2
    return study(console, config, shlex.join(["python", "-m", "research.signal_propagation", *arguments]))


def study(console: Console, config: Config, command: str) -> int:
    """Measures what is not measured yet, function by function, and says, writes and draws what was found."""
    around = record.surroundings()
    journal = record.Journal(config.out / "results.jsonl", _header(config, around))
    _announce(console, config, around["device"], journal)
    try:
        _measure(console, config, journal)
    except KeyboardInterrupt:
        kept = f"{len(journal.finished)} of {len(config.functions)} functions are kept"
        console.print(f"\nInterrupted; {kept}, and the same command goes on from there.", markup=False)
        return 130
    found = [journal.finished[function] for function in config.functions]
    cells = [results.read(cell) for entry in found for cell in entry["cells"]]
    contents = {
        "question": QUESTION,
        "answer": results.answer(cells),
        "command": command,
        **around,
        "seconds": sum(entry["seconds"] for entry in found),
        "config": {key: value for key, value in vars(config).items() if key != "out"},
        "targets": results.targets(cells),
        "verdicts": [results.verdict(cell) for cell in cells],
        "cells": cells,
    }
    plots.save(cells, config.out)
    record.write(config.out / "results.json", contents)
    journal.remove()
    report.show(console, cells)
    console.print(contents["answer"], markup=False)
    took = f"{contents['seconds']:.0f} s on {around['device']['kind']}"
    console.print(f"Results and pictures are in {config.out}; it took {took}.", markup=False)
    return 0


def _header(config: Config, around: dict[str, Any]) -> dict[str, Any]:
    """What a function's results depend on."""
    return {
        "config": {key: value for key, value in vars(config).items() if key not in {"functions", "out"}},
        "versions": around["versions"],
        "device": around["device"],
        "sources": record.fingerprint(Path(jaxact.__file__).parent, Path(__file__).parent),
    }


def _announce(console: Console, config: Config, device: dict[str, Any], journal: record.Journal) -> None:
    """Says what is going to happen, and where."""
    console.print(QUESTION, style="bold")
    console.print(
        f"To do: {len(config.functions)} functions with {len(config.recipes)} recipes; {config.depth} layers "
        f"of {config.width} units, forward and back, for {config.inputs} inputs.\n"
        f"Device: {device['platform']}, {device['kind']}.",
        markup=False,
        highlight=False,
    )
    for note in journal.notes:
        console.print(note, style="yellow", markup=False)
    kept = sum(function in journal.finished for function in config.functions)
    if kept:
        console.print(f"{kept} of {len(config.functions)} functions are measured already.", markup=False)


def _measure(console: Console, config: Config, journal: record.Journal) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    todo = [function for function in config.functions if function not in journal.finished]
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("", total=2 * config.depth * len(todo))
        for function in todo:
            progress.update(bar, description=function)
            begin = time.perf_counter()
            cells = run(config, function, lambda: progress.advance(bar))
            journal.add(function, {"cells": cells, "seconds": time.perf_counter() - begin})


if __name__ == "__main__":
    sys.exit(main())
