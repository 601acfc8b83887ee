"""Signals in wide random networks: second moments and correlations from layer to layer.

A layer `z = W f(x) + b` has weights of variance `sigma_w**2 / fan_in` and biases of variance `sigma_b**2`. It
maps second moments, not variances: for mean and variance see `MomentMap`, whose weights have a given sum.

References:
    Poole et al. 2016, Exponential expressivity in deep neural networks, arXiv:1606.05340.
    Schoenholz et al. 2017, Deep information propagation, arXiv:1611.01232.
    Hayou et al. 2019, On the impact of the activation function on deep networks, arXiv:1902.06853.
"""

import dataclasses
import functools
import math

from jaxact.gaussian.crossings import HIGH, LOW, crossings, log_ratio, vanishes
from jaxact.gaussian.pointwise import Elementwise
from jaxact.gaussian.resolved import Resolved, resolved


@dataclasses.dataclass(frozen=True, slots=True)
class Rest:
    """A second moment of pre-activations that layers keep.

    Attributes:
        variance: The second moment, positive.
        slope: Of the variance map there.
        chi: Factor by which a layer scales squared gradients, and the distance of nearly equal inputs.
    """

    variance: float
    slope: float
    chi: float

    @property
    def attracting(self) -> bool:
        """Whether other second moments are drawn to it."""
        return abs(self.slope) < 1 - 1e-9

    @property
    def variance_depth(self) -> float:
        """Layers in which a small difference of second moments falls to 1 / e; infinite where it does not."""
        return _settling(self.slope)

    @property
    def gradient_depth(self) -> float:
        """Layers in which squared gradients grow or fall by e; infinite on the edge of chaos."""
        return _settling(min(self.chi, 1 / self.chi) if self.chi else 0.0)

    @property
    def phase(self) -> str:
        """`"ordered"`, `"chaotic"` or, to 1e-9, `"critical"`."""
        if abs(self.chi - 1) < 1e-9:
            return "critical"
        return "ordered" if self.chi < 1 else "chaotic"

    @property
    def convergence(self) -> str:
        """How correlations come to rest: `"polynomial"` on the edge of chaos, else `"exponential"`."""
        return "polynomial" if self.phase == "critical" else "exponential"


