"""What lies in data/raw: the counties, each year's files, and whether they have been prepared already.

Only the standard library is used, so that a run that finds nothing to do imports nothing heavy.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis import package
from analysis.messages import AnalysisError, Message
from analysis.settings import Folders

COUNTIES = "counties.csv"
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".csv"})
DOCUMENTS = frozenset({".txt", ".docx", ".pdf", ".md", ".html", ".htm"})
SIDECARS = ("about.yaml", "mapping.yaml", "corrections.yaml", "assessment.yaml")
_ROOMS = (
    *("account", "assessment", "batch", "conservation", "corrections", "derived", "duplicates", "indicators"),
    *("planned", "prepare", "quarantine", "raw", "schema", "stated", "store"),
)
_PREPARING = ("sources/", "vocabulary/")
"""The folders of this package, beside those rooms, on which the processed data depend."""


@dataclass(frozen=True, slots=True)
class County:
    """A county of counties.csv; ``sample`` marks fictional data."""

    code: str
    name: str
    sample: bool


@dataclass(frozen=True, slots=True)
class CountyFolder:
    """One county's raw files of a year, sorted by name. ``ignored`` are those that no reader takes.

    ``fault`` is why the folder of one county among several cannot be read at all.
    """

    year: int
    county: County
    raw: Path
    files: tuple[Path, ...]
    ignored: tuple[Path, ...]
    fault: AnalysisError | None = None

    def name(self, path: Path) -> str:
        """A file's name as messages and lineage write it: relative to data/raw, with ``/``."""
        return path.relative_to(self.raw).as_posix()

    @property
    def workbooks(self) -> tuple[Path, ...]:
        """The ledgers, returns and lists."""
        return tuple(path for path in self.files if path.suffix.lower() in WORKBOOKS)

    @property
    def documents(self) -> tuple[Path, ...]:
        """The summaries."""
        return tuple(path for path in self.files if path.suffix.lower() in DOCUMENTS)

    def sidecars(self, name: str) -> tuple[Path, ...]:
        """The YAML files of a name, those nearest the year's folder first."""
        found = (path for path in self.files if path.name == name)
        return tuple(sorted(found, key=lambda path: (len(path.parts), path)))


def counties(folders: Folders) -> dict[str, County]:
    """The counties of data/raw/counties.csv by code.

    Raises:
        AnalysisError: ``counties_missing`` or ``counties_invalid``.
    """
    path = folders.raw / COUNTIES
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except FileNotFoundError as error:
        raise AnalysisError("counties_missing", file=COUNTIES) from error
    except UnicodeDecodeError as error:
        raise AnalysisError("counties_invalid", file=COUNTIES, detail="UTF-8") from error
    return {county.code: county for number, row in enumerate(rows, 2) for county in (_county(row, number),)}


def _county(row: dict[str, str | None], number: int) -> County:
    code, name = (row.get("code") or "").strip(), (row.get("name") or "").strip()
    if not (len(code) == 6 and code.isascii() and code.isdigit() and name):
        raise AnalysisError("counties_invalid", file=COUNTIES, row=number, detail=f"{code},{name}")
    return County(code, name, (row.get("sample") or "").strip().lower() == "yes")


def years(folders: Folders) -> list[int]:
    """The years that have a raw folder, ascending."""
    found = folders.raw.glob("[12][0-9][0-9][0-9]")
    return sorted(int(path.name) for path in found if path.is_dir())


def sources_of(folders: Folders, year: int) -> list[CountyFolder]:
    """Each county's raw files of a year: the year's folder is one county's, or has a folder for each.

    What is wrong with the folder of one county among several is its ``fault``, and stops no other.

    Raises:
        AnalysisError: ``year_missing``, ``year_empty``, ``raw_county_unknown``, ``raw_county_ambiguous``,
            ``file_outside`` or ``file_special``.
    """
    folder = folders.raw / str(year)
    if not folder.is_dir():
        raise AnalysisError("year_missing", file=str(year), year=year)
    known = counties(folders)
    by_name = {word: county for county in known.values() for word in (county.code, county.name)}
    homes = [path for path in sorted(folder.iterdir()) if path.is_dir() and path.name in by_name]
    if not homes:
        return [_folder(folders, year, _only(known, year), list(_walk(folder, folders.raw)))]
    shared = list(_shared(folder, homes, year))
    homes.sort(key=lambda home: by_name[home.name].code)
    found = [_home(folders, year, by_name[home.name], home, shared) for home in homes]
    if len(found) == 1 and found[0].fault:
        raise found[0].fault
    return found


def _home(folders: Folders, year: int, county: County, home: Path, shared: list[Path]) -> CountyFolder:
    try:
        return _folder(folders, year, county, [*shared, *_walk(home, folders.raw)])
    except AnalysisError as error:
        return CountyFolder(year, county, folders.raw, (), (), error)


def _only(known: dict[str, County], year: int) -> County:
    if len(known) != 1:
        raise AnalysisError("raw_county_ambiguous", file=str(year), year=year, counties="、".join(known))
    return next(iter(known.values()))


