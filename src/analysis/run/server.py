"""Processes for notebooks: each forked from a single-threaded server that has everything imported.

The server is the standard library's forkserver. Standard library only.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import connection, forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from analysis.run.orphans import end_with_parent

CAN_FORK = sys.platform.startswith("linux")
"""macOS can fork too, but its own libraries do not survive it."""
PRELOAD = "analysis.run.warm"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Processes share the cores already: each has one thread of linear algebra."""
INLINE = "module://matplotlib_inline.backend_inline"
"""Where a kernel's figures go."""
_here: dict[str, Connection] = {}
_warmed: set[int] = set()
T = TypeVar("T")


@dataclass(frozen=True)
class Running:
    """A process and our end of its pipe."""

    process: BaseProcess
    pipe: Connection

    def receive(self) -> Any:
        """The next message of the process; None when it has ended without another."""
        try:
            return self.pipe.recv()
        except (EOFError, ConnectionResetError):
            return None

    def stop(self) -> None:
        """Wait for a process that is done, kill one that is not."""
        self.pipe.close()
        self.process.join(timeout=0.5)
        self.kill()

    def kill(self) -> None:
        """End the process whatever it does."""
        self.process.kill()
        self.process.join()


def isolated() -> bool:
    """Whether this process was made for one notebook alone."""
    return bool(_here)


def is_warm() -> bool:
    """Whether this process has started the server."""
    return os.getpid() in _warmed


def warm_up() -> None:
    """Start the server, if it does not run yet: it imports while its caller does something else."""
    if CAN_FORK:
        multiprocessing.set_forkserver_preload([PRELOAD])
        forkserver.ensure_running()
        _warmed.add(os.getpid())


def start(
    target: Callable[..., None], *args: object, environment: Mapping[str, str] | None = None
) -> Running:
    """Run ``target(pipe, *args)`` in a process of its own, which the caller must stop.

    It has this process' working directory and environment, with what ``environment`` adds.
    """
    warm_up()
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    surroundings = {**os.environ, **ONE_THREAD, **(environment or {})}
    process = context.Process(
        target=_begin, args=(target, theirs, surroundings, Path.cwd(), args), daemon=True
    )
    process.start()
    theirs.close()
    return Running(process, ours)


@contextmanager
def running(target: Callable[..., None], *args: object) -> Iterator[Running]:
    """``start`` for the length of a block."""
    started = start(target, *args)
    try:
        yield started
    except BaseException:
        started.kill()
        raise
    finally:
        started.stop()


def each(
    target: Callable[[Any, T], None],
    wanted: Iterable[T],
    count: int,
    environment: Mapping[str, str] | None = None,
) -> Iterator[tuple[T, Any]]:
    """Run ``target(pipe, one)`` for each one wanted, ``count`` at a time.

    Yields what each sends, with the one it was for, and None once it has ended; whoever stops listening ends
    those that run.
    """
    waiting = iter(wanted)
    running: dict[Any, tuple[Running, T]] = {}
    try:
        while True:
            for one in islice(waiting, count - len(running)):
                started = start(target, one, environment=environment)
                running[started.pipe] = started, one
            if not running:
                return
            for pipe in connection.wait(running):
                process, one = running[pipe]
                message = process.receive()
                if message is None:
                    running.pop(pipe)[0].stop()
                yield one, message
    finally:
        for process, _ in running.values():
            process.kill()


def _begin(
    target: Callable[..., None],
    pipe: Connection,
    environment: dict[str, str],
    folder: Path,
    args: tuple[Any, ...],
) -> None:
    """Take over the surroundings of the process that asked for this one, and end when that one ends."""
    os.setsid()  # a terminal's Ctrl-C is for the one who asked, as with a kernel
    _here["pipe"] = pipe
    os.environ.clear()
    os.environ.update({"MPLBACKEND": INLINE} | environment)
    os.chdir(folder)
    if "numpy" in sys.modules:  # forks share the state of its global generator, which the server drew once
        sys.modules["numpy"].random.seed()
    end_with_parent()
    target(pipe, *args)
    pipe.close()
