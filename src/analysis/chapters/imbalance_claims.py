"""Report 1, part: what it may claim: sectors, townships, enterprises (结论), all tests guarded together.

Every test on which a sentence of the report rests is in ``Claims.tests``, adjusted for all of them at once: a
report on data without any effect claims one at most once in twenty times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import vocabulary
from analysis.chapters import measures
from analysis.chapters.imbalance import SPLIT_OF, Imbalance, compared_cells
from analysis.chapters.imbalance_change import Change, change
from analysis.chapters.imbalance_townships import Township, township_table, townships
from analysis.report import findings
from analysis.report.findings import Finding, Subject
from analysis.report.tables import DataTable
from analysis.stats import clusters
from analysis.stats.multiplicity import adjust_families
from analysis.stats.results import Comparison, Estimate, TestResult

Tests = Mapping[str, TestResult]
LISTED_AT_MOST = 4
"""Findings shown of each kind, so that the first screen stays one screen."""
ALL = "all"
"""Key of a family's only test."""


@dataclass(frozen=True)
class Claims:
    """The year's hazards and its major ones, with every test that a sentence of the report rests on."""

    view: Imbalance
    major: Imbalance

    @cached_property
    def tests(self) -> dict[str, dict[str, TestResult]]:
        """Family → key → test, adjusted over all families; sectors and townships by code, else ``all``."""
        view, major = self.view, self.major
        sectors, of_major = ([str(code) for code in each.compared.index] for each in (view, major))
        return adjust_families(
            {
                "major": dict(zip(of_major, major.against_enterprises.residuals, strict=True)),
                "hazards": dict(zip(sectors, view.against_enterprises.residuals, strict=True)),
                "yield": {code: one.test for code, one in view.yields.items()},
                "reports": {code: one.test for code, one in view.reporting.items()},
                "township": {name: one.against_others.test for name, one in self.townships.items()},
                "spread": {each.level: each.against_enterprises.test for each in (view, major)},
                "repeated": {ALL: self.repeated.test},
                "change": {level: one.moved.test for level, one in self.changes.items() if one},
            }
        )

    @cached_property
    def changes(self) -> dict[str, Change | None]:
        """Level → how far its unevenness moved from the year before; None without denominators."""
        return {each.level: change(each) for each in (self.view, self.major)}

    @cached_property
    def townships(self) -> dict[str, Township]:
        """Each township's hazards beside those that its enterprises would bring."""
        return townships(self.view)

    @cached_property
    def visits(self) -> pd.DataFrame:
        """One hazard of each enterprise on each day that a department found any, of all years."""
        rows = self.view.book.hazards
        found = rows[rows["hazards_department_found"].astype(bool)]
        return found.drop_duplicates(["enterprise", "found_on"])

    @cached_property
    def days(self) -> pd.DataFrame:
        """A row per enterprise, of all years: its sector, and on how many days something was found."""
        by_enterprise = self.visits.groupby("enterprise")
        return by_enterprise.agg(sector=("sector", "first"), days=("found_on", "size"))

    @cached_property
    def repeated(self) -> Comparison:
        """How often hazards come back to an enterprise, over how often they would by chance in its sector."""
        return clusters.recurrence(self.days["days"], self.days["sector"], self._most_enterprises())

    def _most_enterprises(self) -> dict[str, int]:
        """Regulated enterprises of each sector in the year that has most of them."""
        rows = self.view.book.indicators
        rows = rows[(rows["indicator"] == "regulated_enterprises") & rows["campaign"].isna()]
        most = rows.groupby(["sector", "year"])["value"].sum().groupby("sector").max()
        return {str(sector): int(number) for sector, number in most.items()}


def answer(claims: Claims) -> tuple[Finding, ...]:
    """Answer the report's question in a few sentences, each as strong as its test allows."""
    view, tests = claims.view, claims.tests
    if not view.comparable:
        return (findings.cannot_show("隐患分布与企业数、检查力度的关系", "分行业的监管企业数和检查次数"),)
    return (
        _concentration(claims.major, tests["major"]),
        *_drivers(view, tests["hazards"]),
        *_yields(view, tests["yield"]),
        *_reporters(view, tests["reports"]),
        *_townships(claims),
    )


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
        findings.driver(vocabulary.name("sector", code), view.splits[code], ("split",)).telling(
            *compared_cells(view, code, *SPLIT_OF)
        )
        for code in carried
    ]


def _yields(view: Imbalance, tests: Tests) -> list[Finding]:
    """Sectors where an inspection finds more than in the others, as far as the test carries it."""
    measure = f"检出率（{findings.span(view.book.scope.years)}每次检查发现的隐患）"
    return _above(view.yields, tests, measure)


def _reporters(view: Imbalance, tests: Tests) -> list[Finding]:
    """Sectors whose enterprises report themselves more, beside what departments find, than the others'."""
    return _above(view.reporting, tests, "企业自查与部门发现隐患之比")


def _above(found: Mapping[str, Comparison], tests: Tests, measure: str) -> list[Finding]:
    ratios = {code: one.estimate for code, one in found.items()}
    return [
        findings.against_others(
            Subject(vocabulary.name("sector", code), measure, evidence=("split",)), ratios[code], tests[code]
        )
        for code in _carried(ratios, tests)
    ]


def township_tables(claims: Claims) -> tuple[DataTable, ...]:
    """List the townships' ratios, where the lists of enterprises name townships."""
    found = claims.townships
    return (township_table(claims.view, found, claims.tests["township"]),) if found else ()


def _townships(claims: Claims) -> list[Finding]:
    """Townships where enterprises of the same sectors have more hazards on record than elsewhere."""
    found = {name: one.against_others.estimate for name, one in claims.townships.items()}
    tests = claims.tests["township"]
    return [
        findings.against_others(
            Subject(name, "每家企业的隐患数（按行业构成调整）", evidence=("township-ratios",)),
            found[name],
            tests[name],
            "其中有多少是查得多带来的，这个比值不能区分",
        )
        for name in _carried(found, tests)
    ]


def repeats(claims: Claims) -> tuple[Finding, ...]:
    """Say how many enterprises were found with hazards again and again, and whether chance would do that."""
    if claims.days.empty:
        return (findings.cannot_show("哪些企业反复发现隐患", "写明企业和检查日期的隐患台账"),)
    book, every = claims.view.book, claims.visits
    found = every[every["year"] == claims.view.year]
    again = found.groupby("enterprise").size()
    counted = f"本年部门发现隐患的企业{len(again):,}家，其中在两个以上日期被发现的{(again >= 2).sum():,}家。"
    said = findings.repeated(book.scope.years, claims.repeated.estimate, claims.tests["repeated"][ALL])
    return (
        findings.full_count(counted).resting_on(measures.rows_of(found)),
        said.resting_on(measures.rows_of(every)),
    )


def _carried(quotients: Mapping[str, Estimate], tests: Tests) -> list[str]:
    """The keys above 1 as far as interval and adjusted test carry it, highest first."""
    high = {
        code: quotient.value
        for code, quotient in quotients.items()
        if quotient.value and quotient.value > 1 and findings.carried(quotient, tests[code])
    }
    return sorted(high, key=lambda code: -high[code])[:LISTED_AT_MOST]
