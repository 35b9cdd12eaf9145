"""Report 1: why hazards are spread unevenly over sectors (隐患分布不均).

High because it is dangerous, or because it is looked at more? The hazard quotient is split, exactly, into
effort × yield × reporting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import measures
from analysis.report import figures, findings
from analysis.report.display import Displayable, Figure, Headline, chart
from analysis.report.findings import Finding, Subject
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import association, clusters, imbalance, inequality
from analysis.stats.multiplicity import adjust
from analysis.stats.results import Estimate, TestResult

Level = Literal["all", "major"]
_PREFIX: Mapping[Level, str] = {"all": "", "major": "major_"}
_NOUN: Mapping[Level, str] = {"all": "隐患", "major": "重大隐患"}
_COUNTED = ("hazards_found", "hazards_self_reported", "hazards_department_found", "hazards_rectified")
Tests = Mapping[str, TestResult]
LISTED_AT_MOST = 4
"""Findings shown of each kind, so that the first screen stays one screen."""
DEFINED = (
    "hazards_found",
    "major_hazards_found",
    "major_hazards_self_reported",
    "major_hazards_department_found",
    "self_report_share",
    "rectification_rate",
    "yield_per_inspection",
    "regulated_enterprises",
)
"""Indicators that the report defines."""


@dataclass(frozen=True)
class Imbalance:
    """A year's hazards by sector, beside its enterprises and inspections."""

    book: Book
    level: Level = "all"

    @property
    def noun(self) -> str:
        """What is counted, in words."""
        return _NOUN[self.level]

    @cached_property
    def sectors(self) -> pd.DataFrame:
        """A row per sector code: enterprises, inspections, found, own, department, rectified, behind.

        ``behind`` counts the distinct enterprises in which the sector's hazards were found.
        """
        prefix, year = _PREFIX[self.level], self.book.year
        names = [prefix + name for name in _COUNTED]
        hazards = measures.counts(self.book, names, "sector", year)
        others = measures.counts(self.book, ["regulated_enterprises", "inspections"], "sector", year)
        table = others.join(hazards, how="outer").fillna(0.0)
        table.columns = pd.Index(["enterprises", "inspections", "found", "own", "department", "rectified"])
        return table.assign(behind=self._enterprises_behind().reindex(table.index, fill_value=0))

    @cached_property
    def industries(self) -> pd.DataFrame:
        """The sectors that exclude one another; shares and indices use only these."""
        return measures.industries(self.sectors)

    @cached_property
    def compared(self) -> pd.DataFrame:
        """The industries with enough enterprises and inspections for rates to mean something."""
        enough = self.book.settings.minimum_exposure
        table = self.industries
        return table[(table["enterprises"] >= enough) & (table["inspections"] >= enough)]

    @property
    def comparable(self) -> bool:
        """Whether there are denominators at all: without them there are counts, no rates and no ranking."""
        return len(self.compared) > 1 and self.compared["found"].sum() > 0

    @cached_property
    def events(self) -> pd.DataFrame:
        """The year's hazards of this level, a row each."""
        rows = self.book.hazards
        rows = rows[rows["year"] == self.book.year]
        return rows if self.level == "all" else rows[rows["level"] == "major"]

    @cached_property
    def splits(self) -> dict[str, imbalance.QuotientSplit]:
        """The hazard quotient of each compared industry and its three factors."""
        table = self.compared
        parts = imbalance.split_quotients(
            table["enterprises"], table["inspections"], table["department"], table["own"]
        )
        return dict(zip(table.index, parts, strict=True))

    @cached_property
    def against_enterprises(self) -> association.Association:
        """Whether hazards follow the number of enterprises, those of one enterprise being one cluster."""
        return self._against("found", "enterprises")

    @cached_property
    def against_inspections(self) -> association.Association:
        """Whether what departments found follows the number of inspections: the test of yield."""
        return self._against("department", "inspections")

    @cached_property
    def reporting_tests(self) -> tuple[TestResult, ...]:
        """Whether a sector's share of self-reports differs from that of the others, a test per sector."""
        return association.contingency(self.compared[["own", "department"]]).residuals[::2]

    @cached_property
    def unevenness(self) -> Estimate:
        """Theil T of hazards against enterprises over the compared industries."""
        return inequality.inequality(self.compared["found"], self.compared["enterprises"])

    def _against(self, counted: str, exposure: str) -> association.Association:
        table = self.compared
        return association.against_exposure(
            table[counted], table[exposure], design_effect=self._design_effect
        )

    @cached_property
    def _design_effect(self) -> float:
        """How much wider than Poisson the spread over enterprises is; at least 1."""
        per_enterprise = clusters.events_per_cluster(self.events["enterprise"])
        found = clusters.clustered_rate(per_enterprise, [1.0] * len(per_enterprise))
        return max(1.0, found.design_effect or 1.0)

    def _enterprises_behind(self) -> pd.Series[int]:
        return self.events.groupby("sector")["enterprise"].nunique()


