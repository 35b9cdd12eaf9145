"""One workbook to typed rows: the sheets that hold a table, with what was skipped and what went wrong."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import vocabulary
from analysis.messages import AnalysisError, Message
from analysis.schema import Table
from analysis.sources import cells, headers, ledgers, returns, titles, totals, workbooks
from analysis.sources.cells import Context, Parsed
from analysis.sources.headers import Layout
from analysis.sources.rows import Rows, collect
from analysis.sources.sidecars import IGNORE, FileMapping, FileMappings
from analysis.sources.workbooks import Sheet, Workbook

MAX_UNMATCHED = 30
"""So many columns that match nothing are named with candidates; the rest is counted."""
LINEAGE = ("file", "sheet", "row", "part")


@dataclass(frozen=True)
class SheetRows:
    """A sheet's rows as read: ``cells`` as written and ``parsed`` values, on the same index, with lineage."""

    file: str
    sheet: str | None
    table: Table
    cells: pd.DataFrame
    parsed: Parsed
    skipped_blank: int
    skipped_title: int
    skipped_total: int
    cells_split: int
    personal: dict[str, int]


@dataclass(frozen=True)
class FileRows:
    """All that one workbook gave."""

    sheets: tuple[SheetRows, ...]
    messages: tuple[Message, ...]


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Millions of cells are made, none of them in cycles: looking for some doubles the time of reading."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_collector_at_rest()
def read_file(path: Path, name: str, mappings: FileMappings, year: int) -> FileRows:
    """Read the sheets of a workbook that hold a table.

    Raises:
        AnalysisError: The file cannot be read, no sheet has a recognisable header, or a sheet lacks a
            required column.
    """
    book = workbooks.read(path, name)
    messages = list(book.messages)
    found: list[SheetRows] = []
    skipped: list[Sheet] = []
    ignored = False
    for sheet in book.sheets:
        mapping = mappings.of(name, sheet.name)
        layout = headers.find(sheet, mapping)
        ignored |= mapping.table == IGNORE
        if layout is None:
            skipped.append(sheet)
            continue
        rows, notes = _read_sheet(book, sheet, layout, mapping, year)
        found.append(rows)
        messages += notes
    if not found and not ignored:
        raise _no_header(book)
    messages += [
        _skipped(name, sheet) for sheet in skipped if any(map(any, sheet.cells)) and not _is_form(sheet)
    ]
    return FileRows(tuple(found), tuple(messages))


def _no_header(book: Workbook) -> AnalysisError:
    if not any(any(map(any, sheet.cells)) for sheet in book.sheets):
        return AnalysisError("workbook_empty", file=book.file)
    code = "csv_encoding" if book.guessed_encoding and not _reads_chinese(book) else "header_missing"
    first = next(sheet for sheet in book.sheets if any(map(any, sheet.cells)))
    shown = next(row for row in first.cells if any(row))
    words = "、".join(cells.written(cell) for cell in shown if not cells.is_blank(cell))
    return AnalysisError(code, file=book.file, sheet=first.name, found=words)


def _reads_chinese(book: Workbook) -> bool:
    """Whether a guessed encoding gave words of the field: at least one header that any table knows."""
    known = {
        vocabulary.normalise(form)
        for column in vocabulary.columns()
        for form in (column.header, *column.aliases)
    }
    texts = (
        cell for sheet in book.sheets for row in sheet.cells[:50] for cell in row if isinstance(cell, str)
    )
    return any(vocabulary.normalise(text) in known for text in texts)


def _is_form(sheet: Sheet) -> bool:
    """Whether a sheet is the notes or the lists of the package's own workbook."""
    return vocabulary.normalise(sheet.name or "") in vocabulary.lookup("form_sheet")


def _skipped(name: str, sheet: Sheet) -> Message:
    count = sum(1 for row in sheet.cells if any(row))
    return Message("sheet_skipped", name, sheet.name, values={"count": count})


