"""The tasks that scikit-learn brings along."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split

from research.options import require_known
from research.selu_vs_batchnorm.data.task import Task, standardised

SHIPPED: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "digits": datasets.load_digits,
        "wine": datasets.load_wine,
        "breast_cancer": datasets.load_breast_cancer,
    }
)
"""Their names, and what loads them."""


def shipped(name: str) -> Task:
    """A task of scikit-learn: a fifth of the rows for validation and a fifth for the test, stratified.

    Args:
        name: A name of `SHIPPED`.

    Returns:
        The task, the same at every call; its features are standardised by the training rows.

    Raises:
        ValueError: If the name is unknown, with the nearest ones.

    Examples:
        >>> task = shipped("wine")
        >>> task.classes, task.train.x.shape, task.validation.x.shape, task.test.x.shape
        (3, (106, 13), (36, 13), (36, 13))
    """
    require_known("dataset", name, SHIPPED)
    x, y = SHIPPED[name](return_X_y=True)
    rows = np.arange(y.size)
    rest, test = train_test_split(rows, test_size=0.2, stratify=y, random_state=0)
    _, validation = train_test_split(rest, test_size=0.25, stratify=y[rest], random_state=0)
    return standardised(name, x, y, np.isin(rows, validation), np.isin(rows, test), source=name)
