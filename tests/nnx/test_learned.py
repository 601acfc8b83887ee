"""Every activation with learned parameters is a layer, and its parameters learn."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

import jaxact
import jaxact.nnx
from jaxact._vectors import joined
from jaxact.nnx import Learned, layers

pytestmark = pytest.mark.heavy

ENTRIES = {entry.name.replace("_", ""): entry for entry in jaxact.specs.values()}
NAMES = tuple(name for name in layers if name.lower() in ENTRIES)
OTHERS = sorted(layers.keys() - {*NAMES})
every_layer = pytest.mark.parametrize("name", NAMES, ids=lambda name: ENTRIES[name.lower()].name)


def _is_learned(entry: jaxact.Spec) -> bool:
    return any(parameter.learned for parameter in entry.parameters)


def test_the_layers_are_those_with_learned_parameters(entry: jaxact.Spec) -> None:
    assert (entry.name.replace("_", "") in {name.lower() for name in layers}) == _is_learned(entry)


def test_the_five_of_tier_one_have_the_spelling_of_the_literature() -> None:
    assert {"PReLU", "Swish", "Snake", "TLU", "XIELU"} <= set(layers)
    assert set(layers) <= set(dir(jaxact.nnx))
    assert jaxact.nnx.PReLU is layers["PReLU"]


def test_an_unknown_layer_is_refused_by_name() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'GReLU'; learned are .*PReLU"):
        _ = jaxact.nnx.GReLU


@every_layer
@pytest.mark.parametrize("features", [None, 3])
def test_a_layer_starts_as_the_function_at_its_defaults(name: str, features: int | None) -> None:
    layer = layers[name](features=features)
    entry = ENTRIES[name.lower()]
    learned = joined({p.name: p.default for p in entry.parameters if p.learned})
    assert layer.learned == tuple(learned)
    for parameter, default in learned.items():
        value = getattr(layer, parameter)[...]
        assert value.shape == np.shape(default) + (() if features is None else (features,))
        assert value.dtype == jnp.float32
        np.testing.assert_array_equal(value.T, np.broadcast_to(np.float32(default), value.T.shape))
    x = jnp.linspace(-3, 3, 12).reshape(4, 3)
    np.testing.assert_array_equal(layer(x), entry.function(x))


@every_layer
def test_gradients_reach_every_parameter(name: str) -> None:
    layer = layers[name](features=3)
    x = jnp.linspace(-4, 4, 12).reshape(4, 3)
    gradient = nnx.grad(lambda layer: jnp.sum(layer(x)))(layer)
    leaves = jax.tree.leaves(gradient)
    assert len(leaves) == len(layer.learned)
    for leaf in leaves:
        assert leaf.shape[-1] == 3
        assert np.isfinite(leaf).all()
        assert np.any(leaf != 0)


def test_layers_of_rows_steps_and_complex_numbers_are_there() -> None:
    assert OTHERS == ["Dice", "Entmax", "Householder", "MODReLU", "Polynorm", "Rsign", "TemperedSoftmax"]


@pytest.mark.parametrize("name", OTHERS)
def test_they_start_at_their_defaults_and_learn(name: str) -> None:
    layer = layers[name]()
    entry = next(each for each in jaxact.operations.values() if each.name.replace("_", "") == name.lower())
    x = jnp.array([[0.3, -1.2, 0.8, 2.0], [1.0, 0.5, -0.4, 0.9]])
    np.testing.assert_allclose(layer(x), entry.function(x), rtol=1e-6)
    weights = jnp.arange(8.0).reshape(2, 4)
    gradient = nnx.grad(lambda layer: jnp.sum(weights * layer(x).real))(layer)
    for leaf in jax.tree.leaves(gradient):
        assert np.isfinite(leaf).all()
        assert np.any(leaf != 0)


def test_a_slope_is_learned() -> None:
    layer = jaxact.nnx.PReLU()
    optimizer = nnx.Optimizer(layer, optax.sgd(0.1), wrt=nnx.Param)
    x = jnp.linspace(-2, 2, 64)
    target = jaxact.leaky_relu(x, slope=0.7)
    for _ in range(40):
        gradient = nnx.grad(lambda layer: jnp.mean((layer(x) - target) ** 2))(layer)
        optimizer.update(layer, gradient)
    assert float(layer.slope[...]) == pytest.approx(0.7, abs=1e-2)


@pytest.mark.parametrize(
    ("axis", "shape"), [(-1, (2, 3)), (0, (3, 2)), (1, (2, 3, 4)), (-2, (3, 4)), (0, (3,)), (2, (1, 2, 3, 4))]
)
def test_features_lie_along_the_axis(axis: int, shape: tuple[int, ...]) -> None:
    layer = jaxact.nnx.PReLU(features=3, axis=axis)
    layer.slope[...] = jnp.array([1.0, 2.0, 3.0])
    y = layer(-jnp.ones(shape))
    assert y.shape == shape
    np.testing.assert_array_equal(
        np.moveaxis(y, axis, -1).reshape(-1, 3), -np.ones((y.size // 3, 1)) * [1, 2, 3]
    )


def test_the_dtype_of_x_is_kept() -> None:
    assert jaxact.nnx.Snake(features=3)(jnp.ones((2, 3), jnp.bfloat16)).dtype == jnp.bfloat16


def test_a_vector_is_one_parameter() -> None:
    layer = Learned(jaxact.apl, features=2, axis=0, slopes=(0.5, 0.25, -1.0), places=[0.0, 1.0, 2.0])
    assert layer.slopes.shape == layer.places.shape == (3, 2)
    x = jnp.linspace(-2, 3, 10).reshape(2, 5)
    np.testing.assert_array_equal(layer(x), jaxact.apl(x, slopes=(0.5, 0.25, -1.0), places=(0.0, 1.0, 2.0)))
    layer.slopes[...] = layer.slopes[...].at[:, 1].set(0.0)
    np.testing.assert_array_equal(layer(x)[1], jnp.maximum(x[1], 0))
    with pytest.raises(TypeError, match="apl: slopes is numbers along the first axis"):
        Learned(jaxact.apl, slopes=0.5)


def test_any_parameter_may_be_learned() -> None:
    layer = Learned(jaxact.elu, features=2, scale=2.0)
    np.testing.assert_array_equal(
        layer(jnp.full((1, 2), -1.0)), jaxact.elu(jnp.full((1, 2), -1.0), scale=2.0)
    )
    assert layer.learned == ("scale",)


def test_a_function_of_ones_own_may_be_learned() -> None:
    layer = Learned(lambda x, *, tilt: tilt * x, tilt=3.0)
    assert float(layer(jnp.float32(2.0))) == 6


def test_what_cannot_be_learned_is_refused() -> None:
    with pytest.raises(TypeError, match="relu has no learned parameter"):
        Learned(jaxact.relu)
    with pytest.raises(TypeError, match="prelu has no parameter sloep"):
        Learned(jaxact.prelu, sloep=0.1)
    with pytest.raises(ValueError, match="snake: frequency must lie in"):
        Learned(jaxact.snake, frequency=-1.0)
    with pytest.raises(ValueError, match="prelu: features must be at least 1; got 0"):
        Learned(jaxact.prelu, features=0)
    for axis, shape in ((-1, (3, 4)), (2, (3, 3)), (-1, ())):
        with pytest.raises(ValueError, match=r"PReLU has 3 features along axis .*; got x of shape"):
            jaxact.nnx.PReLU(features=3, axis=axis)(jnp.ones(shape))
