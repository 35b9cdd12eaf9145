"""Before and after a campaign, beside other sectors and beside regression to the mean (专项前后).

Only the months' hit rate is looked at, sector by sector, from the monthly returns. Without sectors outside
the campaign there is nothing to compare with, and nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from analysis import vocabulary
from analysis.chapters.campaigns import FAMILIES, Campaigns, name_of
from analysis.report import figures, findings
from analysis.report.display import Displayable, Figure, chart
from analysis.report.findings import Finding, Subject
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import interventions, multiplicity, regression
from analysis.stats.interventions import RegressionToMean
from analysis.stats.regression import CountModel
from analysis.stats.results import Comparison, TestResult, untested

HITS, VISITS = "inspections_with_findings", "inspections"
BEFORE_MONTHS = 36
LEAST_MONTHS = 3
"""Months with inspections that either side of a campaign needs."""
DRAWN_AT_MOST = 4
MONTHS_NEEDED = "专项开始前后各月、分行业的检查次数和发现隐患的检查次数"
MEASURE = "发现率"


@dataclass(frozen=True)
class Window:
    """A campaign's sectors and the months before and after it, as numbers of months since year 0."""

    code: str
    sectors: tuple[str, ...]
    start: int
    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def words(self) -> tuple[str, str]:
        """Both spans of months."""
        return (_span(*self.before), _span(*self.after))


@dataclass(frozen=True)
class Change:
    """What the months say of one campaign."""

    window: Window
    change: Comparison
    mean: RegressionToMean
    own: CountModel
    step: Comparison
    elsewhere: Comparison


