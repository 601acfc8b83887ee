"""How long a function takes on the present device, against relu and a plain copy."""

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

_SIZE, _ROUNDS = 2**20, 31


def measured(call: Callable[[Any], Any], dtype: np.dtype) -> Mapping[str, float]:
    """Times forward and backward passes of 2^20 elements, interleaved, and compares medians.

    Args:
        call: Elementwise function.
        dtype: Dtype of its input.

    Returns:
        Nanoseconds for each element, and ratios to `jax.nn.relu` and to a copy.
    """
    x = jax.random.normal(jax.random.key(0), (_SIZE,), jnp.float32).astype(dtype)
    programs = {
        "copy": jax.jit(jnp.copy),
        "forward": jax.jit(call),
        "relu forward": jax.jit(jax.nn.relu),
        "backward": _backward(call),
        "relu backward": _backward(jax.nn.relu),
    }
    times = _interleaved(programs, x)
    return {
        "ns, forward": times["forward"] / _SIZE * 1e9,
        "ns, forward and backward": times["backward"] / _SIZE * 1e9,
        "forward / relu": times["forward"] / times["relu forward"],
        "forward and backward / relu": times["backward"] / times["relu backward"],
        "forward / copy": times["forward"] / times["copy"],
        "forward and backward / copy": times["backward"] / times["copy"],
    }


def _backward(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return jax.jit(lambda x: jax.vjp(call, x)[1](x))


def _interleaved(programs: Mapping[str, Callable[[Any], Any]], x: jax.Array) -> Mapping[str, float]:
    for program in programs.values():
        jax.block_until_ready(program(x))
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(_ROUNDS):
        for name, program in programs.items():
            start = time.perf_counter()
            jax.block_until_ready(program(x))
            times[name].append(time.perf_counter() - start)
    return {name: median(seconds) for name, seconds in times.items()}
