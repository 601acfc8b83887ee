"""Criterion 3, cost: operations for each element, and memory that training keeps for it."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import jax
from jax.extend import core

from jaxact.properties.evidence import Claim, Evidence, Verdict
from jaxact.properties.program import equations, sample, trace
from jaxact.properties.survey import Survey

TRANSCENDENTAL = frozenset(
    {
        "exp",
        "exp2",
        "expm1",
        "log",
        "log1p",
        "logistic",
        "tanh",
        "tan",
        "sin",
        "cos",
        "asin",
        "acos",
        "atan",
        "atan2",
        "sinh",
        "cosh",
        "asinh",
        "acosh",
        "atanh",
        "erf",
        "erfc",
        "erf_inv",
        "pow",
        "cbrt",
        "digamma",
        "lgamma",
    }
)
"""Primitives that cost as much as many additions."""

WRITTEN_OUT = 30
"""Operations that one of them takes where it is written out in elementary arithmetic."""


def cost(survey: Survey) -> Verdict:
    """Counts operations in the program and in what XLA makes of it, and bytes kept for the backward pass."""
    subject = survey.subject
    x = sample(subject.dtype)
    with subject.trained.arithmetic():
        operations = [e for e in equations(trace(subject.call, subject.dtype).jaxpr) if _large(e, x.size)]
        called = sorted(e.primitive.name for e in operations if e.primitive.name in TRANSCENDENTAL)
        kept = residuals(subject.call, x)
        forward = jax.jit(subject.call).lower(x).compile().cost_analysis() or {}
        backward = (
            jax.jit(lambda x, d: jax.vjp(subject.call, x)[1](d)).lower(x, x).compile().cost_analysis() or {}
        )
    size = x.size * x.dtype.itemsize
    whole = [name for name, aval in kept if aval.size * aval.dtype.itemsize >= size]
    held = sum(aval.size * aval.dtype.itemsize for _, aval in kept) / x.size
    names = _listed([name for name, _ in kept])
    claims = (
        _counted(
            "cheap",
            f"it evaluates {', '.join(called) or 'none'} and takes {len(operations)} operations",
            holds=not called and len(operations) <= WRITTEN_OUT,
        ),
        _counted("lean", f"the backward pass keeps {names}", holds=len(whole) <= 1),
    )
    figures = {
        "transcendentals": len(called),
        "operations": len(operations),
        "bytes kept": held,
        "kept": names,
        "flops, XLA forward": forward.get("flops", 0.0) / x.size,
        "transcendentals, XLA forward": forward.get("transcendentals", 0.0) / x.size,
        "flops, XLA forward and backward": backward.get("flops", 0.0) / x.size,
        "transcendentals, XLA forward and backward": backward.get("transcendentals", 0.0) / x.size,
        "device": jax.devices()[0].device_kind,
    }
    flops, slow = forward.get("flops", 0.0), forward.get("transcendentals", 0.0)
    work = f"{flops / x.size:.3g} flops and {slow / x.size:.3g} transcendentals"
    return Verdict("cost", f"{work}; {held:.3g} bytes kept for the backward pass: {names}", claims, figures)


def residuals(call: Callable[[Any], Any], x: jax.ShapeDtypeStruct) -> list[tuple[str, Any]]:
    """The arrays that `jax.vjp` keeps for the backward pass: the input, the output, or another."""
    program = jax.make_jaxpr(lambda x: jax.vjp(call, x))(x).jaxpr
    (source,) = program.invars
    output, *saved = program.outvars
    moving = {source}
    for equation in program.eqns:
        if any(not isinstance(v, core.Literal) and v in moving for v in equation.invars):
            moving.update(equation.outvars)
    distinct = {v: None for v in saved if not isinstance(v, core.Literal) and v in moving}
    known = {source: "the input", output: "the output"}
    return [(known.get(v, f"a {v.aval.dtype} array"), v.aval) for v in distinct]


def _large(equation: Any, size: int) -> bool:
    return any(getattr(v.aval, "size", 0) == size for v in equation.outvars)


def _listed(names: list[str]) -> str:
    counts = Counter(names)
    words = [name if count == 1 else f"{count} {name[2:]}s" for name, count in counts.items()]
    return " and ".join(words) or "nothing"


def _counted(name: str, reason: str, *, holds: bool) -> Claim:
    return Claim(name, holds=holds, evidence=Evidence.EXHAUSTIVE, reason=reason)
