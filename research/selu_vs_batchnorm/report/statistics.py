"""Methods compared over many tasks: ranks, Wilcoxon's signed-rank test with Holm's correction.

Methods are compared by their accuracies on the same tasks, a row for each task and a column for each method.

References:
    Demšar 2006, Statistical comparisons of classifiers over multiple data sets, Journal of Machine Learning
    Research 7; Klambauer et al. 2017, arXiv:1706.02515, whose p-values are one-sided.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats


class Comparison(NamedTuple):
    """A method held against a reference over all tasks.

    Attributes:
        method: Its name.
        wins: Tasks on which the reference is more accurate.
        losses: Tasks on which the method is.
        one_sided: The p-value of Wilcoxon's signed-rank test that the reference is no better.
        two_sided: That of no difference.
        holm: The two-sided one, corrected for all comparisons by Holm's method.
    """

    method: str
    wins: int
    losses: int
    one_sided: float
    two_sided: float
    holm: float


def average_ranks(accuracies: np.ndarray) -> np.ndarray:
    """The mean rank of every method, 1 for the most accurate; ties share their mean rank.

    Args:
        accuracies: Shape `(tasks, methods)`.

    Raises:
        ValueError: If an accuracy is missing.
    """
    table = np.asarray(accuracies, np.float64)
    if table.ndim != 2 or not table.size or not np.isfinite(table).all():
        raise ValueError(f"accuracies must be a full table of tasks by methods; got shape {table.shape}.")
    return stats.rankdata(-table, axis=1).mean(axis=0)


def compared(accuracies: np.ndarray, methods: Sequence[str], reference: str) -> list[Comparison]:
    """Every other method against one of them.

    Args:
        accuracies: Shape `(tasks, methods)`.
        methods: Names of the columns.
        reference: Which of them the others are held against.

    Raises:
        ValueError: If there is no such method, or a name for every column is not given.
    """
    table = np.asarray(accuracies, np.float64)
    if table.ndim != 2 or table.shape[1] != len(methods):
        raise ValueError(f"methods must name every column; got {len(methods)} for shape {table.shape}.")
    if reference not in methods:
        raise ValueError(f"reference must be one of {', '.join(methods)}; got {reference!r}.")
    own = table[:, methods.index(reference)]
    found = []
    for method, column in zip(methods, table.T, strict=True):
        if method != reference:
            difference = own - column
            one, two = (_wilcoxon(difference, alternative) for alternative in ("greater", "two-sided"))
            wins, losses = int((difference > 0).sum()), int((difference < 0).sum())
            found.append(Comparison(method, wins, losses, one, two, math.nan))
    corrected = holm([comparison.two_sided for comparison in found])
    return [comparison._replace(holm=p) for comparison, p in zip(found, corrected, strict=True)]


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected for their number: that any rejection is wrong has the stated probability."""
    order = np.argsort(p_values)
    factors = np.arange(len(p_values), 0, -1)
    corrected = np.minimum(1, np.maximum.accumulate(np.asarray(p_values)[order] * factors))
    return corrected[np.argsort(order)].tolist()


def critical_difference(methods: int, tasks: int, level: float = 0.05) -> float:
    """How far average ranks must be apart to differ significantly, by Nemenyi's test.

    Args:
        methods: How many are compared, at least 2.
        tasks: On how many.
        level: Of significance.
    """
    if methods < 2 or tasks < 1:
        raise ValueError(f"A critical difference needs 2 methods and a task; got {methods} and {tasks}.")
    quantile = stats.studentized_range.ppf(1 - level, methods, np.inf) / math.sqrt(2)
    return float(quantile * math.sqrt(methods * (methods + 1) / (6 * tasks)))


def groups(ranks: Sequence[float], difference: float) -> list[tuple[int, ...]]:
    """The largest sets of methods of which no two differ, as indices, the best first.

    Args:
        ranks: Average ranks.
        difference: The critical difference.
    """
    order = [int(i) for i in np.argsort(ranks)]
    found: list[tuple[int, ...]] = []
    for start, first in enumerate(order):
        members = tuple(i for i in order[start:] if ranks[i] - ranks[first] < difference)
        if len(members) > 1 and not any(set(members) <= set(group) for group in found):
            found.append(members)
    return found


def _wilcoxon(differences: np.ndarray, alternative: str) -> float:
    """The p-value; 1 where nothing differs."""
    if not differences.any():
        return 1.0
    return float(np.asarray(stats.wilcoxon(differences, alternative=alternative))[1])