@dataclasses.dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation of two inputs that layers keep.

    Attributes:
        value: The correlation, from -1 to 1.
        slope: Of the correlation map there.
    """

    value: float
    slope: float

    @property
    def attracting(self) -> bool:
        """Whether other correlations are drawn to it exponentially."""
        return abs(self.slope) < 1 - 1e-9

    @property
    def depth(self) -> float:
        """Layers in which a small difference of correlations falls to 1 / e; infinite where it does not."""
        return _settling(self.slope)


@dataclasses.dataclass(frozen=True)
class MeanField:
    """Wide random layers of an activation.

    Attributes:
        f: Elementwise function of one array.
        sigma_w: Deviation of the weights, times the root of their number; positive.
        sigma_b: Deviation of the biases, not negative.
        kinks: Points where f or its derivatives jump; others are found, at some cost.

    Examples:
        >>> import jax
        >>> from jaxact.gaussian import MeanField
        >>> (rest,) = MeanField(jax.numpy.tanh, sigma_w=1.5, sigma_b=0.1).fixed_points()
        >>> round(rest.variance, 6), round(rest.chi, 6), rest.phase
        (0.813322, 1.129053, 'chaotic')
    """

    f: Elementwise
    sigma_w: float = 1.0
    sigma_b: float = 0.0
    kinks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for deviations that are none."""
        if not 0 < self.sigma_w < math.inf:
            raise ValueError(f"sigma_w must be positive; got {self.sigma_w}.")
        if not 0 <= self.sigma_b < math.inf:
            raise ValueError(f"sigma_b must not be negative; got {self.sigma_b}.")

    def variance_map(self, variance: float) -> float:
        """The second moment after a layer, `sigma_w**2 E f(u)**2 + sigma_b**2`.

        Args:
            variance: The second moment before, positive.
        """
        law = self._resolved.law(0.0, variance)
        return self.sigma_w**2 * law.second + self.sigma_b**2

    def correlation_map(self, correlation: float, variance: float) -> float:
        """The correlation after a layer of two inputs with the same second moment.

        Args:
            correlation: Before, from -1 to 1.
            variance: The second moment before.
        """
        product = self._resolved.products(variance, correlation)[0]
        return (self.sigma_w**2 * product + self.sigma_b**2) / self.variance_map(variance)

    def correlation_slope(self, correlation: float, variance: float) -> float:
        """The derivative of the correlation map."""
        product = self._resolved.products(variance, correlation)[1]
        return self.sigma_w**2 * product * variance / self.variance_map(variance)

    def rest(self, variance: float) -> Rest:
        """What is known of a second moment, whether or not layers keep it."""
        law, scale = self._resolved.law(0.0, variance), self.sigma_w**2
        return Rest(variance, scale * law.stretch / math.sqrt(variance), scale * law.slope_squared)

    def fixed_points(self) -> tuple[Rest, ...]:
        """Every isolated second moment from 1e-6 to 1e4 that layers keep, as far as a scan shows."""
        found = crossings(self._growth, low=LOW, high=HIGH, per_decade=4, blur=self._resolved.blur)
        return tuple(map(self.rest, found))

    def neutral(self) -> bool:
        """Whether every second moment is kept, as by ReLU with `sigma_w**2 = 2`."""
        return vanishes(self._growth, self._resolved.blur)

    def correlations(self, variance: float) -> tuple[Correlation, ...]:
        """Every correlation that layers keep at a second moment that they keep, 1 as the last.

        Args:
            variance: The second moment.
        """
        found = [
            1 - distance
            for distance in crossings(
                lambda distance: self.correlation_map(1 - distance, variance) - (1 - distance),
                low=1e-4,
                high=2.0,
                per_decade=4,
                blur=self._resolved.blur,
            )
        ]
        return tuple(
            Correlation(value, self.correlation_slope(value, variance)) for value in (*sorted(found), 1.0)
        )

    def propagated(
        self, depth: int, *, variance: float = 1.0, correlation: float = 0.0
    ) -> list[tuple[float, float]]:
        """Second moment and correlation of two inputs after 0, 1, ... layers.

        Args:
            depth: How many layers.
            variance: The second moment of both inputs, positive.
            correlation: Theirs.
        """
        found = [(variance, correlation)]
        for _ in range(depth):
            correlation = min(1.0, max(-1.0, self.correlation_map(correlation, variance)))
            variance = self.variance_map(variance)
            found.append((variance, correlation))
        return found

    def spread(self, depth: int, *, width: int, variance: float = 1.0) -> list[float]:
        """How far networks of a finite width stray: deviations of the logarithm of one input's second moment.

        The second moment of the pre-activations is that over the weights of their layer; what is measured on
        `width` units adds `2 / width` to the square of the deviation. To first order in `depth / width` the
        logarithm is normal, and its mean below that of `propagated` by half its variance.

        Args:
            depth: How many layers.
            width: Units of every layer; their weights are Gaussian.
            variance: The second moment of the first pre-activations, positive.

        Returns:
            The deviations after 0, 1, ... layers.

        References:
            Hanin 2018, Which neural net architectures give rise to exploding and vanishing gradients?,
            arXiv:1801.03744: for ReLU the square is `5 depth / width`.
        """
        found = [0.0]
        for _ in range(depth):
            found.append(self.strayed(found[-1], width=width, variance=variance))
            variance = self.variance_map(variance)
        return found

    def strayed(self, spread: float, *, width: int, variance: float) -> float:
        """The deviation of `spread` after one more layer.

        Args:
            spread: That before.
            width: Units before the layer.
            variance: The second moment before, positive.
        """
        law, scale, after = self._resolved.law(0.0, variance), self.sigma_w**2, self.variance_map(variance)
        kept = scale * law.stretch * math.sqrt(variance) / after
        drawn = scale**2 * (law.mean(law.y**4) - law.second**2) / (width * after**2)
        return math.sqrt((kept * spread) ** 2 + drawn)

    def gradient_spread(self, depth: int, *, width: int, variance: float = 1.0) -> float:
        """The deviation of the logarithm of squared gradients after going back through layers.

        Args:
            depth: How many layers.
            width: Units of every layer; their weights are Gaussian.
            variance: The second moment that layers keep.

        References:
            Hanin 2018, arXiv:1801.03744.
        """
        law = self._resolved.law(0.0, variance)
        return math.sqrt(depth / width * (3 * law.mean(law.slope**4) / law.slope_squared**2 - 1))

    def isometry(self, variance: float = 1.0, *, orthogonal: bool = False) -> float:
        """How much a layer adds to the relative variance of the squared singular values of the Jacobian.

        NaN for a function without slope.

        Args:
            variance: The second moment that layers keep.
            orthogonal: Whether the weights are orthogonal; else they are Gaussian.

        References:
            Pennington et al. 2017, Resurrecting the sigmoid, arXiv:1711.04735.
        """
        law = self._resolved.law(0.0, variance)
        if not law.slope_squared:
            return math.nan
        return law.mean(law.slope**4) / law.slope_squared**2 - (1 if orthogonal else 0)

    def _growth(self, variance: float) -> float:
        return log_ratio(self.variance_map(variance) / variance)

    @functools.cached_property
    def _resolved(self) -> Resolved:
        return resolved(self.f, tuple(self.kinks))


def _settling(factor: float) -> float:
    """Layers in which what is scaled by a factor falls to 1 / e; infinite where it does not fall."""
    if factor == 0:
        return 0.0
    return -1 / math.log(abs(factor)) if abs(factor) < 1 else math.inf
