"""What Klambauer et al. 2017 published of the same comparisons, as data.

References:
    Klambauer, Unterthiner, Mayr and Hochreiter 2017, Self-normalizing neural networks, arXiv:1706.02515v5.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

SOURCE = "Klambauer et al. 2017, arXiv:1706.02515v5"
TASKS = 121
"""UCI tasks of the paper."""

Accuracies = Mapping[str, Mapping[str, float]]
"""Test accuracies in [0, 1] by task and by method."""


class Ranked(NamedTuple):
    """A method on the 121 UCI tasks.

    Attributes:
        rank: Average rank minus 4, the middle of seven; the lower the better. Table 1, left.
        p: Of Wilcoxon's signed-rank test against SNN, None for SNN. Table 1, left. It is one-sided, for only
            so can it be computed from table A11.
        depth: Mean number of hidden layers that were selected. ResNet's 6.35 blocks of two count as 12.7.
    """

    rank: float
    p: float | None
    depth: float


UCI: Mapping[str, Ranked] = MappingProxyType(
    {
        "snn": Ranked(-0.756, None, 10.8),
        "msra": Ranked(-0.240, 2.7e-2, 7.1),
        "layernorm": Ranked(-0.198, 1.5e-2, 7.0),
        "highway": Ranked(0.021, 1.9e-3, 5.9),
        "resnet": Ranked(0.273, 5.4e-4, 12.7),
        "weightnorm": Ranked(0.397, 7.8e-7, 3.8),
        "batchnorm": Ranked(0.504, 3.5e-6, 6.0),
    }
)
"""Table 1, left, and the mean selected depths."""


class Pulsars(NamedTuple):
    """A method on HTRU2.

    Attributes:
        auc: Mean area under the ROC curve over ten folds.
        deviation: Over the folds; None where it is not at hand.
        p: Of Wilcoxon's paired test against SNN; None for SNN.
    """

    auc: float
    deviation: float | None
    p: float | None


HTRU2: Mapping[str, Pulsars] = MappingProxyType(
    {
        "snn": Pulsars(0.9803, 0.010, None),
        "msra": Pulsars(0.9791, None, 3.5e-1),
        "weightnorm": Pulsars(0.9786, None, 2.4e-2),
        "highway": Pulsars(0.9766, None, 9.8e-3),
        "layernorm": Pulsars(0.9762, None, 1.4e-2),
        "batchnorm": Pulsars(0.9760, 0.013, 6.5e-2),
        "resnet": Pulsars(0.9753, None, 6.8e-3),
    }
)
"""Table 3, its networks."""

HTRU2_GRID = (
    "2 to 32 layers of 256, 512 and 1024 units, learning rates 0.01, 0.1 and 1, with and without dropout"
)
"""The settings of its networks on HTRU2."""

UCI_GRID = f"{HTRU2_GRID}, rectangular and conic"
"""Those on the UCI tasks."""

SHIFTED = frozenset({"annealing", "monks-1", "monks-2", "monks-3", "spectf"})
"""Tasks whose test rows are scaled unlike the training rows, in the source and therefore in the paper."""

TABLE_A11 = "klambauer2017_table_a11.csv"
"""What the file with the accuracies of single tasks is called."""

_COLUMNS = {
    "snn": "SNN",
    "msra": "MS",
    "highway": "HW",
    "resnet": "ResNet",
    "batchnorm": "BN",
    "weightnorm": "WN",
    "layernorm": "LN",
}


def published(data_dir: Path | None) -> Accuracies:
    """Table A11 where a directory has it, else nothing."""
    path = None if data_dir is None else data_dir / TABLE_A11
    return {} if path is None or not path.exists() else table_a11(path)


def table_a11(path: Path) -> Accuracies:
    """The accuracies of table A11: one test fold, four decimals, so that some methods tie.

    The file at hand has 86 of the paper's 121 tasks, 85 of them with data; averages over it are therefore not
    those of table 1. Its column M is one more than the features of many tasks, and is not read. A method
    without a figure is left out of its task.

    Args:
        path: A CSV file with the columns `dataset`, SNN, MS, HW, ResNet, BN, WN and LN.

    Raises:
        ValueError: If columns are missing or something is no accuracy.
        OSError: If the file cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"dataset", *_COLUMNS.values()} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path} is no table A11: it has no column {', '.join(sorted(missing))}.")
        return {row["dataset"]: _row(path, row) for row in reader}


def _row(path: Path, row: dict[str, str]) -> Mapping[str, float]:
    given = {
        method: row[column] for method, column in _COLUMNS.items() if row[column] not in {"", "NA", None}
    }
    try:
        accuracies = {method: float(text) for method, text in given.items()}
    except ValueError:
        accuracies = {"": -1.0}
    if not all(0 <= accuracy <= 1 for accuracy in accuracies.values()):
        raise ValueError(f"{path} has something else than accuracies in [0, 1] for {row['dataset']}.")
    return accuracies
