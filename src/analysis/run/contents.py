"""The index of an edition's reports: written when it no longer tells what lies there.

Standard library only until there is one to write, and then in a process that has the imports done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.run import record

INDEX = "index.html"
_REPORT_LINK = re.compile(r'href="([^":?]+\.html)["#]')


def edition_folder(reports: Path, edition: str) -> Path:
    """Where an edition's reports and index lie: the internal ones at the top, others in their own folder."""
    return reports if edition == "internal" else reports / edition


def refresh(reports: Path, edition: str) -> None:
    """Write the index of an edition, if it is not current."""
    from analysis.run import server

    if not is_current(reports, edition):
        if server.CAN_FORK:
            with server.running(_serve, reports, edition) as process:
                if (failure := process.receive()) is not None:
                    raise failure
        else:
            write(reports, edition)


def is_current(reports: Path, edition: str) -> bool:
    """Whether no run is newer than the index, and every report is there that it leads to."""
    place = edition_folder(reports, edition)
    index = place / INDEX
    runs = list(record.files(place))
    if not index.exists():
        return not runs
    written = index.stat().st_mtime_ns
    newer = any(file.stat().st_mtime_ns > written for file in runs)
    return not newer and all((place / report).exists() for report in _linked(index))


def _linked(index: Path) -> Iterator[str]:
    return (link[1] for link in _REPORT_LINK.finditer(index.read_text(encoding="utf-8")))


def _serve(pipe: Any, reports: Path, edition: str) -> None:
    try:
        write(reports, edition)
    except Exception as failure:
        pipe.send(failure)


def write(reports: Path, edition: str) -> None:
    """Write the index of an edition: its own runs, and no other edition's."""
    from analysis.publish import publish
    from analysis.report import index

    place = edition_folder(reports, edition)
    if runs := [run for run in record.read_all(place) if run.edition == edition]:
        publish(place / INDEX, index.render_index(runs))
