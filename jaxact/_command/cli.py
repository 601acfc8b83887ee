"""Reads the command line and calls the subcommand."""

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import tyro

from jaxact._command import certifying, checking, diagnosing, listing, showing
from jaxact._command.properties import MEANINGS

USAGE = 2
"""The exit code where the question makes no sense."""


def _filters() -> type:
    """One switch for every property."""
    fields = [
        (name, Annotated[bool, tyro.conf.arg(help=f"{meaning}."), tyro.conf.FlagCreatePairsOff], False)
        for name, meaning in MEANINGS.items()
    ]
    return dataclasses.make_dataclass("Filters", fields, frozen=True)


Filters: Any = _filters()


def list_(
    filters: Annotated[Filters, tyro.conf.arg(name="")],  # pyright: ignore[reportInvalidTypeForm]  # made above
    *,
    peers: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False,
) -> int:
    """List the catalogue, or the activations that have all properties asked for.

    What is proved is on record; other properties are looked into, half a second for each function.

    Args:
        filters: Properties that they must have.
        peers: Tell what other libraries call them, where they compute the same.
    """
    required = [name for name, wanted in dataclasses.asdict(filters).items() if wanted]
    return listing.run(required, peers=peers)


def show(name: tyro.conf.Positional[str], /, plot: Path | None = None) -> int:
    """Show an activation: formula, paper, parameters, facts and plot.

    Args:
        name: Name or alias in the catalogue.
        plot: Write the plot to this file, by matplotlib, instead of to the terminal.
    """
    return showing.run(name, plot=plot)


def check(
    target: tyro.conf.Positional[str],
    /,
    *,
    json: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False,
    dtype: str = "float32",
    require: str = "",
    measure: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False,
) -> int:
    """Judge a function by the nine criteria of a good activation.

    Exit code 1 where a required property fails or is undecided, 2 where the question makes no sense.

    Args:
        target: NAME in the catalogue, module:function or file.py:function.
        json: Print the report as JSON.
        dtype: The floating dtype in which it is examined.
        require: Properties it must have, separated by commas, such as monotonic,bounded.
        measure: Measure time on this device as well.
    """
    return checking.run(target, json=json, dtype=dtype, require=require, measure=measure)


def diagnose(
    target: tyro.conf.Positional[str],
    /,
    *,
    shape: tuple[int, ...] = (),
    rows: int = 64,
    seed: int = 0,
    json: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False,
    plot: Path | None = None,
) -> int:
    """Hold a network against the theory: signals, gradients and units, layer by layer, and what to change.

    Args:
        target: module:function or file.py:function; called without arguments, it gives a network (a Flax
            NNX module or a function of a batch), or a network and a batch.
        shape: Of one input of normal numbers, where no batch is given: --shape 784 or --shape 32 32 3.
        rows: How many inputs then.
        seed: Of these numbers.
        json: Print the diagnosis as JSON.
        plot: Write a picture to this file as well, by matplotlib.
    """
    return diagnosing.run(target, shape=shape, rows=rows, seed=seed, json=json, plot=plot)


def certify(
    names: tyro.conf.Positional[tuple[str, ...]] = (),
    /,
    *,
    verify: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False,
) -> int:
    """Prove what can be proved of the catalogue, and write it to the file of facts.

    Exit code 1 where --verify finds something else than what is on record.

    Args:
        names: Some activations only.
        verify: Prove it once more, bounds less sharply, and compare with what is on record.
    """
    return certifying.run(names, verify=verify)


def run(arguments: Sequence[str] | None) -> int:
    """Runs one subcommand and returns the exit code."""
    commands = {
        "list": list_,
        "show": show,
        "check": check,
        "diagnose": diagnose,
        "certify": certify,
    }
    try:
        return tyro.extras.subcommand_cli_from_dict(
            commands, prog="jaxact", description="Activation functions and their mathematics.", args=arguments
        )
    except (LookupError, AttributeError, TypeError, ValueError, ImportError, OSError) as error:
        message = error.args[0] if isinstance(error, KeyError) else error
        sys.stderr.write(f"jaxact: {message}\n")
        return USAGE
