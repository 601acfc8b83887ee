"""Runs the study: `python -m research.selu_vs_batchnorm EXPERIMENT`, options by `--help`."""

import dataclasses
import shlex
import sys
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console

from research.selu_vs_batchnorm import report
from research.selu_vs_batchnorm.experiment import Experiment
from research.selu_vs_batchnorm.experiments import Depth, Digits, Fashion, Htru2, Uci
from research.selu_vs_batchnorm.run import carry_out
from research.selu_vs_batchnorm.scale import run as scale
from research.selu_vs_batchnorm.scaling import Scaling

PROGRAM = "python -m research.selu_vs_batchnorm"


@dataclasses.dataclass(frozen=True)
class Report:
    """Tables and pictures of all results, as one HTML file and one Markdown file."""

    results: Path = Path("runs/selu_vs_batchnorm")
    """Where the results of the experiments lie."""
    out: Path = Path("runs/selu_vs_batchnorm/report")
    """Where the report goes."""
    data: Path | None = None
    """Directory with the paper's table of accuracies, klambauer2017_table_a11.csv."""


Command = (
    Annotated[Digits, tyro.conf.subcommand("digits")]
    | Annotated[Uci, tyro.conf.subcommand("uci")]
    | Annotated[Htru2, tyro.conf.subcommand("htru2")]
    | Annotated[Fashion, tyro.conf.subcommand("fashion")]
    | Annotated[Depth, tyro.conf.subcommand("depth")]
    | Annotated[Scaling, tyro.conf.subcommand("scaling")]
    | Annotated[Report, tyro.conf.subcommand("report")]
)


def main(arguments: list[str] | None = None) -> int:
    """Runs one experiment, or writes the report.

    Args:
        arguments: Of the command line; those of this process if not given.

    Returns:
        The exit code: 0 if all is done, 2 if the options or the data are wrong, 130 if interrupted.
    """
    console = Console()
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        chosen = tyro.cli(
            Command,  # pyright: ignore[reportArgumentType]  # a union is no type to it
            args=arguments,
            description=Digits.question,
            prog=PROGRAM,
            config=(tyro.conf.OmitArgPrefixes, tyro.conf.OmitSubcommandPrefixes),
        )
        command = shlex.join([*PROGRAM.split(), *arguments])
        match chosen:
            case Experiment():
                return carry_out(console, chosen, command)
            case Scaling():
                return scale(console, chosen, command)
            case Report():
                for path in report.write(chosen.results, chosen.out, chosen.data):
                    console.print(str(path), markup=False, soft_wrap=True)
                return 0
    except (ValueError, OSError, ModuleNotFoundError) as error:
        Console(stderr=True).print(
            f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True
        )
    return 2


if __name__ == "__main__":
    sys.exit(main())
