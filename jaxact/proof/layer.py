"""What a layer does to the mean and the variance of its inputs."""

import dataclasses

from jaxact.proof.numbers.interval import Interval, number


@dataclasses.dataclass(frozen=True)
class Layer:
    """Mean and second moment of `f(z)` for `z ~ N(m, v)`, with their derivatives in `m` and `v`.

    Attributes:
        mean: `E f(z)`.
        square: `E f(z)**2`.
        mean_m: Derivative of the mean in `m`, `E f'(z)`.
        mean_v: In `v`, half of `E f''(z)`, of which the kink at 0 is a part.
        square_m: Derivative of the second moment in `m`.
        square_v: In `v`.
    """

    mean: Interval
    square: Interval
    mean_m: Interval
    mean_v: Interval
    square_m: Interval
    square_v: Interval

    @property
    def variance(self) -> Interval:
        """`Var f(z)`."""
        return self.square - self.mean * self.mean

    def jacobian(self, omega: Interval, tau: Interval) -> tuple[Interval, ...]:
        """Of mean and variance in the mean and variance of the inputs, row by row."""
        turn = number(2.0) * self.mean
        by_m, by_v = self.square_m - turn * self.mean_m, self.square_v - turn * self.mean_v
        return omega * self.mean_m, tau * self.mean_v, omega * by_m, tau * by_v

    def jacobian_of_square(self, omega: Interval, tau: Interval) -> tuple[Interval, ...]:
        """Of mean and second moment, as lemma 12 has it."""
        return omega * self.mean_m, tau * self.mean_v, omega * self.square_m, tau * self.square_v
