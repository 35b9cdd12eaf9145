"""Earlier public releases of the same county, and what they let everybody know of a new one.

A release record is written when somebody approves a public edition. It names every cell, the value of those
that were published, and whose hazards they count, enterprises by their masks alone; why a cell was hidden is
for the office alone, so the record lies outside the public folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from analysis.book import Book
from analysis.disclosure import cells as counting
from analysis.disclosure import masks as masking
from analysis.disclosure.catalogue import GROWING, Cell
from analysis.disclosure.cells import Cells
from analysis.disclosure.masks import Masks
from analysis.messages import AnalysisError
from analysis.publish import publish_json
from analysis.scope import Cutoff

SCHEMA = 2
Held = Mapping[str, int]
"""Masks of enterprises, with how much of a cell each of them holds."""


@dataclass(frozen=True)
class Earlier:
    """A release that is out: the day each year was seen from, what it published, what it hid and why.

    ``behind`` says whose hazards a published cell counts, in masks of the key that ``key_mark`` tells.
    """

    cutoffs: Mapping[int, str]
    published: Mapping[Cell, int]
    hidden: Mapping[Cell, str]
    behind: Mapping[Cell, Held] = field(default_factory=dict)
    key_mark: str = ""


class Limit(NamedTuple):
    """Cells that an earlier release hid, but whose sum it told: growing, they make up no less on a later day
    (``sign`` 1), and no more on an earlier one (-1).
    """

    cells: tuple[Cell, ...]
    total: int
    sign: int


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
    sums: list[Limit] = field(default_factory=list)


# --- records


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
        published = {Cell(*entry["cell"]): entry for entry in content["published"]}
        return Earlier(
            {int(year): str(day) for year, day in content["cutoffs"].items()},
            {cell: int(entry["value"]) for cell, entry in published.items()},
            {Cell(*entry["cell"]): str(entry["reason"]) for entry in content["hidden"]},
            {cell: _unpacked(entry["behind"], content["masks"]) for cell, entry in published.items()},
            str(content["key_mark"]),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise AnalysisError("release_unreadable", file=file.name, detail=str(error)) from error


def write(file: Path, release: Earlier, **about: object) -> Path:
    """Keep a release: its cells, and ``about`` it who approved it, when, of what."""
    masks = sorted({mask for held in release.behind.values() for mask in held})
    places = {mask: place for place, mask in enumerate(masks)}
    published = [
        {"cell": list(cell), "value": value, "behind": _packed(release.behind.get(cell, {}), places)}
        for cell, value in sorted(release.published.items())
    ]
    content = {
        "schema": SCHEMA,
        **about,
        "cutoffs": {str(year): day for year, day in release.cutoffs.items()},
        "published": published,
        "hidden": [{"cell": list(cell), "reason": why} for cell, why in sorted(release.hidden.items())],
        "masks": masks,
        "key_mark": release.key_mark,
    }
    return publish_json(file, content)


def _packed(held: Held, places: Mapping[str, int]) -> str:
    """Masks by their place in the record's list, each with how much it holds: a line, not thousands."""
    return " ".join(f"{place}:{held[mask]}" for mask, place in places.items() if mask in held)


def _unpacked(words: str, masks: Sequence[str]) -> Held:
    pairs = (pair.split(":") for pair in words.split())
    return {masks[int(place)]: int(amount) for place, amount in pairs}


def masked(book: Book, wanted: Iterable[Cell], masks: Masks) -> dict[Cell, Held]:
    """Whose hazards each of the ledger's cells counts."""
    cells = set(wanted)
    found: dict[Cell, Held] = {}
    for year in book.scope.years:
        for cell, held in counting.by_enterprise(book, year).items():
            if cell in cells:
                found[cell] = {masks(name): amount for name, amount in held.items()}
    return found


# --- what they tell


def known_of(book: Book, cells: Cells, releases: Iterable[Earlier]) -> Known:
    """What the releases say of a book's cells."""
    known = Known()
    for release in releases:
        known.hidden |= set(release.hidden)
        changed = set()
        for cut in book.scope.cutoffs:
            if cut.year in release.cutoffs:
                changed |= _compare(known, cells, release, cut)
        known.small_changes |= _small(book, cells, release, changed)
    return known


def _compare(known: Known, cells: Cells, release: Earlier, cut: Cutoff) -> set[Cell]:
    """Compare the cells of one year with those of a release, as of the same day or another; which differ."""
    then, now = release.cutoffs[cut.year], cut.as_of.isoformat()
    both = [c for c in release.published if c.year == cut.year and c in cells.known]
    changed = {c for c in both if cells.known[c].value != release.published[c]}
    if then == now:
        known.published |= {*both} - changed
    for cell in both if then != now else ():
        if cell.indicator in GROWING:
            limits, best = (known.at_least, max) if then < now else (known.at_most, min)
            limits[cell] = best(limits.get(cell, release.published[cell]), release.published[cell])
    if then != now:
        known.sums += _sums_of_hidden(cells, release, cut.year, 1 if then < now else -1)
    return changed


def _sums_of_hidden(cells: Cells, release: Earlier, year: int, sign: int) -> Iterator[Limit]:
    """The sums of hidden cells that a release told: its published totals less their published parts."""
    for total, parts in cells.sums:
        known = total.year == year and total in release.published
        if known and all(part.indicator in GROWING for part in parts):
            hidden = tuple(part for part in parts if part in release.hidden)
            rest = release.published[total] - sum(release.published.get(part, 0) for part in parts)
            grown = sign * (sum(cells.known[part].value for part in hidden) - rest)
            if hidden and grown >= 0:  # a corrected ledger may hold fewer: then nothing follows
                yield Limit(hidden, rest, sign)


def _small(book: Book, cells: Cells, release: Earlier, changed: set[Cell]) -> set[Cell]:
    """The changes that rest on few enterprises: those that hold more or less of the cell than they did.

    Returns name no enterprise: there a change is taken to rest on as many as it counts. Of a record that was
    made with another key nobody can tell.
    """
    masks = masking.known(book)
    comparable = masks is not None and masks.mark == release.key_mark
    held = masked(book, changed, masks) if masks is not None and comparable and changed else {}

    def moved(cell: Cell) -> int:
        difference = abs(cells.known[cell].value - release.published[cell])
        if not counting.of_ledger(cell):
            return difference
        now, then = held.get(cell, {}), release.behind.get(cell, {})
        others = sum(now.get(mask) != then.get(mask) for mask in now.keys() | then.keys())
        return min(others, difference) if comparable else 0

    return {cell for cell in changed if moved(cell) < book.settings.public_minimum_enterprises}
