"""Figures of what was chosen: over seeds, over tasks, and over epochs."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.selection import Chosen


def spread(chosen: Chosen, name: str) -> tuple[float, float]:
    """Mean and standard deviation of a figure of the runs; NaN where one has none."""
    values = np.array([run.get(name) for run in chosen.runs], np.float64)
    return float(values.mean()), float(values.std(ddof=1)) if values.size > 1 else 0.0


def diverged(chosen: Chosen) -> int:
    """How many of the runs at the chosen settings diverged."""
    return sum(run.get("diverged_at") is not None for run in chosen.runs)


def ordered(methods: Iterable[str]) -> list[str]:
    """Methods without repetition, as `METHODS` has them."""
    present = set(methods)
    return [name for name in METHODS if name in present]


def depths(found: Iterable[Chosen]) -> list[int]:
    """Every depth, the lowest first."""
    return sorted({one.depth for one in found})


def at_depth(found: Iterable[Chosen], depth: int) -> list[Chosen]:
    """The widest of every method at a depth; of equals, with the lowest training loss."""
    best: dict[str, Chosen] = {}
    for one in found:
        if one.depth == depth:
            other = best.get(one.method, one)
            best[one.method] = max(one, other, key=lambda each: (each.width, -_or_worst(final_loss(each))))
    return [best[name] for name in ordered(best)]


def _or_worst(loss: float) -> float:
    return loss if np.isfinite(loss) else np.inf


class Scores(NamedTuple):
    """Methods on the same tasks.

    Attributes:
        tasks: Those on which all methods are finished.
        methods: In the order of `METHODS`.
        values: The higher the better, of shape `(tasks, methods)`.
        unfinished: Tasks on which some are.
    """

    tasks: list[str]
    methods: list[str]
    values: np.ndarray
    unfinished: list[str]

    def column(self, method: str) -> np.ndarray:
        """The values of a method."""
        return self.values[:, self.methods.index(method)]


def accuracies(found: Iterable[Chosen]) -> Scores:
    """Test accuracies by dataset, mean over splits; a network without one ranks last, as 0."""
    return _scores(((one.dataset, one) for one in found), "test_accuracy", failed=0.0)


def areas(found: Iterable[Chosen]) -> Scores:
    """Areas under the ROC curve of test rows by split; a network without one counts as guessing, 0.5."""
    return _scores(((f"{one.split}", one) for one in found), "test_auc", failed=0.5)


def _scores(found: Iterable[tuple[str, Chosen]], name: str, *, failed: float) -> Scores:
    table: dict[str, dict[str, list[float]]] = {}
    for task, one in found:
        value = spread(one, name)[0]
        table.setdefault(task, {}).setdefault(one.method, []).append(value if np.isfinite(value) else failed)
    methods = ordered(method for row in table.values() for method in row)
    whole = [task for task, row in table.items() if len(row) == len(methods)]
    values = [[np.mean(table[task][method]) for method in methods] for task in whole]
    shape = (len(whole), len(methods))
    return Scores(
        whole, methods, np.array(values, np.float64).reshape(shape), [t for t in table if t not in set(whole)]
    )


def curves(chosen: Chosen, name: str) -> np.ndarray:
    """A curve of every run over epochs, NaN where a run has no value."""
    kept = [(run.get("curves") or {}).get(name, []) for run in chosen.runs]
    length = max(map(len, kept), default=0)
    made = np.full((len(kept), length), np.nan)
    for row, values in zip(made, kept, strict=True):
        row[: len(values)] = numbers(values)
    return made


def average(rows: np.ndarray) -> np.ndarray:
    """The mean over runs where at least one has a value, else NaN."""
    known = np.isfinite(rows)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, rows, 0).sum(axis=0) / np.maximum(count, 1), np.nan)


def final_loss(chosen: Chosen) -> float:
    """The training loss of the last epoch, mean over the runs; infinite where one diverged, NaN without."""
    losses = curves(chosen, "train")
    if not losses.size:
        return float("nan")
    return float("inf") if diverged(chosen) else float(average(losses)[-1])


def numbers(values: Sequence[Any]) -> np.ndarray:
    """Values as floats, NaN where there is none."""
    return np.array([np.nan if value is None else value for value in values], np.float64)


def layer_values(chosen: Chosen, when: str, name: str) -> np.ndarray:
    """What was measured of every hidden block; empty where nothing was."""
    return numbers(((chosen.layers or {}).get(when) or {}).get(name, []))


def gradient_ratio(chosen: Chosen, when: str) -> float:
    """Gradient norm at the first hidden block relative to the last; NaN where the last has none."""
    norms = layer_values(chosen, when, "gradient")
    return float(norms[0] / norms[-1]) if norms.size and norms[-1] else float("nan")


def growth(gradient: Sequence[float] | np.ndarray, depth: int) -> float:
    """The factor by which the squared norm of the gradient grows in a layer on its way back.

    It is fitted to all blocks but the first, whose inputs are the data.

    Args:
        gradient: Norms, one for each hidden block.
        depth: Hidden layers of all blocks.

    Returns:
        The factor; NaN with fewer than three norms that are positive and finite.
    """
    norms = numbers(list(gradient))
    place = np.arange(norms.size)
    known = np.isfinite(norms) & (norms > 0) & (place > 0)
    if known.sum() < 3:
        return float("nan")
    slope = np.polyfit(place[known].astype(np.float64), 2 * np.log(norms[known]), 1)[0]
    return float(np.exp(-slope * norms.size / depth))
