"""What is true of an activation: its formula in ball arithmetic, and how far a result is from it."""

import dataclasses
import functools
import math
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import compiling
import jax
import jax.numpy as jnp
import numpy as np
from flint import arb

import jaxact
from jaxact._formula import parse
from jaxact.proof.numbers import balls

ORDERS = ("value", "slope", "curvature")
SIXTEEN_BITS = (np.dtype(jnp.bfloat16), np.dtype(jnp.float16))
EIGHT_BITS = tuple(
    np.dtype(kind)
    for name, kind in vars(jnp).items()
    if name.startswith("float8")
    and name != "float8_e8m0fnu"  # powers of two without zero or sign: a scale, no number to compute with
)
"""The floating dtypes of 8 bits."""
_ROOM = 2**17
"""For every value of two dtypes of 16 bits and one of 8."""
SPECIAL = np.array([-math.inf, math.inf, math.nan, -0.0])
"""Beside the points of a law, every activation is evaluated at these."""


@dataclasses.dataclass(frozen=True)
class Case:
    """An activation at some parameters."""

    entry: jaxact.Spec
    values: tuple[float, ...]

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by their names."""
        return dict(zip(self.entry.defaults, self.values, strict=True))

    @property
    def given(self) -> dict[str, float]:
        """What is passed to the function: nothing at the defaults."""
        return {} if self.parameters == self.entry.defaults else self.parameters

    @functools.cached_property
    def kinks(self) -> np.ndarray:
        """Where the pieces meet, to rounding."""
        return np.array([joint.at for joint in self.entry.joints(**self.parameters)], np.float64)

    def exact_kinks(self, dtype: Any) -> dict[float, float]:
        """The kinks that numbers of a dtype hit, with the slopes stated there."""
        wide = widened(dtype)
        numbers = {name: arb(float(wide(value))) for name, value in self.parameters.items()}
        found = {}
        for kink in () if callable(self.entry.kinks) else self.entry.kinks:
            at, slope = (parse(text) for text in kink)
            ball = at.evaluate(balls.BALLS, **{name: numbers[name] for name in at.names})
            point = float(ball.mid())
            if math.isfinite(point) and ball == point and float(np.asarray(point).astype(dtype)) == point:
                found[point] = float(
                    slope.evaluate(balls.BALLS, **{name: numbers[name] for name in slope.names}).mid()
                )
        return found


def narrow(entry: jaxact.Spec) -> tuple[np.dtype, ...]:
    """Dtypes in which slopes are looked at too: those of 16 bits and one of 8 bits, not the same for all.

    What tells those of 8 bits apart is a rounding at the end, which all functions share.
    """
    return (*SIXTEEN_BITS, EIGHT_BITS[zlib.crc32(entry.name.encode()) % len(EIGHT_BITS)])


def cases(entry: jaxact.Spec) -> list[Case]:
    """The activation at its defaults and, where it has parameters, at others of its domain."""
    others = zip(*(_others(parameter) for parameter in entry.parameters), strict=True)
    return [Case(entry, values) for values in (tuple(entry.defaults.values()), *others)]


def _others(parameter: jaxact.Parameter) -> tuple[float, float, float]:
    """More values of a parameter: two ordinary ones and, where it lies in the domain, 0."""
    candidates = (parameter.default * 1.5 + 0.25, parameter.default * 0.7, 0.3, 1.1, -0.3)
    exact = [np.float32(value).item() for value in candidates if math.isfinite(value)]
    first, second = [value for value in exact if value and value in parameter][:2]
    return first, second, 0.0 if 0.0 in parameter else first


def widened(dtype: Any) -> Any:
    """The type in which a function of a dtype is evaluated."""
    return np.float32 if jnp.finfo(dtype).bits < 32 else np.dtype(dtype).type


def every_value(dtype: np.dtype) -> np.ndarray:
    """All finite values of a dtype of at most 16 bits, without those that XLA reads as 0 in float32."""
    bits = jnp.finfo(dtype).bits
    values = np.arange(2**bits, dtype=f"uint{bits}").view(dtype)
    with np.errstate(invalid="ignore"):
        wide = values.astype(np.float64)
    ordinary = (wide == 0) | (np.abs(wide) >= float(jnp.finfo(np.float32).tiny))
    return values[np.isfinite(wide) & ordinary]


def all_magnitudes(dtype: Any, case: Case, *, count: int = 100) -> np.ndarray:
    """Points of a wide dtype: every magnitude on both sides of 0, ordinary numbers, and about the kinks.

    The number of points does not depend on where the kinks are, so that one compiled program serves all
    parameters.
    """
    info = jnp.finfo(dtype)
    tiny, largest, eps = float(info.tiny), float(info.max), float(info.eps)
    random = np.random.default_rng(0)
    magnitudes = np.exp2(np.linspace(math.log2(tiny), math.log2(largest) - 1e-9, count))
    positive = np.concatenate([magnitudes, random.exponential(3, count), [largest]])
    centres = np.concatenate([case.kinks, [0.0]])
    reach = np.maximum(16 * eps * np.abs(centres), tiny)
    about = [centres - reach, centres + reach, list(case.exact_kinks(dtype)), [0.0]]
    points = np.concatenate([-positive, positive, *about]).astype(dtype)
    points[np.abs(points) < tiny] = 0
    stated = case.kinks if callable(case.entry.kinks) else case.entry.kinks
    return np.resize(points, 4 * count + 6 + 3 * max(3, len(stated)))


def derivatives(f: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    """Value, slope and second derivative of an elementwise function, the slope in reverse mode.

    The slope is traced once: what differentiates it forward gives it too, from the same operations.
    """

    def slope(x: Any) -> Any:
        y, pull = jax.vjp(f, x)
        return pull(jnp.ones_like(y))[0]

    return lambda x: [f(x), *jax.jvp(slope, (x,), (jnp.ones_like(x),))]


@functools.lru_cache(maxsize=4)
def _program(function: Callable[..., Any]) -> Callable[[list[Any], dict[str, float]], list[list[Any]]]:
    """The compiled derivatives at every array of a list, at given parameters."""
    return compiling.usual(
        lambda inputs, parameters: [derivatives(functools.partial(function, **parameters))(x) for x in inputs]
    )


def _run(case: Case, inputs: list[np.ndarray]) -> list[np.ndarray]:
    """Value, slope and second derivative at arrays of points, behind which stand the special ones."""
    counts = [len(x) + len(SPECIAL) for x in inputs]
    with np.errstate(all="ignore"):
        extended = [np.concatenate([x, SPECIAL.astype(x.dtype)]) for x in inputs]
        if extended[0].dtype == np.float64:  # of one size, so that one program serves all
            extended = [np.resize(x, max(_ROOM, len(x))) for x in extended]
        with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
            results = _program(case.entry.function)(extended, case.given)
        return [
            np.stack([np.asarray(row)[:count].astype(np.float64) for row in rows])
            for rows, count in zip(results, counts, strict=True)
        ]


class Comparison(NamedTuple):
    """What an activation gives at points, and the truth; one row each for value, slope, second derivative.

    Attributes:
        case: The activation.
        dtype: What it was computed in.
        x: The points.
        got: The results.
        exact: The truth, rounded to float64; at a kink the slope that is stated.
        error: Their distance; infinite where a result is not finite but the truth is within the dtype.
        special: The results at the special points.
    """

    case: Case
    dtype: np.dtype
    x: np.ndarray
    got: np.ndarray
    exact: np.ndarray
    error: np.ndarray
    special: np.ndarray

    def units(self, order: int) -> np.ndarray:
        """The unit in the last place of the truth; below the smallest normal number, that number's."""
        info = jnp.finfo(self.dtype)
        exponent = np.frexp(np.maximum(np.abs(self.exact[order]), float(info.tiny)))[1] - 1
        return np.ldexp(float(info.eps), exponent)

    def size(self, order: int) -> float:
        """The largest value where activations live, on [-4, 4]."""
        inside = np.abs(self.exact[order, np.abs(self.x) <= 4])
        return float(inside[np.isfinite(inside)].max(initial=0.0))

    def blur(self, order: int) -> np.ndarray | float:
        """What roundings of x and of the parameters do to a function that says it is ill-conditioned."""
        if not self.case.entry.ill_conditioned:
            return 0.0
        reach = 2 * float(jnp.finfo(widened(self.dtype)).eps) * np.maximum(np.abs(self.x), 1)
        following = min(order + 1, len(ORDERS) - 1)
        with np.errstate(over="ignore"):
            return reach * np.maximum(np.nan_to_num(np.abs(self.exact[following])), self.size(following))

    def said(self, order: int) -> str:
        """What is compared, for a message."""
        return f"{ORDERS[order]} of {self.case.entry.name} {self.case.parameters} in {self.dtype}"

    def check(self, order: int, allowed: np.ndarray) -> None:
        """Fails where an error is larger than allowed, and shows the worst."""
        with np.errstate(all="ignore"):
            excess = np.nan_to_num(self.error[order] / allowed, posinf=math.inf)
        worst = int(excess.argmax())
        assert excess[worst] <= 1, (
            f"{self.said(order)} at {float(self.x[worst])!r}: {float(self.got[order, worst])!r}, "
            f"but it is {float(self.exact[order, worst])!r}; {excess[worst]:.3g} times the error allowed"
        )


