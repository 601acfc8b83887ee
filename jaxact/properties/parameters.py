"""Criterion 8, parameters: how many numbers are to be chosen or trained, and for how many units each."""

import math

import numpy as np

from jaxact._vectors import stem, vectors
from jaxact.properties.evidence import Claim, Evidence, Verdict
from jaxact.properties.program import trace
from jaxact.properties.survey import Survey


def parameters(survey: Survey) -> Verdict:
    """Counts parameters by name, and arrays that the function holds."""
    subject = survey.subject
    named = {name: np.shape(value) for name, value in subject.parameters.items() if _is_number(value)}
    learned = [p.name for p in subject.spec.parameters if p.learned] if subject.spec else []
    with subject.trained.arithmetic():
        held = [np.shape(value) for value in trace(subject.call, subject.dtype).consts]
    shapes = [*named.values(), *held]
    counts = vectors(named)
    words = [
        _describe(stem(name), shape, learned=name in learned, count=counts.get(stem(name), 1))
        for name, shape in named.items()
        if not name.endswith("]") or name.endswith("[0]")
    ]
    words += [_describe("an array it holds", shape, learned=False) for shape in held]
    claim = Claim(
        "parameter_free",
        holds=not shapes,
        evidence=Evidence.EXHAUSTIVE,
        reason="its signature and its program were read",
    )
    figures = {
        "parameters": sum(math.prod(shape) for shape in shapes),
        "names": list(named),
        "learned": learned,
        "shapes": shapes,
    }
    return Verdict("parameters", "; ".join(words) or "none", (claim,), figures)


def _is_number(value: object) -> bool:
    """Whether a parameter is a number or an array of numbers, and no switch."""
    return not isinstance(value, bool | str) and value is not None and np.asarray(value).dtype != object


def _describe(name: str, shape: tuple[int, ...], *, learned: bool, count: int = 1) -> str:
    many = "one" if count == 1 else str(count)
    units = "all units" if math.prod(shape) == 1 else f"each of {math.prod(shape)} channels"
    return f"{name}, {'learned, ' if learned else ''}{many} for {units}"
