"""What a workbook would unfold to, looked at before any reader is let near it.

A few kilobytes can declare gigabytes (zip bombs), repeat an entity a billion times, or hold two cells so
far apart that a reader that makes room for all between them aborts. Each is refused here with a message.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.messages import AnalysisError
from analysis.sources.compound import require_ending_chains

MAX_FILE_BYTES = 200_000_000
MAX_UNPACKED_BYTES = 300_000_000
MAX_CELLS = 5_000_000
"""Rows × columns from A1 to the last used cell: some 100 bytes each while a sheet is read."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DIMENSIONS = b"\x00\x02\x0e\x00"
"""BIFF8 record DIMENSIONS: id 0x0200, 14 bytes (first row, last row + 1, first and last column + 1, 0)."""
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]{0,80}?\br="([A-Z]{1,7})(\d{1,9})"[^>]{0,80}(?<!/)>')
_NO_VALUE = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
_ERROR = re.compile(rb'<(?:\w+:)?c\b[^>]{0,40}?\br="([A-Z]{1,3}\d{1,7})"[^>]{0,40}\bt="e"')
_DATEMODE_1904 = b"\x22\x00\x02\x00\x01\x00"
"""BIFF record DATEMODE with value 1."""
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def kind_of(path: Path, name: str) -> str:
    """``xlsx`` or ``xls``, by the file's first bytes and not by its name.

    Raises:
        AnalysisError: ``workbook_empty``, ``_too_large``, ``_encrypted`` or ``_not_one``.
    """
    size = path.stat().st_size
    if size == 0:
        raise AnalysisError("workbook_empty", file=name)
    if size > MAX_FILE_BYTES:
        raise AnalysisError(
            "workbook_too_large", file=name, size=size // 10**6, limit=MAX_FILE_BYTES // 10**6
        )
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head != _OLE:
        raise AnalysisError("workbook_not_one", file=name)
    if _ENCRYPTED in path.read_bytes():
        raise AnalysisError("workbook_encrypted", file=name)
    return "xls"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was seen in passing: whether days count from 1904, and the cells that a reader shows as empty:
    formulas without a stored result (how many), and errors such as #REF! (where).
    """

    epoch_1904: bool = False
    unvalued: int = 0
    errors: tuple[str, ...] = ()


def check_xls(path: Path, name: str) -> Checked:
    """Refuse files whose chains of sectors do not end, and sheets of too many cells.

    Raises:
        AnalysisError: ``workbook_damaged`` or ``sheet_too_wide``.
    """
    content = path.read_bytes()
    require_ending_chains(content, name)
    for found in re.finditer(re.escape(_DIMENSIONS), content):
        record = content[found.end() : found.end() + 14]
        if len(record) == 14 and record.endswith(b"\0\0"):
            _, last, _, right, _ = struct.unpack("<IIHHH", record)
            # BIFF8 has 65,536 rows and 256 columns: anything else is not this record.
            if last <= 65_536 and right <= 256 and last * right > MAX_CELLS:
                raise AnalysisError("sheet_too_wide", file=name, limit=MAX_CELLS)
    return Checked(_DATEMODE_1904 in content[:16_384])


def check_xlsx(path: Path, name: str) -> Checked:
    """Refuse packages that unfold beyond the limits.

    Raises:
        AnalysisError: ``workbook_damaged``, ``workbook_bomb``, ``workbook_entities`` or ``sheet_too_wide``.
    """
    try:
        with zipfile.ZipFile(path) as package:
            return _check_package(package, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise AnalysisError("workbook_damaged", file=name, detail=str(error)) from error


def _check_package(package: zipfile.ZipFile, name: str) -> Checked:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES:
        raise AnalysisError(
            "workbook_bomb", file=name, size=unpacked // 10**6, limit=MAX_UNPACKED_BYTES // 10**6
        )
    seen = Checked()
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            content = package.read(part)
            if _DOCTYPE.search(content, 0, 65_536):
                raise AnalysisError("workbook_entities", file=name)
            if part.filename == "xl/workbook.xml" and re.search(rb'date1904="(1|true)"', content):
                seen = replace(seen, epoch_1904=True)
            elif _SHEET.fullmatch(part.filename):
                seen = _check_sheet(content, name, seen)
    return seen


def _check_sheet(content: bytes, name: str, seen: Checked) -> Checked:
    rows = max(map(int, _row_pattern(content).findall(content)), default=1)
    if rows * _column_bound(content) > MAX_CELLS and _used_cells(content) > MAX_CELLS:
        raise AnalysisError("sheet_too_wide", file=name, limit=MAX_CELLS)
    unvalued = sum(1 for _ in _NO_VALUE.finditer(content)) if b"<f" in content else 0
    errors = _ERROR.findall(content) if b't="e"' in content else []
    return replace(
        seen,
        unvalued=seen.unvalued + unvalued,
        errors=(*seen.errors, *(cell.decode() for cell in errors)),
    )


def _row_pattern(content: bytes) -> re.Pattern[bytes]:
    """A row's number. A pattern that begins with fixed letters is searched ten times quicker than one that
    allows for any prefix of names.
    """
    data = re.search(rb"<(\w+:)?sheetData", content)
    return re.compile(rb'<%srow\b[^>]{0,80}?\br="(\d{1,9})"' % ((data and data[1]) or b""))


def _column_bound(content: bytes) -> int:
    """No cell lies right of this column. A guess from the first rows is proved by a search that finds
    nothing, which is ten times quicker than listing all cells.
    """
    guess = max((len(column), column) for _, column in [(0, b"A"), *enumerate(_first_columns(content))])[1]
    if len(guess) == 1 and not re.search(
        rb'"(?:[%c-Z][0-9]|[A-Z]{2,7}[0-9])' % min(guess[0] + 1, 90), content
    ):
        return _number(guess)
    return 702 if not re.search(rb'"[A-Z]{3,7}[0-9]', content) else 10**10


def _first_columns(content: bytes) -> list[bytes]:
    return [column for column, _ in _CELL.findall(content[:65_536])]


def _used_cells(content: bytes) -> int:
    """Rows × columns from A1 to the outermost cells that hold something: what the reader makes room for."""
    used = [(int(row), _number(column)) for column, row in _CELL.findall(content)]
    if not used:
        return 0
    return max(row for row, _ in used) * max(column for _, column in used)


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number
