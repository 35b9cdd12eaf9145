"""Report 1: why hazards are spread unevenly over sectors (隐患分布不均).

High because it is dangerous, or because it is looked at more? The hazard quotient is split, exactly, into
effort × yield × reporting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import measures
from analysis.disclosure import catalogue
from analysis.disclosure.catalogue import Cell
from analysis.report import findings, formats
from analysis.report.display import Headline
from analysis.report.findings import Finding, Subject
from analysis.report.released import STATISTIC
from analysis.stats import association, clusters, imbalance
from analysis.stats.multiplicity import adjust
from analysis.stats.results import Estimate, TestResult

Level = Literal["all", "major"]
PREFIX: Mapping[Level, str] = {"all": "", "major": "major_"}
_NOUN: Mapping[Level, str] = {"all": "隐患", "major": "重大隐患"}
COUNTED = ("hazards_found", "hazards_self_reported", "hazards_department_found", "hazards_rectified")
SPLIT_OF = ("hazards_found", "regulated_enterprises", "inspections", "hazards_department_found")
"""The counts of which a hazard quotient and its factors are made; the self-reports are the rest."""
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
    other_year: int | None = None

    @property
    def year(self) -> int:
        """The year looked at: the report's own, or another one of its scope."""
        return self.book.year if self.other_year is None else self.other_year

    @cached_property
    def last(self) -> Imbalance | None:
        """The year before at the same cutoff, where it is in scope."""
        return self.of(self.year - 1)

    def of(self, year: int) -> Imbalance | None:
        """Another year of the scope at the same cutoff; None outside it."""
        return replace(self, other_year=year) if year in self.book.scope.years else None

    @property
    def noun(self) -> str:
        """What is counted, in words."""
        return _NOUN[self.level]

    @cached_property
    def sectors(self) -> pd.DataFrame:
        """A row per sector code: enterprises, inspections, found, own, department, rectified, behind.

        ``behind`` counts the distinct enterprises in which the sector's hazards were found.
        """
        prefix, year = PREFIX[self.level], self.year
        names = [prefix + name for name in COUNTED]
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
        rows = rows[rows["year"] == self.year]
        return rows if self.level == "all" else rows[rows["level"] == "major"]

    @cached_property
    def splits(self) -> dict[str, imbalance.QuotientSplit]:
        """The hazard quotient of each compared industry and its three factors."""
        table = self.compared
        counts = (table[name] for name in ("enterprises", "inspections", "department", "own"))
        parts = imbalance.split_quotients(*counts, design_effect=self.design_effects)
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
        """Whether a sector's share of self-reports differs from that of the others, a test per sector.

        An enterprise that reports one hazard reports more of them: enterprises are the clusters.
        """
        table = self.compared
        rows = self.events[self.events["sector"].isin(table.index)]
        own = rows.groupby(["sector", "enterprise"])["hazards_self_reported"].agg(["sum", "size"])
        sectors = own.index.get_level_values("sector")
        effects = clusters.proportion_design_effects(own["sum"], own["size"], sectors)
        known = dict(zip(np.unique(sectors.astype(str)), effects, strict=True))
        per_row = [known.get(str(code), 1.0) for code in table.index]
        return association.contingency(table[["own", "department"]], design_effect=per_row).residuals[::2]

    def _against(self, counted: str, exposure: str) -> association.Association:
        table = self.compared
        return association.against_exposure(table[counted], table[exposure], design_effect=self.design_effect)

    @cached_property
    def design_effects(self) -> list[float]:
        """The same for each compared industry's own share: one enterprise may hold most of a sector."""
        inside = self.events[self.events["sector"].isin(self.compared.index)]
        tables = (pd.crosstab(inside["enterprise"], inside["sector"] == code) for code in self.compared.index)
        return [max(self.design_effect, clusters.share_design_effect(table)) for table in tables]

    @cached_property
    def design_effect(self) -> float:
        """How much wider than chance the shares vary, since several hazards come from one enterprise."""
        inside = self.events[self.events["sector"].isin(self.compared.index)]
        return clusters.share_design_effect(pd.crosstab(inside["enterprise"], inside["sector"]))

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
            counts=("major_hazards_self_reported", "major_hazards_found"),
        ),
        Headline(
            "rectification_rate",
            "整改率",
            view.sectors["rectified"].sum() / view.sectors["found"].sum()
            if view.sectors["found"].sum()
            else None,
            kind="share",
            basis=f"截至{formats.day(book.scope.as_of)} 已整改 {view.sectors['rectified'].sum():,.0f} 条",
            evidence=measures.evidence(book, "hazards_rectified", year),
            counts=("hazards_rectified", "hazards_found"),
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
        findings.driver(vocabulary.name("sector", code), view.splits[code], ("split",)).telling(
            *compared_cells(view, code, *SPLIT_OF)
        )
        for code in carried
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
        ).telling(STATISTIC, *compared_cells(view, code, "hazards_department_found", "inspections"))
        for code in _carried(quotients, tests)
    ]


def _reporters(view: Imbalance, tests: Tests) -> list[Finding]:
    """Sectors whose enterprises report themselves more than elsewhere."""
    table = view.compared
    found = imbalance.location_quotients(table["own"], table["found"], design_effect=view.design_effects)
    quotients = dict(zip(map(str, table.index), found, strict=True))
    return [
        findings.against_average(
            Subject(vocabulary.name("sector", code), "企业自查占比", evidence=("split",)),
            quotients[code],
            tests[code],
            "需要更多记录",
        ).telling(STATISTIC, *compared_cells(view, code, "hazards_self_reported", "hazards_found"))
        for code in _carried(quotients, tests)
    ]


def _carried(quotients: Mapping[str, Estimate], tests: Tests) -> list[str]:
    """The sectors above the average as far as interval and adjusted test carry it, highest first."""
    high = {
        code: quotient.value
        for code, quotient in quotients.items()
        if quotient.value and quotient.value > 1 and findings.carried(quotient, tests[code])
    }
    return sorted(high, key=lambda code: -high[code])[:LISTED_AT_MOST]


def compared_cells(view: Imbalance, code: str, *counts: str) -> tuple[Cell, ...]:
    """The cells of a quotient: a sector's counts beside those of all compared sectors."""
    whole = tuple(Cell(view.book.year, catalogue.COMPARED, "", count) for count in counts)
    return (*measures.cells(view.book, *counts, sectors=[code]), *whole)


def _headline(book: Book, indicator: str, label: str, unit: str) -> Headline:
    year = book.year
    value, last = _counted(book, indicator, year), _counted(book, indicator, year - 1)
    return Headline(
        indicator,
        label,
        value,
        unit,
        last=last,
        evidence=measures.evidence(book, indicator, year),
        counts=(indicator,),
    )


def _counted(book: Book, indicator: str, year: int) -> float | None:
    """A count of the ledger; nothing where the year has none, or lies outside the scope."""
    known = year in book.scope.years and measures.has(book, "hazards_found", year)
    return measures.total(book, indicator, year) if known else None


def _last_share(book: Book) -> float | None:
    year = book.year - 1
    if year not in book.scope.years:
        return None
    found = measures.total(book, "major_hazards_found", year)
    return measures.total(book, "major_hazards_self_reported", year) / found if found else None
