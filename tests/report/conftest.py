"""An invented report with every kind of block, hostile words in every cell, and a browser to look at it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache

import pandas as pd
import pytest
from nbformat import NotebookNode, v4

from analysis.disclosure.catalogue import Cell
from analysis.disclosure.release import Release
from analysis.report import figures, page
from analysis.report.display import (
    Definitions,
    Displayable,
    Evidence,
    Headline,
    Note,
    Show,
    Shown,
    Text,
    chart,
)
from analysis.report.findings import Finding, Strength
from analysis.report.page import ReportMeta
from analysis.report.released import FIXED, ByGroup
from analysis.report.tables import Column, DataTable

HOSTILE = (
    "<script>window.hacked=1</script>",
    '<img src=x onerror="window.hacked=1">',
    '"><svg onload=window.hacked=1>',
    "<a href='javascript:window.hacked=1'>点</a>",
    "<style>body{display:none}</style>",
    "**粗** [链接](javascript:alert(1)) <b>粗</b>",
    "$\\alpha^2$ \\input{/etc/passwd} $$x$$",
    "{{ 7*7 }}{% for x in y %}${7*7}",
    "</table></figure></main>",
    "&lt;script&gt;&amp;",
    "很" * 400,
)
ENTERPRISES = ("绿源燃气有限公司", "宏达机械厂", "顺安运输队")
QUOTE, FILE, ROW_ID = "王某某未按规定佩戴安全带", "重大隐患台账（内部）.xlsx", "H2023-0042"


CODES = [f"s{number}" for number in range(len(HOSTILE))]
RELEASE = Release(
    county="990101",
    year=2023,
    cutoffs={2023: "2023-12-31"},
    published={
        **{
            Cell(2023, "sector", code, "hazards_found"): len(CODES) - place
            for place, code in enumerate(CODES[:-2])
        },
        **{Cell(2023, "county", "", code): 1 for code in ("hazards_found", "hazards_rectified", "fines")},
        **{Cell(year, "county", "", "inspections"): 1 for year in range(2019, 2024)},
    },
    hidden={Cell(2023, "sector", code, "hazards_found"): "few" for code in CODES[-2:]},
    enterprises=40,
)
"""Everything but the last two sectors is public."""


def sectors() -> pd.DataFrame:
    """Eleven sectors of hostile names; the last two with one and with two enterprises."""
    count = len(HOSTILE)
    found = pd.Series(range(count, 0, -1))
    return pd.DataFrame(
        {
            "code": CODES,
            "sector": HOSTILE,
            "found": found,
            "rate": found * 1.5,
            "low": found * 0.8,
            "high": found * 2.9,
            "enterprises": [40] * (count - 2) + [1, 2],
        }
    )


def rate_table() -> DataTable:
    columns = (
        Column("sector", "行业领域"),
        Column("found", "隐患", "count", unit="项"),
        Column("rate", "每百次检查", "number", interval=("low", "high")),
    )
    counted = {"found": ("hazards_found",), "rate": ("hazards_found",)}
    released = ByGroup("sector", 2023, counted, ("code",), ("sector",), ("rate",))
    caption = "隐患最多的行业排在前"
    return DataTable(
        "rate", sectors(), columns, caption, n="66 项", enterprises="enterprises", released=released
    )


def open_table() -> DataTable:
    frame = pd.DataFrame(
        {
            "enterprise": ENTERPRISES,
            "sector": ["城镇燃气", "工贸", "道路交通"],
            "what": [QUOTE, HOSTILE[0], HOSTILE[5]],
            "due": pd.to_datetime(["2023-06-30", "2023-08-15", "2023-11-01"]),
            "file": [FILE] * 3,
            "rows": [(ROW_ID,), ("H1", "H2"), ("H3", "H4", "H5", "H6", "H7")],
            "overdue": [True, False, False],
            "one": 1,
        }
    )
    columns = (
        Column("enterprise", "企业", "enterprise"),
        Column("sector", "行业领域"),
        Column("what", "隐患", "quote"),
        Column("due", "期限", "day"),
        Column("file", "文件", "file"),
        Column("rows", "台账", "evidence"),
    )
    return DataTable("open", frame, columns, "三项尚未整改", n="3 项", named="overdue", enterprises="one")


_FOUND = ("hazards_found",)


def blocks() -> list[list[Displayable | DataTable]]:
    """What the cells of the invented notebook show."""
    evidence = Evidence("台账", (ROW_ID, "H2023-0043"), document=FILE, quote=QUOTE, note="等级为重大的全部。")
    headlines: list[Displayable | DataTable] = [
        Headline(
            "found", "重大隐患", 140, "项", last=121, basis=HOSTILE[0], evidence=evidence, counts=_FOUND
        ),
        Headline(
            "rate", "整改率", 101 / 140, kind="share", last=0.785, counts=(*_FOUND, "hazards_rectified")
        ),
        Headline("fines", "罚款", 101800, "元", kind="money", last=145600, counts=("fines",)),
    ]
    ranked = chart(
        figures.ranked_dots,
        rate_table(),
        alt=lambda masked: f"{len(masked)} 个行业的检出率，{HOSTILE[1]}",
        label="sector",
        value="rate",
        low="low",
        high="high",
    )
    years = pd.DataFrame({"year": range(2019, 2024), "value": [0.12, 0.14, 0.1, 0.16, 0.21]})
    columns = (Column("year", "年份"), Column("value", "发现率", "share"))
    released = ByGroup("county", "year", {"value": ("inspections",)}, labels=("year",))
    series = DataTable("years", years, columns, "发现率", n="5 年", released=released)
    dots = chart(figures.yearly_dots, series, alt="五年的发现率", year="year", value="value", kind="share")
    return [
        headlines,
        [Finding(f"燃气检出率较高{HOSTILE[2]}", Strength.SUPPORTED, "n=66", ("rate", "absent")).telling()],
        [ranked, rate_table()],
        [dots],
        [
            open_table(),
            Note(HOSTILE[3], "warning", FIXED),
            Text("\n".join(HOSTILE), FIXED),
            Definitions(((HOSTILE[4], HOSTILE[7]),)),
        ],
    ]


def cell(shown: Shown, source: str = "show(…)") -> NotebookNode:
    """A code cell as IPython leaves it behind."""
    output = v4.new_output("execute_result", data=shown._repr_mimebundle_(), execution_count=1)
    return v4.new_code_cell(source, outputs=[output])


@pytest.fixture(scope="session")
def notebook() -> Callable[[str], NotebookNode]:
    """The executed notebook in an edition."""

    @cache
    def drawn(edition: str) -> NotebookNode:
        show, shown = Show(edition, RELEASE), blocks()
        prose = v4.new_markdown_cell("# 题目\n\n先 <script>window.hacked=1</script> **要点** $x$\n")
        cells = [prose, v4.new_markdown_cell("## 主要数字"), cell(show(*shown[0]), f"秘密 = '{HOSTILE[0]}'")]
        for number, things in enumerate(shown[1:]):
            cells += [v4.new_markdown_cell(f"## 第{number}部分 <i>斜</i>"), cell(show(*things))]
        return v4.new_notebook(cells=[*cells, v4.new_markdown_cell("## 主要数字\n\n### 小节")])

    return lambda edition: deepcopy(drawn(edition))


@pytest.fixture(scope="session")
def meta() -> Callable[[str], ReportMeta]:
    """What the run would say of the report."""

    def build(edition: str) -> ReportMeta:
        return ReportMeta(
            name="1_sector_imbalance",
            title=f"行业分布{HOSTILE[0]}",
            question="为什么？",
            county_name="示例县",
            sample=True,
            period_title="2023年",
            as_of="2023-12-31",
            edition=edition,
            menu=(("1_sector_imbalance", "行业分布"), ("2_enforcement_trend", "执法趋势")),
            inputs=({"file": FILE, "sha256": "ab" * 32, "bytes": 2048},),
            versions={"pandas": "3"},
            parameters={"year": 2023},
            seconds=1.5,
        )

    return build


@pytest.fixture(scope="session")
def html(notebook: Callable[[str], NotebookNode], meta: Callable[[str], ReportMeta]) -> dict[str, str]:
    """The page in every edition."""
    return {
        edition: page.render(notebook(edition), meta(edition))
        for edition in ("internal", "leadership", "public")
    }
