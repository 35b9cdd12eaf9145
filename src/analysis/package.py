"""The files of this package and their hashes: what was made by other code or vocabulary is out of date.

The hashes are remembered between runs: a file is read again only when its size or its time differs.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from analysis.publish import publish_json

MEMORY = ".package.json"
_HERE = Path(__file__).parent
_known: dict[str, list[object]] = {}
"""By name: size, time of change in nanoseconds, hash."""


@cache
def hashes() -> dict[str, str]:
    """The SHA-256 of every file of the package, by its name with ``/``, sorted."""
    return {name: _hash(name, status) for name, status in sorted(_files(str(_HERE)))}


def recall(folder: Path) -> None:
    """Take over what an earlier run remembered in a folder; what cannot be read is forgotten."""
    try:
        _known.update(json.loads((folder / MEMORY).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        _known.clear()


def remember(folder: Path) -> None:
    """Leave what is known now to the next run."""
    hashes()
    publish_json(folder / MEMORY, _known)


def _files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Names and states of the files below, without compiled ones."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(entry.path) if entry.name != "__pycache__" else ()
            else:
                yield os.path.relpath(entry.path, _HERE).replace(os.sep, "/"), entry.stat()


def _hash(name: str, status: os.stat_result) -> str:
    state = [status.st_size, status.st_mtime_ns]
    known = _known.get(name)
    if not known or known[:2] != state:
        known = _known[name] = [*state, hashlib.sha256((_HERE / name).read_bytes()).hexdigest()]
    return str(known[2])
