"""The YAML files beside the data: about, mapping, corrections and assessment, read safely and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from analysis import vocabulary
from analysis.assessment import Sheet
from analysis.messages import AnalysisError
from analysis.schema import RAW_TABLES, TABLES
from analysis.sources import scoring_sheets
from analysis.sources.yaml_files import check_keys, load, one_of, table_of

IGNORE = "-"
"""As a column or a table of a mapping: there is nothing here to read."""
Action = Literal["override", "drop", "flag"]


@dataclass(frozen=True, slots=True)
class FileMapping:
    """What mapping.yaml says of one file: all that matching by headers could not find out."""

    table: str | None = None
    sheet: str = "*"
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    unit: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileMappings:
    """The mappings of a county's files, by glob of the file's name or its path in data/raw."""

    files: Mapping[str, tuple[FileMapping, ...]] = field(default_factory=dict)

    def of(self, file: str, sheet: str | None) -> FileMapping:
        """The mapping of a sheet; an empty one where the file says nothing of it."""
        for glob, mappings in self.files.items():
            if fnmatchcase(PurePosixPath(file).name, glob) or fnmatchcase(file, glob):
                for mapping in mappings:
                    if fnmatchcase(sheet or "", mapping.sheet):
                        return mapping
        return FileMapping()


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of corrections.yaml. ``match`` names columns, or file, sheet and row."""

    id: str
    table: str
    match: Mapping[str, Any]
    action: Action
    column: str | None
    expect: Any
    value: Any
    reason: str
    file: str


@dataclass(frozen=True, slots=True)
class About:
    """What about.yaml says of a county's year; each part may be missing."""

    as_of: date | None = None
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Sidecars:
    """All that the YAML files beside a county's year say."""

    about: About
    mappings: FileMappings
    corrections: list[Correction]
    assessment: tuple[Sheet, ...]


def read(paths: Callable[[str], Sequence[tuple[Path, str]]]) -> Sidecars:
    """What a county's YAML files say, ``paths`` naming those of a name, the outermost first.

    Raises:
        AnalysisError: As the readers of each, and ``scoring_sheets.read``.
    """
    return Sidecars(
        about(paths("about.yaml")),
        mappings(paths("mapping.yaml")),
        corrections(paths("corrections.yaml")),
        scoring_sheets.read(paths("assessment.yaml")),
    )


def about(paths: Iterable[tuple[Path, str]]) -> About:
    """The county's about.yaml; where there are several, the innermost says the last word.

    Args:
        paths: Files and how messages call them, the outermost first.

    Raises:
        AnalysisError: ``yaml_invalid``, ``yaml_unknown_key`` or ``yaml_value``.
    """
    said: dict[str, Any] = {}
    for path, name in paths:
        given = load(path, name, dict)
        check_keys(given, ("as_of", "source", "note"), name)
        said |= given
        day = given.get("as_of")
        if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
            raise AnalysisError("yaml_value", file=name, column="as_of", value=day, example="2023-12-31")
    texts = {key: None if said.get(key) is None else str(said[key]) for key in ("source", "note")}
    return About(as_of=said.get("as_of"), **texts)


def mappings(paths: Iterable[tuple[Path, str]]) -> FileMappings:
    """The county's mapping.yaml files; the innermost comes first.

    Raises:
        AnalysisError: ``yaml_invalid``, ``yaml_unknown_key`` or ``yaml_value``.
    """
    files: dict[str, tuple[FileMapping, ...]] = {}
    for path, name in paths:
        given = load(path, name, dict)
        check_keys(given, ("files",), name)
        own = {
            str(glob): _file_mappings(entry, name) for glob, entry in table_of(given, "files", name).items()
        }
        files = own | {glob: entry for glob, entry in files.items() if glob not in own}
    return FileMappings(files)


def corrections(paths: Iterable[tuple[Path, str]]) -> list[Correction]:
    """The county's corrections in the order of the files.

    Raises:
        AnalysisError: ``yaml_invalid``, ``yaml_unknown_key``, ``yaml_value`` or ``yaml_key_missing``.
    """
    return [
        _correction(entry, number, name)
        for path, name in paths
        for number, entry in enumerate(load(path, name, list), 1)
    ]


_MAPPING_KEYS = ("table", "sheet", "header_row", "columns", "constants", "unit")


def _file_mappings(entry: object, name: str) -> tuple[FileMapping, ...]:
    """A file's mapping, or a list of them, one for each sheet that differs."""
    entries = entry if isinstance(entry, list) else [entry]
    return tuple(_file_mapping(one, name) for one in entries)


def _file_mapping(entry: object, name: str) -> FileMapping:
    if not isinstance(entry, dict):
        raise AnalysisError("yaml_value", file=name, value=entry, example="table: hazards")
    check_keys(entry, _MAPPING_KEYS, name)
    table, row = entry.get("table"), entry.get("header_row")
    if table is not None:
        one_of("table", table, (*RAW_TABLES, IGNORE), name)
    if row is not None and (not isinstance(row, int) or isinstance(row, bool) or row < 1):
        raise AnalysisError("yaml_value", file=name, column="header_row", value=row, example=3)
    columns = {str(header): column for header, column in table_of(entry, "columns", name).items()}
    constants, unit = table_of(entry, "constants", name), table_of(entry, "unit", name)
    allowed = _columns_of(table)
    for column in (*columns.values(), *constants, *unit):
        one_of("columns", column, (*allowed, IGNORE), name)
    for given in unit.values():
        one_of("unit", given, tuple(vocabulary.units()), name)
    return FileMapping(table, str(entry.get("sheet", "*")), row, columns, constants, unit)


def _columns_of(table: str | None) -> tuple[str, ...]:
    tables = [table] if table not in (None, IGNORE) else list(RAW_TABLES)
    known = (column for name in tables for column in vocabulary.columns(name) if column.origin == "file")
    return tuple(dict.fromkeys(column.column for column in known))


_CORRECTION_KEYS = ("id", "table", "match", "action", "column", "expect", "value", "reason")
_PLACES = ("file", "sheet", "row", "document", "line")


def _correction(entry: object, number: int, name: str) -> Correction:
    if not isinstance(entry, dict):
        raise AnalysisError("yaml_value", file=name, row=number, value=entry, example="id: …")
    check_keys(entry, _CORRECTION_KEYS, name)
    _need(entry, ("id", "table", "match", "action", "reason"), name)
    table, action = entry["table"], entry["action"]
    one_of("table", table, tuple(name for name in TABLES if name != "indicators"), name)
    one_of("action", action, ("override", "drop", "flag"), name)
    known = tuple(column.column for column in vocabulary.columns(table))
    match = table_of(entry, "match", name)
    for column in match:
        one_of("match", column, (*known, *_PLACES), name)
    if not match:
        raise AnalysisError("yaml_key_missing", file=name, name="match", id=entry["id"])
    if action == "override":
        _need(entry, ("column", "expect", "value"), name)
    if entry.get("column") is not None:
        one_of("column", entry["column"], known, name)
    given = {key: entry.get(key) for key in ("column", "expect", "value")}
    return Correction(str(entry["id"]), table, match, action, reason=str(entry["reason"]), file=name, **given)


def _need(entry: Mapping[str, Any], keys: tuple[str, ...], name: str) -> None:
    for key in keys:
        if key not in entry:
            raise AnalysisError("yaml_key_missing", file=name, name=key, id=entry.get("id", ""))
