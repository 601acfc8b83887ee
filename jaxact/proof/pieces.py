"""A program taken apart into smooth pieces: every comparison, maximum and absolute value decided beforehand.

Where a function is put together from branches, the line falls into open intervals on each of which one branch
holds, and the points between them. What decides is the sign of a difference: exactly, where that is a line;
else by isolating its zeros in intervals, with a derivative that does not vanish. On its piece a function is
then one smooth expression, which may be enclosed up to the ends and, at an end, is the limit from that side.
"""

import dataclasses
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from flint import arb, ctx

from jaxact.proof import interval
from jaxact.proof.beyond import beyond
from jaxact.proof.enclosure import enclosed
from jaxact.proof.infinity import Infinity, OpenError
from jaxact.proof.interval import Interval
from jaxact.proof.program import FALSE, TRUE, Builder, Program


class UndecidedError(ArithmeticError):
    """A question that the method leaves open; the message is the reason."""


@dataclasses.dataclass(frozen=True, slots=True)
class Break:
    """A point between two pieces.

    Attributes:
        place: An enclosure of it.
        exact: The number itself, where it is rational and known.
        joined: Whether the branches meet there, as those of a maximum or an absolute value always do.
    """

    place: Interval
    exact: Fraction | None = None
    joined: bool = False

    def __str__(self) -> str:
        """The number as a person writes it."""
        return f"{float(self.place.middle):.15g}"


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """Part of the line, on which a function is smooth: an open interval, or one point.

    Attributes:
        left: Where it begins; None for minus infinity.
        right: Where it ends; None for infinity; the same as `left` for a point.
        program: The function there.
    """

    left: Break | None
    right: Break | None
    program: Program

    @property
    def point(self) -> bool:
        """Whether it is one point."""
        return self.left is not None and self.left is self.right

    def holds(self, number: arb) -> bool:
        """Whether a number lies in it for sure."""
        after = self.left is None or self.left.place.hi < number or (self.point and self.left.place.exact)
        return bool(after and (self.right is None or number < self.right.place.lo or self.point))

    @property
    def box(self) -> Interval:
        """A closed interval around it, infinite ends included."""
        lo = interval.ENTIRE.lo if self.left is None else self.left.place.lo
        hi = interval.ENTIRE.hi if self.right is None else self.right.place.hi
        return Interval(lo, hi)


DECISIONS = {
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "equal",
    "unequal",
    "max",
    "min",
    "abs",
    "sign",
}
"""Operators whose meaning depends on the sign of a difference."""

_TRUE_FOR = {
    "greater": {1}, "greater_equal": {0, 1}, "less": {-1}, "less_equal": {-1, 0}, "equal": {0},
    "unequal": {-1, 1},
}  # fmt: skip
"""The signs of `a - b` for which a comparison of `a` with `b` holds."""

_STARTS = (8, 64, 2**12, 2**40)
_NARROWEST = arb(2) ** -40
_PRECISION = 256


def pieces(program: Program) -> list[Piece]:
    """The smooth pieces of a function from left to right, a point between any two intervals.

    Raises:
        UndecidedError: If a sign on which the function depends cannot be decided, or changes without end.
    """
    with ctx.workprec(_PRECISION):
        found: list[Piece] = []
        left = [Piece(None, None, program)]
        while left:
            piece = left.pop()
            index = next(
                (i for i, step in enumerate(piece.program.steps) if step.operator in DECISIONS), None
            )
            if index is None:
                if any(step.operator == "floor" for step in piece.program.steps):
                    raise UndecidedError("floor jumps without end")
                found.append(piece)
            else:
                left += reversed(list(_decided(piece, index)))
        return found


def _decided(piece: Piece, index: int) -> Iterator[Piece]:
    """The parts of a piece on which one of its decisions always falls the same way."""
    step = piece.program.steps[index]

    def difference(builder: Builder, given: list[int]) -> int:
        return builder.add("subtract", *given) if len(given) == 2 else given[0]

    signs = _signs(piece, piece.program.rebuilt(index, {index: difference}))
    if step.operator in _JOINING:
        signs = _with_joined_breaks(piece, signs)
    for left, right, sign in signs:

        def chosen(builder: Builder, given: list[int], sign: int = sign) -> int:
            return _choice(builder, step.operator, given, sign)

        yield Piece(left, right, piece.program.rebuilt(piece.program.result, {index: chosen}))


_JOINING = {"max", "min", "abs"}
"""Decisions that leave a function continuous."""


