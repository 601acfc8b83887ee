"""The truth that results are held against: jaxact in float64, itself held against ball arithmetic."""

import functools
import importlib.util
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from research.benchmarks.errors import Points
from research.benchmarks.peers import Elementwise, shared

ORDERS = ("value", "slope", "curvature")


def derivative(function: Elementwise, order: str) -> Elementwise:
    """An elementwise function, its slope in reverse mode, or its second derivative, forward over reverse."""

    def slope(x: Any) -> Any:
        y, pull = jax.vjp(function, x)
        return pull(jnp.ones_like(y))[0]

    def curvature(x: Any) -> Any:
        return jax.jvp(slope, (x,), (jnp.ones_like(x),))[1]

    return {"value": function, "slope": slope, "curvature": curvature}[order]


@functools.lru_cache(maxsize=12)
def reference(name: str, order: str) -> Elementwise:
    """A shared function of a float64 array; within `jax.enable_x64`."""
    return jax.jit(derivative(shared()[name].spec.function, order))


@functools.cache
def steepest(name: str) -> float:
    """The largest slope in size, sup |f'|, taken over every bfloat16 number and every float16 number."""
    found = 0.0
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        for points in (Points("bfloat16"), Points("float16")):
            slopes = np.asarray(reference(name, "slope")(points.wide(0)))
            found = max(found, float(np.abs(slopes[np.isfinite(slopes)]).max()))
    return found


def kinks(name: str, order: str) -> tuple[float, ...]:
    """Where a derivative is not defined."""
    return () if order == "value" else tuple(joint.at for joint in shared()[name].spec.joints())


def sample(count: int) -> np.ndarray:
    """Numbers of float32 of both signs: half of them of all magnitudes, half where activations bend."""
    info = jnp.finfo(jnp.float32)
    ends = ((np.log2(float(info.tiny)), np.log2(float(info.max)) - 1e-6), (-8.0, 8.0))
    sizes = np.concatenate([np.exp2(np.linspace(*between, max(count // 4, 1))) for between in ends])
    return np.concatenate([-sizes, sizes]).astype(np.float32).astype(np.float64)


def checked(name: str, order: str, count: int) -> tuple[float, float] | None:
    """The largest error of the reference against ball arithmetic, in ULP of float32, and where it is.

    None where python-flint is not installed.
    """
    if importlib.util.find_spec("flint") is None:
        return None
    from jaxact.proof.numbers import balls  # noqa: PLC0415  # needs python-flint

    spec, at = shared()[name].spec, sample(count)
    at = at[~np.isin(at, kinks(name, order))]
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        got = np.asarray(reference(name, order)(jnp.asarray(at)))
    worst = (0.0, float(at[0]))
    info = jnp.finfo(jnp.float32)
    for x, found in zip(at.tolist(), got.tolist(), strict=True):
        true = getattr(balls.jet(spec.formula, x, spec.defaults), order)
        size = abs(float(true.mid()))
        if not size <= float(info.max):
            continue
        unit = np.ldexp(float(info.eps), int(np.frexp(max(size, float(info.tiny)))[1]) - 1)
        worst = max(worst, (abs(float((true - found).mid())) / float(unit), x))
    return worst
