"""The command `jaxact`, also `python -m jaxact`."""

import importlib.util
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command.

    Args:
        arguments: The words after `jaxact`; those of the process where not given.

    Returns:
        The exit code: 0, 1 where a required property fails, 2 where the question makes no sense.
    """
    missing = [name for name in ("rich", "tyro") if importlib.util.find_spec(name) is None]
    if missing:
        sys.stderr.write(f'jaxact: the command needs {" and ".join(missing)}; pip install "jaxact[check]".\n')
        return 2
    from jaxact._command.cli import run  # noqa: PLC0415  # rich and tyro are extras

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
