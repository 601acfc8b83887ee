"""What is drawn has the distribution that is said, at fixed seeds; without a key it is the mean of that."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

import jaxact

COUNT = 100_000


def _samples(name: str, x: float, seed: int = 0, **options: float) -> np.ndarray:
    key = jax.random.key(seed)
    return np.asarray(jaxact.get(name)(jnp.full(COUNT, x, jnp.float32), key, **options), np.float64)


@pytest.mark.parametrize(
    "name", ["rrelu", "erelu", "noisy_relu", "prob_act", "stochastic_binary", "alpha_dropout"]
)
@pytest.mark.parametrize("x", [-3.0, -0.5, 0.3, 2.0])
def test_the_mean_is_what_is_expected(name: str, x: float) -> None:
    drawn = _samples(name, x)
    expected = float(jaxact.get(name)(jnp.float32(x)))
    if name == "alpha_dropout":  # of an entry alone: a (keep x + rate limit) + b
        a = 1 / np.sqrt(0.95 + 1.7580993408473766**2 * 0.95 * 0.05)
        expected = a * 0.95 * x
    assert abs(drawn.mean() - expected) <= 5 * drawn.std() / np.sqrt(COUNT) + 1e-6


def test_the_slope_of_rrelu_is_uniform() -> None:
    slopes = -_samples("rrelu", -1.0, lower=0.1, upper=0.4)
    assert stats.kstest(slopes, stats.uniform(0.1, 0.3).cdf).pvalue > 0.01
    assert (_samples("rrelu", 2.0) == 2).all()


def test_the_noise_of_prob_act_is_normal() -> None:
    assert stats.kstest(_samples("prob_act", 1.0, spread=0.5), stats.norm(1, 0.5).cdf).pvalue > 0.01


def test_the_translation_of_rt_relu_is_normal() -> None:
    assert stats.kstest(_samples("rt_relu", 9.0), stats.norm(9, 0.75).cdf).pvalue > 0.01


def test_noisy_relu_is_a_rectified_normal_variable() -> None:
    drawn = _samples("noisy_relu", 0.4)
    whole = stats.norm(0.4, np.sqrt(1 / (1 + np.exp(-0.4))))
    assert drawn.min() == 0
    assert abs((drawn == 0).mean() - whole.cdf(0)) < 5 / np.sqrt(COUNT)
    positive = drawn[drawn > 0]
    conditional = lambda y: (whole.cdf(y) - whole.cdf(0)) / (1 - whole.cdf(0))  # noqa: E731
    assert stats.kstest(positive, conditional).pvalue > 0.01


def test_a_stochastic_neuron_fires_or_not_and_learns_as_the_sigmoid() -> None:
    drawn = _samples("stochastic_binary", 0.7)
    assert set(np.unique(drawn)) == {0.0, 1.0}
    x, key = jnp.linspace(-3.0, 3.0, 7), jax.random.key(1)
    slope = jax.vmap(jax.grad(lambda x: jaxact.stochastic_binary(x, key)))(x)
    np.testing.assert_allclose(slope, jax.vmap(jax.grad(jaxact.sigmoid))(x), rtol=1e-6)


@pytest.mark.parametrize("hard", [False, True])
def test_gumbel_softmax_prefers_as_the_softmax(hard: bool) -> None:  # noqa: FBT001  # a parameter of the test
    logits = jnp.broadcast_to(jnp.array([1.0, 0.0, -1.0]), (COUNT, 3))
    drawn = jaxact.gumbel_softmax(logits, jax.random.key(0), hard=hard, temperature=0.5)
    np.testing.assert_allclose(drawn.sum(-1), 1, rtol=1e-5)
    assert not hard or set(np.unique(drawn)) == {0.0, 1.0}
    frequency = np.bincount(np.asarray(drawn.argmax(-1)), minlength=3) / COUNT
    np.testing.assert_allclose(frequency, jaxact.gumbel_softmax(logits[0]), atol=5 / np.sqrt(COUNT))


def test_a_hard_sample_learns_as_the_soft_one() -> None:
    x, key, weights = jnp.array([1.0, 0.0, -1.0]), jax.random.key(2), jnp.array([1.0, 2.0, 4.0])
    slopes = [
        jax.grad(lambda x, hard=hard: jnp.sum(weights * jaxact.gumbel_softmax(x, key, hard=hard)))(x)
        for hard in (False, True)
    ]
    np.testing.assert_allclose(*slopes, rtol=1e-5)


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    z = jax.random.normal(jax.random.key(3), (COUNT,))
    y = jaxact.alpha_dropout(jaxact.selu(z), jax.random.key(4), rate=0.2)
    assert abs(float(y.mean())) < 0.02
    assert abs(float(y.var()) - 1) < 0.02


@pytest.mark.parametrize("name", [name for name, each in jaxact.operations.items() if each.kind == "random"])
def test_the_same_key_draws_the_same_and_another_key_something_else(name: str) -> None:
    x, f = jnp.linspace(-1.0, 1.0, 64), jaxact.get(name)
    first, again, other = (f(x, jax.random.key(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
