"""Every activation of the usual libraries is found by its name there."""

import jax
import jax.numpy as jnp
import pytest

import jaxact

NAMES = {
    "jax.nn": """celu elu gelu glu hard_sigmoid hard_silu hard_swish hard_tanh identity leaky_relu log_sigmoid
        log_softmax mish relu relu6 selu sigmoid silu soft_sign softmax softplus sparse_plus sparse_sigmoid
        squareplus swish tanh""",
    "torch.nn.functional": """threshold relu hardtanh hardswish relu6 elu selu celu leaky_relu prelu rrelu glu
        gelu logsigmoid hardshrink tanhshrink softsign softplus softmin softmax softshrink gumbel_softmax
        log_softmax tanh sigmoid hardsigmoid silu mish alpha_dropout""",
    "torch.nn": """Threshold ReLU RReLU Hardtanh ReLU6 Sigmoid Hardsigmoid Tanh SiLU Mish Hardswish ELU CELU
        SELU GLU GELU Hardshrink LeakyReLU LogSigmoid Softplus Softshrink PReLU Softsign Tanhshrink Softmin
        Softmax Softmax2d LogSoftmax AlphaDropout Identity""",
    "keras.activations": """celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish
        hard_tanh leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu
        sigmoid silu soft_shrink softmax softplus softsign sparse_plus
        sparse_sigmoid sparsemax squareplus swish tanh tanh_shrink threshold""",
    "timm": """silu swish mish relu relu6 leaky_relu elu celu selu gelu gelu_tanh quick_gelu sigmoid tanh
        hard_sigmoid hard_swish hard_mish identity prelu""",
    "transformers.ACT2FN": """gelu gelu_10 gelu_fast gelu_new gelu_python gelu_python_tanh gelu_pytorch_tanh
        gelu_accurate laplace leaky_relu linear mish quick_gelu relu relu2 relu6 sigmoid silu swish tanh prelu
        xielu sqrtsoftplus""",
}


@pytest.mark.parametrize(
    ("library", "name"), [(lib, name) for lib, names in NAMES.items() for name in names.split()]
)
def test_every_name_of_a_library_is_found(library: str, name: str) -> None:
    found = jaxact.get(name)
    assert found.__name__ in jaxact.specs or found.__name__ in jaxact.operations, library


def test_the_installed_jax_nn_has_no_other_activation() -> None:
    known = {*NAMES["jax.nn"].split(), "logsumexp", "logmeanexp", "log1mexp", "standardize", "one_hot"}
    known |= {"initializers", "dot_product_attention", "scaled_matmul", "scaled_dot_general"}
    known |= {"get_scaled_dot_general_config", "functions"}
    for name in {name for name in dir(jax.nn) if not name.startswith("_")} - known:
        assert not callable(getattr(jax.nn, name)) or jaxact.get(name)


def test_no_two_activations_answer_to_one_name() -> None:
    entries = [*jaxact.specs.values(), *jaxact.operations.values()]
    owners: dict[str, str] = {}
    for each in entries:
        for name in (each.name, *each.aliases):
            assert owners.setdefault(name.replace("_", "").lower(), each.name) == each.name, name
    for each in entries:
        assert jaxact.get(each.name) is each.function


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(KeyError, match=r"No activation is called 'gelux'; the nearest are gelu"):
        jaxact.get("gelux")
    with pytest.raises(KeyError, match=r"No activation is called 'qqqqq'; see jaxact.specs"):
        jaxact.get("qqqqq")


def test_what_is_found_works() -> None:
    assert jaxact.get("LeakyReLU")(jnp.float32(-1)) == jnp.float32(-0.01)
