"""Whole files or none: the only code of the package that writes one.

A file is written under a temporary name in the folder where it belongs, flushed to the disk and moved into
place, so that a reader sees the old file or the new one and never half of either.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_TEMPORARY_PREFIX = ".publishing-"


def publish(path: Path, content: bytes | str | Callable[[Path], object], *, private: bool = False) -> Path:
    """Put ``content`` at ``path``, whole or not at all.

    Args:
        path: Where the file shall stand; missing folders are made.
        content: The bytes, the text (written as UTF-8), or a function that writes to the
            temporary path it is given.
        private: Only the owner may read it.

    Returns:
        ``path``.

    Raises:
        OSError: The disk is full or the folder cannot be written; nothing was changed then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY_PREFIX, suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        _write(temporary, content)
        _flush(temporary)
        temporary.chmod(0o600 if private else 0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush(path.parent)
    return path


def publish_json(path: Path, content: object) -> Path:
    """Put ``content`` at ``path`` as JSON in a fixed form (sorted keys, UTF-8, two spaces)."""
    return publish(
        path, json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"
    )


def adopt(folder: Path, home: Path) -> None:
    """Move every file below ``folder`` to the same place below ``home``, on the same file system."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        place = home / file.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)
        _flush(place.parent)
    discard(folder)


@contextmanager
def unfinished(home: Path) -> Iterator[Path]:
    """A folder in ``home`` for work on the way; what a killed process leaves of it is swept away later."""
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_TEMPORARY_PREFIX, dir=home) as folder:
        yield Path(folder)


def discard(folder: Path) -> None:
    """Take away a folder of unfinished work with all that is in it."""
    shutil.rmtree(folder, ignore_errors=True)


def withdraw(path: Path) -> None:
    """Take away a published file."""
    path.unlink(missing_ok=True)


def sweep(folder: Path, below: bool = True) -> None:
    """Take away the unfinished work that a killed run left in ``folder`` and ``below`` it; see ``lock``."""
    for leftover in list(folder.glob(f"{'**/' if below else ''}{_TEMPORARY_PREFIX}*")):
        if leftover.is_dir():
            discard(leftover)
        else:
            leftover.unlink(missing_ok=True)


def _write(path: Path, content: bytes | str | Callable[[Path], object]) -> None:
    if callable(content):
        content(path)
    else:
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def _flush(path: Path) -> None:
    """Make the disk keep what was written; Windows cannot flush folders, and keeps the move itself."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
