"""Activation functions for JAX, each with its mathematics attached."""

from jaxact._registry import activation as activation, spec as spec, specs as specs
from jaxact._spec import (
    Activation as Activation,
    Kink as Kink,
    Parameter as Parameter,
    Spec as Spec,
)
from jaxact.diagnosis import Diagnosis as Diagnosis, diagnose as diagnose
from jaxact.functions.algebraic import elliott as elliott, isrlu as isrlu, isru as isru
from jaxact.functions.bump import gaussian_bump as gaussian_bump, hat as hat, tent as tent
from jaxact.functions.exponential import (
    celu as celu,
    elu as elu,
    exponential as exponential,
    selu as selu,
    xielu as xielu,
)
from jaxact.functions.gated import (
    dsilu as dsilu,
    lisht as lisht,
    mish as mish,
    silu as silu,
    swish as swish,
)
from jaxact.functions.gelu import (
    clipped_gelu as clipped_gelu,
    gelu as gelu,
    gelu_sigmoid_cubic as gelu_sigmoid_cubic,
    gelu_tanh as gelu_tanh,
    quick_gelu as quick_gelu,
)
from jaxact.functions.hard import (
    hard_mish as hard_mish,
    hard_sigmoid as hard_sigmoid,
    hard_sigmoid_onnx as hard_sigmoid_onnx,
    hard_silu as hard_silu,
    hard_tanh as hard_tanh,
    heaviside as heaviside,
    sparse_plus as sparse_plus,
    sparse_sigmoid as sparse_sigmoid,
)
from jaxact.functions.hyperbolic import (
    dynamic_tanh as dynamic_tanh,
    lecun_tanh as lecun_tanh,
    penalized_tanh as penalized_tanh,
    rectified_tanh as rectified_tanh,
    softcap as softcap,
)
from jaxact.functions.logarithmic import nlrelu as nlrelu, symlog as symlog
from jaxact.functions.periodic import (
    snake as snake,
)
from jaxact.functions.polynomial import (
    identity as identity,
    non_monotonic_cubic as non_monotonic_cubic,
    shifted_quadratic as shifted_quadratic,
    square as square,
)
from jaxact.functions.quadratic import (
    smelu as smelu,
    smooth_step as smooth_step,
    sqlu as sqlu,
    sqnl as sqnl,
)
from jaxact.functions.rectified import (
    absolute as absolute,
    clipped_relu as clipped_relu,
    leaky_relu as leaky_relu,
    prelu as prelu,
    relu as relu,
    relu2 as relu2,
    relu6 as relu6,
)
from jaxact.functions.shrinkage import (
    hard_shrink as hard_shrink,
    shrink as shrink,
    soft_shrink as soft_shrink,
    tanh_shrink as tanh_shrink,
)
from jaxact.functions.sigmoidal import (
    arctan as arctan,
    asinh as asinh,
    erf as erf,
    laplace as laplace,
    probit as probit,
    sigmoid as sigmoid,
    soft_sign as soft_sign,
    tanh as tanh,
)
from jaxact.functions.softplus import (
    bent_identity as bent_identity,
    log_cosh as log_cosh,
    log_sigmoid as log_sigmoid,
    softplus as softplus,
    sqrt_softplus as sqrt_softplus,
    squareplus as squareplus,
)
from jaxact.functions.thresholded import (
    relu_general as relu_general,
    threshold as threshold,
    thresholded_relu as thresholded_relu,
    tlu as tlu,
)
from jaxact.proof.claims import prove as prove
from jaxact.properties.check import check as check
from jaxact.properties.report import Report as Report
from jaxact.transform.affine import affine as affine
from jaxact.transform.mollify import mollify as mollify
from jaxact.transform.normalize import normalize as normalize
from jaxact.transform.self_normalize import self_normalize as self_normalize
from jaxact.transform.surrogate import surrogate as surrogate
from jaxact.transform.tailor import tailor_dks as tailor_dks, tailor_tat as tailor_tat


def __getattr__(name: str) -> Activation:
    """Finds an activation by one of its aliases."""
    for entry in specs.values():
        if name in entry.aliases:
            return entry.function
    raise AttributeError(f"module 'jaxact' has no attribute {name!r}.")
