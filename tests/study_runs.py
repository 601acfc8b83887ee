"""The study's command at its smallest, and what it leaves behind."""

import json
from pathlib import Path
from typing import Any

TINY = ["--depths", "2", "--widths", "4", "--seeds", "2", "--epochs", "3"]
SMALL = ["digits", *TINY, "--batch-size", "32", "--dataset", "wine"]
COSTS = {"seconds", "step_seconds", "compile_seconds", "memory_bytes", "date", "commit"}


def records(path: Path) -> dict[str, Any]:
    """What was measured by unit, without what it cost and when that was."""
    found = {}
    for line in path.read_bytes().splitlines()[1:]:
        entry = json.loads(line)
        assert entry["unit"] not in found
        found[entry["unit"]] = {name: value for name, value in entry["found"].items() if name not in COSTS}
    return found
