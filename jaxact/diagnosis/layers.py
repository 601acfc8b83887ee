"""What is said of a layer."""

import dataclasses
import math

import numpy as np

from jaxact.diagnosis.measure import Measured
from jaxact.diagnosis.predict import Predicted
from jaxact.diagnosis.program import Layer

OMEGA, TAU = (-0.1, 0.1), (0.95, 1.1)
"""The sums of weights and of their squares of which theorem 1 on SELU speaks (Klambauer et al. 2017)."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class LayerReport:
    """A layer that applies weights: measured and, where a field's name says so, predicted.

    Attributes:
        number: From 1 on.
        activation: What is applied before it; `""` for nothing.
        fan_in: Inputs of a unit.
        units: Units.
        mean: Mean of the pre-activations.
        variance: Their variance.
        second: Their second moment.
        predicted_second: That of wide networks.
        spread: The deviation of the logarithm of what networks of this width show.
        correlation: Mean cosine of the pre-activations for two rows.
        predicted_correlation: That of wide networks; NaN where it is not known.
        gradient: Squared norm of the gradient in the pre-activations, of a random combination of the outputs.
        predicted_gradient: That of wide networks, from the last layer's.
        gradient_spread: The deviation of its logarithm.
        dead: Share of inputs at which the activation before is flat for all rows; NaN without one.
        saturated: Share of its values where its slope is below 0.01.
        sigma_w: Deviation of the weights, times the root of `fan_in`.
        sigma_b: Deviation of the biases.
        chi: By how much the layer scales squared gradients.
        omega: The sums of the weights of every unit, shape `(units,)`.
        tau: The sums of their squares.
        theorem_1: Share of units that meet the hypotheses of theorem 1 on SELU.
        singular: Smallest, middle and largest singular value of the layer's Jacobian for one row; empty if it
            was not decomposed.
        isometry: Relative variance of their squares; 0 for an isometry.
        follows: Whether the prediction is from the layer before, and not from what is measured between.
    """

    number: int
    activation: str
    fan_in: int
    units: int
    mean: float
    variance: float
    second: float
    predicted_second: float
    spread: float
    correlation: float
    predicted_correlation: float
    gradient: float
    predicted_gradient: float
    gradient_spread: float
    dead: float
    saturated: float
    sigma_w: float
    sigma_b: float
    chi: float
    omega: np.ndarray
    tau: np.ndarray
    theorem_1: float
    singular: tuple[float, ...]
    isometry: float
    follows: bool

    @property
    def within(self) -> bool:
        """Whether the second moment lies within two deviations of what is predicted."""
        if not self.second > 0 or not self.predicted_second > 0:
            return self.second == self.predicted_second
        centre = math.log(self.predicted_second) - self.spread**2 / 2
        return abs(math.log(self.second) - centre) <= 2 * self.spread


def layer_report(layer: Layer, activation: str, seen: Measured, theory: Predicted) -> LayerReport:
    """Puts together what is known of a layer."""
    flat = (float(seen.dead), float(seen.saturated)) if activation else (math.nan, math.nan)
    omega, tau = np.asarray(seen.omega, np.float64), np.asarray(seen.tau, np.float64)
    meets = (omega >= OMEGA[0]) & (omega <= OMEGA[1]) & (tau >= TAU[0]) & (tau <= TAU[1])
    singular = np.asarray(seen.singular, np.float64)
    squares = singular**2
    mean, second = float(seen.mean), float(seen.second)
    return LayerReport(
        number=layer.number + 1,
        activation=activation,
        fan_in=layer.weights.shape[0],
        units=layer.weights.shape[1],
        mean=mean,
        variance=max(0.0, second - mean**2),
        second=second,
        predicted_second=theory.second,
        spread=theory.sampled,
        correlation=float(seen.correlation),
        predicted_correlation=theory.correlation,
        gradient=float(seen.gradient),
        predicted_gradient=theory.gradient,
        gradient_spread=theory.gradient_spread,
        dead=flat[0],
        saturated=flat[1],
        sigma_w=math.sqrt(float(seen.weight)),
        sigma_b=math.sqrt(float(seen.bias)),
        chi=float(seen.weight) * float(seen.slope_squared),
        omega=omega,
        tau=tau,
        theorem_1=float(meets.mean()),
        singular=tuple(map(float, np.quantile(singular, (0, 0.5, 1)))) if singular.size else (),
        isometry=float(squares.var() / squares.mean() ** 2) if squares.any() else math.nan,
        follows=theory.follows,
    )
