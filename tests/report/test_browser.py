"""The page in a real browser: nothing runs, nothing is fetched, it fits a phone, a desk and A4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from nbformat.v4 import new_notebook
from tests.report.conftest import cell
from tests.report.test_index import FAILED, record, run

from analysis.report import figures
from analysis.report.display import Headline, Show, chart
from analysis.report.findings import Finding, Strength
from analysis.report.index import render_index
from analysis.report.page import ReportMeta, render
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@dataclass
class Visit:
    """An opened page and what went wrong on it."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Open a page with its console and its requests watched; it is closed in the end."""
    visits: list[Visit] = []

    def opened(html: str, **context: Any) -> Visit:
        file = tmp_path / "report.html"
        file.write_text(html, encoding="utf-8")
        seen = Visit(browser.new_page(**context))
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.goto(file.as_uri())
        visits.append(seen)
        return seen

    yield opened
    for seen in visits:
        seen.page.close()


@pytest.fixture(params=["internal", "leadership", "public", "index"])
def any_page(request: pytest.FixtureRequest, html: dict[str, str]) -> str:
    if request.param == "index":
        done = record("1_sector_imbalance", sectors={"gas": "table-rates"}, before=[])
        return render_index([run("2022", done), run("2023", FAILED)])
    return html[request.param]


def test_nothing_runs_nothing_is_fetched(visit: Callable[..., Visit], any_page: str) -> None:
    """Every hostile cell stays text; the console is silent; only the file itself and data images load."""
    seen = visit(any_page)
    assert seen.complaints == []
    assert [url for url in seen.requests[1:] if not url.startswith("data:")] == []
    assert seen.page.evaluate("window.hacked") is None
    assert seen.page.evaluate("getComputedStyle(document.body).display") != "none"


def test_images_are_drawn_and_have_words(visit: Callable[..., Visit], html: dict[str, str]) -> None:
    images = visit(html["internal"]).page.evaluate(
        "[...document.images].map(i => [i.naturalWidth > 0 && i.complete, i.alt.length > 4])"
    )
    assert images == [[True, True]] * 2


@pytest.mark.parametrize("width", [360, 1440])
def test_page_fits_the_width(visit: Callable[..., Visit], any_page: str, width: int) -> None:
    """No sideways scrolling of the page; wide tables and figures scroll inside their own box."""
    seen = visit(any_page, viewport={"width": width, "height": 800})
    assert seen.page.evaluate("document.documentElement.scrollWidth") == width


def test_index_finds_a_sector_by_any_of_its_names(visit: Callable[..., Visit]) -> None:
    """The page's own script runs under its policy; what does not match is hidden, a single match opens."""
    done = record("1_sector_imbalance", sectors={"gas": "table-rates", "fire": "table-rates"})
    seen = visit(render_index([run("2023", done)]))
    field, sectors = seen.page.get_by_role("searchbox"), seen.page.locator(".sectors details")
    field.fill("燃气")
    assert [one.inner_text().split()[0] for one in sectors.all() if one.is_visible()] == ["城镇燃气"]
    assert seen.page.get_by_role("link", name="城镇燃气").is_visible()
    field.fill("没有的行业")
    assert "没有" in seen.page.get_by_role("status").inner_text()
    assert seen.complaints == []


def test_contents_links_lead_to_their_headings(visit: Callable[..., Visit], html: dict[str, str]) -> None:
    page = visit(html["leadership"]).page
    links = page.locator("nav.contents ol a")
    assert links.count() > 4
    for number in range(links.count()):
        links.nth(number).click()
        assert page.evaluate("document.querySelector(':target') !== null")


def test_disclosures_open_by_keyboard(visit: Callable[..., Visit], html: dict[str, str]) -> None:
    page = visit(html["internal"]).page
    summary = page.locator("details.data > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.data table").first.is_visible()


def test_dark_mode_is_dark_and_readable(visit: Callable[..., Visit], html: dict[str, str]) -> None:
    seen = visit(html["internal"], color_scheme="dark")
    ink, paper = seen.page.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
    assert contrast(ink, paper) > 7
    assert luminance(paper) < 0.05


