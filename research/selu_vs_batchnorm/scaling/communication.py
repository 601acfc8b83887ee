"""What the devices tell one another in a compiled program, read from its text."""

import dataclasses
import math
import re
from typing import NamedTuple

KINDS = (
    "all-reduce",
    "all-gather",
    "reduce-scatter",
    "collective-permute",
    "collective-broadcast",
    "all-to-all",
    "ragged-all-to-all",
)
"""The operations of XLA in which devices exchange arrays."""


class Collective(NamedTuple):
    """One operation in which devices exchange arrays.

    Attributes:
        kind: One of `KINDS`.
        operands: Arrays that it takes; XLA makes one operation of many.
        bytes: Of these arrays, on each device.
        backward: Whether the backward pass takes part, by the names that JAX gave.
    """

    kind: str
    operands: int
    bytes: int
    backward: bool


@dataclasses.dataclass(frozen=True)
class Communication:
    """All of a program.

    Attributes:
        collectives: In the order of the text; those inside a loop are there once.
        chain: How many wait for one another at the longest: what latency is paid for, whatever the bytes.
    """

    collectives: tuple[Collective, ...]
    chain: int

    @property
    def bytes(self) -> int:
        """Of all operands, on each device."""
        return sum(found.bytes for found in self.collectives)

    def of(self, kind: str) -> dict[str, int]:
        """How many operations of a kind there are, with how many operands and bytes."""
        own = [found for found in self.collectives if found.kind == kind]
        return {
            "count": len(own),
            "operands": sum(found.operands for found in own),
            "bytes": sum(found.bytes for found in own),
        }

    def by_kind(self) -> dict[str, dict[str, int]]:
        """The same for every kind that occurs."""
        return {kind: self.of(kind) for kind in KINDS if any(kind == own.kind for own in self.collectives)}


_COMPUTATION = re.compile(r"(?:ENTRY )?(%[\w.\-]+) .*\{$")
_INSTRUCTION = re.compile(r"\s+(?:ROOT )?(%[\w.\-]+) = (.*?) ([a-z][\w\-]*)\((.*)$")
_NAME = re.compile(r"%[\w.\-]+")
_ARRAY = re.compile(r"([a-z]+)(\d*)\w*\[([\d,]*)\]")


def communication(text: str) -> Communication:
    """Reads the text of a compiled program.

    Args:
        text: Of XLA's optimised program for one device, as `compiled.as_text()` gives it. Instructions come
            after what they use, and computations before what calls them.
    """
    found: list[Collective] = []
    inside: dict[str, int] = {}
    chains: dict[str, int] = {}
    types: dict[str, str] = {}
    place = ""
    for line in text.splitlines():
        if header := _COMPUTATION.match(line):
            place, chains, types = header[1], {}, {}
            inside[place] = 0
        elif instruction := _INSTRUCTION.match(line):
            name, types[instruction[1]], kind, rest = instruction.groups()
            names = _NAME.findall(rest)
            chains[name] = max((chains.get(used, 0) for used in names), default=0)
            if not kind.endswith(("-done", "-update")):
                chains[name] += sum(inside.get(used, 0) for used in names)
            if (base := kind.removesuffix("-start")) in KINDS:
                operands = _NAME.findall(rest.split("), ")[0])
                size = sum(_bytes(types[operand]) for operand in operands)
                found.append(Collective(base, len(operands), size, "transpose(" in rest))
                chains[name] += 1
            inside[place] = max(inside[place], chains[name])
    return Communication(tuple(found), inside.get(place, 0))


def _bytes(kind: str) -> int:
    """Of the arrays of a type such as `(f32[16,4]{1,0}, pred[])`."""
    bits = 0
    for letters, digits, shape in _ARRAY.findall(kind):
        width = int(digits) if digits else 8 * (letters == "pred")
        bits += width * math.prod(int(side) for side in shape.split(",") if side)
    return -(-bits // 8)
