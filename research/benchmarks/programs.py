"""What is timed: jitted JAX programs, torch's eager and compiled ones, and a plain copy."""

import functools
import importlib
import importlib.util
import os
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from research.benchmarks.timing import Program

FORWARD, GRADIENT = "forward", "gradient"
"""`f(x)` alone; `f(x)` and `f'(x) dy`, both returned by one program."""

WHATS = (FORWARD, GRADIENT)


@functools.cache
def operands(size: int) -> tuple[np.ndarray, np.ndarray]:
    """`x` from N(0, 3^2), where functions bend and where they are flat, and `dy` from N(0, 1); none is 0.

    A processor may take another path for zeros, and so may a function at its kink.
    """
    random = np.random.default_rng(0)
    x, dy = 3 * random.standard_normal(size, np.float32), random.standard_normal(size, np.float32)
    return _away_from_zero(x), _away_from_zero(dy)


def _away_from_zero(values: np.ndarray) -> np.ndarray:
    return np.copysign(np.maximum(np.abs(values), np.float32(1e-3)), values)


def in_jax(function: Callable[[Array], Array], what: str) -> Callable[..., Any]:
    """What is to be jitted: a function of `x`, or of `x` and `dy`."""
    if what == FORWARD:
        return function

    def with_gradient(x: Array, dy: Array) -> tuple[Array, Array]:
        y, pull = jax.vjp(function, x)
        return y, pull(dy)[0]

    return with_gradient


def copy(zero: Array, *arrays: Array) -> tuple[Array, ...]:
    """Copies arrays, bit by bit, as a program that reads and writes each of them once.

    XLA would hand back an argument that is merely returned, and simplify `x + 0`; of a `zero` that it learns
    only when the program runs it can do neither. On the bits no rounding costs time and no NaN changes.

    Args:
        zero: The integer 0, as wide as the elements.
        arrays: What to copy.
    """
    bits = zero.dtype
    flipped = (jax.lax.bitcast_convert_type(array, bits) ^ zero for array in arrays)
    return tuple(
        jax.lax.bitcast_convert_type(array, kept.dtype) for array, kept in zip(flipped, arrays, strict=True)
    )


def zero_for(dtype: Any) -> Array:
    """The `zero` with which `copy` copies arrays of a dtype."""
    return jnp.zeros((), f"uint{8 * jnp.dtype(dtype).itemsize}")


def compiled(function: Callable[..., Any], *arguments: Any) -> tuple[jax.stages.Compiled, float]:
    """Compiles for given arguments, with no trace or program kept from before, and says how long it took.

    Args:
        function: To be compiled.
        arguments: Of the shapes and dtypes that it gets.
    """
    jax.clear_caches()
    begin = time.perf_counter()
    program = jax.jit(function).lower(*arguments).compile()
    return program, time.perf_counter() - begin


def of_jax(function: Callable[..., Any], *arguments: Any) -> Program:
    """Runs of a compiled function, one after another as a program would make them.

    Waiting for every single one would time how a thread is woken: some 100 us on a CPU, where 2^14 elements
    take 20. Runs do not overlap: a device works through them in order.
    """

    def program(repeats: int) -> None:
        result = None
        for _ in range(repeats):
            result = function(*arguments)
        jax.block_until_ready(result)

    return program


def torch_or_none() -> Any:
    """Torch with as many threads as the machine has cores, or None.

    None too where JAX has an accelerator that torch cannot use: the two would not run on the same device.
    """
    if importlib.util.find_spec("torch") is None:
        return None
    torch = importlib.import_module("torch")
    torch.set_num_threads(os.cpu_count() or 1)
    return torch if jax.default_backend() == "cpu" or torch.cuda.is_available() else None


def of_torch(
    torch: Any, function: Callable[[Any], Any], what: str, numbers: tuple[np.ndarray, ...], dtype: str
) -> Program:
    """Runs of a torch function, eager or compiled, on the device that JAX computes on.

    Args:
        torch: The package.
        function: Of a tensor.
        what: Forward alone, without a graph; or forward and backward.
        numbers: `x` and the cotangent `dy`.
        dtype: To which both are rounded.
    """
    device = "cpu" if jax.default_backend() == "cpu" else "cuda"
    place = functools.partial(torch.tensor, dtype=getattr(torch, dtype), device=device)
    here, along = place(numbers[0], requires_grad=what == GRADIENT), place(numbers[1])
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None

    def forward() -> Any:
        with torch.no_grad():
            return function(here)

    def gradient() -> Any:
        y = function(here)
        return y, torch.autograd.grad(y, here, along)

    once = forward if what == FORWARD else gradient

    def program(repeats: int) -> None:
        result = None
        for _ in range(repeats):
            result = once()
        wait()
        del result

    return program
