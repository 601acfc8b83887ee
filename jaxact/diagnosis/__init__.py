"""Real networks beside the theory: what their layers do to signals and gradients, measured and predicted.

Here belongs what looks into a network, whatever it is written with, by its traced program.
"""

from jaxact.diagnosis.diagnosis import Diagnosis as Diagnosis, diagnose as diagnose
from jaxact.diagnosis.layers import LayerReport as LayerReport
