"""One function: its networks measured and predicted, at the depths that are kept."""

from collections.abc import Callable

import jax
import numpy as np

from research.signal_propagation.config import Config
from research.signal_propagation.measure import Network, Traces, trace
from research.signal_propagation.predict import Law, Prediction, large_batch_factor, predict
from research.signal_propagation.recipes import FUNCTIONS, RECIPES, Weights
from research.signal_propagation.results import Cell, Curve


def run(config: Config, function: str, seen: Callable[[], None] = lambda: None) -> list[Cell]:
    """Measures and predicts a function with every recipe.

    Args:
        config: The options.
        function: Its name.
        seen: Called after each layer, forward and back.
    """
    f = FUNCTIONS[function].make(config.depth)
    weights = tuple(RECIPES[name].weights(f) for name in config.recipes)
    key = jax.random.fold_in(jax.random.key(config.seed), list(FUNCTIONS).index(function))
    sizes = {"depth": config.depth, "width": config.width}
    found = trace(Network(f, weights), key, **sizes, inputs=config.inputs, seen=seen)
    cells = []
    for at, each in enumerate(weights):
        predicted = predict(f, each, **sizes, inputs=config.inputs)
        cell = _cell(config, found, predicted, function=function, at=at, weights=each)
        if each.batch_norm:
            cell.factor["large_batch"] = large_batch_factor(f)
        cells.append(cell)
    return cells


def _cell(
    config: Config, found: Traces, predicted: Prediction, *, function: str, at: int, weights: Weights
) -> Cell:
    """What was found of the recipe with a number, beside what was predicted."""
    end = min(int(found.end[at]), predicted.end)
    layers = kept(end, config.points)
    second, gradient = predicted.second(), predicted.gradient(end)
    backward = (found.log_gradient[: end + 1, at] - found.log_gradient[end, at])[::-1]
    steps = np.arange(end + 1)
    of_inputs = found.log_second[end, at]
    return Cell(
        function=function,
        recipe=config.recipes[at],
        sigma_w=weights.sigma_w,
        sigma_b=weights.sigma_b,
        second=_curve(layers, second, found.log_second[:, at].mean(axis=1, dtype=np.float64)),
        gradient=_curve(layers, gradient, backward),
        factor={
            name: float(np.exp(np.polyfit(steps, values, 1)[0]))
            for name, values in (("predicted", gradient.limit), ("measured", backward))
        },
        leaves={
            name: None if last == config.depth else last + 1
            for name, last in (("predicted", predicted.end), ("measured", int(found.end[at])))
        },
        mean=found.mean[layers, at].tolist(),
        correlation={"predicted": predicted.correlation, "measured": found.correlation[layers, at].tolist()},
        inputs=[float(of_inputs.min()), float(of_inputs.max())],
    )


def _curve(layers: np.ndarray, law: Law, measured: np.ndarray) -> Curve:
    limit, expected, spread = (each[layers].tolist() for each in law)
    return Curve(
        layers=layers.tolist(),
        predicted=limit,
        expected=expected,
        spread=spread,
        measured=measured[layers].tolist(),
    )


def kept(end: int, points: int) -> np.ndarray:
    """Layers from 1 to a last one in geometric progression, nearly as many as asked for."""
    return np.unique(np.geomspace(1, end, points * 5 // 4).round().astype(int))
