"""Workbooks, CSV files, documents and YAML files that are broken, hostile or not what they say."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

from tests.robustness.corpus.case import Case, ledger_text, row, written
from tests.sources.test_workbooks_refused import REFUSED, SHEET, bomb, cell, good
from tests.workbook_files import LEDGER, sheet_xml, with_part, xls, xlsx

GOOD = ledger_text(row())
_HTML = "<html><body>{}</body></html>"
_BOMB_XML = (
    '<!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


def looped(path: Path) -> None:
    """An old workbook whose table of sectors leads each one back to itself."""
    content = bytearray(xls(path, {"s": [LEDGER, row()]}).read_bytes())
    (table,) = struct.unpack_from("<I", content, 76)
    start = 512 * (table + 1)
    content[start : start + 512] = struct.pack("<128I", *range(128))
    path.write_bytes(content)


def cut(share: float, old: bool = False) -> Callable[[Path], object]:
    """A workbook of which only the first part arrived."""

    def make(path: Path) -> object:
        whole = (xls(path, {"s": [LEDGER, row()]}) if old else good(path)).read_bytes()
        return path.write_bytes(whole[: int(len(whole) * share)])

    return make


def flipped(share: float) -> Callable[[Path], object]:
    """A workbook with sixteen bytes spoiled at a place."""

    def make(path: Path) -> object:
        content = bytearray(good(path).read_bytes())
        at = int(len(content) * share)
        content[at : at + 16] = bytes(byte ^ 0xFF for byte in content[at : at + 16])
        return path.write_bytes(bytes(content))

    return make


def part(name: str, content: bytes) -> Callable[[Path], object]:
    """A sound workbook with one part replaced or added."""
    return lambda path: with_part(good(path), name, content)


def without(name: str) -> Callable[[Path], object]:
    """A sound workbook that lacks one part."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(good(path)) as package:
            parts = {entry: package.read(entry) for entry in package.namelist() if entry != name}
        with zipfile.ZipFile(path, "w") as package:
            for entry, content in parts.items():
                package.writestr(entry, content)

    return make


def declared(size: int) -> Callable[[Path], object]:
    """A small package whose directory declares many gigabytes, and holds nothing of the kind."""

    def make(path: Path) -> None:
        count = size // 4_000_000_000 + 1
        good(path)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
            for number in range(count):
                package.writestr(f"xl/media/{number}.bin", b"\0" * 100)
        content = path.read_bytes()
        for number in range(count):
            name = f"xl/media/{number}.bin".encode()
            at = content.rindex(name) - 46
            content = content[: at + 24] + (4_000_000_000).to_bytes(4, "little") + content[at + 28 :]
        path.write_bytes(content)

    return make


def rows_xml(text: str) -> Callable[[Path], object]:
    """A workbook whose sheet is this XML."""
    return part(SHEET, sheet_xml(text))


def _million_blank(path: Path) -> object:
    with zipfile.ZipFile(good(path)) as package:
        content = package.read(SHEET)
    blank = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 1_000_000))
    return with_part(path, SHEET, content.replace(b"</sheetData>", blank + b"</sheetData>"))


def _wide(columns: int, rows: int) -> Callable[[Path], object]:
    header = [*LEDGER, *(f"备用{n}" for n in range(columns - len(LEDGER)))]
    return lambda path: xlsx(path, {"台账": [header, *([row()] * rows)]})


def _merged(path: Path) -> object:
    table = [LEDGER, *(row(企业名称=f"示例{n}号厂") for n in range(20))]
    areas = [f"{letter}{n}:{letter}{n + 1}" for letter in "ABCDEF" for n in range(2, 20, 2)]
    return xlsx(path, {"台账": table}, {"台账": areas})


def _merged_whole(path: Path) -> object:
    return xlsx(path, {"台账": [LEDGER, row()]}, {"台账": ["A1:F2"]})


def _formulas(path: Path) -> object:
    return xlsx(path, {"台账": [LEDGER, row(发现日期="=DATE(2023,5,26)")]})


def _many_sheets(path: Path) -> object:
    return xlsx(path, {f"第{n}页": [LEDGER, row(企业名称=f"示例{n}号厂")] for n in range(30)})


