"""Activations of images that look at more than a pixel, by weights of their own, and so are layers."""

import jax
import jax.numpy as jnp
from flax import nnx
from jaxtyping import Array, Float

from jaxact._numeric import wide_of
from jaxact.functions.smooth_maximum import acon_c

Images = Float[Array, "*batch height width features"]


class FReLU(nnx.Module):
    """Funnel rectifier, `max(x, T(x))`, where T weighs a window around each pixel.

    T is a convolution within each feature and batch normalization; `train()` and `eval()` of the
    model tell the normalization which statistics to take.

    Attributes:
        conv: The convolution.
        norm: The normalization.

    Examples:
        >>> from flax import nnx
        >>> from jaxact.nnx import FReLU
        >>> FReLU(8, rngs=nnx.Rngs(0))(jnp.ones((2, 5, 5, 8))).shape
        (2, 5, 5, 8)

    References:
        Ma, Zhang and Sun 2020, Funnel activation for visual recognition, arXiv:2007.11824.
    """

    def __init__(self, features: int, *, window: int = 3, rngs: nnx.Rngs) -> None:
        """Makes the window.

        Args:
            features: Size of the last axis of the images.
            window: Side of the window in pixels, at least 1.
            rngs: Gives the stream `params`.

        Raises:
            ValueError: If a size is not positive.
        """
        at_least_1("FReLU", features=features, window=window)
        self.conv = nnx.Conv(features, features, (window, window), feature_group_count=features, rngs=rngs)
        self.norm = nnx.BatchNorm(features, rngs=rngs)

    def __call__(self, x: Images) -> Images:
        """Applies the layer.

        Args:
            x: Images of any size, `(..., height, width, features)`, of any floating dtype.

        Returns:
            Array of the shape and dtype of `x`; what is between is in float32 at least.
        """
        return jnp.maximum(x, self.norm(self.conv(x.astype(wide_of(x.dtype)))).astype(x.dtype))


class MetaACON(nnx.Module):
    """Meta-ACON, `acon_c` whose sharpness is made of the image: `sigmoid(W2 W1 mean(x))`, one per feature.

    So the layer learns where to be linear (sharpness 0) and where to be a maximum of two lines.

    Attributes:
        squeeze: The affine map W1 to fewer features.
        widen: The affine map W2 back.
        first: Slope p1 of each feature.
        second: Slope p2 of each feature.

    Examples:
        >>> from flax import nnx
        >>> from jaxact.nnx import MetaACON
        >>> MetaACON(8, rngs=nnx.Rngs(0))(jnp.ones((2, 5, 5, 8))).shape
        (2, 5, 5, 8)

    References:
        Ma, Zhang, Liu and Sun 2020, Activate or not: learning customized activation, arXiv:2009.04759.
    """

    def __init__(self, features: int, *, reduction: int = 16, rngs: nnx.Rngs) -> None:
        """Makes the maps and the slopes, which start as standard normal numbers.

        Args:
            features: Size of the last axis of the images.
            reduction: How many times fewer features there are in between; at least as many as this are left.
            rngs: Gives the stream `params`.

        Raises:
            ValueError: If a size is not positive.
        """
        at_least_1("MetaACON", features=features, reduction=reduction)
        between = max(reduction, features // reduction)
        self.squeeze = nnx.Linear(features, between, rngs=rngs)
        self.widen = nnx.Linear(between, features, rngs=rngs)
        self.first = nnx.Param(jax.random.normal(rngs.params(), (features,)))
        self.second = nnx.Param(jax.random.normal(rngs.params(), (features,)))

    def __call__(self, x: Images) -> Images:
        """Applies the layer.

        Args:
            x: Images of any size, `(..., height, width, features)`, of any floating dtype.

        Returns:
            Array of the shape and dtype of `x`; what is between is in float32 at least.
        """
        mean = x.astype(wide_of(x.dtype)).mean(axis=(-3, -2), keepdims=True)
        sharpness = nnx.sigmoid(self.widen(self.squeeze(mean)))
        return acon_c(x, positive_slope=self.first[...], negative_slope=self.second[...], sharpness=sharpness)


def at_least_1(name: str, **sizes: int) -> None:
    """Refuses sizes that are not positive, naming the layer and the argument."""
    for size, value in sizes.items():
        if value < 1:
            raise ValueError(f"{name}: {size} must be at least 1; got {value}.")
