"""What `jaxact.check` returns: nine verdicts, the shape of the function, and how all of it is known."""

import dataclasses
import json
import math
from collections.abc import Mapping
from typing import Any

from jaxact.properties.evidence import Claim, Evidence, Verdict, plain
from jaxact.properties.table import render


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """What was found out about a function.

    Attributes:
        name: What the function is called.
        formula: Its formula, where the catalogue has one.
        parameters: Values of its parameters: given, or the defaults.
        dtype: The dtype in which it was examined.
        shape_dtype: The dtype in which its shape was taken.
        points: How many points were looked at.
        device: Where it ran.
        verdicts: One for each of the nine criteria, in their order, and one for the shape.
        unproved: Why nothing was proved, if so.

    Examples:
        >>> report = jaxact.check(jax.nn.relu)
        >>> report["monotonicity"].holds, report.claims["differentiable"].witness
        (True, (0.0,))
    """

    name: str
    formula: str | None
    parameters: Mapping[str, Any]
    dtype: str
    shape_dtype: str
    points: int
    device: str
    verdicts: tuple[Verdict, ...]
    unproved: str = ""

    def __post_init__(self) -> None:
        """Turns parameters into plain values of Python, which JSON can hold."""
        object.__setattr__(self, "parameters", plain(dict(self.parameters)))

    def __getitem__(self, criterion: str) -> Verdict:
        """The verdict of one criterion.

        Raises:
            KeyError: If there is no such criterion; the message lists them.
        """
        for verdict in self.verdicts:
            if verdict.criterion == criterion:
                return verdict
        known = ", ".join(verdict.criterion for verdict in self.verdicts)
        raise KeyError(f"No criterion is called {criterion!r}; there are {known}.")

    @property
    def claims(self) -> Mapping[str, Claim]:
        """Every property that was looked into, by its name in the vocabulary."""
        return {claim.name: claim for verdict in self.verdicts for claim in verdict.claims}

    def __str__(self) -> str:
        """A table: drawn by rich where that is installed, in plain text otherwise."""
        return render(self)

    def to_json(self) -> str:
        """The report as JSON; NaN and infinities are written `{"float": "nan"}`, which every reader takes."""
        return json.dumps(_strict(dataclasses.asdict(self)), indent=2, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """Reads what `to_json` wrote.

        Raises:
            ValueError: If `text` is no JSON, or no report.
        """
        try:
            fields = json.loads(text, object_hook=_loose)
            verdicts = tuple(_verdict(**verdict) for verdict in fields.pop("verdicts"))
            return cls(**fields, verdicts=verdicts)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"This JSON is no report of jaxact.check: {error}.") from None


def _verdict(*, claims: list[dict[str, Any]], **fields: Any) -> Verdict:
    return Verdict(claims=tuple(_claim(**claim) for claim in claims), **fields)


def _claim(*, evidence: str, witness: list[float], **fields: Any) -> Claim:
    return Claim(evidence=Evidence(evidence), witness=tuple(witness), **fields)


def _strict(value: Any) -> Any:
    """Replaces what JSON has no number for."""
    match value:
        case dict():
            return {key: _strict(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_strict(entry) for entry in value]
        case float() if not math.isfinite(value):
            return {"float": str(value)}
        case _:
            return value


def _loose(fields: dict[str, Any]) -> Any:
    return float(fields["float"]) if fields.keys() == {"float"} else fields