@functools.lru_cache(maxsize=16)
def against_balls(case: Case, dtype: Any) -> Comparison:
    """An activation in float32 or float64 against its formula in ball arithmetic, over all magnitudes."""
    x = all_magnitudes(dtype, case)
    (got,) = _run(case, [x])
    points = x.astype(np.float64)
    jets = [balls.jet(case.entry.formula, at, case.parameters) for at in points.tolist()]
    truth = [[getattr(jet, order) for jet in jets] for order in ORDERS]
    exact = np.array([[float(ball.mid()) for ball in row] for row in truth])
    error = [
        [abs(float((b - arb(g)).mid())) for g, b in zip(*rows, strict=False)]
        for rows in zip(got.tolist(), truth, strict=True)
    ]
    return _compared(case, np.dtype(dtype), points, got, exact, np.array(error))


@functools.lru_cache(maxsize=4)
def against_float64(case: Case) -> list[Comparison]:
    """An activation at every value of a narrow dtype against its own float64 evaluation.

    That one is held against ball arithmetic to a few of its ULP, of which these dtypes see nothing. Other
    parameters than the defaults are taken through the dtypes of 16 bits.
    """
    dtypes = SIXTEEN_BITS if case.given else narrow(case.entry)
    inputs = [every_value(dtype) for dtype in dtypes]
    points = [values.astype(np.float64) for values in inputs]
    (exact,) = _run(case, [np.concatenate(points)])
    splits = np.split(exact, np.cumsum([len(x) for x in points]), axis=1)
    with np.errstate(all="ignore"):
        return [
            _compared(case, dtype, x, got, truth, np.abs(got[:, : len(x)] - truth))
            for dtype, x, got, truth in zip(dtypes, points, _run(case, inputs), splits[:-1], strict=True)
        ]


