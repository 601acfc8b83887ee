"""What a function does to a Gaussian: moments, the maps from moments to moments, their fixed points.

Here belongs what depends on a function only through expectations under a normal law. Functions come as
callables of one array; nothing here asks which function it is, or passes a judgement on what it computes.
"""

from jaxact.gaussian import closed as closed
from jaxact.gaussian.critical import (
    Critical as Critical,
    edge_of_chaos as edge_of_chaos,
    half_stable as half_stable,
)
from jaxact.gaussian.expectation import expectation as expectation
from jaxact.gaussian.kernels import Kernel as Kernel
from jaxact.gaussian.mean_field import (
    Correlation as Correlation,
    MeanField as MeanField,
    Rest as Rest,
)
from jaxact.gaussian.moments import (
    FixedPoint as FixedPoint,
    MomentMap as MomentMap,
    Moments as Moments,
    moments as moments,
)
from jaxact.gaussian.pointwise import Pointwise as Pointwise, supports as supports
from jaxact.gaussian.resolved import Resolved as Resolved
