"""A network as a program of JAX, run step by step: where weights meet the signal, and what lies between.

Whatever a network is written with, its traced program shows its layers: a matrix or a kernel that does not
depend on the input is applied to something that does. Between two of them the signal is followed for as long
as it is an elementwise function of what the last one gave. Where it is not (normalization, addition of
branches, pooling), a new origin begins.
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax.numpy as jnp
from jax.extend import core
from jaxtyping import Array

from jaxact.diagnosis.steps import (
    MOVED,
    PRODUCTS,
    bound,
    called,
    elementwise,
    has_product,
    inner_program,
    keeps_uniform,
    kernel,
    matrix,
    opened,
    programs,
)


@dataclasses.dataclass(frozen=True, eq=False)
class Origin:
    """An array of which others are elementwise functions.

    Attributes:
        value: The array.
        layer: The number of the layer that gave it; None for the input and where theory does not follow.
    """

    value: Array
    layer: int | None


class Node(NamedTuple):
    """An elementwise step.

    Attributes:
        equation: Of the traced program.
        arguments: Earlier steps, None for the origin, or arrays that hold one number.
        name: What the step is called.
    """

    equation: Any
    arguments: tuple[Any, ...]
    name: str


class Signal(NamedTuple):
    """A value of the program.

    Attributes:
        value: The array.
        origin: Of what it is an elementwise function; None where it does not depend on the input.
        node: As which function; None for the identity.
        uniform: Whether it holds one number, whatever its shape.
    """

    value: Any
    origin: Origin | None = None
    node: Node | None = None
    uniform: bool = False

    def function(self, x: Array) -> Array:
        """The value as a function of the origin's."""
        return _evaluated(self.node, x, {}).reshape(x.shape)


class Layer(NamedTuple):
    """Where weights meet the signal.

    Attributes:
        number: Among the layers, from 0 on.
        source: The signal that they meet.
        weights: The weights, shape `(fan_in, units)`.
        biases: What is added; None if nothing is.
        shape: Of what comes out.
        value: The same with the biases, its axes perhaps in another order.
        window: Whether the same weights meet many places, as in a convolution.
    """

    number: int
    source: Signal
    weights: Array
    biases: Array | None
    shape: tuple[int, ...]
    value: Array
    window: bool