def _hidden(path: Path) -> object:
    book = openpyxl.load_workbook(good(path))
    book.create_sheet("空").sheet_state = "hidden"
    return book.save(path)


def _million_lines(path: Path) -> object:
    return path.write_text(GOOD + ",,,,,\r\n" * 700_000, encoding="utf-8")


def _link(target: str) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _word(content: bytes | None) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        import docx

        docx.Document().save(str(path))
        if content is not None:
            with_part(path, "word/document.xml", content)

    return make


def _word_bomb(path: Path) -> None:
    _word(None)(path)
    bomb_path = path.with_suffix(".part")
    with zipfile.ZipFile(bomb(bomb_path)) as package:
        package.close()
    bomb_path.rename(path)


_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ENTITIES = (
    f'{_BOMB_XML}<w:document xmlns:w="{_SPACE}"><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body>'
    "</w:document>"
).encode()

WORKBOOKS: list[Case] = [
    *(Case(f"refused: {name}", file, make, "refused", code) for name, (file, make, code) in REFUSED.items()),
    *(
        Case(f"first {share:.0%} of a workbook", "a.xlsx", cut(share), "refused")
        for share in (0.01, 0.25, 0.5, 0.75, 0.99)
    ),
    *(
        Case(f"first {share:.0%} of an old workbook", "a.xls", cut(share, old=True), "refused")
        for share in (0.01, 0.1, 0.25, 0.5)
    ),
    Case("chains of sectors that lead back", "a.xls", looped, "refused", "workbook_damaged", heavy=True),
    *(
        Case(f"spoiled after {share:.0%}", "a.xlsx", flipped(share), "refused", "workbook_damaged")
        for share in (0.3, 0.7, 0.97)
    ),
    *(
        Case(f"without {name}", "a.xlsx", without(name), "refused")
        for name in ("xl/workbook.xml", SHEET, "xl/_rels/workbook.xml.rels")
    ),
    Case("without styles", "a.xlsx", without("xl/styles.xml"), "loaded"),
    Case("without content types", "a.xlsx", without("[Content_Types].xml"), "loaded"),
    Case("10 GB declared", "a.xlsx", declared(10_000_000_000), "refused", "workbook_bomb"),
    Case(
        "billion laughs in a sheet",
        "a.xlsx",
        part(SHEET, sheet_xml("", _BOMB_XML)),
        "refused",
        "workbook_entities",
    ),
    Case(
        "billion laughs in shared strings",
        "a.xlsx",
        part("xl/sharedStrings.xml", f"{_BOMB_XML}<sst/>".encode()),
        "refused",
        "workbook_entities",
    ),
    Case(
        "an external entity",
        "a.xlsx",
        part("xl/styles.xml", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'),
        "refused",
        "workbook_entities",
    ),
    Case(
        "billion laughs in UTF-16",
        "a.xlsx",
        part(SHEET, f'<?xml version="1.0" encoding="UTF-16"?>{_BOMB_XML}<worksheet/>'.encode("utf-16")),
        "refused",
    ),
    Case("a sheet that is no XML", "a.xlsx", part(SHEET, b"not xml <<<"), "refused"),
    Case("a sheet of deep nesting", "a.xlsx", part(SHEET, sheet_xml("<a>" * 50_000)), "refused"),
    Case(
        "a reference beyond the sheet", "a.xlsx", rows_xml(f'<row r="1">{cell("ZZZZZZ1")}</row>'), "refused"
    ),
    Case("row 0", "a.xlsx", rows_xml(f'<row r="0">{cell("A0")}</row>'), "refused"),
    Case(
        "row 999999999",
        "a.xlsx",
        rows_xml(f'<row r="1">{cell("A1")}</row><row r="999999999">{cell("A999999999")}</row>'),
        "refused",
    ),
    Case(
        "row without a number, cell without a place",
        "a.xlsx",
        rows_xml("<row><c><v>1</v></c></row>"),
        "refused",
        "header_missing",
    ),
    Case(
        "a shared string that is not there",
        "a.xlsx",
        rows_xml('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        "refused",
    ),
    Case("a parameter entity beside macros", "a.xlsm", part("xl/vbaProject.bin", b"<!ENTITY"), "loaded"),
    Case("macros", "a.xlsm", part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 100), "loaded"),
    Case(
        "external links", "a.xlsx", part("xl/externalLinks/externalLink1.xml", b"<externalLink/>"), "loaded"
    ),
    Case("names of parts that are paths", "a.xlsx", part("../../../etc/passwd", b"x"), "loaded"),
    Case("merged everywhere", "a.xlsx", _merged, "loaded"),
    Case("header and rows merged", "a.xlsx", _merged_whole, "refused"),
    Case("formula without a stored result", "a.xlsx", _formulas, "quarantined", "value_missing"),
    Case("thirty sheets", "a.xlsx", _many_sheets, "loaded"),
    Case("a hidden empty sheet", "a.xlsx", _hidden, "loaded"),
    Case("16384 columns", "a.xlsx", _wide(16_384, 1), "loaded", heavy=True),
    Case("a million blank rows", "a.xlsx", _million_blank, "loaded", heavy=True),
    Case("a csv of 700,000 blank rows", "a.csv", _million_lines, "loaded", heavy=True),
    Case(
        "a csv of one line of 10 MB",
        "a.csv",
        written("x" * 10_000_000),
        "refused",
        "header_missing",
        heavy=True,
    ),
    Case("a csv of a million commas", "a.csv", written("," * 1_000_000 + "\n"), "refused", heavy=True),
    Case("a csv of 10 million quotes", "a.csv", written('"' * 10_000_000), "refused", heavy=True),
]
CSV: list[Case] = [
    Case("nul at the end", "a.csv", written(GOOD.encode() + b"\0"), "refused", "csv_nul"),
    Case("only a mark", "a.csv", written(b"\xef\xbb\xbf"), "refused"),
    Case("only a UTF-16 mark", "a.csv", written(b"\xff\xfe"), "refused"),
    Case("UTF-8 with a mark", "a.csv", written(GOOD.encode("utf-8-sig")), "loaded"),
    Case("two marks", "a.csv", written(b"\xef\xbb\xbf" + GOOD.encode("utf-8-sig")), "loaded"),
    Case("UTF-16", "a.csv", written(GOOD.encode("utf-16")), "loaded"),
    Case("UTF-16 big endian with a mark", "a.csv", written(b"\xfe\xff" + GOOD.encode("utf-16-be")), "loaded"),
    Case("UTF-16 without a mark", "a.csv", written(GOOD.encode("utf-16-le")), "refused"),
    Case(
        "UTF-16 cut in a character", "a.csv", written(GOOD.encode("utf-16")[:-1]), "refused", "csv_encoding"
    ),
    Case("UTF-32", "a.csv", written(GOOD.encode("utf-32")), "refused"),
    Case("GB18030", "a.csv", written(GOOD.encode("gb18030")), "loaded"),
    Case("UTF-7", "a.csv", written(GOOD.encode("utf-7")), "refused"),
    Case("lone surrogates", "a.csv", written(GOOD.encode() + b"\xed\xa0\x80\n"), "refused"),
    Case("unclosed quote on the last line", "a.csv", written(GOOD + '"甲,'), "refused", "csv_quotes"),
    Case("text after a quote", "a.csv", written(GOOD + '"甲"乙,工贸\n'), "refused", "csv_quotes"),
    Case("bare carriage returns", "a.csv", written(GOOD.replace("\r\n", "\r")), "loaded"),
    Case("a row longer than the header", "a.csv", written(GOOD.rstrip() + ",1,2,3\r\n"), "loaded"),
    Case(
        "a row shorter than the header",
        "a.csv",
        written(GOOD + "乙厂,工贸\r\n"),
        "quarantined",
        "value_missing",
    ),
    Case("semicolons", "a.csv", written(GOOD.replace(",", ";")), "loaded"),
    Case("tabs", "a.csv", written(GOOD.replace(",", "\t")), "loaded"),
    Case(
        "line separators of Unicode in a cell",
        "a.csv",
        written(ledger_text(row(隐患描述="甲\u2028乙\u0085丙"))),
        "loaded",
    ),
    Case(
        "a vertical tab and a form feed in a cell",
        "a.csv",
        written(ledger_text(row(隐患描述="甲\x0b乙\x0c丙"))),
        "loaded",
    ),
    Case("header twice", "a.csv", written(GOOD + GOOD), "quarantined", "superseded"),
    Case("a header only", "a.csv", written(ledger_text()), "loaded"),
    Case(
        "the same column twice",
        "a.csv",
        written(ledger_text([*row(), "x"], header=(*LEDGER, "企业名称"))),
        "loaded",
        "column_repeated",
    ),
    Case(
        "a header of 10,000 characters",
        "a.csv",
        written(ledger_text([*row(), "x"], header=(*LEDGER, "长" * 10_000))),
        "loaded",
        "column_unmatched",
    ),
    Case(
        "a required column missing",
        "a.csv",
        written(ledger_text(row()[:-1], header=LEDGER[:-1])),
        "refused",
        "column_required_missing",
    ),
    Case("a workbook named csv", "a.csv", good, "refused"),
]
FILES: list[Case] = [
    Case("a link out of the folder", "a.csv", _link("/etc/passwd"), "refused", "file_outside"),
    Case("a link upwards", "a.csv", _link("../../../../../../etc/hosts"), "refused", "file_outside"),
    Case("a link to nothing", "a.csv", _link("not-there.csv"), "refused", "file_special"),
    Case("a link to itself", "a.csv", _loop, "refused"),
    Case("a link to a device", "a.csv", _link("/dev/zero"), "refused", "file_outside"),
    Case("a pipe", "a.csv", os.mkfifo, "refused", "file_special"),
    Case("a folder named as a workbook", "a.xlsx", Path.mkdir, "loaded"),
    Case("a file of another kind", "a.exe", written(b"MZ"), "loaded", "file_ignored"),
    Case("a lock file of a spreadsheet program", "~$a.xlsx", written(b"x"), "loaded", "file_ignored"),
    Case("a notebook among the data", "1_hazards.ipynb", written("{}"), "loaded", "file_ignored"),
    Case("a name of markup", "<img src=x onerror=alert(1)>.csv", written("x"), "refused", "header_missing"),
    Case("a name of a message's template", "$detail{0}%s.csv", written("x"), "refused", "header_missing"),
    Case("a name with a line end", "a\nb.csv", written("x"), "refused", "header_missing"),
    Case("a name with a right-to-left override", "a\u202evsc.csv", written("x"), "refused", "header_missing"),
    Case(
        "a name of a formula",
        "=1+1.csv",
        written(ledger_text(row(行业领域="太空"))),
        "quarantined",
        "value_unknown",
    ),
    Case("a name of 200 bytes", "长" * 66 + ".csv", written(GOOD), "loaded"),
]
DOCUMENTS: list[Case] = [
    Case("an empty text", "a.txt", written(b""), "refused", "document_without_text"),
    Case("a text of blanks", "a.txt", written(" \n\t\u3000"), "refused", "document_without_text"),
    Case("a text of noise", "a.txt", written(bytes(range(128, 256)) * 50), "refused", "document_encoding"),
    Case("a text with nul", "a.txt", written("检查\0企业12家次。".encode()), "loaded"),
    Case(
        "a text of one sentence without end",
        "a.txt",
        written("检查企业12家次，" * 20_000),
        "loaded",
        heavy=True,
    ),
    Case("a text of digits", "a.txt", written("9" * 200_000), "loaded", heavy=True),
    Case("a text of Chinese digits", "a.txt", written("九" * 100_000), "loaded", heavy=True),
    Case("a text of open brackets", "a.txt", written("（" * 50_000), "loaded", heavy=True),
    Case("a Word file that is none", "a.docx", written(b"PK\x03\x04nothing"), "refused", "document_damaged"),
    Case("a Word file of text", "a.docx", written("总结"), "refused", "document_damaged"),
    Case("an empty Word file", "a.docx", _word(None), "refused", "document_without_text"),
    Case("a Word file of broken XML", "a.docx", _word(b"<w:document"), "refused", "document_damaged"),
    Case("billion laughs in a Word file", "a.docx", _word(_ENTITIES), "refused", heavy=True),
    Case("a bomb named docx", "a.docx", _word_bomb, "refused", "document_too_large"),
    Case("a PDF that is none", "a.pdf", written(b"not a pdf"), "refused", "document_damaged"),
    Case("half a PDF", "a.pdf", written(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog"), "refused"),
    Case("an empty PDF", "a.pdf", written(b""), "refused"),
    Case(
        "a web page of scripts",
        "a.html",
        written(_HTML.format("<script>x</script>")),
        "refused",
        "document_without_text",
    ),
    Case("a web page never closed", "a.html", written("<div>" * 50_000 + "检查12家次"), "loaded", heavy=True),
    Case(
        "a web page of an unknown charset",
        "a.html",
        written(b'<meta charset="klingon">\xff\xfe\xfd'),
        "refused",
    ),
]
YAML: list[Case] = [
    Case(
        "a tag that builds objects",
        "mapping.yaml",
        written("files: !!python/object/apply:os.system [reboot]"),
        "refused",
        "yaml_invalid",
    ),
    Case(
        "anchors that unfold",
        "mapping.yaml",
        written("a: &a [x]\nb: &b [*a, *a]\nfiles: [*b, *b]"),
        "refused",
        "yaml_invalid",
    ),
    Case("ten thousand brackets", "mapping.yaml", written("[" * 10_000), "refused", "yaml_invalid"),
    Case("a tab", "corrections.yaml", written("\t- id: 1"), "refused", "yaml_invalid"),
    Case("GB18030 in YAML", "about.yaml", written("note: 说明".encode("gb18030")), "refused", "yaml_invalid"),
    Case("a day that is none", "about.yaml", written("as_of: 2023-02-30"), "refused"),
    Case("a list where a table belongs", "about.yaml", written("- a"), "refused", "yaml_invalid"),
    Case("an unknown key", "about.yaml", written("as_off: 2023-01-01"), "refused", "yaml_unknown_key"),
    Case("a key that is a list", "about.yaml", written("? [a]\n: b"), "refused"),
    Case(
        "a table that is a list",
        "mapping.yaml",
        written("files: {'*': {table: [hazards]}}"),
        "refused",
        "yaml_value",
    ),
    Case(
        "a table that is a dictionary",
        "mapping.yaml",
        written("files: {'*': {table: {a: b}}}"),
        "refused",
        "yaml_value",
    ),
    Case(
        "a column that is a list",
        "mapping.yaml",
        written("files: {'*': {columns: {甲: [enterprise]}}}"),
        "refused",
    ),
    Case("a glob that is a number", "mapping.yaml", written("files: {1: {table: hazards}}"), "loaded"),
    Case(
        "a header row of zero",
        "mapping.yaml",
        written("files: {'*': {header_row: 0}}"),
        "refused",
        "yaml_value",
    ),
    Case(
        "a header row far below", "mapping.yaml", written("files: {'*': {header_row: 99999999}}"), "refused"
    ),
    Case(
        "an action that is none",
        "corrections.yaml",
        written("- {id: 1, table: hazards, match: {row: 2}, action: burn, reason: x}"),
        "refused",
        "yaml_value",
    ),
    Case("a correction that is text", "corrections.yaml", written("- burn"), "refused"),
    Case(
        "a correction that matches nothing",
        "corrections.yaml",
        written("- {id: 1, table: hazards, match: {enterprise: 无此厂}, action: drop, reason: x}"),
        "loaded",
        "correction_unmatched",
    ),
    Case("a file of YAML of 2 MB", "about.yaml", written("# " + "x" * 2_000_000), "refused", "yaml_invalid"),
    Case("dashes in dashes", "corrections.yaml", written("- " * 10_000), "refused", "yaml_invalid"),
    Case("a scoring sheet that is text", "assessment.yaml", written("- 乡镇考核"), "refused", "yaml_value"),
    Case(
        "a scoring sheet of lists",
        "assessment.yaml",
        written("- {title: a, subject: township, items: [[1]], grades: {a: 1}}"),
        "refused",
        "yaml_value",
    ),
    Case("nul in YAML", "about.yaml", written("note: a\0b"), "refused", "yaml_invalid"),
]
CASES = [*WORKBOOKS, *CSV, *FILES, *DOCUMENTS, *YAML]
