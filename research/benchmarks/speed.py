"""Speed of every function that jaxact shares with jax.nn, against jax.nn, torch and a plain copy."""

import dataclasses
from collections.abc import Iterable
from typing import Any, Literal

import jax
import jax.numpy as jnp

from research.benchmarks.options import Options
from research.benchmarks.peers import Shared, chosen
from research.benchmarks.programs import (
    WHATS,
    compiled,
    copy,
    in_jax,
    of_jax,
    of_torch,
    operands,
    torch_or_none,
    zero_for,
)
from research.benchmarks.speed_report import answer, draw, summary, table
from research.benchmarks.timing import Program, interleave, spread

__all__ = ["QUESTION", "Config", "answer", "draw", "measure", "summary", "table", "units"]

QUESTION = "Is jaxact as fast as jax.nn and torch, and how near to a plain copy?"

COMPILED_BY_TORCH = 2**20
"""The one size at which torch.compile is measured: it needs some seconds for every program."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(Options):
    """Options of the speed benchmark."""

    sizes: tuple[int, ...] = ()
    """Elements of an array; none: 2^14, which fits the cache, 2^20 and 2^24, on an accelerator 2^28 too."""
    dtypes: tuple[Literal["float32", "bfloat16", "float16"], ...] = ("float32", "bfloat16")
    """Of the arrays."""
    libraries: tuple[Literal["jaxact", "jax.nn", "torch", "torch.compile", "copy"], ...] = (
        "jaxact",
        "jax.nn",
        "torch",
        "torch.compile",
        "copy",
    )
    """Whom to compare, if installed; jaxact always takes part."""
    rounds: int = 15
    """Turns of each library at 2^20 elements and fewer; a third as many at more."""

    def sizes_here(self) -> tuple[int, ...]:
        """The sizes to measure on this device."""
        if self.quick:
            return (2**10,)
        large = () if jax.default_backend() == "cpu" else (2**28,)
        return self.sizes or (2**14, 2**20, 2**24, *large)

    def rounds_at(self, size: int) -> int:
        """How many turns each library gets."""
        rounds = 3 if self.quick else self.rounds
        return rounds if size <= 2**20 else max(3, rounds // 3)


def units(config: Config) -> list[str]:
    """One unit for each function and dtype: all that is compared runs in one unit, in turns."""
    return [f"{shared.name} {dtype}" for dtype in config.dtypes for shared in chosen(config.functions)]


def measure(config: Config, unit: str) -> list[dict[str, Any]]:
    """Times one function in one dtype: every size, forward and with gradient, every library."""
    name, dtype = unit.split()
    (shared,) = chosen((name,))
    return [
        {"function": name, "dtype": dtype, "size": size, "what": what, **row}
        for size in config.sizes_here()
        for what in WHATS
        for row in _compare(config, shared, dtype, size, what)
    ]


def _compare(config: Config, shared: Shared, dtype: str, size: int, what: str) -> Iterable[dict[str, Any]]:
    """The rows of what is compared in turns."""
    programs, compiling, failed = _programs(config, shared, dtype, size, what)
    on_cpu = jax.default_backend() == "cpu"
    # an accelerator is done with 2^28 numbers in a millisecond, of which waking it up would be half
    rounds, turn = config.rounds_at(size), 2**12 if config.quick else 2**21 if on_cpu else 2**32
    repeats = min(max(1, turn // size), 1000)
    warm = int(size <= 2**20 or not on_cpu)  # what is larger leaves the cache anyway
    for library, seconds in interleave(programs, rounds=rounds, repeats=repeats, warm=warm).items():
        yield {
            "library": library,
            **spread(seconds),
            "compile_seconds": compiling.get(library),
            "rounds": rounds,
            "repeats": repeats,
        }
    for library, reason in failed.items():
        yield {"library": library, "seconds": None, "compile_seconds": None, "reason": reason}


def _programs(
    config: Config, shared: Shared, dtype: str, size: int, what: str
) -> tuple[dict[str, Program], dict[str, float], dict[str, str]]:
    """The programs, the seconds that it took to compile them, and why others are missing; by library."""
    numbers = operands(size)
    arrays = [jnp.asarray(values, dtype) for values in numbers][: 1 + WHATS.index(what)]
    programs: dict[str, Program] = {}
    compiling: dict[str, float] = {}
    failed: dict[str, str] = {}
    functions = shared.functions
    if "copy" in config.libraries:  # first: whoever compiles first pays for what XLA sets up
        zero = zero_for(dtype)
        program, compiling["copy"] = compiled(copy, zero, *arrays)
        programs["copy"] = of_jax(program, zero, *arrays)
    for library in ("jaxact", "jax.nn"):
        if library == "jaxact" or library in config.libraries:
            program, compiling[library] = compiled(in_jax(functions[library], what), *arrays)
            programs[library] = of_jax(program, *arrays)
    torch = torch_or_none() if "torch" in functions else None
    if torch is not None and "torch" in config.libraries:
        programs["torch"] = of_torch(torch, functions["torch"], what, numbers, dtype)
    if torch is not None and "torch.compile" in config.libraries and size == COMPILED_BY_TORCH:
        torch.compiler.reset()  # torch stops compiling, silently, after some variants of one function
        program = of_torch(torch, torch.compile(functions["torch"], dynamic=False), what, numbers, dtype)
        try:
            program(1)  # not timed: torch finds on the disk what it has compiled before
            programs["torch.compile"] = program
        except Exception as error:  # noqa: BLE001  # no C++ compiler, a compiler's bug, or anything else
            failed["torch.compile"] = f"{type(error).__name__}: {error}".splitlines()[0]
    return programs, compiling, failed
