"""Draws the Word template of official documents (GB/T 9704-2012 党政机关公文格式) for the leaders' brief.

    python -m tools.official_template

The result lies in the package and may be edited in Word: what stands in double braces is filled in.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from analysis.official_document import writer
from analysis.publish import publish

FANGSONG, KAITI, HEITI, SONGTI, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
ALSO_CALLED = {FANGSONG: "仿宋", KAITI: "楷体", TITLE: "宋体"}
"""Fonts that stand in where a machine does not have the standard's."""
SECOND, THIRD, FOURTH, FIFTH = Pt(22), Pt(16), Pt(14), Pt(10.5)
"""二号, 三号, 四号, 五号."""
LINES, CHARACTERS = 22, 28
TYPE_AREA = (Mm(156), Mm(225))
LINE_PITCH = TYPE_AREA[1].twips // LINES
CHARACTER_SPACE = int((TYPE_AREA[0].pt / CHARACTERS - THIRD.pt) * 20) - 1
"""Twentieths of a point that each character gives up so that 28 fill a line."""


def main() -> None:
    """Write the template into the package."""
    document = Document()
    _page(document)
    _plain_style(document)
    _head(document)
    _body(document)
    _signature(document)
    _annex(document)
    _page_numbers(document)
    _name_fonts(document)
    drawn = BytesIO()
    document.save(drawn)
    print(publish(writer.TEMPLATE, writer.with_fixed_times(drawn.getvalue())))


def _page(document: Any) -> None:
    """A4 with 天头 37 mm and 订口 28 mm; 22 lines of 28 characters."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin = Mm(210) - Mm(28) - TYPE_AREA[0]
    section.bottom_margin = Mm(297) - Mm(37) - TYPE_AREA[1]
    section.footer_distance = Mm(22)
    grid = section._sectPr.find(qn("w:docGrid"))
    for name, value in (("type", "lines"), ("linePitch", LINE_PITCH)):
        grid.set(qn(f"w:{name}"), str(value))


def _plain_style(document: Any) -> None:
    style = document.styles["Normal"]
    _set_font(style, FANGSONG, THIRD)
    style.element.rPr.insert(1, _element("w:spacing", val=CHARACTER_SPACE))
    style.element.rPr.append(_element("w:lang", val="en-US", eastAsia="zh-CN"))
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_PITCH / 20)
    layout.widow_control = False


def _head(document: Any) -> None:
    """The mark of the edition, the title two lines below (二号小标宋), the day of the data."""
    _paragraph(document, ("{{ mark }}", HEITI))
    _paragraph(document, ("{%p if sample %}", HEITI))
    _paragraph(document, ("{{ sample }}", HEITI))
    _paragraph(document, ("{%p endif %}", HEITI))
    _paragraph(document)
    title = _paragraph(document, ("{{ title }}", TITLE, SECOND), align="CENTER")
    title.paragraph_format.line_spacing = Pt(35)
    _paragraph(document, ("（数据截至{{ as_of }}）", KAITI), align="CENTER")
    _paragraph(document)


def _body(document: Any) -> None:
    """Headings 一、 in 黑体, （一） in 楷体, text in 仿宋, each indented by two characters."""
    _paragraph(document, ("{%p for section in sections %}",))
    heading = _paragraph(document, ("{{ section.heading }}", HEITI), indent=2)
    heading.paragraph_format.keep_with_next = True
    _paragraph(document, ("{%p for paragraph in section.paragraphs %}",))
    text = ("{{ paragraph.lead }}", KAITI), ("{{ paragraph.text }}", FANGSONG)
    _paragraph(document, *text, indent=2, align="JUSTIFY")
    _paragraph(document, ("{%p endfor %}",))
    _paragraph(document, ("{%p endfor %}",))


def _signature(document: Any) -> None:
    """附件说明 a line below the text; the office and the day of signing, four characters from the right."""
    _paragraph(document)
    _paragraph(document, ("附件：各项数字依据", FANGSONG), indent=2)
    _paragraph(document)
    _paragraph(document)
    for words in ("{{ county }}安全生产委员会办公室", "　　　　年　　月　　日"):
        line = _paragraph(document, (words, FANGSONG), align="RIGHT")
        _indent(line, rightChars=400, right=4 * THIRD.twips)


def _annex(document: Any) -> None:
    """附件 on a page of its own: 黑体 at the left edge, the title on the third line, a table."""
    opening = _paragraph(document)
    opening.paragraph_format.page_break_before = True
    _run(opening, "附件", HEITI)
    _paragraph(document)
    _paragraph(document, ("各项数字依据", TITLE, SECOND), align="CENTER")
    _paragraph(document)
    _evidence_table(document)


def _evidence_table(document: Any) -> None:
    headings = ("序号", "正文位置", "数字", "依据")
    cells = ("{{ loop.index }}", "{{ row.place }}", "{{ row.figure }}", "{{ row.evidence }}")
    widths = (Mm(12), Mm(20), Mm(40), Mm(84))
    table = document.add_table(rows=4, cols=4, style="Table Grid")
    table.autofit = False
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for number, (heading, cell, width) in enumerate(zip(headings, cells, widths, strict=True)):
        table.columns[number].width = width
        for row in table.rows:
            row.cells[number].width = width
        _cell(table.rows[0].cells[number], heading, HEITI)
        _cell(table.rows[2].cells[number], cell, FANGSONG, centred=number < 2)
    table.rows[2]._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    _cell(table.rows[1].cells[0], "{%tr for row in evidence %}", FANGSONG)
    _cell(table.rows[3].cells[0], "{%tr endfor %}", FANGSONG)


def _page_numbers(document: Any) -> None:
    """— 1 — in 四号宋体: right on odd pages, left on even ones, a character from the edge."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align, side in (
        (section.footer, "RIGHT", "right"),
        (section.even_page_footer, "LEFT", "left"),
    ):
        line = footer.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH[align]
        _indent(line, **{f"{side}Chars": 100, side: FOURTH.twips})
        _run(line, "— ", SONGTI, FOURTH)
        number = _run(line, "", SONGTI, FOURTH)._r
        for part in (_element("w:fldChar", fldCharType="begin"), _instruction("PAGE")):
            number.append(part)
        number.append(_element("w:fldChar", fldCharType="end"))
        _run(line, " —", SONGTI, FOURTH)


