"""Earlier public releases of the same county, and what they let everybody know of a new one.

A release record is written when somebody approves a public edition. It names every cell, and the value of
those that were published; why a cell was hidden is for the office alone, so the record lies outside the
public folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis import indicators
from analysis.book import Book
from analysis.disclosure import cells as counting
from analysis.disclosure.catalogue import GROWING, Cell
from analysis.disclosure.cells import Behind, Cells
from analysis.messages import AnalysisError
from analysis.publish import publish_json
from analysis.scope import Cutoff, Scope

SCHEMA = 1


@dataclass(frozen=True)
class Earlier:
    """A release that is out: the day each year was seen from, what it published, what it hid and why."""

    cutoffs: Mapping[int, str]
    published: Mapping[Cell, int]
    hidden: Mapping[Cell, str]


@dataclass
class Known:
    """What earlier releases say of the cells of a new one.

    ``published`` stand there with the same value as of the same day; ``hidden`` were hidden as of any day;
    ``small_changes`` would give away a change of few enterprises; the limits come from counts that only grow.
    """

    published: set[Cell] = field(default_factory=set)
    hidden: set[Cell] = field(default_factory=set)
    small_changes: set[Cell] = field(default_factory=set)
    at_least: dict[Cell, int] = field(default_factory=dict)
    at_most: dict[Cell, int] = field(default_factory=dict)


def read_all(folder: Path) -> list[Earlier]:
    """The releases that a folder keeps records of, in the order of their names.

    Raises:
        AnalysisError: ``release_unreadable``: a release that cannot be read must not be forgotten.
    """
    return [_read(file) for file in sorted(folder.glob("*.json"))]


def _read(file: Path) -> Earlier:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise ValueError(f"schema {content['schema']}")
        return Earlier(
            {int(year): str(day) for year, day in content["cutoffs"].items()},
            {Cell(*entry["cell"]): int(entry["value"]) for entry in content["published"]},
            {Cell(*entry["cell"]): str(entry["reason"]) for entry in content["hidden"]},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AnalysisError("release_unreadable", file=file.name, detail=str(error)) from error


def write(
    file: Path,
    cutoffs: Mapping[int, str],
    published: Mapping[Cell, int],
    hidden: Mapping[Cell, str],
    **about: object,
) -> Path:
    """Keep a release: its cells, and ``about`` it who approved it, when, of what."""
    return publish_json(
        file,
        {
            "schema": SCHEMA,
            **about,
            "cutoffs": {str(year): day for year, day in cutoffs.items()},
            "published": [{"cell": list(cell), "value": value} for cell, value in sorted(published.items())],
            "hidden": [{"cell": list(cell), "reason": reason} for cell, reason in sorted(hidden.items())],
        },
    )


def known_of(book: Book, cells: Cells, releases: Iterable[Earlier]) -> Known:
    """What the releases say of a book's cells."""
    known = Known()
    for release in releases:
        known.hidden |= set(release.hidden)
        for cut in book.scope.cutoffs:
            if cut.year in release.cutoffs:
                _compare(known, book, cells, release, cut)
    return known


def _compare(known: Known, book: Book, cells: Cells, release: Earlier, cut: Cutoff) -> None:
    """Compare the cells of one year with those of a release, as of the same day or another."""
    then, now = release.cutoffs[cut.year], cut.as_of.isoformat()
    both = [c for c in release.published if c.year == cut.year and c in cells.known]
    changed = {c for c in both if cells.known[c].value != release.published[c]}
    if then == now:
        known.published |= {*both} - changed
    behind = {} if then == now or not changed else _behind_changes(book, cut, then)
    for cell in changed:
        difference = abs(cells.known[cell].value - release.published[cell])
        moved = behind.get(cell, Behind(difference, difference))
        if min(moved.enterprises, difference) < book.settings.public_minimum_enterprises:
            known.small_changes.add(cell)
    for cell in both if then != now else ():
        if cell.indicator in GROWING:
            limits, best = (known.at_least, max) if then < now else (known.at_most, min)
            limits[cell] = best(limits.get(cell, release.published[cell]), release.published[cell])


def _behind_changes(book: Book, cut: Cutoff, then: str) -> dict[Cell, Behind]:
    """The enterprises whose hazards count otherwise as of the two days, for every cell of the ledger."""
    period = book.scope.period.in_year(cut.year)
    frames = []
    for day in (cut.as_of, type(cut.as_of).fromisoformat(then)):
        rows = indicators.read_hazards(book.store, Scope(book.scope.county, period, day))
        frames.append(counting.flagged(rows.set_index(["file", "sheet", "row", "part"])))
    now, before = frames
    flags = [name for name in now if now[name].dtype == bool]
    every = now.index.union(before.index)
    sides = [frame[flags].reindex(every, fill_value=False) for frame in frames]
    places = now.drop(columns=flags).combine_first(before.drop(columns=flags)).reindex(every)
    moved = places.join(sides[0] ^ sides[1])
    return counting.of_hazards(book, cut.year, moved).known
