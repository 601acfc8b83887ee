"""Criterion 1, nonlinearity: without it a network of any depth is one affine map."""

from jaxact.properties.breaks import JUMP
from jaxact.properties.evidence import Verdict
from jaxact.properties.survey import Survey


def nonlinearity(survey: Survey) -> Verdict:
    """Looks for two slopes that differ, and measures how much of f no affine function explains."""
    x, _, slope, _ = survey.curve
    share = survey.moments.unexplained
    jumps = sorted((b.at for b in survey.breaks if b.order == JUMP), key=abs)
    differ = survey.deepest_fall(slope, 1) or survey.deepest_fall(-slope, 1)
    if differ is not None:
        i, j, _ = differ
        reason = f"f' is {slope[i]:.5g} at {x[i]:.5g} and {slope[j]:.5g} at {x[j]:.5g}"
        claim = survey.sampled("nonlinear", reason, x[i], x[j])
        finding = reason
    elif jumps:
        claim = survey.sampled("nonlinear", f"f jumps at {jumps[0]:.5g}", jumps[0])
        finding = f"nonlinear by jumps alone, at {jumps[0]:.5g}"
    else:
        reason = f"f' is {slope[0]:.5g} at every point seen"
        claim = survey.seen("nonlinear", reason, holds=False)
        finding = "affine: layers of any depth collapse to one"
    return Verdict("nonlinearity", finding, (claim,), {"share of Var f(z) not affine": share})