def test_a4_print_has_pages_with_numbers_and_whole_figures(
    visit: Callable[..., Visit], html: dict[str, str], tmp_path: Path
) -> None:
    """A4, every page numbered, figures within the type area, nothing of the screen's furniture."""
    from pypdfium2 import PdfDocument

    page = visit(html["leadership"]).page
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    document = PdfDocument(tmp_path / "report.pdf")
    assert 2 <= len(document) <= 8
    for number, sheet in enumerate(document, start=1):
        assert sheet.get_size() == pytest.approx((595, 842), abs=2)
        text = sheet.get_textpage().get_text_range()
        assert f"{number} / {len(document)}" in text
        assert "全部报告" not in text


def test_brief_is_one_page_of_a4(
    visit: Callable[..., Visit], meta: Callable[[str], ReportMeta], tmp_path: Path
) -> None:
    """Eight figures, six findings, a chart and the table of decisions: what the leadership gets on paper."""
    from pypdfium2 import PdfDocument

    show = Show("leadership")
    numbers = [
        Headline(f"k{i}", "重大事故隐患", 140 + i, "项", last=121, basis="企业自查 42 项，部门检查 98 项")
        for i in range(8)
    ]
    findings = [
        Finding("城镇燃气每次检查发现的隐患显著高于全县平均。" * 2, Strength.SUPPORTED, "n") for _ in range(6)
    ]
    tasks = pd.DataFrame(
        {"what": ["复查城镇燃气未整改重大隐患"] * 3, "who": ["住建局"] * 3, "when": ["3 月底"] * 3}
    )
    columns = (Column("what", "决策事项"), Column("who", "责任单位"), Column("when", "完成时限"))
    decisions = DataTable("tasks", tasks, columns, "请县领导决定的三件事", n="3 件", enterprises=WHOLE_COUNTY)
    rates = pd.DataFrame({"s": list("甲乙丙丁戊己"), "v": [6.0, 5, 4, 3, 2, 1]})
    rated = DataTable(
        "r", rates, (Column("s", "行业"), Column("v", "检出率", "number")), "检出率", n="6 个行业"
    )
    dots = chart(figures.ranked_dots, rated, alt="六个行业的检出率", label="s", value="v")
    cells = [cell(show(*numbers)), cell(show(*findings)), cell(show(dots)), cell(show(decisions))]
    brief = replace(meta("leadership"), name="6_leadership_brief", title="安全生产形势专报")
    html = render(new_notebook(cells=cells), brief)
    assert len(html.encode()) < 400_000
    visit(html).page.pdf(path=tmp_path / "brief.pdf", prefer_css_page_size=True)
    assert len(PdfDocument(tmp_path / "brief.pdf")) == 1


def test_a_wide_table_does_not_shrink_the_printed_page(visit: Callable[..., Visit], meta: Any) -> None:
    """Twelve columns of long words fit between the margins of A4 (172 mm, 650 px); nothing is cut."""
    frame = pd.DataFrame({f"c{i}": ["示例第一机械制造有限公司", "YH2023" + "0" * 20] for i in range(12)})
    columns = tuple(Column(f"c{i}", f"第{i}列", "evidence" if i == 11 else "text") for i in range(12))
    wide = DataTable("wide", frame, columns, "宽表", n="2 行")
    page = visit(render(new_notebook(cells=[cell(Show("internal")(wide))]), meta("internal"))).page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 650, "height": 980})
    assert page.evaluate("document.documentElement.scrollWidth") == 650


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing(visit: Callable[..., Visit], any_page: str, width: int) -> None:
    """WCAG 2.1 AA and axe's best practices."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    seen = visit(any_page, viewport={"width": width, "height": 800}, bypass_csp=True)
    found = axe.Axe().run(seen.page)
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found.response["violations"]] == []


def luminance(colour: str) -> float:
    """Relative luminance of an ``rgb(…)`` colour (WCAG 2.1)."""
    parts = [int(part) / 255 for part in colour.strip("rgb()").split(",")]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.1)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_of_wcag_aa(
    visit: Callable[..., Visit], any_page: str, scheme: str
) -> None:
    """At least 4.5 : 1 between each text and the ground it stands on."""
    pairs = visit(any_page, color_scheme=scheme).page.evaluate(
        """[...document.querySelectorAll('body *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
        .map(e => {
            let ground = e;
            while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)')
                ground = ground.parentElement;
            return [getComputedStyle(e).color, getComputedStyle(ground).backgroundColor];
        })"""
    )
    assert {pair for pair in map(tuple, pairs) if contrast(*pair) < 4.5} == set()