def _with_joined_breaks(piece: Piece, signs: "Signs") -> "Signs":
    """The same signs with breaks that say that the branches meet; those of the piece stay as they are."""
    own = {id(end) for end in (piece.left, piece.right)}
    new: dict[int, Break] = {}

    def joined(end: Break | None) -> Break | None:
        if end is None or id(end) in own:
            return end
        return new.setdefault(id(end), dataclasses.replace(end, joined=True))

    return [(joined(left), joined(right), sign) for left, right, sign in signs]


def _choice(builder: Builder, operator: str, given: list[int], sign: int) -> int:
    """What a decision comes to where the difference of its arguments has a sign."""
    match operator:
        case "max":
            return given[0] if sign >= 0 else given[1]
        case "min":
            return given[0] if sign <= 0 else given[1]
        case "abs":
            return given[0] if sign >= 0 else builder.add("negative", given[0])
        case "sign":
            return builder.number(Fraction(sign))
    return builder.add((TRUE if sign in _TRUE_FOR[operator] else FALSE).operator)


Signs = list[tuple[Break | None, Break | None, int]]
"""Parts of a piece with the sign of a function on each."""


def _signs(piece: Piece, program: Program) -> Signs:
    """The sign of a smooth program on a piece, part by part, points where it is 0 included."""
    line = _line(program)
    if line is not None:
        return _signs_of_line(piece, *line)
    if piece.point:
        return [(piece.left, piece.right, _sign_at(program, piece.left))]
    return _signs_of_curve(piece, program)


def _line(program: Program) -> tuple[Fraction, Fraction] | None:
    """Slope and offset of a program that is a line with rational coefficients, exactly; None of any other."""
    try:
        slope, offset = program.evaluate(_LINES, (Fraction(1), Fraction(0)))
    except (KeyError, TypeError, ZeroDivisionError):
        return None
    return slope, offset


Line = tuple[Fraction, Fraction]


def _product(a: Line, b: Line) -> Line:
    if a[0] and b[0]:
        raise TypeError("A product of two lines is none.")
    return a[0] * b[1] + b[0] * a[1], a[1] * b[1]


def _quotient(a: Line, b: Line) -> Line:
    if b[0]:
        raise TypeError("A quotient by a line is none.")
    return a[0] / b[1], a[1] / b[1]


def _constant(value: Fraction | str) -> Line:
    if isinstance(value, str):
        raise TypeError("It is not rational.")
    return Fraction(0), value


def exactly(program: Program, x: Fraction) -> Fraction | None:
    """The value of a program at a rational number, if it takes no more than rational arithmetic."""
    try:
        return program.evaluate(_RATIONALS, x)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None


_RATIONALS: dict[str, Callable[..., Fraction]] = {
    "number": Fraction,
    "add": Fraction.__add__,
    "subtract": Fraction.__sub__,
    "negative": Fraction.__neg__,
    "multiply": Fraction.__mul__,
    "divide": Fraction.__truediv__,
    "power": lambda base, exponent: base ** int(exponent) if exponent.denominator == 1 else Fraction("no"),
}

_LINES: dict[str, Callable[..., Line]] = {
    "number": _constant,
    "add": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "subtract": lambda a, b: (a[0] - b[0], a[1] - b[1]),
    "negative": lambda a: (-a[0], -a[1]),
    "multiply": _product,
    "divide": _quotient,
}


def _signs_of_line(piece: Piece, slope: Fraction, offset: Fraction) -> Signs:
    if not slope:
        return [(piece.left, piece.right, _sign(offset))]
    root = -offset / slope
    where = _compare(root, piece)
    if where:  # the root lies left or right of the piece
        return [(piece.left, piece.right, -where * _sign(slope))]
    if piece.point:
        return [(piece.left, piece.right, 0)]
    at = Break(interval.number(root), root)
    return [(piece.left, at, -_sign(slope)), (at, at, 0), (at, piece.right, _sign(slope))]


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def _compare(root: Fraction, piece: Piece) -> int:
    """-1 or 1 for a number left or right of a piece, or at its end; 0 for one inside."""
    place = interval.number(root)
    for end, side in ((piece.left, -1), (piece.right, 1)):
        if end is None:
            continue
        if end.exact is not None:
            beyond = (root - end.exact) * side
            if beyond > 0 or (beyond == 0 and not piece.point):
                return side
        elif (place.hi < end.place.lo) if side < 0 else (place.lo > end.place.hi):
            return side
        elif place.lo <= end.place.hi and place.hi >= end.place.lo:
            raise UndecidedError(f"two of its breaks may be one, near {end}")
    return 0


