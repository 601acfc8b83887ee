"""The function under examination: its name, its parameters, and that it is one at all."""

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxact._registry import specs
from jaxact._spec import Spec
from jaxact._vectors import separated, vectors
from jaxact.gaussian import Pointwise, supports
from jaxact.properties.program import rounds_below, trace

_UNITS = 24
"""Length of the trial input: 2, 3, 4, 6, 8 and 12 divide it, so that a k-fold maxout shows its k."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subject:
    """A function with its parameters bound.

    Attributes:
        name: What it is called.
        given: The callable as it was handed in.
        call: Function of one array, elementwise.
        dtype: The dtype in which it is examined.
        parameters: Values of its parameters: given, or the defaults.
        spec: What the catalogue says of it, if it is there.
        trained: f and f' as training computes them: in the dtype itself, by reverse mode.
        precise: f, f' and f'' for its shape: in float64 where the function can, else in the dtype.
    """

    name: str
    given: Callable[..., Any]
    call: Callable[[Any], Any]
    dtype: np.dtype
    parameters: Mapping[str, Any]
    spec: Spec | None
    trained: Pointwise
    precise: Pointwise


def subject(f: Any, dtype: Any, parameters: Any) -> Subject:
    """Binds the parameters of a function and makes sure that it can be examined.

    Args:
        f: A callable of one array and keyword parameters.
        dtype: A real floating dtype.
        parameters: Values for keyword parameters; arrays are examined at their first entry.

    Raises:
        TypeError: If `f` is no function, cannot be traced or differentiated, or the dtype is not real.
        ValueError: If `f` is not elementwise, or changes shape or dtype.
    """
    kind = _real_dtype(dtype)
    if not callable(f):
        raise TypeError(f"check examines a function; got {type(f).__name__} {f!r}.")
    name, entry = _name(f), _spec(f)
    bound = _bind(name, f, {} if parameters is None else parameters, entry)
    values = {key: _first(name, key, value) for key, value in bound.items()}

    def call(x: Any) -> Any:
        return f(x, **values)

    trained = Pointwise(call, kind, reverse=True)
    _admit(name, trained)
    defaults = _defaults(f) if entry is None else entry.defaults
    return Subject(
        name=name,
        given=f,
        call=call,
        dtype=kind,
        parameters={**defaults, **bound},
        spec=entry,
        trained=trained,
        precise=Pointwise(call, np.dtype(np.float64) if _is_wide(call) else kind, order=2),
    )


def _real_dtype(dtype: Any) -> np.dtype:
    try:
        kind = jnp.dtype(dtype)
    except TypeError:
        raise TypeError(f"dtype must be a real floating dtype; got {dtype!r}.") from None
    if not jnp.issubdtype(kind, jnp.floating):
        raise TypeError(f"dtype must be a real floating dtype; got {kind}.")
    return kind


def _name(f: Any) -> str:
    """What a function calls itself; for a partial, with what it binds."""
    if hasattr(f, "func") and hasattr(f, "keywords"):
        bound = [*map(repr, f.args), *(f"{key}={value}" for key, value in f.keywords.items())]
        return f"{_name(f.func)}({', '.join(bound)})"
    return str(getattr(f, "__name__", None) or type(f).__name__)


def _spec(f: Callable[..., Any]) -> Spec | None:
    """The entry of the catalogue, None for a function that is not in it."""
    return next((entry for entry in specs.values() if entry.function is f), None)


def _bind(name: str, f: Callable[..., Any], parameters: Any, entry: Spec | None) -> dict[str, Any]:
    """Checks the names of parameters against the signature, and takes vectors of the catalogue apart."""
    if not isinstance(parameters, Mapping):
        got = type(parameters).__name__
        raise TypeError(f"parameters must map names to values; got {got} {parameters!r}.")
    numbers = {} if entry is None else entry.defaults
    parameters = separated(name, parameters, vectors(numbers))
    try:
        signature = inspect.signature(f).parameters
    except (TypeError, ValueError):  # a callable from C tells nothing
        return dict(parameters)
    keywords = [
        p for p in list(signature.values())[1:] if p.kind in {p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY}
    ]
    known = [p.name for p in keywords]
    takes_any = any(p.kind is p.VAR_KEYWORD for p in signature.values())
    unknown = sorted(str(key) for key in parameters if key not in {*known, *numbers})
    if unknown and not takes_any:
        allowed = ", ".join(known) or "none"
        raise TypeError(f"{name} has no parameter {', '.join(unknown)}; its parameters: {allowed}.")
    missing = [p.name for p in keywords if p.default is p.empty and p.name not in parameters]
    if missing:
        hint = f"pass parameters={{{missing[0]!r}: ...}}"
        raise TypeError(f"{name} needs a value for {', '.join(missing)}; {hint}.")
    return dict(parameters)


def _defaults(f: Callable[..., Any]) -> dict[str, Any]:
    """The numbers among the defaults of a function's keyword parameters; a switch is no number."""
    try:
        signature = inspect.signature(f).parameters
    except (TypeError, ValueError):
        return {}
    given = {p.name: p.default for p in list(signature.values())[1:]}
    return {name: v for name, v in given.items() if isinstance(v, int | float) and not isinstance(v, bool)}


