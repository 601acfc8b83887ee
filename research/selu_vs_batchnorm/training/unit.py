"""What is trained together."""

import dataclasses
import json
from typing import Literal

import numpy as np

from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.training import train
from research.selu_vs_batchnorm.training.protocol import Protocol, Setting


@dataclasses.dataclass(frozen=True)
class Unit:
    """What is trained together, and recorded together.

    Attributes:
        dataset: Its name.
        split: Which of its splits.
        method: Of `METHODS`.
        depth: Hidden layers; residual blocks count two.
        width: Units of every hidden layer, or of the first.
        settings: What is tried with every seed.
        seeds: How many: 0, 1, ..., of the weights, the order of the rows and the masks of dropout.
        protocol: How they are trained.
        form: Whether all hidden layers are as wide as the first, or shrink geometrically to the classes.
        image: Height, width and channels of a row, for convolutional networks.
        padded: Whether the task's sizes are rounded up, so that other tasks use the same program.
        source: What else was asked of the data.
        looks: Whether the signal in every layer is measured before and after.
    """

    dataset: str
    split: int
    method: str
    depth: int
    width: int
    settings: tuple[Setting, ...]
    seeds: int
    protocol: Protocol
    form: Literal["rectangular", "conic"] = "rectangular"
    image: tuple[int, int, int] | None = None
    padded: bool = False
    source: str = ""
    looks: bool = False

    def __str__(self) -> str:
        """What it is called on the screen."""
        of = f"{self.depth} layers of {self.width}"
        return f"{METHODS[self.method].label}, {of}, {self.dataset}"

    @property
    def networks(self) -> int:
        """How many are trained."""
        return self.seeds * len(self.settings)

    @property
    def key(self) -> str:
        """All that its results depend on, beside versions and the device."""
        return json.dumps(dataclasses.asdict(self), separators=(",", ":"))

    def widths(self, features: int, classes: int) -> tuple[int, ...]:
        """Of all layers of its networks."""
        if self.form == "rectangular":
            return (features, *[self.width] * self.depth, classes)
        shrunk = self.width * (classes / self.width) ** (np.arange(self.depth) / self.depth)
        return (features, *(round(width) for width in shrunk.tolist()), classes)

    def network(self, widths: tuple[int, int]) -> train.Network:
        """Its networks, for room for features and classes."""
        noise = any(setting.dropout for setting in self.settings)
        return train.Network(METHODS[self.method], self.widths(*widths), noise, self.image)
