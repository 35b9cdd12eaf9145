"""What the commands print: progress while they run, then what was done, what failed and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from analysis.messages import AnalysisError, Message, word

if TYPE_CHECKING:
    from analysis.prepare import Preparation
    from analysis.run.jobs import Report
    from analysis.settings import Folders

_OUT = Console(highlight=False)
_ERR = Console(stderr=True, highlight=False)


class Display:
    """A progress bar over the notebooks of a run; plain lines where there is no terminal."""

    def __enter__(self) -> Self:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=_ERR, disable=not _ERR.is_terminal)
        self._task = self._bar.add_task("", total=None)
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def step(self, what: str, state: str, total: int) -> None:
        """Show that a step has reached a state; a notebook that ended moves the bar."""
        finished = int(state != "running")
        self._bar.update(self._task, description=escape(what), total=total or None, advance=finished)
        self._bar.console.print(f"{escape(what)}: {word(state)}")


def show_error(error: AnalysisError) -> None:
    """Print what went wrong and what to do, on standard error."""
    _ERR.print(escape(str(error)), style="red", soft_wrap=True)


def prepared(prepare: Callable[[Folders, int], Sequence[Preparation]], folders: Folders, year: int) -> bool:
    """Prepare a year and print what came of it; an error is printed, and False returned."""
    try:
        show_preparations(prepare(folders, year))
    except AnalysisError as error:
        show_error(error)
        return False
    return True


def show_preparations(preparations: Sequence[Preparation]) -> None:
    """Print a table of rows read, kept, quarantined, superseded and dropped by file and sheet, and why."""
    for preparation in preparations:
        _OUT.print(_tallies(preparation))
        _show_messages(preparation.messages)


def _tallies(preparation: Preparation) -> Table:
    columns = ("read", "kept", "quarantined", "superseded", "dropped", "skipped", "personal")
    table = Table(
        title=f"{preparation.year} {preparation.county} {preparation.county_name}", title_justify="left"
    )
    table.add_column(word("file"), overflow="fold")
    for column in columns:
        table.add_column(word(column), justify="right")
    for tally in preparation.tallies:
        skipped = tally.skipped_blank + tally.skipped_title + tally.skipped_total
        counts = (tally.read, tally.kept, tally.quarantined, tally.superseded, tally.dropped, skipped)
        place = f"{tally.file} {tally.sheet or ''} ({tally.table})"
        table.add_row(escape(place), *map(str, counts), str(sum(tally.personal.values())))
    return table


def _show_messages(messages: Sequence[Message]) -> None:
    for message in messages:
        _OUT.print(escape(message.text()), soft_wrap=True)


def show_report(report: Report, folders: Folders) -> None:
    """Print how a run ended: failures with their cell and error, and where the index lies."""
    for error in report.errors:
        show_error(error)
    for failed in report.failed:
        cell = f" [{failed.failed_cell}]" if failed.failed_cell else ""
        _ERR.print(escape(f"{failed.name}{cell}: {failed.error}"), style="red", soft_wrap=True)
    counts = f"{len(report.done)} {word('done')}, {len(report.failed)} {word('failed')}"
    _OUT.print(f"{counts}, {report.up_to_date} {word('up_to_date')}")
    _OUT.print(
        escape(f"{word('index')}: {_shown(folders.reports / 'index.html', folders.root)}"), soft_wrap=True
    )


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
