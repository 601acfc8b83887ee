"""Criterion 5, monotonicity: whether f ever turns."""

from typing import NamedTuple

from jaxact.properties.evidence import Claim, Verdict, refuted
from jaxact.properties.survey import Survey


def monotonicity(survey: Survey) -> Verdict:
    """Looks for a fall and for a rise that are more than rounding."""
    falls, rises = _turn(survey, 1), _turn(survey, -1)
    rising, falling = _never(survey, "non_decreasing", falls), _never(survey, "non_increasing", rises)
    plateau = survey.plateaus[0] if survey.plateaus else None
    strict = _strict(survey, rising, falling)
    if falls is not None and rises is not None:
        monotonic = refuted("monotonic", f"{_say(falls)} but {_say(rises)}", *falls.at, *rises.at)
        finding = f"neither: {monotonic.reason}"
    else:
        monotonic = survey.seen("monotonic", "no fall was seen" if falls is None else "no rise was seen")
        kind = "increasing" if falls is None else "decreasing"
        finding = f"non-{'decreasing' if falls is None else 'increasing'}" if plateau else f"strictly {kind}"
        finding = "constant" if falls is None and rises is None else finding
    figures = {
        "deepest fall": 0.0 if falls is None else falls.depth,
        "highest rise": 0.0 if rises is None else rises.depth,
    }
    return Verdict("monotonicity", finding, (monotonic, rising, falling, strict), figures)


class Turn(NamedTuple):
    """Two points between which f turns, f at them, and how far f goes back at most."""

    at: tuple[float, float]
    values: tuple[float, float]
    depth: float


def _turn(survey: Survey, sign: int) -> Turn | None:
    """The deepest fall of `sign * f` that is more than rounding, None where there is none."""
    x, y = survey.curve.x, survey.curve.y
    fall = survey.deepest_fall(sign * y, 0)
    if fall is None:
        return None
    at = [fall.high, fall.low]
    return Turn(tuple(x[at].tolist()), tuple(y[at].tolist()), fall.depth)


def _say(turn: Turn) -> str:
    (a, b), (fa, fb), _ = turn
    return f"f({a:.5g}) = {fa:.5g} {'>' if fa > fb else '<'} f({b:.5g}) = {fb:.5g}"


def _never(survey: Survey, name: str, turn: Turn | None) -> Claim:
    if turn is None:
        return survey.seen(name, "f never turns beyond rounding")
    return refuted(name, _say(turn), *turn.at)


def _strict(survey: Survey, rising: Claim, falling: Claim) -> Claim:
    name = "strictly_monotonic"
    if survey.plateaus:
        p = survey.plateaus[0]
        return refuted(name, f"f is {p.value:.5g} on all of ({p.low:.5g}, {p.high:.5g})", p.low, p.high)
    if rising.holds is False and falling.holds is False:
        return refuted(name, rising.reason, *rising.witness)
    return survey.sampled(name, "f is constant on no interval seen")
