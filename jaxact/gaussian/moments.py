"""Moments of f(x) for Gaussian x, and the map from (mean, variance) to (mean, variance) of a layer.

References:
    Klambauer et al. 2017, Self-Normalizing Neural Networks, arXiv 1706.02515.
"""

import dataclasses
import functools
import math
from collections.abc import Iterable

import numpy as np

from jaxact.gaussian.crossings import HIGH, LOW, crossings, log_ratio, vanishes
from jaxact.gaussian.pointwise import Elementwise
from jaxact.gaussian.resolved import Resolved, resolved


@dataclasses.dataclass(frozen=True, slots=True)
class Moments:
    """Moments of f(x) and f'(x) for x ~ N(m, v).

    Attributes:
        mean: E f.
        variance: Var f.
        second: E f^2.
        slope: E f'. Not the derivative of E f in m where f jumps: `f'` does not see a jump.
        slope_squared: E f'^2, the factor by which a layer scales squared gradients.
        slope_fourth: E f'^4.
        curvature: E f'', to which a kink adds by how much f' jumps there; a jump of f is not seen.
        stretch: E (x - m) f f' / v, half the derivative of E f^2 in v where m is 0, if f does not jump.
        identity_distance: E (f(x) - x)^2.
        unexplained: The share of Var f that no affine function of x explains, 0 where f is constant.
        dtype: What f was evaluated in: float64, or float32 for a function that knows no float64.
    """

    mean: float
    variance: float
    second: float
    slope: float
    slope_squared: float
    slope_fourth: float
    curvature: float
    stretch: float
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
        law = self._resolved.law(mean, variance)
        with np.errstate(all="ignore"):
            first = law.mean(law.y)
            centred = law.mean((law.y - first) ** 2)  # the difference of E f^2 and (E f)^2 cancels
            covariance = law.mean(law.z * (law.y - first))
            rest = law.mean((law.y - first - covariance * law.z) ** 2)
            return Moments(
                mean=first,
                variance=centred,
                second=law.second,
                slope=law.mean(law.slope),
                slope_squared=law.slope_squared,
                slope_fourth=law.mean(law.slope**4),
                curvature=law.mean(law.z * law.slope) / math.sqrt(variance),
                stretch=law.stretch / math.sqrt(variance),
                identity_distance=law.mean((law.y - law.x) ** 2),
                unexplained=rest / centred if centred > 0 else 0.0,
                dtype=str(self._resolved.dtype),
            )

    def jacobian(self, mean: float, variance: float) -> np.ndarray:
        """Derivative of the map.

        The derivative is taken of the normal law and not of f, so that it holds for a jump as well.

        Returns:
            `[[dmean/dmean, dmean/dvariance], [dvariance/dmean, dvariance/dvariance]]`.
        """
        law = self._resolved.law(mean * self.omega, variance * self.tau)
        z, y, weights = law.z, law.y, law.weights
        scale = math.sqrt(variance * self.tau)
        scores = np.stack([z / scale, (z**2 - 1) / (2 * scale**2)])
        with np.errstate(all="ignore"):
            y = y - weights @ y  # the scores have mean 0, so a constant changes nothing but the rounding
            first = scores @ (weights * y)
            return np.stack([first, scores @ (weights * y**2)]) * [self.omega, self.tau]

    def fixed_points(
        self, low: float = LOW, high: float = HIGH, per_decade: int = 8
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
        found = crossings(self._growth, low=low, high=high, per_decade=per_decade, blur=self._resolved.blur)
        return tuple(self._rest(variance) for variance in found)

    def neutral(self) -> bool:
        """Whether the variance stays what it is, for any variance, as under the identity."""
        return vanishes(self._growth, self._resolved.blur)

    def _growth(self, variance: float) -> float:
        """Logarithm of the factor by which the layer scales the variance."""
        return log_ratio(self(0.0, variance)[1] / variance)

    def _rest(self, variance: float) -> FixedPoint:
        radius = float(np.abs(np.linalg.eigvals(self.jacobian(0.0, variance))).max())
        return FixedPoint(self(0.0, variance)[0], float(variance), radius)

    @functools.cached_property
    def _resolved(self) -> Resolved:
        return resolved(self.f, self.kinks)


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
