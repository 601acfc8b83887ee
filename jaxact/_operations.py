"""The one place where a function of several numbers becomes an activation, and where every name is found."""

import dataclasses
import difflib
import inspect
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeVar, overload

from jaxtyping import Array, ArrayLike

from jaxact import _registry as registry
from jaxact._docstring import of_operation
from jaxact._numeric import elementwise
from jaxact._several import drawn, gated, on_complex, rowwise
from jaxact._spec import LAWS, Kind, Operation, Parameter, Spec

F = TypeVar("F", bound=Callable[..., Any])

_WRAPPERS: Mapping[Kind, Callable[..., Any]] = {
    "row": rowwise,
    "gated": gated,
    "random": drawn,
    "complex": on_complex,
    "step": elementwise,
}

_operations: dict[str, Operation] = {}
operations: Mapping[str, Operation] = MappingProxyType(_operations)
"""Every activation of several numbers by its name, read-only."""


class Gated(Protocol):
    """A function of a value and a gate, or of an array whose halves they are."""

    __name__: str

    def __call__(
        self, x: ArrayLike, gate: ArrayLike | None = None, *, axis: int = -1, **parameters: ArrayLike
    ) -> Array:
        """Applies the function."""
        ...


@overload
def operation(kind: Literal["gated"], **written: Any) -> Callable[[Callable[..., Any]], Gated]: ...
@overload
def operation(kind: Literal["row", "random", "complex", "step"], **written: Any) -> Callable[[F], F]: ...
def operation(
    kind: Kind,
    *,
    formula: str,
    paper: str,
    aliases: tuple[str, ...] = (),
    parameters: tuple[Parameter, ...] = (),
    laws: tuple[str, ...] = (),
    lipschitz: float = float("inf"),
    **how: Any,
) -> Callable[..., Any]:
    """Makes the decorated body an activation of several numbers.

    Args:
        kind: What it is a function of; `jaxact._several` says what the body looks like.
        formula: What it computes, for people.
        paper: Authors, year and title, or arXiv number.
        aliases: Other names in use.
        parameters: One entry for each keyword of the body that is a number and may be an array.
        laws: What is true of it, of `jaxact._spec.LAWS`; the tests hold it to them.
        lipschitz: Its Lipschitz constant in the Euclidean norm.
        **how: Options of the wrapper, such as the tangent.

    Raises:
        ValueError: If a name is taken, a law unknown, or a parameter not the body's.
    """

    def register(body: Callable[..., Any]) -> Callable[..., Any]:
        name = body.__name__
        signature = inspect.signature(body).parameters
        missing = [p.name for p in parameters if p.name not in signature]
        if missing:
            raise ValueError(f"{name} takes {[*signature]}; described are {missing}.")
        for law in set(laws) - LAWS.keys():
            raise ValueError(f"{name}: {law!r} is no law; they are {', '.join(LAWS)}.")
        described = tuple(
            dataclasses.replace(p, default=float(signature[p.name].default)) for p in parameters
        )
        function = _WRAPPERS[kind](body, parameters=described, **how)
        entry = Operation(
            name=name,
            family=body.__module__.rpartition(".")[2],
            kind=kind,
            function=function,
            formula=formula,
            paper=paper,
            aliases=aliases,
            parameters=described,
            laws=laws,
            lipschitz=lipschitz,
        )
        registry.enter(entry)
        _operations[name] = entry
        if body.__doc__:  # which python -OO takes away
            function.__doc__ = of_operation(body.__doc__, entry)
        return function

    return register


def get(name: str) -> Callable[..., Any]:
    """Returns an activation by its name, in the spelling of whichever library.

    Case, spaces and underscores do not matter: `gelu_pytorch_tanh`, `LeakyReLU`, `hardswish` are all found.
    Parameters have jaxact's defaults, which may not be those of the library of the name.

    Args:
        name: Name or alias of an activation of any kind.

    Raises:
        KeyError: If there is none; the message gives the nearest names.

    Examples:
        >>> import jaxact
        >>> jaxact.get("LeakyReLU") is jaxact.leaky_relu
        True
    """
    return entry(name).function


def entry(name: str) -> Spec | Operation:
    """What is written down of the activation of a name, in whichever spelling.

    Raises:
        KeyError: If there is none; the message gives the nearest names.
    """
    known, plain = {_plain(one): each for one, each in registry.names.items()}, _plain(name)
    if plain not in known:
        near = difflib.get_close_matches(plain, known, cutoff=0.5)
        raise registry.unknown(name, (known[each].name for each in near))
    return known[plain]


def _plain(name: str) -> str:
    return re.sub(r"[ _.-]", "", name).lower()
