"""Layers of images against their formulas, written once more in numpy."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from jaxact.nnx import EvoNormB0, EvoNormS0, FReLU, MetaACON

FEATURES = 6
X = np.random.default_rng(0).normal(size=(4, 5, 7, FEATURES)).astype(np.float32)
IMAGES = jnp.asarray(X)
LAYERS: dict[str, Callable[[], Any]] = {
    "FReLU": lambda: FReLU(FEATURES, rngs=nnx.Rngs(0)),
    "MetaACON": lambda: MetaACON(FEATURES, reduction=3, rngs=nnx.Rngs(0)),
    "EvoNormB0": lambda: EvoNormB0(FEATURES),
    "EvoNormS0": lambda: EvoNormS0(FEATURES, groups=3),
}


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _near(found: jax.Array, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def _stirred(layer: Any) -> Any:
    """The layer with other parameters than it starts with."""
    random = np.random.default_rng(1)
    moved = jax.tree.map(
        lambda a: a + random.normal(size=a.shape).astype(a.dtype), nnx.state(layer, nnx.Param)
    )
    nnx.update(layer, moved)
    return layer


def test_funnel_is_the_larger_of_pixel_and_window() -> None:
    layer = _stirred(LAYERS["FReLU"]())
    padded = np.pad(X, ((0, 0), (1, 1), (1, 1), (0, 0)))
    kernel, bias = np.asarray(layer.conv.kernel[...])[:, :, 0], np.asarray(layer.conv.bias[...])
    window = bias + sum(
        kernel[i, j] * padded[:, i : i + X.shape[1], j : j + X.shape[2]] for i in range(3) for j in range(3)
    )
    mean, variance = window.mean((0, 1, 2)), window.var((0, 1, 2))
    normal = (window - mean) / np.sqrt(variance + 1e-5)
    _near(layer(IMAGES), np.maximum(X, normal * layer.norm.scale[...] + layer.norm.bias[...]))


def test_meta_acon_makes_its_sharpness_of_the_image() -> None:
    layer = _stirred(LAYERS["MetaACON"]())
    first, second = np.asarray(layer.first[...]), np.asarray(layer.second[...])
    seen = X.mean((1, 2), keepdims=True)
    for linear in (layer.squeeze, layer.widen):
        seen = seen @ np.asarray(linear.kernel[...]) + np.asarray(linear.bias[...])
    apart = (first - second) * X
    _near(layer(IMAGES), apart * _sigmoid(_sigmoid(seen) * apart) + second * X)
    assert MetaACON(64, rngs=nnx.Rngs(0)).squeeze.out_features == 16
    assert MetaACON(512, rngs=nnx.Rngs(0)).squeeze.out_features == 32


def test_evonorm_b0_divides_by_the_larger_deviation_and_remembers_it() -> None:
    layer = _stirred(LAYERS["EvoNormB0"]())
    v, scale, bias = (np.asarray(p[...]) for p in (layer.v, layer.scale, layer.bias))

    def expected(batch: np.ndarray) -> np.ndarray:
        gate = v * X + np.sqrt(X.var((1, 2), keepdims=True) + 1e-5)
        return X / np.maximum(np.sqrt(batch + 1e-5), gate) * scale + bias

    batch = X.var((0, 1, 2))
    _near(layer(IMAGES), expected(batch))
    kept = 0.9 + 0.1 * batch
    _near(layer.variance[...], kept)
    layer.eval()
    _near(layer(IMAGES), expected(kept))
    _near(layer.variance[...], kept)
    assert nnx.view(layer, use_running_average=False).use_running_average is False


def test_evonorm_s0_divides_by_the_deviation_of_a_group() -> None:
    layer = _stirred(LAYERS["EvoNormS0"]())
    v, scale, bias = (np.asarray(p[...]) for p in (layer.v, layer.scale, layer.bias))
    deviation = np.repeat(
        np.stack([np.sqrt(X[..., i : i + 2].var((1, 2, 3)) + 1e-5) for i in (0, 2, 4)], -1), 2, axis=-1
    )
    _near(layer(IMAGES), X * _sigmoid(v * X) / deviation[:, None, None] * scale + bias)
    np.testing.assert_allclose(layer(IMAGES)[:1], layer(IMAGES[:1]), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_keeps_shape_and_dtype_and_can_be_trained(name: str) -> None:
    layer = LAYERS[name]()
    for dtype in ("bfloat16", "float16", "float32"):
        y = layer(IMAGES.astype(dtype))
        assert (y.shape, y.dtype) == (X.shape, jnp.dtype(dtype))
    one = nnx.clone(layer)
    one.eval()
    assert one(IMAGES[0]).shape == X.shape[1:]

    @nnx.jit
    def gradients(layer: Any, x: jax.Array) -> nnx.State:
        return nnx.grad(lambda layer: (layer(x) ** 3).sum())(layer)

    for gradient in jax.tree.leaves(gradients(layer, IMAGES)):
        assert jnp.isfinite(gradient).all()
        assert (gradient != 0).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: FReLU(0, rngs=nnx.Rngs(0)), "FReLU: features must be at least 1; got 0"),
        (lambda: FReLU(3, window=0, rngs=nnx.Rngs(0)), "FReLU: window must be at least 1; got 0"),
        (
            lambda: MetaACON(3, reduction=-1, rngs=nnx.Rngs(0)),
            "MetaACON: reduction must be at least 1; got -1",
        ),
        (lambda: EvoNormB0(0), "EvoNormB0: features must be at least 1; got 0"),
        (lambda: EvoNormB0(3, momentum=1.5), r"EvoNormB0: momentum must lie in \[0, 1\]; got 1.5"),
        (lambda: EvoNormS0(6, groups=4), "EvoNormS0: 6 features do not divide into 4 groups"),
    ],
)
def test_what_does_not_fit_is_refused(make: Callable[[], nnx.Module], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
