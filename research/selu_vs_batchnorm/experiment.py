"""What all experiments share: typed options, and the units that they consist of."""

import abc
import dataclasses
import functools
import math
from pathlib import Path
from typing import ClassVar, Literal

from research.options import require_known
from research.selu_vs_batchnorm.data import Task
from research.selu_vs_batchnorm.grids import Grid
from research.selu_vs_batchnorm.methods import METHODS, PAPER
from research.selu_vs_batchnorm.training import Protocol, Unit


@dataclasses.dataclass(frozen=True, kw_only=True)
class Experiment(abc.ABC):
    """What all experiments share."""

    question: ClassVar[str]
    every_depth: ClassVar[bool] = True
    """Whether the settings are chosen for every depth, or the depth among them."""

    methods: tuple[str, ...] = PAPER
    """Which methods to compare."""
    out: Path = Path("runs/selu_vs_batchnorm")
    """Where results and pictures go, and the records of what is measured already."""
    engine: Literal["here", "processes", "ray"] = "here"
    """Where units are trained: in this process, in several of this machine, or on a Ray cluster."""
    workers: int = 2
    """How many processes or Ray workers."""
    checkpoint_seconds: float = 60.0
    """Between two checkpoints of a unit that takes longer."""
    fresh: bool = False
    """Measure everything anew, also what is recorded already."""
    dry_run: bool = False
    """Only say what would be done, and how long it would take."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run.

        Raises:
            ValueError: If an option is outside its domain.
        """
        if not self.methods:
            raise ValueError("methods must name at least one; got none.")
        for name in self.methods:
            require_known("method", name, METHODS)
            METHODS[name].require(images=self.images)
        require_positive(self, "workers")
        if not self.checkpoint_seconds >= 0:
            raise ValueError(f"checkpoint_seconds must not be negative; got {self.checkpoint_seconds}.")

    @property
    def name(self) -> str:
        """Of the experiment, and of its files."""
        return type(self).__name__.lower()

    @property
    def images(self) -> bool:
        """Whether its networks are convolutional."""
        return False

    @abc.abstractmethod
    def units(self) -> list[Unit]:
        """What there is to train, units that share a program next to each other."""

    @abc.abstractmethod
    def task(self, dataset: str, split: int) -> Task:
        """The data of the units with this dataset and split."""


@functools.cache
def loaded(experiment: Experiment, dataset: str, split: int) -> Task:
    """The data of a dataset and split, loaded once."""
    return experiment.task(dataset, split)


def units_of(
    experiment: Experiment, tasks: list[tuple[str, int]], grid: Grid, protocol: Protocol
) -> list[Unit]:
    """Every task with every shape of every method, those of one shape next to each other."""
    return [
        Unit(
            dataset,
            split,
            method,
            shape.depth,
            shape.width,
            grid.settings(method),
            grid.seeds,
            protocol,
            shape.form,
        )
        for method in experiment.methods
        for shape in grid.shapes(method)
        for dataset, split in tasks
    ]


def require_positive(experiment: Experiment, *names: str) -> None:
    """Refuses options that are no positive whole numbers."""
    for name in names:
        value = getattr(experiment, name)
        if not value and isinstance(value, tuple):
            raise ValueError(f"{name} must name at least one; got none.")
        if min(value if isinstance(value, tuple) else (value,)) < 1:
            raise ValueError(f"{name} must be at least 1; got {value}.")


def require_rates(learning_rates: tuple[float, ...]) -> None:
    """Refuses learning rates that cannot be."""
    if not learning_rates:
        raise ValueError("learning_rates must name at least one; got none.")
    if not all(0 < rate < math.inf for rate in learning_rates):
        raise ValueError(f"learning_rates must be positive and finite; got {learning_rates}.")
