"""One notebook to run: what the planning process hands to the process that runs it.

Standard library only: the planning process stays light while the warm server imports.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

EngineName = Literal["warm", "kernel"]
"""``warm``: a process forked with the imports done, or a kernel started ahead; ``kernel``: a plain kernel."""
ENGINES: tuple[EngineName, ...] = ("warm", "kernel")

State = Literal["waiting", "running", "done", "failed"]
Tell = Callable[[int, int], object]
"""Called when a cell starts, with its number from 1 and the number of cells."""


@dataclass(frozen=True)
class Job:
    """A notebook: with which parameters, and where its results go."""

    name: str
    label: str
    """How progress names it: the period, the county where there are several, and the notebook."""
    notebook: Path
    folder: Path
    root: Path
    parameters: dict[str, Any]
    meta: dict[str, Any]
    """What the report says of itself beside its content: see ``report.page.ReportMeta``."""
    fingerprint: str
    engine: EngineName
    expected_seconds: float
    """How long it took last time: the long ones start first."""

    @property
    def workshop(self) -> Path:
        """Where unfinished work lies: with the tables, so that none of it stands beside a public report."""
        return Path(self.parameters["processed"])
