"""Reading documents: encodings, Word with tables, PDF, HTML; and what users do wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from analysis.messages import AnalysisError
from analysis.sources.documents import read_text
from analysis.sources.summaries import extract

TEXT = "全县检查企业12家，\r\n发现隐患30条。\r已整改28条。\n"
READ = "全县检查企业12家，\n发现隐患30条。\n已整改28条。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_usual_encoding_with_universal_newlines(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "总结.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert read_text(path).text == READ


def test_word_keeps_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    """A cell merged over two columns is repeated in both, so that group heads stand above each."""
    document = docx.Document()
    document.add_paragraph("一、总体情况")
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "事故起数"
    for column, words in enumerate(("行业", "本期", "上年同期")):
        table.cell(1, column).text = words
    for column, words in enumerate(("道路交通", "3", "5")):
        table.cell(2, column).text = words
    document.add_paragraph("以上为全部。")
    path = tmp_path / "总结.docx"
    document.save(str(path))
    assert read_text(path).text.split("\n") == [
        "一、总体情况",
        " | 事故起数 | 事故起数",
        "行业 | 本期 | 上年同期",
        "道路交通 | 3 | 5",
        "以上为全部。",
    ]


def test_html_shows_what_a_reader_sees(tmp_path: Path) -> None:
    page = (
        '<html><head><meta charset="gb2312"><title>通报</title><style>p{}</style></head><body>'
        "<script>var a = '检查999家';</script><p>检查企业&nbsp;<b>12</b>家，<br>发现隐患30条。</p>"
        '<table><tr><th>行业</th><th colspan="2">检查企业（家）</th></tr><tr><td>煤矿</td><td>2</td><td>3</td></tr></table>'  # noqa: E501
        "</body></html>"
    )
    path = tmp_path / "通报.html"
    path.write_bytes(page.encode("gb18030"))
    lines = read_text(path).text.split("\n")
    assert lines[-4:] == [
        "检查企业 12家，",
        "发现隐患30条。",
        "行业 | 检查企业（家） | 检查企业（家）",
        "煤矿 | 2 | 3",
    ]
    assert "999" not in read_text(path).text


def test_pdf_lines_become_paragraphs_again(tmp_path: Path) -> None:
    """Chinese text of a font by glyph numbers, as word processors write it; a count is not torn apart."""
    path = tmp_path / "总结.pdf"
    path.write_bytes(_pdf(["一、检查情况", "全年全县共检查企业单位1", "20家，发现隐患30条，", "整改28条。"]))
    assert read_text(path).text.split("\n") == [
        "一、检查情况",
        "全年全县共检查企业单位120家，发现隐患30条，整改28条。",
    ]
    figures = {fact.indicator: int(fact.value) for fact in extract(read_text(path).text, name="x").facts}
    assert figures == {"enterprises_inspected": 120, "hazards_found": 30, "hazards_rectified": 28}


def _pdf(lines: list[str]) -> bytes:
    """A page by hand: a composite font whose glyph numbers are code points, and the map that says so
    (ISO 32000-1, 9.7 and 9.10.3). Every character is as wide as high.
    """
    shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines)
    text = f"BT /F1 12 Tf 72 720 Td 16 TL {shown} ET"
    codes = "1 begincodespacerange <0000> <FFFF> endcodespacerange"
    unicode = (
        f"/CIDInit /ProcSet findresource begin begincmap {codes}"
        " 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H"
        " /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /FontDescriptor 8 0 R"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        f"<< /Length {len(unicode)} >>\nstream\n{unicode}\nendstream",
        "<< /Type /FontDescriptor /FontName /Song /Flags 4 /ItalicAngle 0 /Ascent 880 /Descent -120"
        " /CapHeight 700 /StemV 80 /FontBBox [0 -120 1000 880] >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    xref = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}{xref}{trailer}".encode()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("总结.doc", b"\xd0\xcf\x11\xe0", "document_kind"),
        ("空.txt", b" \n", "document_without_text"),
        ("坏.docx", b"not a package", "document_damaged"),
        ("坏.pdf", b"not a document", "document_damaged"),
        ("乱.txt", b"\xff\xff\x81\x00\x81", "document_encoding"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AnalysisError) as failure:
        read_text(path)
    assert failure.value.message.code == code
    assert failure.value.message.file == name


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    (tmp_path / "夹.txt").mkdir()
    for name in ("无.txt", "夹.txt"):
        with pytest.raises(AnalysisError, match=name):
            read_text(tmp_path / name)


def test_a_package_that_unfolds_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "炸弹.docx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package,
        package.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(310):
            part.write(b"\0" * 10**6)
    with pytest.raises(AnalysisError) as failure:
        read_text(path)
    assert failure.value.message.code == "document_too_large"
