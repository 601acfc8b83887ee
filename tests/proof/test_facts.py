"""What is on record of the catalogue: proved anew, and as the literature has it."""

import json
import math
import re
from fractions import Fraction
from pathlib import Path

import jax.numpy as jnp
import pytest

import jaxact
from jaxact import _facts
from jaxact._command import certifying, properties
from jaxact._formula import NUMPY, parse
from jaxact.proof.facts import facts
from jaxact.proof.programs.program import of_formula
from jaxact.proof.programs.tracing import of_function
from jaxact.proof.words import WORDS

ROOT = Path(__file__).parents[2]

RANGES: dict[str, tuple[float, float]] = {
    "gelu": (-0.128904145, 1.128904145),
    "silu": (-0.099839201, 1.099839201),
    "mish": (-0.112526, 1.088498),
    "selu": (0, 1.758099341),
    "softplus": (0, 1),
    "tanh": (0, 1),
    "sigmoid": (0, 0.25),
}
"""Ranges of the slope, `shared/notes/proofs.md` and by hand."""


@pytest.mark.heavy
def test_facts_on_record_are_found_again(entry: jaxact.Spec) -> None:
    found = facts(of_formula(entry.formula, entry.defaults), tolerance=1e-2)
    assert certifying.differences(entry.name, entry.facts, found) == []


UNDECIDED = {
    ("selu", "zero_mean"),  # it is 0 to 25 digits
    ("star_relu", "zero_mean"),  # it is 0, as the sum of two decimals
    ("sine_relu", "non_saturating"),  # one piece oscillates, the other does not
    ("coslu", "bounded_below"),  # they oscillate about their bound
    ("sinlu", "bounded_below"),
    *(
        ("growing_cosine", word)
        for word in ("bounded", "bounded_above", "bounded_below", "lipschitz", "non_saturating")
    ),
}
"""What the proofs leave open."""


def test_every_other_question_is_decided() -> None:
    recorded = _facts.catalogue()
    assert recorded.keys() == jaxact.specs.keys()
    assert all(one.claims.keys() == WORDS.keys() for one in recorded.values())
    unknown = {(n, w) for n, one in recorded.items() for w, p in one.claims.items() if p.holds is None}
    assert unknown == UNDECIDED
    assert len(unknown) < 0.05 * len(recorded) * len(WORDS)


def test_the_image_in_a_docstring_is_the_one_proved(entry: jaxact.Spec) -> None:
    """To half a unit in the last place written; with parameters it may be more than what is proved."""
    found = re.fullmatch(r"([\[(])(.+), (.+)([\])])", entry.image)
    if found is None:
        assert entry.name in {"heaviside", "threshold", "thresholded_relu"}, entry.image
        return
    proved = _recorded(entry.name).figures["range"]
    for text, bracket, closed, bound in (
        (found[2], found[1], "[", "infimum"),
        (found[3], found[4], "]", "supremum"),
    ):
        infinite = text.endswith("inf")
        written = float(text) if infinite else float(parse(text).evaluate(NUMPY, **entry.defaults))
        low, high = map(float, proved[bound])
        if entry.parameters:
            assert low >= written - 1e-6 if bound == "infimum" else high <= written + 1e-6, (text, low, high)
            continue
        decimals = len(text.partition(".")[2]) if re.fullmatch(r"-?[\d.]+", text) else 12
        assert infinite or abs(written - (low + high) / 2) <= 0.5 * 10.0**-decimals + (high - low), text
        if proved["attained"][bound] is not None:
            assert infinite <= math.isinf(low), text
            assert (bracket == closed) == proved["attained"][bound], entry.image


def test_every_word_is_one_of_the_vocabulary() -> None:
    assert WORDS.keys() <= properties.MEANINGS.keys()


@pytest.mark.parametrize("name", RANGES)
def test_slopes_range_as_published(name: str) -> None:
    recorded = _recorded(name).figures["slope"]
    for bound, published in zip(("infimum", "supremum"), RANGES[name], strict=True):
        low, high = recorded[bound]
        assert high - low <= 2e-9
        assert low == pytest.approx(published, abs=1e-6)


def test_figures_are_those_of_the_functions() -> None:
    elu, gelu, hard, step = (_recorded(name).figures for name in ("elu", "gelu", "hard_tanh", "heaviside"))
    assert elu["range"]["infimum"] == [-1, -1]
    assert elu["range"]["attained"] == {"infimum": False, "supremum": False}
    assert elu["asymptotes"] == {"left": [[0, 0], [-1, -1]], "right": [[1, 1], [0, 0]]}
    assert elu["breaks"] == [{"at": [0, 0], "order": 2}]
    assert elu["fixed points"] == [{"from": [0, 0], "to": ["inf", "inf"]}]
    assert gelu["range"]["attained"] == {"infimum": True, "supremum": False}
    assert gelu["zeros"] == [[0, 0]]
    assert gelu["at zero"] == {"value": [0, 0], "slope": [0.5, 0.5]}
    assert gelu["limits"] == {"left": [0, 0], "right": ["inf", "inf"]}
    assert [plateau["value"] for plateau in hard["plateaus"]] == [[-1, -1], [1, 1]]
    assert hard["range"]["attained"] == {"infimum": True, "supremum": True}
    assert step["Lipschitz constant"] is None
    assert step["breaks"] == [{"at": [0, 0], "order": 0}]


def test_moments_are_those_of_the_oracle() -> None:
    oracle = ROOT.parent / "shared" / "oracles" / "gaussian_q1.json"
    if not oracle.exists():
        pytest.skip(f"{oracle.parent} is not there")
    exact = json.loads(oracle.read_text(encoding="utf-8"))
    shared = [name for name in exact if name in jaxact.specs and name != "exponential"]
    assert len(shared) >= 10
    for name in shared:
        found = _recorded(name).figures["moments under N(0, 1)"]
        for figure, key in (("mean", "Ef"), ("second", "Ef2")):
            low, high = found[figure]
            assert low - 1e-15 <= float(exact[name][key]) <= high + 1e-15, (name, key)
            assert high - low < 1e-15


def test_facts_are_written_and_read_as_they_are() -> None:
    found = facts(of_function(lambda v: jnp.maximum(v, v / 3)), tolerance=1e-3)
    again = _facts.read(json.loads(json.dumps(_facts.written(found))))
    assert again.claims == found.claims
    assert again.figures == found.figures
    witness = again.claims["identity_at_zero"].witness
    assert isinstance(witness, Fraction)


def test_another_fact_is_noticed() -> None:
    found = _recorded("tanh")
    claims = {**found.claims, "odd": _facts.Proof("odd", holds=False)}
    slope = {"infimum": [0.0, 0.0], "supremum": [1.1, 1.2]}
    other = _facts.Facts(claims, {**found.figures, "slope": slope})
    assert len(certifying.differences("tanh", found, other)) == 2
    assert certifying.differences("tanh", None, found) == ["tanh: not certified yet"]
    assert not certifying.agree([0, math.inf], [-2, -1])
    assert not certifying.agree([[0, 0]], [[0, 0], [1, 1]])


def _recorded(name: str) -> _facts.Facts:
    found = jaxact.specs[name].facts
    assert found is not None
    return found
