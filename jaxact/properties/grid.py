"""Where a function is looked at: every 16-bit value, or float32 points chosen to catch it out."""

from collections.abc import Iterable

import jax.numpy as jnp
import numpy as np

EXHAUSTIVE_BITS = 16
"""Dtypes up to this width are examined at every finite value."""


def every_value(dtype: np.dtype) -> np.ndarray:
    """All finite values of a dtype of at most 16 bits, in increasing order, zero once."""
    bits = jnp.finfo(dtype).bits
    patterns = np.arange(2**bits, dtype=np.dtype(f"uint{bits}"))
    with np.errstate(all="ignore"):
        values = patterns.view(dtype).astype(np.float64)
    return np.unique(values[np.isfinite(values)] + 0.0)


def adversarial(dtype: np.dtype, seeds: Iterable[float] = ()) -> np.ndarray:
    """Points of a wide dtype: all magnitudes, the neighbourhood of 0, and both sides of likely thresholds.

    Args:
        dtype: float32 or float64.
        seeds: Numbers that occur in the function's program. A threshold is most likely one of them.

    Returns:
        Representable points in increasing order, symmetric about 0.
    """
    info = jnp.finfo(dtype)
    octaves = int(info.maxexp) - int(info.minexp)
    steps = max(1, 4096 // octaves)
    magnitudes = 2.0 ** (int(info.minexp) + np.arange(octaves * steps) / steps)
    centre = np.concatenate([np.arange(0, 16, 2.0**-8), np.arange(16, 128, 2.0**-4), [float(info.max)]])
    halves = np.arange(1, 41) / 2
    constants = np.abs(np.array([s for s in seeds if np.isfinite(s)] or [1.0], dtype=np.float64))
    with np.errstate(all="ignore"):
        likely = np.concatenate([halves, constants, 1 / constants[constants > 0]]).astype(dtype)
        near = np.concatenate(
            [likely, np.nextafter(likely, dtype.type(np.inf)), np.nextafter(likely, dtype.type(0))]
        )
        positive = np.concatenate([magnitudes, centre, near]).astype(dtype).astype(np.float64)
    positive = positive[np.isfinite(positive)]
    return np.unique(np.concatenate([-positive, positive])) + 0.0


def tail() -> np.ndarray:
    """Growing magnitudes for statements at infinity, one row for every octave from 8 to 2^126."""
    return 2.0 ** (np.arange(3, 127)[:, None] + np.arange(16) / 16)


def refinements(x: np.ndarray, marked: np.ndarray, dtype: np.dtype, room: int) -> np.ndarray:
    """New points between the neighbours of marked ones.

    Args:
        x: Points in increasing order.
        marked: The indices where something happens, the most important first.
        dtype: New points are representable in it.
        room: How many points there may be.
    """
    inner = np.arange(1, 32) / 32
    marked = np.unique(marked[: max(1, room // (2 * inner.size))])
    left = x[np.clip(marked - 1, 0, x.size - 1)]
    middle, right = x[marked], x[np.clip(marked + 1, 0, x.size - 1)]
    with np.errstate(all="ignore"):
        between = [a[:, None] + (b - a)[:, None] * inner for a, b in ((left, middle), (middle, right))]
        points = np.concatenate(between).ravel().astype(dtype).astype(np.float64)
    return np.setdiff1d(points[np.isfinite(points)], x)