def _read_sheet(
    book: Workbook, sheet: Sheet, layout: Layout, mapping: FileMapping, year: int
) -> tuple[SheetRows, list[Message]]:
    places = titles.texts(book.file, sheet, layout)
    layout = _with_units(layout, titles.money_unit(places))
    context = Context(year, book.epoch_1904)
    constants, notes = _constants(book.file, sheet, layout, mapping, places)
    layout = _with_indicator(_cumulative_title(layout, places), book.file, sheet, places)
    rows = _with_written_units(collect(sheet, layout))
    notes += totals.check(rows, layout, book.file, sheet.name, context)
    frame, split, more = _reshape(rows, layout, book.file, sheet.name)
    table = frame.drop(columns=[*LINEAGE], errors="ignore").assign(**constants).astype(object)
    frame = pd.concat([table, frame[[name for name in LINEAGE if name in frame]]], axis=1)
    parsed = cells.parse(table, layout.table, context)
    result = SheetRows(
        book.file,
        sheet.name,
        layout.table,  # type: ignore[arg-type]
        frame,
        parsed,
        rows.skipped_blank,
        rows.skipped_title,
        len(rows.totals),
        split,
        _added(rows.personal, parsed.personal),
    )
    return result, [*_header_notes(book.file, sheet, layout), *notes, *more, *_flag_notes(result)]


def _reshape(
    rows: Rows, layout: Layout, file: str, sheet: str | None
) -> tuple[pd.DataFrame, int, list[Message]]:
    """Cells with a column per column of the table and their lineage; a new index from 0."""
    split, notes = 0, []
    if layout.table == "enforcement":
        found = returns.long(rows)
        frame = found.frame
        notes = [
            Message("item_unknown", file, sheet, row, values={"label": label}) for row, label in found.unknown
        ]
    else:
        frame = rows.frame.set_axis([str(bound.column) for bound in rows.bounds], axis=1)
    frame = frame.assign(row=frame.index.astype("int64")).reset_index(drop=True)
    if layout.table == "hazards":
        frame, split = ledgers.split_numbered(frame)
        frame = frame.reset_index(drop=True)
    return frame.assign(file=file, sheet=sheet), split, notes


def _constants(
    file: str, sheet: Sheet, layout: Layout, mapping: FileMapping, places: list[str]
) -> tuple[dict[str, Any], list[Message]]:
    """Values that hold for all rows: of the mapping, the month of a title, what a title implies."""
    constants: dict[str, Any] = dict(mapping.constants)
    notes: list[Message] = []
    if layout.table == "enforcement" and _needs_month(layout, constants):
        month = titles.month(places)
        if month is None:
            raise AnalysisError("period_missing", file=file, sheet=sheet.name)
        constants["month"] = month.text
    for column in layout.missing(constants):
        if value := titles.implied(column, places):
            constants[column.column] = value
            shown = vocabulary.name(column.type, value)
            values: dict[str, object] = {"column": column.header, "value": shown}
            notes.append(Message("value_from_title", file, sheet.name, values=values))
    missing = [column for column in layout.missing(constants) if not _in_headers(column, layout)]
    if missing:
        raise _required_missing(file, sheet, layout, missing)
    return constants, notes


def _needs_month(layout: Layout, constants: Mapping[str, object]) -> bool:
    in_headers = any(bound.month for bound in layout.bounds)
    return "month" not in layout.columns and "month" not in constants and not in_headers


def _in_headers(column: vocabulary.Column, layout: Layout) -> bool:
    return column.column == "month" and any(bound.month for bound in layout.bounds)


def _required_missing(
    file: str, sheet: Sheet, layout: Layout, missing: list[vocabulary.Column]
) -> AnalysisError:
    first = missing[0]
    near = headers.nearest_headers(first, layout) or [bound.header for bound in layout.unmatched][:5]
    example = near[0] if near else "…"
    return AnalysisError(
        "column_required_missing",
        file=file,
        sheet=sheet.name,
        row=layout.top + 1,
        columns="、".join(f"{column.header}（{column.column}）" for column in missing),
        candidates="、".join(near) or "—",
        line=f'files: {{"{Path(file).name}": {{columns: {{"{example}": {first.column}}}}}}}',
    )


