"""How networks are trained, stopped and chosen."""

import dataclasses
import math
from typing import Literal, NamedTuple


class Setting(NamedTuple):
    """What is tried with every seed in one program.

    Attributes:
        learning_rate: Of gradient descent.
        dropout: Rate of dropout, in `[0, 1)`.
    """

    learning_rate: float
    dropout: float = 0.0


@dataclasses.dataclass(frozen=True)
class Protocol:
    """Stochastic gradient descent on the cross-entropy of logits, stopped by the validation rows.

    Attributes:
        epochs: At most.
        patience: Epochs without a better score before a network stops.
        batch_size: Rows per step, a power of two; fewer where the task has less than four batches of that.
        momentum: Of gradient descent, in `[0, 1)`.
        score: What the best epoch has: the lowest validation loss or the highest validation accuracy.
        smoothing: Epochs whose mean score counts.
    """

    epochs: int
    patience: int
    batch_size: int = 128
    momentum: float = 0.9
    score: Literal["loss", "accuracy"] = "loss"
    smoothing: int = 1

    def __post_init__(self) -> None:
        """Refuses what cannot be run.

        Raises:
            ValueError: If a number is outside its domain.
        """
        for name in ("epochs", "patience", "batch_size", "smoothing"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1; got {getattr(self, name)}.")
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum must lie in [0, 1); got {self.momentum}.")

    def batch(self, rows: int) -> int:
        """Rows per step of a task with so many rows to train on."""
        quarter = 2 ** int(math.log2(max(rows / 4, 32)))
        return min(self.batch_size, quarter, rows)
