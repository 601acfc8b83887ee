"""What the options of all benchmarks share."""

import dataclasses
import typing
from pathlib import Path

from research.benchmarks.peers import chosen

RESULTS = Path(__file__).parent / "results"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """Options of a benchmark: those that all have, and the rules by which those of each are checked.

    A number is at least 1; of several things at least one is named, unless none means all; what is one of a
    few is one of them.
    """

    functions: tuple[str, ...] = ()
    """Names of shared functions; all where none is given."""
    out: Path = RESULTS
    """Where results and picture go."""
    quick: bool = False
    """Something small, to try it out."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run.

        Raises:
            ValueError: If an option is outside its domain.
        """
        chosen(self.functions)
        kinds = typing.get_type_hints(type(self))
        for field in dataclasses.fields(self):
            name, value = field.name, getattr(self, field.name)
            several = value if isinstance(value, tuple) else (value,)
            if field.default and not several:
                raise ValueError(f"{name} must name at least one; got none.")
            for one in several:
                if type(one) is int and one < 1:
                    raise ValueError(f"{name} must be at least 1; got {one}.")
                choices = typing.get_args(next(iter(typing.get_args(kinds[name])), None))
                if choices and one not in choices:
                    raise ValueError(f"{name} are of {', '.join(choices)}; got {one}.")
