"""The vocabulary in which an activation states its mathematics."""

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from jaxact._facts import Facts, catalogue
from jaxact._formula import NUMPY, Formula, parse


@runtime_checkable
class Activation(Protocol):
    """An elementwise real function of its first argument."""

    __name__: str
    __module__: str

    def __call__(self, x: Any, /, **parameters: Any) -> Any:
        """Applies the function to every element of `x`."""
        ...


class Kink(NamedTuple):
    """A point where two pieces of a function meet, so that f, f' or f'' may jump.

    Attributes:
        at: The point, a formula in the parameters.
        slope: The slope that differentiation takes there, a formula in the parameters.
    """

    at: str
    slope: str


class Joint(NamedTuple):
    """A kink at given parameters."""

    at: float
    slope: float


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an activation.

    Attributes:
        name: The keyword by which it is passed, named by its role.
        domain: The values it may take, an interval such as `"(0, inf)"`.
        meaning: What it does, a phrase without a full stop.
        source: Where the default comes from.
        learned: Whether it is meant to be trained.
        default: Read from the function's signature.
    """

    name: str
    domain: str
    meaning: str
    source: str
    learned: bool = False
    default: float = math.nan

    def __post_init__(self) -> None:
        """Refuses a domain that is no interval.

        Raises:
            ValueError: If the domain cannot be read or is empty.
        """
        try:
            low, high = self.bounds
        except ValueError:
            low, high = math.nan, math.nan
        if not (low < high and self.domain[0] in "([" and self.domain[-1] in ")]"):
            message = f"{self.name} lies in an interval such as (0, inf); got {self.domain!r}."
            raise ValueError(message)

    @property
    def bounds(self) -> tuple[float, float]:
        """The ends of the domain."""
        low, high = self.domain[1:-1].split(",")
        return float(low), float(high)

    def __contains__(self, value: float) -> bool:
        """Whether the parameter may take a value."""
        number, (low, high) = float(value), self.bounds
        above = number >= low if self.domain[0] == "[" else number > low
        below = number <= high if self.domain[-1] == "]" else number < high
        return above and below


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Spec:
    """What is written down of an activation; everything else is derived from it.

    Attributes:
        name: The function's name, unique in the catalogue.
        family: The module of `jaxact.functions` it stands in.
        function: The function itself.
        formula: What it computes, as a mathematician writes it.
        paper: Where it comes from.
        image: The values that it takes, an interval in the parameters; empty where nobody has said.
        aliases: Other names in use for the same function.
        parameters: Its keyword parameters, in the order of the signature.
        kinks: Where its pieces meet; a function of the parameters where no formula tells.
        ill_conditioned: Where a rounding of `x` or a parameter moves the value by many units in the last
            place, with the condition number `|x f'(x) / f(x)|`; empty for most functions.
    """

    name: str
    family: str
    function: Activation
    formula: Formula
    paper: str
    image: str = ""
    aliases: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    kinks: tuple[Kink, ...] | Callable[..., tuple[Joint, ...]] = ()
    ill_conditioned: str = ""

    @property
    def defaults(self) -> Mapping[str, float]:
        """The default of every parameter."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    @property
    def facts(self) -> Facts | None:
        """What is proved of it at the default parameters; None where nothing is on record."""
        return catalogue().get(self.name)

    def joints(self, **parameters: float) -> tuple[Joint, ...]:
        """The kinks at given parameters (defaults where not given), from left to right."""
        values = {**self.defaults, **parameters}

        def number(text: str) -> float:
            formula = parse(text)
            return float(formula.evaluate(NUMPY, **{name: values[name] for name in formula.names}))

        if callable(self.kinks):
            return self.kinks(**values)
        joints = {Joint(number(kink.at), number(kink.slope)) for kink in self.kinks}
        return tuple(sorted(joint for joint in joints if math.isfinite(joint.at)))


Kind = Literal["row", "gated", "random", "complex", "step"]
KINDS: Mapping[Kind, str] = {
    "row": "the entries along an axis",
    "gated": "a value and a gate",
    "random": "an array and a random key",
    "complex": "complex numbers",
    "step": "a number, with a slope that is not the formula's",
}
"""What an activation that no formula in one real number describes is a function of."""

LAWS: Mapping[str, str] = {
    "simplex": "every row is nonnegative and sums to 1",
    "shift_invariant": "adding a number to a row changes nothing",
    "equivariant": "a permutation of a row permutes the result alike",
    "norm_preserving": "the Euclidean norm of a row stays",
    "idempotent": "a second application changes nothing",
    "homogeneous": "a positive factor passes through",
}
"""What may be true of an activation of rows."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """What is written down of an activation of several numbers.

    Attributes:
        name: The function's name, unique in the catalogue.
        family: The module of `jaxact.functions` it stands in.
        kind: What it is a function of.
        function: The function itself.
        formula: What it computes, for people.
        paper: Where it comes from.
        aliases: Other names in use for the same function.
        parameters: Its keyword parameters that are numbers, in the order of the signature.
        laws: What is true of it, of `LAWS`.
        lipschitz: The least L with `|f(x) - f(y)| <= L |x - y|` in the Euclidean norm of rows, at the default
            parameters; infinity where there is none.
    """

    name: str
    family: str
    kind: Kind
    function: Callable[..., Any]
    formula: str
    paper: str
    aliases: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    laws: tuple[str, ...] = ()
    lipschitz: float = math.inf

    @property
    def defaults(self) -> Mapping[str, float]:
        """The default of every parameter."""
        return {parameter.name: parameter.default for parameter in self.parameters}
