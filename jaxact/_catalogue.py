"""Every activation of the catalogue, under its name: the one place where a new one is exported."""

from jaxact.functions.algebraic import (
    elliott as elliott,
    isrlu as isrlu,
    isru as isru,
    rational_tanh as rational_tanh,
)
from jaxact.functions.bases import (
    abu as abu,
    kaf as kaf,
    rowdy as rowdy,
    spline_kan as spline_kan,
)
from jaxact.functions.bump import (
    gaussian_bump as gaussian_bump,
    hat as hat,
    tent as tent,
)
from jaxact.functions.complex_valued import (
    cardioid as cardioid,
    crelu_complex as crelu_complex,
    modrelu as modrelu,
    reim_selu as reim_selu,
    zrelu as zrelu,
)
from jaxact.functions.doubled import (
    bipolar_relu as bipolar_relu,
    concat_elu as concat_elu,
    crelu as crelu,
    maxout as maxout,
    ncrelu as ncrelu,
)
from jaxact.functions.drawn import (
    alpha_dropout as alpha_dropout,
    erelu as erelu,
    gumbel_softmax as gumbel_softmax,
    noisy_relu as noisy_relu,
    prob_act as prob_act,
    rpau as rpau,
    rrelu as rrelu,
    rt_relu as rt_relu,
    stochastic_binary as stochastic_binary,
)
from jaxact.functions.erf_gates import (
    erfact as erfact,
    pserf as pserf,
    serf as serf,
)
from jaxact.functions.exponential import (
    celu as celu,
    elu as elu,
    exponential as exponential,
    selu as selu,
    serlu as serlu,
    soft_exponential as soft_exponential,
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
from jaxact.functions.glu import (
    bilinear_glu as bilinear_glu,
    dual_elu as dual_elu,
    dual_relu as dual_relu,
    geglu as geglu,
    glu as glu,
    gtu as gtu,
    reglu as reglu,
    relu2_glu as relu2_glu,
    swiglu as swiglu,
    swiglu_oai as swiglu_oai,
)
from jaxact.functions.hard import (
    hard_mish as hard_mish,
    hard_sigmoid as hard_sigmoid,
    hard_sigmoid_onnx as hard_sigmoid_onnx,
    hard_silu as hard_silu,
    hard_tanh as hard_tanh,
    heaviside as heaviside,
    sign as sign,
    sparse_plus as sparse_plus,
    sparse_sigmoid as sparse_sigmoid,
)
from jaxact.functions.hinges import (
    apl as apl,
    splash as splash,
)
from jaxact.functions.hyperbolic import (
    dynamic_tanh as dynamic_tanh,
    lecun_tanh as lecun_tanh,
    penalized_tanh as penalized_tanh,
    rectified_tanh as rectified_tanh,
    softcap as softcap,
)
from jaxact.functions.learned_exponential import (
    mpelu as mpelu,
    pdelu as pdelu,
    pelu as pelu,
    ptelu as ptelu,
)
from jaxact.functions.learned_rectifiers import (
    arelu as arelu,
    dprelu as dprelu,
    frelu_flexible as frelu_flexible,
    lelelu as lelelu,
    pact as pact,
    rprelu as rprelu,
    shilu as shilu,
    srelu as srelu,
)
from jaxact.functions.logarithmic import (
    nlrelu as nlrelu,
    symexp as symexp,
    symlog as symlog,
)
from jaxact.functions.normed import (
    abrelu as abrelu,
    dice as dice,
    polynorm as polynorm,
    squash as squash,
)
from jaxact.functions.periodic import (
    coslu as coslu,
    growing_cosine as growing_cosine,
    sinc as sinc,
    sine as sine,
    sine_relu as sine_relu,
    sinlu as sinlu,
    snake as snake,
)
from jaxact.functions.piecewise_linear import (
    melu as melu,
    pwlu as pwlu,
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
from jaxact.functions.rational import (
    pade_activation_unit as pade_activation_unit,
    polyrelu as polyrelu,
    rational_nn as rational_nn,
)
from jaxact.functions.rectified import (
    absolute as absolute,
    clipped_relu as clipped_relu,
    dy_relu as dy_relu,
    leaky_relu as leaky_relu,
    prelu as prelu,
    relu as relu,
    relu2 as relu2,
    relu6 as relu6,
    repu as repu,
    star_relu as star_relu,
)
from jaxact.functions.shrinkage import (
    hard_shrink as hard_shrink,
    shrink as shrink,
    soft_shrink as soft_shrink,
    tanh_shrink as tanh_shrink,
)
from jaxact.functions.sigmoidal import (
    aranda_ordaz as aranda_ordaz,
    arctan as arctan,
    asinh as asinh,
    erf as erf,
    laplace as laplace,
    loglog as loglog,
    probit as probit,
    sigmoid as sigmoid,
    soft_clipping as soft_clipping,
    soft_sign as soft_sign,
    tanh as tanh,
)
from jaxact.functions.simplex import (
    entmax as entmax,
    sparsemax as sparsemax,
)
from jaxact.functions.smooth_gates import (
    aria2 as aria2,
    cauchy_lu as cauchy_lu,
    colu as colu,
    gish as gish,
    gompertz_lu as gompertz_lu,
    logish as logish,
    softrootsign as softrootsign,
    xatlu as xatlu,
)
from jaxact.functions.smooth_maximum import (
    acon_b as acon_b,
    acon_c as acon_c,
    smu as smu,
    smu1 as smu1,
)
from jaxact.functions.softmax import (
    hardmax as hardmax,
    log_softmax as log_softmax,
    sigsoftmax as sigsoftmax,
    softmax as softmax,
    softmax2d as softmax2d,
    softmax_one as softmax_one,
    softmin as softmin,
    solu as solu,
    sqmax as sqmax,
    taylor_softmax as taylor_softmax,
    tempered_softmax as tempered_softmax,
)
from jaxact.functions.softplus import (
    bent_identity as bent_identity,
    blu as blu,
    log_cosh as log_cosh,
    log_sigmoid as log_sigmoid,
    shifted_softplus as shifted_softplus,
    softplus as softplus,
    sqrt_softplus as sqrt_softplus,
    squareplus as squareplus,
)
from jaxact.functions.sorting import (
    fullsort as fullsort,
    groupsort as groupsort,
    householder as householder,
    kwta as kwta,
    maxmin as maxmin,
)
from jaxact.functions.steps import (
    heaviside_surrogate as heaviside_surrogate,
    rsign as rsign,
    sign_ste as sign_ste,
)
from jaxact.functions.swish_variants import (
    elish as elish,
    eswish as eswish,
    flatten_t_swish as flatten_t_swish,
    hard_elish as hard_elish,
)
from jaxact.functions.tanh_gates import (
    beta_mish as beta_mish,
    mila as mila,
    phish as phish,
    smish as smish,
    tanhexp as tanhexp,
    tanhsoft as tanhsoft,
)
from jaxact.functions.thresholded import (
    relu_general as relu_general,
    threshold as threshold,
    thresholded_relu as thresholded_relu,
    tlu as tlu,
)
