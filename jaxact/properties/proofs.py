"""Proofs in the place of samples: what holds for all real numbers is said to."""

import dataclasses
import importlib.util
from collections.abc import Iterable, Mapping

import numpy as np

from jaxact._facts import Proof
from jaxact.properties.evidence import Claim, Evidence, Verdict
from jaxact.properties.subject import Subject

BOXES, SECONDS = 2_000, 3.0
"""How many intervals one search of `jaxact.check` may look at, and how long all of them may take."""

MISSING = "what is sampled may be proved with python-flint: pip install 'jaxact[check]'"


class ContradictionError(AssertionError):
    """Proof and derivatives disagree about an activation of the catalogue: a mistake in jaxact."""


def proofs(subject: Subject, words: Iterable[str]) -> tuple[Mapping[str, Proof], str]:
    """What is proved of a function, by the words of the vocabulary, and why there is no more.

    Args:
        subject: The function; one of the catalogue stands for its formula.
        words: What is asked for.
    """
    entry, wanted = subject.spec, set(words)
    if entry is not None and entry.facts is not None and _usual(subject):
        return {name: proof for name, proof in entry.facts.claims.items() if name in wanted}, ""
    if importlib.util.find_spec("flint") is None:
        return {}, MISSING
    from jaxact.proof import budget  # noqa: PLC0415
    from jaxact.proof.decisions import proof  # noqa: PLC0415  # needs python-flint
    from jaxact.proof.programs.program import UnprovableError, of_formula  # noqa: PLC0415
    from jaxact.proof.programs.tracing import of_function  # noqa: PLC0415
    from jaxact.proof.words import WORDS, word  # noqa: PLC0415

    try:
        if entry is None:
            program = of_function(subject.call)
        else:
            values = {name: float(np.ravel(value)[0]) for name, value in subject.parameters.items()}
            program = of_formula(entry.formula, values)
    except (UnprovableError, TypeError, ValueError) as error:
        return {}, f"not proved: {error}".splitlines()[0]
    with budget.seconds(SECONDS):
        return {name: proof(name, word(name, program, BOXES)) for name in WORDS if name in wanted}, ""


def _usual(subject: Subject) -> bool:
    """Whether the parameters are the defaults."""
    defaults = {} if subject.spec is None else subject.spec.defaults
    return all(np.ndim(value) == 0 and value == defaults[name] for name, value in subject.parameters.items())


def strengthened(verdict: Verdict, found: Mapping[str, Proof], *, catalogued: bool) -> Verdict:
    """A verdict whose claims are proved where they can be.

    Raises:
        ContradictionError: If a proof and what was seen of an activation of the catalogue disagree.
    """
    claims = tuple(
        _strengthened(claim, found.get(claim.name), catalogued=catalogued) for claim in verdict.claims
    )
    return dataclasses.replace(verdict, claims=claims)


def _strengthened(claim: Claim, proof: Proof | None, *, catalogued: bool) -> Claim:
    if proof is None or proof.holds is None:
        return claim
    shown = () if proof.witness is None else (float(proof.witness),)
    if claim.holds is None:
        evidence = Evidence.PROVED if proof.holds else Evidence.REFUTED
        return Claim(claim.name, proof.holds, evidence, shown, proof.reason)
    if claim.holds == proof.holds:
        evidence = Evidence.PROVED if proof.holds else Evidence.REFUTED
        return dataclasses.replace(claim, evidence=evidence, witness=claim.witness or shown)
    if catalogued:
        seen = f"{claim.holds} by {claim.evidence} ({claim.reason}, {claim.witness})"
        raise ContradictionError(f"jaxact contradicts itself: {proof}, but {claim.name} is {seen}.")
    if proof.holds:
        reason = f"{claim.reason}; over the reals it holds, so rounding breaks it"
        return dataclasses.replace(claim, evidence=Evidence.REFUTED, reason=reason)
    return Claim(claim.name, holds=False, evidence=Evidence.REFUTED, witness=shown, reason=proof.reason)
