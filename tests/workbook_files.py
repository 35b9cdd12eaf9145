"""Makes the workbooks of the tests, as offices keep them and as nobody should."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from analysis.settings import Folders

Rows = Sequence[Sequence[Any]]
COUNTY = "990101"

LEDGER = ("企业名称", "行业领域", "隐患级别", "隐患来源", "隐患描述", "发现日期")
"""The least that a ledger must have."""


def ledger_row(number: int = 1, **changes: Any) -> list[Any]:
    """A row under LEDGER; ``changes`` by header."""
    row = {
        "企业名称": f"示例{number}号厂",
        "行业领域": "工贸",
        "隐患级别": "一般",
        "隐患来源": "部门检查",
        "隐患描述": f"第{number}台设备防护罩缺失",
        "发现日期": "2023-05-26",
    }
    return list((row | changes).values())


def xlsx(
    path: Path,
    sheets: Mapping[str, Rows],
    merged: Mapping[str, Sequence[str]] | None = None,
    epoch_1904: bool = False,
) -> Path:
    """A workbook with the given sheets; ``merged`` lists ranges by sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def xls(path: Path, sheets: Mapping[str, Rows], epoch_1904: bool = False) -> Path:
    """The same in the old binary format."""
    book = xlwt.Workbook()
    book.dates_1904 = epoch_1904
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))
    return path


def csv_file(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    """A CSV file in an encoding."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def with_part(path: Path, name: str, content: bytes) -> Path:
    """The workbook with one part of its package replaced or added."""
    with zipfile.ZipFile(path) as package:
        parts = {entry.filename: package.read(entry) for entry in package.infolist()}
    parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in parts.items():
            package.writestr(part, data)
    return path


def sheet_xml(cells: str, extra: str = "") -> bytes:
    """A sheet's XML around the given rows."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{head}{extra}<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def project(root: Path, counties: str = "990101,示例县,yes\n") -> Folders:
    """An empty project."""
    folders = Folders(
        root, root / "data" / "raw", root / "data" / "processed", root / "reports", root / "notebooks"
    )
    folders.raw.mkdir(parents=True)
    (folders.raw / "counties.csv").write_text(f"code,name,sample\n{counties}", encoding="utf-8")
    return folders
