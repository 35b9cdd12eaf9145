"""The YAML files beside the data: about.yaml, mapping.yaml and corrections.yaml, read safely and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeVar, cast

import yaml

from analysis import vocabulary
from analysis.messages import AnalysisError
from analysis.schema import RAW_TABLES, TABLES

IGNORE = "-"
"""As a column or a table of a mapping: there is nothing here to read."""
MAX_BYTES = 1_000_000
MAX_DEPTH = 50
Action = Literal["override", "drop", "flag"]
_Loaded = TypeVar("_Loaded", dict[str, Any], list[Any])


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


def about(paths: Iterable[tuple[Path, str]]) -> About:
    """The county's about.yaml; where there are several, the innermost says the last word.

    Args:
        paths: Files and how messages call them, the outermost first.

    Raises:
        AnalysisError: ``yaml_invalid``, ``yaml_unknown_key`` or ``yaml_value``.
    """
    said: dict[str, Any] = {}
    for path, name in paths:
        given = _load(path, name, dict)
        _check_keys(given, ("as_of", "source", "note"), name)
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
        given = _load(path, name, dict)
        _check_keys(given, ("files",), name)
        own = {str(glob): _file_mappings(entry, name) for glob, entry in _dict(given, "files", name).items()}
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
        for number, entry in enumerate(_load(path, name, list), 1)
    ]


_MAPPING_KEYS = ("table", "sheet", "header_row", "columns", "constants", "unit")


def _file_mappings(entry: object, name: str) -> tuple[FileMapping, ...]:
    """A file's mapping, or a list of them, one for each sheet that differs."""
    entries = entry if isinstance(entry, list) else [entry]
    return tuple(_file_mapping(one, name) for one in entries)


def _file_mapping(entry: object, name: str) -> FileMapping:
    if not isinstance(entry, dict):
        raise AnalysisError("yaml_value", file=name, value=entry, example="table: hazards")
    _check_keys(entry, _MAPPING_KEYS, name)
    table, row = entry.get("table"), entry.get("header_row")
    if table is not None:
        _one_of("table", table, (*RAW_TABLES, IGNORE), name)
    if row is not None and (not isinstance(row, int) or isinstance(row, bool) or row < 1):
        raise AnalysisError("yaml_value", file=name, column="header_row", value=row, example=3)
    columns = {str(header): column for header, column in _dict(entry, "columns", name).items()}
    constants, unit = _dict(entry, "constants", name), _dict(entry, "unit", name)
    allowed = _columns_of(table)
    for column in (*columns.values(), *constants, *unit):
        _one_of("columns", column, (*allowed, IGNORE), name)
    for given in unit.values():
        _one_of("unit", given, tuple(vocabulary.units()), name)
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
    _check_keys(entry, _CORRECTION_KEYS, name)
    _need(entry, ("id", "table", "match", "action", "reason"), name)
    table, action = entry["table"], entry["action"]
    _one_of("table", table, tuple(name for name in TABLES if name != "indicators"), name)
    _one_of("action", action, ("override", "drop", "flag"), name)
    known = tuple(column.column for column in vocabulary.columns(table))
    match = _dict(entry, "match", name)
    for column in match:
        _one_of("match", column, (*known, *_PLACES), name)
    if not match:
        raise AnalysisError("yaml_key_missing", file=name, name="match", id=entry["id"])
    if action == "override":
        _need(entry, ("column", "expect", "value"), name)
    if entry.get("column") is not None:
        _one_of("column", entry["column"], known, name)
    given = {key: entry.get(key) for key in ("column", "expect", "value")}
    return Correction(str(entry["id"]), table, match, action, reason=str(entry["reason"]), file=name, **given)


def _load(path: Path, name: str, kind: type[_Loaded]) -> _Loaded:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise AnalysisError("yaml_invalid", file=name, detail=f"> {MAX_BYTES} bytes")
        text = path.read_text(encoding="utf-8-sig")
        _refuse_depth(text, name)
        _refuse_aliases(text, name)
        found = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise AnalysisError("yaml_invalid", file=name, detail=" ".join(str(error).split())) from error
    found = kind() if found is None else found
    if not isinstance(found, kind):
        raise AnalysisError("yaml_invalid", file=name, detail=f"{type(found).__name__} ≠ {kind.__name__}")
    return found


def _refuse_depth(text: str, name: str) -> None:
    """The parser's time grows with the square of the depth, and no file of ours is deep."""
    steps = (1 if bracket in "[{" else -1 for bracket in re.findall(r"[\[\]{}]", text))
    if max(accumulate(steps), default=0) > MAX_DEPTH or re.search(rf"(?:[-?]\s+){{{MAX_DEPTH}}}", text):
        raise AnalysisError("yaml_invalid", file=name, detail="[[[…")


def _refuse_aliases(text: str, name: str) -> None:
    """Anchors that refer to each other can unfold to gigabytes, and no file of ours needs one."""
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
        raise AnalysisError("yaml_invalid", file=name, detail="&/*")


def _dict(entry: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    found = entry.get(key) or {}
    if not isinstance(found, dict):
        raise AnalysisError("yaml_value", file=name, column=key, value=found, example=f"{key}: {{a: b}}")
    return cast(dict[str, Any], found)


def _check_keys(entry: Mapping[Any, Any], allowed: tuple[str, ...], name: str) -> None:
    for key in entry:
        if key not in allowed:
            raise AnalysisError("yaml_unknown_key", file=name, name=key, allowed="、".join(allowed))


def _need(entry: Mapping[str, Any], keys: tuple[str, ...], name: str) -> None:
    for key in keys:
        if key not in entry:
            raise AnalysisError("yaml_key_missing", file=name, name=key, id=entry.get("id", ""))


def _one_of(key: str, value: object, allowed: tuple[str, ...], name: str) -> None:
    if value not in allowed:
        raise AnalysisError("yaml_value", file=name, column=key, value=value, example="、".join(allowed))
