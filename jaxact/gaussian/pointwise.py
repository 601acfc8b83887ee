"""An elementwise function and its derivatives at many points, computed in one compiled program."""

import dataclasses
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

FLOAT64 = np.dtype(np.float64)

Elementwise = Callable[..., Any]
"""A function of one array that acts on every element alone."""


@dataclasses.dataclass(frozen=True)
class Pointwise:
    """Evaluates a function and its derivatives at numpy points.

    Points are handled in blocks of one size, so that any number of them costs one compilation. A higher
    derivative that JAX cannot take is NaN.

    Attributes:
        f: Elementwise function of one array.
        dtype: The floating dtype in which `f` is evaluated.
        order: How many derivatives are computed.
        reverse: Whether the first derivative is taken by `jax.vjp`, as training takes it.
        block: Points per call of the compiled program.
        arguments: Further numbers that `f` takes.
        programs: What was compiled so far; shared by what is made with `at` and `in_blocks`.
    """

    f: Elementwise
    dtype: Any = FLOAT64
    order: int = 1
    reverse: bool = False
    block: int = 4096
    arguments: tuple[float, ...] = ()
    programs: dict[int, Callable[..., Any]] = dataclasses.field(
        default_factory=dict, repr=False, compare=False
    )

    def at(self, *arguments: float) -> "Pointwise":
        """The function at as many other arguments, for which nothing is compiled anew."""
        return dataclasses.replace(self, arguments=arguments)

    def in_blocks(self, block: int) -> "Pointwise":
        """The same with another number of points per call."""
        return dataclasses.replace(self, block=block)

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Returns f, f', ... at the points.

        Args:
            points: Reals of any shape; each is rounded to `dtype` first.

        Returns:
            An array of float64 of shape `(order + 1, *points.shape)`.
        """
        flat = np.ravel(points).astype(self.dtype)
        blocks = max(1, -(-flat.size // self.block))
        padded = np.zeros(blocks * self.block, self.dtype)
        padded[: flat.size] = flat
        arguments = [np.asarray(number, self.dtype) for number in self.arguments]
        with self.arithmetic():
            parts = [
                np.stack([np.asarray(row).astype(np.float64) for row in self._program(part, *arguments)])
                for part in padded.reshape(blocks, self.block)
            ]
        return np.concatenate(parts, axis=1)[:, : flat.size].reshape(self.order + 1, *np.shape(points))

    def arithmetic(self) -> AbstractContextManager[Any]:
        """The settings under which `f` is evaluated: 64 bits where asked for, NaN allowed to show."""
        settings = ExitStack()
        settings.enter_context(jax.debug_nans(False))  # noqa: FBT003
        if jnp.finfo(self.dtype).bits == 64:
            settings.enter_context(jax.enable_x64(True))  # noqa: FBT003
        return settings

    @property
    def _program(self) -> Callable[..., tuple[Any, ...]]:
        if self.block not in self.programs:
            self.programs[self.block] = self._first_way_that_works()
        return self.programs[self.block]

    def _first_way_that_works(self) -> Callable[..., tuple[Any, ...]]:
        """The compiled function from points and arguments to f and its derivatives there.

        A function with a rule for reverse mode alone (`jax.custom_vjp`) is taken by reverse mode, and where
        JAX cannot take its second derivative, that is NaN.
        """
        first = (_by_reverse,) if self.reverse else (_by_forward, _by_reverse)
        ways = [
            (way, *[higher] * (self.order - 1))
            for higher in (_by_forward, _by_reverse, _unknown)
            for way in first
        ]
        for way in ways[:-1]:
            try:
                return self._compiled(way)
            except Exception:  # noqa: BLE001, S112  # a user's function may raise anything; the last way shows it
                continue
        return self._compiled(ways[-1])

    def _compiled(self, way: tuple[Callable[[Elementwise], Elementwise], ...]) -> Callable[..., Any]:
        def program(x: Any, *arguments: Any) -> tuple[Any, ...]:
            derivatives: list[Elementwise] = [lambda x: self.f(x, *arguments)]
            for derive in way[: self.order]:
                derivatives.append(derive(derivatives[-1]))
            return tuple(derivative(x) for derivative in derivatives)

        shapes = (self.block,), *[()] * len(self.arguments)
        taken = [jax.ShapeDtypeStruct(shape, self.dtype) for shape in shapes]
        return jax.jit(program).lower(*taken).compile()


def supports(f: Elementwise, dtype: Any) -> bool:
    """Whether a function maps arrays of a dtype to arrays of that dtype.

    A function that holds float32 arrays, or casts to float32 inside, cannot be evaluated in float64.
    """
    point = jax.ShapeDtypeStruct((1,), dtype)
    with Pointwise(f, dtype).arithmetic():
        try:
            return jax.eval_shape(f, point).dtype == dtype
        except Exception:  # noqa: BLE001  # whatever a user's function raises, the answer is no
            return False


def _by_forward(f: Elementwise) -> Elementwise:
    return lambda x: jax.jvp(f, (x,), (jnp.ones_like(x),))[1]


def _by_reverse(f: Elementwise) -> Elementwise:
    def slope(x: Any) -> Any:
        y, pull = jax.vjp(f, x)
        return pull(jnp.ones_like(y))[0]

    return slope


def _unknown(f: Elementwise) -> Elementwise:
    del f
    return lambda x: jnp.full_like(x, jnp.nan)
