"""Workbooks and CSV files as bytes that repeat exactly: no time of writing, no order of chance."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlwt
from docx import Document
from openpyxl import Workbook

WRITTEN = datetime(2025, 1, 2)
"""The day that stands in all files' properties."""
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms)")


@dataclass(frozen=True)
class SheetCells:
    """A sheet: rows of cells, and merged ranges as ((row, column), (row, column)) from 0, last included."""

    name: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


def xlsx(sheets: Sequence[SheetCells]) -> bytes:
    """An .xlsx workbook."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        target = book.create_sheet(sheet.name)
        for row in sheet.rows:
            target.append([None if cell == "" else cell for cell in row])
        for (top, left), (bottom, right) in sheet.merged:
            target.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
    stream = io.BytesIO()
    book.save(stream)
    return _timeless(stream.getvalue())


def xls(sheets: Sequence[SheetCells]) -> bytes:
    """An .xls workbook (Excel 97)."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for sheet in sheets:
        target = book.add_sheet(sheet.name)
        covered = {(row, column) for (row, column), _ in sheet.merged}
        for (top, left), (bottom, right) in sheet.merged:
            target.write_merge(top, bottom, left, right, sheet.rows[top][left])
        for number, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                if cell != "" and cell is not None and (number, column) not in covered:
                    target.write(number, column, cell, *([day] if isinstance(cell, date) else []))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def delimited(sheet: SheetCells, encoding: str) -> bytes:
    """A CSV file in an office's encoding, with the line ends of Windows."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(sheet.rows)
    return stream.getvalue().encode(encoding)


def docx(text: str) -> bytes:
    """A Word document with a title and one paragraph for each further line."""
    document = Document()
    title, *lines = text.strip().splitlines()
    document.add_heading(title, level=0)
    for line in lines:
        if line.strip():
            document.add_paragraph(line.strip())
    stream = io.BytesIO()
    document.save(stream)
    return _timeless(stream.getvalue())


def _timeless(content: bytes) -> bytes:
    """An Office file without the time of its writing."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as written:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            info = zipfile.ZipInfo(name, (WRITTEN.year, WRITTEN.month, WRITTEN.day, 0, 0, 0))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            stamp = rb"\g<1>" + WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>"
            written.writestr(info, _STAMP.sub(stamp, source.read(name)))
    return target.getvalue()
