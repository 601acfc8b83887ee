"""The language of formulas: what it refuses, and that all its number systems mean the same."""

import re
from typing import Any

import hypothesis
import hypothesis.strategies as st
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb

import jaxact
from jaxact._formula import FUNCTIONS, JNP, NUMPY, Formula, FormulaError, parse
from jaxact._latex import LATEX
from jaxact.proof.numbers import balls

SYSTEMS = {"numpy": NUMPY, "jnp": JNP, "balls": balls.BALLS, "jets": balls.JETS, "latex": LATEX}

REFUSED = {
    "x +": "invalid syntax",
    "(x": "was never closed",
    "x y": "invalid syntax",
    "": "invalid syntax",
    "x\0": "null bytes",
    "x.real": "Attribute is no part of a formula",
    "x[0]": "Subscript is no part of a formula",
    "pi[0]": "Subscript is no part of a formula",
    "a[-1]": "Subscript is no part of a formula",
    "a[b]": "Subscript is no part of a formula",
    "a[True]": "Subscript is no part of a formula",
    "a[0][1]": "Subscript is no part of a formula",
    "a[0](x)": "Call is no part of a formula",
    "a[0x1]": "a number of a vector is written a[1]",
    "a[ 1]": "a number of a vector is written a[1]",
    "lambda x: x": "Lambda is no part of a formula",
    "'x'": "Constant is no part of a formula",
    "f'{x}'": "JoinedStr is no part of a formula",
    "True": "Constant is no part of a formula",
    "1j": "Constant is no part of a formula",
    "x if x > 0 else 0": "IfExp is no part of a formula",
    "x and y": "BoolOp is no part of a formula",
    "x // 2": "BinOp is no part of a formula",
    "x @ x": "BinOp is no part of a formula",
    "+x": "UnaryOp is no part of a formula",
    "(x, x)": "Tuple is no part of a formula",
    "[x for x in x]": "ListComp is no part of a formula",
    "(y := x)": "NamedExpr is no part of a formula",
    "x > 0": "Compare is no part of a formula",
    "x + (x > 0)": "Compare is no part of a formula",
    "where(x, 1, 0)": "where asks for one comparison",
    "where(0 < x < 1, 1, 0)": "where asks for one comparison",
    "where(x == 0, 1, 0)": "where asks for one comparison",
    "__import__('os')": "__import__ is no function of the language",
    "sigmoid(x)": "sigmoid is no function of the language; it has where",
    "exp.__call__(x)": "Call is no part of a formula",
    "exp(x)(x)": "Call is no part of a formula",
    "exp(x, base=2)": "Call is no part of a formula",
    "exp(*x)": "Starred is no part of a formula",
    "max(x)": "max takes 2 arguments; got 1",
    "exp()": "exp takes 1 argument; got 0",
    "0x10": "a number is written in decimal digits; got 0x10",
    "1_000": "a number is written in decimal digits; got 1_000",
    "-" * 200 + "x": "at most 100 levels deep",
    "(" * 300 + "x" + ")" * 300: "nested parentheses",
    "x" + " + x" * 400: "at most 100 levels deep",
    "x" + "+x" * 5000: "at most 2000 characters; got 10001",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:24])
def test_what_is_not_in_the_language_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match=re.escape(REFUSED[text])):
        parse(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [("x + sigmoid(x)", 4), ("1 +  x.real", 4), ("exp(x) + max(x)", 9), (" x * 'a'", 4), ("x * (x > 0)", 5)],
)
def test_error_points_at_the_place(text: str, place: int) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    _, shown, pointer = str(caught.value).split("\n")
    assert shown == "  " + " ".join(text.split())
    assert pointer == "  " + " " * place + "^"


def test_names_are_read_and_missing_ones_named() -> None:
    formula = parse("where(x > 0, x, slope * pi * x)")
    assert formula.names == {"x", "slope"}
    assert str(formula) == formula.text
    with pytest.raises(NameError, match=r"needs a value for slope, x\."):
        formula.evaluate(NUMPY)


def test_the_numbers_of_a_vector_are_names() -> None:
    formula = parse("a[0] * x + a[1] * exp(a[10])")
    assert formula.names == {"x", "a[0]", "a[1]", "a[10]"}
    assert formula.evaluate(NUMPY, x=2.0, **{"a[0]": 3.0, "a[1]": 5.0, "a[10]": 0.0}) == 11
    assert str(formula.substituted({"a[1]": "-2", "x": "y"})) == "a[0] * y + (-2) * exp(a[10])"


def test_a_formula_is_one_line() -> None:
    assert parse(" x\n  + 1 ") == parse("x + 1")


