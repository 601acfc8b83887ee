"""From activations to activations: scaled, normalized, with another derivative.

What comes out is an ordinary function of one array, which jit, grad and vmap know, which may be transformed
again, and of which `jaxact.spec` tells the formula, composed.
"""

from jaxact.transform.affine import affine as affine
from jaxact.transform.mollify import mollify as mollify
from jaxact.transform.normalize import normalize as normalize
from jaxact.transform.self_normalize import (
    self_normalize as self_normalize,
    self_normalizing_constants as self_normalizing_constants,
)
from jaxact.transform.surrogate import surrogate as surrogate
from jaxact.transform.tailor import tailor_dks as tailor_dks, tailor_tat as tailor_tat
