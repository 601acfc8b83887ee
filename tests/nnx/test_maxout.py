"""Maxout: the largest of some affine maps."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from jaxact.nnx import MLP, Maxout


def test_it_is_the_largest_of_its_affine_maps() -> None:
    layer = Maxout(4, 3, pieces=5, bias_init=nnx.initializers.normal(), rngs=nnx.Rngs(0))
    x = jax.random.normal(jax.random.key(0), (7, 4))
    kernel, bias = layer.linear.kernel[...].reshape(4, 3, 5), layer.linear.bias[...].reshape(3, 5)
    expected = (jnp.einsum("bi,iop->bop", x, kernel) + bias).max(axis=-1)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-5, atol=1e-6)
    assert layer(x[0]).shape == (3,)


def test_two_pieces_of_lecuns_weights_keep_the_second_moment() -> None:
    layer = Maxout(1024, 1024, use_bias=False, rngs=nnx.Rngs(0))
    y = layer(jax.random.normal(jax.random.key(0), (256, 1024)))
    assert float((y**2).mean()) == pytest.approx(1, rel=0.05)


def test_it_is_the_affine_map_of_a_network() -> None:
    network = MLP((4, 8, 2), activation=lambda x: x, linear=Maxout, rngs=nnx.Rngs(0))
    assert isinstance(network.hidden[0].linear, Maxout)
    assert network(jnp.ones((3, 4))).shape == (3, 2)


def test_one_piece_is_refused() -> None:
    with pytest.raises(ValueError, match="Maxout needs at least 2 pieces; got 1"):
        Maxout(4, 3, pieces=1, rngs=nnx.Rngs(0))
