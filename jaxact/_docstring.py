"""The docstring of an activation: what its author wrote, and what follows from its spec."""

import inspect
import textwrap
from collections.abc import Iterator

import numpy as np

from jaxact._formula import NUMPY
from jaxact._spec import LAWS, Operation, Spec
from jaxact._vectors import stem, vectors

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
    counts = vectors(spec.defaults)
    for name, parameter in {stem(p.name): p for p in spec.parameters}.items():
        many = "; numbers along the first axis, each of which" if name in counts else ";"
        kind = f"{many} broadcasts against `x`" + (", to be learned" if parameter.learned else "")
        default = f"The default is that of {parameter.source}."
        yield name, f"{parameter.meaning}{kind}. In `{parameter.domain}`. {default}"


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


_GIVEN = {
    "x": "Array of any shape{row}.",
    "gate": "Array like `x`; if not given, `x` is halved along `axis`, and its second half is the gate.",
    "z": "Array of any shape, complex; real numbers are taken as such.",
    "key": "A random key of `jax.random`; None gives what is expected.",
    "axis": "Where the entries of a row lie; that which is halved, if there are halves.",
    "where": "Array of bools that broadcasts to `x`: entries that take part. A row without any gives 0.",
}


def of_operation(written: str, entry: Operation) -> str:
    """The text with the sections that every activation of several numbers has; its author wrote the examples.

    Args:
        written: Name and formula in one line, what else there is to say, `Args` that no other has, and
            `Examples`.
        entry: What is written down of it.
    """
    text, _, examples = inspect.cleandoc(written).partition("\n\nExamples:\n")
    text, _, own = text.partition("\n\nArgs:\n")
    described = {parameter.name: parameter for parameter in entry.parameters}
    lines = []
    for name in inspect.signature(entry.function).parameters:
        if name in described:
            parameter = described[name]
            default = f"The default is that of {parameter.source}."
            lines.append(_entry(name, f"{parameter.meaning}. In `{parameter.domain}`. {default}"))
        elif name in _GIVEN:
            row = " but that of a number" if entry.kind == "row" else ""
            lines.append(_entry(name, _GIVEN[name].format(row=row)))
    takes_complex = entry.kind == "complex"
    raised = [] if takes_complex else [("TypeError", "If `x` is complex.")]
    raised.append(("ValueError", "If a shape does not fit or a parameter is outside its domain."))
    floats = "Complex array" if takes_complex else "Array of the floating dtype of `x`"
    laws = f"; {', '.join(LAWS[law] for law in entry.laws)}" if entry.laws else ""
    parts = [
        text,
        "\n".join(["Args:", *lines, *([own] if own else [])]),
        "\n".join(["Returns:", _entry("", f"{floats}{laws}.")]),
        "\n".join(["Raises:", *(_entry(*error) for error in raised)]),
        f"Examples:\n{examples}",
        "\n".join(["References:", _entry("", f"{entry.paper}.")]),
    ]
    return "\n\n".join(parts) + "\n"
