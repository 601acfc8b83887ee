"""Several devices played by the CPU, in a process of its own: their number is fixed when a process starts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import research
from research.selu_vs_batchnorm.scaling.measure import Row, Unit, measure

CHILD = "from research.selu_vs_batchnorm.scaling import simulation; simulation.answer()"


def simulate(unit: Unit, methods: tuple[str, ...], repeats: int) -> list[Row]:
    """Measures a unit on simulated devices; the arguments are those of `measure`.

    Raises:
        RuntimeError: If the other process fails; the message is the end of what it said.
        subprocess.TimeoutExpired: If it takes more than an hour.
    """
    devices = {"JAX_PLATFORMS": "cpu", "JAX_NUM_CPU_DEVICES": str(unit.devices)}
    done = subprocess.run(  # noqa: S603  # this Python, fixed words
        [sys.executable, "-c", CHILD],
        input=json.dumps([unit, methods, repeats]),
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,
        env=os.environ | devices,
        cwd=Path(research.__file__).parents[1],
    )
    if done.returncode:
        raise RuntimeError(f"{unit}: the simulation failed.\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def answer() -> None:
    """Reads from the standard input what to measure, and prints the rows."""
    unit, methods, repeats = json.loads(sys.stdin.read())
    print(json.dumps(measure(Unit(*unit), tuple(methods), repeats)))
