"""The ways of keeping a deep network trainable that are compared, each a small Flax network.

A method is added in `table.py`; what is new in its network stands in `networks.py`.
"""

from research.selu_vs_batchnorm.methods.stack import Dropout as Dropout, Noise as Noise, Stack as Stack
from research.selu_vs_batchnorm.methods.table import METHODS as METHODS, PAPER as PAPER, Method as Method
