"""What a function does towards plus and minus infinity, as far as floats reach."""

import numpy as np

from jaxact.gaussian import Pointwise
from jaxact.properties.grid import tail

NONE = float("nan")
"""The limit of what has none, or none that was seen."""


def octaves(evaluate: Pointwise, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Points towards one end and f, f', ... there.

    Args:
        evaluate: Computes f and its derivatives.
        side: -1 for minus infinity, 1 for plus.

    Returns:
        The points, one row for every octave, and the values, shape `(order + 1, octaves, points)`.
    """
    x = side * tail()
    x = x[np.isfinite(x.astype(evaluate.dtype).astype(np.float64)).all(axis=1)]
    return x, evaluate(x)


def limit(rows: np.ndarray) -> float:
    """The limit of values given octave by octave: finite, infinite, or `NONE`.

    Args:
        rows: Values, one row for every octave, outwards.
    """
    with np.errstate(all="ignore"):
        low, high = rows.min(axis=1), rows.max(axis=1)
        if np.isnan(rows[-8:]).any():
            return NONE
        if low[-1] == high[-1] and (np.isinf(low[-1]) or low[-1] == low[-4]):
            return float(low[-1]) + 0.0
        level = float(rows[-1].mean())
        spread = high[-4:].max() - low[-4:].min()
        if spread <= 1e-6 * max(1.0, abs(level)):
            return 0.0 if abs(level) < 1e-6 else level
        for sign, bound in ((1, low), (-1, -high)):
            steps = np.diff(bound[-8:])
            if (steps > 0).all() and steps[-1] > 0.6 * steps[0]:
                return sign * float("inf")
    return NONE