@dataclass(frozen=True)
class Changes:
    """The months before and after each campaign of the year that has sectors to be compared with."""

    campaigns: Campaigns

    @cached_property
    def months(self) -> pd.DataFrame:
        """Inspections and hits by month number and sector, over all years of the scope."""
        rows = self.campaigns.book.indicators
        named = rows["sector"].notna() & (rows["sector"] != vocabulary.SECTOR_TOTAL)
        rows = rows[(rows["source"] == "return") & rows["month"].notna() & named]
        rows = rows[rows["indicator"].isin([HITS, VISITS])]
        rows = rows.assign(number=rows["year"].astype(int) * 12 + rows["month"].astype(int) - 1)
        table = rows.pivot_table(
            index=["number", "sector"], columns="indicator", values="value", aggfunc="sum", fill_value=0.0
        )
        return self._with_hits(table.reindex(columns=[HITS, VISITS], fill_value=0.0))

    def _with_hits(self, table: pd.DataFrame) -> pd.DataFrame:
        """Only years whose returns say which inspections found something: no column is not a zero."""
        years = table.index.get_level_values("number") // 12
        return table[table[HITS].groupby(years).transform("sum") > 0]

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """The campaigns whose months before and after are there, with sectors inside and outside."""
        found = (self._window(str(code)) for code in self.campaigns.table.index)
        return tuple(window for window in found if window is not None)

    @cached_property
    def found(self) -> tuple[Change, ...]:
        """The changes, the tests of all campaigns adjusted together; a step only where its change is carried.

        One that is not spends nothing of the 5 % (a fixed sequence of tests).
        """
        plain = [self._change(window) for window in self.windows]
        changes = self._adjusted([one.change.test for one in plain])
        carried = [test.significant() for test in changes]
        steps = iter(
            self._adjusted([one.step.test for one, holds in zip(plain, carried, strict=True) if holds])
        )
        return tuple(
            replace(
                one,
                change=replace(one.change, test=change),
                step=replace(
                    one.step, test=next(steps) if holds else untested("hac_t", "change_not_carried")
                ),
            )
            for one, change, holds in zip(plain, changes, carried, strict=True)
        )

    def _adjusted(self, tests: list[TestResult]) -> tuple[TestResult, ...]:
        return multiplicity.among(multiplicity.adjust(tests), FAMILIES)

    def unjudged(self) -> list[str]:
        """The campaigns without such months or sectors."""
        judged = {window.code for window in self.windows}
        return [str(code) for code in self.campaigns.table.index if code not in judged]

    def sums(self, window: Window, months: tuple[int, int], *, inside: bool) -> tuple[float, float]:
        """Hits and inspections of the campaign's sectors, or of all others, in a span of months."""
        part = self._part(window, inside).loc[months[0] : months[1]]
        return float(part[HITS].sum()), float(part[VISITS].sum())

    def series(self, window: Window, *, inside: bool) -> pd.DataFrame:
        """Monthly hits and inspections without gaps; a month without a return has zeros."""
        numbers = self.months.index.get_level_values("number")
        every = range(numbers.min(), numbers.max() + 1)
        return self._part(window, inside).reindex(every, fill_value=0.0)

    def _part(self, window: Window, inside: bool) -> pd.DataFrame:
        chosen = self.months.index.get_level_values("sector").isin(window.sectors)
        rows = self.months[chosen if inside else ~chosen]
        return rows.groupby(level="number").sum()

    def _window(self, code: str) -> Window | None:
        known = vocabulary.campaigns().get(code)
        if known is None or known.start is None or known.sector in ("", vocabulary.SECTOR_TOTAL):
            return None
        last = self.campaigns.book.scope.as_of
        start, end = _number(known.start), _number(known.end or last)
        ended = end < _number(last)
        after = (end + 1 if ended else start, _number(last))
        window = Window(code, (known.sector,), start, (start - BEFORE_MONTHS, start - 1), after)
        return window if self._enough(window) else None

    def _enough(self, window: Window) -> bool:
        """Whether both sides have enough months, inside and outside the campaign's sectors."""
        spans = (window.before, window.after)
        parts = [self._part(window, inside).loc[a:b] for inside in (True, False) for a, b in spans]
        return all((part[VISITS] > 0).sum() >= LEAST_MONTHS for part in parts)

    def _change(self, window: Window) -> Change:
        spans = (window.before, window.after)
        inside, outside = ([self.sums(window, s, inside=i) for s in spans] for i in (True, False))
        change = interventions.before_after(
            *inside, *outside, shares=True, dispersion=self._dispersion(window)
        )
        own, other = (self._interrupted(window, inside=i) for i in (True, False))
        return Change(window, change, self._mean(window), own, _step(own), _step(other))

    def _mean(self, window: Window) -> RegressionToMean:
        before, after = (self._by_sector(*span) for span in (window.before, window.after))
        sectors = before.index.union(after.index)
        before, after = (table.reindex(sectors, fill_value=0.0) for table in (before, after))
        return interventions.regression_to_mean(
            before[HITS], before[VISITS], sectors.isin(window.sectors), after[HITS], after[VISITS]
        )

    def _by_sector(self, first: int, last: int) -> pd.DataFrame:
        return self.months.loc[first:last].groupby(level="sector").sum()

    def _interrupted(self, window: Window, *, inside: bool) -> CountModel:
        series = self.series(window, inside=inside)
        start = min(max(window.start - int(series.index[0]), 0), len(series))
        return regression.interrupted_series(series[HITS], start, series[VISITS])

    def _dispersion(self, window: Window) -> float:
        """How much months vary beyond chance around their side's own hit rate, at least 1."""
        parts = [
            self._part(window, inside).loc[a:b]
            for inside in (True, False)
            for a, b in (window.before, window.after)
        ]
        return interventions.share_dispersion([(part[HITS], part[VISITS]) for part in parts])


def _step(model: CountModel) -> Comparison:
    return Comparison(model.ratios["step"], model.tests["step"])


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _span(first: int, last: int) -> str:
    return "–".join(f"{number // 12}年{number % 12 + 1}月" for number in dict.fromkeys((first, last)))


def answer(view: Changes) -> tuple[Finding, ...]:
    """Say of each campaign what before and after can show, and of which nothing can be said."""
    if view.campaigns.table.empty:
        return (findings.cannot_show("专项前后的变化", MONTHS_NEEDED),)
    return (*_said(view), *_unsaid(view))


def _said(view: Changes) -> Iterator[Finding]:
    for one in view.found:
        subject = Subject(name_of(one.window.code), MEASURE, "share", evidence=("campaign-change",))
        yield findings.before_after(subject, one.change, one.mean, "需要更多月份")
        yield findings.level_step(subject, one.own, one.step, one.elsewhere)


def _unsaid(view: Changes) -> Iterator[Finding]:
    if names := [name_of(code) for code in view.unjudged()]:
        yield findings.change_unjudged(names)


