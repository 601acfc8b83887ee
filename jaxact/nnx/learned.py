"""Activations whose parameters are trained, one class for all of them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import jax.numpy as jnp
from flax import nnx
from jaxtyping import Array, ArrayLike, Inexact

from jaxact._operations import operations
from jaxact._registry import spec, specs
from jaxact._spec import Operation, Spec
from jaxact._vectors import Numbers, joined


class Learned(nnx.Module):
    """An activation as a layer, `f(x, **parameters)` with trained parameters.

    Each parameter is a float32 `nnx.Param` under its own name, one number shared by all features, or one for
    each; a vector has its numbers along the first axis. It is cast to the dtype of `x` where it is used.
    Gradient steps know nothing of a parameter's domain: keep the learning rate of `snake`'s frequency low, or
    clip it, if it may come near 0.

    Attributes:
        function: The activation.
        features: The number of features with a parameter of their own; None if all share one.
        axis: The axis of `x` along which the features lie.
        learned: The names of the trained parameters.

    Examples:
        >>> from jaxact.nnx import Learned, PReLU
        >>> PReLU()(jnp.array([-2.0, 0.0, 2.0]))
        Array([-0.5,  0. ,  2. ], dtype=float32)
        >>> PReLU(features=3).slope.shape
        (3,)
        >>> Learned(jaxact.elu, scale=2.0).scale[...]
        Array(2., dtype=float32)
        >>> Learned(jaxact.apl, features=3, slopes=(0.2, 0.1, 0.0), places=(0.0, 1.0, 2.0)).slopes.shape
        (3, 3)

    References:
        He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015, arXiv:1502.01852, for a slope per channel
        or shared.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        features: int | None = None,
        axis: int = -1,
        **initial: ArrayLike | Numbers,
    ) -> None:
        """Makes the parameters.

        Args:
            function: An activation of the catalogue or of one's own.
            features: Size of `x` along `axis`, for a parameter per feature.
            axis: Where the features lie.
            **initial: Parameters to train and where they start: numbers, or sequences of numbers for vectors.
                Parameters that the catalogue says are learned need not be named; they start at their default.

        Raises:
            TypeError: If the function has nothing to train or no such parameter.
            ValueError: If `features` is not positive or a parameter starts outside its domain.
        """
        name = getattr(function, "__name__", type(function).__name__)
        if features is not None and features < 1:
            raise ValueError(f"{name}: features must be at least 1; got {features}.")
        starts = {**_learned(function), **initial}
        if not starts:
            raise TypeError(f"{name} has no learned parameter; name one with its start: {name}, slope=0.1.")
        one = jnp.zeros(2 if isinstance(_entry(function), Operation) else ())
        function(one, **starts)  # refuses unknown names and values outside the domain
        self.function = function
        self.features = features
        self.axis = axis
        self.learned = tuple(starts)
        shape = () if features is None else (features,)
        for parameter, start in starts.items():
            array = jnp.asarray(start, jnp.float32)
            whole = jnp.broadcast_to(array.reshape(*array.shape, *[1] * len(shape)), array.shape + shape)
            setattr(self, parameter, nnx.Param(whole))

    def __call__(self, x: ArrayLike) -> Inexact[Array, "..."]:
        """Applies the activation.

        Args:
            x: Array of any shape; with `features`, of that size along `axis`.

        Returns:
            Array of the shape and floating dtype of `x`.

        Raises:
            ValueError: If `x` has another number of features.
        """
        x = jnp.asarray(x)
        return self.function(x, **{name: self._along_axis(name, x.shape) for name in self.learned})

    def _along_axis(self, name: str, shape: tuple[int, ...]) -> Array:
        """A parameter with its entries along the axis of the features."""
        value = getattr(self, name)[...]
        if self.features is None:
            return value
        fits = -len(shape) <= self.axis < len(shape) and shape[self.axis] == self.features
        if not fits:
            what = f"{self.features} features along axis {self.axis}"
            raise ValueError(f"{type(self).__name__} has {what}; got x of shape {shape}.")
        after = len(shape) - 1 - self.axis % len(shape)
        return value.reshape(*value.shape, *[1] * after)


def _learned(function: Callable[..., Any]) -> dict[str, Any]:
    """Where the learned parameters of an activation start; none for one the catalogue does not know."""
    entry = _entry(function)
    learned = () if entry is None else (p for p in entry.parameters if p.learned)
    return joined({parameter.name: parameter.default for parameter in learned})


def _entry(function: Callable[..., Any]) -> Spec | Operation | None:
    """What the catalogue has of a function."""
    try:
        return spec(function)
    except KeyError:
        entry = operations.get(getattr(function, "__name__", ""))
        return entry if entry is not None and entry.function is function else None


def _layer(entry: Spec | Operation) -> type[Learned]:
    """The layer of a learned activation."""

    def __init__(self: Learned, **options: Any) -> None:  # noqa: N807  # it becomes a method
        Learned.__init__(self, entry.function, **options)

    name = "".join(
        word.upper().replace("RELU", "ReLU") if word.endswith("lu") else word.title()
        for word in entry.name.split("_")
    )
    text = f"`{entry.name}` with trained {', '.join(_learned(entry.function))}; the options are `Learned`'s."
    return type(name, (Learned,), {"__init__": __init__, "__doc__": text, "__module__": "jaxact.nnx"})


layers: Mapping[str, type[Learned]] = MappingProxyType(
    {
        layer.__name__: layer
        for entry in (*specs.values(), *operations.values())
        if _learned(entry.function) and getattr(entry, "kind", None) != "random"  # which wants a key
        for layer in [_layer(entry)]
    }
)
"""The layer of every activation with learned parameters, by its name."""
