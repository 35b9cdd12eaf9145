"""The Word brief: official layout, the HTML's figures, readable back, evidence by edition, hostile text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Emu
from tools import official_template

from analysis import official_document
from analysis.chapters import brief
from analysis.chapters.brief import Brief
from analysis.cli import app
from analysis.messages import AnalysisError, UsageError
from analysis.official_document import TEMPLATE, content, writer
from analysis.report.edition import Edition
from analysis.sources import documents, summaries
from analysis.store import Store
from tests.chapters.notebook_cells import a_book
from tests.chapters.test_brief import DONE, NO_ACCIDENT, hazards, penalty
from tests.report.conftest import HOSTILE

Put = Callable[..., Store]
OWN = {"source": "self_reported"}
VERIFIED = {**DONE, "verified_on": date(2023, 3, 25)}


@pytest.fixture
def view(put: Put) -> Brief:
    """Seven hazards, six of them major, an inspection with a penalty, and a summary; a smaller last year."""
    last = {"found_on": date(2022, 3, 1), "due_on": date(2022, 3, 31)}
    put("hazards", 2022, hazards(last, {**last, **OWN}, {**last, "level": "general"}))
    rows = ({}, {"due_on": date(2024, 3, 1)}, DONE, VERIFIED, OWN, OWN, {"level": "general", **DONE})
    put("hazards", 2023, hazards(*rows))
    for year, count in ((2022, 400), (2023, 500)):
        put("enterprises", year, [_listed(year, count)])
    put("penalties", 2023, [penalty(1, date(2023, 4, 1))])
    store = put("facts", 2023, [NO_ACCIDENT])
    return Brief(a_book(store, as_of=date(2023, 12, 5), baseline=(2022,)))


def _listed(year: int, count: int) -> dict[str, Any]:
    place = {"file": "x.xlsx", "sheet": "s", "part": 1, "row": 2}
    return {**place, "year": year, "sector": "gas", "regulated_enterprises": count}


def in_edition(view: Brief, edition: str) -> Brief:
    return Brief(replace(view.book, parameters=replace(view.book.parameters, edition=edition)))


def words(document: bytes) -> str:
    """Every word of the document's body and tables."""
    return "\n".join(node.text or "" for node in Document(BytesIO(document)).element.iter(qn("w:t")))


