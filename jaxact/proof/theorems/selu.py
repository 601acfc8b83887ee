"""Klambauer et al. 2017, Self-normalizing neural networks, arXiv:1706.02515: theorems 1 to 3.

A layer maps mean and variance of its inputs to those of its outputs, `selu(z)` with `z ~ N(m, v)`: `m` is the
mean times the sum `omega` of a unit's weights, `v` the variance times the sum `tau` of their squares. So four
numbers act through two, and boxes in the plane prove what the paper shows on a grid with bounds of
derivatives. The constants of SELU are intervals around their closed forms, not floats.

What differs from the paper. Its lemma 12 bounds the Jacobian of mean and second moment, though its map has
the variance: `theorem_1` takes that of the variance, `lemma_12` shows both. The mean goes down to -0.0310605,
which theorem 1 rounds to -0.03106. Theorem 3 begins at a variance of 0.02 in the text and of 0.05 in the
appendix: it is proved from 0.02 on.
"""

import dataclasses
import functools
from collections.abc import Callable
from fractions import Fraction

from flint import ctx

from jaxact.proof.layer import Layer
from jaxact.proof.numbers import elementary, interval
from jaxact.proof.numbers.interval import Interval, number
from jaxact.proof.theorems.certificate import Certificate

BITS, BOXES = 96, 20_000
"""Binary digits of the ends, and how many boxes may be looked at."""


def constants() -> tuple[Interval, Interval]:
    """`alpha` and `lambda` of the fixed point (0, 1), equation 14, at the present precision."""
    return _constants(ctx.prec)


@functools.cache
def _constants(_: int) -> tuple[Interval, Interval]:
    one, two, pi = number(1.0), number(2.0), number("pi")
    root, e = elementary.sqrt(two), number("e")
    tail, tails, half = elementary.erfc(one / root), elementary.erfc(root), elementary.sqrt(e)
    alpha = -elementary.sqrt(two / pi) / (tail * half - one)
    inside = two * tails * e * e + pi * tail * tail * e - two * (two + pi) * tail * half + pi + two
    return alpha, (one - tail * half) * elementary.sqrt(two * pi) / elementary.sqrt(inside)


def layer(m: Interval, v: Interval) -> Layer:
    """Encloses what a layer does for all `m` and `v` of two intervals, `v` positive."""
    alpha, scale = constants()
    one, two = number(1.0), number(2.0)
    root = elementary.sqrt(two * v)
    bell, middle = elementary.exp(-((m / root) ** 2)), m / root
    # E exp(k z) below 0 is half of exp(k m + k**2 v / 2) erfc((m + k v) / root), of which much cancels
    negative = elementary.erfc(middle) / two
    first, second = (bell * _scaled_erfc(middle + shift) / two for shift in (root / two, root))
    positive = one - negative
    density = bell / (root * elementary.sqrt(number("pi")))
    part = m * positive + v * density  # of the mean of z, above 0
    steep, squared = scale * alpha, scale * scale
    bent = squared * alpha * alpha
    return Layer(
        mean=scale * part + steep * (first - negative),
        square=squared * ((m * m + v) * positive + m * v * density)
        + bent * (second - two * first + negative),
        mean_m=scale * positive + steep * first,
        mean_v=(steep * first + (scale - steep) * density) / two,
        square_m=two * (squared * part + bent * (second - first)),
        square_v=squared * positive + bent * (two * second - first),
    )


def _scaled_erfc(x: Interval) -> Interval:
    """`exp(x**2) * erfc(x)`, which falls."""
    ends = [(end * end).exp() * end.erfc() for end in (x.hi, x.lo)]
    return Interval(ends[0].lower(), ends[1].upper())


def theorem_1() -> Certificate:
    """The map of mean and variance has, for every `omega` and `tau` below, one fixed point, which attracts.

    For means and `omega` in [-0.1, 0.1], variances in [0.8, 1.5] and `tau` in [0.95, 1.1] it maps that domain
    into [-0.0311, 0.0678] x [0.80009, 1.48617] and contracts it in the Euclidean norm: Banach's theorem. For
    `omega` 0 and `tau` 1 the fixed point is (0, 1), because that is how the constants are defined.
    """
    bounds: dict[str, Interval] = {}
    image = _between("-0.0311", "0.0678"), _between("0.80009", "1.48617")

    def holds(m: Interval, v: Interval) -> bool:
        found = tight_layer(m, v)
        size = _norm(found.jacobian, _within(_between("0.95", "1.1"), v, "0.8", "1.5"))
        sizes = {"mean": found.mean, "variance": found.variance, "norm of the Jacobian": size}
        if not (found.mean in image[0] and found.variance in image[1] and size.hi < 1):
            return False
        for name, value in sizes.items():
            bounds[name] = interval.hull(bounds.get(name, value), value)
        return True

    shown, boxes = everywhere(holds, _between("-0.01", "0.01"), _between("0.76", "1.65"))
    with ctx.workprec(BITS):
        centre = layer(number(0.0), number(1.0))
        slopes = centre.jacobian(number(0.0), number(1.0))
    bounds |= {"mean at (0, 1)": centre.mean, "variance at (0, 1)": centre.variance}
    bounds |= {"slope of the mean at (0, 1)": slopes[1], "slope of the variance at (0, 1)": slopes[3]}
    fixed = interval.ZERO in centre.mean and interval.ONE in centre.variance
    return Certificate("theorem 1", _said(theorem_1), shown and fixed, boxes, bounds)


