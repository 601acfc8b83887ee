"""What normalization costs in time and memory, and what it makes devices communicate.

Here belongs the training of one large network on many devices, and what is measured of its step. `parallel`
trains, `processes` joins several processes, `communication` reads a compiled program, `measure` measures.
"""

from research.selu_vs_batchnorm.scaling.config import BASE as BASE, QUESTION as QUESTION, Scaling as Scaling
from research.selu_vs_batchnorm.scaling.measure import (
    FLOAT as FLOAT,
    Row as Row,
    Unit as Unit,
    measure as measure,
    units as units,
)
from research.selu_vs_batchnorm.scaling.simulation import simulate as simulate
