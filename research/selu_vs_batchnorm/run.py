"""Carries an experiment out: says what it will do, trains what is not recorded yet, and reports."""

import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from research import record
from research.selu_vs_batchnorm import plan, report
from research.selu_vs_batchnorm.experiment import Experiment
from research.selu_vs_batchnorm.selection import Chosen, choose
from research.selu_vs_batchnorm.training import Unit
from research.selu_vs_batchnorm.workers import trained

NOT_RECORDED = {"out", "data", "fresh", "dry_run", "checkpoint_seconds"}
"""Options that change nothing in the results."""


def carry_out(console: Console, experiment: Experiment, command: str) -> int:
    """Trains, measures and reports; every unit is on the disk when it is done.

    Args:
        console: Where progress and tables go.
        experiment: The options.
        command: To be repeated in the results.

    Returns:
        The exit code: 0 if all is done, 130 if interrupted.

    Raises:
        ValueError: If the data or the records are damaged.
        OSError: If a file cannot be read or written, or another run writes to it.
    """
    units = experiment.units()
    around = record.surroundings()
    path = experiment.out / f"{experiment.name}.jsonl"
    if experiment.fresh and not experiment.dry_run:
        path.unlink(missing_ok=True)
    journal = record.Journal(path, {"experiment": experiment.name})
    todo = [unit for unit in units if unit.key not in journal.finished]
    plan.announce(console, experiment, units, todo, around["device"])
    for note in [*journal.notes, *plan.differences(units, journal.finished, around)]:
        console.print(note, style="yellow", markup=False)
    if experiment.dry_run:
        plan.estimate(console, experiment, todo)
        return 0
    try:
        with journal.alone():
            _train(console, experiment, todo, journal, around)
    except KeyboardInterrupt:
        finished = sum(unit.key in journal.finished for unit in units)
        kept = f"{finished} of {len(units)} units are kept in {path}"
        console.print(f"\nInterrupted; {kept}; the same command goes on from there.", markup=False)
        return 130
    records = {unit: journal.finished[unit.key] for unit in units}
    every = experiment.every_depth
    found = choose(records.items(), every_depth=every, curves=every)
    contents = _contents(experiment, found, records)
    record.write(experiment.out / f"{experiment.name}.json", {**contents, "command": command, **around})
    pictures = report.save(report.pictures(experiment.name, found), experiment.out)
    report.show(console, experiment.name, found)
    console.print(report.answer(experiment.name, found), markup=False)
    names = ", ".join(picture.name for picture in pictures)
    console.print(f"{experiment.name}.json, {names} are in {experiment.out}.", markup=False)
    return 0


def _train(
    console: Console,
    experiment: Experiment,
    todo: list[Unit],
    journal: record.Journal,
    around: dict[str, Any],
) -> None:
    """Trains what is left, and records each unit with where it was trained."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left {task.fields[left]}"),
    )
    work = {unit: plan.operations(unit, experiment) for unit in todo}
    whole, begin = sum(work.values()), time.perf_counter()
    done, networks = 0.0, 0
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("", total=len(todo), rate="", left="?")
        for unit, found in trained(
            experiment, todo, lambda unit: progress.update(bar, description=str(unit))
        ):
            journal.add(unit.key, {**found, **around})
            done, networks = done + work[unit], networks + unit.networks
            seconds = time.perf_counter() - begin
            progress.update(
                bar,
                advance=1,
                rate=f"{networks / seconds:.1f} networks/s",
                left=plan.duration(seconds * (whole / done - 1)),
            )


def _contents(
    experiment: Experiment, found: list[Chosen], records: dict[Unit, dict[str, Any]]
) -> dict[str, Any]:
    """What the results say, beside where they were made."""
    return {
        "question": experiment.question,
        "answer": report.answer(experiment.name, found),
        "commits": sorted({each["commit"] for each in records.values()}, key=str),
        "devices": sorted({record.where(each) for each in records.values()}),
        "seconds": sum(each["seconds"] for each in records.values()),
        "networks": sum(unit.networks for unit in records),
        "config": {name: value for name, value in vars(experiment).items() if name not in NOT_RECORDED},
        "found": found,
    }
