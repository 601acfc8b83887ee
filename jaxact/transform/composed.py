"""What transforms share: a function made of another, with a spec that is composed of the other's."""

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from jaxtyping import Array

from jaxact._formula import parse
from jaxact._numeric import elementwise
from jaxact._registry import spec
from jaxact._spec import Activation, Joint, Spec
from jaxact._vectors import joined, separated, vectors


@dataclasses.dataclass(frozen=True)
class Base:
    """An activation with its parameters bound.

    Attributes:
        function: Of one array.
        name: What it is called.
        spec: What is written down of it; None for a function that states nothing.
        values: Its parameters.
        joints: Where its pieces meet, as far as that is stated.
    """

    function: Callable[[Any], Any]
    name: str
    spec: Spec | None
    values: Mapping[str, float]
    joints: tuple[Joint, ...]

    @property
    def kinks(self) -> tuple[float, ...]:
        """The points where its pieces meet."""
        return tuple(joint.at for joint in self.joints)


def base(f: str | Callable[..., Any], parameters: Mapping[str, Any]) -> Base:
    """Binds the parameters of an activation.

    Args:
        f: An activation of the catalogue or its name, or an elementwise function of one array.
        parameters: Values for its keyword parameters.

    Raises:
        KeyError: If no activation has that name.
        TypeError: If `f` is no function, or has no such parameter.
    """
    try:
        entry = spec(f)  # pyright: ignore[reportArgumentType]  # any function may be asked for
    except KeyError:
        if isinstance(f, str):
            raise
        entry = None
    function = f if entry is None else entry.function
    if not callable(function):
        raise TypeError(f"A transform takes a function; got {type(f).__name__} {f!r}.")
    known = {} if entry is None else entry.defaults
    parameters = separated(str(getattr(function, "__name__", "f")), parameters, vectors(known))
    unknown = sorted(set(parameters) - set(known))
    if entry is not None and unknown:
        allowed = ", ".join(joined(known)) or "none"
        raise TypeError(f"{entry.name} has no parameter {', '.join(unknown)}; its parameters: {allowed}.")
    values = {**known, **{key: float(value) for key, value in parameters.items()}}
    name = str(getattr(function, "__name__", "f"))
    joints = () if entry is None else entry.joints(**values)

    def bound(x: Any) -> Any:
        return function(x, **values)

    return Base(bound if parameters else function, name, entry, values, joints)


def composed(
    inner: Base,
    name: str,
    body: Callable[..., Array],
    *,
    outer: str,
    argument: str,
    paper: str,
    joints: Iterable[Joint],
) -> Activation:
    """A function with the dtype law, and with a spec where the one that it is made of has one.

    Args:
        inner: What it is made of.
        name: What it is to be called.
        body: What it computes.
        outer: The same as a formula in `f`, the value of the inner function.
        argument: Of what that is the value, a formula in `x`.
        paper: Of the transform.
        joints: Where its pieces meet.
    """
    body.__name__ = body.__qualname__ = name
    body.__doc__ = f"`{outer}` with f = {inner.name}({argument})."
    function = cast("Activation", elementwise(body))
    if inner.spec is not None:
        numbers = {key: decimal(value) for key, value in inner.values.items()}
        value = inner.spec.formula.substituted({"x": argument, **numbers})
        meeting = tuple(sorted(joints))
        entry = Spec(
            name=name,
            family="transform",
            function=function,
            formula=parse(outer).substituted({"f": value.text}),
            paper=f"{paper}; {inner.spec.paper}",
            kinks=lambda **_: meeting,
        )
        function.spec = entry  # pyright: ignore[reportAttributeAccessIssue]
    return function


def decimal(value: float) -> str:
    """A number as a formula writes it; an infinite one as a number beyond all floats."""
    if math.isinf(value):
        return "1e999" if value > 0 else "(-1e999)"
    return repr(value) if value >= 0 else f"(-{-value!r})"
