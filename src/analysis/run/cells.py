"""Running a notebook's cells in this very process, with the outputs that a kernel would send.

The shell is the kernel's own (ipykernel's ``ZMQInteractiveShell``), and nbclient assembles the outputs; only
the wire between the two is replaced: a message is handed over instead of being sent through a socket.
"""

from __future__ import annotations

import builtins
import faulthandler
import getpass
import io
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import MethodType, SimpleNamespace
from typing import IO, Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelbase import Kernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbclient.util import run_hook, run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Any as AnyTrait
from traitlets.config import Config

GRACE_SECONDS = 30
"""How long a cell that is past its time may go on in code that cannot be interrupted."""

Message = dict[str, Any]


class Wire(Session):
    """A kernel's session whose messages go to a function of this process."""

    deliver = AnyTrait()

    def send(  # type: ignore[override]  # what only a socket needs is left out
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, **_: Any
    ) -> Message:
        """Hand over a message, made here where only its type is given."""
        made = self.msg(msg_or_type, content, parent) if isinstance(msg_or_type, str) else msg_or_type
        self.deliver(made)
        return made


class Stream(io.TextIOBase):
    """stdout or stderr of a cell: collected, and handed over when anything else is shown or the cell ends.

    What is written past Python to the process' own descriptor goes into ``caught``, and joins in.
    """

    encoding = "utf-8"

    def __init__(self, name: str, wire: Wire, caught: IO[bytes]) -> None:
        """Take the stream's name in messages."""
        self.name, self._wire, self._caught = name, wire, caught
        self._parts: list[str] = []
        self._collected = 0

    def writable(self) -> bool:
        """Text may be written."""
        return True

    def isatty(self) -> bool:
        """Never a terminal."""
        return False

    def write(self, text: str) -> int:
        """Keep the text; anything else is refused, as a kernel refuses it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._collect()
        self._parts.append(text)
        return len(text)

    def _collect(self) -> None:
        """Take over what came past Python."""
        descriptor = self._caught.fileno()
        if (size := os.fstat(descriptor).st_size) > self._collected:
            new = os.pread(descriptor, size - self._collected, self._collected)
            self._collected += len(new)
            self._parts.append(new.decode(errors="replace"))

    def flush(self) -> None:
        """Hand over what was collected."""
        self._collect()
        text, self._parts = "".join(self._parts), []
        if text:
            self._wire.send(None, "stream", {"name": self.name, "text": text})


class InProcessClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """papermill's client, whose kernel is this process."""

    @contextmanager
    def setup_kernel(self, **_: Any) -> Iterator[None]:
        """Make the shell, and give the process the surroundings of a kernel."""
        self._wire = Wire(key=b"")
        self._wire.deliver = self._receive
        self._parent: Message = self._wire.msg("execute_request")
        self.shell = _new_shell(self._wire)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is born deaf to it
        kept = sys.stdout, sys.stderr, sys.displayhook
        with _descriptors() as (out, error):
            sys.stdout, sys.stderr = Stream("stdout", self._wire, out), Stream("stderr", self._wire, error)
            try:
                yield
            finally:
                self.shell.atexit_operations()
                sys.stdout, sys.stderr, sys.displayhook = kept

    def execute(self, **kwargs: Any) -> None:
        """Run all cells; a cell that fails ends the run, as papermill wants it."""
        self.reset_execution_trackers()
        with self.setup_kernel(**kwargs):
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
            self.set_widgets_metadata()

    def execute_cell(self, cell: NotebookNode, cell_index: int, **_: Any) -> NotebookNode:
        """Run one cell and gather its outputs.

        Raises:
            CellExecutionError: The cell raised.
            CellTimeoutError: The cell took longer than allowed.
            DeadKernelError: The cell asked its interpreter to end.
        """
        run_sync(run_hook)(self.on_cell_start, cell=cell, cell_index=cell_index)
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or skipped:
            return cell
        cell.metadata["execution"], cell.outputs = {}, []
        self._cell, self._index, self.clear_before_next_output = cell, cell_index, False
        self._parent = self._wire.msg("execute_request")
        self.shell.set_parent(self._parent)
        reply = self._run(cell)
        run_sync(self._check_raise_for_error)(cell, cell_index, reply)
        return cell

    def _run(self, cell: NotebookNode) -> Message:
        """The reply that a kernel would send: ok, or the error with its traceback."""
        count = {"execution_count": self.shell.execution_count}
        self._wire.send(None, "status", {"execution_state": "busy"})
        self._wire.send(None, "execute_input", {"code": cell.source, **count})
        limit = self._get_timeout(cell)
        started = time.monotonic()
        with _time_limit(limit):
            result = self.shell.run_cell(cell.source, store_history=True)
        sys.stdout.flush()
        sys.stderr.flush()
        error = result.error_before_exec or result.error_in_exec
        if limit and time.monotonic() - started >= limit and isinstance(error, KeyboardInterrupt):
            self._wire.send(None, "status", {"execution_state": "idle"})
            raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", int(limit), cell)
        if self.shell.exit_now:
            raise DeadKernelError("Kernel died")
        reply = self._wire.msg("execute_reply", count | _outcome(self.shell, error))
        cell.metadata["execution"]["shell.execute_reply"] = timestamp(reply)
        self._wire.send(None, "status", {"execution_state": "idle"})
        return reply

    def _receive(self, message: Message) -> None:
        """Take a message as nbclient takes it from the socket."""
        message["parent_header"] = self._parent["header"]
        try:
            self.process_message(message, self._cell, self._index)
        except CellExecutionComplete:
            return


def _new_shell(wire: Wire) -> ZMQInteractiveShell:
    """A shell with a clean namespace of its own, which shows through the wire and keeps no history file."""
    kernel: Any = SimpleNamespace(eventloop=None, _allow_stdin=False)
    ZMQInteractiveShell.clear_instance()
    shell = ZMQInteractiveShell.instance(
        config=Config({"HistoryManager": {"enabled": False}}),
        kernel=kernel,
        compiler_class=XCachingCompiler,
    )
    senders: tuple[Any, ...] = (shell.displayhook, shell.display_pub)
    for sender in senders:
        sender.session, sender.pub_socket, sender.topic = wire, None, b""
    setattr(shell, "enable_gui", _no_window)  # noqa: B010  # mypy holds methods to be fixed
    builtins.input = MethodType(Kernel.raw_input, kernel)
    getpass.getpass = MethodType(Kernel.getpass, kernel)
    return shell


def _outcome(shell: ZMQInteractiveShell, error: BaseException | None) -> Message:
    if error is None and not shell._last_traceback_during_displayhook:
        return {"status": "ok"}
    traceback = shell._last_traceback or []
    return {"status": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": traceback}


def _no_window(gui: object = None) -> None:
    """No loop of events to run beside the cells."""


@contextmanager
def _time_limit(seconds: float | None) -> Iterator[None]:
    """Interrupt the cell after ``seconds``; end the process when the cell does not come back after that."""
    if not seconds or seconds < 0:
        yield
        return
    former = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, former)


@contextmanager
def _descriptors() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Catch in two files what is written past Python to the process' output and error."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        kept = os.dup(1), os.dup(2)
        for number, file in enumerate((out, error), start=1):
            os.dup2(file.fileno(), number)
        try:
            yield out, error
        finally:
            for number, descriptor in enumerate(kept, start=1):
                os.dup2(descriptor, number)
                os.close(descriptor)