def headlines(view: Imbalance, major: Imbalance) -> tuple[Headline, ...]:
    """Open with hazards found, major ones, and how many of these enterprises reported themselves."""
    book, year = view.book, view.book.year
    found, self_found = (major.sectors[name].sum() for name in ("found", "own"))
    return (
        _headline(book, "hazards_found", "发现隐患", "条"),
        _headline(book, "major_hazards_found", "其中重大隐患", "条"),
        Headline(
            "self_report_share",
            "重大隐患自查占比",
            self_found / found if found else None,
            kind="share",
            last=_last_share(book),
            basis=f"企业自查 {self_found:,.0f} 条 / 全部 {found:,.0f} 条",
            evidence=measures.evidence(book, "major_hazards_self_reported", year),
        ),
        Headline(
            "rectification_rate",
            "整改率",
            view.sectors["rectified"].sum() / view.sectors["found"].sum()
            if view.sectors["found"].sum()
            else None,
            kind="share",
            basis=f"截至 {book.scope.as_of} 已整改 {view.sectors['rectified'].sum():,.0f} 条",
            evidence=measures.evidence(book, "hazards_rectified", year),
        ),
    )


def answer(view: Imbalance, major: Imbalance) -> tuple[Finding, ...]:
    """Answer the report's question in a few sentences, each as strong as its test allows.

    The tests behind them are adjusted together, so that a report without any effect claims one at most once
    in twenty times.
    """
    if not view.comparable:
        return (findings.cannot_show("隐患分布与企业数、检查力度的关系", "分行业的监管企业数和检查次数"),)
    families = (
        major.against_enterprises.residuals,
        view.against_enterprises.residuals,
        view.against_inspections.residuals,
        view.reporting_tests,
    )
    tests = iter(adjust([test for family in families for test in family]))
    of_major, of_hazards, of_yield, of_reports = (
        dict(zip(map(str, each.compared.index), tests, strict=False)) for each in (major, view, view, view)
    )
    sectors = (*_drivers(view, of_hazards), *_yields(view, of_yield), *_reporters(view, of_reports))
    return (_concentration(major, of_major), *sectors)


def _concentration(view: Imbalance, tests: Tests) -> Finding:
    table = view.compared.sort_values("found", ascending=False)
    parts = {
        vocabulary.name("sector", code): (int(found), view.splits[code].hazard, tests[code])
        for code, found in zip(map(str, table.index), table["found"], strict=True)
    }
    total = int(view.industries["found"].sum())
    return findings.concentrated(view.noun, parts, total, (f"sectors-{view.level}",))


def _drivers(view: Imbalance, tests: Tests) -> list[Finding]:
    """Which factor makes the sectors high whose hazards exceed what their enterprises would bring."""
    quotients = {code: split.hazard for code, split in view.splits.items()}
    carried = _carried(quotients, tests)
    return [
        findings.driver(vocabulary.name("sector", code), view.splits[code], ("split",)) for code in carried
    ]


