"""What mean-field theory says of the same layers, and how far networks of their width stray from it."""

import dataclasses
import math
from collections.abc import Sequence
from typing import NamedTuple

from jaxact.diagnosis.activations import Activations, Known
from jaxact.diagnosis.measure import Measured
from jaxact.diagnosis.program import Layer
from jaxact.gaussian import MeanField, Moments, moments


@dataclasses.dataclass(frozen=True, slots=True)
class Predicted:
    """The theory of one layer.

    Attributes:
        units: Of the layer.
        second: The second moment of its pre-activations.
        spread: The deviation of its logarithm, of networks of that width.
        sampled: The same with that of a mean over the units and the rows that were seen.
        correlation: Of two rows; NaN where it is not known.
        gradient: Squared norm of the gradient; that in the last layer is taken as measured.
        gradient_spread: The deviation of its logarithm.
        follows: Whether this is predicted from the layer before, and not from what is measured between.
    """

    units: int
    second: float
    spread: float
    sampled: float
    correlation: float
    follows: bool
    gradient: float = math.nan
    gradient_spread: float = 0.0


class _After(NamedTuple):
    """Second moment, the deviation of its logarithm, and correlation after a layer."""

    second: float
    spread: float
    correlation: float


def predicted(
    layers: Sequence[Layer], seen: Sequence[Measured], activations: Activations, rows: int
) -> list[Predicted]:
    """The theory of every layer of a network.

    Args:
        layers: The layers, with the functions between them.
        seen: What was measured of each.
        activations: Those functions.
        rows: How many rows were measured.
    """
    found: list[Predicted] = []
    for layer, measured in zip(layers, seen, strict=True):
        before, known = _before(layer), activations.of(layer.source)
        follows = before is not None and 0 < found[before].second < math.inf
        after = _along(known, measured, found[before]) if follows else _anew(layer, known, measured)  # pyright: ignore[reportCallIssue,reportArgumentType]
        correlation = float(measured.correlation)
        alike = 1.0 if math.isnan(correlation) else correlation**2
        sampling = 2 / layer.weights.shape[1] * (alike + (1 - alike) / rows)
        found.append(
            Predicted(
                units=layer.weights.shape[1],
                second=after.second,
                spread=after.spread,
                sampled=math.sqrt(after.spread**2 + sampling),
                correlation=correlation if math.isnan(after.correlation) else after.correlation,
                follows=follows,
            )
        )
    return _gradients(layers, seen, activations, found)


def _before(layer: Layer) -> int | None:
    """The number of the layer of whose output a layer's input is an elementwise function."""
    return layer.source.origin.layer  # pyright: ignore[reportOptionalMemberAccess]


def _along(known: Known, measured: Measured, before: Predicted) -> _After:
    """From what is predicted of the layer before."""
    sigma_w, sigma_b = math.sqrt(float(measured.weight)), math.sqrt(float(measured.bias))
    if not sigma_w:
        return _After(sigma_b**2, 0.0, math.nan)
    field = MeanField(known.function, sigma_w, sigma_b)
    second = field.variance_map(before.second)
    if not 0 < second < math.inf:
        return _After(second, 0.0, math.nan)
    spread = field.strayed(before.spread, width=before.units, variance=before.second)
    alike = before.correlation
    return _After(second, spread, alike if math.isnan(alike) else field.correlation_map(alike, before.second))


def _anew(layer: Layer, known: Known, measured: Measured) -> _After:
    """From what is measured before the layer; an activation there is taken to meet a normal signal."""
    weight, bias = float(measured.weight), float(measured.bias)
    if not known.name:
        return _After(weight * float(measured.input_second) + bias, 0.0, math.nan)
    law = known.function.law(*_normal(measured))
    fourth = law.mean(law.y**4)
    second = weight * law.second + bias
    drawn = weight * math.sqrt(max(0.0, fourth - law.second**2) / layer.weights.shape[0])
    return _After(second, drawn / second if second else 0.0, math.nan)


def _normal(measured: Measured) -> tuple[float, float]:
    """Mean and variance of the array before an activation."""
    mean = float(measured.source_mean)
    return mean, max(float(measured.source_second) - mean**2, 1e-12 * mean**2, 1e-30)


def _gradients(
    layers: Sequence[Layer], seen: Sequence[Measured], activations: Activations, found: list[Predicted]
) -> list[Predicted]:
    """The same with gradients, from the last layer backwards."""
    for number in reversed(range(len(layers))):
        here, gradient, spread = found[number], float(seen[number].gradient), 0.0
        following = [layer for layer in layers if _before(layer) == number]
        if len(following) == 1 and 0 < here.second < math.inf:
            later, known = following[0].number, activations.of(following[0].source)
            law = moments(known.function, variance=here.second)
            gradient = found[later].gradient * law.slope_squared * float(seen[later].weight)
            spread = math.sqrt(found[later].gradient_spread ** 2 + _stray(law) / here.units)
        found[number] = dataclasses.replace(here, gradient=gradient, gradient_spread=spread)
    return found


def _stray(law: Moments) -> float:
    """What a layer adds to the squared deviation of the logarithm, times its width (Hanin 2018)."""
    return 3 * law.slope_fourth / law.slope_squared**2 - 1 if law.slope_squared else 0.0
