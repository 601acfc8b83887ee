"""A function with the cells on which it is as good as a polynomial, evaluated under normal laws."""

import dataclasses
import functools
import math
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from jaxact._registry import spec
from jaxact.gaussian.pointwise import Elementwise, Pointwise, supports
from jaxact.gaussian.quadrature import MOST_CELLS, RADIUS, nodes, normal_rule, partition


class Law(NamedTuple):
    """A function at the nodes of a rule, whose weights make sums expectations.

    Attributes:
        x: The nodes.
        z: The same in standard deviations from the mean.
        weights: Their weights.
        y: The function there.
        slope: Its slope.
        bend: Its second derivative; NaN where that was not asked for.
    """

    x: np.ndarray
    z: np.ndarray
    weights: np.ndarray
    y: np.ndarray
    slope: np.ndarray
    bend: np.ndarray

    def mean(self, values: np.ndarray) -> float:
        """The expectation of values at the nodes."""
        return float(self.weights @ values)

    @property
    def second(self) -> float:
        """E f**2."""
        return self._product(self.y, self.y)

    @property
    def slope_squared(self) -> float:
        """E f'**2."""
        return self._product(self.slope, self.slope)

    @property
    def stretch(self) -> float:
        """E z f f', of the deviation z in standard deviations."""
        return self._product(self.z, self.y, self.slope)

    def _product(self, *factors: np.ndarray) -> float:
        """The expectation of a product, infinite where it overflows."""
        with np.errstate(all="ignore"):
            return self.mean(functools.reduce(np.multiply, factors))


