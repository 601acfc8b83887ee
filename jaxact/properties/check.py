"""`jaxact.check`: all criteria on one function."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import jax
import jax.numpy as jnp

from jaxact.properties.boundedness import boundedness
from jaxact.properties.cost import cost
from jaxact.properties.differentiability import differentiability
from jaxact.properties.evidence import Verdict
from jaxact.properties.identity import identity
from jaxact.properties.measure import measured
from jaxact.properties.monotonicity import monotonicity
from jaxact.properties.nonlinearity import nonlinearity
from jaxact.properties.normalization import normalization
from jaxact.properties.parameters import parameters as parameters_
from jaxact.properties.proofs import proofs, strengthened
from jaxact.properties.report import Report
from jaxact.properties.saturation import saturation
from jaxact.properties.shape import shape
from jaxact.properties.subject import subject
from jaxact.properties.survey import Survey

CRITERIA: Mapping[str, Callable[[Survey], Verdict]] = {
    "nonlinearity": nonlinearity,
    "differentiability": differentiability,
    "cost": cost,
    "saturation": saturation,
    "monotonicity": monotonicity,
    "boundedness": boundedness,
    "identity": identity,
    "parameters": parameters_,
    "normalization": normalization,
    "shape": shape,
}
"""The nine criteria in their order, and the shape."""


def check(
    f: Callable[..., Any],
    *,
    dtype: Any = jnp.float32,
    parameters: Mapping[str, Any] | None = None,
    measure: bool = False,
) -> Report:
    """Judges an elementwise function by the nine criteria of a good activation.

    Every value of an 8- or 16-bit dtype is examined, and for wider ones points chosen to catch a function
    out. What is sampled is called sampled. The shape is taken in float64 where the function can be evaluated
    in it, so that rounding neither hides nor feigns a turn. What can be proved of the function on the real
    numbers is proved: for the catalogue it is on record, else it takes python-flint.

    Args:
        f: Any traceable elementwise function of one array: from the catalogue, a lambda, a
            `functools.partial`, a learned function.
        dtype: The floating dtype in which it is examined.
        parameters: Values for keyword parameters; of an array the first entry is examined.
        measure: Whether time is measured on the present device, against relu and a plain copy.

    Returns:
        Ten verdicts: the nine criteria, and the shape. `print` shows a table.

    Raises:
        TypeError: If `f` is no function, cannot be traced or differentiated, or the dtype is not real.
        ValueError: If `f` is not elementwise, or changes shape or dtype.

    Examples:
        >>> report = jaxact.check(lambda x: x * jax.nn.sigmoid(x))
        >>> report["monotonicity"].holds, str(report["monotonicity"].evidence)
        (False, 'refuted')
        >>> report.claims["bounded_below"].holds
        True
    """
    return examine(f, dtype=dtype, parameters=parameters, measure=measure)


def examine(
    f: Callable[..., Any],
    *,
    dtype: Any = jnp.float32,
    parameters: Mapping[str, Any] | None = None,
    measure: bool = False,
    criteria: Iterable[str] = CRITERIA,
) -> Report:
    """Runs some of the criteria; as `check`, which runs all."""
    survey = Survey(subject(f, dtype, parameters))
    verdicts = [CRITERIA[name](survey) for name in criteria]
    found, unproved = proofs(survey.subject, [claim.name for verdict in verdicts for claim in verdict.claims])
    catalogued = survey.subject.spec is not None
    verdicts = [_honest(strengthened(verdict, found, catalogued=catalogued)) for verdict in verdicts]
    if measure:
        times = measured(survey.subject.call, survey.subject.dtype)
        verdicts = [_with(verdict, times) if verdict.criterion == "cost" else verdict for verdict in verdicts]
    device = jax.devices()[0]
    entry = survey.subject.spec
    return Report(
        name=survey.subject.name,
        formula=str(entry.formula) if entry else None,
        parameters=survey.subject.parameters,
        dtype=str(survey.subject.dtype),
        shape_dtype=str(survey.subject.precise.dtype),
        points=int(survey.grid.size),
        device=device.device_kind,
        verdicts=tuple(verdicts),
        unproved=unproved,
    )


def _honest(verdict: Verdict) -> Verdict:
    """What is undecided is not described as if it were known."""
    if verdict.holds is None:
        return dataclasses.replace(verdict, finding=f"undecided: {verdict.reason}")
    return verdict


def _with(verdict: Verdict, times: Mapping[str, float]) -> Verdict:
    ratio = times["forward and backward / relu"]
    finding = f"{verdict.finding}; trains at {ratio:.2f} times the time of relu"
    return dataclasses.replace(verdict, finding=finding, figures={**verdict.figures, **times})
