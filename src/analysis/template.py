"""The workbook that an office fills in, and a new year's folder with it.

A sheet per table, with drop-downs, checked cells and an example row. Headers, notes, lists and examples come
from the vocabulary, so that what the workbook offers is what the readers take.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis import raw, vocabulary
from analysis.messages import AnalysisError
from analysis.publish import publish
from analysis.schema import RAW_TABLES, Table
from analysis.settings import Folders
from analysis.sources import targets
from analysis.sources.sidecars import About
from analysis.vocabulary import Column

ROWS = 5000
"""Rows below the header that are checked and offer their lists; more can be filled in without that."""
MAX_RULE = 255
"""Characters that a list within a rule may have."""
SERIAL = "serial"
WIDTHS = {"text": 18, "description": 40, "enterprise": 28, "sector": 22}
_MONTHS = tuple(f"{month}月" for month in range(1, 13))
_HEADER_FILL = PatternFill("solid", fgColor="FFD9E2EC")
_REQUIRED_FILL = PatternFill("solid", fgColor="FFFCE4B8")
_EXAMPLE_FONT = Font(italic=True, color="FF7F7F7F")
_FORMATS = {
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "deadline": "yyyy-mm-dd",
    "money": "#,##0.00",
    "integer": "0",
}


def write(path: Path, year: int) -> Path:
    """Put an empty workbook for a year's entries at ``path``.

    Args:
        path: An .xlsx file that does not exist yet: one that was filled in is never written over.
        year: The year of the example rows' days.

    Raises:
        AnalysisError: ``template_suffix`` or ``template_exists``.
    """
    if path.suffix.lower() != ".xlsx":
        raise AnalysisError("template_suffix", file=path.name)
    if path.exists():
        raise AnalysisError("template_exists", file=path.name)
    return publish(path, _workbook(year).save)


def new_year(folders: Folders, year: int) -> list[Path]:
    """Make a year's raw folder, for each county where there are several, with its workbook, about.yaml
    and the scoring sheet's example, in which every line is a comment.

    Raises:
        AnalysisError: ``new_year_exists`` where the folder holds files already; see also ``raw.counties``.
    """
    home = folders.raw / str(year)
    counties = raw.counties(folders)
    if home.exists() and any(home.iterdir()):
        raise AnalysisError("new_year_exists", file=str(year), year=year)
    places = [home] if len(counties) < 2 else [home / county.name for county in counties.values()]
    return [path for place in places for path in _fill(place, year)]


def _fill(place: Path, year: int) -> tuple[Path, ...]:
    workbook = place / vocabulary.name("form_word", "file").format(year=year)
    keys = ((key, vocabulary.name("form_about", key)) for key in (field.name for field in fields(About)))
    about = "".join(f"# {note.format(year=year)}\n{key}:\n" for key, note in keys)
    rules = "".join(f"# {line}\n" for line in vocabulary.assessment_example())
    return (
        write(workbook, year),
        publish(place / "about.yaml", about),
        publish(place / "assessment.yaml", rules),
    )


def _workbook(year: int) -> Workbook:
    book = Workbook()
    _add_notes(book)
    for table in RAW_TABLES:
        _add_table(book, table, year)
    _add_choices(book)
    return book


def _add_notes(book: Workbook) -> None:
    """The first sheet says how to fill in the others; it holds no data."""
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one sheet
    sheet.title = vocabulary.name("form_sheet", "notes")
    for row, text in enumerate(vocabulary.values("form_note").values(), 1):
        cell = sheet.cell(row, 1, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 100


def _add_table(book: Workbook, table: Table, year: int) -> None:
    sheet = book.create_sheet(vocabulary.name("table", table))
    for number, column in enumerate(_columns(table), 1):
        _add_header(sheet, number, column)
        _check_cells(sheet, number, column)
        _add_example(sheet, number, column, year)
    sheet.freeze_panes = "A2"


def _columns(table: Table) -> Iterator[Column]:
    """A serial number, which the example row uses to say what it is, and the table's own columns."""
    yield next(column for column in vocabulary.columns("*") if column.column == SERIAL)
    yield from (column for column in vocabulary.columns(table) if column.origin == "file")


def _add_header(sheet: Worksheet, number: int, column: Column) -> None:
    cell = sheet.cell(1, number, column.header)
    cell.font = Font(bold=True)
    cell.fill = _REQUIRED_FILL if column.required else _HEADER_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    cell.comment = Comment(_note(column), "", width=260, height=120)
    width = WIDTHS.get(column.column) or WIDTHS.get(column.type) or 14
    sheet.column_dimensions[get_column_letter(number)].width = width


