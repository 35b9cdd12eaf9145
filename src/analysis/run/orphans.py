"""A worker whose run was killed ends too: it would wait for ever for work that nobody sends."""

from __future__ import annotations

import os
import threading
from multiprocessing import connection, parent_process


def end_with_parent() -> None:
    """Call in a worker process: from now on it lives no longer than the process that started it."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait, args=(parent.sentinel,), daemon=True, name="end-with-parent").start()


def _wait(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
