"""CSV files as offices save them: UTF-8 with or without a mark, UTF-16 with one, or GB18030."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from analysis.messages import AnalysisError
from analysis.sources.extents import MAX_CELLS, MAX_FILE_BYTES

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Delimited:
    """A file's rows, all of one length; ``guessed`` where only GB18030 could read the text."""

    rows: list[list[str]]
    guessed: bool


def read_csv(path: Path, name: str) -> Delimited:
    """The rows of a CSV file.

    Raises:
        AnalysisError: ``workbook_empty``, ``workbook_too_large``, ``csv_encoding``, ``csv_mixed_encoding``,
            ``csv_nul``, ``csv_quotes`` or ``sheet_too_wide``.
    """
    content = path.read_bytes()
    if not content.strip():
        raise AnalysisError("workbook_empty", file=name)
    if len(content) > MAX_FILE_BYTES:
        raise AnalysisError(
            "workbook_too_large", file=name, size=len(content) // 10**6, limit=MAX_FILE_BYTES // 10**6
        )
    text, guessed = _decode(content, name)
    if "\0" in text:
        raise AnalysisError("csv_nul", file=name, row=text[: text.index("\0")].count("\n") + 1)
    return Delimited(_parse(text, name), guessed)


def _decode(content: bytes, name: str) -> tuple[str, bool]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strict(content, encoding, name), False
    try:
        return content.decode("utf-8"), False
    except UnicodeDecodeError:
        _refuse_mixture(content, name)
        return _strict(content, "gb18030", name), True


def _strict(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise AnalysisError("csv_encoding", file=name, row=row) from error


def _refuse_mixture(content: bytes, name: str) -> None:
    """A file of which most lines are UTF-8 and some are not was pasted together from two."""
    lines = [(number, line) for number, line in enumerate(content.split(b"\n"), 1) if not line.isascii()]
    broken = [number for number, line in lines if not _is_utf8(line)]
    if len(broken) * 2 < len(lines):
        raise AnalysisError("csv_mixed_encoding", file=name, row=broken[0])


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parse(text: str, name: str) -> list[list[str]]:
    head = text[:4096]
    delimiter = max(_DELIMITERS, key=head.count)
    csv.field_size_limit(max(len(text), 131_072))
    # Not splitlines: it also breaks at U+2028, form feeds and the like, which stand in cells.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            # A cell over several lines moves later rows down: lineage counts the file's lines, as editors do.
            rows.extend([] for _ in range(reader.line_num - len(rows) - 1))
            rows.append(row)
    except csv.Error as error:
        raise AnalysisError("csv_quotes", file=name, row=len(rows) + 1, detail=str(error)) from error
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise AnalysisError("sheet_too_wide", file=name, limit=MAX_CELLS)
    return [row + [""] * (width - len(row)) for row in rows]
