"""What the study finds, as plain values that JSON can hold."""

import dataclasses
from typing import Any

from research.signal_propagation.recipes import FUNCTIONS, RECIPES

LIMIT = 3.0
"""The deviation of a logarithm, a factor of 20, beyond which theory says nothing."""

DEVIATIONS = 2.0
"""How many are allowed."""

TARGETS = (
    ("selu", "lecun"),
    ("tailored_tanh", "lecun"),
    ("normalized_gelu", "lecun"),
    ("normalized_gelu", "critical"),
)
"""The functions made to keep a second moment of 1 with weights of variance 1/n, and where the last rests."""

GROWTH = (("relu", "batch_norm"), ("selu", "lecun"))
"""Of which the growth of gradients is well known."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Curve:
    """Natural logarithms of something, predicted and measured over layers.

    Attributes:
        layers: Which.
        predicted: By mean-field theory, in the limit of wide layers.
        expected: The mean in layers of this width, which is lower: it is the mean of the number that is
            predicted, not that of its logarithm.
        spread: Deviation from there in layers of this width.
        measured: Mean over the inputs.
    """

    layers: list[int]
    predicted: list[float]
    expected: list[float]
    spread: list[float]
    measured: list[float]

    @property
    def deviations(self) -> float:
        """How many deviations the last measured value lies from where it is expected."""
        return (self.measured[-1] - self.expected[-1]) / self.spread[-1]

    @property
    def holds(self) -> bool | None:
        """Whether that is few; None where the deviation is so large that nothing is predicted."""
        return abs(self.deviations) <= DEVIATIONS if self.spread[-1] <= LIMIT else None

    @property
    def predicted_until(self) -> int:
        """The last of the layers up to which something is predicted."""
        return max(
            (at for at, spread in zip(self.layers, self.spread, strict=True) if spread <= LIMIT), default=0
        )

    @property
    def verdict(self) -> dict[str, Any]:
        """The last values, and whether they agree; where nothing is predicted, without what is expected."""
        known = self.holds is not None
        return {
            "holds": self.holds,
            "log_predicted": self.predicted[-1],
            "log_expected": self.expected[-1] if known else None,
            "log_measured": self.measured[-1],
            "deviation": self.spread[-1] if known else None,
            "deviations_from_expected": self.deviations if known else None,
            "predicted_until": self.predicted_until,
        }


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cell:
    """A function with a recipe.

    Attributes:
        function: Its name.
        recipe: Its name.
        sigma_w: Deviation of the weights, times the root of their number.
        sigma_b: Deviation of the biases.
        second: Second moment of the pre-activations of layers.
        gradient: Squared gradient by layers back from the last, relative to that.
        factor: By which squared gradients grow in a layer going back, `predicted` and `measured`: a line
            fitted to the logarithm over all layers; with batch normalization also `large_batch`, the limit.
        leaves: The first layer at which the signal is too large or too small for float32, `predicted` and
            `measured`; None where it never is.
        mean: Of pre-activations, in root second moments, for the layers of `second`.
        correlation: Of inputs, mean over pairs, for the layers of `second`; `predicted` for the first ones.
        inputs: Logarithms of the smallest and the largest second moment of an input at the last layer.
    """

    function: str
    recipe: str
    sigma_w: float
    sigma_b: float
    second: Curve
    gradient: Curve
    factor: dict[str, float]
    leaves: dict[str, int | None]
    mean: list[float]
    correlation: dict[str, list[float]]
    inputs: list[float]

    @property
    def label(self) -> str:
        """The function and the recipe."""
        return f"{FUNCTIONS[self.function].label} with {RECIPES[self.recipe].label}"

    @property
    def depth(self) -> int:
        """The last layer that is compared."""
        return self.second.layers[-1]


def read(found: dict[str, Any]) -> Cell:
    """A cell from what JSON holds of it."""
    curves = {name: Curve(**found[name]) for name in ("second", "gradient")}
    return Cell(**{**found, **curves})


def targets(cells: list[Cell]) -> list[dict[str, Any]]:
    """Whether the second moment of each function made for it is where theory has it, in numbers."""
    found = {(cell.function, cell.recipe): cell for cell in cells}
    chosen = [found[target] for target in TARGETS if target in found]
    return [
        {"function": cell.function, "recipe": cell.recipe, "layer": cell.depth, **cell.second.verdict}
        for cell in chosen
    ]


def verdict(cell: Cell) -> dict[str, Any]:
    """Whether the last second moment and the gradient at the first layer are where theory has them."""
    return {
        "function": cell.function,
        "recipe": cell.recipe,
        "layer": cell.depth,
        "second": cell.second.verdict,
        "gradient": cell.gradient.verdict,
        "factor": cell.factor,
        "leaves": cell.leaves,
    }


def answer(cells: list[Cell]) -> str:
    """How many second moments and gradients are where theory has them, in one sentence."""
    if not cells:
        return "No function was finished."
    parts = [
        f"{where} {_count(chosen, 'second', 'second moments')} and {_count(chosen, 'gradient', 'gradients')}"
        for where, chosen in (
            ("without normalization", [cell for cell in cells if cell.recipe != "batch_norm"]),
            ("with batch normalization", [cell for cell in cells if cell.recipe == "batch_norm"]),
        )
        if chosen
    ]
    depth = max(cell.depth for cell in cells)
    told = (
        f"After {depth} layers, or where float32 ends, these are within two deviations of mean-field theory: "
    )
    found = {(cell.function, cell.recipe): cell for cell in cells}
    grown = [_growth(found[known]) for known in GROWTH if known in found]
    growth = f"; squared gradients grow in a layer {' and '.join(grown)}" if grown else ""
    return f"{told}{', '.join(parts)}{growth}."


def _growth(cell: Cell) -> str:
    """By how much gradients grow, measured and predicted."""
    predicted = f"predicted {cell.factor['predicted']:.4f}"
    if "large_batch" in cell.factor:
        predicted += f", and {cell.factor['large_batch']:.4f} for large batches"
    return f"{cell.factor['measured']:.4f}-fold for {cell.label} ({predicted})"


def _count(cells: list[Cell], name: str, what: str) -> str:
    """How many of those for which something is predicted, and for how many nothing is."""
    verdicts = [getattr(cell, name).holds for cell in cells]
    beyond = verdicts.count(None)
    more = f" ({beyond} more not predictable)" if beyond else ""
    return f"{verdicts.count(True)} of {len(verdicts) - beyond} {what}{more}"
