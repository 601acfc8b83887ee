"""Runs the study: `python -m research.trainable_depth`, options by `--help`."""

import shlex
import sys
import time
from pathlib import Path
from typing import Any

import tyro
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

import jaxact
from research import record
from research.selu_vs_batchnorm.data import Task, shipped
from research.trainable_depth import plots, report, results, theory
from research.trainable_depth.config import QUESTION, Config
from research.trainable_depth.run import Choice, choices, predictions, trained


def main(arguments: list[str] | None = None) -> int:
    """Runs the study.

    Args:
        arguments: Of the command line; those of this process if not given.

    Returns:
        The exit code: 0 if all is done, 2 if the options are wrong, 130 if interrupted.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        config = tyro.cli(
            Config, args=arguments, description=QUESTION, prog="python -m research.trainable_depth"
        )
        edges = {name: theory.edge(name, config.sigma_b) for name in config.functions}
        config.out.mkdir(parents=True, exist_ok=True)
    except (ValueError, OSError) as error:
        Console(stderr=True).print(
            f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True
        )
        return 2
    return study(
        Console(), config, edges, shlex.join(["python", "-m", "research.trainable_depth", *arguments])
    )


def study(console: Console, config: Config, edges: dict[str, float], command: str) -> int:
    """Predicts, trains and reports; keeps every unit, so that an interruption loses only one.

    Args:
        console: Where progress and the tables go.
        config: The options.
        edges: The deviation of the weights on the edge of chaos of each function.
        command: To be repeated in the results.

    Returns:
        The exit code: 0 if all is done, 130 if interrupted.
    """
    task = shipped("digits")
    around = record.surroundings()
    journal = record.Journal(config.out / "results.jsonl", _header(config, around))
    todo = choices(config)
    _announce(console, config, edges, task, around["device"])
    for note in journal.notes:
        console.print(note, style="yellow", markup=False)
    try:
        _measure(console, config, task, todo, journal)
    except KeyboardInterrupt:
        kept = f"{len(journal.finished)} of {len(todo)} units are kept; the same command goes on from there"
        console.print(f"\nInterrupted; {kept}.", markup=False)
        return 130
    units = {name: entry["found"] for name, entry in journal.finished.items()}
    grids = [results.grid(config, name, task.classes, units) for name in config.functions]
    seconds = sum(entry["seconds"] for entry in journal.finished.values())
    plots.save(grids, config.width, config.out / "plane.png")
    record.write(
        config.out / "results.json",
        {
            "question": QUESTION,
            "answer": results.answer(grids),
            "command": command,
            **around,
            "seconds": seconds,
            "config": vars(config),
            "scores": results.scores(grids),
            "units": units,
        },
    )
    journal.remove()
    for grid in grids:
        console.print(report.weights(grid))
    console.print(report.scores(grids))
    console.print(results.answer(grids), markup=False)
    took = f"{seconds:.0f} s on {around['device']['kind']}"
    console.print(f"Results and picture are in {config.out}; it took {took}.", markup=False)
    return 0


def _header(config: Config, around: dict[str, Any]) -> dict[str, Any]:
    """What the units depend on; the sources stand for the commit, to which other files belong too."""
    return {
        "config": {key: value for key, value in vars(config).items() if key != "out"},
        "versions": around["versions"],
        "device": around["device"],
        "sources": record.fingerprint(Path(jaxact.__file__).parent, Path(__file__).parent),
    }


def _announce(
    console: Console, config: Config, edges: dict[str, float], task: Task, device: dict[str, Any]
) -> None:
    """Says what is going to happen, and where."""
    networks = len(config.ratios) * len(config.rates) * config.seeds
    found = ", ".join(f"{name} {edge:.4f}" for name, edge in edges.items())
    console.print(QUESTION, style="bold")
    console.print(
        f"Data: digits, {len(task.train.y)} rows to train, {len(task.validation.y)} to choose the learning "
        f"rate by, {len(task.test.y)} to test.\n"
        f"Edge of chaos, deviation of the weights times the root of their number: {found}.\n"
        f"To do: for each of {len(config.functions)} functions the theory, then {len(config.depths)} depths "
        f"of {networks} networks ({len(config.ratios)} deviations, {len(config.rates)} learning rates, "
        f"{config.seeds} seeds) in one program, {config.epochs} epochs.\n"
        f"Device: {device['platform']}, {device['kind']}.",
        markup=False,
        highlight=False,
    )


def _measure(
    console: Console, config: Config, task: Task, todo: list[Choice], journal: record.Journal
) -> None:
    """Measures what is not measured yet, and shows how far it is: deep networks take longer."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("", total=sum(map(_effort, todo)))
        for choice in todo:
            before = progress.tasks[bar].completed
            progress.update(bar, description=str(choice))

            def seen(share: float, before: float = before, effort: float = _effort(choice)) -> None:
                progress.update(bar, completed=before + share * effort)

            if str(choice) not in journal.finished:
                begin = time.perf_counter()
                found = (
                    trained(config, task, choice, seen)
                    if choice.depth
                    else predictions(config, choice.function, seen)
                )
                journal.add(str(choice), {"found": found, "seconds": time.perf_counter() - begin})
            seen(1.0)


def _effort(choice: Choice) -> int:
    """About how long a unit takes, in layers trained; theory takes as long as 40."""
    return choice.depth or 40


if __name__ == "__main__":
    sys.exit(main())