def theorem_2() -> Certificate:
    """The variance falls where it is large: for variances in [3, 16].

    For means in [-1, 1], `omega` in [-0.1, 0.1] and `tau` in [0.8, 1.25]; so no fixed point has one above 3.
    """

    def holds(m: Interval, v: Interval) -> bool:
        least = max(number(Fraction(3)).lo, (v / number(Fraction("1.25"))).lo)  # of the variance before
        return bool(tight_layer(m, v).variance.hi < least)

    shown, boxes = everywhere(holds, _between("-0.1", "0.1"), _between("2.4", "20"))
    return Certificate("theorem 2", _said(theorem_2), shown, boxes, {})


def theorem_3() -> Certificate:
    """The variance grows where it is small: for variances in [0.02, 0.16] if `tau` is in [0.8, 1.25].

    Up to 0.24 if `tau` is in [0.9, 1.25]; for means and `omega` in [-0.1, 0.1].
    """

    def rising(least: str, most: str) -> Callable[[Interval, Interval], bool]:
        def holds(m: Interval, v: Interval) -> bool:
            before = min(number(Fraction(most)).hi, (v / number(Fraction(least))).hi)
            return bool(tight_layer(m, v).variance.lo > before)

        return holds

    cases = (("0.8", "0.16", "0.016", "0.2"), ("0.9", "0.24", "0.018", "0.3"))
    found = [
        everywhere(rising(least, most), _between("-0.01", "0.01"), _between(low, high))
        for least, most, low, high in cases
    ]
    shown = all(one for one, _ in found)
    return Certificate("theorem 3", _said(theorem_3), shown, sum(boxes for _, boxes in found), {})


def lemma_12() -> Certificate:
    """The largest singular value of the Jacobian stays below 1 for `tau` in [0.8, 1.25] as well.

    For means and `omega` in [-0.1, 0.1], variances in [0.8, 1.5]. The bounds show it for the variance, and
    for the second moment, to which the paper's 0.99125 belongs: at the corner (0.1, 0.1, 0.8, 1.25), and from
    above over the domain.
    """
    bounds: dict[str, Interval] = {}

    def holds(m: Interval, v: Interval) -> bool:
        found, tau = tight_layer(m, v), _within(_between("0.8", "1.25"), v, "0.8", "1.5")
        sizes = {
            "of the variance": _norm(found.jacobian, tau),
            "of the second moment": _norm(found.jacobian_of_square, tau),
        }
        if not all(size.hi < 1 for size in sizes.values()):
            return False
        for name, size in sizes.items():
            bounds[name] = interval.hull(bounds.get(name, size), size)
        return True

    shown, boxes = everywhere(holds, _between("-0.01", "0.01"), _between("0.64", "1.875"))
    with ctx.workprec(BITS):
        omega, tau = number(Fraction("0.1")), number(Fraction("1.25"))
        corner = layer(omega * omega, number(Fraction("0.8")) * tau)
        bounds["of the variance at the corner"] = _singular(corner.jacobian(omega, tau))
        bounds["of the second moment at the corner"] = _singular(corner.jacobian_of_square(omega, tau))
    return Certificate("lemma 12", _said(lemma_12), shown, boxes, bounds)


def _between(low: str, high: str) -> Interval:
    """All numbers between two, and no more than rounding beside them."""
    return interval.hull(number(Fraction(low)), number(Fraction(high)))


def _within(tau: Interval, v: Interval, least: str, most: str) -> Interval:
    """What `tau` can be, where it times a variance in a range is `v`."""
    low, high = (v / number(Fraction(most))).lo, (v / number(Fraction(least))).hi
    return Interval(max(tau.lo, low), min(tau.hi, high))


def tight_layer(m: Interval, v: Interval) -> Layer:
    """The same, with mean and second moment by the mean value theorem too."""
    found, middle = layer(m, v), [Interval(one.middle, one.middle) for one in (m, v)]
    centre, (by_m, by_v) = layer(*middle), (m - middle[0], v - middle[1])
    mean = centre.mean + found.mean_m * by_m + found.mean_v * by_v
    square = centre.square + found.square_m * by_m + found.square_v * by_v
    return dataclasses.replace(
        found, mean=interval.meet(found.mean, mean), square=interval.meet(found.square, square)
    )


def _norm(jacobian: Callable[[Interval, Interval], tuple[Interval, ...]], tau: Interval) -> Interval:
    """The largest singular value for `omega` in [-0.1, 0.1]; convex in both numbers, it is at a corner."""
    tenth = number(Fraction("0.1"))
    corners = ((omega, Interval(end, end)) for omega in (-tenth, tenth) for end in (tau.lo, tau.hi))
    values = [_singular(jacobian(*corner)) for corner in corners]
    return Interval(max(value.lo for value in values), max(value.hi for value in values))


def _singular(entries: tuple[Interval, ...]) -> Interval:
    """The largest singular value of a matrix of two rows."""
    a, b, c, d = entries
    pairs = ((a + d, c - b), (a - d, b + c))
    return sum((elementary.sqrt(one**2 + other**2) for one, other in pairs), interval.ZERO) / number(2.0)


def everywhere(holds: Callable[[Interval, Interval], bool], m: Interval, v: Interval) -> tuple[bool, int]:
    """Whether something holds on a rectangle, by bisection along the side that is longer for its range."""
    stack, looked, sizes = [(m, v)], 0, (m.width, v.width)
    with ctx.workprec(BITS):
        while stack:
            looked += 1
            if looked > BOXES:
                return False, looked
            box = stack.pop()
            if holds(*box):
                continue
            long = 0 if box[0].width / sizes[0] > box[1].width / sizes[1] else 1
            stack += [(half, box[1]) if long == 0 else (box[0], half) for half in box[long].cut(2)]
    return True, looked


def _said(theorem: Callable[[], Certificate]) -> str:
    """What the docstring of a theorem says, in one line."""
    return " ".join((theorem.__doc__ or "").split())
