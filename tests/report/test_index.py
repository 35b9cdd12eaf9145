"""The index: every period and report with its status, failures named, nothing of another edition."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.report.conftest import HOSTILE
from tests.report.test_display import Reader

from analysis.report.index import render_index
from analysis.report.sector_places import sector_places
from analysis.report.sparkline import sparkline
from analysis.run import contents
from analysis.run.contents import edition_folder
from analysis.run.record import NotebookRecord, RunRecord, write
from analysis.settings import Folders

NAMES = {"1_sector_imbalance": "行业领域隐患分布", "2_enforcement_trend": "执法检查与行政处罚趋势"}


def record(name: str, **changes: Any) -> NotebookRecord:
    headlines = [{"key": "found", "label": "重大隐患", "value": 140, "unit": "项", "kind": "count"}]
    done = NotebookRecord(name, NAMES[name], "done", f"{name}.html", "", 1.0, headlines=headlines)
    return replace(done, **changes)


def run(
    period: str, *notebooks: NotebookRecord, county: str = "990101", edition: str = "internal"
) -> RunRecord:
    return RunRecord(
        period=period,
        county={"code": county, "name": f"县{county}", "sample": True},
        edition=edition,
        as_of=f"{period[:4]}-12-31",
        parameters={},
        inputs=[],
        versions={},
        started=f"{period[:4]}-12-31T08:00:00+00:00",
        seconds=1,
        notebooks=list(notebooks),
    )


FAILED = record(
    "2_enforcement_trend",
    status="failed",
    report=None,
    failed_cell=7,
    error=f"KeyError: {HOSTILE[0]}",
    headlines=[],
)


def test_index_links_every_report_in_its_folder() -> None:
    """One county of a period has no folder of its own; several have."""
    runs = [
        run("2022", record("1_sector_imbalance")),
        run("2023", record("1_sector_imbalance")),
        run("2023", record("1_sector_imbalance"), county="990102"),
    ]
    links = re.findall(r'href="([^"#]+\.html)"', render_index(runs))
    assert sorted(links) == [
        "2022/1_sector_imbalance.html",
        "2023/990101/1_sector_imbalance.html",
        "2023/990102/1_sector_imbalance.html",
    ]


def test_index_names_the_failing_cell_and_its_error_as_text() -> None:
    html = render_index([run("2023", record("1_sector_imbalance"), FAILED)])
    read = Reader(html)
    assert html.count("<script") == 1, "the search, and nothing from the error"
    for words in ("失败", "第 7 个单元", f"KeyError: {HOSTILE[0]}", "执法检查与行政处罚趋势"):
        assert words in read.text
    assert "2_enforcement_trend.html" not in html


def test_other_editions_see_neither_errors_nor_notebooks() -> None:
    """An error text may hold a name, and a notebook holds the code."""
    html = render_index([run("2023", record("1_sector_imbalance"), FAILED, edition="public")])
    assert "KeyError" not in html
    assert ".ipynb" not in html
    assert "公开版" in html


def test_index_draws_headlines_over_whole_years_only() -> None:
    """A half-year's 140 must not stand in a line of years; a missing year is a gap in the words too."""
    runs = [run(p, record("1_sector_imbalance")) for p in ("2021", "2023", "2023-H1")]
    html = render_index(runs)
    assert html.count('class="spark"') == 1
    assert 'alt="重大隐患：2021年 140 项，2023年 140 项"' in html
    assert "2023年上半年" in html


def test_small_line_breaks_where_a_year_is_missing() -> None:
    """Of four places, the third unknown: one segment only, three dots, the last one marked over its dot."""
    drawn = sparkline([1.0, 3.0, None, 2.0])
    assert drawn.count("<path") == 1
    assert drawn.count("<circle") == 4
    assert 'cx="106.0" cy="12.5"' in drawn  # halfway between lowest and highest, at the right margin


def test_index_does_not_wait_for_plotting_or_frames() -> None:
    """A run that finds nothing to do rewrites the index, and must stay quick."""
    code = "import sys, analysis.report.index as i; i.render_index([]); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"matplotlib", "pandas", "seaborn", "nbconvert"} & set(loaded.stdout.split())


