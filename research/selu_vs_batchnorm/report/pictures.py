"""The pictures of each experiment, and how they become files."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from matplotlib.figure import Figure

from research.selu_vs_batchnorm.report import (
    compare,
    contest_pictures as contest,
    training_pictures as training,
)
from research.selu_vs_batchnorm.report.answers import REFERENCE
from research.selu_vs_batchnorm.report.paper import Accuracies
from research.selu_vs_batchnorm.selection import Chosen

CAPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "digits_curves": "Loss over epochs: a thin line for each seed, a thick one for their mean.",
        "digits_layers": (
            "What passes through the layers, before training (dashed) and after (solid). A normalised "
            "signal keeps its mean and variance; a gradient that neither grows nor vanishes is 1 in all "
            "layers."
        ),
        "depth_accuracy": (
            "Test accuracy over depth, mean and deviation over the seeds: a panel for each method, with "
            "all others in grey."
        ),
        "depth_signal": (
            "Variance of every layer's output before training, in the deepest networks. Theory is of "
            "infinitely wide layers and inputs of variance 1."
        ),
        "depth_gradient": (
            "To the right of 1 the gradient explodes on its way back, to the left it vanishes. Theory is "
            "of the gradient of a single row; the measured one is the mean over rows, which cancel in "
            "part."
        ),
        "fashion_loss": "Training loss over epochs with ever more layers, as in figure 1 of the paper.",
        "uci_ranks": (
            "Average ranks over all tasks. Methods that a blue bar joins do not differ significantly, by "
            "Nemenyi's test at 5 %."
        ),
        "uci_differences": "Difference of test accuracies on every task: ours (bars) and the paper's.",
        "uci_agreement": (
            "Each mark is a task; on the line our test accuracy is the paper's. The titles have the median "
            "difference in points."
        ),
        "uci_depths": (
            "How deep the networks are that the validation rows prefer; a block of ResNet is two layers."
        ),
        "htru2_areas": (
            "Area under the ROC curve: every fold, mean and deviation of the folds, and the paper's mean, "
            "with its deviation where that is at hand."
        ),
    }
)
"""What every picture shows."""


def pictures(experiment: str, found: list[Chosen], published: Accuracies | None = None) -> dict[str, Figure]:
    """The pictures of an experiment by name; only those for which something is finished.

    Args:
        experiment: Its name.
        found: What was chosen.
        published: The paper's accuracies on UCI tasks, where they are at hand.
    """
    return _PICTURES[experiment](found, published or {}) if found else {}


def save(figures: Mapping[str, Figure], out: Path) -> list[Path]:
    """Writes pictures as PNG files that are either whole or not there; gives their paths."""
    out.mkdir(parents=True, exist_ok=True)
    return [write_whole(out / f"{name}.png", png(figure)) for name, figure in figures.items()]


def png(figure: Figure) -> bytes:
    """The file of a picture."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return buffer.getvalue()


def write_whole(path: Path, contents: bytes) -> Path:
    """Writes a file that is either whole or not there; gives its path."""
    unfinished = path.with_name(path.name + ".tmp")
    unfinished.write_bytes(contents)
    return unfinished.replace(path)


def _digits(found: list[Chosen], _: Accuracies) -> dict[str, Figure]:
    made = {"digits_curves": training.curves(found)} if _has_curves(found) else {}
    return made | ({"digits_layers": training.layers(found)} if any(one.layers for one in found) else {})


def _depth(found: list[Chosen], _: Accuracies) -> dict[str, Figure]:
    made = {"depth_accuracy": training.accuracy(found)}
    deepest = compare.at_depth(found, compare.depths(found)[-1])
    if any(one.layers for one in deepest):
        made["depth_signal"] = training.signal(found)
    grown = [compare.growth(compare.layer_values(one, "initial", "gradient"), one.depth) for one in deepest]
    return made | ({"depth_gradient": training.gradient(found)} if np.isfinite(grown).any() else {})


def _fashion(found: list[Chosen], _: Accuracies) -> dict[str, Figure]:
    return {"fashion_loss": training.losses(found)} if _has_curves(found) else {}


def _uci(found: list[Chosen], published: Accuracies) -> dict[str, Figure]:
    scores = compare.accuracies(found)
    made: dict[str, Figure] = {}
    if scores.tasks and len(scores.methods) > 1:
        made["uci_ranks"] = contest.ranks(scores)
    if scores.tasks and {REFERENCE, "batchnorm"} <= set(scores.methods):
        made["uci_differences"] = contest.differences(scores, "batchnorm", published)
    if any(task in published for task in scores.tasks):
        made["uci_agreement"] = contest.agreement(scores, published)
    return made | {"uci_depths": contest.depths(found)}


def _htru2(found: list[Chosen], _: Accuracies) -> dict[str, Figure]:
    scores = compare.areas(found)
    return {"htru2_areas": contest.areas(scores)} if scores.tasks else {}


def _has_curves(found: list[Chosen]) -> bool:
    return any(np.isfinite(compare.curves(one, "train")).any() for one in found)


_PICTURES: Mapping[str, Callable[[list[Chosen], Accuracies], dict[str, Figure]]] = MappingProxyType(
    {"digits": _digits, "depth": _depth, "fashion": _fashion, "uci": _uci, "htru2": _htru2}
)
