"""Everything that can be chosen in the study, with the reason for what is chosen."""

import dataclasses
import math
from pathlib import Path

import jaxact
from research.options import require_known

QUESTION = "How deep a network can be trained, and does mean-field theory know it before the first step?"


@dataclasses.dataclass(frozen=True)
class Config:
    """Options of the study."""

    functions: tuple[str, ...] = ("tanh", "relu", "selu", "gelu")
    """Activations of the catalogue: one bounded, one homogeneous, one self-normalizing, one smooth."""
    depths: tuple[int, ...] = (4, 6, 8, 12, 16, 24, 32, 48, 64)
    """Hidden layers, each about 1.4 times as many as before; what trains is known to as much."""
    ratios: tuple[float, ...] = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)
    """Deviations of the weights relative to the edge of chaos of each function, so that each is seen on both
    sides of its own."""
    sigma_b: float = 0.5
    """Deviation of the biases. Layers of GELU stay on their edge of chaos only from 0.416 on, as
    `jaxact.gaussian.half_stable` shows; those of tanh and SELU stay with any."""
    width: int = 64
    """Units of every hidden layer: the number of pixels of a digit, and small enough for 2 cores."""
    seeds: int = 2
    """Networks of each kind, from seeds 0, 1, ...; their mean is shown."""
    rates: tuple[float, ...] = (0.2, 0.8)
    """Learning rates times the depth; the validation rows choose for each cell. The gradient is that of all
    layers together, so the largest stable step falls as depth rises: at a constant rate that is good for 8
    layers none of 64 learns. The smaller one is for the chaotic phase, where the larger one diverges."""
    batch_size: int = 64
    """Rows per step of plain gradient descent. Momentum or Adam would add numbers to choose."""
    epochs: int = 12
    """Of 16 steps each, 192 in all; what is learned in as many is what is compared."""
    out: Path = Path("runs/trainable_depth")
    """Where results.json and the picture go."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run.

        Raises:
            ValueError: If an option is outside its domain.
        """
        for name in ("functions", "depths", "ratios", "rates"):
            given = getattr(self, name)
            if not given or len(set(given)) < len(given):
                raise ValueError(f"{name} must name at least one and none twice; got {given}.")
        for name in ("depths", "width", "seeds", "batch_size", "epochs"):
            value = getattr(self, name)
            if min(value if isinstance(value, tuple) else (value,)) < 1:
                raise ValueError(f"{name} must be at least 1; got {value}.")
        for name in ("ratios", "rates"):
            if not all(0 < value < math.inf for value in getattr(self, name)):
                raise ValueError(f"{name} must be positive and finite; got {getattr(self, name)}.")
        if not 0 <= self.sigma_b < math.inf:
            raise ValueError(f"sigma_b must be finite and not negative; got {self.sigma_b}.")
        for name in self.functions:
            require_known("activation", name, jaxact.specs)
