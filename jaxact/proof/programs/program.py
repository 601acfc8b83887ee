"""A function of one real variable as a flat program, from a formula or from whatever JAX can trace.

A program is a list of steps, each an operator of `jaxact._formula` or one of a few more, applied to earlier
ones; equal steps are one. It is about real numbers: roundings, dtypes and questions for NaN are gone, and its
constants are the numbers that stand in the formula or, as floats, in the traced program.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from jaxact._formula import CONSTANTS, Call, Formula, Name, Node, Number

Constant = Fraction | str
"""A rational number, `"pi"` or `"e"`, and `"inf"` or `"-inf"` where a bound says that there is none."""


class UnprovableError(TypeError):
    """A function contains something about which nothing can be proved; the message says what."""


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One operation.

    Attributes:
        operator: Its name; `"x"` is the variable, `"number"` a constant.
        arguments: Indices of earlier steps; the constant of a number.
    """

    operator: str
    arguments: tuple[Any, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Program:
    """A function of one real variable.

    Attributes:
        steps: In an order in which each can be computed.
        result: The index of the step that is the value.
    """

    steps: tuple[Step, ...]
    result: int

    def rebuilt(self, result: int, replace: Mapping[int, Callable[["Builder", list[int]], int]]) -> "Program":
        """The same program with another result, or with some steps replaced.

        Args:
            result: Index of the step that is to be the value.
            replace: For the index of a step, what stands for it: a function of the new program's builder and
                the new indices of the step's arguments.
        """
        builder = Builder()
        return builder.finished(Program(self.steps[: result + 1], result).copied(builder, replace)[result])

    def copied(
        self,
        builder: "Builder",
        replace: Mapping[int, Callable[["Builder", list[int]], int]] | None = None,
    ) -> list[int]:
        """Adds all steps to those that a builder has, the variable being its own; gives their new indices."""
        moved: list[int] = []
        for index, step in enumerate(self.steps):
            if step.operator == "number":
                moved.append(builder.add("number", *step.arguments))
                continue
            given = [moved[argument] for argument in step.arguments]
            other = (replace or {}).get(index)
            moved.append(other(builder, given) if other else builder.add(step.operator, *given))
        return moved

    def needed(self, index: int) -> set[int]:
        """The indices of a step and of all from which it is computed."""
        return _needed(self.steps, index)

    def evaluate(self, system: Mapping[str, Callable[..., Any]], x: Any) -> Any:
        """Evaluates the program.

        Args:
            system: What the operators mean, `"number"` included.
            x: The variable, a value of the system.
        """
        values: list[Any] = []
        for step in self.steps:
            if step.operator == "x":
                values.append(x)
            elif step.operator == "number":
                values.append(system["number"](*step.arguments))
            else:
                values.append(system[step.operator](*(values[index] for index in step.arguments)))
        return values[self.result]


class Builder:
    """Collects steps; the same step twice is one.

    Args:
        rewriting: Whether expressions whose derivatives cancel are written in other terms.
    """

    def __init__(self, *, rewriting: bool = False) -> None:
        """Starts with the variable."""
        self._rewriting = rewriting
        self._steps: dict[Step, int] = {}
        self._order: list[Step] = []
        self.x = self.add("x")

    def add(self, operator: str, *arguments: Any) -> int:
        """The index of a step, or of the earlier one that it comes to."""
        given = [self.step(argument) for argument in arguments] if operator != "number" else []
        same = _folded(operator, arguments, given)
        if isinstance(same, Step):
            operator, arguments, same = same.operator, same.arguments, None
        if same is not None:
            return same
        if (
            operator == "multiply" and arguments[0] == arguments[1]
        ):  # a square is not negative, a product may be
            return self.add("power", arguments[0], self.number(Fraction(2)))
        rewritten = _rewritten(self, operator, given) if self._rewriting else None
        if rewritten is not None:
            return rewritten
        if operator == "log" and given[0].operator == "cosh":  # whose derivatives cancel as a quotient
            operator, arguments = "log_cosh", given[0].arguments
        step = Step(operator, arguments)
        if step not in self._steps:
            self._steps[step] = len(self._order)
            self._order.append(step)
        return self._steps[step]

    def step(self, index: int) -> Step:
        """One of the steps."""
        return self._order[index]

    def linear(self, index: int) -> bool:
        """Whether a step is the variable, or its negative or multiple."""
        step = self._order[index]
        if step.operator == "multiply":
            kinds = sorted(self._order[argument].operator for argument in step.arguments)
            return kinds == ["number", "x"]
        return step.operator == "x" or (step.operator == "negative" and self.linear(step.arguments[0]))

    def number(self, value: Constant | float) -> int:
        """The index of a constant; a float counts as the rational number that it is.

        Raises:
            UnprovableError: If it is NaN.
        """
        if isinstance(value, float):
            if math.isnan(value):
                raise UnprovableError(
                    "The function contains the constant nan, of which nothing can be proved."
                )
            value = Fraction(value) if math.isfinite(value) else str(value)
        return self.add("number", value)

    def finished(self, result: int) -> Program:
        """The program, without the steps that its result does not need."""
        steps = self._order
        kept = {old: new for new, old in enumerate(sorted(_needed(steps, result)))}
        moved = [
            steps[old]
            if steps[old].operator == "number"
            else Step(steps[old].operator, tuple(kept[argument] for argument in steps[old].arguments))
            for old in kept
        ]
        return Program(tuple(moved), kept[result])


def _needed(steps: Sequence[Step], result: int) -> set[int]:
    """The indices of a step and of all from which it is computed."""
    needed = {result}
    for index in range(result, -1, -1):
        if index in needed and steps[index].operator != "number":
            needed.update(steps[index].arguments)
    return needed


def _rewritten(builder: Builder, operator: str, given: list[Step]) -> int | None:
    """The same function in terms whose derivatives do not cancel, None where there are none."""
    if operator == "power" and given[0].operator in {"sin", "cos"} and given[1].arguments == (Fraction(2),):
        one, two = builder.number(Fraction(1)), builder.number(Fraction(2))
        wave = builder.add("cos", builder.add("multiply", two, given[0].arguments[0]))
        sign = "subtract" if given[0].operator == "sin" else "add"
        return builder.add("divide", builder.add(sign, one, wave), two)
    if operator == "log" and given[0].operator == "add":
        parts = [(index, builder.step(index)) for index in given[0].arguments]
        for (index, part), (_, other) in (parts, parts[::-1]):
            if part.operator == "exp" and other.arguments == (Fraction(1),) and other.operator == "number":
                return builder.add("log1p", index)
    if operator == "log1p" and given[0].operator == "exp" and builder.linear(given[0].arguments[0]):
        inner = given[0].arguments[0]  # log(1 + exp(a)) is max(a, 0) + log(1 + exp(-|a|))
        zero, size = builder.number(Fraction(0)), builder.add("abs", inner)
        rest = builder.add("log1p", builder.add("exp", builder.add("negative", size)))
        return builder.add("add", builder.add("max", inner, zero), rest)
    return None


TRUE, FALSE = Step("true", ()), Step("false", ())
_INFINITE = {"inf": 1, "-inf": -1}


def _folded(  # noqa: PLR0911  # one rule, one return
    operator: str, arguments: tuple[Any, ...], given: list[Step]
) -> int | Step | None:
    """What a step comes to without computing: an earlier step, a truth value, or nothing simpler."""
    match operator, given:
        case "where", [test, yes, no] if test in (TRUE, FALSE) or yes == no:
            return arguments[1] if yes == no or test == TRUE else arguments[2]
        case "not", [test] if test in (TRUE, FALSE):
            return FALSE if test == TRUE else TRUE
        case (("and" | "or"), [a, b]) if {a, b} & {TRUE, FALSE}:
            decisive = FALSE if operator == "and" else TRUE
            return decisive if decisive in (a, b) else arguments[0] if b in (TRUE, FALSE) else arguments[1]
        case (("max" | "min"), [a, b]) if _infinite(a) or _infinite(b):
            infinite, other = (_infinite(a), 1) if _infinite(a) else (_infinite(b), 0)
            return arguments[other if infinite == (-1 if operator == "max" else 1) else 1 - other]
        case (("greater" | "greater_equal" | "less" | "less_equal" | "equal" | "unequal"), [a, b]):
            if a == b:
                return TRUE if operator in {"greater_equal", "less_equal", "equal"} else FALSE
            left, right = _infinite(a), _infinite(b)
            if left or right:  # every real number lies between
                holds = {"greater": left > right, "greater_equal": left > right, "equal": False}
                holds |= {"less": left < right, "less_equal": left < right, "unequal": True}
                return TRUE if holds[operator] else FALSE
    return None


def _infinite(step: Step) -> int:
    """1 or -1 for an infinite constant, 0 for everything else."""
    return _INFINITE.get(step.arguments[0], 0) if step.operator == "number" else 0


def of_formula(formula: Formula, parameters: Mapping[str, float] | None = None) -> Program:
    """The program of a formula in `x`.

    Args:
        formula: Any formula of the language.
        parameters: A value for every other name, taken as the exact number that the float is.
    """
    builder = Builder(rewriting=True)
    values = {name: builder.number(float(value)) for name, value in (parameters or {}).items()}
    return builder.finished(written(builder, formula, {"x": builder.x, **values}))


def written(builder: Builder, formula: Formula, values: Mapping[str, int]) -> int:
    """Adds the steps of a formula; gives the one that is its value."""

    def index(node: Node) -> int:
        match node:
            case Number(text):
                return builder.number(Fraction(text))
            case Name(text) if text in CONSTANTS and text not in values:
                return builder.number(text)
            case Name(text):
                return values[text]
            case Call(operator, arguments):
                return builder.add(operator, *map(index, arguments))

    return index(formula.tree)
