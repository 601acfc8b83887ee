"""Runs a benchmark, or writes the tables of all: `python -m research.benchmarks`, options by `--help`."""

import dataclasses
import functools
import importlib
import operator
import sys
from typing import Annotated, Any

import tyro
from rich.console import Console

from research.benchmarks import report
from research.benchmarks.run import run


@dataclasses.dataclass(frozen=True)
class Report:
    """Options of the report: none."""


def main(arguments: list[str] | None = None) -> int:
    """Runs one benchmark.

    Args:
        arguments: Of the command line; those of this process if not given.

    Returns:
        The exit code: 0 if all is done, 130 if interrupted; wrong options exit with 2 at once.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    # Torch and the models are heavy: of a benchmark that is named nothing else is loaded.
    names = [name for name in report.BENCHMARKS if name in arguments[:1]] or report.BENCHMARKS
    modules = {name: importlib.import_module(f"research.benchmarks.{name}") for name in names}
    choices = [_subcommand(module.Config, name, module.QUESTION) for name, module in modules.items()]
    choices.append(_subcommand(Report, "report", "Writes the tables of the READMEs from the results."))
    description = "Measures the activation functions that jaxact shares with jax.nn and torch."
    config = tyro.cli(
        functools.reduce(operator.or_, choices),
        args=arguments,
        description=description,
        prog="python -m research.benchmarks",
    )
    if isinstance(config, Report):
        for path in report.save():
            print(f"Wrote {path.name} of {path.parent.name}.")
        return 0
    name = next(name for name, module in modules.items() if isinstance(config, module.Config))
    return run(name, modules[name], config, arguments, Console())


def _subcommand(config: Any, name: str, description: str) -> Any:
    return Annotated[config, tyro.conf.subcommand(name, description=description, prefix_name=False)]


if __name__ == "__main__":
    sys.exit(main())
