"""The place to which self-normalizing layers draw mean and variance."""

from typing import NamedTuple


class Target(NamedTuple):
    """Where layers are to rest.

    Attributes:
        mean: Mean of the fixed point.
        variance: Its variance, positive.
        omega: The sum of a unit's weights.
        tau: The sum of their squares, positive.
    """

    mean: float
    variance: float
    omega: float
    tau: float
