"""The number system whose numbers are pieces of TeX: to evaluate a formula in it is to typeset it."""

import functools
from collections.abc import Callable, Mapping
from typing import NamedTuple

# How strongly a piece holds together. An operand weaker than its place asks for stands in parentheses.
_COMPARISON, _SUM, _SIGNED, _PRODUCT, _ATOM, _LETTER = range(6)


class Tex(NamedTuple):
    """A piece of TeX and how strongly it holds together."""

    text: str
    strength: int

    def at_least(self, strength: int) -> "Tex":
        """The piece, in parentheses if it is weaker."""
        return self if self.strength >= strength else Tex(rf"\left({self.text}\right)", _LETTER)


def letter(name: str) -> Tex:
    """A variable, a parameter, or a number of a vector with its place as an index."""
    stem, _, place = name.partition("[")
    text = stem if len(stem) == 1 else rf"\mathrm{{{stem.replace('_', chr(92) + '_')}}}"
    return Tex(f"{text}_{{{place[:-1]}}}" if place else text, _LETTER)


def _number(text: str) -> Tex:
    if text == "pi":
        return Tex(r"\pi", _LETTER)
    digits, _, exponent = text.lower().partition("e")
    if digits and exponent:
        return Tex(rf"{digits} \cdot 10^{{{int(exponent)}}}", _PRODUCT)
    return Tex(text, _LETTER)


def _infix(sign: str, strength: int, right_strength: int) -> Callable[[Tex, Tex], Tex]:
    def between(left: Tex, right: Tex) -> Tex:
        left, right = left.at_least(strength), right.at_least(right_strength)
        return Tex(f"{left.text} {sign} {right.text}", strength)

    return between


def _multiply(left: Tex, right: Tex) -> Tex:
    """A product; one that begins with a minus sign is as weak as that sign."""
    left, right = left.at_least(_SIGNED), right.at_least(_PRODUCT)
    sign = r"\cdot" if right.text[0].isdigit() else r"\,"
    return Tex(f"{left.text} {sign} {right.text}", min(left.strength, _PRODUCT))


def _negative(operand: Tex) -> Tex:
    return Tex(f"-{operand.at_least(_PRODUCT).text}", _SIGNED)


def _power(base: Tex, exponent: Tex) -> Tex:
    return Tex(f"{base.at_least(_LETTER).text}^{{{exponent.text}}}", _ATOM)


def _where(test: Tex, yes: Tex, no: Tex) -> Tex:
    cases = rf"{yes.text} & {test.text} \\ {no.text} & \text{{otherwise}}"
    return Tex(rf"\begin{{cases}}{cases}\end{{cases}}", _COMPARISON)


def _enclosing(template: str, strength: int, *operands: Tex) -> Tex:
    """A piece whose own signs keep its operands apart from what surrounds it."""
    return Tex(template.format(*(operand.text for operand in operands)), strength)


_ENCLOSING = {
    "divide": (r"\frac{{{}}}{{{}}}", _ATOM),
    "exp": (r"e^{{{}}}", _ATOM),
    "sqrt": (r"\sqrt{{{}}}", _ATOM),
    "abs": (r"\left|{}\right|", _LETTER),
    "floor": (r"\left\lfloor {} \right\rfloor", _LETTER),
    "min": (r"\min\left({}, {}\right)", _ATOM),
    "max": (r"\max\left({}, {}\right)", _ATOM),
    **{
        name: (rf"\{name}\left({{}}\right)", _ATOM)
        for name in ("log", "tanh", "sinh", "cosh", "sin", "cos", "arctan")
    },
    **{
        name: (rf"\operatorname{{{{{name}}}}}\left({{}}\right)", _ATOM)
        for name in ("sign", "expm1", "log1p", "erf", "erfc")
    },
}

LATEX: Mapping[str, Callable[..., Tex]] = {
    "number": _number,
    "less": _infix("<", _COMPARISON, _SUM),
    "less_equal": _infix(r"\le", _COMPARISON, _SUM),
    "greater": _infix(">", _COMPARISON, _SUM),
    "greater_equal": _infix(r"\ge", _COMPARISON, _SUM),
    "add": _infix("+", _SUM, _PRODUCT),
    "subtract": _infix("-", _SUM, _PRODUCT),
    "multiply": _multiply,
    "negative": _negative,
    "power": _power,
    "where": _where,
    **{name: functools.partial(_enclosing, *piece) for name, piece in _ENCLOSING.items()},
}
"""Every operator of the language as TeX."""
