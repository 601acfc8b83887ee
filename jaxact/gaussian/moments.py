"""Moments of f(x) for Gaussian x, and the map from (mean, variance) to (mean, variance) of a layer.

References:
    Klambauer et al. 2017, Self-Normalizing Neural Networks, arXiv 1706.02515.
"""

import dataclasses
import functools
import math
from collections.abc import Iterable

import jax.numpy as jnp
import numpy as np

from jaxact.gaussian.pointwise import Elementwise, Pointwise, supports
from jaxact.gaussian.quadrature import MOST_CELLS, normal_rule, partition


@dataclasses.dataclass(frozen=True, slots=True)
class Moments:
    """Moments of f(x) and f'(x) for x ~ N(m, v).

    Attributes:
        mean: E f.
        variance: Var f.
        second: E f^2.
        slope: E f'. Not the derivative of E f in m where f jumps: `f'` does not see a jump.
        slope_squared: E f'^2, the factor by which a layer scales squared gradients.
        identity_distance: E (f(x) - x)^2.
        unexplained: The share of Var f that no affine function of x explains, 0 where f is constant.
        dtype: What f was evaluated in: float64, or float32 for a function that knows no float64.
    """

    mean: float
    variance: float
    second: float
    slope: float
    slope_squared: float
    identity_distance: float
    unexplained: float
    dtype: str


@dataclasses.dataclass(frozen=True, slots=True)
class FixedPoint:
    """Where a moment map rests.

    Attributes:
        mean: Mean.
        variance: Variance, positive.
        spectral_radius: Largest absolute eigenvalue of the Jacobian of the map there.
    """

    mean: float
    variance: float
    spectral_radius: float

    @property
    def attracting(self) -> bool:
        """Whether the map draws its neighbourhood in."""
        return self.spectral_radius < 1 - 1e-9


