"""The functions that jaxact shares with jax.nn and torch, found by looking, not listed."""

import dataclasses
import functools
import importlib
import importlib.util
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jax
import jax.numpy as jnp

import jaxact
import jaxact.nn
from research.options import require_known

Elementwise = Callable[[Any], Any]

LIBRARIES = ("jaxact", "jax.nn", "torch")
"""In the order of every table."""


@dataclasses.dataclass(frozen=True)
class Shared:
    """A function that several libraries have, at its default parameters.

    Attributes:
        name: Its name in the catalogue of jaxact.
        functions: By library; torch only where it is installed and has the function.
        spec: Its mathematics.
    """

    name: str
    functions: Mapping[str, Elementwise]
    spec: jaxact.Spec


@functools.cache
def shared() -> Mapping[str, Shared]:
    """All elementwise functions that jaxact implements itself and jax.nn has too, by name."""
    return {found.name: found for found in _found()}


def chosen(names: tuple[str, ...]) -> list[Shared]:
    """The named functions, all where none is named.

    Raises:
        ValueError: If a name is unknown, with the nearest ones.
    """
    for name in names:
        require_known("shared function", name, shared())
    return [shared()[name] for name in dict.fromkeys(names or shared())]


def _found() -> Iterator[Shared]:
    for name in dir(jaxact.nn):
        ours, theirs = getattr(jaxact.nn, name), getattr(jax.nn, name)
        own = (
            inspect.isfunction(ours) and ours is not theirs and ours.__name__ == name
        )  # an alias has another
        if name.startswith("_") or not own or not _elementwise(ours):
            continue
        if "approximate" in inspect.signature(ours).parameters:
            yield _pair(name, ours, theirs, approximate=False)
            yield _pair(f"{name}_tanh", ours, theirs, approximate=True)
        elif str(jaxact.spec(name).formula) != "x":  # the identity computes nothing
            yield _pair(name, ours, theirs)


def _pair(name: str, ours: Elementwise, theirs: Elementwise, **options: bool) -> Shared:
    spec = jaxact.spec(name)
    functions = {
        "jaxact": functools.partial(ours, **options) if options else ours,
        "jax.nn": functools.partial(theirs, **options) if options else theirs,
    }
    other = _in_torch((theirs.__name__, *spec.aliases))
    if other is not None:
        given = {"approximate": "tanh" if options["approximate"] else "none"} if options else {}
        functions["torch"] = functools.partial(other, **given) if given else other
    return Shared(name, functions, spec)


def _in_torch(names: tuple[str, ...]) -> Elementwise | None:
    """What torch calls by one of these names, which it mostly writes without underscores."""
    if importlib.util.find_spec("torch") is None:
        return None
    functional = importlib.import_module("torch.nn.functional")
    spellings = [spelling for name in names for spelling in (name, name.replace("_", ""))]
    return next((getattr(functional, name) for name in spellings if hasattr(functional, name)), None)


def _elementwise(function: Elementwise) -> bool:
    """Whether the result has the shape of the input."""
    x = jax.ShapeDtypeStruct((2,), jnp.float32)
    return jax.eval_shape(function, x).shape == x.shape