def values_in_8_bits(entry: jaxact.Spec) -> list[Comparison]:
    """An activation at every value of every dtype of 8 bits, its values alone: their slopes are left 0."""
    inputs = [every_value(dtype) for dtype in EIGHT_BITS]
    points = [values.astype(np.float64) for values in inputs]
    # in a hurry XLA 0.10 converts small negative numbers to float8_e4m3b11fnuz as NaN
    program = compiling.usual(lambda xs: [entry.function(x) for x in xs])
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        exact, *found = program([np.concatenate(points), *inputs])
    truth = np.split(np.asarray(exact), np.cumsum([len(x) for x in points]))[:-1]
    compared = []
    for dtype, x, *rows in zip(EIGHT_BITS, points, found, truth, strict=True):
        got, right = (np.zeros((len(ORDERS), len(x))) for _ in rows)
        got[0], right[0] = (np.asarray(row).astype(np.float64) for row in rows)
        with np.errstate(all="ignore"):
            compared.append(_compared(cases(entry)[0], dtype, x, got, right, np.abs(got - right)))
    return compared


def _compared(  # noqa: PLR0917  # the fields of what it returns
    case: Case, dtype: np.dtype, x: np.ndarray, results: np.ndarray, exact: np.ndarray, error: np.ndarray
) -> Comparison:
    """Corrects the errors for kinks, for overflow and for results flushed to 0."""
    info = jnp.finfo(dtype)
    got, special = results[:, : len(x)], results[:, len(x) :]
    exact = exact.copy()
    scale = np.maximum(np.abs(case.kinks), 1.0 if case.entry.ill_conditioned else 0.0)
    wide = jnp.finfo(widened(dtype))  # beside a kink rounding decides, beside 0 whether products are flushed
    near = np.abs(x[:, None] - case.kinks) <= 4 * float(wide.eps) * scale + 2 * float(wide.tiny)
    error[1:, near.any(axis=1)] = 0.0
    for at, slope in case.exact_kinks(dtype).items():
        exact[1, x == at] = slope
        error[1, x == at] = np.abs(got[1, x == at] - slope)
    error[(got == 0) & (np.abs(exact) <= float(info.tiny) * (1 + 4 * float(wide.eps)))] = 0.0
    error[~np.isfinite(got)] = np.inf
    error[~(np.abs(exact) <= float(info.max))] = 0.0
    return Comparison(case, dtype, x, got, exact, error, special)
