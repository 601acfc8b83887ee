"""Activations tailored to a depth: deep networks of them are as easy to train as shallow ones.

Both ways take `output_scale * (f(input_scale * x + input_shift) + shift)` and choose the four numbers so that
the maps of second moments and correlations of a whole network are tame.

References:
    Martens et al. 2021, Rapid training of deep neural networks without skip connections or normalization
    layers using Deep Kernel Shaping, arXiv:2110.01765.
    Zhang et al. 2022, Deep learning without shortcuts: shaping the kernel with tailored rectifiers,
    arXiv:2203.08120.
"""

import functools
import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from jaxact._spec import Activation
from jaxact.gaussian.resolved import Resolved
from jaxact.transform.affine import affine
from jaxact.transform.composed import base

_STARTS = [(scale, shift) for scale in (0.1, 0.3, 1.0) for shift in (-2.0, -1.0, -0.3, 0.1, 0.5, 1.0, 2.0)]
_NEAR = 1e-9


class Shape(NamedTuple):
    """What the maps of a tailored function are like at 1.

    Attributes:
        mean: `E f`, the root of the correlation map at 0.
        second: `E f**2`.
        stretch: `E x f f'`, the slope of the map of second moments.
        slope: `E f'**2`, the slope of the map of correlations.
        bend: `E f''**2`, its curvature.
    """

    mean: float
    second: float
    stretch: float
    slope: float
    bend: float


class Numbers(NamedTuple):
    """Scales and shifts.

    Attributes:
        input_scale: Positive.
        input_shift: Any.
        shift: Of the output, before it is scaled.
        output_scale: Positive.
    """

    input_scale: float
    input_shift: float
    shift: float
    output_scale: float


def tailor_dks(
    f: str | Callable[..., Any],
    depth: int,
    *,
    zeta: float = 1.5,
    slope: float | None = None,
    **parameters: float,
) -> Activation:
    """Deep Kernel Shaping: `E f = 0`, `E f**2 = E x f f' = 1`, and zeta the slope of the correlation map.

    Args:
        f: A nonlinear activation of the catalogue or its name, or an elementwise function of one array.
        depth: How many such layers follow one another.
        zeta: The slope of the correlation map of all of them at 1, more than 1.
        slope: That of one layer, for networks that are no chain; `zeta**(1 / depth)` if not given.
        **parameters: Of the activation.

    Raises:
        ValueError: If `depth` is less than 1, `zeta` or `slope` not more than 1, or no numbers do it; for
            ReLU none do.

    Examples:
        >>> import jaxact
        >>> from jaxact.gaussian import moments
        >>> round(moments(jaxact.tailor_dks("tanh", 50)).slope_squared ** 50, 6)
        1.5
    """
    each = zeta ** (1 / depth) if slope is None and depth >= 1 else slope
    if depth < 1:
        raise ValueError(f"depth must be at least 1; got {depth}.")
    if each is None or not each > 1:
        raise ValueError(f"zeta and slope must be more than 1; got {zeta if slope is None else slope}.")
    target = each
    tailored = _Tailored(f, parameters)

    def numbers(unknown: np.ndarray) -> Numbers:
        scale, shift = math.exp(unknown[0]), float(unknown[1])
        plain = tailored.shape(Numbers(scale, shift, 0.0, 1.0))
        spread = max(plain.second - plain.mean**2, 1e-300)
        return Numbers(scale, shift, -plain.mean, 1 / math.sqrt(spread))

    def missed(unknown: np.ndarray) -> np.ndarray:
        found = tailored.shape(numbers(unknown))
        return np.array([found.stretch - 1, (found.slope - target) / (target - 1)])

    starts = [np.array([math.log(scale), shift]) for scale, shift in _STARTS]
    found = numbers(
        _solved(missed, starts, f"{tailored.name} cannot be tailored by DKS to slope {target:.6g}")
    )
    paper = "Martens et al. 2021, arXiv:2110.01765"
    return tailored.made(found, f"tailor_dks({tailored.name}, {depth})", paper)