def test_figures_of_the_brief_come_first() -> None:
    """Other reports' figures stand behind a disclosure; without a brief all of them are shown."""
    other = [{"key": "read", "label": "读入", "value": 7, "unit": "行", "kind": "count"}]
    brief = replace(record("1_sector_imbalance"), name="6_leadership_brief")
    both = render_index([run("2023", brief, record("2_enforcement_trend", headlines=other))])
    first, more = both.split('<details class="more">')
    assert "重大隐患</dt>" in first
    assert "读入</dt>" not in first
    assert "读入</dt>" in more
    assert 'class="more"' not in render_index([run("2023", record("1_sector_imbalance"))])


def test_newest_period_comes_first() -> None:
    html = render_index(
        [run("2021", record("1_sector_imbalance")), run("2023", record("1_sector_imbalance"))]
    )
    assert html.index('<th scope="row">2023年') < html.index('<th scope="row">2021年')


def test_index_without_runs_says_what_to_do() -> None:
    assert "make report" in render_index([])


def test_index_repeats_whatever_the_order_of_runs() -> None:
    runs = [run(p, record("1_sector_imbalance")) for p in ("2021", "2022", "2023")]
    assert render_index(runs) == render_index(runs[::-1])


def test_search_leads_to_the_sectors_rows() -> None:
    """A sector is listed where a finished report has a row of it, with a link to that row's table."""
    done = record("1_sector_imbalance", sectors={"gas": "table-rates"})
    failed = replace(FAILED, sectors={"fire": "table-x"})
    html = render_index([run("2022", record("1_sector_imbalance")), run("2023", done, failed)])
    links = re.findall(r'href="([^"]+)" aria-label="2023年行业领域隐患分布中的城镇燃气"', html)
    assert links == ["2023/1_sector_imbalance.html#table-rates"]
    assert "table-x" not in html


def test_index_says_what_the_last_run_changed_in_its_volatile_element() -> None:
    """Against the last completed run; the rest of the page does not hold it."""
    before = [{"key": "found", "label": "重大隐患", "value": 138, "unit": "项", "kind": "count"}]
    first = render_index([run("2023", record("1_sector_imbalance"))])
    again = render_index([run("2023", record("1_sector_imbalance", before=before))])
    volatile = re.compile(r"<div[^>]*data-volatile>.*?</div>", re.DOTALL)
    assert "首次运行" in volatile.search(first)[0]  # type: ignore[index]
    assert "2023年《行业领域隐患分布》重大隐患由 138 项 变为 140 项" in volatile.search(again)[0]  # type: ignore[index]
    assert volatile.sub("", first) == volatile.sub("", again)


def test_rows_of_a_sector_are_found_on_the_page() -> None:
    """Only whole labels count: 消防救援大队 is no fire, and a sector's first place is kept."""
    table = '<figure class="table" id="table-{}"><tbody><tr><th scope="row">{}</th></tr></tbody></figure>'
    shown = [table.format("a", "消防救援大队"), table.format("b", "城镇燃气"), table.format("c", "城镇燃气")]
    assert sector_places(shown) == {"gas": "table-b"}


def test_template_holds_no_outside_address() -> None:
    """Nothing in the templates may fetch: no http address, import or script but the index's own search."""
    folder = Path(__file__).parents[2] / "src/analysis/report/template"
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8").replace("<script>{{ search|safe }}</script>", "")
        assert not re.search(r"https?://(?!\w)|@import|<script|src=\"(?!\{\{)", text), file.name


def test_an_editions_index_lists_its_own_runs_only(tmp_path: Path) -> None:
    """The internal reports lie above the other editions' folders, and join none of them."""
    internal = run("2023", record("1_sector_imbalance"))
    write(tmp_path / "2023", internal)
    write(tmp_path / "public" / "2022", replace(internal, period="2022", edition="public"))
    folders = Folders.find(reports=tmp_path)
    for edition, shown, other in (("internal", "2023年", "2022年"), ("public", "2022年", "2023年")):
        contents.write(folders.reports, edition)
        place = edition_folder(tmp_path, edition)
        html = (place / "index.html").read_text(encoding="utf-8")
        assert shown in html
        assert other not in html