def test_every_system_knows_the_whole_language() -> None:
    for name, system in SYSTEMS.items():
        assert system.keys() >= FUNCTIONS.keys(), name
        assert system.keys() == NUMPY.keys(), name


ONE_OF_EACH = [
    *(f"{name}(x)" for name, arguments in FUNCTIONS.items() if arguments == 1),
    *(f"{name}(x, 0.25)" for name in ("min", "max")),
    *(f"where(x {sign} 0.25, x, 1)" for sign in ("<", "<=", ">", ">=")),
    *("x + pi", "x - e", "2 * x", "1 / x", "x**3", "x**-2", "x**0.5", "-x", "1.5e-3 * x"),
    *("2 - (3 - x)", "2 / (3 / x)", "(x + 1)**2", "-x**2", "2**3**x", "x - -x", "(-x)**2", "2 * -x - 3"),
]


@pytest.mark.parametrize("text", ONE_OF_EACH)
@pytest.mark.parametrize("point", [0.25, 0.7, 2.5])
def test_the_systems_agree_with_python(text: str, point: float) -> None:
    names = {"sign": np.sign, "floor": np.floor, "arctan": np.arctan, "pi": np.pi, "e": np.e}
    names |= {name: NUMPY[name] for name in FUNCTIONS if name not in names}
    expected = float(eval(text, {**names, "x": point}))  # noqa: S307  # our own texts, against which ours is read
    _agree(parse(text), point, expected)


