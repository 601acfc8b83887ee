"""How results are kept: where they come from, whole or not at all, and unit by unit while they are made."""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import importlib
import importlib.metadata
import importlib.util
import json
import math
import os
import platform
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax

PACKAGES = ("jaxact", "jax", "jaxlib", "flax", "optax", "numpy", "scikit-learn", "torch")
"""Those whose versions are recorded, where they are installed."""


def surroundings() -> dict[str, Any]:
    """Device, versions, date and commit."""
    device = jax.devices()[0]
    return {
        "device": {"platform": device.platform, "kind": device.device_kind, "cores": os.cpu_count()},
        "versions": {"python": platform.python_version()} | dict(filter(None, map(_version, PACKAGES))),
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
    }


def where(found: dict[str, Any]) -> str:
    """The device and the version of JAX of what `surroundings` belongs to, in words."""
    device = found["device"]
    return f"{device['kind']}, {device['cores']} cores, jax {found['versions']['jax']}"


def _version(package: str) -> tuple[str, str] | None:
    try:
        return package, importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _commit() -> str | None:
    """The commit that runs, None outside a checkout."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # fixed words
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def fingerprint(*places: Path) -> str:
    """A digest of the Python sources under some directories: two runs with the same one ran the same code."""
    digest = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*.py")):
            digest.update(path.relative_to(place).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


_LIST = re.compile(r"\[[^\[\]{}\"]*\]")
"""A list of numbers, which is written on one line."""


def write(path: Path, contents: dict[str, Any]) -> None:
    """Writes JSON that is either whole or not there; numbers have 6 digits, and null where not finite."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    text = json.dumps(_plain(contents), indent=1, allow_nan=False, ensure_ascii=False)
    text = _LIST.sub(lambda found: " ".join(found[0].split()), text)
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(path)


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _plain(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_plain(entry) for entry in value]
        case float():
            return float(f"{value:.6g}") if math.isfinite(value) else None
        case Path():
            return str(value)
        case _ if dataclasses.is_dataclass(value):
            return _plain(vars(value))
        case _:
            return value


class Journal:
    """Finished units of a run that may be interrupted: a line of JSON each, on the disk before the next one.

    The first line is the header: all that the units depend on. What another run left behind, with another
    header, is started over; a last line that was cut off is dropped.

    Args:
        path: The file; created with the first unit.
        header: Plain values.

    Raises:
        ValueError: If another line than the last is damaged; the message names file and line.

    Attributes:
        finished: What was measured, by unit.
        notes: What is to be said about the file that was found, in whole sentences.
    """

    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        """Reads what an interrupted run left."""
        self.path = path
        self.finished: dict[str, Any] = {}
        self.notes: list[str] = []
        self._header = _line(header)
        if path.exists():
            self._read()

    def add(self, unit: str, found: Any) -> None:
        """Keeps what was measured of a unit."""
        lines = [] if self.path.exists() else [self._header]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(b"".join([*lines, _line({"unit": unit, "found": found})]))
            file.flush()
            os.fsync(file.fileno())
        self.finished[unit] = _plain(found)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other runs from adding to the file, on systems that have locks.

        Raises:
            BlockingIOError: If another run is adding to it.
        """
        if importlib.util.find_spec("fcntl") is None:
            yield
            return
        locks = importlib.import_module("fcntl")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as file:
            try:
                locks.flock(file, locks.LOCK_EX | locks.LOCK_NB)
            except BlockingIOError:
                raise BlockingIOError(f"Another run is adding to {self.path}.") from None
            yield

    def remove(self) -> None:
        """Deletes the file, whose contents stand elsewhere now."""
        self.path.unlink(missing_ok=True)

    def _read(self) -> None:
        header, *lines = self.path.read_bytes().splitlines(keepends=True) or [b""]
        if header != self._header:
            self.notes.append(f"{self.path} is of other options, versions or sources; starting over.")
            self.remove()
            return
        whole = len(header)
        for number, line in enumerate(lines, start=2):
            if not line.endswith(b"\n"):
                self.notes.append(f"The end of {self.path} was cut off; kept: {len(self.finished)} units.")
                os.truncate(self.path, whole)
                return
            try:
                entry = json.loads(line)
                self.finished[entry["unit"]] = entry["found"]
            except (ValueError, TypeError, KeyError):
                raise ValueError(
                    f"{self.path} is damaged in line {number}, which is no record of a unit."
                ) from None
            whole += len(line)


def _line(value: Any) -> bytes:
    return json.dumps(_plain(value), allow_nan=False, ensure_ascii=False).encode() + b"\n"
