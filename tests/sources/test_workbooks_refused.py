"""Files that must not be read, or not as they pretend: one message each, no traceback, no hang, no flood."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis.messages import AnalysisError, catalogue
from analysis.sources import extents, workbooks
from analysis.sources.sheets import read_file
from analysis.sources.sidecars import FileMappings
from tests.workbook_files import LEDGER, csv_file, ledger_row, sheet_xml, with_part, xls, xlsx

SHEET = "xl/worksheets/sheet1.xml"
GOOD = [LEDGER, ledger_row(1)]


def read(path: Path) -> Any:
    return read_file(path, f"2023/{path.name}", FileMappings(), 2023)


def refusal(path: Path) -> str:
    """The code of the message with which a file is refused; it names the file and says what to do."""
    with pytest.raises(AnalysisError) as caught:
        read(path)
    message = caught.value.message
    assert message.file == f"2023/{path.name}"
    assert catalogue()[message.code].action_zh
    return message.code


def good(path: Path) -> Path:
    return xlsx(path, {"台账": GOOD})


def binary(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def cell(reference: str, text: str = "x") -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def bomb(path: Path) -> Path:
    """More blanks than the limit, packed a thousand to one, written without ever being whole."""
    good(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        info = zipfile.ZipInfo("xl/worksheets/sheet2.xml")
        info.compress_type = zipfile.ZIP_DEFLATED
        with package.open(info, "w") as stream:
            for _ in range(31):
                stream.write(b" " * 10_000_000)
    return path


def lying(path: Path) -> Path:
    """A sheet whose directory entry declares a few bytes of what unpacks to many."""
    good(path)
    with_part(path, SHEET, sheet_xml(" " * 5_000_000))
    content = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        size = package.getinfo(SHEET).file_size
    return binary(path, content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))


def _zip(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def _wide_xls(path: Path) -> Path:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    sheet.write(0, 0, "a")
    sheet.write(65_535, 255, "b")
    book.save(str(path))
    return path


REFUSED: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "empty xlsx": ("a.xlsx", lambda p: binary(p, b""), "workbook_empty"),
    "empty csv": ("a.csv", lambda p: binary(p, b""), "workbook_empty"),
    "blank csv": ("a.csv", lambda p: binary(p, b"\r\n \r\n"), "workbook_empty"),
    "workbook of empty sheets": ("a.xlsx", lambda p: xlsx(p, {"s": []}), "workbook_empty"),
    "text named xlsx": ("a.xlsx", lambda p: binary(p, "企业名称".encode()), "workbook_not_one"),
    "picture named xls": ("a.xls", lambda p: binary(p, b"\x89PNG\r\n\x1a\n" * 9), "workbook_not_one"),
    "web page named xls": ("a.xls", lambda p: binary(p, b"<html><table></table></html>"), "workbook_not_one"),
    "truncated": ("a.xlsx", lambda p: binary(p, good(p).read_bytes()[:2000]), "workbook_damaged"),
    "half an xls": (
        "a.xls",
        lambda p: binary(p, xls(p, {"s": GOOD}).read_bytes()[:1500]),
        "workbook_damaged",
    ),
    "zip that is no workbook": ("a.xlsx", lambda p: _zip(p, {"a.txt": b"x"}), "workbook_damaged"),
    "encrypted": (
        "a.xlsx",
        lambda p: binary(
            p, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
        ),
        "workbook_encrypted",
    ),
    "zip bomb": ("a.xlsx", bomb, "workbook_bomb"),
    "declares less than it is": ("a.xlsx", lying, "workbook_damaged"),
    "entities": (
        "a.xlsx",
        lambda p: with_part(good(p), SHEET, sheet_xml("", '<!DOCTYPE x [<!ENTITY a "b">]>')),
        "workbook_entities",
    ),
    "A1 and XFD1048576": (
        "a.xlsx",
        lambda p: with_part(
            good(p),
            SHEET,
            sheet_xml(f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row>'),
        ),
        "sheet_too_wide",
    ),
    "A1 and Z1048576": (
        "a.xlsx",
        lambda p: with_part(
            good(p),
            SHEET,
            sheet_xml(f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("Z1048576")}</row>'),
        ),
        "sheet_too_wide",
    ),
    "xls A1 and IV65536": ("a.xls", _wide_xls, "sheet_too_wide"),
    "no header": ("a.xlsx", lambda p: xlsx(p, {"s": [["甲", "乙"], [1, 2]]}), "header_missing"),
    "sheets of numbers": ("a.xlsx", lambda p: xlsx(p, {"s": [[1, 2, 3]] * 40}), "header_missing"),
    "big5 csv": ("a.csv", lambda p: csv_file(p, [["企業名稱", "隱患描述"]], "big5"), "csv_encoding"),
    "shift-jis csv": (
        "a.csv",
        lambda p: csv_file(p, [["企業名", "危険の説明"]], "shift-jis"),
        "csv_encoding",
    ),
    "binary csv": ("a.csv", lambda p: binary(p, bytes(range(128, 256)) * 4), "csv_encoding"),
    "nul in csv": ("a.csv", lambda p: binary(p, "企业名称,隐患\0描述\n".encode()), "csv_nul"),
    "mixed encodings": (
        "a.csv",
        lambda p: binary(p, "企业名称,隐患描述\n甲厂,破损\n".encode() + "乙厂,破损\n".encode("gb18030")),
        "csv_mixed_encoding",
    ),
    "unbalanced quotes": (
        "a.csv",
        lambda p: binary(p, '企业名称,隐患描述\n甲厂,"破损\n乙厂,破损\n'.encode()),
        "csv_quotes",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_one_message(tmp_path: Path, name: str) -> None:
    file, make, code = REFUSED[name]
    assert refusal(make(tmp_path / file)) == code


def test_a_bomb_is_refused_by_what_it_declares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is unpacked before the declared sizes are added up."""
    path = bomb(tmp_path / "a.xlsx")
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    assert refusal(path) == "workbook_bomb"


