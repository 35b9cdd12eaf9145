"""Kernels for notebooks: on files only their user can open, and one started ahead where nothing can fork."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.paths import jupyter_runtime_dir
from nbclient.util import run_sync

QUIET = ("--log-level=CRITICAL", "--HistoryManager.enabled=False")
START_SECONDS = 300
"""A busy machine takes its time over the imports."""
_IMPORTS = "--IPKernelApp.exec_lines=__import__('analysis.run.warm')"
_spare: list[AsyncKernelManager] = []


class LocalKernelManager(AsyncKernelManager):
    """Starts kernels that listen on files only their user can open, not on the machine's network ports."""

    def __init__(self, **options: Any) -> None:
        """Windows has no such files, and keeps to the local port.

        The files have a name of their own: kernels that start at one time in one folder would share the usual
        one, and a spare kernel is spoken to from another folder than it started in.
        """
        here = {"transport": "tcp"} if os.name == "nt" else {"transport": "ipc", "ip": _socket_name()}
        super().__init__(**{**here, **options})


def _socket_name() -> str:
    folder = Path(jupyter_runtime_dir())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder / f"{uuid4().hex[:16]}-ipc")


@contextmanager
def ready() -> Iterator[AsyncKernelManager]:
    """A fresh kernel in this process' working directory, its imports done; the next one starts meanwhile."""
    manager = _spare.pop() if _spare else _started()
    _spare.append(_started())
    try:
        _move(manager, Path.cwd())
        yield manager
    finally:
        _end(manager)


def _started() -> AsyncKernelManager:
    manager = LocalKernelManager()
    run_sync(manager.start_kernel)(extra_arguments=[*QUIET, _IMPORTS])
    return manager


def _move(manager: AsyncKernelManager, folder: Path) -> None:
    """Set the kernel's working directory, with nothing left in its namespace."""
    client = manager.client()
    client.start_channels()
    try:
        run_sync(client.wait_for_ready)(timeout=START_SECONDS)
        command = f"__import__('os').chdir({str(folder)!r})"
        run_sync(client.execute_interactive)(command, silent=True, store_history=False, timeout=START_SECONDS)
    finally:
        client.stop_channels()


def _end(manager: AsyncKernelManager) -> None:
    run_sync(manager.shutdown_kernel)(now=True)


@atexit.register
def _end_spare() -> None:
    while _spare:
        _end(_spare.pop())