def _yields(view: Imbalance, tests: Tests) -> list[Finding]:
    """Sectors where an inspection finds more than elsewhere, as far as the test carries it."""
    quotients = {code: split.yield_ for code, split in view.splits.items()}
    measure = "检出率（每次检查发现的隐患）"
    return [
        findings.against_average(
            Subject(vocabulary.name("sector", code), measure, evidence=("split",)),
            quotients[code],
            tests[code],
            "需要更多检查次数",
        )
        for code in _carried(quotients, tests)
    ]


def _reporters(view: Imbalance, tests: Tests) -> list[Finding]:
    """Sectors whose enterprises report themselves more than elsewhere."""
    table = view.compared
    found = imbalance.location_quotients(table["own"], table["found"])
    quotients = dict(zip(map(str, table.index), found, strict=True))
    return [
        findings.against_average(
            Subject(vocabulary.name("sector", code), "企业自查占比", evidence=("split",)),
            quotients[code],
            tests[code],
            "需要更多记录",
        )
        for code in _carried(quotients, tests)
    ]


def _carried(quotients: Mapping[str, Estimate], tests: Tests) -> list[str]:
    """The sectors above the average as far as interval and adjusted test carry it, highest first."""
    high = {
        code: quotient.value
        for code, quotient in quotients.items()
        if quotient.value and quotient.value > 1 and quotient.excludes(1) and tests[code].significant()
    }
    return sorted(high, key=lambda code: -high[code])[:LISTED_AT_MOST]