def _is_wide(call: Callable[[Any], Any]) -> bool:
    """Whether a function can be evaluated in float64, and does not round to something narrower inside."""
    wide = np.dtype(np.float64)
    if not supports(call, wide):
        return False
    with Pointwise(call, wide).arithmetic():
        return not rounds_below(trace(call, wide).jaxpr, bits=64)


def _first(name: str, key: str, value: Any) -> Any:
    """One number for a parameter, so that the function can be evaluated in any dtype."""
    if value is None or isinstance(value, bool | str | int | float):
        return value
    try:
        array = np.asarray(value)
    except Exception:  # noqa: BLE001  # an object whose meaning only the function knows
        return value
    if array.dtype == object:
        return value
    if array.size == 0:
        raise ValueError(f"{name}: {key} must have a value; got an array of shape {array.shape}.")
    entry = array.ravel()[0]
    return float(entry) if jnp.issubdtype(array.dtype, jnp.floating) else entry.item()


def _admit(name: str, run: Pointwise) -> None:
    """Refuses what is not an elementwise, traceable function that keeps shape and dtype."""
    call, dtype = run.f, run.dtype
    with run.arithmetic():
        try:
            out = jax.eval_shape(call, jax.ShapeDtypeStruct((_UNITS,), dtype))
        except jax.errors.JAXTypeError as error:
            raise TypeError(_untraceable(name, error)) from None
        except Exception as error:  # noqa: BLE001  # a user's function may raise anything
            what = f"{type(error).__name__}: {_line(error)}"
            raise TypeError(f"{name} fails on shape ({_UNITS},) and dtype {dtype}: {what}") from None
    _keeps_shape_and_dtype(name, out, dtype)
    try:
        run(np.zeros(1))
    except Exception as error:  # noqa: BLE001
        what = f"{type(error).__name__}: {_line(error)}"
        raise TypeError(f"{name} cannot be differentiated by JAX: {what}") from None
    _acts_on_every_element_alone(name, call, run)


def _untraceable(name: str, error: Exception) -> str:
    if isinstance(error, jax.errors.TracerArrayConversionError):
        return f"{name} cannot be traced by JAX: it hands its input to numpy; use jax.numpy."
    if isinstance(error, jax.errors.ConcretizationTypeError):
        return f"{name} cannot be traced by JAX: it needs the value of its input; use jax.numpy.where."
    return f"{name} cannot be traced by JAX: {_line(error)}"


def _line(error: Exception) -> str:
    """The first line of a message, as a sentence."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else "no message").rstrip(".") + "."


def _keeps_shape_and_dtype(name: str, out: Any, dtype: np.dtype) -> None:
    if not hasattr(out, "shape"):
        raise ValueError(f"{name} must return one array; got {type(out).__name__}.")
    if out.shape != (_UNITS,):
        size = int(np.prod(out.shape))
        if 0 < size < _UNITS and _UNITS % size == 0 and len(out.shape) == 1 and size > 1:
            fold = _UNITS // size
            needs = f"it takes {fold} inputs per unit, and check examines functions of one"
            raise ValueError(f"{name} maps shape ({_UNITS},) to {out.shape}: {needs}.")
        raise ValueError(f"{name} must keep the shape of its input; got {out.shape} for ({_UNITS},).")
    if out.dtype != dtype:
        raise ValueError(f"{name} must keep the dtype of its input; got {out.dtype} for {dtype}.")


def _acts_on_every_element_alone(name: str, call: Callable[[Any], Any], run: Pointwise) -> None:
    """Every element is put among others, and at another place; its image must not change."""
    random = np.random.default_rng(0)
    x = random.normal(size=_UNITS)
    company = random.normal(size=(_UNITS, _UNITS))
    np.fill_diagonal(company, x)
    with run.arithmetic():
        program = jax.jit(jax.vmap(call))
        rows = np.concatenate([company, x[None], x[None, ::-1]]).astype(run.dtype)
        out = np.asarray(program(rows)).astype(np.float64)
    alone = out[_UNITS]
    tolerance = 16 * float(jnp.finfo(run.dtype).eps)
    for other, what in (
        (np.diagonal(out[:_UNITS]), "depends on other elements of the input"),
        (out[-1][::-1], "depends on the position of an element"),
    ):
        if not np.allclose(alone, other, rtol=tolerance, atol=tolerance, equal_nan=True):
            raise ValueError(f"{name} is not elementwise: its value {what}.")
