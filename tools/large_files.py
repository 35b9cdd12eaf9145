"""Refuses files over a megabyte: ``python -m tools.large_files FILE...``, as pre-commit calls it."""

from __future__ import annotations

import sys
from pathlib import Path

MAX_BYTES = 1_000_000


def too_large(paths: list[Path]) -> list[Path]:
    """The files that do not belong into the history."""
    return [path for path in paths if path.is_file() and path.stat().st_size > MAX_BYTES]


if __name__ == "__main__":
    found = too_large([Path(name) for name in sys.argv[1:]])
    for path in found:
        print(f"{path}: {path.stat().st_size:,} bytes")
    sys.exit(int(bool(found)))
