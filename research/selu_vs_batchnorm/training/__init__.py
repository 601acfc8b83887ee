"""Training of many small networks at once, and what is recorded of them.

A `Unit` says what one compiled program trains under which `Protocol`, and `ensemble` trains it. `train` is
gradient descent for one network, as pure functions; `measure` looks at its layers, `outcome` writes down what
came of them.
"""

from research.selu_vs_batchnorm.training.checkpoint import Checkpoint as Checkpoint
from research.selu_vs_batchnorm.training.padding import Part as Part, room as room
from research.selu_vs_batchnorm.training.protocol import Protocol as Protocol, Setting as Setting
from research.selu_vs_batchnorm.training.unit import Unit as Unit
