"""EvoNorm: normalization and activation in one layer of images, found by a search."""

import abc

import jax
import jax.numpy as jnp
from flax import nnx
from jaxtyping import Array, Float

from jaxact._numeric import wide_of
from jaxact.functions.gated import swish
from jaxact.nnx.images import Images, at_least_1


class _EvoNorm(nnx.Module):
    """What the two have in common: parameters, and how they are applied.

    The parameters are float32, one number for each feature; statistics are computed in float32 at least.
    """

    def __init__(self, features: int, epsilon: float) -> None:
        at_least_1(type(self).__name__, features=features)
        self.epsilon = epsilon
        self.v = nnx.Param(jnp.ones(features))
        self.scale = nnx.Param(jnp.ones(features))
        self.bias = nnx.Param(jnp.zeros(features))

    def __call__(self, x: Images) -> Images:
        """Applies the layer.

        Args:
            x: Images of any size, `(..., height, width, features)`, of any floating dtype.

        Returns:
            Array of the shape and dtype of `x`; what is between is in float32 at least.
        """
        return (self._normalized(x.astype(wide_of(x.dtype))) * self.scale[...] + self.bias[...]).astype(
            x.dtype
        )

    @abc.abstractmethod
    def _normalized(self, x: Images) -> Images: ...

    def _root(self, variance: Float[Array, "..."]) -> Float[Array, "..."]:
        return jnp.sqrt(variance + self.epsilon)


class EvoNormB0(_EvoNorm):
    """EvoNorm-B0, `scale * x / max(sqrt(batch variance), v * x + sqrt(instance variance)) + bias`.

    `train()` and `eval()` of the model tell it which batch variance to take, as they do `nnx.BatchNorm`.

    Attributes:
        v: The slope of the gate.
        scale: The factor at the end.
        bias: The shift at the end.
        variance: Running average of the batch variances.
        use_running_average: Whether that is taken.

    Examples:
        >>> from flax import nnx
        >>> from jaxact.nnx import EvoNormB0
        >>> EvoNormB0(8)(jnp.ones((2, 5, 5, 8))).shape
        (2, 5, 5, 8)

    References:
        Liu, Brock, Simonyan and Le 2020, Evolving normalization-activation layers, arXiv:2004.02967.
    """

    def __init__(
        self,
        features: int,
        *,
        momentum: float = 0.9,
        epsilon: float = 1e-5,
        use_running_average: bool = False,
    ) -> None:
        """Makes the parameters: v and the scale start at 1, the bias at 0.

        Args:
            features: Size of the last axis of the images.
            momentum: What the running average keeps of itself, in `[0, 1]`.
            epsilon: Added to every variance.
            use_running_average: Whether it starts as it is to be after training.

        Raises:
            ValueError: If a size is not positive or the momentum is outside `[0, 1]`.
        """
        super().__init__(features, epsilon)
        if not 0 <= momentum <= 1:
            raise ValueError(f"EvoNormB0: momentum must lie in [0, 1]; got {momentum}.")
        self.momentum = momentum
        self.variance = nnx.BatchStat(jnp.ones(features))
        self.use_running_average = use_running_average

    def _normalized(self, x: Images) -> Images:
        instance = x.var(axis=(-3, -2), keepdims=True)
        return x / jnp.maximum(self._root(self._batch_variance(x)), self.v[...] * x + self._root(instance))

    def _batch_variance(self, x: Images) -> Float[Array, "features"]:
        if self.use_running_average:
            return self.variance[...]
        found = x.var(axis=tuple(range(x.ndim - 1)))
        kept = self.momentum * self.variance[...] + (1 - self.momentum) * found
        self.variance[...] = jax.lax.stop_gradient(kept)
        return found

    def set_view(self, use_running_average: bool | None = None) -> None:  # noqa: FBT001  # `nnx.view` calls it so
        """Switches the layer for `nnx.view`.

        Args:
            use_running_average: Whether the running average is taken; None leaves it.
        """
        if use_running_average is not None:
            self.use_running_average = use_running_average


class EvoNormS0(_EvoNorm):
    """EvoNorm-S0, `scale * x * sigmoid(v * x) / sqrt(group variance) + bias`: every sample by itself.

    Attributes:
        groups: In how many parts the features are divided; a part has its variance.
        v: The slope of the gate.
        scale: The factor at the end.
        bias: The shift at the end.

    Examples:
        >>> from flax import nnx
        >>> from jaxact.nnx import EvoNormS0
        >>> EvoNormS0(8, groups=4)(jnp.ones((2, 5, 5, 8))).shape
        (2, 5, 5, 8)

    References:
        Liu, Brock, Simonyan and Le 2020, Evolving normalization-activation layers, arXiv:2004.02967.
    """

    def __init__(self, features: int, *, groups: int = 32, epsilon: float = 1e-5) -> None:
        """Makes the parameters: v and the scale start at 1, the bias at 0.

        Args:
            features: Size of the last axis of the images.
            groups: In how many parts they are divided; each feature is one where there are fewer.
            epsilon: Added to every variance.

        Raises:
            ValueError: If a size is not positive or the features cannot be divided.
        """
        super().__init__(features, epsilon)
        at_least_1("EvoNormS0", groups=groups)
        self.groups = min(groups, features)
        if features % self.groups:
            raise ValueError(f"EvoNormS0: {features} features do not divide into {self.groups} groups.")

    def _normalized(self, x: Images) -> Images:
        parts = x.reshape(*x.shape[:-1], self.groups, -1)
        variance = jnp.broadcast_to(parts.var(axis=(-4, -3, -1), keepdims=True), parts.shape)
        return swish(x, sharpness=self.v[...]) / self._root(variance.reshape(x.shape))
