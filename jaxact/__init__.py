"""Activation functions for JAX, each with its mathematics attached."""

import importlib
from typing import TYPE_CHECKING, Any

from jaxact._catalogue import *  # noqa: F403  # every activation under its name
from jaxact._operations import get as get, operation as operation, operations as operations
from jaxact._registry import activation as activation, names as _names, spec as spec, specs as specs
from jaxact._spec import (
    Activation as Activation,
    Kink as Kink,
    Operation as Operation,
    Parameter as Parameter,
    Spec as Spec,
)

if TYPE_CHECKING:
    from jaxact.diagnosis import Diagnosis as Diagnosis, diagnose as diagnose
    from jaxact.proof.claims import prove as prove
    from jaxact.properties.check import check as check
    from jaxact.properties.report import Report as Report
    from jaxact.transform.affine import affine as affine
    from jaxact.transform.mollify import mollify as mollify
    from jaxact.transform.normalize import normalize as normalize
    from jaxact.transform.self_normalize import self_normalize as self_normalize
    from jaxact.transform.surrogate import surrogate as surrogate
    from jaxact.transform.tailor import tailor_dks as tailor_dks, tailor_tat as tailor_tat

_ROOMS = {
    "Diagnosis": "diagnosis",
    "diagnose": "diagnosis",
    "prove": "proof.claims",
    "check": "properties.check",
    "Report": "properties.report",
    "affine": "transform.affine",
    "mollify": "transform.mollify",
    "normalize": "transform.normalize",
    "self_normalize": "transform.self_normalize",
    "surrogate": "transform.surrogate",
    "tailor_dks": "transform.tailor",
    "tailor_tat": "transform.tailor",
}
"""Where the rest is, which is loaded when it is asked for: most programs need the functions alone."""


def __getattr__(name: str) -> Any:
    """Loads what is not loaded yet, or finds an activation by one of its aliases."""
    if name in _ROOMS:
        value = getattr(importlib.import_module(f"jaxact.{_ROOMS[name]}"), name)
        globals()[name] = value
        return value
    if name in {"diagnosis", "gaussian", "initializers", "proof", "properties", "transform"}:
        return importlib.import_module(f"jaxact.{name}")
    if name in _names:
        return _names[name].function
    raise AttributeError(f"module 'jaxact' has no attribute {name!r}.")


def __dir__() -> list[str]:
    return sorted({*globals(), *_ROOMS})