def _shared(folder: Path, homes: list[Path], year: int) -> Iterator[Path]:
    """The year's own YAML files, which hold for all its counties; anything else there has no county."""
    for path in sorted(folder.iterdir()):
        if path in homes or _hidden(path):
            continue
        if path.is_dir() or path.name not in SIDECARS:
            raise AnalysisError("raw_county_unknown", file=f"{year}/{path.name}", name=path.name)
        yield path


def _folder(folders: Folders, year: int, county: County, paths: list[Path]) -> CountyFolder:
    def read(path: Path) -> bool:
        wanted = path.suffix.lower() in WORKBOOKS | DOCUMENTS or path.name in SIDECARS
        return wanted and not _hidden(path)

    found = CountyFolder(
        year,
        county,
        folders.raw,
        tuple(path for path in paths if read(path)),
        tuple(path for path in paths if not read(path)),
    )
    if not (found.workbooks or found.documents):
        raise AnalysisError("year_empty", file=str(year), year=year, county=county.name)
    return found


def _walk(folder: Path, raw: Path) -> Iterator[Path]:
    """All files below, sorted; links out of data/raw and devices are refused before anything opens them."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path = Path(entry.path)
        if entry.is_symlink() and not _leads_inside(path, raw):
            raise AnalysisError("file_outside", file=path.relative_to(raw).as_posix())
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(path, raw)
        elif not entry.is_file():
            raise AnalysisError("file_special", file=path.relative_to(raw).as_posix())
        else:
            yield path


def _leads_inside(path: Path, raw: Path) -> bool:
    try:
        return path.resolve().is_relative_to(raw.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        return False


def _hidden(path: Path) -> bool:
    return path.name.startswith((".", "~$"))


# --- what has been prepared


def manifest_path(processed: Path, year: int, county: str) -> Path:
    """The file that commits a preparation, written after all others."""
    return processed / "manifest" / f"year={year}" / f"county={county}.json"


def manifest(processed: Path, year: int, county: str) -> dict[str, Any]:
    """What a preparation left; only ``as_of`` (None) where there is none that can be read."""
    try:
        found = json.loads(manifest_path(processed, year, county).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    return found if isinstance(found, dict) and "as_of" in found else {"as_of": None}


def inputs_of(processed: Path, year: int, county: str) -> list[dict[str, Any]]:
    """The raw files that a county's processed year stands on: name, size and hash of each, sorted by name."""
    inputs = manifest(processed, year, county).get("inputs", {})
    return [
        {"name": name, "size": seen["size"], "sha256": seen["sha256"]}
        for name, seen in sorted(inputs.items())
    ]


def is_prepared(folders: Folders, year: int, county: str) -> bool:
    """Whether the processed data of a county's year stand for its raw files and this package as they are now.

    A file is compared by size and time, and by its content's hash where the time differs.

    Raises:
        AnalysisError: As sources_of.
    """
    sources = [source for source in sources_of(folders, year) if source.county.code == county]
    return bool(sources) and is_current(folders, sources[0])


def stale(folders: Folders, year: int) -> list[CountyFolder]:
    """The counties whose processed data of a year do not stand for their raw files any more.

    Raises:
        AnalysisError: As sources_of.
    """
    return [source for source in sources_of(folders, year) if not is_current(folders, source)]


def is_current(folders: Folders, source: CountyFolder) -> bool:
    """is_prepared for files that are known already."""
    if source.fault:
        return False
    found = manifest(folders.processed, source.year, source.county.code)
    if found.get("package") != package_hash():
        return False
    inputs = found.get("inputs", {})
    names = {source.name(path): path for path in (*source.files, *source.ignored)}
    return (
        names.keys() == inputs.keys()
        and all(_same(path, inputs[name]) for name, path in names.items())
        and all(_stands(folders, name, size) for name, size in found.get("outputs", {}).items())
    )


def fingerprints(source: CountyFolder) -> dict[str, dict[str, object]]:
    """Size, time and hash of each raw file, by name."""
    return {source.name(path): _fingerprint(path) for path in (*source.files, *source.ignored)}


def _fingerprint(path: Path) -> dict[str, object]:
    seen = path.stat()
    return {"size": seen.st_size, "mtime_ns": seen.st_mtime_ns, "sha256": file_hash(path)}


def _same(path: Path, before: dict[str, object]) -> bool:
    seen = path.stat()
    if seen.st_size != before.get("size"):
        return False
    return seen.st_mtime_ns == before.get("mtime_ns") or file_hash(path) == before.get("sha256")


def _stands(folders: Folders, name: str, size: int) -> bool:
    path = folders.processed / name
    return path.is_file() and path.stat().st_size == size


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def package_hash() -> str:
    """The hash of the code and vocabulary that preparation depends on: when it changes, so may the data."""
    parts = {name: digest for name, digest in package.hashes().items() if _prepares(name)}
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _prepares(name: str) -> bool:
    return name.startswith(_PREPARING) or name.removesuffix(".py") in _ROOMS


def ignored_messages(source: CountyFolder) -> list[Message]:
    """One note for each file that no reader takes."""
    return [Message("file_ignored", file=source.name(path)) for path in source.ignored]
