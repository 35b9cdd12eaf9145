"""Report 3: are hazards closed in time, by whom (隐患整改闭环).

Rectification rate and closure rate stand side by side, and time runs from the day a hazard was found. What is
still open is in ``open_hazards``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import measures
from analysis.report import findings, formats
from analysis.report.display import Evidence, Headline
from analysis.report.findings import Finding, Subject
from analysis.report.released import STATISTIC
from analysis.stats import clusters, multiplicity, rates, regression, survival
from analysis.stats.results import Comparison, Estimate, TestResult
from analysis.stats.survival import SurvivalCurve

GROUPS: Mapping[str, str] = {"sector": "行业领域", "source": "来源", "level": "级别", "department": "部门"}
"""The dimensions by which rectification is compared, and what they are called."""
STAGES: Mapping[str, str] = {"rectified_on": "发现到整改", "verified_on": "发现到销号"}
MEASURE = "限期整改时长（按企业计）"
LEDGER_NEEDED = "逐条记录发现、到期和整改日期的隐患台账"
DATES_NEEDED = "需要更多有日期的整改记录"
LISTED_AT_MOST = 4
"""Slow departments named, so that the first screen stays one screen."""
CURVES_AT_MOST = 5
"""Curves in one figure; more cannot be told apart."""
ON_TIME = ("hazards_rectified_on_time", "hazards_owed")
"""The counts of a release behind the on-time rate: kept, of those due whose day is known."""
DEFINED = (
    "hazards_found",
    "hazards_rectified",
    "hazards_verified",
    "hazards_pending",
    "hazards_overdue",
    "hazards_due",
    "rectification_rate",
    "closure_rate",
    "on_time_rate",
)
"""Indicators that the report defines."""


@dataclass(frozen=True)
class Rectification:
    """A year's hazards as they stood at its cutoff, and those of the years before at the same day."""

    book: Book

    @cached_property
    def events(self) -> pd.DataFrame:
        """The year's hazards, a row each, with what ``standing`` adds."""
        return self.of(self.book.year)

    def of(self, year: int) -> pd.DataFrame:
        """The hazards of one year of the scope."""
        rows = self.book.hazards
        return standing(rows[rows["year"] == year], self.as_of(year))

    def as_of(self, year: int) -> pd.Timestamp:
        """The cutoff day in a year."""
        return pd.Timestamp(next(cut.as_of for cut in self.book.scope.cutoffs if cut.year == year))

    @property
    def day(self) -> date:
        """The cutoff day of the report."""
        return self.book.scope.as_of

    @property
    def known(self) -> bool:
        """Whether the year has a ledger with hazards at all."""
        return not self.events.empty

    @cached_property
    def last(self) -> pd.DataFrame | None:
        """The hazards of the year before at the same cutoff, where there are any."""
        year = self.book.year - 1
        rows = self.of(year) if year in self.book.scope.years else None
        return None if rows is None or rows.empty else rows

    @cached_property
    def years(self) -> dict[int, pd.DataFrame]:
        """The hazards of every year that has any."""
        every = {year: self.of(year) for year in self.book.scope.years}
        return {year: rows for year, rows in every.items() if not rows.empty}

    @cached_property
    def against_last_year(self) -> Comparison | None:
        """The on-time rate over last year's, hazards of one enterprise being one cluster."""
        if self.last is None:
            return None
        effect = max(on_time(rows).design_effect or 1.0 for rows in (self.events, self.last))
        counts = [float(rows[code].sum()) for rows in (self.events, self.last) for code in ("kept", "owed")]
        return rates.rate_ratio(*counts, dispersion=effect)

    @cached_property
    def over_years(self) -> Comparison:
        """The yearly factor of the on-time rate, from a regression of the months of discovery."""
        rows = pd.concat(list(self.years.values()))
        months = [(year, month) for year in self.book.scope.years for month in range(1, 13)]
        series = rows.groupby(["year", "month"])[["kept", "owed"]].sum().reindex(months, fill_value=0)
        model = regression.count_trend(series["kept"].astype(float), series["owed"].astype(float))
        return Comparison(model.ratios["per_year"], model.tests["per_year"])

    @cached_property
    def tests(self) -> dict[str, TestResult]:
        """Every test of the report but those of single groups, adjusted together.

        Keys: ``last_year`` (where there is one), ``years``, and the dimensions whose pace may differ.
        """
        last = self.against_last_year
        plain = {} if last is None else {"last_year": last.test}
        plain |= {"years": self.over_years.test} | {name: self._test(name) for name in GROUPS}
        return dict(zip(plain, multiplicity.adjust(list(plain.values())), strict=True))

    def groups(self, dimension: str) -> dict[str, pd.DataFrame]:
        """The year's hazards by group, the largest group first; those without a group under 未注明."""
        labels = _labels(self.events, dimension)
        sizes = labels.value_counts().sort_index().sort_values(ascending=False, kind="stable")
        return {str(name): self.events[labels == name] for name in sizes.index}

    def paces(self, dimension: str) -> dict[str, Pace]:
        """Each group's days to rectification against all others, one hazard of each enterprise."""
        rows = _independent(self.events, dimension)
        labels = _labels(rows, dimension)
        tests = survival.log_rank_each(*timed(rows, "rectified_on"), labels)
        return {
            name: Pace(curve(rows[labels == name]).median, curve(rows[labels != name]).median, test)
            for name, test in tests.items()
        }

    def slow(self, dimension: str) -> dict[str, Pace]:
        """The groups that take longer than the rest, slowest first; none where the groups do not differ."""
        if not self.tests[dimension].significant():
            return {}
        carried = [(name, pace) for name, pace in self.paces(dimension).items() if pace.slower]
        return dict(sorted(carried, key=lambda found: (-(found[1].own.low or 0.0), found[0])))

    def _test(self, dimension: str) -> TestResult:
        rows = _independent(self.events, dimension)
        return survival.log_rank(*timed(rows, "rectified_on"), _labels(rows, dimension))


