"""Everything that can be chosen in the study, with the reason for what is chosen."""

import dataclasses
import math
from pathlib import Path

from research.options import require_known
from research.selu_vs_batchnorm.recipes import RECIPES

QUESTION = "Does SELU normalize deep networks as well as batch normalization does?"


@dataclasses.dataclass(frozen=True)
class Config:
    """Options of the study."""

    depths: tuple[int, ...] = (8, 32)
    """Hidden layers. 8 trains with almost any recipe, 32 only where the signal survives."""
    widths: tuple[int, ...] = (64,)
    """Units of every hidden layer. 64 is the number of pixels of a digit, and small enough for 2 cores."""
    seeds: int = 3
    """Runs of each recipe, from seeds 0, 1, ...; the fewest that show a spread."""
    recipes: tuple[str, ...] = tuple(RECIPES)
    """Which recipes to compare."""
    dataset: str = "digits"
    """Of scikit-learn: digits, wine, breast_cancer; with --data, the name of a file there without .npz."""
    data: Path | None = None
    """Directory with UCI tasks as .npz files."""
    split: int = 0
    """Which of the splits that a file in --data brings."""
    out: Path = Path("runs/selu_vs_batchnorm")
    """Where results.json and the pictures go."""
    learning_rates: tuple[float, ...] = (0.003, 0.01, 0.03)
    """Tried for every recipe; the validation loss chooses. A single rate would decide the comparison: with 8
    layers batch normalization wants 0.03 and SELU 0.003, and 0.1 makes SELU diverge."""
    momentum: float = 0.9
    """Of stochastic gradient descent. Adam would rescale each layer's gradient and hide what is asked."""
    batch_size: int = 128
    """Rows per step; large enough for the statistics of a batch, small enough for 8 steps per epoch."""
    epochs: int = 50
    """At most; what a recipe reaches in as many is what is compared."""
    patience: int = 10
    """Epochs without a better validation loss before a run stops."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run.

        Raises:
            ValueError: If an option is outside its domain.
        """
        for name in ("depths", "widths", "learning_rates", "recipes"):
            if not getattr(self, name):
                raise ValueError(f"{name} must name at least one; got none.")
        for name in ("depths", "widths", "seeds", "batch_size", "epochs", "patience"):
            value = getattr(self, name)
            if min(value if isinstance(value, tuple) else (value,)) < 1:
                raise ValueError(f"{name} must be at least 1; got {value}.")
        if not all(0 < rate < math.inf for rate in self.learning_rates):
            raise ValueError(f"learning_rates must be positive and finite; got {self.learning_rates}.")
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum must lie in [0, 1); got {self.momentum}.")
        for name in self.recipes:
            require_known("recipe", name, RECIPES)
