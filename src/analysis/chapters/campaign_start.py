"""County-wide campaigns: major findings since their start beside the months before (全县性专项开始前后).

A campaign of all sectors leaves none to compare with: that a rate is higher or lower since its start can be
said, that the campaign did it cannot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from analysis import vocabulary
from analysis.chapters import measures
from analysis.chapters.campaign_change import BEFORE_MONTHS, Changes
from analysis.chapters.campaigns import FAMILIES, Campaigns, name_of
from analysis.report import findings
from analysis.report.findings import Finding, Subject
from analysis.stats import interventions, multiplicity
from analysis.stats.results import Comparison

VISITS = "inspections"
MAJOR = "inspections_with_major_findings"
MEASURE = "重大隐患发现率"
LEAST_MONTHS = 6
"""Months with inspections that either side needs: two seasons at least."""


@dataclass(frozen=True)
class Since:
    """The share of inspections with major findings before a campaign's start and since, and their ratio."""

    code: str
    before: float
    since: float
    ratio: Comparison


@dataclass(frozen=True)
class Starts:
    """The county-wide campaigns of the year that began inside the months on record."""

    campaigns: Campaigns

    def months(self, code: str) -> pd.DataFrame:
        """Counts by month (as numbers of months since year 0) and sector, of what has inspections.

        Inspections of other campaigns are left out: they look for other things, and not in the same months.
        """
        rows = self.campaigns.book.indicators
        rows = rows[(rows["source"] == "return") & rows["month"].notna() & rows["sector"].notna()]
        rows = rows[rows["campaign"].isna() | (rows["campaign"] == code)]
        rows = rows[rows["indicator"].isin([VISITS, MAJOR])]
        rows = rows.assign(number=rows["year"].astype(int) * 12 + rows["month"].astype(int) - 1)
        table = rows.pivot_table(
            index=["number", "sector"], columns="indicator", values="value", aggfunc="sum", fill_value=0.0
        ).reindex(columns=[VISITS, MAJOR], fill_value=0.0)
        return table[table[VISITS] > 0]

    @cached_property
    def found(self) -> tuple[Since, ...]:
        """Each campaign with enough months before and since, the tests adjusted together."""
        known = (self._of(str(code)) for code in self.campaigns.table.index)
        plain = [one for one in known if one is not None]
        tests = multiplicity.among(multiplicity.adjust([one.ratio.test for one in plain]), FAMILIES)
        return tuple(
            replace(one, ratio=replace(one.ratio, test=test)) for one, test in zip(plain, tests, strict=True)
        )

    def _of(self, code: str) -> Since | None:
        known = vocabulary.campaigns().get(code)
        if known is None or known.start is None or known.sector != vocabulary.SECTOR_TOTAL:
            return None
        start, end = _number(known.start), _number(known.end or self.campaigns.book.scope.as_of)
        months = self.months(code)
        parts = (months.loc[start - BEFORE_MONTHS : start - 1], months.loc[start:end])
        lengths = [part.index.get_level_values("number").nunique() for part in parts]
        enough = min(lengths) >= LEAST_MONTHS and all(part[MAJOR].sum() > 0 for part in parts)
        return _compare(code, *parts) if enough else None


def _number(day: date) -> int:
    """Months since year 0."""
    return day.year * 12 + day.month - 1


def _compare(code: str, before: pd.DataFrame, since: pd.DataFrame) -> Since:
    """Sector by sector (Mantel–Haenszel), so that a change of what is inspected is no change of the rate."""
    old, new = (part.groupby(level="sector").sum() for part in (before, since))
    sectors = old.index.union(new.index)
    old, new = (part.reindex(sectors, fill_value=0.0) for part in (old, new))
    spread = interventions.share_dispersion(
        [(one[MAJOR], one[VISITS]) for part in (before, since) for _, one in part.groupby(level="sector")]
    )
    ratio = interventions.stratified_rate_ratio(
        new[MAJOR], new[VISITS], old[MAJOR], old[VISITS], dispersion=spread
    )
    return Since(code, _rate(old), _rate(new), ratio)


def _rate(part: pd.DataFrame) -> float:
    return float(part[MAJOR].sum() / part[VISITS].sum())


def answer(changes: Changes) -> tuple[Finding, ...]:
    """Say of each county-wide campaign whether inspections find major hazards as often as before."""
    return tuple(_said(changes.campaigns, one) for one in Starts(changes.campaigns).found)


def _said(campaigns: Campaigns, one: Since) -> Finding:
    said = findings.since_start(
        Subject(name_of(one.code), MEASURE, "share"), one.since, one.before, one.ratio
    )
    years = campaigns.book.scope.years
    counted = (measures.evidence(campaigns.book, code, year) for year in years for code in (MAJOR, VISITS))
    return said.resting_on(*counted)
