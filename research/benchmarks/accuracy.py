"""How far values, slopes and second derivatives are from the truth, at every number or on a dense stride."""

import dataclasses
import functools
import importlib
import importlib.util
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np

from research.benchmarks import exact
from research.benchmarks.accuracy_report import answer, draw, summary, table
from research.benchmarks.errors import Points, bins, tally
from research.benchmarks.options import Options
from research.benchmarks.peers import LIBRARIES, Elementwise, chosen, shared

__all__ = ["QUESTION", "Config", "answer", "combine", "draw", "measure", "stem", "summary", "table", "units"]

QUESTION = "How exact are the activation functions of jaxact, jax.nn and torch?"
PART = 128
"""Blocks of one unit, 2^26 numbers: what an interruption loses, seconds for each order and library."""
BALLS = "balls"
"""The part of a unit that holds the reference against ball arithmetic."""

COUNTS = ("points", "off", "nonfinite", "flushed", "unknown", "subnormal")
"""What is counted; `errors.tally` says what the names mean."""

Rows = list[dict[str, Any]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(Options):
    """Options of the benchmark of accuracy."""

    dtypes: tuple[Literal["bfloat16", "float16", "float32"], ...] = ("bfloat16", "float16", "float32")
    """Of the inputs. Those of 16 bits are measured at every number."""
    libraries: tuple[Literal["jaxact", "jax.nn", "torch"], ...] = LIBRARIES
    """Whose functions; torch where it is installed."""
    orders: tuple[Literal["value", "slope", "curvature"], ...] = exact.ORDERS
    """The function, its first or its second derivative."""
    exhaustive: bool = False
    """All 2^32 float32 numbers; the results are kept beside the usual ones."""
    stride: int = 641
    """In float32 every so many bit patterns; a prime, so that every pattern of low bits appears."""
    balls: int = 400
    """Points at which the float64 reference is held against ball arithmetic."""

    def points(self, dtype: str) -> Points:
        """The inputs of a dtype."""
        if dtype != "float32" or self.exhaustive:
            return Points(dtype)
        return Points(dtype, 1_000_003 if self.quick else self.stride)


def stem(config: Config) -> str | None:
    """Exhaustive results have a file of their own, whatever part of them was asked for."""
    return "accuracy_exhaustive" if config.exhaustive and not (config.functions or config.quick) else None


def units(config: Config) -> list[str]:
    """For each function the check of the reference, then the blocks of every dtype."""
    parts = [f"{dtype} {part}" for dtype in config.dtypes for part in range(_parts(config.points(dtype)))]
    return [f"{entry.name} {part}" for entry in chosen(config.functions) for part in (BALLS, *parts)]


def measure(config: Config, unit: str) -> Rows:
    """The figures of one unit: a row for every library and order."""
    name, dtype, *rest = unit.split()
    if dtype == BALLS:
        return _checked(config, name)
    points, part = config.points(dtype), int(rest[0])
    rows = {
        (library, order): _Figures(points)
        for library in config.libraries
        for order in config.orders
        if library in shared()[name].functions
    }
    for block in range(part * PART, min((part + 1) * PART, points.blocks)):
        results = {key: _results(name, *key, points.at(block)) for key in rows}
        with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
            x = points.wide(block)
            for order in config.orders:
                truth = exact.reference(name, order)(x)
                for library in config.libraries:
                    got = results.get((library, order))
                    if got is not None:
                        found = tally(points, block, got, truth, kinks=exact.kinks(name, order))
                        rows[library, order].add(found)
    pictured = dtype == max(config.dtypes, key=lambda dtype: jnp.finfo(dtype).bits)
    return [
        {
            "function": name,
            "dtype": dtype,
            "library": library,
            "order": order,
            **figures.row(name, order, pictured=pictured and order == "value"),
        }
        for (library, order), figures in rows.items()
        if figures.seen
    ]


def combine(rows: Rows) -> Rows:
    """The rows of all blocks of a function, dtype, library and order as one."""
    groups: dict[tuple[str, ...], Rows] = {}
    for row in rows:
        key = tuple(row[part] for part in ("function", "dtype", "library", "order"))
        groups.setdefault(key, []).append(row)
    return [functools.reduce(_merged, group) for group in groups.values()]


def _parts(points: Points) -> int:
    return -(-points.blocks // PART)


def _checked(config: Config, name: str) -> Rows:
    """How good the reference is; `largest` is None where it could not be checked."""
    count = 40 if config.quick else config.balls
    rows = []
    for order in config.orders:
        found = exact.checked(name, order, count)
        largest, at = (None, None) if found is None else found
        where = {"function": name, "dtype": "float64", "library": "reference", "order": order}
        rows.append({**where, "points": count, "largest": largest, "at": at})
    return rows


class _Figures:
    """Figures of a function in one library, block after block."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self.seen = False
        self.counts = dict.fromkeys(COUNTS, 0)
        self.sum = self.largest = self.at = self.distance = 0.0
        self.worst: dict[int, float] = {}

    def add(self, found: dict[str, np.ndarray]) -> None:
        """Takes in the figures of a block."""
        self.seen = True
        for name in self.counts:
            self.counts[name] += int(found[name].sum())
        self.sum += float(found["sum"].sum())
        self.distance = max(self.distance, float(found["distance"].max()))
        with np.errstate(invalid="ignore"):
            at = self.points.numbers(found["place"])
        first = int(found["worst"].argmax())
        if found["worst"][first] > self.largest:
            self.largest, self.at = float(found["worst"][first]), float(at[first])
        counted = (found["points"] > 0) & np.isfinite(at)
        pairs = zip(bins(at[counted]).tolist(), found["worst"][counted].tolist(), strict=True)
        for place, error in pairs:
            self.worst[place] = max(error, self.worst.get(place, 0.0))

    def row(self, name: str, order: str, *, pictured: bool) -> dict[str, Any]:
        """What is kept: errors in ULP, `scaled` the largest in eps sup |f'|, bins for the picture."""
        eps = float(jnp.finfo(self.points.dtype).eps)
        places = sorted(self.worst) if pictured else []
        return {
            **self.counts,
            "largest": self.largest,
            "at": self.at,
            "mean": self.sum / max(self.counts["points"], 1),
            "scaled": None if order == "value" else self.distance / (eps * exact.steepest(name)),
            "bins": places,
            "worst": [float(f"{self.worst[place]:.3g}") for place in places],
        }


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two rows of different blocks as one."""
    whole = max((one, other), key=lambda row: row["largest"])
    both = {name: one[name] + other[name] for name in COUNTS}
    total = sum(row["mean"] * row["points"] for row in (one, other))
    worst: dict[int, float] = {}
    for row in (one, other):
        for place, error in zip(row["bins"], row["worst"], strict=True):
            worst[place] = max(error, worst.get(place, 0.0))
    return {
        **whole,
        **both,
        "mean": total / max(both["points"], 1),
        "scaled": None if whole["scaled"] is None else max(one["scaled"], other["scaled"]),
        "bins": sorted(worst),
        "worst": [worst[place] for place in sorted(worst)],
    }


def _results(name: str, library: str, order: str, x: jax.Array) -> Any:
    """What a library gives, in the dtype of `x`; None where it cannot."""
    function = shared()[name].functions[library]
    return _in_torch(function, order, x) if library == "torch" else _in_jax(function, order)(x)


@functools.lru_cache(maxsize=32)
def _in_jax(function: Elementwise, order: str) -> Elementwise:
    """A program of its own: fused with what follows, results of 16 bits might never be rounded."""
    return jax.jit(exact.derivative(function, order))


def _in_torch(function: Elementwise, order: str, x: jax.Array) -> jax.Array | None:
    """On torch's CPU, whose functions do not all have a second derivative."""
    torch = importlib.import_module("torch")
    bits = f"int{jnp.finfo(x.dtype).bits}"
    at = torch.from_numpy(np.array(x).view(bits)).view(getattr(torch, x.dtype.name))
    at.requires_grad_(order != "value")
    y = function(at)
    try:
        for left in range(exact.ORDERS.index(order), 0, -1):
            (y,) = torch.autograd.grad(y, at, torch.ones_like(y), create_graph=left > 1)
    except RuntimeError:
        return None
    return jnp.asarray(y.detach().view(getattr(torch, bits)).numpy().view(x.dtype))