def tables(view: Changes) -> tuple[Displayable | DataTable, ...]:
    """Draw and list before and after, where any campaign has the months and sectors for it."""
    if not view.found:
        return (findings.cannot_show("专项前后的变化", MONTHS_NEEDED),)
    return (*(month_figure(view, one.window) for one in view.found[:DRAWN_AT_MOST]), change_table(view))


def change_table(view: Changes) -> DataTable:
    """List each campaign's rates before and after, those elsewhere, and what was to be expected."""
    rows = [_row(view, one) for one in view.found]
    return DataTable(
        "campaign-change",
        pd.DataFrame(rows),
        (
            Column("campaign", "专项"),
            Column("months_before", "此前月份"),
            Column("months_after", "此后月份"),
            Column("before", "此前", "share"),
            Column("after", "此后", "share"),
            Column("other_before", "其他此前", "share"),
            Column("other_after", "其他此后", "share"),
            Column("ratio", "变化之比", "number", 2, "", ("low", "high")),
            Column("observed", "此后发现", "count", unit="次"),
            Column("expected", "预期", "number", 0, "次", ("expected_low", "expected_high")),
            Column("step", "水平之比", "number", 2, "", ("step_low", "step_high")),
        ),
        "专项行业与其他行业前后的发现率，及按回归均值预期的次数",
        f"{len(rows)} 个专项",
        note="“其他”为未纳入专项的行业；“变化之比”为两者前后之比的比；“水平之比”为开始时离原趋势的倍数。"
        "发现率高的行业即使不做专项，以后也会向平均靠拢；预期次数按经验贝叶斯法从专项前各行业的发现率推算。"
        "专项仍在进行的，“此后”从开始月算起。同期还有什么变化，数据里看不出来。",
        enterprises=WHOLE_COUNTY,
    )


def _row(view: Changes, one: Change) -> dict[str, object]:
    window, change, expected, step = (
        one.window,
        one.change.estimate,
        one.mean.expected_after,
        one.step.estimate,
    )
    rates = {
        f"{name}{when}": _share(*view.sums(window, span, inside=inside))
        for name, inside in (("", True), ("other_", False))
        for when, span in (("before", window.before), ("after", window.after))
    }
    return {
        "campaign": name_of(window.code),
        "months_before": window.words[0],
        "months_after": window.words[1],
        **rates,
        "ratio": change.value,
        "low": change.low,
        "high": change.high,
        "observed": one.mean.observed_after,
        "expected": expected.value,
        "expected_low": expected.low,
        "expected_high": expected.high,
        "step": step.value,
        "step_low": step.low,
        "step_high": step.high,
    }


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _of_year(series: pd.DataFrame, year: int) -> pd.DataFrame:
    """The hit rate of one year's months that have inspections."""
    numbers = series.index.to_numpy(dtype=int)
    rows = series.assign(month=numbers % 12 + 1)[(numbers // 12 == year) & (series[VISITS] > 0)]
    return pd.DataFrame({"month": rows["month"], "value": rows[HITS] / rows[VISITS]})


def month_figure(view: Changes, window: Window) -> Figure:
    """Draw the year's monthly hit rate of the campaign's sectors and of all others."""
    year, names = view.campaigns.book.year, {True: "专项行业", False: "其他行业"}
    parts = [
        _of_year(view.series(window, inside=inside), year).assign(series=names[inside]) for inside in names
    ]
    title = name_of(window.code)
    shown = DataTable(
        f"months-{window.code}",
        pd.concat(parts, ignore_index=True),
        (Column("month", "月份", "number", 0), Column("series", "行业"), Column("value", MEASURE, "share")),
        f"{title}：{year}年各月专项行业与其他行业的发现率",
        f"{sum(view.sums(window, (year * 12, year * 12 + 11), inside=True)[1:]):,.0f} 次专项行业的检查",
        note=f"专项自{_span(window.start, window.start)}开始。",
        enterprises=WHOLE_COUNTY,
    )
    return chart(
        figures.monthly_lines,
        shown,
        alt="两条折线：各月专项行业和其他行业的发现率。",
        month="month",
        value="value",
        series="series",
        kind="share",
        axis=MEASURE,
    )
