"""The workbook that offices fill in: what it offers and checks is what the readers take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from analysis import prepare, template, vocabulary
from analysis.messages import AnalysisError
from analysis.schema import RAW_TABLES
from analysis.settings import Folders
from analysis.sources import scoring_sheets
from analysis.sources.cells import Context, Problem, parse_value
from analysis.store import Store

YEAR = 2025
COUNTY = "990199"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    raw = tmp_path / "县 数据" / "raw"
    raw.mkdir(parents=True)
    (raw / "counties.csv").write_text(f"code,name,sample\n{COUNTY},甲县,no\n", encoding="utf-8")
    return Folders.find(raw=raw, processed=tmp_path / "processed", reports=tmp_path / "reports")


def tables(book: openpyxl.Workbook) -> Iterator[tuple[str, Worksheet]]:
    yield from ((table, book[vocabulary.name("table", table)]) for table in RAW_TABLES)


def test_the_example_rows_count_for_nothing_as_they_are(folders: Folders) -> None:
    """An example that is left in the workbook must never become a hazard of the county."""
    template.new_year(folders, YEAR)
    prepared = prepare.prepare_year(folders, YEAR)
    assert [tally.read for one in prepared for tally in one.tallies] == [0] * len(RAW_TABLES)


def test_what_the_workbook_makes_loads_with_nothing_quarantined(folders: Folders) -> None:
    """The example rows, taken as an office's own, are rows that break no rule."""
    workbook = template.new_year(folders, YEAR)[0]
    book = openpyxl.load_workbook(workbook)
    for _, sheet in tables(book):
        sheet["A2"] = 1
    book.save(workbook)
    (prepared,) = prepare.prepare_year(folders, YEAR)
    assert {tally.table: (tally.read, tally.kept) for tally in prepared.tallies} == dict.fromkeys(
        RAW_TABLES, (1, 1)
    )
    assert [message.text() for message in prepared.messages] == []
    hazards = Store(folders.processed).rows("hazards", [YEAR], COUNTY)
    assert hazards[["level", "source"]].to_numpy().tolist() == [["general", "self_reported"]]
    assert hazards["due_on"].tolist() == [pd.Timestamp(YEAR, 1, 15)], "立即整改: due on the day it was found"


def test_the_example_of_a_scoring_sheet_counts_for_nothing_until_its_marks_are_taken_away(
    folders: Folders,
) -> None:
    """As it lies there it has no rule; uncommented by hand it is a sheet that is read."""
    rules = template.new_year(folders, YEAR)[2]
    assert scoring_sheets.read([(rules, rules.name)]) == ()
    lines = rules.read_text(encoding="utf-8").splitlines()[1:]
    rules.write_text("\n".join(line.removeprefix("# ") for line in lines), encoding="utf-8")
    (sheet,) = scoring_sheets.read([(rules, rules.name)])
    assert (sheet.subject, len(sheet.items), sheet.full_marks) == ("township", 2, 100)


def test_every_choice_of_a_drop_down_is_one_that_is_read(folders: Folders) -> None:
    book = openpyxl.load_workbook(template.new_year(folders, YEAR)[0])
    offered = 0
    for table, sheet in tables(book):
        headers = {column.header: column for column in vocabulary.columns(table)}
        for rule in sheet.data_validations.dataValidation:
            if rule.type == "list":
                column = headers[str(sheet.cell(1, next(iter(rule.sqref.ranges)).min_col).value)]
                for choice in choices(book, rule.formula1):
                    read = parse_value(choice, table, column.column, Context(YEAR))
                    assert read is not None, (table, column.column, choice)
                    assert not isinstance(read, Problem), (table, column.column, choice)
                    offered += 1
    assert offered > 100


def choices(book: openpyxl.Workbook, formula: str) -> list[str]:
    if formula.startswith('"'):
        return formula.strip('"').split(",")
    sheet, area = book.defined_names[formula.removeprefix("=")].attr_text.split("!")
    return [str(row[0].value) for row in book[sheet.strip("'")][area.replace("$", "")]]


def test_days_numbers_and_codes_are_checked_as_they_are_typed(folders: Folders) -> None:
    book = openpyxl.load_workbook(template.new_year(folders, YEAR)[0])
    expected = {
        "date": "date",
        "moment": "date",
        "integer": "whole",
        "money": "decimal",
        "credit_code": "textLength",
    }
    for table, sheet in tables(book):
        kinds = {
            str(sheet.cell(1, next(iter(rule.sqref.ranges)).min_col).value): rule.type
            for rule in sheet.data_validations.dataValidation
        }
        for column in vocabulary.columns(table):
            if column.origin == "file" and column.type in expected:
                assert kinds.get(column.header) == expected[column.type], (table, column.header)


def test_every_header_has_a_note_with_its_definition(folders: Folders) -> None:
    book = openpyxl.load_workbook(template.new_year(folders, YEAR)[0])
    for table, sheet in tables(book):
        definitions = {column.header: column.definition for column in vocabulary.columns(table)}
        for cell in sheet[1][1:]:
            assert cell.comment is not None
            assert definitions[cell.value] in cell.comment.text


def test_a_filled_in_workbook_is_never_written_over(folders: Folders, tmp_path: Path) -> None:
    file = tmp_path / "表.xlsx"
    file.write_bytes(b"mine")
    with pytest.raises(AnalysisError, match=r"表\.xlsx"):
        template.write(file, YEAR)
    assert file.read_bytes() == b"mine"
    template.new_year(folders, YEAR)
    with pytest.raises(AnalysisError, match="2025"):
        template.new_year(folders, YEAR)


def test_several_counties_get_a_folder_each(folders: Folders) -> None:
    with (folders.raw / "counties.csv").open("a", encoding="utf-8") as file:
        file.write("990198,乙县,no\n")
    template.new_year(folders, YEAR)
    assert sorted(path.name for path in (folders.raw / str(YEAR)).iterdir()) == ["乙县", "甲县"]
    assert len(prepare.prepare_year(folders, YEAR)) == 2