def _agree(formula: Formula, point: float, expected: float) -> None:
    ball = balls.value(formula, point, {})
    assert float(ball.mid()) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert float(formula.evaluate(NUMPY, x=np.float64(point))) == pytest.approx(
        expected, rel=1e-12, abs=1e-12
    )
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        in_jax = formula.evaluate(JNP, x=jnp.float64(point))
        assert float(in_jax) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    jet = balls.jet(formula, point, {})
    assert float(jet.value.mid()) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def _expressions() -> st.SearchStrategy[str]:
    """Formulas in `x` that are defined on all reals and stay of moderate size."""
    leaves = st.sampled_from(["x", "pi", "e", "0.5", "2", "0.125"])
    bounded = ("tanh", "sin", "cos", "arctan", "erf", "erfc", "abs")

    def grow(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pairs = st.tuples(parts, parts)
        return st.one_of(
            st.tuples(st.sampled_from("+-*"), pairs).map(lambda t: f"({t[1][0]}) {t[0]} ({t[1][1]})"),
            pairs.map(lambda t: f"({t[0]}) / (1 + ({t[1]})**2)"),
            st.tuples(st.sampled_from(bounded), parts).map(lambda t: f"{t[0]}({t[1]})"),
            parts.map(lambda t: f"exp(-abs({t}))"),
            parts.map(lambda t: f"log1p(abs({t}))"),
            parts.map(lambda t: f"sqrt(1 + ({t})**2)"),
            parts.map(lambda t: f"-({t})"),
            pairs.map(lambda t: f"min({t[0]}, {t[1]})"),
            pairs.map(lambda t: f"max({t[0]}, {t[1]})"),
            st.tuples(st.sampled_from(["<", "<=", ">", ">="]), pairs).map(
                lambda t: f"where(x {t[0]} 0.1, {t[1][0]}, {t[1][1]})"
            ),
        )

    return st.recursive(leaves, grow, max_leaves=8)


@hypothesis.settings(max_examples=60)
@hypothesis.given(text=_expressions(), point=st.sampled_from([-2.25, -0.5, 0.375, 1.75]))
def test_generated_formulas_mean_the_same_everywhere(text: str, point: float) -> None:
    formula = parse(text)
    ball = balls.value(formula, point, {})
    scale = 1 + abs(float(ball.mid()))
    in_numpy = float(formula.evaluate(NUMPY, x=np.float64(point)))
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        in_jax = float(formula.evaluate(JNP, x=jnp.float64(point)))
    assert ball.is_finite()
    assert abs(in_numpy - float(ball.mid())) <= 1e-9 * scale
    assert abs(in_jax - float(ball.mid())) <= 1e-9 * scale
    _check_tex(formula.latex())


@hypothesis.given(st.text(max_size=40))
def test_any_text_is_a_formula_or_a_formula_error(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaError:
        return
    assert parse(str(formula)) == formula


TEX: dict[str, str] = {
    "x + 1": "x + 1",
    "x - (1 - x)": r"x - \left(1 - x\right)",
    "x - 1 - x": "x - 1 - x",
    "x + -1": r"x + \left(-1\right)",
    "2 * 3 * x": r"2 \cdot 3 \, x",
    "x * (x + 1)": r"x \, \left(x + 1\right)",
    "-x * 2": r"-x \cdot 2",
    "x * -2": r"x \, \left(-2\right)",
    "x - -x * 2": r"x - \left(-x \cdot 2\right)",
    "-(x + 1)": r"-\left(x + 1\right)",
    "-x**2": "-x^{2}",
    "(-x)**2": r"\left(-x\right)^{2}",
    "x**2**x": "x^{2^{x}}",
    "(x**2)**x": r"\left(x^{2}\right)^{x}",
    "exp(x)**2": r"\left(e^{x}\right)^{2}",
    "x / (1 + x)": r"\frac{x}{1 + x}",
    "(x / 2)**2": r"\left(\frac{x}{2}\right)^{2}",
    "abs(x)**2": r"\left|x\right|^{2}",
    "sqrt(x)": r"\sqrt{x}",
    "floor(x)": r"\left\lfloor x \right\rfloor",
    "max(x, 1) * min(x, 2)": r"\max\left(x, 1\right) \, \min\left(x, 2\right)",
    "tanh(log1p(x))": r"\tanh\left(\operatorname{log1p}\left(x\right)\right)",
    "slopes[1]**2": r"\mathrm{slopes}_{1}^{2}",
    "a[12] * x": r"a_{12} \, x",
    "low_slope * pi": r"\mathrm{low\_slope} \, \pi",
    "e": "e",
    "1.5e-06 * x": r"1.5 \cdot 10^{-6} \, x",
    "x**1e2": r"x^{1 \cdot 10^{2}}",
    "1e2**x": r"\left(1 \cdot 10^{2}\right)^{x}",
    "where(x <= 0, x, 1)": r"\begin{cases}x & x \le 0 \\ 1 & \text{otherwise}\end{cases}",
    "2 * where(x >= 0, x, 1)": (
        r"2 \, \left(\begin{cases}x & x \ge 0 \\ 1 & \text{otherwise}\end{cases}\right)"
    ),
}


@pytest.mark.parametrize("text", TEX)
def test_tex_of_each_construct(text: str) -> None:
    assert parse(text).latex() == TEX[text]
    _check_tex(TEX[text])


def test_tex_of_every_function_of_the_language() -> None:
    for text in ONE_OF_EACH:
        _check_tex(parse(text).latex())


def test_tex_of_every_activation(entry: jaxact.Spec) -> None:
    tex = entry.formula.latex()
    _check_tex(tex)
    for name in entry.formula.names - {"x"}:
        stem, _, place = name.replace("_", r"\_").partition("[")
        assert stem in tex
        assert not place or f"_{{{place[:-1]}}}" in tex


def _check_tex(tex: str) -> None:
    """Braces, `left` and `right`, `begin` and `end` are balanced, and no command is unknown."""
    depth = 0
    for sign in re.findall(r"(?<!\\)[{}]", tex):
        depth += 1 if sign == "{" else -1
        assert depth >= 0, tex
    assert depth == 0, tex
    for left, right in ((r"\left", r"\right"), (r"\begin", r"\end")):
        assert len(re.findall(re.escape(left) + r"(?![a-z])", tex)) == len(
            re.findall(re.escape(right) + r"(?![a-z])", tex)
        ), tex
    assert set(re.findall(r"\\[a-z]+", tex)) <= COMMANDS, tex


COMMANDS = {
    *(r"\arctan", r"\cos", r"\cosh", r"\log", r"\max", r"\min", r"\sin", r"\sinh", r"\sqrt", r"\tanh"),
    *(
        r"\begin",
        r"\end",
        r"\left",
        r"\right",
        r"\lfloor",
        r"\rfloor",
        r"\mathrm",
        r"\operatorname",
        r"\text",
    ),
    *(r"\cdot", r"\frac", r"\ge", r"\le", r"\pi"),
}


def test_a_number_is_read_exactly_by_balls() -> None:
    third: Any = parse("0.1 * 3 - 0.3").evaluate(balls.BALLS)
    assert isinstance(third, arb)
    assert third.contains(0)
    assert parse("0.1 * 3 - 0.3").evaluate(NUMPY) != 0


def test_a_power_of_a_number_near_0_is_known() -> None:
    for text, expected in (
        ("(pi - pi)**2", 0),
        ("(1 + (pi - pi)**3)**2", 1),
        ("(2 + x - x - 2 + x)**2", 0.25),
    ):
        assert balls.value(parse(text), 0.5, {}).contains(expected)
        assert balls.jet(parse(text), 0.5, {}).curvature.is_finite()