def parts(document: bytes) -> dict[str, bytes]:
    """The files in the document; how well they are compressed is the machine's matter."""
    with ZipFile(BytesIO(document)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_every_figure_is_read_back_under_its_indicator(view: Brief, tmp_path: Path) -> None:
    """``analysis extract`` reads what the brief states, and nothing else; last year's as last year's."""
    file = tmp_path / "brief.docx"
    file.write_bytes(official_document.document(view))
    read = {
        (fact.indicator, fact.period_start.year if fact.period_start else 0, float(fact.value))
        for fact in summaries.extract(documents.read_text(file).text, name="brief.docx").facts
        if fact.indicator != "other"
    }
    counts = ("major_hazards_found", "major_hazards_pending", "major_hazards_overdue", brief.OWN)
    both = {(code, year, view.amount(code, year).value) for code in counts for year in (2023, 2022)}
    counted = ("hazards_found", "hazards_rectified", "hazards_verified")
    now = {(code, 2023, view.amount(code, 2023).value) for code in counted}
    shares = {
        (key, year, round(100 * (brief.share(view, key, year).value or 0), 1))
        for key in brief.SHARES
        for year in (2023, 2022)
    }
    visits = float(len(brief.cohorts(view)))
    assert read == both | now | shares | {
        ("fatal_accidents", 2023, 0.0),
        ("inspections_with_major_findings", 2023, visits),
    }


def test_figures_are_those_of_the_html(view: Brief) -> None:
    """By hand: 6 major of 7, 4 open, 3 overdue, 3 of 7 rectified, 1 verified, 2 of 6 self-reported."""
    shown = words(official_document.document(view))
    for clause in (
        "发现重大隐患6条，上年同期发现重大隐患2条",
        "重大隐患未整改4条",
        "超期未整改重大隐患3条",
        "排查隐患7条；完成整改3条；整改率42.9%",
        "验收销号1条；闭环率14.3%",
        "企业自查重大隐患2条",
        "自查占比33.3%，上年同期重大隐患自查占比50.0%",
        "自查密度0.40，上年同期自查密度0.25",
    ):
        assert clause in shown
    for finding in (*brief.accidents(view), *brief.followed_up(view), *brief.own_reports(view)):
        assert finding.text in shown


def test_every_figure_has_its_rows_in_the_annex(view: Brief) -> None:
    rows = content.annex(content.sections(view), Edition.INTERNAL)
    told = {row["figure"]: row["evidence"] for row in rows}
    assert told["发现重大隐患6条"] == "台账6条（2023/a.xlsx s 第2–7行）"
    assert told["整改率42.9%"] == "分子：台账3条\n分母：台账7条"
    assert told["上年同期发现重大隐患2条"] == "台账2条"
    accidents = next(evidence for figure, evidence in told.items() if "未发生亡人事故" in figure)
    assert "2023/总结.txt；“未发生亡人事故”" in accidents
    assert all(row["place"] and row["evidence"] for row in rows)


def test_leadership_gets_counts_and_no_file_or_sentence(view: Brief) -> None:
    shown = words(official_document.document(in_edition(view, "leadership")))
    assert "台账6条" in shown
    assert "内部资料" in shown
    for secret in ("a.xlsx", "总结.txt", "甲厂", "软管老化"):
        assert secret not in shown


def test_a_year_without_data_says_what_it_cannot(put: Put) -> None:
    shown = words(official_document.document(Brief(a_book(put("hazards", 2023, [])))))
    assert shown.count("现有数据不能说明") >= 5
    assert "None" not in shown


def test_hostile_words_stay_words(put: Put) -> None:
    """Jinja, XML and control characters in a department's name appear as text and change nothing."""
    name = "".join(("{{ 7*7 }}{% for x in y %}", "</w:t></w:p><w:p>&amp;", "=1+1", *HOSTILE[:9]))
    store = put("hazards", 2023, hazards({"department": f"{name}\x00\x0b"}))
    assert name in words(official_document.document(Brief(a_book(store))))


def test_same_data_same_bytes(view: Brief) -> None:
    assert official_document.document(view) == official_document.document(Brief(view.book))


def test_template_is_as_the_tool_draws_it(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[bytes] = []
    monkeypatch.setattr(official_template, "publish", lambda path, content: drawn.append(content))
    official_template.main()
    assert parts(drawn[0]) == parts(TEMPLATE.read_bytes())


def test_layout_is_that_of_official_documents() -> None:
    """GB/T 9704-2012, 5.1–5.2: A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm, 22 lines of 28 characters."""
    document = Document(TEMPLATE)
    page, normal = document.sections[0], document.styles["Normal"]
    sides = (page.page_width, page.page_height, page.top_margin, page.left_margin)
    assert [side.mm for side in sides] == pytest.approx([210, 297, 37, 28], abs=0.1)
    width = Emu(page.page_width - page.left_margin - page.right_margin)
    height = Emu(page.page_height - page.top_margin - page.bottom_margin)
    assert (width.mm, height.mm) == pytest.approx((156, 225), abs=0.1)
    assert normal.font.size.pt == 16
    assert height.pt // normal.paragraph_format.line_spacing.pt == 22
    narrower = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert width.pt // (16 + narrower) == 28


def test_fonts_are_those_of_official_documents() -> None:
    """Title 二号小标宋, 一、 黑体, （一） 楷体, text 仿宋; page numbers 四号宋体 on odd and even pages."""
    document = Document(TEMPLATE)
    footers = (document.sections[0].footer, document.sections[0].even_page_footer)
    lines = [*document.paragraphs, *(line for footer in footers for line in footer.paragraphs)]
    runs = [run for line in lines for run in line.runs]

    def fonts(text: str) -> list[tuple[str, float]]:
        return [(r._r.rPr.rFonts.get(qn("w:eastAsia")), r.font.size.pt) for r in runs if r.text == text]

    assert fonts("{{ title }}") == [("方正小标宋简体", 22)]
    assert fonts("{{ section.heading }}") == [("黑体", 16)]
    assert fonts("{{ paragraph.lead }}") == [("楷体_GB2312", 16)]
    assert fonts("{{ paragraph.text }}") == [("仿宋_GB2312", 16)]
    assert fonts("— ") == [("宋体", 14)] * 2


def test_template_that_does_not_work_is_named(tmp_path: Path) -> None:
    """An office may edit the template; a wrong tag or another kind of file is told, not a traceback."""
    broken = Document(TEMPLATE)
    broken.paragraphs[0].text = "{{ nobody_knows_this }}"
    broken.save(tmp_path / "own.docx")
    (tmp_path / "text.docx").write_text("no Word document", encoding="utf-8")
    for name in ("own.docx", "text.docx"):
        with pytest.raises(AnalysisError, match=name):
            writer.fill(tmp_path / name, {})


def test_the_public_gets_no_brief(tmp_path: Path) -> None:
    target = tmp_path / "brief.docx"
    refused = CliRunner().invoke(app, ["brief", "2023", "--edition", "public", "--docx", str(target)])
    assert isinstance(refused.exception, UsageError)
    assert "public" in str(refused.exception)
    assert not target.exists()


def test_one_document_is_of_one_period(tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["brief", "2022-2023", "--docx", str(tmp_path / "brief.docx")])
    assert isinstance(refused.exception, UsageError)
