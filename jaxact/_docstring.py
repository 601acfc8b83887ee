"""The docstring of an activation: what its author wrote, and what follows from its spec."""

import inspect
import textwrap
from collections.abc import Iterator

import numpy as np

from jaxact._formula import NUMPY
from jaxact._spec import Spec

_WIDTH = 100
_POINTS = (-2.0, 0.0, 2.0)


def docstring(written: str, spec: Spec) -> str:
    """The text with the sections that every activation has.

    Args:
        written: Name and formula in one line, and what else there is to say.
        spec: What is written down of it.
    """
    sections = {
        "Args": [("x", "Array of any shape."), *_parameters(spec)],
        "Returns": [("", _returned(spec))],
        "Raises": list(_errors(spec)),
        "Examples": [],
        "References": [("", f"{spec.paper}.")],
    }
    parts = [inspect.cleandoc(written)]
    for title, entries in sections.items():
        lines = [_entry(*entry) for entry in entries] or [_example(spec)]
        parts.append("\n".join([f"{title}:", *lines]))
    return "\n\n".join(parts) + "\n"


def _parameters(spec: Spec) -> Iterator[tuple[str, str]]:
    for parameter in spec.parameters:
        kind = "; broadcasts against `x`" + (", to be learned" if parameter.learned else "")
        default = f"The default is that of {parameter.source}."
        yield parameter.name, f"{parameter.meaning}{kind}. In `{parameter.domain}`. {default}"


def _returned(spec: Spec) -> str:
    values = f"; values in `{spec.image}`" if spec.image else ""
    return f"Array of the shape and floating dtype of `x`{values}."


def _errors(spec: Spec) -> Iterator[tuple[str, str]]:
    yield "TypeError", "If `x` is complex."
    if any(parameter.domain != "(-inf, inf)" for parameter in spec.parameters):
        yield "ValueError", "If a parameter is outside its domain."


def _example(spec: Spec) -> str:
    """Three values, rounded."""
    with np.errstate(all="ignore"):
        exact = spec.formula.evaluate(NUMPY, x=np.array(_POINTS), **spec.defaults).tolist()
    call = f"jaxact.{spec.name}(jnp.array({list(_POINTS)}))"
    return f"    >>> [round(y, 3) for y in {call}.tolist()]\n    {[round(y, 3) for y in exact]}"


def _entry(name: str, text: str) -> str:
    """A line of a section, or several."""
    whole = f"{name}: {text}" if name else text
    if len(whole) < _WIDTH - 4:  # wrapping is slow, and every import of jaxact waits for it
        return f"    {whole}"
    return textwrap.fill(whole, _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * (8 if name else 4))