def test_a_reader_that_panics_is_a_damaged_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rust panics arrive as BaseException, which `except Exception` lets through."""

    class PanicError(BaseException):
        pass

    def panic(*_: object) -> None:
        raise PanicError("index out of bounds")

    monkeypatch.setattr(workbooks.CalamineWorkbook, "from_filelike", panic)
    assert refusal(good(tmp_path / "a.xlsx")) == "workbook_damaged"


def test_the_name_of_a_file_does_not_say_what_it_is(tmp_path: Path) -> None:
    """A new workbook named .xls, as WPS leaves behind, loads."""
    assert len(read(good(tmp_path / "a.xlsx").rename(tmp_path / "a.xls")).sheets[0].cells) == 1


def test_macros_and_external_links_are_not_touched(tmp_path: Path) -> None:
    path = with_part(good(tmp_path / "a.xlsm"), "xl/vbaProject.bin", b"\0" * 100)
    with_part(path, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    assert len(read(path).sheets[0].cells) == 1


def test_formulas_without_a_stored_result_are_told(tmp_path: Path) -> None:
    rows = [[*LEDGER, "整改期限"], [*ledger_row(1), "=F2+7"], [*ledger_row(2), "=F3+7"]]
    found = read(xlsx(tmp_path / "a.xlsx", {"s": rows}))
    told = next(message for message in found.messages if message.code == "formula_without_value")
    assert told.values == {"count": 2}


def test_error_cells_are_told_with_their_place(tmp_path: Path) -> None:
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [[*LEDGER, "整改期限"], [*ledger_row(1), "#REF!"]]}))
    told = next(message for message in found.messages if message.code == "error_cells")
    assert told.values == {"count": 1, "cells": "G2"}


def test_a_million_blank_rows_are_read_as_what_they_hold(tmp_path: Path) -> None:
    path = good(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as package:
        content = package.read(SHEET)
    blank = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 200_000))
    blank += b'<row r="1048576"><c r="AZ1048576" s="0"/></row>'
    with_part(path, SHEET, content.replace(b"</sheetData>", blank + b"</sheetData>"))
    assert len(read(path).sheets[0].cells) == 1


def test_a_header_of_all_16384_columns_loads(tmp_path: Path) -> None:
    rows = [[*LEDGER, *(f"备用{n}" for n in range(16_384 - len(LEDGER)))], ledger_row(1)]
    found = read(xlsx(tmp_path / "a.xlsx", {"s": rows}))
    assert len(found.sheets[0].cells) == 1


def test_cells_that_lie_about_their_reference_do_not_pass_the_limit(tmp_path: Path) -> None:
    """The bound on columns is proved by search, not taken from the sheet's own dimension."""
    xml = sheet_xml(
        f'<row r="1">{cell("A1")}</row>' + f'<row r="900000">{cell("A900000")}{cell("QQ900000")}</row>'
    )
    path = with_part(
        good(tmp_path / "a.xlsx"), SHEET, xml.replace(b"<sheetData>", b'<dimension ref="A1:B2"/><sheetData>')
    )
    assert refusal(path) == "sheet_too_wide"


def test_the_limit_is_not_met_by_a_large_ledger(tmp_path: Path) -> None:
    """100,000 rows of 15 columns, the size that offices of a whole city reach."""
    assert extents.MAX_CELLS > 100_000 * 15 * 3


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "{{7*7}}", "a" * 180, "名" * 200],
)
def test_hostile_names_are_only_names(tmp_path: Path, name: str) -> None:
    found = read(
        xlsx(
            tmp_path / "a.xlsx", {"s": [LEDGER, ["'" + name if name[0] == "=" else name, *ledger_row(1)[1:]]]}
        )
    )
    assert found.sheets[0].parsed.frame["enterprise"].iloc[0].endswith(name)


def test_a_name_of_ten_thousand_characters_is_quarantined(tmp_path: Path) -> None:
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [LEDGER, ledger_row(1, 企业名称="长" * 10_000)]}))
    assert found.sheets[0].parsed.problems["reason"].to_list() == ["text_too_long"]


def test_invisible_characters_are_taken_out_of_text(tmp_path: Path) -> None:
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [LEDGER, ledger_row(1, 企业名称="甲\u200b厂\u202e\ufeff")]}))
    assert found.sheets[0].parsed.frame["enterprise"].to_list() == ["甲厂"]


def test_a_row_merged_as_a_whole_is_one_row(tmp_path: Path) -> None:
    areas = [f"{chr(65 + n)}2:{chr(65 + n)}3" for n in range(6)]
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [LEDGER, ledger_row(1), [], ledger_row(2)]}, {"s": areas}))
    assert found.sheets[0].cells["row"].to_list() == [2, 4]


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    path = good(tmp_path / "a.xlsx")
    path.chmod(0)
    assert refusal(path) == "file_unreadable"


def test_a_vanished_file_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a.xlsx") == "file_gone"
    assert refusal(tmp_path / "a.csv") == "file_gone"


def test_a_chart_sheet_is_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in GOOD:
        book.active.append(row)
    book.create_chartsheet("图")
    book.save(tmp_path / "a.xlsx")
    assert len(read(tmp_path / "a.xlsx").sheets) == 1