def _note(column: Column) -> str:
    """What belongs into a column, whether it must be there, and in which form."""
    need = vocabulary.name("form_word", "required" if column.required else "optional")
    form = vocabulary.values("form_type").get(column.type, "")
    if _choices(column.type):
        form = vocabulary.name("form_word", "choose")
    return "\n".join(part for part in (column.definition, need, form) if part)


def _choices(kind: str) -> tuple[str, ...]:
    """What a drop-down offers for a type; nothing for types that are written freely."""
    if kind == "sector":
        return tuple(sector.name_zh for sector in vocabulary.sectors().values() if sector.kind != "total")
    if kind == "campaign":
        return tuple(c.name_zh for c in vocabulary.campaigns().values() if c.kind == "campaign")
    if kind == "indicator":
        return tuple(vocabulary.indicators()[code].name_zh for code in sorted(targets.measurable()))
    if kind == "month":
        return _MONTHS
    return tuple(vocabulary.values(kind).values()) if kind in vocabulary.value_lists() else ()


def _check_cells(sheet: Worksheet, number: int, column: Column) -> None:
    """Lists, days, numbers and codes are checked as they are typed."""
    letter = get_column_letter(number)
    area = f"{letter}2:{letter}{ROWS}"
    if rule := _rule(column.type):
        rule.error = _note(column)
        rule.errorTitle = column.header[:30]
        sheet.add_data_validation(rule)
        rule.add(area)
    number_format = "@" if column.type in ("text", "credit_code") else _FORMATS.get(column.type)
    if number_format:
        sheet.column_dimensions[letter].number_format = number_format


def _rule(kind: str) -> DataValidation | None:
    """What a cell of a type may hold; a deadline may also be words (立即整改), so it is not checked."""
    if _choices(kind):
        return DataValidation(type="list", formula1=_list_of(kind), allow_blank=True)
    if kind in ("date", "moment"):
        days = (date(2000, 1, 1), date(2100, 12, 31))
        first, last = (f"DATE({day.year},{day.month},{day.day})" for day in days)
        return DataValidation(
            type="date", operator="between", formula1=first, formula2=last, allow_blank=True
        )
    if kind == "integer":
        return DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    if kind == "money":
        return DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    if kind == "credit_code":
        return DataValidation(type="textLength", operator="equal", formula1="18", allow_blank=True)
    return None


def _add_example(sheet: Worksheet, number: int, column: Column, year: int) -> None:
    cell = sheet.cell(2, number, _example(column, year))
    cell.font = _EXAMPLE_FONT


def _example(column: Column, year: int) -> str | int | date | datetime | None:
    if column.column == SERIAL:
        return vocabulary.name("example_row", "example")
    if given := vocabulary.examples().get((column.table, column.column)):
        return given
    if column.type == "date":
        return date(year, 1, 15) if column.required else None
    if column.type == "moment":
        return datetime(year, 1, 15, 8, 30)
    if column.type in ("integer", "money"):
        return 1
    chosen = _choices(column.type) if column.required or column.type == "sector" else ()
    return chosen[0] if chosen else None


def _add_choices(book: Workbook) -> None:
    """The long lists of the drop-downs, on a hidden sheet."""
    sheet = book.create_sheet(vocabulary.name("form_sheet", "choices"))
    sheet.sheet_state = "hidden"
    kinds = {column.type for table in RAW_TABLES for column in _columns(table)}
    for number, kind in enumerate(sorted(kind for kind in kinds if _is_long(kind)), 1):
        letter = get_column_letter(number)
        for row, text in enumerate(_choices(kind), 1):
            sheet.cell(row, number, text)
        area = f"{quote_sheetname(sheet.title)}!${letter}$1:${letter}${len(_choices(kind))}"
        book.defined_names[_list_name(kind)] = DefinedName(_list_name(kind), attr_text=area)


def _list_of(kind: str) -> str:
    """The list itself where it is short, else the name of its place."""
    return f"={_list_name(kind)}" if _is_long(kind) else f'"{",".join(_choices(kind))}"'


def _is_long(kind: str) -> bool:
    """Whether a list does not fit into a rule, which holds 255 characters."""
    return len(",".join(_choices(kind))) > MAX_RULE


def _list_name(kind: str) -> str:
    return f"list_{kind}"
