"""What the study finds, as plain values that JSON can hold."""

import dataclasses
import math

import numpy as np

from jaxact.properties.evidence import Verdict


@dataclasses.dataclass(frozen=True, kw_only=True)
class Run:
    """One training from one seed at one learning rate; accuracies in [0, 1], losses in nats per row.

    Attributes:
        seed: Seed of weights and batches.
        learning_rate: Of gradient descent.
        best_epoch: When the validation loss was lowest, 0 for never below infinity.
        diverged_at: The epoch in which the loss became infinite or NaN, None if it did not.
        train_loss: At the best epoch's weights, as all that follow.
        validation_loss: Likewise.
        test_loss: Likewise.
        test_accuracy: Likewise.
    """

    seed: int
    learning_rate: float
    best_epoch: int
    diverged_at: int | None
    train_loss: float
    validation_loss: float
    test_loss: float
    test_accuracy: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Unit:
    """A recipe at one depth and width: all its runs, and in detail those at the chosen learning rate.

    Attributes:
        recipe: Its name.
        label: What it is called in tables.
        depth: Hidden layers.
        width: Units of each.
        parameters: Trained numbers.
        learning_rate: Chosen by fewest divergences, then by the mean validation loss.
        runs: One for every learning rate and seed.
        curves: Training and validation loss at the chosen rate, a list over epochs for each seed.
        layers: Mean, variance and gradient norm of each hidden layer, `initial` and `trained`, mean over the
            seeds at the chosen rate.
        step_seconds: Seconds per step of all runs at once, median over epochs.
        compile_seconds: Seconds to trace and compile the program of one epoch.
        memory_bytes: Bytes of that program's arguments, results and temporaries, for all runs; None where
            XLA does not tell.
    """

    recipe: str
    label: str
    depth: int
    width: int
    parameters: int
    learning_rate: float
    runs: list[Run]
    curves: dict[str, list[list[float]]]
    layers: dict[str, dict[str, list[float]]]
    step_seconds: float
    compile_seconds: float
    memory_bytes: int | None

    @property
    def chosen(self) -> list[Run]:
        """The runs at the chosen learning rate."""
        return [run for run in self.runs if run.learning_rate == self.learning_rate]

    @property
    def diverged(self) -> int:
        """How many of those diverged."""
        return sum(run.diverged_at is not None for run in self.chosen)

    def spread(self, name: str) -> tuple[float, float]:
        """Mean and standard deviation of a figure over the seeds."""
        values = [getattr(run, name) for run in self.chosen]
        return float(np.mean(values)), float(np.std(values, ddof=min(1, len(values) - 1)))

    def gradient_ratio(self, when: str) -> float:
        """Gradient norm at the first hidden layer relative to the last."""
        norms = self.layers[when]["gradient"]
        return norms[0] / norms[-1] if norms[-1] else math.nan


def answer(units: list[Unit]) -> str:
    """The accuracies at the greatest depth, and at its greatest width, in one sentence."""
    if not units:
        return "No unit was finished."
    depth = max(unit.depth for unit in units)
    width = max(unit.width for unit in units if unit.depth == depth)
    shown = [unit for unit in units if (unit.depth, unit.width) == (depth, width)]
    parts = [f"{unit.label} {accuracy(unit)}" for unit in shown]
    return f"Test accuracy with {depth} hidden layers: {', '.join(parts)}."


def accuracy(unit: Unit) -> str:
    """Test accuracy in per cent, mean and deviation over the seeds, and how many diverged."""
    mean, deviation = unit.spread("test_accuracy")
    diverged = f" ({unit.diverged} of {len(unit.chosen)} diverged)" if unit.diverged else ""
    return f"{100 * mean:.1f} ± {100 * deviation:.1f} %{diverged}"


def verdict(found: Verdict) -> str:
    """Whether a function has what a criterion asks for, how that is known, and what was seen."""
    holds = {True: "yes", False: "no", None: "open"}[found.holds]
    return f"{holds} ({found.evidence}): {found.finding}"
