"""What there is to say of a network, in sentences."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from jaxact.diagnosis.layers import LayerReport

STEADY = 2.0
"""A factor over the whole network that is not worth a word."""

MOST = {"dead": 0.5, "saturated": 0.75}
"""Shares of units from which on there is a sentence; of ReLU half are flat, and should be."""

ALIKE, OFF = 0.95, 0.05
"""The correlation of different rows, and the relative error of a gain, from which on there is one."""


def verdict(layers: Sequence[LayerReport], gains: Mapping[str, float]) -> tuple[str, ...]:
    """The sentences.

    Args:
        layers: Of a network, in order.
        gains: For the names of its activations, the deviation of weights that keeps a second moment of 1.
    """
    return (*_signals(layers, gains), *_gradients(layers), *_units(layers), *_alike(layers), *_theory(layers))


def _signals(layers: Sequence[LayerReport], gains: Mapping[str, float]) -> Iterator[str]:
    """How second moments go, and with which gain they would stay."""
    bad = next((layer for layer in layers if not 0 < layer.second < math.inf), None)
    if bad is not None:
        what = "vanishes" if bad.second == 0 else "overflows"
        yield f"The signal {what} at layer {bad.number}{_advice(layers, gains)}."
        return
    layers = layers[1:] if len(layers) > 2 else layers  # the first layer meets the input, not an activation
    seconds = [layer.second for layer in layers]
    growth = seconds[-1] / seconds[0]
    if len(layers) < 2 or 1 / STEADY <= growth <= STEADY:
        yield f"Second moments stay between {min(seconds):.3g} and {max(seconds):.3g}."
        return
    said = _rate(growth, len(layers) - 1)
    way = f"from {seconds[0]:.3g} to {seconds[-1]:.3g}"
    yield f"Second moments {said} per layer, {way}{_advice(layers, gains)}."


def _rate(growth: float, steps: int) -> str:
    rate = growth ** (1 / steps)
    return f"grow {rate:.3g}x" if rate > 1 else f"fall to {rate:.3g}x"


def _advice(layers: Sequence[LayerReport], gains: Mapping[str, float]) -> str:
    """The gain of the activation that occurs most, if the weights behind it have another."""
    names = Counter(layer.activation for layer in layers if layer.activation in gains)
    if not names:
        return ""
    ((name, _),) = names.most_common(1)
    own = [layer.sigma_w for layer in layers if layer.activation == name]
    gain, mean = gains[name], sum(own) / len(own)
    return f": with {name} use gain {gain:.3g}, not {mean:.3g}" if abs(mean / gain - 1) > OFF else ""


def _gradients(layers: Sequence[LayerReport]) -> Iterator[str]:
    """How gradients go on their way back."""
    first, last = layers[0].gradient, layers[-1].gradient
    if not 0 < first < math.inf or not 0 < last < math.inf:
        yield f"Squared gradients go from {last:.3g} in the last layer to {first:.3g} in the first."
        return
    growth = first / last
    if growth > STEADY or growth < 1 / STEADY:
        said = _rate(growth, len(layers) - 1)
        yield f"Squared gradients {said} per layer on their way back, to {growth:.3g}x over the network."


def _units(layers: Sequence[LayerReport]) -> Iterator[str]:
    """Where many units are dead or saturated."""
    for what, most in MOST.items():
        shares = {layer.number: getattr(layer, what) for layer in layers if getattr(layer, what) > most}
        if shares:
            said = "dead, for every row," if what == "dead" else "saturated"
            yield f"Up to {max(shares.values()):.0%} of units are {said} before {_listed(list(shares))}."


def _alike(layers: Sequence[LayerReport]) -> Iterator[str]:
    """From where on different rows look alike."""
    first = next((layer for layer in layers if layer.correlation > ALIKE), None)
    if first is not None and layers[-1].correlation > ALIKE:
        at = f"{first.correlation:.3f} at layer {first.number}, {layers[-1].correlation:.4f} at the end"
        yield f"Different rows become alike: their correlation is {at}."


def _theory(layers: Sequence[LayerReport]) -> Iterator[str]:
    """How well what is predicted holds."""
    following = [layer for layer in layers if layer.follows]
    if not following:
        return
    outside = [layer.number for layer in following if not layer.within]
    if not outside:
        yield f"All {len(following)} predicted second moments lie within two deviations."
    else:
        share = f"{len(following) - len(outside)} of {len(following)}"
        yield f"{share} predicted second moments lie within two deviations; not {_listed(outside)}."


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:6]))
    many = f" and {len(numbers) - 6} more" if len(numbers) > 6 else ""
    return f"layer{'s' if len(numbers) > 1 else ''} {shown}{many}"