def tailor_tat(
    f: str | Callable[..., Any],
    depth: int,
    *,
    curvature: float = 0.3,
    correlation: float = 0.9,
    **parameters: float,
) -> Activation:
    """Tailored Activation Transformation: `E f**2 = E x f f' = E f'**2 = 1`, and `E f''**2` small.

    The curvature of the correlation map at 1 is `curvature / depth`. Leaky ReLU has no second derivative:
    there the slope is chosen, so that a network takes the correlation 0 to `correlation`.

    Args:
        f: A smooth activation of the catalogue, or `leaky_relu`; its name; or a function of one array.
        depth: How many such layers follow one another.
        curvature: Of the correlation map of all layers, positive.
        correlation: For leaky ReLU, to what two inputs that are not correlated come, between 0 and 1.
        **parameters: Of the activation.

    Raises:
        ValueError: If `depth` is less than 1, or no numbers do it.

    Examples:
        >>> import jaxact
        >>> f = jaxact.tailor_tat("leaky_relu", 40, correlation=0.75)
        >>> round(float(f(1.0)), 4), round(float(f(-1.0) / f(1.0)), 4)  # sqrt(2 / (1 + slope**2)), -slope
        (1.2407, -0.5471)
    """
    if depth < 1:
        raise ValueError(f"depth must be at least 1; got {depth}.")
    tailored = _Tailored(f, parameters)
    paper = "Zhang et al. 2022, arXiv:2203.08120"
    if tailored.name == "leaky_relu":
        slope = rectifier_slope(depth, correlation)
        name = f"tailor_tat(leaky_relu, {depth})"
        return affine(f, output_scale=math.sqrt(2 / (1 + slope**2)), name=name, paper=paper, slope=slope)
    target = curvature / depth
    if not target > 0:
        raise ValueError(f"curvature must be positive; got {curvature}.")

    def numbers(unknown: np.ndarray) -> Numbers:
        scale, shift, offset = math.exp(unknown[0]), float(unknown[1]), float(unknown[2])
        plain = tailored.shape(Numbers(scale, shift, offset, 1.0))
        return Numbers(scale, shift, offset, 1 / math.sqrt(max(plain.second, 1e-300)))

    def missed(unknown: np.ndarray) -> np.ndarray:
        found = tailored.shape(numbers(unknown))
        return np.array([found.stretch - 1, found.slope - 1, (found.bend - target) / target])

    starts = []
    for scale, shift in _STARTS:  # with the shift for which the slope is 1, where there is one
        plain = tailored.shape(Numbers(scale, shift, 0.0, 1.0))
        room = plain.slope - (plain.second - plain.mean**2)
        starts += [
            np.array([math.log(scale), shift, sign * math.sqrt(max(room, 0.0)) - plain.mean])
            for sign in (1, -1)
        ]
    said = f"{tailored.name} cannot be tailored by TAT to curvature {target:.6g}"
    return tailored.made(
        numbers(_solved(missed, starts, said)), f"tailor_tat({tailored.name}, {depth})", paper
    )


def rectifier_slope(depth: int, correlation: float) -> float:
    """The negative slope with which layers of leaky ReLU take the correlation 0 to another.

    Args:
        depth: How many layers.
        correlation: Between 0 and 1.

    Raises:
        ValueError: If even ReLU does not come so far.
    """
    if not 0 < correlation < 1:
        raise ValueError(f"correlation must lie between 0 and 1; got {correlation}.")

    def reached(slope: float) -> float:
        c = 0.0
        for _ in range(depth):
            turn = math.sqrt(max(0.0, 1 - c * c)) - c * math.acos(min(1.0, c))
            c += (1 - slope) ** 2 / (math.pi * (1 + slope**2)) * turn
        return c

    if reached(0.0) < correlation:
        raise ValueError(
            f"{depth} layers of ReLU come to the correlation {reached(0.0):.4g}; got {correlation}."
        )
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) > correlation else (low, middle)
    return (low + high) / 2


class _Tailored:
    """A function, and what it is like with scales and shifts."""

    def __init__(self, f: str | Callable[..., Any], parameters: dict[str, float]) -> None:
        self._f, self._parameters = f, parameters
        inner = base(f, parameters)
        self.name = inner.name
        self._resolved = Resolved(inner.function, inner.kinks, order=2)
        self.shape = functools.lru_cache(maxsize=256)(self._shape)

    def _shape(self, numbers: Numbers) -> Shape:
        scale, shift, offset, factor = numbers
        law = self._resolved.law(shift, scale**2)
        y, slope = factor * (law.y + offset), factor * scale * law.slope
        bend = factor * scale**2 * law.bend
        means = (law.weights @ values for values in (y, y**2, law.z * y * slope, slope**2, bend**2))
        return Shape(*map(float, means))

    def made(self, numbers: Numbers, name: str, paper: str) -> Activation:
        return affine(
            self._f,
            input_scale=numbers.input_scale,
            input_shift=numbers.input_shift,
            output_scale=numbers.output_scale,
            output_shift=numbers.output_scale * numbers.shift,
            name=name,
            paper=paper,
            **self._parameters,
        )


def _solved(
    missed: Callable[[np.ndarray], np.ndarray], starts: Iterable[np.ndarray], said: str
) -> np.ndarray:
    """The root of a system with the largest input scale, which is nearest to the function as it was.

    By Newton's method from several starts.

    Raises:
        ValueError: If no start leads to a root; with the nearest that was reached.
    """
    roots, nearest = [], math.inf
    with np.errstate(all="ignore"):
        for start in sorted(starts, key=lambda start: _size(missed(start))):
            found = _newton(missed, start)
            size = _size(missed(found))
            nearest = min(nearest, size)
            if size < _NEAR:
                roots.append(found)
            if len(roots) == _ENOUGH:
                break
    if not roots:
        raise ValueError(f"{said}: the conditions are missed by {nearest:.3g} at least.")
    return max(roots, key=lambda root: root[0])


def _newton(missed: Callable[[np.ndarray], np.ndarray], at: np.ndarray) -> np.ndarray:
    """Where Newton's method comes to, with shorter steps where whole ones do not help."""
    value = missed(at)
    for _ in range(60):
        if not np.isfinite(value).all() or _size(value) < _NEAR / 1000:
            return at
        slopes = np.stack([(missed(at + step) - value) / _STEP for step in _STEP * np.eye(at.size)], axis=1)
        try:
            direction = np.linalg.solve(slopes, -value)
        except np.linalg.LinAlgError:
            return at
        length = min(1.0, 1.0 / max(_size(direction), 1e-300))
        while length > 1e-4 and not _size(missed(at + length * direction)) < _size(value):
            length /= 2
        if length <= 1e-4:
            return at
        at = at + length * direction
        value = missed(at)
    return at


_STEP, _ENOUGH = 1e-6, 4


def _size(values: np.ndarray) -> float:
    size = float(np.abs(values).max())
    return size if math.isfinite(size) else math.inf
