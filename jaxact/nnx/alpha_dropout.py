"""Dropout that keeps mean and variance."""

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jaxtyping import Array, Float

from jaxact._registry import spec
from jaxact.gaussian import moments


class AlphaDropout(nnx.Module):
    """Alpha dropout, `a (x if kept else limit) + b`: units are dropped to where the activation saturates.

    With q = 1 - rate, `a = sqrt(variance / (q ((1 - q) (limit - mean)^2 + variance)))` and
    `b = mean - a (q mean + (1 - q) limit)`, so that a layer with this mean and variance keeps them. `train()`
    and `eval()` of the model switch it on and off, as they do `nnx.Dropout`.

    Attributes:
        rate: The probability that a unit is dropped.
        limit: The value dropped units take: the limit of the activation at minus infinity, or at plus
            infinity where only that is finite.
        mean: Mean of what comes in.
        variance: Variance of what comes in.
        deterministic: Whether the layer is the identity.

    Examples:
        >>> from flax import nnx
        >>> from jaxact.nnx import AlphaDropout
        >>> layer = AlphaDropout(jaxact.selu, 0.1, rngs=nnx.Rngs(0))
        >>> round(layer.limit, 4)
        -1.7581
        >>> y = layer(jaxact.selu(jax.random.normal(jax.random.key(0), (100, 1000))))
        >>> round(abs(float(y.mean())), 1), round(float(y.var()), 1)
        (0.0, 1.0)

    References:
        Klambauer, Unterthiner, Mayr and Hochreiter, Self-normalizing neural networks, 2017,
        arXiv:1706.02515.
    """

    def __init__(
        self,
        activation: Callable[..., Any],
        rate: float | int,
        *,
        mean: float | int | None = None,
        variance: float | int | None = None,
        deterministic: bool = False,
        rngs: nnx.Rngs,
    ) -> None:
        """Works out the affine map.

        Args:
            activation: The function that stands before this layer.
            rate: Probability of dropping a unit, in `[0, 1)`.
            mean: Mean of its output; that for a pre-activation drawn from N(0, 1) if not given, which for
                SELU is its fixed point.
            variance: Variance of its output, likewise.
            deterministic: Whether to start as the identity.
            rngs: Gives the stream `dropout`.

        Raises:
            ValueError: If the rate is outside `[0, 1)`, the variance is not positive and finite, or the
                activation has no finite limit at either end.
        """
        name = getattr(activation, "__name__", type(activation).__name__)
        if not 0 <= rate < 1:
            raise ValueError(f"The rate of alpha dropout must lie in [0, 1); got {rate}.")
        self.rate = float(rate)
        self.limit = _limit(name, activation)
        if mean is None or variance is None:
            with jax.ensure_compile_time_eval():
                usual = moments(activation, kinks=_kinks(activation))
            mean = usual.mean if mean is None else mean
            variance = usual.variance if variance is None else variance
        if not (0 < variance < math.inf and math.isfinite(mean)):
            what = f"a finite mean and a positive variance; got mean {mean} and variance {variance}"
            raise ValueError(f"Alpha dropout after {name} needs {what}.")
        self.mean = float(mean)
        self.variance = float(variance)
        self.deterministic = deterministic
        self.rngs = rngs["dropout"].fork()

    def __call__(self, x: Float[Array, "..."]) -> Float[Array, "..."]:
        """Drops units at random, or returns `x` if deterministic.

        Args:
            x: Output of the activation, of any shape.

        Returns:
            Array of the shape and dtype of `x`.
        """
        if self.deterministic or self.rate == 0:
            return x
        keep = 1 - self.rate
        spread = (1 - keep) * (self.limit - self.mean) ** 2 + self.variance
        a = math.sqrt(self.variance / (keep * spread))
        b = self.mean - a * (keep * self.mean + (1 - keep) * self.limit)
        kept = jax.random.bernoulli(self.rngs(), keep, x.shape)
        return a * jnp.where(kept, x, jnp.asarray(self.limit, x.dtype)) + b

    def set_view(self, deterministic: bool | None = None) -> None:  # noqa: FBT001  # `nnx.view` calls it so
        """Switches the layer for `nnx.view`.

        Args:
            deterministic: Whether the view is the identity; None leaves it.
        """
        if deterministic is not None:
            self.deterministic = deterministic


def _limit(name: str, activation: Callable[..., Any]) -> float:
    """The limit at minus infinity, or else at plus infinity, read off at 1e9 and 1e18."""
    with jax.ensure_compile_time_eval():  # a network may be made under jit
        far = np.asarray(activation(jnp.array([-1e9, -1e18, 1e9, 1e18], jnp.float32)), np.float64)
    for near, at in far.reshape(2, 2):
        if math.isfinite(at) and math.isclose(near, at, rel_tol=1e-6, abs_tol=1e-6):
            return float(at)
    raise ValueError(f"{name} has no finite limit at either end; alpha dropout needs one to drop units to.")


def _kinks(activation: Callable[..., Any]) -> tuple[float, ...]:
    """Where the catalogue says that the pieces of an activation meet."""
    try:
        return tuple(joint.at for joint in spec(activation).joints())
    except KeyError:
        return ()
