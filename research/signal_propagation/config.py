"""Everything that can be chosen in the study, with the reason for what is chosen."""

import dataclasses
from pathlib import Path

from research.options import require_known
from research.signal_propagation.recipes import FUNCTIONS, RECIPES

QUESTION = "Do signals and gradients in real networks follow mean-field theory, to a thousand layers?"


@dataclasses.dataclass(frozen=True)
class Config:
    """Options of the study."""

    functions: tuple[str, ...] = tuple(FUNCTIONS)
    """Which activations."""
    recipes: tuple[str, ...] = tuple(RECIPES)
    """Which ways to draw the weights; all of a function share their random numbers."""
    depth: int = 1000
    """Layers. Enough for every error that grows from layer to layer to show."""
    width: int = 1000
    """Units of every layer. What theory neglects is of the order of depth / width."""
    inputs: int = 64
    """Rows of standard normal numbers, and the batch of batch normalization. The time goes with it."""
    points: int = 60
    """About how many depths are kept in the results, in geometric progression."""
    seed: int = 0
    """Of weights, inputs and gradients."""
    out: Path = Path("runs/signal_propagation")
    """Where results.json and the pictures go."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run.

        Raises:
            ValueError: If an option is outside its domain.
        """
        for kind, names, known in (
            ("function", self.functions, FUNCTIONS),
            ("recipe", self.recipes, RECIPES),
        ):
            if not names:
                raise ValueError(f"{kind}s must name at least one; got none.")
            for name in names:
                require_known(kind, name, known)
        for name, least in {"depth": 2, "width": 2, "inputs": 4, "points": 2}.items():
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}; got {getattr(self, name)}.")
