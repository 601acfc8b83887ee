"""What mean-field theory says of a method's layers before training."""

import dataclasses
import functools
import math
from typing import Any

import jaxact
from jaxact.gaussian import MeanField, half_stable, moments
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.methods.affine import WeightNormalized
from research.selu_vs_batchnorm.report.compare import growth


@dataclasses.dataclass(frozen=True)
class Predicted:
    """The layers of a wide network whose inputs have mean 0 and variance 1.

    Attributes:
        mean: Of the outputs of each hidden layer.
        variance: Likewise.
        gradient: Norm of the gradient in each layer's weights, relative to the last.
        growth: Factor by which its square grows in a layer on its way back.
    """

    mean: tuple[float, ...]
    variance: tuple[float, ...]
    gradient: tuple[float, ...]
    growth: float


@functools.cache
def predicted(method: str, depth: int) -> Predicted | None:
    """What is expected of a plain stack of layers.

    Args:
        method: Of `METHODS`.
        depth: Hidden layers.

    Returns:
        The prediction; None for residual and highway networks and maxout, which this theory does not cover.

    References:
        Poole et al. 2016, arXiv:1606.05340, without normalization. Yang et al. 2019, A mean field theory of
        batch normalization, arXiv:1902.08129, for large batches.
    """
    options = _options(method, depth)
    if options is None:
        return None
    activation, normalization = options["activation"], options.get("normalization")
    field = MeanField(activation, *weights(options))
    before = [1.0 if normalization else field.sigma_w**2 + field.sigma_b**2]
    while len(before) < depth:
        before.append(1.0 if normalization else field.variance_map(before[-1]))
    known = {variance: moments(activation, variance=variance) for variance in set(before)}
    laws = [known[variance] for variance in before]
    if normalization:
        factors = [
            law.slope_squared / (law.variance if normalization == "batch" else law.second) for law in laws
        ]
    else:
        factors = [field.sigma_w**2 * law.slope_squared for law in laws]
    squared = [1.0]
    for factor in reversed(factors[:-1]):
        squared.append(squared[-1] * factor)
    entering = [1.0, *(law.second for law in laws[:-1])]
    norms = [math.sqrt(back * second) for back, second in zip(reversed(squared), entering, strict=True)]
    gradient = tuple(norm / norms[-1] for norm in norms)
    return Predicted(
        tuple(law.mean for law in laws),
        tuple(law.variance for law in laws),
        gradient,
        growth(gradient, depth),
    )


def weights(options: dict[str, Any]) -> tuple[float, float]:
    """Deviation of the weights, times the root of their number, and of the biases.

    He's for ReLU, those of the half-stable point where there are biases, else LeCun's and what is like them.

    Args:
        options: Of a method's layers.
    """
    if "bias_init" in options:
        (point,) = half_stable(options["activation"])
        return point.sigma_w, point.sigma_b
    return (math.sqrt(2) if options["activation"] is jaxact.relu else 1.0), 0.0


def _options(method: str, depth: int) -> dict[str, Any] | None:
    layer, linear = METHODS[method].layer, METHODS[method].linear
    return None if layer is None or linear not in {None, WeightNormalized} else layer(depth)
