"""Ratios of what two libraries take for the same, and their geometric means."""

import dataclasses
import statistics
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]

IDENTITY = ("function", "model", "dtype", "size", "what")
"""What two rows must share to be compared, where they have it."""


@dataclasses.dataclass(frozen=True)
class Ratios:
    """How often the quantity of one library contains that of another.

    Attributes:
        of: The ratio for each thing that both libraries did.
    """

    of: Mapping[tuple[Any, ...], float]

    @property
    def mean(self) -> float | None:
        """The geometric mean, or None of nothing."""
        return statistics.geometric_mean(self.of.values()) if self.of else None

    @property
    def smallest(self) -> float | None:
        """The smallest ratio, or None of nothing."""
        return min(self.of.values(), default=None)

    @property
    def largest(self) -> float | None:
        """The largest ratio, or None of nothing."""
        return max(self.of.values(), default=None)

    def where(self, value: float | None) -> str:
        """Which thing has a ratio, its parts side by side."""
        return next((" ".join(map(str, key)) for key, ratio in self.of.items() if ratio == value), "")


def ratios(
    rows: Iterable[Row], over: str, under: str, quantity: str = "seconds", **where: Collection[Any]
) -> Ratios:
    """Divides what one library took by what another took for the same.

    Args:
        rows: Each with a `library`, what it did (`IDENTITY`) and quantities; None where it failed.
        over: The library in the numerator.
        under: The library in the denominator.
        quantity: Which quantity.
        where: The values that rows are to have, by key; a key that is not named may have any.
    """
    found: dict[tuple[Any, ...], dict[str, float]] = {}
    for row in rows:
        if row.get(quantity) and all(row[key] in values for key, values in where.items()):
            key = tuple(row[part] for part in IDENTITY if part in row)
            found.setdefault(key, {})[row["library"]] = row[quantity]
    return Ratios({key: by[over] / by[under] for key, by in found.items() if over in by and under in by})


def shown(value: float | None, unit: str = "x") -> str:
    """A ratio as a table shows it."""
    return "" if value is None else f"{value:.2f}{unit}"


def elements(size: int) -> str:
    """A number of elements, as a power of 2 where it is one."""
    exponent = size.bit_length() - 1
    return f"2^{exponent}" if size == 1 << exponent else str(size)


def ordered(rows: Iterable[Row], key: Callable[[Row], Any]) -> list[Any]:
    """The values that rows have, each once, in the order in which they come."""
    return list(dict.fromkeys(key(row) for row in rows))
