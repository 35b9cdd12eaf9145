"""Old workbooks, read in a process apart: a damaged one may end its reader, and must not end the run."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from analysis.messages import AnalysisError
from analysis.sources import xls_process

PATIENCE_SECONDS = 120
"""Waiting included; the reader's own work is limited to ``xls_process.PROCESSOR_SECONDS``."""

Read = tuple[str, list[list[Any]], list[Any]]
"""A sheet's name, cells and merged ranges."""


class _Plain(pickle.Unpickler):
    """Takes what a cell can be and nothing else: the other process has read a hostile file."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in ("date", "datetime", "time", "timedelta"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def read(path: Path, name: str) -> list[Read]:
    """The sheets of an old workbook; ``name`` is how messages call it.

    Raises:
        AnalysisError: ``workbook_damaged`` or ``workbook_encrypted``.
    """
    try:
        found = _Plain(io.BytesIO(_output(path))).load()
    except Exception as error:  # it aborted, hung, or wrote what is no pickle of cells
        raise AnalysisError("workbook_damaged", file=name, detail="xls") from error
    if isinstance(found, str):
        code = "workbook_encrypted" if "assword" in found else "workbook_damaged"
        raise AnalysisError(code, file=name, detail=found)
    sheets: list[Read] = found
    return sheets


def _output(path: Path) -> bytes:
    """What the other process writes; it sees no variable of the environment and nothing of the package."""
    command = [sys.executable, "-I", xls_process.__file__, str(path.resolve())]
    done = subprocess.run(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    return done.stdout
