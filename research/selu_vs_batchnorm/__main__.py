"""Runs the study: `python -m research.selu_vs_batchnorm`, options by `--help`."""

import shlex
import sys
import time
from typing import Any

import jax
import tyro
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import jaxact
from research import record
from research.selu_vs_batchnorm import plots, report, results
from research.selu_vs_batchnorm.config import QUESTION, Config
from research.selu_vs_batchnorm.data import Task, load
from research.selu_vs_batchnorm.recipes import RECIPES
from research.selu_vs_batchnorm.run import Choice, choices, run


def main(arguments: list[str] | None = None) -> int:
    """Runs the study.

    Args:
        arguments: Of the command line; those of this process if not given.

    Returns:
        The exit code: 0 if all is done, 2 if the options or the data are wrong, 130 if interrupted.
    """
    console = Console()
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        config = tyro.cli(
            Config, args=arguments, description=QUESTION, prog="python -m research.selu_vs_batchnorm"
        )
        task = load(config.dataset, config.data, config.split)
        config.out.mkdir(parents=True, exist_ok=True)
    except (ValueError, OSError) as error:
        Console(stderr=True).print(
            f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True
        )
        return 2
    return study(
        console, config, task, shlex.join(["python", "-m", "research.selu_vs_batchnorm", *arguments])
    )


def study(console: Console, config: Config, task: Task, command: str) -> int:
    """Trains, measures and reports; writes after every unit, so that an interruption loses only one."""
    begin = time.perf_counter()
    todo = list(choices(config))
    around = record.surroundings()
    _announce(console, config, task, todo, around["device"])
    reports: dict[str, jaxact.Report] = {}
    units: list[results.Unit] = []

    def write() -> None:
        contents: dict[str, Any] = {
            "question": QUESTION,
            "answer": results.answer(units),
            "command": command,
            **around,
            "seconds": time.perf_counter() - begin,
            "finished": f"{len(units)} of {len(todo)}",
            "config": vars(config),
            "data": _data(task),
            "criteria": {
                name: {judged.criterion: results.verdict(judged) for judged in found.verdicts}
                for name, found in reports.items()
            },
            "units": units,
        }
        record.write(config.out / "results.json", contents)

    try:
        for function in dict.fromkeys(RECIPES[name].activation for name in config.recipes):
            reports[function.__name__] = jaxact.check(function)
        console.print(report.criteria(reports))
        for unit in _trained(console, config, task, todo):
            units.append(unit)
            write()
    except KeyboardInterrupt:
        kept = (
            f"the results of {len(units)} of {len(todo)} are in {config.out}" if units else "none is finished"
        )
        console.print(f"\nInterrupted; {kept}.", markup=False)
        return 130
    plots.save(units, config.out)
    report.show(console, units)
    console.print(results.answer(units))
    took = f"{time.perf_counter() - begin:.0f} s on {jax.devices()[0].device_kind}"
    console.print(
        f"Results, loss curves and layer statistics are in {config.out}; it took {took}.", markup=False
    )
    return 0


def _announce(
    console: Console, config: Config, task: Task, todo: list[Choice], device: dict[str, Any]
) -> None:
    """Says what is going to happen, and where."""
    runs = config.seeds * len(config.learning_rates)
    data = _data(task)
    console.print(QUESTION, style="bold")
    console.print(
        f"Data: {data['name']}, {data['train']} rows to train, {data['validation']} to stop and choose by, "
        f"{data['test']} to test; {data['features']} features, {data['classes']} classes.\n"
        f"To do: {len(todo)} networks, each from {config.seeds} seeds at {len(config.learning_rates)} "
        f"learning rates ({runs} runs at once in one program), at most {config.epochs} epochs.\n"
        f"Device: {device['platform']}, {device['kind']}.",
        markup=False,
        highlight=False,
    )


def _trained(console: Console, config: Config, task: Task, todo: list[Choice]) -> Any:
    """Yields each unit when it is done, and shows how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        whole = progress.add_task("all", total=len(todo))
        for choice in todo:
            bar = progress.add_task(str(choice), total=config.epochs)
            unit = run(config, task, choice, lambda epoch, bar=bar: progress.update(bar, completed=epoch))
            done = progress.tasks[bar].completed
            progress.update(bar, total=done, description=f"{choice}: {results.accuracy(unit)}")
            progress.advance(whole)
            yield unit


def _data(task: Task) -> dict[str, Any]:
    """What the data are, in numbers."""
    parts = {name: len(getattr(task, name).y) for name in ("train", "validation", "test")}
    return {"name": task.name, **parts, "features": task.train.x.shape[1], "classes": task.classes}


if __name__ == "__main__":
    sys.exit(main())
