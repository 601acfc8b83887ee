"""How the tests have XLA compile: in a hurry, or, where digits count, as it does for everybody."""

import os
from collections.abc import Callable
from typing import Any

import jax

USUAL: dict[str, bool | int] = {"xla_backend_optimization_level": 3}
HURRIED: dict[str, bool | int] = {"xla_backend_optimization_level": 0}
if jax.__version_info__ < (0, 11, 1):
    USUAL["xla_cpu_use_fusion_emitters"] = True
    HURRIED["xla_cpu_use_fusion_emitters"] = False


def hurry() -> None:
    """Has this process and those that it starts compile in half the time, to slower programs.

    It must be called before JAX's first computation.
    """
    flags = [f"--{name}={str(value).lower()}" for name, value in HURRIED.items()]
    os.environ["XLA_FLAGS"] = " ".join([*flags, os.environ.get("XLA_FLAGS", "")])
    jax.config.update("jax_traceback_in_locations_limit", 0)  # where operations were written, for profilers


def usual(function: Callable[..., Any]) -> Callable[..., Any]:
    """`jax.jit`, compiled as it is for everybody."""
    return jax.jit(function, compiler_options=USUAL)