@dataclasses.dataclass(frozen=True)
class Resolved:
    """A function of which expectations are taken, with what was compiled and found out about it.

    It stands for the function wherever one is asked for in this room, so that many maps of one function
    cost what one costs.

    Attributes:
        f: Elementwise function of one array.
        kinks: Points where f or its derivatives jump; others are found, at some cost.
        given: What computes f and f'; made from `f` where not given.
        order: How many derivatives are computed, 1 or 2.

    Examples:
        >>> import jax
        >>> from jaxact.gaussian import MeanField, Resolved
        >>> f = Resolved(jax.nn.relu)  # looked at once, for both
        >>> [round(MeanField(f, sigma_w).variance_map(1.0), 6) for sigma_w in (1.0, 2.0)]
        [0.5, 2.0]
    """

    f: Elementwise
    kinks: tuple[float, ...] = ()
    given: Pointwise | None = None
    order: int = 1

    def __call__(self, x: Any) -> Any:
        """The function itself."""
        return self.f(x)

    def law(self, mean: float, variance: float) -> Law:
        """The function under N(mean, variance).

        Raises:
            ValueError: If the variance is not positive and finite.
        """
        if not 0 < variance < math.inf:
            raise ValueError(f"The variance of a normal law must be positive; got {variance}.")
        x, z, weights = normal_rule(self.edges, mean, variance)
        y, slope, *higher = self.evaluate(x)
        return Law(x, z, weights, y, slope, higher[0] if higher else np.full_like(y, math.nan))

    def products(self, variance: float, correlation: float) -> tuple[float, float]:
        """E f(u) f(v) and E f'(u) f'(v) for u, v ~ N(0, variance) with a correlation.

        Raises:
            ValueError: If the variance is not positive and finite, or the correlation not in [-1, 1].
        """
        if not -1 <= correlation <= 1:
            raise ValueError(f"A correlation must lie in [-1, 1]; got {correlation}.")
        rest = math.sqrt(variance * max(0.0, 1 - correlation**2))
        if rest < _DEGENERATE * math.sqrt(variance):
            law = self.law(0.0, variance)
            other = self.evaluate(law.x if correlation > 0 else -law.x)[:2]
            first, second = (
                float(law.weights @ (a * b)) for a, b in zip((law.y, law.slope), other, strict=True)
            )
            return first, second
        x, _, weights = normal_rule(self._refined(correlation, rest), 0.0, variance, few=True)
        y, slope = self.evaluate(x)[:2]
        parts = np.array_split(correlation * x, -(-x.size // _AT_ONCE))
        with np.errstate(all="ignore"):
            means, slopes = np.concatenate([self._means(part, rest) for part in parts], axis=1)
            return float(weights @ (y * means)), float(weights @ (slope * slopes))

    def _refined(self, correlation: float, rest: float) -> np.ndarray:
        """Cells on which the mean of f(v) given u is smooth too: there a kink is as wide as what is left."""
        if not correlation:
            return self.edges
        steps = rest * 2.0 ** np.arange(-1, 5)
        around = self._breaks[:, None] + np.concatenate([-steps, [0.0], steps])
        return np.unique(np.concatenate([self.edges, (around / correlation).ravel()]))

    def _means(self, centres: np.ndarray, deviation: float) -> np.ndarray:
        """The means of f and f' under normal laws with many means and one deviation, shape (2, n)."""
        fixed = np.arange(-RADIUS, RADIUS + 1)
        inner = np.clip((self.edges - centres[:, None]) / deviation, -RADIUS, RADIUS)
        ends = np.sort(np.concatenate([inner, np.broadcast_to(fixed, (centres.size, fixed.size))], axis=1))
        z, weights = nodes(np.stack([ends[:, :-1].ravel(), ends[:, 1:].ravel()]), few=True)
        density = weights * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
        x = centres[:, None] + deviation * z.reshape(centres.size, -1)
        values = self._bulk(x)[:2]
        return (values * density.reshape(centres.size, -1)).sum(axis=2)

    @functools.cached_property
    def evaluate(self) -> Pointwise:
        """What computes f and f'."""
        if self.given is not None:
            return self.given
        kind = np.dtype(np.float64 if supports(self.f, np.float64) else np.float32)
        return Pointwise(self.f, kind, self.order)

    @functools.cached_property
    def _bulk(self) -> Pointwise:
        """The same for very many points."""
        return self.evaluate.in_blocks(2**15)

    @functools.cached_property
    def _breaks(self) -> np.ndarray:
        """The kinks that were given, those to which cells close in, and ends of cells where slopes differ."""
        known = np.concatenate([self.kinks, self.edges[:-1][np.diff(self.edges) < _NARROW]])
        near = np.abs(self.edges[:, None] - known).min(axis=1, initial=math.inf) < 10 * _STEP
        ends = self.edges[~near & (np.abs(self.edges) < RADIUS)]
        y, slope = self.evaluate(ends[:, None] + _STEP * np.array([-2, -1, 1, 2]))[:2]
        with np.errstate(all="ignore"):
            jump = np.abs(y[:, 2] - y[:, 1] - _STEP * (slope[:, 1] + slope[:, 2]))
            turn = np.abs(slope[:, 2] - 3 * slope[:, 1] + 2 * slope[:, 0])  # from where the left slope leads
            sizes = [1 + np.abs(values).max(axis=1) for values in (y, slope)]
            broken = (jump > _STEP * sizes[0]) | (turn > _STEP / 100 * sizes[1])
        return np.unique(np.round(np.concatenate([known, ends[broken]]), 9))

    @property
    def dtype(self) -> Any:
        """In what f is evaluated."""
        return self.evaluate.dtype

    @functools.cached_property
    def blur(self) -> float:
        """What rounding, or cells that are too few, may do to the logarithm of a second moment."""
        if self.edges.size >= MOST_CELLS:
            return 1e-4
        return 2000 * float(jnp.finfo(self.dtype).eps)

    @functools.cached_property
    def edges(self) -> np.ndarray:
        """The ends of the cells, in increasing order."""
        precision = float(jnp.finfo(self.dtype).eps)

        def values(x: np.ndarray) -> np.ndarray:
            y, slope = self.evaluate(x)[:2]
            return np.stack([y, slope, y**2])  # a staircase integrates like a line, its square does not

        with np.errstate(all="ignore"):
            return partition(values, self.kinks, precision)


def resolved(f: Elementwise, kinks: tuple[float, ...]) -> Resolved:
    """A function with its cells, found once for one that states a formula: others may change meanwhile."""
    if isinstance(f, Resolved):
        return f
    try:
        spec(f)  # pyright: ignore[reportArgumentType]  # any function may be asked for
    except (KeyError, TypeError):  # no activation, or where annotations are checked none of its kind
        return Resolved(f, kinks)
    return _kept(f, kinks)


@functools.lru_cache(maxsize=64)
def _kept(f: Elementwise, kinks: tuple[float, ...]) -> Resolved:
    return Resolved(f, kinks)


_DEGENERATE = 1e-7
"""The part of a deviation that is as good as none: its square is a rounding error."""

_AT_ONCE, _NARROW, _STEP = 256, 1e-9, 1e-6
"""Laws in one batch, how wide a cell is that ends at a kink, and how far from one it is looked for."""
