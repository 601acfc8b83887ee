"""Pieces: where a function is put together, and what it is between."""

import itertools

import jax.numpy as jnp
import pytest

from jaxact._formula import parse
from jaxact.proof.pieces.pieces import UndecidedError, pieces
from jaxact.proof.programs.program import of_formula
from jaxact.proof.programs.tracing import of_function


def _breaks(formula: str) -> list[str]:
    return [str(piece.left) for piece in pieces(of_formula(parse(formula))) if piece.point]


@pytest.mark.parametrize(
    ("formula", "breaks"),
    [
        ("x**3 + exp(x)", []),
        ("max(x, 0)", ["0"]),
        ("abs(3 * x - 1)", ["0.333333333333333"]),
        ("min(max(x, -1), 1)", ["-1", "1"]),
        ("where(x > 2, x, where(x > 1, 0, abs(x)))", ["0", "1", "2"]),
        ("where(abs(x) > 0.5, x, 0)", ["-0.5", "0", "0.5"]),
        ("max(x**2 - 2, 0)", ["-1.4142135623731", "1.4142135623731"]),
        ("where(exp(x) > 2, 1, 0)", ["0.693147180559945"]),
        ("sign(x - 7)", ["7"]),
        ("max(tanh(x), 0.5)", ["0.549306144334055"]),
    ],
)
def test_breaks_are_where_the_branches_meet(formula: str, breaks: list[str]) -> None:
    found = _breaks(formula)
    assert [float(text) for text in found] == pytest.approx([float(text) for text in breaks], rel=1e-12)


def test_pieces_follow_one_another_with_points_between() -> None:
    found = pieces(of_formula(parse("where(x > 1, x, abs(x))")))
    assert [piece.point for piece in found] == [False, True, False, True, False]
    assert found[0].left is None
    assert found[-1].right is None
    for one, next_one in itertools.pairwise(found):
        assert one.right is next_one.left


def test_no_piece_asks_anything() -> None:
    for piece in pieces(of_formula(parse("where(x > 0, max(x, 1), min(abs(x), 3))"))):
        asked = {step.operator for step in piece.program.steps}
        assert not asked & {"where", "max", "min", "abs", "greater"}


@pytest.mark.parametrize("formula", ["max(sin(x), 0)", "floor(x)"])
def test_what_breaks_without_end_is_said_to(formula: str) -> None:
    with pytest.raises(UndecidedError):
        pieces(of_formula(parse(formula)))


def test_a_half_open_box_is_no_trap() -> None:
    """Hard shrink jumps; a box that ends at the jump must not hide it."""
    found = pieces(of_function(lambda x: jnp.where(abs(x) > 0.5, x, 0.0)))
    operators = [piece.program.steps[piece.program.result].operator for piece in found]
    assert operators == ["x", "number", "number", "number", "number", "number", "x"]
