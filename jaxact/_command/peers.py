"""What the activations are called in other libraries, where they compute the same at its defaults."""

from collections.abc import Mapping

LIBRARIES = ("jax.nn", "torch", "keras", "timm", "transformers")

_SAME = {
    "jax.nn": """celu elu glu hard_sigmoid hard_silu hard_tanh identity leaky_relu log_sigmoid
        log_softmax mish relu relu6 selu sigmoid silu soft_sign softmax softplus
        sparse_plus sparse_sigmoid squareplus tanh gelu_tanh=gelu""",
    "torch": """celu elu gelu glu hard_shrink=hardshrink hard_sigmoid=hardsigmoid hard_silu=hardswish
        hard_tanh=hardtanh leaky_relu log_sigmoid=logsigmoid log_softmax mish relu relu6
        rrelu selu sigmoid silu soft_shrink=softshrink soft_sign=softsign softmax
        softmin softplus tanh tanh_shrink=tanhshrink""",
    "keras": """celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh
        identity=linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu
        soft_shrink soft_sign=softsign softmax softplus sparse_plus sparse_sigmoid
        sparsemax squareplus tanh tanh_shrink""",
    "timm": """celu elu gelu gelu_tanh hard_mish hard_sigmoid hard_silu=hard_swish identity leaky_relu
        mish quick_gelu relu relu6 selu sigmoid silu tanh""",
    "transformers": """clipped_gelu=gelu_10 gelu gelu_tanh=gelu_new identity=linear laplace leaky_relu mish
        quick_gelu relu relu2 relu6 sigmoid silu sqrt_softplus=sqrtsoftplus tanh""",
}

PEERS: Mapping[str, Mapping[str, str]] = {
    library: {ours: theirs or ours for ours, _, theirs in (name.partition("=") for name in names.split())}
    for library, names in _SAME.items()
}
"""By library, what each is called there."""
