"""The words for what a function may have: the names of claims, by the criterion that decides them."""

from collections.abc import Mapping

VOCABULARY: Mapping[str, Mapping[str, str]] = {
    "nonlinearity": {
        "nonlinear": "the slope is not the same everywhere",
    },
    "differentiability": {
        "differentiable": "neither f nor f' jumps",
        "continuous": "f does not jump",
        "smooth": "neither f, f' nor f'' jumps",
        "finite": "f and f' are finite where the dtype can hold them, and never NaN",
        "correct_gradient": "the slope JAX takes is the slope of f",
    },
    "cost": {
        "cheap": "no transcendental function is evaluated, nor as many operations as one takes",
        "lean": "at most one array of the input's size is kept for the backward pass",
    },
    "saturation": {
        "non_saturating": "the slope tends to 0 at neither end",
        "alive": "the slope is 0 on no interval",
    },
    "monotonicity": {
        "monotonic": "non-decreasing or non-increasing",
        "non_decreasing": "f never falls",
        "non_increasing": "f never rises",
        "strictly_monotonic": "monotonic and constant on no interval",
    },
    "boundedness": {
        "bounded": "bounded below and above",
        "bounded_below": "f does not fall without end",
        "bounded_above": "f does not rise without end",
    },
    "identity": {
        "identity_at_zero": "f(0) = 0 and f'(0) = 1",
        "zero_at_zero": "f(0) = 0",
    },
    "parameters": {
        "parameter_free": "no number in it is meant to be chosen or trained",
    },
    "normalization": {
        "self_normalizing": "mean and variance of deep layers are drawn to a fixed point",
        "zero_mean": "E f(z) = 0 for z ~ N(0, 1)",
    },
    "shape": {
        "lipschitz": "the slope is bounded",
        "non_expansive": "no slope is steeper than 1",
        "convex": "the slope never falls",
        "concave": "the slope never rises",
        "odd": "f(-x) = -f(x)",
        "even": "f(-x) = f(x)",
    },
}
"""What `--require` takes, with its meaning; the first word of a criterion is what the criterion asks for."""


def criterion_of(claim: str) -> str:
    """The criterion that decides a claim.

    Raises:
        KeyError: If no criterion does.
    """
    for criterion, claims in VOCABULARY.items():
        if claim in claims:
            return criterion
    raise KeyError(claim)
