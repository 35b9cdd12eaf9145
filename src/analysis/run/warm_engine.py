"""The papermill engine ``warm``: a notebook in a fresh process that starts with its imports done.

Where it is called inside a process that was forked for one notebook alone, the cells run right there;
anywhere else such a process is made. A system that cannot fork takes a kernel that was started ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

from analysis.run import kernels, server

NAME = "warm"


class WarmEngine(Engine):  # type: ignore[misc]  # papermill has no types
    """Runs cells through the kernel's own shell, without a kernel's start and sockets."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        log_output: bool = False,
        execution_timeout: int | None = None,
        on_cell_start: Callable[..., None] | None = None,
        save_each_cell: bool = True,
        **kwargs: Any,
    ) -> None:
        """Run the notebook of ``nb_man``; outputs and failures land in it as with papermill's own engine.

        Without ``save_each_cell`` the notebook is written once, when it ends in whatever way: writing all
        pictures twice a cell takes longer than many a cell does.
        """
        options = {"log_output": log_output, "on_cell_start": on_cell_start}
        with nullcontext() if save_each_cell else _saved_at_end(nb_man):
            if not server.CAN_FORK:
                with kernels.ready() as manager:
                    waiting = {**options, **kwargs, "execution_timeout": execution_timeout, "km": manager}
                    NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **waiting)
            elif server.isolated():
                run_here(nb_man, execution_timeout, **options)
            else:
                _run_apart(nb_man, execution_timeout)


@contextmanager
def _saved_at_end(nb_man: NotebookExecutionManager) -> Iterator[None]:
    """No place to write to until the block ends; papermill writes then."""
    place, nb_man.output_path = nb_man.output_path, None
    try:
        yield
    finally:
        nb_man.output_path = place


def run_here(nb_man: Any, timeout: int | None, **options: Any) -> None:
    """Run the cells in this process, which serves no other notebook."""
    from analysis.run.cells import InProcessClient

    InProcessClient(nb_man, timeout=timeout, log=logger, **options).execute()


def _run_apart(nb_man: NotebookExecutionManager, timeout: int | None) -> None:
    """Run the cells in a process of their own, and follow its steps."""
    with server.running(_serve, nb_man.nb, timeout) as process:
        while (message := process.receive()) is not None:
            step, *content = message
            if step == "raised":
                raise content[0]
            if step == "ended":
                _take_all(nb_man.nb, content[0])
                return
            index, cell = content
            _take(nb_man.nb.cells[index], cell)
            getattr(nb_man, step)(nb_man.nb.cells[index], index)
    raise DeadKernelError("Kernel died")


def _take(ours: NotebookNode, theirs: NotebookNode) -> None:
    """What running a cell changes in it; papermill's own notes on it are made here."""
    ours.update({key: theirs[key] for key in ("outputs", "execution_count") if key in theirs})
    ours.metadata.update({**theirs.metadata, "papermill": ours.metadata.papermill})


def _take_all(ours: NotebookNode, theirs: NotebookNode) -> None:
    """The notebook at its end: a cell may have changed what an earlier one shows."""
    for our_cell, their_cell in zip(ours.cells, theirs.cells, strict=True):
        _take(our_cell, their_cell)
    ours.metadata.update({**theirs.metadata, "papermill": ours.metadata.papermill})


def _serve(pipe: Any, notebook: NotebookNode, timeout: int | None) -> None:
    try:
        run_here(_Steps(notebook, pipe), timeout)
        pipe.send(("ended", notebook))
    except Exception as error:
        pipe.send(("raised", error))


class _Steps:
    """Stands for papermill's manager in the other process: tells each step."""

    def __init__(self, nb: NotebookNode, pipe: Any) -> None:
        self.nb, self._pipe = nb, pipe

    def cell_start(self, cell: NotebookNode, cell_index: int) -> None:
        self._pipe.send(("cell_start", cell_index, cell))

    def cell_exception(self, cell: NotebookNode, cell_index: int, **_: Any) -> None:
        self._pipe.send(("cell_exception", cell_index, cell))

    def cell_complete(self, cell: NotebookNode, cell_index: int) -> None:
        self._pipe.send(("cell_complete", cell_index, cell))

    def autosave_cell(self) -> None:
        """Each step is told anyway."""


papermill_engines.register(NAME, WarmEngine)  # a source tree that was not installed has no entry points
