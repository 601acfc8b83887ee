"""Errors counted in units in the last place, at the values of a dtype in the order of their bit patterns.

A pattern read as an unsigned integer grows with the magnitude, so that consecutive points lie side by side,
and a run of them, a chunk, covers a short interval. Figures are taken chunk by chunk on the device; what
returns is small. Subnormal numbers are read from their bits, since XLA takes them for 0 in float32.
"""

import dataclasses
import functools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

CHUNKS = 1024
"""Of a block, at most; each is one entry of the figures that leave the device."""
BLOCK = 1 << 19
"""Points evaluated at once, at most: 4 MiB of float64. Blocks of 2^22 take three times as long, in the
kernel, which clears their pages anew."""
STEPS, LOW, HIGH = 2, -24, 10
"""Bins of x for the picture: so many per octave from 2^LOW to 2^HIGH, one for all below and all above."""
_INDEX = 0xFFF
"""The bits of a float64 that hold a point's place in its chunk, 12 of 52: the error hardly changes."""


@dataclasses.dataclass(frozen=True)
class Points:
    """Every `stride`-th bit pattern of a dtype, in blocks.

    Attributes:
        dtype: bfloat16, float16 or float32.
        stride: A prime beside 2 has every pattern of low bits appear.
    """

    dtype: str
    stride: int = 1

    @property
    def total(self) -> int:
        """How many points there are."""
        return -(-(1 << jnp.finfo(self.dtype).bits) // self.stride)

    @property
    def size(self) -> int:
        """Points in a block, a power of two; the last block may be filled up."""
        return min(BLOCK, 1 << (self.total - 1).bit_length())

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.total // self.size)

    def at(self, block: int) -> jax.Array:
        """The points of a block."""
        return _points(self, np.uint32(block * self.size))

    def wide(self, block: int) -> jax.Array:
        """The same in float64, subnormals included; within `jax.enable_x64`."""
        return _wide(self.at(block))

    def numbers(self, indices: np.ndarray) -> np.ndarray:
        """Points by their index in the whole, in float64."""
        bits = jnp.finfo(self.dtype).bits
        patterns = (indices.astype(np.uint64) * np.uint64(self.stride)).astype(f"uint{bits}")
        with np.errstate(invalid="ignore"):
            return patterns.view(jnp.dtype(self.dtype)).astype(np.float64)


@functools.partial(jax.jit, static_argnums=0)
def _points(points: Points, start: Any) -> jax.Array:
    patterns = (jax.lax.iota(jnp.uint32, points.size) + start) * jnp.uint32(points.stride)
    unsigned = jnp.dtype(f"uint{jnp.finfo(points.dtype).bits}")
    return jax.lax.bitcast_convert_type(patterns.astype(unsigned), jnp.dtype(points.dtype))


@jax.jit
def _wide(x: jax.Array) -> jax.Array:
    """Any of the dtypes in float64, exactly."""
    if x.dtype == jnp.float16:  # whose subnormals are ordinary numbers in float32
        return x.astype(jnp.float32).astype(jnp.float64)
    bits = _bits32(x)
    magnitude = (bits & 0x7FFFFFFF).astype(jnp.float64) * 2.0**-149
    subnormal = jnp.where(bits >> 31 == 1, -magnitude, magnitude)
    return jnp.where(bits & 0x7F800000 == 0, subnormal, x.astype(jnp.float32).astype(jnp.float64))


def _bits32(x: jax.Array) -> jax.Array:
    """The bits of a float32 or bfloat16 as those of a float32."""
    bits = jax.lax.bitcast_convert_type(x, jnp.dtype(f"uint{jnp.finfo(x.dtype).bits}")).astype(jnp.uint32)
    return bits << (32 - jnp.finfo(x.dtype).bits)


def tally(
    points: Points, block: int, got: jax.Array, exact: jax.Array, *, kinks: tuple[float, ...] = ()
) -> dict[str, np.ndarray]:
    """Figures of one block, an entry for each chunk; within `jax.enable_x64`.

    Args:
        points: Where the function was evaluated.
        block: Which of their blocks it was.
        got: Results, in the dtype of the points.
        exact: The truth, in float64.
        kinks: Points that are not counted.

    Returns:
        `points` that are counted, the `sum` of their errors in ULP, how many are `off` by more than 1, the
        largest error as `worst` and its `place` in the whole, the largest `distance` to the truth. How many
        points are left out because of: `nonfinite` results where the truth is within the dtype, results
        `flushed` to 0, `unknown` truths, and inputs below the smallest normal float32, `subnormal`, which XLA
        reads as 0.
    """
    counted = min(points.size, points.total - block * points.size)
    found = jax.tree.map(np.asarray, _tally(points, kinks, points.at(block), got, exact, counted))
    packed = found.pop("packed")
    length = points.size // len(packed)
    start = block * points.size + length * np.arange(len(packed))
    found["worst"] = (packed & ~np.uint64(_INDEX)).view(np.float64)
    found["place"] = start + (packed & np.uint64(_INDEX)).astype(np.int64)
    return found


@functools.partial(jax.jit, static_argnums=(0, 1))
def _tally(  # noqa: PLR0917  # static ones come first
    points: Points, kinks: tuple[float, ...], x: jax.Array, got: jax.Array, exact: jax.Array, counted: Any
) -> dict[str, jax.Array]:
    info = jnp.finfo(points.dtype)
    tiny, largest, eps = float(info.tiny), float(info.max), float(info.eps)
    least = float(jnp.finfo(jnp.float32).tiny)
    result, at = _wide(got), _wide(x)
    finite = jnp.isfinite(at) & (jax.lax.iota(jnp.int64, points.size) < counted)
    ordinary = finite & ((jnp.abs(at) >= least) | (at == 0))
    subnormal = finite & ~ordinary
    for kink in kinks:
        ordinary &= at != kink
    size = jnp.abs(exact)
    unknown = ordinary & jnp.isnan(exact)
    ordinary &= size <= largest
    nonfinite = ordinary & ~jnp.isfinite(result)
    # XLA sets what is below the smallest normal float32 to 0, and what rounding in float32 brings there
    small = size < least * (1 + 4 * float(jnp.finfo(jnp.float32).eps))
    flushed = ordinary & (result == 0) & small & (size > float(info.smallest_subnormal) / 2)
    ordinary &= ~nonfinite & ~flushed
    distance = jnp.where(ordinary, jnp.abs(result - exact), 0.0)
    error = distance / (_power_of_two(jnp.maximum(size, tiny)) * eps)
    chunks = min(CHUNKS, points.size)
    index = jax.lax.iota(jnp.uint64, points.size) % (points.size // chunks)
    packed = (jax.lax.bitcast_convert_type(error, jnp.uint64) & ~jnp.uint64(_INDEX)) | index

    def rows(values: jax.Array) -> jax.Array:
        return values.reshape(chunks, -1)

    def count(mask: jax.Array) -> jax.Array:
        return rows(mask).sum(axis=1, dtype=jnp.int64)

    return {
        "packed": rows(packed).max(axis=1),
        "distance": rows(distance).max(axis=1),
        "sum": rows(error).sum(axis=1),
        "points": count(ordinary),
        "off": count(error > 1),
        "nonfinite": count(nonfinite),
        "flushed": count(flushed),
        "unknown": count(unknown),
        "subnormal": count(subnormal),
    }


def _power_of_two(x: jax.Array) -> jax.Array:
    """The largest power of two that is at most `x`, a positive float64."""
    bits = jax.lax.bitcast_convert_type(x, jnp.uint64)
    return jax.lax.bitcast_convert_type(bits & jnp.uint64(0x7FF0000000000000), jnp.float64)


def bins(x: np.ndarray) -> np.ndarray:
    """The bin of each point, negative for negative points; 0 holds all that is nearest to 0."""
    with np.errstate(divide="ignore"):
        steps = np.floor(STEPS * (np.log2(np.abs(x)) - LOW)) + 1
    steps = np.clip(np.nan_to_num(steps, neginf=0, posinf=math.inf), 0, STEPS * (HIGH - LOW) + 1)
    return (np.sign(x) * steps).astype(int)
