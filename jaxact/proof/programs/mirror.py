"""Whether a function is odd or even, as an expression: what is equal term by term is equal everywhere."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from jaxact.proof.pieces.piece import Piece
from jaxact.proof.programs.derivatives import derivatives, same
from jaxact.proof.programs.program import Program


class Term(NamedTuple):
    """An expression in a form in which signs stand in front and the order of sums and products is fixed.

    Attributes:
        sign: 1 or -1; 0 of the number 0.
        what: The expression without its sign.
    """

    sign: int
    what: tuple[Any, ...]


def mirrored(pieces: Sequence[Piece], sign: int) -> bool:
    """Whether `f(-x) = sign * f(x)` can be read off the expressions of a function's pieces.

    Args:
        pieces: From left to right.
        sign: 1 for even, -1 for odd.
    """
    for left, right in zip(pieces, reversed(pieces), strict=True):
        if left.right is not None and right.left is not None:
            ends = left.right.exact, right.left.exact
            if None in ends or ends[0] != -Fraction(ends[1] or 0):
                return False
        elif (left.right is None) != (right.left is None):
            return False
        if right.point and right.left is not None and right.left.exact is not None:
            if not _opposite(left.program, right.program, right.left.exact, sign):
                return False
            continue
        here = right.program.evaluate(_TERMS, Term(1, ("x",)))
        there = left.program.evaluate(_TERMS, Term(-1, ("x",)))
        if there != Term(sign * here.sign, here.what):
            return False
    return True


def _opposite(left: Program, right: Program, at: Fraction, sign: int) -> bool:
    """Whether the value of one program at `-at` is `sign` times that of another at `at`."""
    there, here = derivatives(left, -at), derivatives(right, at)
    return bool(there and here and same(there[0], here[0] if sign > 0 else -here[0]))


def _number(value: Fraction | str) -> Term:
    if isinstance(value, str):
        return Term(-1, ("number", value[1:])) if value.startswith("-") else Term(1, ("number", value))
    return Term((value > 0) - (value < 0), ("number", abs(value)))


_ZERO = _number(Fraction(0))


def _negative(a: Term) -> Term:
    return Term(-a.sign, a.what)


def _sum(a: Term, b: Term) -> Term:
    parts = [term for term in (a, b) if term.sign]
    if len(parts) < 2:
        return parts[0] if parts else _ZERO
    first, second = sorted(parts, key=lambda term: repr(term.what))
    if first.what == second.what and first.sign != second.sign:
        return _ZERO
    return Term(first.sign, ("add", first.what, second.what, first.sign * second.sign))


def _product(a: Term, b: Term) -> Term:
    if not a.sign or not b.sign:
        return _ZERO
    return Term(a.sign * b.sign, ("multiply", *sorted((a.what, b.what), key=repr)))


def _quotient(a: Term, b: Term) -> Term:
    return Term(a.sign * b.sign, ("divide", a.what, b.what)) if a.sign else _ZERO


def _power(base: Term, exponent: Term) -> Term:
    number = exponent.what[1] if exponent.what[0] == "number" else None
    if isinstance(number, Fraction) and number.denominator == 1 and base.sign:
        return Term(base.sign if number % 2 else 1, ("power", base.what, exponent))
    return Term(1, ("power", base, exponent))


def _function(name: str) -> Callable[..., Term]:
    def apply(*arguments: Term) -> Term:
        if len(arguments) == 1 and name in _PARITY:
            (inner,) = arguments
            sign = inner.sign if _PARITY[name] < 0 else 1
            return Term(sign, (name, inner.what)) if inner.sign or _PARITY[name] > 0 else _ZERO
        return Term(1, (name, *arguments))

    return apply


_PARITY = {
    "tanh": -1, "sinh": -1, "asinh": -1, "sin": -1, "arctan": -1, "erf": -1, "cbrt": -1,
    "cosh": 1, "log_cosh": 1, "cos": 1,
}  # fmt: skip
"""Elementary functions that are odd, -1, or even, 1."""


class _Terms(dict[str, Callable[..., Term]]):
    """The operators on terms: those with rules, and all others as they stand."""

    def __missing__(self, name: str) -> Callable[..., Term]:
        return _function(name)


_TERMS: Mapping[str, Callable[..., Term]] = _Terms(
    number=_number,
    negative=_negative,
    add=_sum,
    subtract=lambda a, b: _sum(a, _negative(b)),
    multiply=_product,
    divide=_quotient,
    power=_power,
)
