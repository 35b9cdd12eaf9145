"""What a run shows while it goes, and how it ended: bars on a terminal, plain lines anywhere else.

Rich is imported when there is something to run on a terminal: a run with nothing to do stays quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from analysis.messages import word
from analysis.run import contents

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from analysis.run.job import State
    from analysis.run.jobs import Report
    from analysis.settings import Folders

SHOWN_WAITING = 24
"""So many notebooks fit on a screen, each with a line from the start; of more, those that run are shown."""


class Lines:
    """One line for each notebook that begins or ends."""

    def __init__(self) -> None:
        self._told: set[tuple[str, State]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open."""

    def tell(self, label: str, state: State, cell: int = 0, cells: int = 0) -> None:
        """Show that a notebook, or a preparation, has reached a state or a cell."""
        if state != "waiting" and (label, state) not in self._told:
            self._told.add((label, state))
            click.echo(f"{label}: {word(state)}", err=True)


class Bars:
    """One bar for each notebook, over its cells, and one over all of them with the time left."""

    def __init__(self) -> None:
        self._bars: Progress | None = None
        self._rows: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        if self._bars:
            self._bars.stop()

    def tell(self, label: str, state: State, cell: int = 0, cells: int = 0) -> None:
        """Show that a notebook, or a preparation, has reached a state or a cell."""
        bars = self._bars = self._bars or self._open()
        if state == "waiting":
            self._rows[label] = bars.add_task(label, total=None, state=word(state), visible=self._fits())
            bars.update(self._all, total=len(self._rows))
        elif state == "running" and label in self._rows:
            shown = f"{cell}/{cells}"
            bars.update(self._rows[label], completed=cell - 1, total=cells, state=shown, visible=True)
        else:
            self._end(bars, label, state)

    def _end(self, bars: Progress, label: str, state: State) -> None:
        bars.console.print(f"{label}: {word(state)}", markup=False, highlight=False)
        if label in self._rows:
            bars.remove_task(self._rows[label])
            bars.advance(self._all)

    def _fits(self) -> bool:
        return len(self._rows) < SHOWN_WAITING

    def _open(self) -> Progress:
        from rich import progress
        from rich.console import Console

        columns = (
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.TextColumn("{task.fields[state]}", markup=False),
            progress.TimeRemainingColumn(),
        )
        bars = progress.Progress(*columns, console=Console(stderr=True))
        self._all = bars.add_task(word("all"), total=None, state="")
        bars.start()
        return bars


def display() -> Lines | Bars:
    """What suits standard error: bars on a terminal."""
    return Bars() if sys.stderr.isatty() else Lines()


def show_report(report: Report, folders: Folders, edition: str) -> None:
    """Print how a run ended: failures with their cell and error, and where the edition's index lies."""
    for error in report.errors:
        click.secho(str(error), fg="red", err=True)
    for failed in report.failed:
        cell = f" [{failed.failed_cell}]" if failed.failed_cell else ""
        click.secho(f"{failed.name}{cell}: {failed.error}", fg="red", err=True)
    counts = f"{len(report.done)} {word('done')}, {len(report.failed)} {word('failed')}"
    click.echo(f"{counts}, {report.up_to_date} {word('up_to_date')}")
    index = contents.edition_folder(folders.reports, edition) / contents.INDEX
    click.echo(f"{word('index')}: {_shown(index, folders.root)}")


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
