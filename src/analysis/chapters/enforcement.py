"""Report 2: is enforcement precise and strong enough, and which way does it go (精准执法、处罚力度与趋势).

Everything is shown per inspection beside its absolute number: since 2024 national policy limits inspections,
so more of them is no merit, and the question is what each one found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import measures
from analysis.report import figures, findings
from analysis.report.display import Displayable, Figure, Headline, chart
from analysis.report.edition import Kind
from analysis.report.findings import Finding, Subject
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import control_charts, precision, rates, regression
from analysis.stats.multiplicity import adjust
from analysis.stats.results import Comparison, Estimate

COUNTED = measures.RETURN_INDICATORS
DEFINED = (
    "inspections",
    "hit_rate",
    "major_hit_rate",
    "penalty_rate",
    "notices_issued",
    "penalties_issued",
    "fines",
)
"""Indicators that the report defines."""
JUDGED = ("hit_rate", "penalty_rate")
"""Measures of which the report says which way they go."""
MORE_INSPECTIONS = "需要更多检查次数"


@dataclass(frozen=True)
class Ratio:
    """A measure of enforcement: how many of what, over how many of what, and whether it is a share."""

    code: str
    name: str
    part: str
    whole: str
    share: bool
    per: int = 1

    @property
    def kind(self) -> Kind:
        """How its values are written."""
        return "share" if self.share else "number"

    def estimate(self, counts: Mapping[str, float]) -> Estimate:
        """The measure with its interval: Wilson for a share, exact or Byar for a rate."""
        part, whole = counts[self.part], counts[self.whole]
        if self.share:
            return rates.proportion(part, whole)
        return rates.rate(part, whole, per=self.per)


RATIOS = {
    ratio.code: ratio
    for ratio in (
        Ratio("hit_rate", "发现率", "inspections_with_findings", "inspections", share=True),
        Ratio(
            "major_hit_rate", "重大隐患发现率", "inspections_with_major_findings", "inspections", share=True
        ),
        Ratio("notice_rate", "整改通知书/百次", "notices_issued", "inspections", share=False, per=100),
        Ratio("penalty_rate", "行政处罚/百次", "penalties_issued", "inspections", share=False, per=100),
        Ratio("guidance_rate", "指导帮扶/百次", "guidance_visits", "inspections", share=False, per=100),
    )
}


@dataclass(frozen=True)
class Enforcement:
    """A year's enforcement by month and sector, and that of the years before at the same cutoff."""

    book: Book

    @cached_property
    def years(self) -> pd.DataFrame:
        """A row per year that has returns, a column per count."""
        table = measures.counts(self.book, COUNTED, "year")
        return table[table["inspections"] > 0]

    @cached_property
    def months(self) -> pd.DataFrame:
        """A row per month of the year that has returns, a column per count."""
        table = measures.counts(self.book, COUNTED, "month", self.book.year)
        table = table[table["inspections"] > 0]
        return table.set_axis(table.index.astype(int))

    @cached_property
    def sectors(self) -> pd.DataFrame:
        """A row per sector code, a column per count."""
        return measures.counts(self.book, COUNTED, "sector", self.book.year)

    @cached_property
    def all_months(self) -> pd.DataFrame:
        """Twelve rows for every year of the scope, in order of time; a month without a return has zeros."""
        rows = self.book.indicators
        rows = rows[(rows["source"] == "return") & rows["month"].notna() & rows["indicator"].isin(COUNTED)]
        whole = rows.astype({"year": int, "month": int})
        table = whole.pivot_table(
            index=["year", "month"], columns="indicator", values="value", aggfunc="sum", fill_value=0.0
        )
        every = pd.MultiIndex.from_product([sorted(self.years.index), range(1, 13)], names=["year", "month"])
        return table.reindex(index=every, columns=list(COUNTED), fill_value=0.0)

    @property
    def known(self) -> bool:
        """Whether the year has returns with inspections at all."""
        return self.book.year in self.years.index

    @property
    def last_year(self) -> int | None:
        """The year before, where it has returns."""
        year = self.book.year - 1
        return year if year in self.years.index else None

    @cached_property
    def fines(self) -> pd.Series[float]:
        """The fine of each decision of the penalty list that fines, in yuan."""
        rows = self.book.penalties
        fined = rows[(rows["year"] == self.book.year) & rows["fine"].notna()]["fine"].astype(float)
        return fined[fined > 0]

    def counts(self, year: int) -> dict[str, float]:
        """The counts of one year that has returns."""
        return _floats(self.years.loc[[year]])[0]

    def rate(self, ratio: Ratio, year: int) -> Estimate:
        """A measure of one year with its interval."""
        return ratio.estimate(self.counts(year))


