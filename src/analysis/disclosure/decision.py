"""A run's decision: the first notebook of a public edition that asks decides, and all others read the same.

It is kept beside the processed data with a hash of what it rests on, and made anew when any of that differs.
It says why cells are hidden, so it stays in the office as the data do.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock

from analysis import package, parameters, raw
from analysis.book import Book
from analysis.disclosure import earlier, masks, release
from analysis.disclosure.catalogue import Cell
from analysis.disclosure.release import Release
from analysis.publish import publish_json
from analysis.settings import Folders

FOLDER = "decisions"


def of(book: Book) -> Release | None:
    """The release of a book's public edition, given the earlier ones; none for other editions."""
    return made(book) if book.parameters.edition == "public" else None


def made(book: Book) -> Release:
    """The kept decision where it rests on the same inputs, else a new one."""
    records = Folders.find(processed=book.store.processed).releases(book.county.code)
    rests_on = _inputs(book, records)
    if rests_on is None:
        return release.decide(book, earlier.read_all(records))
    folder = book.store.processed / FOLDER / book.county.code
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{book.parameters.reporting_period}_{book.scope.as_of}.json"
    with FileLock(folder / ".lock"):
        found = _read(file, rests_on)
        if found is None:
            found = release.decide(book, earlier.read_all(records))
            _write(file, rests_on, found)
    return found


def _inputs(book: Book, records: Path) -> str | None:
    """A hash of the data, the releases, the rules and the code; None where a year's data has no manifest."""
    processed, county = book.store.processed, book.county.code
    manifests = [raw.manifest_path(processed, year, county) for year in book.scope.years]
    if not all(file.is_file() for file in manifests):
        return None
    key = masks.known(book)
    content = {
        "parameters": {**parameters.as_dict(book.parameters), "processed": ""},
        "years": [[cut.year, str(cut.as_of)] for cut in book.scope.cutoffs],
        "rules": asdict(book.settings),
        "package": package.hashes(),
        "data": [raw.file_hash(file) for file in manifests],
        "releases": [[file.name, raw.file_hash(file)] for file in sorted(records.glob("*.json"))],
        "key": key.mark if key else "",
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _write(file: Path, rests_on: str, found: Release) -> None:
    content = {
        "rests_on": rests_on,
        "county": found.county,
        "year": found.year,
        "cutoffs": {str(year): day for year, day in found.cutoffs.items()},
        "published": [[*cell, value] for cell, value in found.published.items()],
        "hidden": [[*cell, why] for cell, why in found.hidden.items()],
        "enterprises": found.enterprises,
        "townships": sorted(found.townships),
    }
    publish_json(file, content)


def _read(file: Path, rests_on: str) -> Release | None:
    """The decision in a file; none where it rests on something else or cannot be read."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["rests_on"] != rests_on:
            return None
        return Release(
            county=content["county"],
            year=content["year"],
            cutoffs={int(year): day for year, day in content["cutoffs"].items()},
            published={Cell(*cell): value for *cell, value in content["published"]},
            hidden={Cell(*cell): why for *cell, why in content["hidden"]},
            enterprises=content["enterprises"],
            townships=frozenset(content["townships"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