@dataclass(frozen=True)
class Pace:
    """A group's median days to rectification, that of all others, and the adjusted test between them."""

    own: Estimate
    others: Estimate
    test: TestResult

    @property
    def slower(self) -> bool:
        """Whether the test and the intervals carry that the group takes longer."""
        return self.test.significant() and findings.slower(self.own, self.others)


def standing(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Hazards with what their days say at the cutoff.

    Adds ``undated`` (rectified, no day), ``extended`` (a later deadline in force), ``owed`` and ``kept`` (due
    and rectified by the deadline in force), ``owed_first`` and ``kept_first`` (by the original one).
    """
    done, first = rows["rectified_on"], rows["due_on"]
    undated = rows["hazards_rectified"].astype(bool) & done.isna()
    owed_first = (first <= as_of) & ~undated
    return rows.assign(
        undated=undated,
        extended=rows["deadline"].notna() & first.notna() & (rows["deadline"] > first),
        owed=rows["hazards_due"].astype(bool) & ~undated,
        kept=rows["hazards_rectified_on_time"].astype(bool),
        owed_first=owed_first,
        kept_first=owed_first & (done <= first),
    )


def timed(rows: pd.DataFrame, done: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Days from found to done, or to the cutoff, of rows that ``with_days`` kept."""
    as_of = pd.Timestamp(rows["as_of"].max())
    return survival.durations(rows["found_on"], rows[done], as_of)


def with_days(rows: pd.DataFrame, done: str) -> pd.DataFrame:
    """The rows whose time can be told: done on a known day or not done, and not before it was found."""
    reached = rows["undated"] if done == "rectified_on" else rows["status"] == "verified"
    untold = reached.fillna(False).astype(bool) & rows[done].isna()
    return rows[~untold & ~(rows[done] < rows["found_on"])]


def curve(rows: pd.DataFrame, done: str = "rectified_on") -> SurvivalCurve:
    """Kaplan–Meier from found to rectified or verified, censored at the cutoff."""
    return survival.kaplan_meier(*timed(with_days(rows, done), done))


def on_time(rows: pd.DataFrame, *, original: bool = False) -> clusters.ClusteredEstimate:
    """Rectified by the deadline among what was due and has a known day; enterprises are the clusters."""
    owed, kept = ("owed_first", "kept_first") if original else ("owed", "kept")
    counts = rows.groupby("enterprise")[[owed, kept]].sum().astype(float)
    return clusters.clustered_proportion(counts[kept], counts[owed])


def _independent(rows: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """One hazard of each enterprise in each group: those of one enterprise are rectified together.

    What is put right on the spot (立即整改) takes no time anywhere and tells no pace from another; a ledger
    that does not name the way names the day itself as the deadline.
    """
    on_site = (rows["rectification_mode"] == "on_site") | (rows["due_on"] == rows["found_on"])
    return with_days(rows[~on_site.fillna(False)], "rectified_on").drop_duplicates(["enterprise", dimension])


@cache
def _label(dimension: str, code: str) -> str:
    return code if dimension == "department" else vocabulary.name(dimension, code)


def _labels(rows: pd.DataFrame, dimension: str) -> pd.Series[str]:
    names = rows[dimension].map(lambda code: _label(dimension, str(code)), na_action="ignore")
    return names.astype(object).fillna("未注明")


def headlines(view: Rectification) -> tuple[Headline, ...]:
    """Open with found, open and overdue, then the rates side by side."""
    return (
        _count(view, "hazards_found", "发现隐患"),
        _count(view, "hazards_pending", "未整改"),
        _count(view, "hazards_overdue", "超期未整改"),
        _rate(view, "rectification_rate", "整改率", "hazards_rectified", "已整改"),
        _rate(view, "closure_rate", "闭环率", "hazards_verified", "已销号"),
        _on_time(view),
    )


def _count(view: Rectification, code: str, label: str) -> Headline:
    major = int(view.events[f"major_{code}"].sum())
    return Headline(
        code,
        label,
        int(view.events[code].sum()) if view.known else None,
        "条",
        last=None if view.last is None else int(view.last[code].sum()),
        basis=f"其中重大隐患 {major:,} 条",
        evidence=_evidence(view, code),
        counts=(code, f"major_{code}"),
    )


def _rate(view: Rectification, key: str, label: str, part: str, word: str) -> Headline:
    done, found = int(view.events[part].sum()), len(view.events)
    return Headline(
        key,
        label,
        done / found if found else None,
        kind="share",
        last=None if view.last is None else float(view.last[part].mean()),
        basis=f"{word} {done:,} 条 / 发现 {found:,} 条",
        evidence=_evidence(view, part),
        counts=(part, "hazards_found"),
    )


def _on_time(view: Rectification) -> Headline:
    """The rate against the deadline in force, and against the original one below it."""
    first = formats.share(on_time(view.events, original=True).estimate.value)
    kept, owed = (int(view.events[code].sum()) for code in ("kept", "owed"))
    return Headline(
        "on_time_rate",
        "按期整改率（现行期限）",
        on_time(view.events).estimate.value,
        kind="share",
        last=None if view.last is None else on_time(view.last).estimate.value,
        basis=f"期限内 {kept:,} 条 / 到期 {owed:,} 条；按原期限 {first}",
        evidence=_evidence(view, "hazards_rectified_on_time"),
    )


def _evidence(view: Rectification, code: str) -> Evidence:
    return measures.evidence(view.book, code, view.book.year)


def answer(view: Rectification) -> tuple[Finding, ...]:
    """Say whether hazards are closed in time, and who is slower than the rest."""
    if not view.known:
        return (findings.cannot_show("隐患是否按期整改、谁整改得慢", LEDGER_NEEDED),)
    return (_closed(view), *slow(view), _against_last_year(view), _over_years(view), *_undated(view))


def _closed(view: Rectification) -> Finding:
    rows = view.events
    counts = {code: int(rows[f"hazards_{code}"].sum()) for code in ("rectified", "verified", "pending")}
    waiting = int((rows["hazards_rectified"].astype(bool) & ~rows["hazards_verified"].astype(bool)).sum())
    text = (
        f"截至{formats.day(view.day)}，发现隐患{len(rows):,}条，已整改{counts['rectified']:,}条，"
        f"已销号{counts['verified']:,}条，已整改待销号{waiting:,}条，未整改{counts['pending']:,}条；"
        f"期限延长过的{int(rows['extended'].sum()):,}条。"
    )
    return findings.full_count(text, ("rectification-level",))


def _undated(view: Rectification) -> Iterable[Finding]:
    """Rectified without a day: in the rate, out of every time."""
    if number := int(view.events["undated"].sum()):
        text = f"已整改的隐患中有{number:,}条没有整改日期：计入整改率，不进入整改时长和按期整改率。"
        yield findings.full_count(text, ("rectification-department",))


def _against_last_year(view: Rectification) -> Finding:
    found = view.against_last_year
    if found is None or view.last is None:
        return findings.cannot_show("按期整改率与上年同期的比较", f"{view.book.year - 1}年的隐患台账")
    values = [on_time(rows).estimate.value or 0.0 for rows in (view.events, view.last)]
    adjusted = replace(found, test=view.tests["last_year"])
    said = findings.year_on_year(_subject(), values[0], values[1], adjusted, DATES_NEEDED)
    years = (view.book.year, view.book.year - 1)
    return said.telling(STATISTIC, *measures.cells(view.book, *ON_TIME, years=years))


def _over_years(view: Rectification) -> Finding:
    found = replace(view.over_years, test=view.tests["years"])
    return findings.trend(_subject(), found, list(view.years)).telling(STATISTIC)


def _subject() -> Subject:
    return Subject("全县", "按期整改率（现行期限）", "share", evidence=("rectification-years",))


def slow(view: Rectification) -> Iterator[Finding]:
    """The departments whose hazards take longer, as far as the test carries it."""
    carried, evidence = view.slow("department"), ("rectification-department",)
    for name, pace in list(carried.items())[:LISTED_AT_MOST]:
        subject = Subject(name, MEASURE, evidence=evidence)
        yield findings.pace(subject, pace.own, pace.others, pace.test, DATES_NEEDED)
    compared = len(view.groups("department"))
    if compared < 2:
        yield findings.cannot_show("各部门整改快慢的比较", "注明检查部门的隐患台账")
    elif not carried:
        yield findings.none_slower("部门", MEASURE, compared, evidence)


def paces_differ(view: Rectification) -> tuple[Finding, ...]:
    """Say for each dimension whether the pace differs at all."""
    if not view.known:
        return (findings.cannot_show("整改快慢的差别", LEDGER_NEEDED),)
    return tuple(
        findings.pace_differs(GROUPS[dimension], MEASURE, test, (f"rectification-{dimension}",)).telling(
            STATISTIC
        )
        if len(view.groups(dimension)) > 1
        else findings.cannot_show(f"不同{GROUPS[dimension]}的整改快慢", f"两个以上{GROUPS[dimension]}的隐患")
        for dimension, test in ((name, view.tests[name]) for name in GROUPS)
    )