def headlines(view: Enforcement) -> tuple[Headline, ...]:
    """Open with inspections, what they found, and what followed."""
    counts = (
        _count(view, "inspections", "检查", "次"),
        _count(view, "notices_issued", "整改通知书", "份"),
        _count(view, "penalties_issued", "行政处罚", "起"),
        _count(view, "fines", "罚款", "元"),
    )
    return (*counts, _share(view, RATIOS["hit_rate"]), _share(view, RATIOS["major_hit_rate"]))


def answer(view: Enforcement) -> tuple[Finding, ...]:
    """Say which way enforcement goes and whether it lies where the hazards are.

    The tests against last year and over the years are adjusted together.
    """
    if not view.known:
        return (findings.cannot_show("执法检查的发现率和处罚率", "分月、分行业的执法检查月报"),)
    yearly = {code: _against_last_year(view, RATIOS[code]) for code in JUDGED} if view.last_year else {}
    trends = {code: _over_years(view, RATIOS[code]) for code in JUDGED}
    tests = iter(adjust([found.test for found in (*yearly.values(), *trends.values())]))
    said = [
        _said_of_last_year(view, code, replace(found, test=next(tests))) for code, found in yearly.items()
    ]
    if not view.last_year:
        said.append(findings.cannot_show("与上年同期的比较", f"{view.book.year - 1}年的执法检查月报"))
    years = [int(year) for year in view.years.index]
    said += [
        findings.trend(_subject(RATIOS[code]), replace(found, test=next(tests)), years)
        for code, found in trends.items()
    ]
    return (*said, _where(view), _fines(view))


def _against_last_year(view: Enforcement, ratio: Ratio) -> Comparison:
    """A rate against last year's at the same cutoff, widened by how much months vary beyond chance."""
    now, before = view.counts(view.book.year), view.counts(view.book.year - 1)
    return rates.rate_ratio(
        now[ratio.part],
        now[ratio.whole],
        before[ratio.part],
        before[ratio.whole],
        dispersion=_dispersion(view),
    )


def _said_of_last_year(view: Enforcement, code: str, found: Comparison) -> Finding:
    values = [view.rate(RATIOS[code], year).value or 0.0 for year in (view.book.year, view.book.year - 1)]
    return findings.year_on_year(_subject(RATIOS[code]), values[0], values[1], found, MORE_INSPECTIONS)


def _dispersion(view: Enforcement) -> float:
    """How much more the monthly hits vary than chance: months are not independent draws."""
    months = view.months
    expected = rates.expected_counts(months["inspections_with_findings"], months["inspections"])
    if len(months) < 2 or not (expected > 0).all():
        return 1.0
    excess = ((months["inspections_with_findings"] - expected) ** 2 / expected).sum() / (len(months) - 1)
    return max(1.0, float(excess))


def _over_years(view: Enforcement, ratio: Ratio) -> Comparison:
    """The yearly factor of a rate, from a regression of the monthly counts of all years."""
    series = view.all_months
    model = regression.count_trend(series[ratio.part], series[ratio.whole])
    return Comparison(model.ratios["per_year"], model.tests["per_year"])


def _where(view: Enforcement) -> Finding:
    """Whether penalties lie in the sectors where the hazards lie."""
    table = measures.industries(view.sectors)
    hazards = measures.counts(view.book, ["hazards_department_found"], "sector", view.book.year)
    found = hazards["hazards_department_found"].reindex(table.index, fill_value=0)
    return findings.overlap("行政处罚", "部门发现的隐患", precision.overlap(found, table["penalties_issued"]))


def _fines(view: Enforcement) -> Finding:
    return findings.spread_of_fines(precision.spread(view.fines), len(view.fines))


def year_figures(view: Enforcement, *codes: str) -> tuple[Displayable | DataTable, ...]:
    """Draw measures over the years, where any year has returns."""
    if view.years.empty:
        return (findings.cannot_show("历年执法检查的变化", "分月、分行业的执法检查月报"),)
    return tuple(rate_figure(view, code) for code in codes)