def _sign_at(program: Program, at: Any) -> int:
    value = enclosed(program, at.place, 0)[0]
    if value.sign is None:
        raise UndecidedError(f"a difference on which it depends may be 0 at {at}")
    return value.sign


def _signs_of_curve(piece: Piece, program: Program) -> Signs:
    """By bisection: boxes without a zero, and boxes on which the function rises or falls through one."""
    lo, hi, tails = _core(piece, program)
    found: Signs = []
    if tails[0]:
        _append(found, tails[0], None)
    boxes = [(lo, hi)]
    while boxes:
        a, b = boxes.pop()
        value, slope = enclosed(program, Interval(a, b), 1)
        if value.sign:
            _append(found, value.sign, None)
        elif slope.sign:
            found = _through(program, found, a, b, slope.sign)
        elif b - a < _NARROWEST:
            raise UndecidedError(
                f"it cannot tell the sign of a difference on which it depends near {float(a):.6g}"
            )
        else:
            middle = ((a + b) / 2).mid()
            boxes += [(middle, b), (a, middle)]
    if tails[1]:
        _append(found, tails[1], None)
    return _joined(piece, found)


def _append(found: Signs, sign: int, root: Break | None) -> None:
    """Adds a sign, or a root and the sign after it, to signs whose ends are not set yet."""
    if root is not None:
        found += [(root, root, 0), (None, None, sign)]
    elif not found or found[-1][2] != sign:
        found.append((None, None, sign))


def _through(program: Program, found: Signs, a: arb, b: arb, slope: int) -> Signs:
    """Adds what a monotone function does on a box."""
    first, last = (enclosed(program, Interval(end, end), 0)[0].sign for end in (a, b))
    if first is None or last is None:
        raise UndecidedError(
            f"a difference on which it depends may be 0 at {float(a):.17g} or {float(b):.17g}"
        )
    if first == last:
        _append(found, first, None)
    elif first == 0:
        if found and found[-1][2] == -slope:
            _append(found, slope, _exactly(a))
        else:
            _append(found, slope, None)
    elif last == 0:
        _append(found, -slope, None)
    else:
        _append(found, first, None)
        _append(found, last, _narrowed(program, a, b, slope))
    return found


def _exactly(a: arb) -> Break:
    mantissa, exponent = a.man_exp()
    return Break(Interval(a, a), Fraction(int(mantissa)) * Fraction(2) ** int(exponent))


def _narrowed(program: Program, a: arb, b: arb, slope: int) -> Break:
    """The zero of a monotone function between two numbers, by bisection."""
    while b - a > arb(2) ** -200 * (1 + abs(a)):
        middle = ((a + b) / 2).mid()
        sign = enclosed(program, Interval(middle, middle), 0)[0].sign
        if sign == 0:
            return _exactly(middle)
        if sign is None:
            break
        a, b = (middle, b) if sign != slope else (a, middle)
    return Break(Interval(a, b))


def _core(piece: Piece, program: Program) -> tuple[arb, arb, tuple[int, int]]:
    """A bounded part of a piece, and the signs beyond it; 0 where there is nothing beyond."""
    box = piece.box
    ends, signs = [box.lo, box.hi], [0, 0]
    for side, end in ((0, piece.left), (1, piece.right)):
        if end is not None:
            continue
        ends[side], signs[side] = _far(program, box, -1 if side == 0 else 1)
    return ends[0], ends[1], (signs[0], signs[1])


def _far(program: Program, box: Interval, side: int) -> tuple[arb, int]:
    """From where on a program has one sign, and which."""
    for start in _STARTS:
        far = arb(side * start)
        if not box.lo < far < box.hi:
            continue
        rest = Interval(box.lo, far) if side < 0 else Interval(far, box.hi)
        sign = enclosed(program, rest, 0)[0].sign
        if not sign:
            try:
                sign = beyond(program, Infinity(side, start), 0)[0].sign
            except OpenError:
                continue
        if sign:
            return far, sign
    raise UndecidedError("it cannot tell the sign of a difference on which it depends far from 0")


def _joined(piece: Piece, found: Signs) -> Signs:
    """Gives every sign its ends: the roots beside it, or those of the piece."""
    parts: Signs = []
    for index, (root, _, sign) in enumerate(found):
        if root is not None:
            parts.append((root, root, sign))
            continue
        left = found[index - 1][0] if index else piece.left
        right = found[index + 1][0] if index + 1 < len(found) else piece.right
        if (index and left is None) or (index + 1 < len(found) and right is None):
            raise UndecidedError("a difference on which it depends changes its sign without a zero")
        parts.append((left, right, sign))
    return parts
