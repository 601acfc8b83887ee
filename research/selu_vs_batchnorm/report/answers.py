"""What an experiment found, in a sentence made of its figures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.report import compare, statistics, theory
from research.selu_vs_batchnorm.selection import Chosen

REFERENCE = "snn"
"""What the others are held against."""

_NEAR = 0.02
"""How far from the best accuracy a method may be to be called as good; 7 of 360 digits."""


def answer(experiment: str, found: list[Chosen]) -> str:
    """The answer that an experiment gives, or the part of it that is finished.

    Args:
        experiment: `digits`, `depth`, `uci`, `htru2` or `fashion`.
        found: What was chosen.

    Raises:
        ValueError: If there is no such experiment.
    """
    if experiment not in _ANSWERS:
        raise ValueError(f"experiment must be {', '.join(_ANSWERS)}; got {experiment!r}.")
    return _ANSWERS[experiment](found) if found else "Nothing is finished."


def percent(share: float) -> str:
    """A share in per cent, `none` if it is not finite."""
    return f"{100 * share:.1f} %" if np.isfinite(share) else "none"


def accuracy(chosen: Chosen) -> str:
    """Test accuracy over the seeds, and how many diverged."""
    mean, deviation = compare.spread(chosen, "test_accuracy")
    several = len(chosen.runs) > 1 and np.isfinite(mean)
    shown = f"{100 * mean:.1f} ± {100 * deviation:.1f} %" if several else percent(mean)
    lost = compare.diverged(chosen)
    return f"{shown} ({lost} of {len(chosen.runs)} diverged)" if lost else shown


def loss(value: float) -> str:
    """A training loss with three digits."""
    return f"{value:.3g}" if np.isfinite(value) else ("diverged" if value == np.inf else "none")


def _digits(found: list[Chosen]) -> str:
    depth = compare.depths(found)[-1]
    parts = [f"{one.label} {accuracy(one)}" for one in compare.at_depth(found, depth)]
    return f"Test accuracy with {_layers(depth)}: {', '.join(parts)}."


def _depth(found: list[Chosen]) -> str:
    depth = compare.depths(found)[-1]
    reached = {one.label: compare.spread(one, "test_accuracy")[0] for one in compare.at_depth(found, depth)}
    known = {label: value for label, value in reached.items() if np.isfinite(value)}
    if not known:
        return f"With {_layers(depth)} no method reaches any accuracy."
    best = max(known.values())
    near = [f"{label} {percent(value)}" for label, value in known.items() if best - value <= _NEAR]
    lost = [f"{label} {percent(value)}" for label, value in reached.items() if not value >= best / 2]
    said = f"With {_layers(depth)} these come within {100 * _NEAR:g} points of the best test accuracy: "
    said += f"{', '.join(near)} ({len(near)} of {len(reached)} methods)"
    return f"{said}; less than half of it: {', '.join(lost) or 'none'}.{_growths(found, depth)}"


def _growths(found: list[Chosen], depth: int) -> str:
    parts = []
    for one in compare.at_depth(found, depth):
        measured = compare.growth(compare.layer_values(one, "initial", "gradient"), depth)
        said = theory.predicted(one.method, depth) if one.method in {REFERENCE, "batchnorm"} else None
        if said is not None and np.isfinite(measured):
            parts.append(f"{one.label} {measured:.3f}-fold (theory, of one row: {said.growth:.3f})")
    return f" Before training, squared gradients grow in a layer {' and '.join(parts)}." if parts else ""


def _uci(found: list[Chosen]) -> str:
    scores = compare.accuracies(found)
    if not scores.tasks:
        return "No UCI task is finished with every method."
    ranks = dict(zip(scores.methods, statistics.average_ranks(scores.values).tolist(), strict=True))
    listed = [
        f"{METHODS[name].label} {ranks[name]:.2f}" for name in sorted(ranks, key=lambda name: ranks[name])
    ]
    said = f"Average ranks on {_counted(len(scores.tasks), 'UCI task')}: {', '.join(listed)}"
    return f"{said}{_against(scores, 'tasks')}."


def _htru2(found: list[Chosen]) -> str:
    scores = compare.areas(found)
    if not scores.tasks:
        return "No fold of HTRU2 is finished with every method."
    means, deviations = scores.values.mean(axis=0), np.zeros(len(scores.methods))
    if len(scores.tasks) > 1:
        deviations = scores.values.std(axis=0, ddof=1)
    order = np.argsort(-means, kind="stable")
    listed = [f"{METHODS[scores.methods[i]].label} {means[i]:.4f} ± {deviations[i]:.4f}" for i in order]
    said = f"Test AUC over {_counted(len(scores.tasks), 'fold')} of HTRU2: {', '.join(listed)}"
    return f"{said}{_against(scores, 'folds')}."


def _against(scores: compare.Scores, what: str) -> str:
    """The reference against batch normalization, and all from which it differs; empty without them."""
    if REFERENCE not in scores.methods or len(scores.methods) < 2:
        return ""
    compared = statistics.compared(scores.values, scores.methods, REFERENCE)
    label = METHODS[REFERENCE].label
    said = ""
    for one in compared:
        if one.method == "batchnorm":
            p_values = f"one-sided p = {one.one_sided:.2g}, two-sided {one.two_sided:.2g}"
            won = f"{one.wins} of {len(scores.tasks)} {what}"
            said += f"; {label} beats BatchNorm on {won} and loses {one.losses} ({p_values})"
    differ = ", ".join(METHODS[one.method].label for one in compared if one.holm < 0.05)
    return f"{said}; by Wilcoxon's test with Holm's correction {label} differs from {differ or 'none'}"


def _fashion(found: list[Chosen]) -> str:
    parts = []
    for depth in compare.depths(found):
        each = [f"{one.label} {loss(compare.final_loss(one))}" for one in compare.at_depth(found, depth)]
        parts.append(f"{_layers(depth)}: {', '.join(each)}")
    epochs = max(compare.curves(one, "train").shape[1] for one in found)
    return f"Training loss after {_counted(epochs, 'epoch')} with {'; with '.join(parts)}."


def _layers(depth: int) -> str:
    return _counted(depth, "hidden layer")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


_ANSWERS: Mapping[str, Callable[[list[Chosen]], str]] = MappingProxyType(
    {"digits": _digits, "depth": _depth, "uci": _uci, "htru2": _htru2, "fashion": _fashion}
)