@dataclasses.dataclass(frozen=True)
class MomentMap:
    """The map that takes mean and variance of a layer's input to those of its output.

    A unit with inputs of mean m and variance v, and weights of sum `omega` and sum of squares `tau`,
    receives a pre-activation that tends to N(m omega, v tau); the map gives mean and variance (not the
    second moment) of `f` under that law.

    Attributes:
        f: Elementwise function of one array.
        kinks: Points where f or its derivatives jump; others are found, at some cost.
        omega: Sum of the weights of a unit.
        tau: Sum of their squares, positive.
        evaluate: What computes f and f'; made from `f` where not given.

    Examples:
        >>> import jax
        >>> from jaxact.gaussian import MomentMap
        >>> (rest,) = MomentMap(jax.nn.selu).fixed_points()
        >>> abs(rest.mean) < 1e-6, round(rest.variance, 6), round(rest.spectral_radius, 6)
        (True, 1.0, 0.782648)

    References:
        Klambauer et al. 2017, equations 4 and 5.
    """

    f: Elementwise
    kinks: tuple[float, ...] = ()
    omega: float = 0.0
    tau: float = 1.0
    evaluate: Pointwise | None = None

    def __call__(self, mean: float, variance: float) -> tuple[float, float]:
        """Mean and variance after the layer.

        Args:
            mean: Mean of the inputs.
            variance: Variance of the inputs, positive.
        """
        after = self.moments(mean * self.omega, variance * self.tau)
        return after.mean, after.variance

    def moments(self, mean: float = 0.0, variance: float = 1.0) -> Moments:
        """Moments of f for a pre-activation x ~ N(mean, variance).

        Raises:
            ValueError: If the variance is not positive and finite.
        """
        x, z, weights = self._rule(mean, variance)
        y, slope = self._evaluate(x)[:2]
        with np.errstate(all="ignore"):
            first = float(weights @ y)
            centred = float(weights @ (y - first) ** 2)  # the difference of E f^2 and (E f)^2 cancels
            covariance = float(weights @ (z * (y - first)))
            rest = float(weights @ (y - first - covariance * z) ** 2)
            return Moments(
                mean=first,
                variance=centred,
                second=float(weights @ y**2),
                slope=float(weights @ slope),
                slope_squared=float(weights @ slope**2),
                identity_distance=float(weights @ (y - x) ** 2),
                unexplained=rest / centred if centred > 0 else 0.0,
                dtype=str(self._evaluate.dtype),
            )

    def jacobian(self, mean: float, variance: float) -> np.ndarray:
        """Derivative of the map.

        The derivative is taken of the normal law and not of f, so that it holds for a jump as well.

        Returns:
            `[[dmean/dmean, dmean/dvariance], [dvariance/dmean, dvariance/dvariance]]`.
        """
        x, z, weights = self._rule(mean * self.omega, variance * self.tau)
        y = self._evaluate(x)[0]
        scale = math.sqrt(variance * self.tau)
        scores = np.stack([z / scale, (z**2 - 1) / (2 * scale**2)])
        with np.errstate(all="ignore"):
            y = y - weights @ y  # the scores have mean 0, so a constant changes nothing but the rounding
            first = scores @ (weights * y)
            return np.stack([first, scores @ (weights * y**2)]) * [self.omega, self.tau]

    def fixed_points(
        self, low: float = 1e-6, high: float = 1e4, per_decade: int = 8
    ) -> tuple[FixedPoint, ...]:
        """Every isolated fixed point with a variance between `low` and `high` that a scan shows.

        With weights of sum 0 the next mean depends on the variance alone, so the fixed points are the
        crossings of one function of one variable. The scan sees a crossing, not a touching.

        Args:
            low: Least variance.
            high: Largest variance.
            per_decade: Points of the scan in every factor of 10.

        Raises:
            ValueError: If `omega` is not 0.
        """
        if self.omega != 0:
            raise ValueError(f"fixed_points needs weights of sum omega = 0; got {self.omega}.")
        scan = np.geomspace(low, high, per_decade * round(math.log10(high / low)) + 1)
        growth = np.array([self._growth(variance) for variance in scan])
        found = []
        signs = np.sign(np.where(np.abs(growth) < self._blur, 0.0, growth))
        for i, sign in enumerate(signs[:-1]):
            after = i + 1 if signs[i + 1] else min(i + 2, signs.size - 1)  # a crossing on the scan itself
            bounded = max(growth[i], growth[after]) < math.inf  # where f overflows nothing is crossed
            if sign * signs[after] < 0 and bounded:
                found.append(self._crossing(scan[i], scan[after]))
        return tuple(self._rest(variance) for variance in found)

    def neutral(self) -> bool:
        """Whether the variance stays what it is, for any variance, as under the identity."""
        return all(abs(self._growth(variance)) < self._blur for variance in (1e-2, 0.3, 1.0, 7.0, 1e2))

    def _growth(self, variance: float) -> float:
        """Logarithm of the factor by which the layer scales the variance."""
        after = self(0.0, variance)[1]
        if 0 < after < math.inf:
            return math.log(after / variance)
        return -math.inf if after == 0 else math.inf

    def _crossing(self, low: float, high: float) -> float:
        """The variance between two that the layer keeps, by bisection of its logarithm."""
        rising = self._growth(low)
        for _ in range(50):
            middle = math.sqrt(low * high)
            if self._growth(middle) * rising > 0:
                low = middle
            else:
                high = middle
        return math.sqrt(low * high)

    def _rest(self, variance: float) -> FixedPoint:
        radius = float(np.abs(np.linalg.eigvals(self.jacobian(0.0, variance))).max())
        return FixedPoint(self(0.0, variance)[0], float(variance), radius)

    @functools.cached_property
    def _evaluate(self) -> Pointwise:
        if self.evaluate is not None:
            return self.evaluate
        return Pointwise(self.f, np.dtype(np.float64 if supports(self.f, np.float64) else np.float32))

    @functools.cached_property
    def _blur(self) -> float:
        """What rounding, or cells that are too few, may do to the logarithm of a variance."""
        if self._edges.size >= MOST_CELLS:
            return 1e-4
        return 2000 * float(jnp.finfo(self._evaluate.dtype).eps)

    @functools.cached_property
    def _edges(self) -> np.ndarray:
        precision = float(jnp.finfo(self._evaluate.dtype).eps)

        def values(x: np.ndarray) -> np.ndarray:
            y, slope = self._evaluate(x)[:2]
            return np.stack([y, slope, y**2])  # a staircase integrates like a line, its square does not

        with np.errstate(all="ignore"):
            return partition(values, self.kinks, precision)

    def _rule(self, mean: float, variance: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if not 0 < variance < math.inf:
            raise ValueError(f"The variance of a normal law must be positive; got {variance}.")
        return normal_rule(self._edges, mean, variance)


def moments(
    f: Elementwise, *, mean: float = 0.0, variance: float = 1.0, kinks: Iterable[float] = ()
) -> Moments:
    """Moments of f(x) and f'(x) for x ~ N(mean, variance), to 1e-12 for a function of ordinary size.

    Args:
        f: Elementwise function of one array.
        mean: Mean of x.
        variance: Variance of x, positive.
        kinks: Points where f or its derivatives jump; others are found, at some cost.

    Raises:
        ValueError: If the variance is not positive and finite.

    Examples:
        >>> import jax
        >>> from jaxact.gaussian import moments
        >>> round(moments(jax.nn.relu).second, 12)
        0.5
    """
    return MomentMap(f, tuple(kinks)).moments(mean, variance)


def expectation(
    f: Elementwise, *, mean: float = 0.0, variance: float = 1.0, kinks: Iterable[float] = ()
) -> float:
    """E f(x) for x ~ N(mean, variance), to 1e-12 for a function of ordinary size.

    Args:
        f: Elementwise function of one array.
        mean: Mean of x.
        variance: Variance of x, positive.
        kinks: Points where f or its derivatives jump; others are found, at some cost.

    Raises:
        ValueError: If the variance is not positive and finite.

    Examples:
        >>> import jax.numpy as jnp
        >>> from jaxact.gaussian import expectation
        >>> round(expectation(jnp.abs) ** 2, 12)  # 2 / pi
        0.636619772368
    """
    return moments(f, mean=mean, variance=variance, kinks=kinks).mean
