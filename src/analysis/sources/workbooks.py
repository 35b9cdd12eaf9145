"""Workbooks and CSV files to grids of cells as they stand, with what readers hide set right.

Positions are the spreadsheet's own: ``cells[0]`` is row 1, so that messages and lineage say what users see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from analysis.messages import AnalysisError, Message
from analysis.sources import extents, xls, xls_process
from analysis.sources.delimited import read_csv

Cell = Any
"""str, int, float, bool, date, datetime, time or timedelta; an empty cell is ``""``."""
Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of merged cells, from 0."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's cells by row and column, all rows of one length; ``merged`` are its merged ranges."""

    name: str | None
    cells: Sequence[Sequence[Cell]]
    merged: Sequence[Range] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file's sheets. ``epoch_1904``: serial numbers of days count from 1 January 1904."""

    file: str
    sheets: tuple[Sheet, ...]
    epoch_1904: bool = False
    messages: tuple[Message, ...] = ()
    guessed_encoding: bool = field(default=False)
    """The text was neither marked nor valid UTF-8: if no header is found, the encoding may be wrong."""


def read(path: Path, name: str) -> Workbook:
    """The sheets of a workbook or CSV file; ``name`` is how messages call it.

    Raises:
        AnalysisError: The file is empty, damaged, encrypted, no workbook, or would unfold beyond the limits.
    """
    try:
        if path.suffix.lower() == ".csv":
            text = read_csv(path, name)
            return Workbook(name, (Sheet(None, text.rows),), guessed_encoding=text.guessed)
        return _read_book(path, name)
    except FileNotFoundError as error:
        raise AnalysisError("file_gone", file=name) from error
    except PermissionError as error:
        raise AnalysisError("file_unreadable", file=name) from error


def _read_book(path: Path, name: str) -> Workbook:
    if extents.kind_of(path, name) == "xlsx":
        seen, found = extents.check_xlsx(path, name), _read_xlsx(path, name)
    else:
        seen, found = extents.check_xls(path, name), xls.read(path, name)
    sheets = tuple(Sheet(sheet, cells, tuple(merged)) for sheet, cells, merged in found)
    return Workbook(name, sheets, seen.epoch_1904, tuple(_notes(name, seen)))


def _notes(name: str, seen: extents.Checked) -> Iterator[Message]:
    """What the reader will show as empty although something stood there."""
    if seen.unvalued:
        yield Message("formula_without_value", file=name, values={"count": seen.unvalued})
    if seen.errors:
        values = {"count": len(seen.errors), "cells": "、".join(seen.errors[:20])}
        yield Message("error_cells", file=name, values=values)


def _read_xlsx(path: Path, name: str) -> list[xls.Read]:
    try:
        with path.open("rb") as stream:  # by content: from_path goes by the file's name
            return xls_process.sheets(CalamineWorkbook.from_filelike(stream))
    except CalamineError as error:
        code = "workbook_encrypted" if "assword" in str(error) else "workbook_damaged"
        raise AnalysisError(code, file=name, detail=str(error)) from error
    except BaseException as error:  # the reader's panics are no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | OSError):
            raise
        raise AnalysisError("workbook_damaged", file=name, detail=str(error)) from error
