"""Scales and shifts before and after an activation."""

from collections.abc import Callable
from typing import Any

from jaxtyping import Array

from jaxact._spec import Activation, Joint
from jaxact.transform.composed import base, composed, decimal


def affine(
    f: str | Callable[..., Any],
    *,
    input_scale: float = 1.0,
    input_shift: float = 0.0,
    output_scale: float = 1.0,
    output_shift: float = 0.0,
    name: str = "",
    paper: str = "an affine map",
    **parameters: float,
) -> Activation:
    """`output_scale * f(input_scale * x + input_shift) + output_shift`.

    Args:
        f: An activation of the catalogue or its name, or an elementwise function of one array.
        input_scale: Not 0.
        input_shift: Any number.
        output_scale: Not 0.
        output_shift: Any number.
        name: What the function is called; `affine(f)` if not given.
        paper: Where it comes from.
        **parameters: Of the activation.

    Returns:
        An elementwise function of one array, with a spec if `f` has one.

    Raises:
        ValueError: If a scale is 0.

    Examples:
        >>> import jaxact
        >>> wide = jaxact.transform.affine(jaxact.tanh, input_scale=0.5, output_scale=2.0)
        >>> float(wide(0.0)), str(jaxact.spec(wide).formula)
        (0.0, '2.0 * (tanh((0.5 * x)))')
    """
    for role, scale in (("input_scale", input_scale), ("output_scale", output_scale)):
        if not scale:
            raise ValueError(f"{role} must not be 0.")
    inner = base(f, parameters)

    def body(x: Array) -> Array:
        return output_scale * inner.function(input_scale * x + input_shift) + output_shift

    joints = [
        Joint((at - input_shift) / input_scale, output_scale * input_scale * slope)
        for at, slope in inner.joints
    ]
    return composed(
        inner,
        name or f"affine({inner.name})",
        body,
        outer=_line("f", output_scale, output_shift),
        argument=_line("x", input_scale, input_shift),
        paper=paper,
        joints=joints,
    )


def _line(of: str, scale: float, shift: float) -> str:
    """A line as a formula, without what changes nothing."""
    scaled = of if scale == 1 else f"{decimal(scale)} * {of}"
    return scaled if not shift else f"{scaled} + {decimal(shift)}"
