"""One writer at a time: `prepare` and `run` hold the folders they write; readers need no lock.

The lock is the operating system's, so that a killed process leaves none behind. Beside it lies a note of who
holds it. A note without a lock is that of a writer that was killed: its unfinished files are swept away,
those of a note from the folder itself, the others from all folders below.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.messages import AnalysisError
from analysis.publish import publish_json, sweep, withdraw

LOCK = ".writing.lock"
NOTE = ".writing.json"
PATIENCE_SECONDS = 5
"""How long to wait for the lock: the workers of a killed run need a moment to notice and let go of it."""


@contextmanager
def only_writer(*folders: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the locks of folders, in the order given, for the length of the block.

    Raises:
        AnalysisError: ``locked``: another process is writing there.
        OSError: A folder cannot be written.
    """
    with ExitStack() as held:
        for folder in dict.fromkeys(folder.absolute() for folder in folders):
            held.enter_context(_held(folder, patience))
        yield


@contextmanager
def _held(folder: Path, patience: float) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / NOTE
    try:
        lock = FileLock(folder / LOCK).acquire(timeout=patience)
    except Timeout as error:
        process, host, since = _holder(note)
        raise AnalysisError("locked", folder=folder.name, process=process, host=host, since=since) from error
    with lock:
        sweep(folder, below=note.exists())
        publish_json(note, _self())
        try:
            yield
        finally:
            withdraw(note)


def _self() -> dict[str, object]:
    since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    return {"process": os.getpid(), "host": socket.gethostname(), "since": since}


def _holder(note: Path) -> tuple[object, object, object]:
    """Who says to hold the lock; question marks where the note is not written yet."""
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    return known.get("process", "?"), known.get("host", "?"), known.get("since", "?")