class Run:
    """One run of a program.

    Args:
        shift: What is added to the output of a layer, by its number, so that it can be differentiated in it.

    Attributes:
        layers: Those that were met, in order.
    """

    def __init__(self, shift: Callable[[int, Array], Array] = lambda _, value: value) -> None:
        """Begins with no layers."""
        self.layers: list[Layer] = []
        self._shift = shift

    def __call__(
        self, program: core.ClosedJaxpr, constants: Sequence[Any], inputs: Sequence[Array]
    ) -> list[Signal]:
        """Runs a program on inputs; gives its outputs.

        Args:
            program: The traced program.
            constants: The arrays that it holds.
            inputs: What the network is applied to.
        """
        given = [Signal(value, Origin(value, None)) for value in inputs]
        return self._run(program.jaxpr, [_constant(value) for value in constants], given)

    def _run(self, jaxpr: core.Jaxpr, constants: Sequence[Signal], inputs: Sequence[Signal]) -> list[Signal]:
        known = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*constants, *inputs], strict=True))

        def read(variable: Any) -> Signal:
            return _constant(variable.val) if isinstance(variable, core.Literal) else known[variable]

        for equation in jaxpr.eqns:
            found = self._step(equation, [read(variable) for variable in equation.invars])
            known.update(zip(equation.outvars, found, strict=True))
        return [read(variable) for variable in jaxpr.outvars]

    def _step(self, equation: Any, given: list[Signal]) -> list[Signal]:  # noqa: PLR0911  # one rule, one return
        moving = [signal for signal in given if signal.origin is not None]
        if not moving:
            uniform = all(signal.uniform for signal in given) and keeps_uniform(equation)
            return [Signal(value, uniform=uniform) for value in bound(equation, [s.value for s in given])]
        name = equation.primitive.name
        weighted = name in PRODUCTS and len(moving) == 1
        if weighted and any(signal.origin is None and signal.value.ndim > 1 for signal in given[:2]):
            return [self._layer(equation, given)]
        if name in ("add", "sub", "add_any") and len(moving) == 1 and self._biased(*_in_order(given)):
            return [self._with_biases(equation, given)]
        if name in MOVED:
            (value,) = bound(equation, [signal.value for signal in given])
            return [moving[0]._replace(value=value)]
        if elementwise(equation) and _alone(given):
            return self._along(equation, given)
        inner = inner_program(equation)
        if inner is not None:
            program, constants = inner
            return self._run(program, [_constant(value) for value in constants], given)
        if name == "scan" and any(has_product(body) for body in programs(equation)):
            return self._unrolled(equation, given)
        return [_anew(value) for value in bound(equation, [signal.value for signal in given])]

    def _along(self, equation: Any, given: list[Signal]) -> list[Signal]:
        """An elementwise step."""
        origin = next(signal.origin for signal in given if signal.origin is not None)
        values = bound(equation, [signal.value for signal in given])
        arguments = tuple(s.value if s.origin is None else s.node for s in given)
        if len(values) > 1:
            return [_anew(value) for value in values]
        return [Signal(values[0], origin, Node(equation, arguments, called(equation)))]

    def _layer(self, equation: Any, given: list[Signal]) -> Signal:
        (value,) = bound(equation, [signal.value for signal in given])
        place = next(i for i, signal in enumerate(given[:2]) if signal.origin is None)
        options = equation.params["dimension_numbers"]
        window = equation.primitive.name == "conv_general_dilated"
        held = given[place].value
        weights = kernel(held, options.rhs_spec) if window else matrix(held, options, place)
        number = len(self.layers)
        value = self._shift(number, value)
        self.layers.append(Layer(number, given[1 - place], weights, None, value.shape, value, window))
        return Signal(value, Origin(value, number))

    def _biased(self, signal: Signal, other: Signal) -> bool:
        """Whether what is added to a signal are the biases of the layer that gave it just now."""
        number = None if signal.origin is None else signal.origin.layer
        fresh = number is not None and signal.node is None and self.layers[number].biases is None
        return fresh and not other.uniform

    def _with_biases(self, equation: Any, given: list[Signal]) -> Signal:
        signal, other = _in_order(given)
        (value,) = bound(equation, [s.value for s in given])
        number: int = signal.origin.layer  # pyright: ignore[reportOptionalMemberAccess,reportAssignmentType]
        self.layers[number] = self.layers[number]._replace(biases=other.value, value=value)
        return Signal(value, Origin(value, number))

    def _unrolled(self, equation: Any, given: list[Signal]) -> list[Signal]:
        """A loop with layers in it, one round after another."""
        options = equation.params
        (body, held), length = opened(options["jaxpr"]), options["length"]
        carried = _alike(equation.outvars, body.outvars)  # what is carried or fixed is not cut in slices
        fixed = _alike(equation.invars, body.invars) - carried
        constants, state, rows = given[:fixed], given[fixed : fixed + carried], given[fixed + carried :]
        order = range(length)[::-1] if options["reverse"] else range(length)
        made: list[list[Signal]] = []
        for i in order:
            row = [_anew(s.value[i]) if s.origin is not None else Signal(s.value[i]) for s in rows]
            inner = [_constant(value) for value in held]
            found = self._run(body, inner, [*constants, *state, *row])
            state, out = found[:carried], found[carried:]
            made.append(out)
        stacked = [
            jnp.stack([s.value for s in column])
            for column in zip(*(made[::-1] if options["reverse"] else made), strict=True)
        ]
        return [*state, *map(_anew, stacked)]


def _evaluated(node: Node | None, x: Array, known: dict[int, Array]) -> Array:
    """An elementwise step at an array with as many entries as the origin."""
    if node is None:
        return x
    if id(node) not in known:
        values = []
        for argument, variable in zip(node.arguments, node.equation.invars, strict=True):
            moving = argument is None or isinstance(argument, Node)
            value = _evaluated(argument, x, known).reshape(variable.aval.shape) if moving else argument
            values.append(value)
        (known[id(node)],) = bound(node.equation, values)
    return known[id(node)]


def text(node: Node | None) -> str:
    """A step as text: equal ones are the same function."""
    if node is None:
        return "x"
    arguments = [
        text(argument) if argument is None or isinstance(argument, Node) else str(jnp.ravel(argument)[0])
        for argument in node.arguments
    ]
    inner = inner_program(node.equation)
    what = str(node.equation.params) if inner is None else str(inner[0])
    return f"{node.equation.primitive.name}[{what}]({', '.join(arguments)})"


def _alike(outer: Sequence[Any], inner: Sequence[Any]) -> int:
    """How many variables have the same shape outside and inside."""
    return sum(a.aval.shape == b.aval.shape for a, b in zip(outer, inner, strict=True))


def _in_order(given: Sequence[Signal]) -> list[Signal]:
    """Two signals, first the one that depends on the input."""
    return sorted(given, key=lambda signal: signal.origin is None)


def _constant(value: Any) -> Signal:
    return Signal(value, uniform=jnp.size(value) == 1)


def _anew(value: Array) -> Signal:
    """A value from which on the signal is followed again."""
    return Signal(value, Origin(value, None))


def _alone(given: Sequence[Signal]) -> bool:
    """Whether signals have one origin, and what joins them holds one number."""
    origins = {id(signal.origin) for signal in given if signal.origin is not None}
    return len(origins) == 1 and all(signal.uniform for signal in given if signal.origin is None)
