"""The index of an edition's reports: written when it no longer tells what lies there.

Standard library only until there is one to write, and then in a process that has the imports done, if the
run has made such processes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis import vocabulary
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
        if server.is_warm():
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
    closed = any(True for run in runs for _ in _closed(run.parent, edition))
    return not newer and not closed and all((place / report).exists() for report in _linked(index))


def _closed(folder: Path, edition: str) -> Iterator[Path]:
    """Files of reports that the edition does not have, left there when it had them."""
    for name, notebook in vocabulary.notebooks().items():
        if edition not in notebook.editions:
            places = (folder / f"{name}.html", folder / "notebooks" / f"{name}.ipynb")
            yield from (place for place in places if place.exists())


def _linked(index: Path) -> set[str]:
    """The reports that an index leads to, each once: it leads to every chapter of them."""
    return set(_REPORT_LINK.findall(index.read_text(encoding="utf-8")))


def _serve(pipe: Any, reports: Path, edition: str) -> None:
    try:
        write(reports, edition)
    except Exception as failure:
        pipe.send(failure)


def write(reports: Path, edition: str) -> None:
    """Write the index of an edition: its own runs, and no other edition's; closed reports are taken away."""
    from analysis.publish import publish
    from analysis.report import index

    place = edition_folder(reports, edition)
    for file in record.files(place):
        _close(file.parent, edition)
    found = [(file.parent, run) for file in record.files(place) if (run := record.read(file.parent))]
    runs = {folder.relative_to(place).as_posix(): run for folder, run in found if run.edition == edition}
    if runs:
        publish(place / INDEX, index.render_index(list(runs.values()), dict(enumerate(runs))))


def _close(folder: Path, edition: str) -> None:
    """Take away the reports that the edition does not have, with what run.json says of them."""
    from analysis.publish import withdraw

    known, run = vocabulary.notebooks(), record.read(folder)
    for file in _closed(folder, edition):
        withdraw(file)
    if run is None:
        return
    kept = [one for one in run.notebooks if one.name in known and edition in known[one.name].editions]
    if len(kept) < len(run.notebooks):
        record.write(folder, replace(run, notebooks=kept))
