"""Finds the function that a user names on the command line."""

import difflib
import importlib
import importlib.util
import pathlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from jaxact._operations import operations
from jaxact._registry import spec
from jaxact._spec import KINDS


def find(target: str) -> Callable[..., Any]:
    """The function that `NAME`, `module:function` or `file.py:function` names.

    Raises:
        KeyError: If the catalogue has no such name; the message gives the nearest.
        ImportError: If the module or file cannot be loaded.
        AttributeError: If it has no such function; the message gives the nearest.
        TypeError: If what it has is no function.
        ValueError: If the text names nothing, or a function of something else than one number.
    """
    place, colon, name = target.rpartition(":")
    if not colon:
        if target in operations:
            what = f"is a function of {KINDS[operations[target].kind]}"
            raise ValueError(f"{target} {what}; what is examined are functions of one number.")
        return spec(target).function
    if not place or not name:
        raise ValueError(f"{target!r} names no function; write NAME, module:function or file.py:function.")
    value: Any = _load(place)
    for part in name.split("."):
        if not hasattr(value, part):
            raise AttributeError(f"{place} has no {name!r}{_nearest(value, part)}.")
        value = getattr(value, part)
    if not callable(value):
        raise TypeError(f"{target} is no function; got {type(value).__name__}.")
    return value


def _load(place: str) -> ModuleType:
    try:
        return _load_file(pathlib.Path(place)) if place.endswith(".py") else _load_module(place)
    except Exception as error:
        what = f"{type(error).__name__}: {str(error).rstrip('.')}"
        raise ImportError(f"{place} cannot be loaded; {what}.") from error


def _load_file(path: pathlib.Path) -> ModuleType:
    if not path.is_file():
        raise FileNotFoundError("there is no such file")
    found = importlib.util.spec_from_file_location(path.stem, path)
    if found is None or found.loader is None:
        raise ImportError("this is no Python file")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _load_module(name: str) -> ModuleType:
    here = str(pathlib.Path.cwd())
    if here not in sys.path:  # an installed script does not look where it is called
        sys.path.insert(0, here)
    return importlib.import_module(name)


def _nearest(place: Any, name: str) -> str:
    functions = [key for key in dir(place) if callable(getattr(place, key)) and not key.startswith("_")]
    near = difflib.get_close_matches(name, functions, cutoff=0.5)
    return f"; the nearest are {', '.join(near)}" if near else ""
