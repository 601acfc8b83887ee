"""What the study finds: accuracies over weights and depth, and how well predicted depths divide them."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

from research.trainable_depth.config import Config
from research.trainable_depth.run import Choice
from research.trainable_depth.theory import REACH, Prediction, depth

KINDS = ("signal", "gradient")
"""What theory follows through the layers, and predicts a depth from."""


@dataclasses.dataclass(frozen=True)
class Grid:
    """One function over the plane of weights and depth.

    Attributes:
        function: Of the catalogue.
        ratios: Deviations of the weights relative to the edge of chaos, rising.
        depths: Hidden layers, rising.
        predictions: One for each ratio.
        accuracy: Mean test accuracy over the seeds at the learning rate that the validation rows choose;
            a row for each depth.
        chance: The accuracy of guessing.
    """

    function: str
    ratios: tuple[float, ...]
    depths: tuple[int, ...]
    predictions: list[Prediction]
    accuracy: np.ndarray
    chance: float

    @property
    def edge(self) -> float:
        """The deviation of the weights on the edge of chaos."""
        return self.predictions[0].sigma_w / self.ratios[0]

    @property
    def trains(self) -> np.ndarray:
        """Which cells come at least half as far above chance as the best one."""
        return self.accuracy >= (self.chance + self.accuracy.max()) / 2

    @property
    def reached(self) -> np.ndarray:
        """The depth of the deepest networks that train, for each ratio; 0 where none does."""
        return (self.trains * np.array(self.depths)[:, None]).max(axis=0)

    def rates(self, kind: str) -> np.ndarray:
        """E-folds per layer of what is followed, for each ratio."""
        return np.array([getattr(prediction, kind) for prediction in self.predictions])

    def right(self, kind: str, reach: float = REACH) -> float:
        """The share of cells that train where theory says so and do not where it does not."""
        within = np.outer(self.depths, self.rates(kind)) <= reach
        return float(np.mean(within == self.trains))

    def best_reach(self, kind: str) -> float:
        """How many e-folds would divide the cells best, had they been fitted: the middle of the best ones."""
        tried = np.geomspace(0.5, 50, 201)
        shares = np.array([self.right(kind, reach) for reach in tried])
        return float(np.exp(np.log(tried[shares == shares.max()]).mean()))

    def rank_correlation(self, kind: str) -> float:
        """Spearman's, of predicted and reached depths; NaN where either is constant.

        A prediction beyond the deepest networks is as good as they are.
        """
        predicted = np.minimum([depth(rate) for rate in self.rates(kind)], self.depths[-1])
        if np.ptp(predicted) == 0 or np.ptp(self.reached) == 0:
            return math.nan
        return float(stats.spearmanr(predicted, self.reached).statistic)  # pyright: ignore[reportAttributeAccessIssue]

    @property
    def constant(self) -> float:
        """The share of cells that the better of two constant answers gets right."""
        share = float(np.mean(self.trains))
        return max(share, 1 - share)


def grid(config: Config, function: str, classes: int, found: dict[str, Any]) -> Grid:
    """One function's cells, from its finished units."""
    depths = tuple(sorted(config.depths))
    units = [found[str(Choice(function, depth))] for depth in depths]
    return Grid(
        function=function,
        ratios=tuple(sorted(config.ratios)),
        depths=depths,
        predictions=[Prediction(**said) for said in found[str(Choice(function, 0))]],
        accuracy=np.stack([_chosen(np.array(unit["validation"]), np.array(unit["test"])) for unit in units]),
        chance=1 / classes,
    )


def _chosen(validation: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Mean test accuracy over the seeds at the learning rate of the best mean validation accuracy."""
    best = validation.mean(axis=1).argmax(axis=0)
    return np.take_along_axis(test.mean(axis=1), best[None], axis=0)[0]


def scores(grids: list[Grid]) -> list[dict[str, Any]]:
    """What is claimed of each function, in numbers."""
    return [
        {
            "function": grid.function,
            "edge": grid.edge,
            "sigma_w": [prediction.sigma_w for prediction in grid.predictions],
            "accuracy": grid.accuracy.tolist(),
            "reached": grid.reached.tolist(),
            "predicted": {kind: [depth(rate) for rate in grid.rates(kind)] for kind in KINDS},
            "right": {kind: grid.right(kind) for kind in KINDS} | {"constant": grid.constant},
            "rank_correlation": {kind: grid.rank_correlation(kind) for kind in KINDS},
            "best_reach": {kind: grid.best_reach(kind) for kind in KINDS},
        }
        for grid in grids
    ]


def answer(grids: list[Grid]) -> str:
    """How well the predicted depths divide the cells, and how deep the deepest networks are."""

    def each(figure: Callable[[Grid], str]) -> str:
        return ", ".join(f"{grid.function} {figure(grid)}" for grid in grids)

    right = each(lambda grid: f"{100 * grid.right('signal'):.0f} or {100 * grid.right('gradient'):.0f} %")
    constant = each(lambda grid: f"{100 * grid.constant:.0f} %")
    deepest = each(lambda grid: f"{grid.reached.max()} layers at {_where(grid)}")
    return (
        f"Whether a network trains is known before its first step, from {REACH} depth scales of the signal "
        f"or of the squared gradient, for this share of the cells over weights and depth: {right}; the "
        f"better constant answer gets {constant}; the deepest that train: {deepest}."
    )


def _where(grid: Grid) -> str:
    """The weights with which the deepest networks train."""
    best = [ratio for ratio, to in zip(grid.ratios, grid.reached, strict=True) if to == grid.reached.max()]
    if best == [1.0]:
        return "its edge of chaos"
    times = f"{best[0]:g}" if len(best) == 1 else f"{best[0]:g} to {best[-1]:g}"
    return f"{times} times its edge of chaos"
