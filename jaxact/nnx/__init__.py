"""Flax layers: learned activations, maxout, layers of images, alpha dropout, and deep networks.

Here belongs what has state: parameters, running statistics, random keys. Every activation of `jaxact`
with parameters meant to be trained has its layer here, made from its spec: `prelu` is `PReLU`.
"""

from jaxact.nnx.alpha_dropout import AlphaDropout as AlphaDropout
from jaxact.nnx.evonorm import EvoNormB0 as EvoNormB0, EvoNormS0 as EvoNormS0
from jaxact.nnx.images import FReLU as FReLU, MetaACON as MetaACON
from jaxact.nnx.learned import Learned as Learned, layers as layers
from jaxact.nnx.maxout import Maxout as Maxout
from jaxact.nnx.mlp import MLP as MLP, Block as Block, SelfNormalizingMLP as SelfNormalizingMLP


def __getattr__(name: str) -> type[Learned]:
    """Finds the layer of a learned activation."""
    if name in layers:
        return layers[name]
    raise AttributeError(f"module 'jaxact.nnx' has no attribute {name!r}; learned are {', '.join(layers)}.")


def __dir__() -> list[str]:
    return sorted({*globals(), *layers})
