"""The one place where a function becomes an activation."""

import dataclasses
import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from jaxact._docstring import docstring
from jaxact._formula import parse
from jaxact._numeric import elementwise
from jaxact._spec import Activation, Joint, Kink, Operation, Parameter, Spec
from jaxact._vectors import entries

F = TypeVar("F", bound=Callable[..., Any])

_specs: dict[str, Spec] = {}
names: dict[str, Spec | Operation] = {}
"""Every name and alias, those of the activations of several numbers too."""
specs: Mapping[str, Spec] = MappingProxyType(_specs)
"""Every activation of the catalogue by its name, read-only."""


def activation(
    *,
    formula: str,
    paper: str,
    image: str = "",
    aliases: tuple[str, ...] = (),
    parameters: tuple[Parameter, ...] = (),
    kinks: tuple[Kink, ...] | Callable[..., tuple[Joint, ...]] = (),
    ill_conditioned: str = "",
    slope: Callable[..., Any] | None = None,
    slope_from_output: Callable[..., Any] | None = None,
    narrow: Callable[..., Any] | None = None,
    narrow_slope: Callable[..., Any] | None = None,
) -> Callable[[F], F]:
    """Makes the decorated body an activation of the catalogue.

    The body is written in the arithmetic of one floating dtype, float32 or wider; `jaxact._numeric` gives
    it the dtype law and its derivative. Its docstring has name and formula in the first line and what is
    special about it; the sections on arguments, values, errors and sources follow from the rest.

    Args:
        formula: What the body computes, in the language of `jaxact._formula`, in `x` and the parameters.
        paper: Authors, year and title, or arXiv number.
        image: The values that it takes, such as `"[0, inf)"`, or a formula in the parameters.
        aliases: Other names in use.
        parameters: One entry for each keyword parameter of the body. One whose default is a tuple is a
            vector: formula, kinks and spec know its numbers as `name[0]`, `name[1]` and so on.
        kinks: Where pieces meet, with the slope taken there; a function of the parameters where no
            formula tells.
        ill_conditioned: Where rounding costs more than a few units in the last place, with the condition
            number.
        slope: The derivative from `x` and the parameters, where AD of the body is inaccurate.
        slope_from_output: The derivative from the output and the parameters, where it follows from it.
        narrow: The same as the body for results of 8 and 16 bits, where that is faster.
        narrow_slope: The derivative from `x` and the parameters for them.

    Raises:
        FormulaError: If a formula cannot be parsed.
        ValueError: If a name is taken, or formula, signature and parameters do not fit together.
    """

    def register(body: F) -> F:
        name = body.__name__
        signature = inspect.signature(body).parameters
        defaults = {n: p.default for n, p in signature.items() if p.kind is p.KEYWORD_ONLY}
        if [parameter.name for parameter in parameters] != [*defaults]:
            raise ValueError(f"{name} takes {[*defaults]}; described are {[p.name for p in parameters]}.")
        described = tuple(
            dataclasses.replace(parameter, name=number, default=float(default))
            for parameter in parameters
            for number, default in entries(parameter.name, defaults[parameter.name]).items()
        )
        known = [parameter.name for parameter in described]
        parsed = parse(formula)
        texts = [] if callable(kinks) else [text for kink in kinks for text in kink]
        unknown = parsed.names.union(*(parse(text).names for text in texts)) - {"x", *known}
        if unknown:
            raise ValueError(f"{name} has no parameter {', '.join(sorted(unknown))}; it has {known}.")
        for parameter in described:
            if parameter.default not in parameter:
                what = f"{parameter.name} must lie in {parameter.domain}; its default is {parameter.default}"
                raise ValueError(f"{name}: {what}.")
        function = elementwise(
            body,
            parameters=described,
            slope=slope,
            slope_from_output=slope_from_output,
            narrow=narrow,
            narrow_slope=narrow_slope,
        )
        entry = Spec(
            name=name,
            family=body.__module__.rpartition(".")[2],
            function=function,
            formula=parsed,
            paper=paper,
            image=image,
            aliases=aliases,
            parameters=described,
            kinks=kinks,
            ill_conditioned=ill_conditioned,
        )
        enter(entry)
        _specs[name] = entry
        if body.__doc__:  # which python -OO takes away
            function.__doc__ = docstring(body.__doc__, entry)
        return function

    return register


def spec(activation: str | Activation) -> Spec:
    """Returns what is written down of an activation.

    Args:
        activation: The function itself, its name or one of its aliases; or what a transform made of one.

    Raises:
        KeyError: If it is not in the catalogue; the message gives the nearest names.

    Examples:
        >>> import jaxact
        >>> print(jaxact.spec("swish1").formula)
        x / (1 + exp(-x))
    """
    if isinstance(activation, str):
        found = names.get(activation)
        if isinstance(found, Spec):
            return found
        if found is not None:
            raise KeyError(
                f"{found.name} is no function of one number; see jaxact.operations[{found.name!r}]."
            )
        raise unknown(activation, difflib.get_close_matches(activation, names, cutoff=0.5))
    for entry in _specs.values():
        if entry.function is activation:
            return entry
    composed = getattr(activation, "spec", None)
    if isinstance(composed, Spec):
        return composed
    raise KeyError(f"{activation!r} is not in the catalogue; see jaxact.specs, or hand it to jaxact.check.")


def enter(entry: Spec | Operation) -> None:
    """Gives an activation its names.

    Raises:
        ValueError: If one of them is taken.
    """
    own = (entry.name, *entry.aliases)
    for taken in own:
        if taken in names:
            raise ValueError(f"Two activations are called {taken!r}.")
    names.update(dict.fromkeys(own, entry))


def unknown(name: str, near: Iterable[str]) -> KeyError:
    """What is raised where no activation has a name."""
    nearest = ", ".join(dict.fromkeys(near))
    hint = f"the nearest are {nearest}" if nearest else "see jaxact.specs"
    return KeyError(f"No activation is called {name!r}; {hint}.")
