"""Taylor's series of the elementary functions, to any length, by the differential equations they solve."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any


class Taylor:
    """The series in the arithmetic of some numbers, which have `+`, `-`, `*`, `/` and `**` with integers."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], number: Callable[[Any], Any]) -> None:
        """Takes what the arithmetic can do.

        Args:
            functions: The elementary functions of a number, by name.
            number: A number of the arithmetic from a fraction or `"pi"`.
        """
        self._do = functions
        self._number = number

    def series(self, name: str, c: Any, length: int) -> list[Any]:
        """Coefficients of `f(c + w)` in powers of `w`; of an interval, all that its numbers have.

        Args:
            name: Of an elementary function.
            c: Where.
            length: How many.
        """
        return getattr(self, f"_of_{name}")(c, length)

    def _times(self, number: Any, factor: Fraction | int) -> Any:
        return number * self._number(Fraction(factor))

    def _factorial(self, derivatives: list[Any], length: int) -> list[Any]:
        """Coefficients from derivatives that repeat."""
        found, factor = [], Fraction(1)
        for order in range(length):
            factor = factor / order if order else factor
            found.append(self._times(derivatives[order % len(derivatives)], factor))
        return found

    def _integrated(self, value: Any, slope: list[Any]) -> list[Any]:
        """Coefficients of a function from its value and those of its slope."""
        return [value, *(self._times(part, Fraction(1, order)) for order, part in enumerate(slope, 1))]

    def _of_exp(self, c: Any, length: int) -> list[Any]:
        return self._factorial([self._do["exp"](c)], length)

    def _of_expm1(self, c: Any, length: int) -> list[Any]:
        return [self._do["expm1"](c), *self._of_exp(c, length)[1:]]

    def _of_sinh(self, c: Any, length: int) -> list[Any]:
        return self._factorial([self._do["sinh"](c), self._do["cosh"](c)], length)

    def _of_cosh(self, c: Any, length: int) -> list[Any]:
        return self._factorial([self._do["cosh"](c), self._do["sinh"](c)], length)

    def _of_sin(self, c: Any, length: int) -> list[Any]:
        sin, cos = self._do["sin"](c), self._do["cos"](c)
        return self._factorial([sin, cos, -sin, -cos], length)

    def _of_cos(self, c: Any, length: int) -> list[Any]:
        sin, cos = self._do["sin"](c), self._do["cos"](c)
        return self._factorial([cos, -sin, -cos, sin], length)

    def _of_log1p(self, c: Any, length: int) -> list[Any]:
        inverse = self._number(Fraction(1)) / (c + self._number(Fraction(1)))
        slope = [self._times(inverse ** (k + 1), -1 if k % 2 else 1) for k in range(length - 1)]
        return self._integrated(self._do["log1p"](c), slope)

    def _convolved(self, a: list[Any], b: list[Any]) -> Any:
        """The last coefficient of a product."""
        total = a[0] * b[-1]
        for k in range(1, len(a)):
            total = total + a[k] * b[-1 - k]
        return total

    def _of_tanh(self, c: Any, length: int) -> list[Any]:
        found = [self._do["tanh"](c)]  # y' = 1 - y**2
        for k in range(length - 1):
            square = self._convolved(found, found)
            slope = -square if k else self._number(Fraction(1)) - square
            found.append(self._times(slope, Fraction(1, k + 1)))
        return found

    def _of_log_cosh(self, c: Any, length: int) -> list[Any]:
        return self._integrated(self._do["log_cosh"](c), self._of_tanh(c, length - 1))

    def _of_logistic(self, c: Any, length: int) -> list[Any]:
        found = [self._do["logistic"](c)]  # y' = y - y**2
        for k in range(length - 1):
            found.append(self._times(found[-1] - self._convolved(found, found), Fraction(1, k + 1)))
        return found

    def _of_erf(self, c: Any, length: int) -> list[Any]:
        return self._integrated(self._do["erf"](c), self._bell(c, length - 1))

    def _of_erfc(self, c: Any, length: int) -> list[Any]:
        return self._integrated(self._do["erfc"](c), [-part for part in self._bell(c, length - 1)])

    def _bell(self, c: Any, length: int) -> list[Any]:
        """Of `2 / sqrt(pi) * exp(-x**2)`, whose slope is it times `-2 x`."""
        scale = self._number(Fraction(2)) / self._do["sqrt"](self._number("pi"))
        found = [scale * self._do["exp"](-(c * c))]
        for k in range(length - 1):
            inner = c * found[-1] + found[-2] if k else c * found[-1]
            found.append(self._times(inner, Fraction(-2, k + 1)))
        return found

    def _of_arctan(self, c: Any, length: int) -> list[Any]:
        """The slope times `1 + x**2` is 1."""
        one = self._number(Fraction(1))
        square = one + c**2
        slope = [one / square]
        for k in range(1, length - 1):
            inner = self._times(c, 2) * slope[-1]
            slope.append(-(inner + slope[-2] if k > 1 else inner) / square)
        return self._integrated(self._do["arctan"](c), slope)

    def _of_asinh(self, c: Any, length: int) -> list[Any]:
        """The slope `s` solves `(1 + x**2) s' = -x s`."""
        one = self._number(Fraction(1))
        square = one + c**2
        slope = [one / self._do["sqrt"](square)]
        for k in range(length - 2):
            inner = self._times(c * slope[-1], 2 * k + 1)
            inner = inner + self._times(slope[-2], k) if k else inner
            slope.append(-self._times(inner, Fraction(1, k + 1)) / square)
        return self._integrated(self._do["asinh"](c), slope)
