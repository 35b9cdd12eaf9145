"""Report 2: is enforcement precise and strong enough, and which way does it go (精准执法、处罚力度与趋势).

Everything is shown per inspection beside its absolute number: since 2024 national policy limits inspections,
so more of them is no merit, and the question is what each one found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis.book import Book
from analysis.chapters import measures
from analysis.report import findings
from analysis.report.display import Headline
from analysis.report.edition import Kind
from analysis.report.findings import Finding, Subject
from analysis.report.released import STATISTIC
from analysis.stats import multiplicity, precision, rates, regression
from analysis.stats.results import Comparison, Estimate

COUNTED = measures.ENFORCEMENT
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
FAMILIES = 2
"""Families of tests in this report: enforcement and incidents; each has an equal part of the 5 %."""
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
        Ratio("notice_rate", "每百次检查整改通知书", "notices_issued", "inspections", share=False, per=100),
        Ratio("penalty_rate", "每百次检查行政处罚", "penalties_issued", "inspections", share=False, per=100),
        Ratio("guidance_rate", "每百次检查指导帮扶", "guidance_visits", "inspections", share=False, per=100),
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
        return plain_rows(self.years.loc[[year]])[0]

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

    The tests against last year and over the years are one of the report's families.
    """
    if not view.known:
        return (findings.cannot_show("执法检查的发现率和处罚率", "分月、分行业的执法检查月报"),)
    yearly = {code: _against_last_year(view, RATIOS[code]) for code in JUDGED} if view.last_year else {}
    trends = {code: _over_years(view, RATIOS[code]) for code in JUDGED}
    plain = [found.test for found in (*yearly.values(), *trends.values())]
    tests = iter(multiplicity.among(multiplicity.adjust(plain), FAMILIES))
    said = [
        _said_of_last_year(view, code, replace(found, test=next(tests))) for code, found in yearly.items()
    ]
    if not view.last_year:
        said.append(findings.cannot_show("与上年同期的比较", f"{view.book.year - 1}年的执法检查月报"))
    years = [int(year) for year in view.years.index]
    said += [
        findings.trend(_subject(RATIOS[code]), replace(found, test=next(tests)), years).telling(STATISTIC)
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
    said = findings.year_on_year(_subject(RATIOS[code]), values[0], values[1], found, MORE_INSPECTIONS)
    ratio, years = RATIOS[code], (view.book.year, view.book.year - 1)
    return said.telling(STATISTIC, *measures.cells(view.book, ratio.part, ratio.whole, years=years))


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
    said = findings.overlap("行政处罚", "部门发现的隐患", precision.overlap(found, table["penalties_issued"]))
    codes = ("penalties_issued", "hazards_department_found")
    return said.resting_on(*(measures.evidence(view.book, code, view.book.year) for code in codes))


def _fines(view: Enforcement) -> Finding:
    said = findings.spread_of_fines(precision.spread(view.fines), len(view.fines))
    fined = view.book.penalties.loc[view.fines.index]
    return said.resting_on(measures.rows_of(fined, "处罚决定清单"))


def _count(view: Enforcement, code: str, label: str, unit: str) -> Headline:
    value = view.counts(view.book.year)[code] if view.known else None
    last = view.counts(view.last_year)[code] if view.last_year else None
    kind: Kind = "money" if code == "fines" else "count"
    evidence = measures.evidence(view.book, code, view.book.year)
    return Headline(code, label, value, unit, kind, last, evidence=evidence, counts=(code,))


def plain_rows(table: pd.DataFrame) -> list[dict[str, float]]:
    """The rows of a table of counts as plain numbers."""
    return [{str(name): float(value) for name, value in row.items()} for row in table.to_dict("records")]


def _share(view: Enforcement, ratio: Ratio) -> Headline:
    found = view.rate(ratio, view.book.year) if view.known else None
    last = view.rate(ratio, view.last_year).value if view.last_year else None
    counts = view.counts(view.book.year) if view.known else None
    basis = "" if counts is None else f"{counts[ratio.part]:,.0f} / {counts[ratio.whole]:,.0f} 次检查"
    evidence = measures.evidence(view.book, ratio.part, view.book.year)
    value = found.value if found else None
    return Headline(
        ratio.code,
        ratio.name,
        value,
        kind="share",
        last=last,
        basis=basis,
        evidence=evidence,
        counts=(ratio.part, ratio.whole),
    )


def _subject(ratio: Ratio) -> Subject:
    return Subject("全县", ratio.name, ratio.kind, evidence=("enforcement-rates",))
