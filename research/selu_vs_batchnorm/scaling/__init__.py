"""What normalization costs in time and memory, and what it makes devices communicate.

Here belongs the training of one large network on many devices, and what is measured of its step. `parallel`
trains, `processes` joins several processes, `communication` reads a compiled program, `measure` measures.
"""

from research.selu_vs_batchnorm.scaling.command import run as run
from research.selu_vs_batchnorm.scaling.config import Scaling as Scaling