def _with_units(layout: Layout, title_unit: str | None) -> Layout:
    """Columns of money without a unit of their own take the title's."""
    if not title_unit:
        return layout
    money = {column.column for column in vocabulary.columns(layout.table) if column.type == "money"}
    bounds = (
        replace(bound, unit=bound.unit or title_unit) if bound.column in money else bound
        for bound in layout.bounds
    )
    return replace(layout, bounds=tuple(bounds))


def _with_indicator(layout: Layout, file: str, sheet: Sheet, places: list[str]) -> Layout:
    """Columns that are months and nothing else count what the title names."""
    has_item = headers.ITEM in layout.columns
    if has_item or all(bound.column for bound in layout.bounds):
        return layout
    column = titles.indicator(places)
    if column is None:
        raise AnalysisError("indicator_missing", file=file, sheet=sheet.name, row=layout.top + 1)
    bounds = (replace(bound, column=bound.column or column) for bound in layout.bounds)
    return replace(layout, bounds=tuple(bounds))


def _cumulative_title(layout: Layout, places: list[str]) -> Layout:
    """A return whose title says 1-6月 or 累计 is cumulative, where its headers do not say otherwise."""
    if layout.table != "enforcement" or not _needs_month(layout, {}):
        return layout
    month = titles.month(places)
    marked = any(bound.cumulative for bound in layout.bounds)
    if month is None or not month.cumulative or marked:
        return layout
    bounds = (
        replace(bound, cumulative=bool(bound.column and headers.is_measure(bound.column)))
        for bound in layout.bounds
    )
    return replace(layout, bounds=tuple(bounds))


def _with_written_units(rows: Rows) -> Rows:
    """Plain numbers under a header in 万元 get that unit written behind them: a cell says what it is."""
    frame, totals = rows.frame.copy(), rows.totals.copy()
    for place, bound in enumerate(rows.bounds):
        if cells.multiplies(bound.unit):
            for cells_of in (frame, totals):
                written = [cells.with_unit(cell, bound.unit) for cell in cells_of[place]]
                cells_of[place] = pd.Series(written, index=cells_of.index, dtype=object)
    return replace(rows, frame=frame, totals=totals)


def _header_notes(file: str, sheet: Sheet, layout: Layout) -> list[Message]:
    """What each header that is not used is most like."""
    row = layout.top + layout.height
    notes = [
        Message(
            "column_unmatched",
            file,
            sheet.name,
            row,
            bound.header,
            {
                "candidates": "、".join(headers.nearest(layout.table, bound.header)) or "—",
                "header": bound.header,
            },
        )
        for bound in layout.unmatched[:MAX_UNMATCHED]
    ]
    if (more := len(layout.unmatched) - MAX_UNMATCHED) > 0:
        notes.append(Message("columns_unmatched_more", file, sheet.name, row, values={"count": more}))
    notes += [
        Message("column_repeated", file, sheet.name, row, bound.header, {"column": bound.column})
        for bound in layout.repeated
    ]
    return notes


def _flag_notes(found: SheetRows) -> list[Message]:
    """One note for each column of credit codes that fail their check; the rows are kept without the code."""
    notes = []
    for column, group in found.parsed.flags.groupby("column", sort=True):
        rows = found.cells["row"].loc[group["index"]]
        values = {"count": len(group), "rows": "、".join(str(row) for row in rows.head(20))}
        notes.append(
            Message("credit_code_invalid", found.file, found.sheet, int(rows.iloc[0]), str(column), values)
        )
    return notes


def _added(first: dict[str, int], second: dict[str, int]) -> dict[str, int]:
    names = sorted({*first, *second})
    return {name: first.get(name, 0) + second.get(name, 0) for name in names}
