"""Deep fully connected networks, with a choice of normalization or normalizing by themselves."""

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flax import nnx
from jaxtyping import Array, Float

from jaxact.functions.exponential import selu
from jaxact.functions.rectified import relu
from jaxact.nnx.alpha_dropout import AlphaDropout

NORMALIZATIONS: Mapping[str, Callable[..., nnx.Module]] = MappingProxyType(
    {
        "batch": functools.partial(nnx.BatchNorm, momentum=0.9, use_fast_variance=False),
        "layer": functools.partial(nnx.LayerNorm, use_fast_variance=False),
        "rms": nnx.RMSNorm,
    }
)
"""The normalizations that have a name.

The fast variance, `E x^2 - (E x)^2`, cancels: inputs from N(1e4, 1) come out with a deviation of 319.
Flax's momentum of 0.99 makes the running statistics lag a hundred batches behind; 0.9 makes it ten.
"""


class Block(nnx.Module):
    """One hidden layer, `dropout(activation(normalization(linear(x))))`.

    Attributes:
        linear: The affine map, without a bias where the normalization has one.
        normalization: A layer, or None.
        activation: The activation.
        dropout: A layer, or None.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        activation: Callable[..., Any] = relu,
        normalization: str | Callable[..., nnx.Module] | None = None,
        kernel_init: Callable[..., Any] = nnx.initializers.he_normal(),  # noqa: B008  # it is immutable
        bias_init: Callable[..., Any] = nnx.initializers.zeros,
        dropout: Callable[[nnx.Rngs], nnx.Module] | None = None,
        linear: Callable[..., nnx.Module] = nnx.Linear,
        rngs: nnx.Rngs,
    ) -> None:
        """Makes the layers; the options are those of `MLP`."""
        if isinstance(normalization, str):
            if normalization not in NORMALIZATIONS:
                known = ", ".join(NORMALIZATIONS)
                raise ValueError(f"normalization must be {known} or None; got {normalization!r}.")
            normalization = NORMALIZATIONS[normalization]
        self.normalization = None if normalization is None else normalization(outputs, rngs=rngs)
        shifted = getattr(self.normalization, "bias", None) is not None
        self.linear = linear(
            inputs,
            outputs,
            use_bias=not shifted,
            kernel_init=kernel_init,
            bias_init=bias_init,
            rngs=rngs,
        )
        self.activation = activation
        self.dropout = None if dropout is None else dropout(rngs)

    def __call__(self, x: Float[Array, "*batch inputs"]) -> Float[Array, "*batch outputs"]:
        """Applies the layer to the last axis of `x`."""
        x = self.linear(x)
        x = x if self.normalization is None else self.normalization(x)
        x = self.activation(x)
        return x if self.dropout is None else self.dropout(x)


class MLP(nnx.Module):
    """A fully connected network; its last layer is affine and gives logits.

    `train()` and `eval()` switch batch normalization between the statistics of the batch and running ones,
    and dropout on and off.

    Attributes:
        hidden: One `Block` for each hidden layer.
        output: The last, affine layer.

    Examples:
        >>> from flax import nnx
        >>> from jaxact.nnx import MLP
        >>> model = MLP((64, 32, 32, 10), normalization="batch", rngs=nnx.Rngs(0))
        >>> model(jnp.ones((8, 64))).shape
        (8, 10)
        >>> len(model.hidden)
        2

    References:
        Ioffe and Szegedy, Batch normalization, 2015, arXiv:1502.03167; Ba, Kiros and Hinton, Layer
        normalization, 2016, arXiv:1607.06450; Zhang and Sennrich, Root mean square layer normalization, 2019,
        arXiv:1910.07467.
    """

    def __init__(
        self,
        widths: Sequence[int],
        *,
        activation: Callable[..., Any] = relu,
        normalization: str | Callable[..., nnx.Module] | None = None,
        kernel_init: Callable[..., Any] = nnx.initializers.he_normal(),  # noqa: B008  # it is immutable
        bias_init: Callable[..., Any] = nnx.initializers.zeros,
        dropout: Callable[[nnx.Rngs], nnx.Module] | None = None,
        linear: Callable[..., nnx.Module] = nnx.Linear,
        rngs: nnx.Rngs,
    ) -> None:
        """Makes the layers.

        Args:
            widths: Features of the input, of each hidden layer, and of the output.
            activation: After each hidden layer. A layer with parameters is shared by all of them.
            normalization: Before each activation: `"batch"`, `"layer"`, `"rms"`, what makes a layer from
                `features` and `rngs`, or None.
            kernel_init: Initializer of every weight matrix.
            bias_init: Initializer of the biases of hidden layers.
            dropout: After each activation: what makes a layer from `rngs`, or None.
            linear: What makes the affine map of each hidden layer, with the arguments of `nnx.Linear`.
            rngs: Gives the stream `params`.

        Raises:
            ValueError: If there are fewer than two widths, one is not positive, or the normalization is
                unknown.
        """
        if len(widths) < 2 or min(widths) < 1:
            raise ValueError(f"MLP needs positive widths of input, hidden layers and output; got {widths}.")
        self.hidden = nnx.List(
            Block(
                inputs,
                outputs,
                activation=activation,
                normalization=normalization,
                kernel_init=kernel_init,
                bias_init=bias_init,
                dropout=dropout,
                linear=linear,
                rngs=rngs,
            )
            for inputs, outputs in itertools.pairwise(widths[:-1])
        )
        self.output = nnx.Linear(widths[-2], widths[-1], kernel_init=kernel_init, rngs=rngs)

    def __call__(self, x: Float[Array, "*batch inputs"]) -> Float[Array, "*batch outputs"]:
        """Returns the logits.

        Args:
            x: Features along the last axis.
        """
        for block in self.hidden:
            x = block(x)
        return self.output(x)


class SelfNormalizingMLP(MLP):
    """A network whose activation keeps mean and variance: SELU, LeCun normal weights, alpha dropout.

    Inputs should have mean 0 and variance 1 in every feature.

    Examples:
        >>> from flax import nnx
        >>> from jaxact.nnx import SelfNormalizingMLP
        >>> model = SelfNormalizingMLP((256, *[256] * 32, 10), rngs=nnx.Rngs(0))
        >>> x = jax.random.normal(jax.random.key(1), (128, 256))
        >>> for block in model.hidden:
        ...     x = block(x)
        >>> bool(abs(x.mean()) < 0.2) and bool(0.5 < x.var() < 1.5)
        True

    References:
        Klambauer, Unterthiner, Mayr and Hochreiter, Self-normalizing neural networks, 2017,
        arXiv:1706.02515.
    """

    def __init__(
        self,
        widths: Sequence[int],
        *,
        activation: Callable[..., Any] = selu,
        rate: float | int = 0.0,
        rngs: nnx.Rngs,
    ) -> None:
        """Makes the layers.

        Args:
            widths: Features of the input, of each hidden layer, and of the output.
            activation: A self-normalizing function.
            rate: Rate of alpha dropout, in `[0, 1)`; the paper uses 0.05 and 0.1.
            rngs: Gives the streams `params` and `dropout`.

        Raises:
            ValueError: If a width is not positive, the rate is outside its domain, or units are to be
                dropped after an activation without a finite limit.
        """

        def dropout(rngs: nnx.Rngs) -> nnx.Module:
            return AlphaDropout(activation, rate, rngs=rngs)

        super().__init__(
            widths,
            activation=activation,
            kernel_init=nnx.initializers.lecun_normal(),
            dropout=dropout if rate else None,
            rngs=rngs,
        )
