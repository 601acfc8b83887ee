"""Parameters of several numbers: a vector `slopes` is the numbers `slopes[0]`, `slopes[1]` and so on.

Formulas, kinks, laws and proofs speak of the numbers. A caller passes a vector whole, along the first axis of
an array or as a sequence, and the body of an activation is handed it as a tuple.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Array, ArrayLike

Numbers = Array | np.ndarray | Sequence[ArrayLike]
"""What is passed for a vector: its numbers lie along the first axis."""


def entries(name: str, value: Any) -> dict[str, Any]:
    """A parameter by the names of its numbers: a tuple is a vector, anything else a number."""
    if not isinstance(value, tuple):
        return {name: value}
    return dict(zip(entry_names(name, len(value)), value, strict=True))


def entry_names(name: str, count: int) -> list[str]:
    """What the numbers of a vector are called."""
    return [f"{name}[{index}]" for index in range(count)]


def stem(name: str) -> str:
    """The keyword to which a number belongs: `slopes` for `slopes[1]`."""
    return name.partition("[")[0]


def joined(named: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers by the names of their keywords, those of a vector as a tuple."""
    whole: dict[str, Any] = {}
    for name, value in named.items():
        key = stem(name)
        whole[key] = value if key == name else (*whole.get(key, ()), value)
    return whole


def vectors(names: Iterable[str]) -> dict[str, int]:
    """How many numbers each vector among parameters has."""
    whole = joined({name: name for name in names})
    return {name: len(numbers) for name, numbers in whole.items() if isinstance(numbers, tuple)}


def shown(value: float | tuple[float, ...]) -> str:
    """A default as it is printed, of a vector its numbers."""
    return f"({', '.join(map(shown, value))})" if isinstance(value, tuple) else f"{value:g}"


def separated(function: str, given: Mapping[str, Any], known: Mapping[str, int]) -> dict[str, Any]:
    """Parameters by the names of their numbers, where vectors may be passed whole.

    Args:
        function: What was called, for messages.
        given: Parameters as they were passed.
        known: The vectors that the function has.

    Raises:
        TypeError: If a vector is passed as one number, or as a whole and by its numbers.
        ValueError: If a vector has no entry.
    """
    flat: dict[str, Any] = {}
    for name, value in given.items():
        own = entries(name, _numbers(function, name, value)) if name in known else {name: value}
        for twice in own.keys() & given.keys() - {name}:
            raise TypeError(f"{function}: pass {name} or {twice}; got both.")
        flat |= own
    return flat


def _numbers(function: str, name: str, value: Any) -> tuple[Any, ...]:
    """What lies along the first axis."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        value = value if hasattr(value, "ndim") else np.asarray(value)
        if value.ndim == 0:
            raise TypeError(f"{function}: {name} is numbers along the first axis; got a single one, {value}.")
    if len(value) == 0:
        raise ValueError(f"{function}: {name} must have at least one number; got none.")
    return (*value,)


def same_count(function: str, **given: Numbers) -> None:
    """Refuses vectors of different lengths where they go together.

    Raises:
        ValueError: If they are not equally long.
    """
    counts = [len(numbers) for numbers in given.values() if isinstance(numbers, tuple)]
    if len({*counts}) > 1:
        names = " and ".join(given)
        got = " and ".join(map(str, counts))
        raise ValueError(f"{function}: {names} must have equally many numbers; got {got}.")
