"""The experiments as typed options, and the units that each consists of."""

import dataclasses
import itertools
from pathlib import Path
from typing import Literal

from research.options import require_known
from research.selu_vs_batchnorm import data, grids
from research.selu_vs_batchnorm.data import Task
from research.selu_vs_batchnorm.experiment import Experiment, require_positive, require_rates, units_of
from research.selu_vs_batchnorm.grids import Grid
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.training import Protocol, Unit, room


@dataclasses.dataclass(frozen=True, kw_only=True)
class Digits(Experiment):
    """SELU and batch normalization on the digits that scikit-learn brings: minutes, no data to fetch."""

    question = "Does SELU normalize deep networks as well as batch normalization does?"

    methods: tuple[str, ...] = ("snn", "batchnorm", "msra", "sigmoid")
    """Which methods to compare."""
    depths: tuple[int, ...] = (8, 32)
    """Hidden layers. 8 trains with almost any method, 32 only where the signal survives."""
    widths: tuple[int, ...] = (64,)
    """Units of every hidden layer. 64 is the number of pixels of a digit, and small enough for 2 cores."""
    seeds: int = 3
    """Networks of each kind, from seeds 0, 1, ...; the fewest that show a spread."""
    dataset: str = "digits"
    """Of scikit-learn: digits, wine, breast_cancer; with --data, the name of a file there without .npz."""
    data: Path | None = None
    """Directory with UCI tasks as .npz files."""
    split: int = 0
    """Which of the splits that a file in --data brings."""
    learning_rates: tuple[float, ...] = (0.003, 0.01, 0.03)
    """Tried for every method; the validation loss chooses. A single rate would decide the comparison: with 8
    layers batch normalization wants 0.03 and SELU 0.003, and 0.1 makes SELU diverge."""
    momentum: float = 0.9
    """Of stochastic gradient descent. Adam would rescale each layer's gradient and hide what is asked."""
    batch_size: int = 128
    """Rows per step; large enough for the statistics of a batch, small enough for 8 steps per epoch."""
    epochs: int = 50
    """At most; what a method reaches in as many is what is compared."""
    patience: int = 10
    """Epochs without a better validation loss before a network stops."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run."""
        super().__post_init__()
        require_positive(self, "depths", "widths", "seeds")
        require_rates(self.learning_rates)
        _ = self.protocol

    @property
    def protocol(self) -> Protocol:
        """How its networks are trained."""
        return Protocol(self.epochs, self.patience, self.batch_size, self.momentum)

    def units(self) -> list[Unit]:
        """One for each depth, width and method."""
        grid = Grid(self.depths, self.widths, self.learning_rates, seeds=self.seeds)
        units = units_of(self, [(self.dataset, self.split)], grid, self.protocol)
        return [dataclasses.replace(unit, looks=True) for unit in units]

    def task(self, dataset: str, split: int) -> Task:
        """The digits, or what was asked for."""
        return data.shipped(dataset) if self.data is None else data.uci(self.data, dataset, split)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Depth(Digits):
    """Every method over depth on the digits, with the signal in every layer."""

    question = "How deep may a network be, by the way in which it is kept trainable?"

    methods: tuple[str, ...] = tuple(name for name in METHODS if name != "network_in_network")
    """Which methods to compare."""
    depths: tuple[int, ...] = (2, 8, 32, 64)
    """Hidden layers."""
    seeds: int = 2
    """Networks of each kind."""
    epochs: int = 30
    """At most."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Uci(Experiment):
    """The UCI tasks of Klambauer et al. 2017, table A11, with their own splits."""

    question = "On many small tasks, which way of keeping deep networks trainable is most accurate?"
    every_depth = False

    data: Path
    """Directory with the tasks as .npz files."""
    tasks: tuple[str, ...] = ()
    """Which tasks; all with at most `max_rows` rows if none is named."""
    max_rows: int = 5000
    """Of the tasks that are taken."""
    split: int = 0
    """Which of the splits that the files bring; the paper's table is of the first."""
    grid: Literal["small", "paper"] = "small"
    """Which settings are tried."""
    fixed: bool = False
    """Take the corrected features where a file has some; the paper took the others."""
    epochs: int = 100
    """Of which the one with the highest validation accuracy, averaged over ten, counts."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run."""
        super().__post_init__()
        require_positive(self, "max_rows", "epochs")

    def units(self) -> list[Unit]:
        """One for each task, method and shape, those of one program after another."""
        sizes = {size.name: size for size in data.uci_index(self.data)}
        for name in self.tasks:
            require_known(f"task in {self.data}", name, sizes)

        def key(name: str) -> tuple[int, ...]:
            size = sizes[name]
            return room(size.rows, 512), room(size.features, 64), room(size.classes, 32)

        names = self.tasks or [name for name, size in sizes.items() if size.rows <= self.max_rows]
        protocol = Protocol(self.epochs, self.epochs, momentum=0.0, score="accuracy", smoothing=10)
        alike = [
            [(name, self.split) for name in group]
            for _, group in itertools.groupby(sorted(names, key=key), key=key)
        ]
        units = [unit for tasks in alike for unit in units_of(self, tasks, grids.UCI[self.grid], protocol)]
        source = "corrected features" if self.fixed else ""
        return [dataclasses.replace(unit, padded=True, source=source) for unit in units]

    def task(self, dataset: str, split: int) -> Task:
        """A task with one of its splits."""
        return data.uci(self.data, dataset, split, fixed=self.fixed)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Htru2(Experiment):
    """Pulsars: the HTRU2 task of Klambauer et al. 2017, table 3, by cross-validation."""

    question = "Does SELU find pulsars better than other ways of keeping deep networks trainable?"
    every_depth = False

    data: Path
    """Directory with htru2.npz."""
    folds: int = 10
    """Of the cross-validation."""
    grid: Literal["small", "paper"] = "small"
    """Which settings are tried."""
    epochs: int = 20
    """Of which the one with the highest validation accuracy, averaged over five, counts."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run."""
        super().__post_init__()
        require_positive(self, "epochs")
        if self.folds < 2:
            raise ValueError(f"folds must be at least 2; got {self.folds}.")

    def units(self) -> list[Unit]:
        """One for each fold, method and shape."""
        protocol = Protocol(self.epochs, self.epochs, momentum=0.0, score="accuracy", smoothing=5)
        folds = [("htru2", fold) for fold in range(self.folds)]
        units = units_of(self, folds, grids.HTRU2[self.grid], protocol)
        return [dataclasses.replace(unit, padded=True, source=f"{self.folds} folds") for unit in units]

    def task(self, dataset: str, split: int) -> Task:  # noqa: ARG002  # there is one dataset
        """One fold."""
        return data.htru2(self.data, split, self.folds)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fashion(Experiment):
    """The training loss over depth: figure 1 of Klambauer et al. 2017, on Fashion-MNIST or MNIST."""

    question = "How does the training loss fall with 8, 16 and 32 layers?"

    data: Path
    """Directory with the four idx files."""
    methods: tuple[str, ...] = ("snn", "batchnorm")
    """Which methods to compare."""
    depths: tuple[int, ...] = (8, 16, 32)
    """Hidden layers."""
    width: int = 128
    """Units, or channels, of every hidden layer."""
    learning_rates: tuple[float, ...] = (0.001, 0.003, 0.01)
    """Tried for every method; the validation loss chooses. The paper's 1e-5 takes a hundred times as long."""
    rows: int = 20_000
    """Training rows."""
    epochs: int = 20
    """Of training."""
    seeds: int = 1
    """Networks of each kind."""
    architecture: Literal["connected", "convolutional"] = "connected"
    """What the networks are."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run."""
        super().__post_init__()
        require_positive(self, "depths", "width", "rows", "epochs", "seeds")
        require_rates(self.learning_rates)

    @property
    def images(self) -> bool:
        """Whether its networks are convolutional."""
        return self.architecture == "convolutional"

    def units(self) -> list[Unit]:
        """One for each depth and method."""
        grid = Grid(self.depths, (self.width,), self.learning_rates, seeds=self.seeds)
        image = (28, 28, 1) if self.images else None
        units = units_of(self, [("fashion", 0)], grid, Protocol(self.epochs, self.epochs))
        source = f"first {self.rows} rows"
        return [dataclasses.replace(unit, image=image, looks=True, source=source) for unit in units]

    def task(self, dataset: str, split: int) -> Task:  # noqa: ARG002  # there is one
        """The pictures."""
        return data.fashion(self.data, self.rows)
