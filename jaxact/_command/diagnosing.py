"""`jaxact diagnose`: holds a real network against the theory."""

import pathlib
import sys
from typing import Any

import jax
from rich.console import Console

from jaxact._command.target import find
from jaxact.diagnosis import diagnose


def run(
    target: str, *, shape: tuple[int, ...], rows: int, seed: int, json: bool, plot: pathlib.Path | None
) -> int:
    """Makes a network, prints its diagnosis, and returns the exit code."""
    made: Any = find(target)()
    model, batch = made if isinstance(made, tuple) else (made, None)
    keys = jax.random.split(jax.random.key(seed))
    if batch is None:
        if not shape:
            raise ValueError(
                f"{target} gives a network and no batch; give the --shape of one input, or return both."
            )
        if rows < 1 or min(shape) < 1:
            raise ValueError(f"--rows and --shape must be positive; got {rows} and {shape}.")
        batch = jax.random.normal(keys[0], (rows, *shape))
    errors = Console(stderr=True)
    with errors.status("one pass forward and back, and the theory"):
        found = diagnose(model, batch, key=keys[1])
    if plot is not None:
        found.save_picture(plot)
    sys.stdout.write((found.to_json() if json else str(found)) + "\n")
    return 0
