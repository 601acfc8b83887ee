"""The settings that are tried for every method: the paper's, and smaller grids with the same ends."""

import dataclasses
import itertools
from collections.abc import Iterator
from typing import Literal, NamedTuple

from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.training import Setting

Form = Literal["rectangular", "conic"]


class Shape(NamedTuple):
    """Of the hidden layers.

    Attributes:
        depth: How many; residual blocks count two.
        width: Units of each, or of the first.
        form: Whether all are as wide, or shrink geometrically to the classes.
    """

    depth: int
    width: int
    form: Form = "rectangular"


@dataclasses.dataclass(frozen=True)
class Grid:
    """Settings of every method.

    Attributes:
        depths: Hidden layers.
        widths: Of every hidden layer, or of the first.
        learning_rates: Of gradient descent.
        forms: Conic ones are tried where a method has layers of different widths.
        dropout: Whether to try with and without dropout: alpha dropout at 0.05 for SELU, dropout at 0.5 for
            all others, as in Klambauer et al. 2017.
        seeds: Networks at each setting.
    """

    depths: tuple[int, ...]
    widths: tuple[int, ...]
    learning_rates: tuple[float, ...]
    forms: tuple[Form, ...] = ("rectangular",)
    dropout: bool = False
    seeds: int = 1

    def shapes(self, method: str) -> Iterator[Shape]:
        """What a method is tried with."""
        for depth, width, form in itertools.product(self.depths, self.widths, self.forms):
            if form == "rectangular" or METHODS[method].layer is not None:
                yield Shape(depth, width, form)

    def settings(self, method: str) -> tuple[Setting, ...]:
        """What the networks of one shape are tried with, all at once."""
        rate = 0.05 if METHODS[method].alpha else 0.5
        rates = (0.0, rate) if self.dropout else (0.0,)
        return tuple(Setting(*pair) for pair in itertools.product(self.learning_rates, rates))


_RATES = (0.01, 0.1, 1.0)

UCI = {
    "paper": Grid(
        (2, 3, 4, 8, 16, 32), (256, 512, 1024), _RATES, forms=("rectangular", "conic"), dropout=True
    ),
    "small": Grid((2, 8, 32), (64,), _RATES, dropout=True),
}
"""For the UCI tasks. The small grid keeps all learning rates and dropout rates, which decide whether a deep
network trains, and of the depths the ends and the geometric middle; it has one width, as small as 2 cores
ask. Every method is tried with as many settings."""

HTRU2 = {
    "paper": Grid((2, 4, 8, 16, 32), (256, 512, 1024), _RATES, forms=("rectangular", "conic"), dropout=True),
    "small": Grid((2, 8), (64,), _RATES, dropout=True),
}
"""For HTRU2, chosen likewise; its 14,000 training rows of 10 folds leave time for two depths."""