def share_figures(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Draw the shares of all hazards and of the major ones, where there are hazards and denominators."""
    return _where_comparable("各行业份额与企业、检查份额的比较", views, share_figure)


def split_figures(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Draw the split of the hazard quotients, where it is defined."""
    return _where_comparable("隐患商的拆分", views, split_figure)


def index_tables(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """List the indices of unevenness, where there are denominators."""
    return _where_comparable("分布的不均程度", views, index_table)


def township_figures(view: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Draw sector × township, where the ledger has hazards."""
    if view.events.empty:
        return (findings.cannot_show("隐患在乡镇间的分布", "逐条记录并注明乡镇的隐患台账"),)
    return (township_figure(view),)


def _where_comparable(
    what: str, views: Iterable[Imbalance], show: Callable[[Imbalance], Displayable | DataTable]
) -> tuple[Displayable | DataTable, ...]:
    return tuple(
        show(view)
        if view.comparable
        else findings.cannot_show(f"{view.noun}{what}", "分行业的监管企业数、检查次数和隐患台账")
        for view in views
    )


def sector_table(view: Imbalance) -> DataTable:
    """List every sector's counts: industries in order of hazards, cross-cutting fields after them."""
    parts = (view.industries.sort_values("found", ascending=False), measures.cross_cutting(view.sectors))
    frame = pd.concat(parts).assign(cross_cutting=[False] * len(parts[0]) + [True] * len(parts[1]))
    frame = frame.assign(
        sector=[vocabulary.name("sector", str(code)) for code in frame.index],
        kind=["跨行业" if cross else "行业" for cross in frame["cross_cutting"]],
        own_share=(frame["own"] / frame["found"]).where(frame["found"] > 0),
    )
    total = int(view.sectors["found"].sum())
    return DataTable(
        f"sectors-{view.level}",
        frame.reset_index(drop=True),
        (
            Column("sector", "行业领域"),
            Column("kind", "类别"),
            Column("enterprises", "监管企业", "count", unit="家"),
            Column("inspections", "检查", "count", unit="次"),
            Column("found", view.noun, "count", unit="条"),
            Column("own", "企业自查", "count", unit="条"),
            Column("department", "部门发现", "count", unit="条"),
            Column("own_share", "自查占比", "share"),
            Column("rectified", "已整改", "count", unit="条"),
        ),
        f"各行业领域{view.noun}、监管企业和检查次数",
        f"{total:,} 条{view.noun}",
        note="跨行业领域与各行业有交叉，单列，不进入份额和指数。",
        enterprises="behind",
    )


def campaign_table(major: Imbalance) -> DataTable:
    """List major hazards by campaign: a campaign's figures are its own and never the county's."""
    book, year = major.book, major.book.year
    names = [f"major_{name}" for name in _COUNTED]
    frame = measures.counts(book, names, "campaign", year)
    frame.columns = pd.Index(["found", "own", "department", "rectified"])
    frame = frame[frame["found"] > 0].sort_values("found", ascending=False)
    behind = major.events.assign(campaign=major.events["campaign"].fillna("")).groupby("campaign")[
        "enterprise"
    ]
    frame = frame.assign(
        campaign=[vocabulary.name("campaign", str(code)) if code else "未标明专项" for code in frame.index],
        rate=frame["rectified"] / frame["found"],
        behind=behind.nunique().reindex(frame.index, fill_value=0),
    )
    return DataTable(
        "campaigns-major",
        frame.reset_index(drop=True),
        (
            Column("campaign", "专项行动"),
            Column("found", "重大隐患", "count", unit="条"),
            Column("own", "企业自查", "count", unit="条"),
            Column("department", "部门发现", "count", unit="条"),
            Column("rectified", "已整改", "count", unit="条"),
            Column("rate", "整改率", "share"),
        ),
        "重大隐患按专项行动分列，由台账逐条计数",
        f"{int(frame['found'].sum()):,} 条重大隐患",
        note="专项行动的数字只覆盖该专项，不等于全县；全县合计见分行业表。",
        enterprises="behind",
    )


def share_figure(view: Imbalance) -> Figure:
    """Draw each industry's share of hazards beside its share of enterprises and of inspections."""
    table = view.industries[view.industries["found"] > 0]
    shares = {
        name: table[name] / view.industries[name].sum() for name in ("found", "enterprises", "inspections")
    }
    frame = pd.DataFrame(shares).sort_values("found", ascending=False)
    frame = frame.assign(
        sector=[vocabulary.name("sector", str(code)) for code in frame.index], behind=table["behind"]
    )
    columns = (
        Column("sector", "行业"),
        Column("found", f"{view.noun}份额", "share"),
        Column("enterprises", "监管企业份额", "share"),
        Column("inspections", "检查份额", "share"),
    )
    shown = DataTable(
        f"shares-{view.level}",
        frame.reset_index(drop=True),
        columns,
        f"各行业在{view.noun}、监管企业和检查次数中各占多少",
        f"{int(view.industries['found'].sum()):,} 条{view.noun}",
        enterprises="behind",
    )
    return chart(
        figures.share_comparison,
        shown,
        alt=lambda masked: (
            f"{len(masked)}个行业的三个份额：{view.noun}、监管企业、检查次数，每个行业一行三个点。"
        ),
        label="sector",
        shares={"found": f"{view.noun}份额", "enterprises": "监管企业份额", "inspections": "检查份额"},
    )


def split_figure(view: Imbalance) -> Figure:
    """Draw the exact split of each industry's hazard quotient, as logarithms that add up."""
    rows = [
        {
            "sector": vocabulary.name("sector", code),
            "quotient": split.hazard.value,
            "low": split.hazard.low,
            "high": split.hazard.high,
            "effort": split.effort,
            "yield": split.yield_.value,
            "reporting": split.reporting.value,
            "behind": view.sectors.loc[code, "behind"],
        }
        for code, split in view.splits.items()
        if split.logs is not None
    ]
    frame = pd.DataFrame(rows).sort_values("quotient", ascending=False)
    undefined = [vocabulary.name("sector", code) for code, split in view.splits.items() if split.logs is None]
    columns = (
        Column("sector", "行业"),
        Column("quotient", "隐患商", "number", 2, interval=("low", "high")),
        Column("effort", "检查力度商", "number", 2),
        Column("yield", "检出率商", "number", 2),
        Column("reporting", "自查上报商", "number", 2),
    )
    shown = DataTable(
        "split",
        frame.reset_index(drop=True),
        columns,
        "隐患商＝检查力度商×检出率商×自查上报商（恒等式）",
        f"{int(view.compared['found'].sum()):,} 条{view.noun}，{len(frame)} 个行业",
        note=f"没有检查或没有部门发现而不能拆分：{'、'.join(undefined)}。" if undefined else "",
        enterprises="behind",
    )
    return chart(
        figures.split_log_quotient,
        shown,
        alt=lambda masked: (
            f"{len(masked)}个行业的隐患商拆成检查力度、检出率、自查上报三段，以全县平均为零线。"
        ),
        label="sector",
        parts={"effort": "检查力度", "yield": "检出率", "reporting": "自查上报"},
        total="quotient",
    )


def township_figure(view: Imbalance) -> Figure:
    """Draw sector × township as a heat map that tells zero and not inspected apart."""
    rows = view.events.assign(township=view.events["township"].fillna("未注明"))
    counted = rows.groupby(["sector", "township"]).agg(
        found=("enterprise", "size"), behind=("enterprise", "nunique")
    )
    places = (sorted(rows["sector"].unique()), sorted(rows["township"].unique()))
    every = pd.MultiIndex.from_product(places, names=["sector", "township"])
    frame = counted.reindex(every, fill_value=0).reset_index()
    frame = frame.assign(sector=[vocabulary.name("sector", code) for code in frame["sector"]])
    shown = DataTable(
        f"townships-{view.level}",
        frame,
        (
            Column("sector", "行业领域"),
            Column("township", "乡镇"),
            Column("found", view.noun, "count", unit="条"),
        ),
        f"{view.noun}在行业和乡镇间的分布",
        f"{len(rows):,} 条{view.noun}",
        enterprises="behind",
    )
    return chart(
        figures.heatmap,
        shown,
        alt=lambda masked: f"行业与乡镇交叉的{view.noun}条数热力图，共{masked['township'].nunique()}个乡镇。",
        row="sector",
        column="township",
        value="found",
    )


def index_table(view: Imbalance) -> DataTable:
    """List the indices of unevenness with their intervals."""
    table = view.compared
    found = {
        "泰尔指数 T": view.unevenness,
        "基尼系数": inequality.inequality(table["found"], table["enterprises"], "gini"),
        "泰尔指数 T（相对检查次数）": inequality.inequality(table["department"], table["inspections"]),
    }
    frame = pd.DataFrame(
        [
            {"index": name, "value": e.value, "low": e.low, "high": e.high, "n": e.n}
            for name, e in found.items()
        ]
    )
    return DataTable(
        f"indices-{view.level}",
        frame,
        (
            Column("index", "指数"),
            Column("value", "数值（95%区间）", "number", 3, interval=("low", "high")),
            Column("n", "隐患", "count", unit="条"),
        ),
        "隐患相对监管企业分布的不均程度：0 表示与企业数同比例",
        f"{len(table)} 个行业",
        enterprises=WHOLE_COUNTY,
    )


def _headline(book: Book, indicator: str, label: str, unit: str) -> Headline:
    year = book.year
    last = measures.total(book, indicator, year - 1) if year - 1 in book.scope.years else None
    value = measures.total(book, indicator, year)
    return Headline(
        indicator, label, value, unit, last=last, evidence=measures.evidence(book, indicator, year)
    )


def _last_share(book: Book) -> float | None:
    year = book.year - 1
    if year not in book.scope.years:
        return None
    found = measures.total(book, "major_hazards_found", year)
    return measures.total(book, "major_hazards_self_reported", year) / found if found else None