def year_tables(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """List the years' counts and rates, where any year has returns."""
    if view.years.empty:
        return (findings.cannot_show("历年执法检查的数量和比率", "分月、分行业的执法检查月报"),)
    return (year_table(view), rate_table(view))


def month_figures(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """Draw the year's months, where it has returns."""
    if not view.known:
        return (findings.cannot_show("年内各月的检查与发现", "分月的执法检查月报"),)
    return (month_figure(view), month_chart(view))


def sector_tables(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """List enforcement by sector, where the year has returns."""
    if not view.known:
        return (findings.cannot_show("各行业的检查与处罚", "分行业的执法检查月报"),)
    return (sector_table(view),)


def year_table(view: Enforcement) -> DataTable:
    """List every year's counts at the same cutoff, a row per count."""
    names = {code: vocabulary.indicators()[code] for code in COUNTED}
    years = [f"{int(year)}年" for year in view.years.index]
    frame = view.years.T.set_axis(years, axis="columns").reset_index(drop=True)
    frame.insert(0, "indicator", [f"{name.name_zh}（{name.unit}）" for name in names.values()])
    missing = "、".join(f"{year}年" for year in view.book.missing_years)
    return DataTable(
        "enforcement-years",
        frame,
        (Column("indicator", "指标"), *(Column(year, year, "count") for year in years)),
        "历年执法检查、处罚、指导和培训的数量，均截至同一日期",
        f"{len(years)} 个年份",
        note=f"缺少数据的基期年份：{missing}。" if missing else "",
        enterprises=WHOLE_COUNTY,
    )


def rate_table(view: Enforcement) -> DataTable:
    """List every year's measures per inspection with their intervals."""
    rows = []
    for year in view.years.index:
        row: dict[str, object] = {"year": f"{int(year)}年", "n": view.years.loc[year, "inspections"]}
        for code, ratio in RATIOS.items():
            found = view.rate(ratio, int(year))
            row |= {code: found.value, f"{code}_low": found.low, f"{code}_high": found.high}
        rows.append(row)
    columns = [
        Column(code, ratio.name, ratio.kind, interval=(f"{code}_low", f"{code}_high"))
        for code, ratio in RATIOS.items()
    ]
    return DataTable(
        "enforcement-rates",
        pd.DataFrame(rows),
        (Column("year", "年份"), Column("n", "检查", "count", unit="次"), *columns),
        "每次检查发现了什么、带来了什么：历年比率与95%区间",
        f"{int(view.years['inspections'].sum()):,} 次检查",
        note="检查对象并非随机抽取，发现率不等于企业存在隐患的比例。",
        enterprises=WHOLE_COUNTY,
    )


def rate_figure(view: Enforcement, code: str) -> Figure:
    """Draw one measure over the years with its interval."""
    ratio = RATIOS[code]
    found = {int(year): view.rate(ratio, int(year)) for year in view.years.index}
    frame = pd.DataFrame(
        [{"year": year, "value": e.value, "low": e.low, "high": e.high} for year, e in found.items()]
    ).assign(n=view.years["inspections"].to_numpy())
    kind = ratio.kind
    shown = DataTable(
        f"years-{code}",
        frame,
        (
            Column("year", "年份", "number", 0),
            Column("value", ratio.name, kind, interval=("low", "high")),
            Column("n", "检查", "count", unit="次"),
        ),
        f"历年{ratio.name}与95%区间",
        f"{int(frame['n'].sum()):,} 次检查",
        enterprises=WHOLE_COUNTY,
    )
    return chart(
        figures.yearly_dots,
        shown,
        alt=lambda masked: f"{len(masked)}个年份的{ratio.name}，每年一点，竖线为95%区间。",
        year="year",
        value="value",
        low="low",
        high="high",
        kind=kind,
        axis=ratio.name,
    )


def month_figure(view: Enforcement) -> Figure:
    """Draw the year's inspections and those with findings by month."""
    names = {"inspections": "检查次数", "inspections_with_findings": "发现隐患的检查"}
    rows = [
        {"month": int(month), "series": label, "value": view.months.loc[month, code]}
        for code, label in names.items()
        for month in view.months.index
    ]
    shown = DataTable(
        "months",
        pd.DataFrame(rows, columns=["month", "series", "value"]),
        (
            Column("month", "月份", "number", 0),
            Column("series", "指标"),
            Column("value", "次数", "count", unit="次"),
        ),
        f"{view.book.year}年各月检查次数与发现隐患的检查",
        f"{int(view.months['inspections'].sum()):,} 次检查，{len(view.months)} 个月",
        note="没有月报的月份留空，不作零。",
        enterprises=WHOLE_COUNTY,
    )
    return chart(
        figures.monthly_lines,
        shown,
        alt=lambda masked: f"{masked['month'].nunique()}个月的两条折线：检查次数、发现隐患的检查次数。",
        month="month",
        value="value",
        series="series",
        axis="次",
    )


def month_chart(view: Enforcement) -> Figure:
    """Draw the monthly hit rate of this and last year as a control chart (Laney p′)."""
    years = [year for year in (view.book.year - 1, view.book.year) if year in view.years.index]
    table = view.all_months.loc[years]
    table = table[table["inspections"] > 0]
    found = control_charts.control_chart(table["inspections_with_findings"], table["inspections"], "p_prime")
    frame = pd.DataFrame(
        {
            "label": [f"{int(year)}-{int(month):02d}" for year, month in table.index],
            "value": found.values,
            "centre": found.centre,
            "lower": found.lower,
            "upper": found.upper,
        }
    )
    frame = frame.assign(beyond=frame.index.isin(found.beyond))
    few = "点数不足12个，只画图，不判断异常。" if "few_points" in found.warnings else ""
    shown = DataTable(
        "control-hit-rate",
        frame,
        (
            Column("label", "月份"),
            Column("value", "发现率", "share"),
            Column("centre", "中心线", "share"),
            Column("lower", "下限", "share"),
            Column("upper", "上限", "share"),
        ),
        "各月发现率与控制限（Laney p′图，三倍标准差）",
        f"{int(table['inspections'].sum()):,} 次检查，{len(frame)} 个月",
        note=few,
        enterprises=WHOLE_COUNTY,
    )
    return chart(
        figures.control_chart,
        shown,
        alt=lambda masked: f"{len(masked)}个月的发现率折线，带中心线和上下控制限。",
        label="label",
        value="value",
        centre="centre",
        lower="lower",
        upper="upper",
        kind="share",
        axis="发现率",
        warning=few,
    )


def sector_table(view: Enforcement) -> DataTable:
    """List enforcement by sector: counts, and what an inspection found with its interval."""
    table = view.sectors[view.sectors["inspections"] > 0].sort_values("inspections", ascending=False)
    hit = [RATIOS["hit_rate"].estimate(counts) for counts in _floats(table)]
    limits = pd.DataFrame([(e.value, e.low, e.high) for e in hit], table.index, ["hit", "low", "high"])
    names = [vocabulary.name("sector", str(code)) if code else "未分行业" for code in table.index]
    frame = table.join(limits).assign(sector=names)
    return DataTable(
        "enforcement-sectors",
        frame.reset_index(drop=True),
        (
            Column("sector", "行业领域"),
            _count_column("inspections"),
            Column("hit", "发现率（95%区间）", "share", interval=("low", "high")),
            *(
                _count_column(code)
                for code in ("notices_issued", "penalties_issued", "fines", "guidance_visits")
            ),
        ),
        "分行业的检查、发现率与处罚",
        f"{int(table['inspections'].sum()):,} 次检查",
        note="行业间比较受检查对象选择影响，不排名。",
        enterprises=WHOLE_COUNTY,
    )


def _count_column(code: str) -> Column:
    indicator = vocabulary.indicators()[code]
    return Column(
        code, indicator.name_zh, "money" if indicator.kind == "money" else "count", unit=indicator.unit
    )


def _count(view: Enforcement, code: str, label: str, unit: str) -> Headline:
    value = view.counts(view.book.year)[code] if view.known else None
    last = view.counts(view.last_year)[code] if view.last_year else None
    kind: Kind = "money" if code == "fines" else "count"
    evidence = measures.evidence(view.book, code, view.book.year)
    return Headline(code, label, value, unit, kind, last, evidence=evidence)


def _floats(table: pd.DataFrame) -> list[dict[str, float]]:
    """The rows of a table of counts as plain numbers."""
    return [{str(name): float(value) for name, value in row.items()} for row in table.to_dict("records")]


def _share(view: Enforcement, ratio: Ratio) -> Headline:
    found = view.rate(ratio, view.book.year) if view.known else None
    last = view.rate(ratio, view.last_year).value if view.last_year else None
    counts = view.counts(view.book.year) if view.known else None
    basis = "" if counts is None else f"{counts[ratio.part]:,.0f} / {counts[ratio.whole]:,.0f} 次检查"
    evidence = measures.evidence(view.book, ratio.part, view.book.year)
    value = found.value if found else None
    return Headline(ratio.code, ratio.name, value, kind="share", last=last, basis=basis, evidence=evidence)


def _subject(ratio: Ratio) -> Subject:
    return Subject("全县", ratio.name, ratio.kind, evidence=("enforcement-rates",))
