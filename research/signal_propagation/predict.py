"""What mean-field theory says of the same networks, and how far networks of a finite width may stray."""

import dataclasses
import functools
import math
from typing import NamedTuple

import numpy as np

from jaxact.gaussian import MeanField, moments
from research.signal_propagation.recipes import REACH, Function, Weights

CORRELATED = 8
"""Layers for which correlations are predicted; each costs a double integral."""

_SETTLED = 1e-10
_STEP = 1e-3


@dataclasses.dataclass(frozen=True)
class Backward:
    """What a layer does to squared gradients, and to how far its second moment has strayed.

    Attributes:
        log_factor: Logarithm of the factor by which squared gradients grow.
        drawn: Variance that its weights add to the logarithm of squared gradients.
        bend: Derivative of `log_factor` in the logarithm of the second moment.
        kept: How much of a stray logarithm of the second moment remains after the layer.
        strays: Variance that its weights add to that logarithm.
    """

    log_factor: float
    drawn: float
    bend: float = 0.0
    kept: float = 0.0
    strays: float = 0.0


class Law(NamedTuple):
    """Of a logarithm, layer by layer.

    Attributes:
        limit: Its value in the limit of wide layers.
        expected: Its mean; lower, since it is the mean of the number and not of the logarithm that stays.
        spread: Its deviation.
    """

    limit: np.ndarray
    expected: np.ndarray
    spread: np.ndarray


@dataclasses.dataclass(frozen=True)
class Prediction:
    """Of a network of a given depth and width; shorter than that where signals leave float32.

    Attributes:
        log_second: Logarithm of the second moment of the pre-activations of layers 0, 1, ...
        spread: Deviation of its logarithm over the weights of finite networks.
        width: Units of every layer.
        backward: What the layers do that these enter.
        correlation: Of two inputs, for the first layers; empty for batch normalization.
    """

    log_second: np.ndarray
    spread: np.ndarray
    width: int
    backward: list[Backward]
    correlation: list[float]

    @property
    def end(self) -> int:
        """The last layer."""
        return len(self.log_second) - 1

    def second(self) -> Law:
        """Of the logarithm of the second moment that the units of a layer show of one input."""
        variance = self.spread**2 + 2 / self.width
        return Law(self.log_second, self.log_second - variance / 2, np.sqrt(variance))

    def gradient(self, end: int) -> Law:
        """Of the logarithm of squared gradients relative to a layer, for 0, 1, ... layers back from there.

        A second moment that strays takes the factors of all layers after it along, to first order.

        Args:
            end: The layer.
        """
        growth, expected, variance = [0.0], [0.0], [0.0]
        drawn = carried = reach = 0.0
        for layer, spread in zip(reversed(self.backward[:end]), self.spread[:end][::-1], strict=True):
            drawn += layer.drawn
            carried += reach**2 * layer.strays
            reach = layer.bend + layer.kept * reach
            growth.append(growth[-1] + layer.log_factor)
            expected.append(expected[-1] + layer.log_factor - layer.drawn / 2 - layer.bend * spread**2 / 2)
            variance.append(drawn + carried + (reach * spread) ** 2)
        return Law(np.array(growth), np.array(expected), np.sqrt(variance))


def predict(f: Function, weights: Weights, *, depth: int, width: int, inputs: int) -> Prediction:
    """What standard normal inputs come to.

    Args:
        f: The activation.
        weights: Of all layers.
        depth: Layers.
        width: Units of every layer.
        inputs: The batch of batch normalization, at least 4.
    """
    field = MeanField(f, weights.sigma_w, weights.sigma_b)
    if weights.batch_norm:
        return _normalized(field, depth, width, inputs)
    variances = [1.0]
    while len(variances) <= depth:
        after = field.variance_map(variances[-1])
        if not 1 / REACH < math.sqrt(after) < REACH:
            break
        settled = abs(after / variances[-1] - 1) < _SETTLED
        variances.append(variances[-1] if settled else after)
    layers = len(variances) - 1
    spread = np.array(field.spread(layers, width=width))
    backward = functools.cache(functools.partial(_backward, field, width))
    correlation = [each for _, each in field.propagated(min(CORRELATED, layers))]
    return Prediction(
        np.log(variances), spread, width, [backward(each) for each in variances[:-1]], correlation
    )


def _backward(field: MeanField, width: int, variance: float) -> Backward:
    rest, near = field.rest(variance), field.rest(variance * math.exp(_STEP))
    return Backward(
        log_factor=math.log(rest.chi),
        drawn=field.gradient_spread(1, width=width, variance=variance) ** 2,
        bend=math.log(near.chi / rest.chi) / _STEP,
        kept=rest.slope * variance / field.variance_map(variance),
        strays=field.spread(1, width=width, variance=variance)[1] ** 2,
    )


def large_batch_factor(f: Function) -> float:
    """By which a layer with batch normalization before the activation scales squared gradients."""
    after = moments(f)
    return after.slope_squared / after.variance


def _normalized(field: MeanField, depth: int, width: int, inputs: int) -> Prediction:
    """Pre-activations are N(0, 1) where they enter the activation, as in the limit of large batches.

    What a batch of n adds to the factor is (n - 2) / (n - 3): n / (n - 3) is the mean inverse of the variance
    of n numbers over its limit, and 2 of n directions of a gradient are lost, the mean and the variance. For
    the identity that is exact.
    """
    second = np.full(depth + 1, math.log(field.variance_map(1.0)))
    spread = np.full(depth + 1, field.spread(1, width=width)[1])
    second[0] = spread[0] = 0.0
    drawn = field.gradient_spread(1, width=width) ** 2
    first = Backward(math.log(field.rest(1.0).chi), drawn)
    others = Backward(math.log(large_batch_factor(field.f) * (inputs - 2) / (inputs - 3)), drawn)
    return Prediction(second, spread, width, [first] + [others] * (depth - 1), [])