def _name_fonts(document: Any) -> None:
    """Other names of the fonts, so that a machine without them takes the next of kin."""
    parts = (relation.target_part for relation in document.part.rels.values())
    part = next(part for part in parts if str(part.partname).endswith("fontTable.xml"))
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
        for name, other in ALSO_CALLED.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")


def _paragraph(document: Any, *runs: tuple[Any, ...], indent: int = 0, align: str = "") -> Any:
    paragraph = document.add_paragraph()
    if indent:
        _indent(paragraph, firstLineChars=indent * 100, firstLine=indent * THIRD.twips)
    if align:
        paragraph.alignment = WD_ALIGN_PARAGRAPH[align]
    for run in runs:
        _run(paragraph, *run)
    return paragraph


def _cell(cell: Any, text: str, font: str, *, centred: bool = False) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.line_spacing = Pt(16)
    line._p.get_or_add_pPr().insert(0, _element("w:snapToGrid", val="0"))
    if centred or font == HEITI:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(line, text, font, FIFTH)


def _run(paragraph: Any, text: str, font: str = FANGSONG, size: Pt = THIRD) -> Any:
    run = paragraph.add_run(text)
    _set_font(run, font, size)
    return run


def _set_font(styled: Any, font: str, size: Pt) -> None:
    styled.font.name, styled.font.size = font, size
    properties = styled._r.rPr if hasattr(styled, "_r") else styled.element.rPr
    for script in ("eastAsia", "cs"):
        properties.rFonts.set(qn(f"w:{script}"), font)


def _indent(paragraph: Any, **measures: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(_element("w:ind", **measures))


def _instruction(text: str) -> Any:
    element = OxmlElement("w:instrText")
    element.text = text
    return element


def _element(name: str, **attributes: Any) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), str(value))
    return element


if __name__ == "__main__":
    main()
