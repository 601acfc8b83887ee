"""Down to which depth an untrained network passes on what training needs, by mean-field theory alone.

Two things have to get through the layers. The *signal*: two different inputs must still be different at the
output. The *gradient*: it must reach the first layer neither vanished nor exploded. In wide random networks
both change by a constant factor in each layer once the second moment of the pre-activations has settled:

- the correlation of two inputs comes to rest, at 1 in the ordered phase and below it in the chaotic one; its
  distance from there, which is all that the output knows of the inputs, falls by the slope of the correlation
  map, that is by e in `xi_c = -1 / log(slope)` layers;
- the squared gradient is multiplied by `chi`, and changes by e in `1 / |log(chi)|` layers.

Schoenholz et al. trained networks of up to about `6 xi_c` layers, so a factor of `e**6` is what training can
bear. That factor is used for the signal and for the squared gradient, and nothing is fitted. Where the
second moment does not settle but runs away (ReLU above its edge of chaos), no layer is like the one before;
then the second moment itself may change by `e**6`, and the gradient is followed over the same layers.

References:
    Poole et al. 2016, arXiv:1606.05340. Schoenholz et al. 2017, Deep information propagation,
    arXiv:1611.01232.
"""

import dataclasses
import math

import jaxact
from jaxact.gaussian import MeanField, Rest, edge_of_chaos

REACH = 6
"""The e-folds that training can bear, the rule of thumb of Schoenholz et al. 2017."""

MOST = 1000
"""Layers over which a second moment that runs away is followed."""


@dataclasses.dataclass(frozen=True)
class Prediction:
    """What theory says of networks with given weights.

    Attributes:
        sigma_w: Deviation of the weights, times the root of their number.
        variance: The second moment to which layers come; None where it runs away.
        correlation: That to which two inputs come; None likewise.
        signal: E-folds per layer by which the difference of two inputs falls; where the second moment runs
            away, those by which that changes.
        gradient: E-folds per layer by which squared gradients change.
    """

    sigma_w: float
    variance: float | None
    correlation: float | None
    signal: float
    gradient: float


def depth(rate: float) -> float:
    """The layers in which what changes by some e-folds per layer has changed by as much as can be borne.

    Infinite on the edge of chaos, which is known to rounding.
    """
    return REACH / rate if rate > 1e-9 else math.inf


def field(function: str, sigma_w: float, sigma_b: float) -> MeanField:
    """Wide random layers of an activation of the catalogue."""
    spec = jaxact.specs[function]
    return MeanField(spec.function, sigma_w, sigma_b, tuple(joint.at for joint in spec.joints()))


def edge(function: str, sigma_b: float) -> float:
    """The deviation of the weights with which squared gradients keep their size.

    Without biases where there is none with them: for ReLU they do not matter.

    Raises:
        ValueError: If there is none either way.
    """
    spec = jaxact.specs[function]
    kinks = tuple(joint.at for joint in spec.joints())
    for biases in (sigma_b, 0.0):
        for point in edge_of_chaos(spec.function, biases, kinks=kinks):
            return point.sigma_w
    raise ValueError(f"{function} has no edge of chaos with biases of deviation {sigma_b:g}.")


def predict(layers: MeanField) -> Prediction:
    """What theory says of networks whose inputs have second moment 1, as standardised ones have."""
    begin = layers.sigma_w**2 + layers.sigma_b**2
    rest = settled(layers, begin)
    if rest is None:
        signal, gradient = runaway(layers, begin)
        return Prediction(layers.sigma_w, None, None, signal, gradient)
    kept = next((kept for kept in layers.correlations(rest.variance) if kept.attracting), None)
    return Prediction(
        layers.sigma_w,
        rest.variance,
        kept.value if kept else 1.0,
        1 / kept.depth if kept else 0.0,
        abs(math.log(rest.chi)),
    )


def settled(layers: MeanField, variance: float) -> Rest | None:
    """Where layers take a second moment, if anywhere: to the next fixed point in the direction it moves.

    A map of second moments that is nowhere falling passes none over.
    """
    grows = layers.variance_map(variance) > variance
    ahead = [rest for rest in layers.fixed_points() if (rest.variance > variance) == grows]
    return min(ahead, key=lambda rest: abs(math.log(rest.variance / variance)), default=None)


def runaway(layers: MeanField, begin: float) -> tuple[float, float]:
    """E-folds per layer of the second moment and of squared gradients, until the former has changed too much.

    Args:
        layers: Those of the network.
        begin: The second moment of the first pre-activations.
    """
    variance, gradient, passed = begin, 0.0, 0
    while passed < MOST and abs(math.log(variance / begin)) < REACH:
        gradient += math.log(layers.rest(variance).chi)
        variance = layers.variance_map(variance)
        passed += 1
    return abs(math.log(variance / begin)) / passed, abs(gradient) / passed
