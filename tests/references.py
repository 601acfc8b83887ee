"""What is true of activations of several numbers: their formulas, written down once more for one row."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Row = np.ndarray


def _softmax(x: Row) -> Row:
    e = np.exp(x - x.max())
    return e / e.sum()


def _sigmoid(x: Row) -> Row:
    return np.where(
        x < 0, np.exp(np.minimum(x, 0)) / (1 + np.exp(np.minimum(x, 0))), 1 / (1 + np.exp(-np.maximum(x, 0)))
    )


def _log_sigmoid(x: Row) -> Row:
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


def _entmax(x: Row, order: float) -> Row:
    """By bisection in the most digits that there are."""
    z = (order - 1) * x
    low, high = z.max() - 1, z.max()

    def parts(t: Any) -> Row:
        return np.maximum(z - t, 0) ** (1 / np.longdouble(order - 1))

    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if parts(middle).sum() >= 1 else (low, middle)
    return parts(low)


def _sparsemax(x: Row) -> Row:
    falling = -np.sort(-x)
    for size in range(len(x), 0, -1):
        threshold = (falling[:size].sum() - 1) / size
        if falling[size - 1] > threshold:
            return np.maximum(x - threshold, 0)
    raise AssertionError


def _normal_cdf(x: Row) -> Row:
    return np.array([np.longdouble(math.erfc(-float(value) / math.sqrt(2)) / 2) for value in x])


def _elu(x: Row) -> Row:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def _silu(x: Row) -> Row:
    return x * _sigmoid(x)


def _pairs(x: Row) -> Row:
    return x.reshape(-1, 2)


def _householder(x: Row) -> Row:
    first, second = np.split(x, 2)
    return np.concatenate([np.maximum(first, second), np.minimum(first, second)])


def _dice(x: Row) -> Row:
    gate = _sigmoid((x - x.mean()) / np.sqrt(x.var() + np.longdouble(1e-8)))
    return (gate + (1 - gate) / 4) * x


def _gate(of: Callable[[Row], Row], value: Callable[[Row], Row] = lambda v: v) -> Callable[[Row], Row]:
    def halves(x: Row) -> Row:
        first, second = np.split(x, 2)
        return value(first) * of(second)

    return halves


def _swiglu_oai(x: Row) -> Row:
    value, gate = np.split(x, 2)
    gate = np.minimum(gate, 7)
    return (np.clip(value, -7, 7) + 1) * gate * _sigmoid(np.longdouble(1.702) * gate)


def _noisy(x: Row) -> Row:
    spread = np.sqrt(_sigmoid(x))
    z = x / spread
    return spread * (z * _normal_cdf(z) + np.exp(-z * z / 2) / np.sqrt(2 * np.longdouble(math.pi)))


def _pade(x: Row) -> Row:
    top = (0.03355816, 0.5049941, 1.653416, 2.009985, 0.93189, 0.1524224)
    bottom = (0.0, 3.980248, 0.0, 0.3018338)
    below = sum((c * x ** (k + 1) for k, c in enumerate(bottom)), np.zeros_like(x))
    return sum((c * x**j for j, c in enumerate(top)), np.zeros_like(x)) / (1 + np.abs(below))


def _relu(x: Row) -> Row:
    return np.maximum(x, 0)


def _split(function: Callable[[Row], Row]) -> Callable[[Row], Row]:
    return lambda z: function(z.real) + 1j * function(z.imag)


_SELU = (
    np.longdouble("1.0507009873554804934193349852946"),
    np.longdouble("1.7580993408473768599402175208123"),
)


def _selu(x: Row) -> Row:
    return np.where(x > 0, _SELU[0] * x, _SELU[1] * np.expm1(np.minimum(x, 0)))


REFERENCES: Mapping[str, Callable[[Row], Row]] = {
    "softmax": _softmax,
    "softmax2d": _softmax,
    "tempered_softmax": _softmax,
    "log_softmax": lambda x: (x - x.max()) - np.log(np.exp(x - x.max()).sum()),
    "softmin": lambda x: _softmax(-x),
    "softmax_one": lambda x: _softmax(np.append(x, np.longdouble(0)))[:-1],
    "sigsoftmax": lambda x: _softmax(x + _log_sigmoid(x)),
    "taylor_softmax": lambda x: (1 + x + x * x / 2) / (1 + x + x * x / 2).sum(),
    "solu": lambda x: x * _softmax(x),
    "hardmax": lambda x: np.eye(len(x))[np.argmax(x)],
    "sparsemax": _sparsemax,
    "entmax": lambda x: _entmax(x, 1.5),
    "fullsort": np.sort,
    "groupsort": lambda x: np.sort(_pairs(x), 1).ravel(),
    "maxmin": lambda x: -np.sort(-_pairs(x), 1).ravel(),
    "householder": _householder,
    "kwta": lambda x: np.where(x == x.max(), x, 0),
    "squash": lambda x: x * np.linalg.norm(x) / (1 + np.linalg.norm(x) ** 2),
    "polynorm": lambda x: (
        sum((x**k / np.sqrt((x ** (2 * k)).sum()) for k in (1, 2, 3)), np.zeros_like(x)) / 3
    ),
    "dice": _dice,
    "crelu": lambda x: np.concatenate([_relu(x), _relu(-x)]),
    "concat_elu": lambda x: np.concatenate([_elu(x), _elu(-x)]),
    "bipolar_relu": lambda x: np.where(np.arange(len(x)) % 2 == 0, _relu(x), -_relu(-x)),
    "maxout": lambda x: _pairs(x).max(axis=1),
    "glu": _gate(_sigmoid),
    "bilinear_glu": _gate(lambda g: g),
    "reglu": _gate(_relu),
    "relu2_glu": _gate(lambda g: _relu(g) ** 2),
    "geglu": _gate(lambda g: g * _normal_cdf(g)),
    "swiglu": _gate(_silu),
    "swiglu_oai": _swiglu_oai,
    "gtu": _gate(_sigmoid, np.tanh),
    "dual_elu": lambda x: _elu(np.split(x, 2)[0]) - _elu(np.split(x, 2)[1]),
    "ncrelu": lambda x: np.concatenate([_relu(x), -_relu(-x)]),
    "abrelu": lambda x: _relu(x - x.mean()),
    "sqmax": lambda x: (x + 4) ** 2 / ((x + 4) ** 2).sum(),
    "erelu": _relu,
    "rt_relu": _relu,
    "dual_relu": lambda x: _relu(np.split(x, 2)[0]) - _relu(np.split(x, 2)[1]),
    "rrelu": lambda x: np.where(x >= 0, x, x * (np.longdouble(11) / 48)),
    "gumbel_softmax": _softmax,
    "alpha_dropout": lambda x: x,
    "noisy_relu": _noisy,
    "prob_act": _relu,
    "stochastic_binary": _sigmoid,
    "rpau": _pade,
    "crelu_complex": _split(_relu),
    "zrelu": lambda z: np.where((z.real >= 0) & (z.imag >= 0), z, 0),
    "cardioid": lambda z: (1 + np.cos(np.angle(z))) / 2 * z,
    "reim_selu": lambda z: _split(_selu)(z * np.sqrt(np.longdouble(2))) / np.sqrt(np.longdouble(2)),
    "modrelu": lambda z: z,
}
"""By name, at default parameters; of complex rows where the activation is of complex numbers."""
