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

from analysis.book import Book
from analysis.chapters import measures
from analysis.disclosure import catalogue
from analysis.disclosure.catalogue import Cell
from analysis.report import formats
from analysis.report.display import Headline
from analysis.stats import association, clusters, imbalance
from analysis.stats.results import Comparison

Level = Literal["all", "major"]
PREFIX: Mapping[Level, str] = {"all": "", "major": "major_"}
_NOUN: Mapping[Level, str] = {"all": "隐患", "major": "重大隐患"}
COUNTED = ("hazards_found", "hazards_self_reported", "hazards_department_found", "hazards_rectified")
SPLIT_OF = ("hazards_found", "regulated_enterprises", "inspections", "hazards_department_found")
"""The counts of which a hazard quotient and its factors are made; the self-reports are the rest."""
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
    def yields(self) -> dict[str, Comparison]:
        """Each compared industry's hazards per inspection over those of all others, all years together.

        One year of a sector rests on a few enterprises; what lasts shows over the years. The inspections of
        each year stand for the hazards that they bring at that year's rate; enterprises are the clusters.
        """
        inspections = self._inspections()
        rows = self.book.hazards
        rows = rows[rows["hazards_department_found"].astype(bool) & rows["year"].isin(inspections.index)]
        rows = rows[rows["sector"].isin(inspections.columns)]
        rate = rows.groupby("year").size().reindex(inspections.index, fill_value=0) / inspections.sum(axis=1)
        expected = inspections.mul(rate, axis=0).sum()
        each = rows.groupby(["sector", "enterprise"]).size()
        sectors = each.index.get_level_values("sector")
        return {
            str(code): clusters.clustered_rate_ratio(
                each[sectors == code], expected[code], each[sectors != code], expected.drop(code).sum()
            )
            for code in inspections.columns
        }

    def _inspections(self) -> pd.DataFrame:
        """Inspections of the compared industries (columns) in each year of the scope that has any (rows)."""
        rows = self.book.indicators
        rows = rows[(rows["indicator"] == "inspections") & (rows["source"] == "return")]
        table = rows.pivot_table(
            index="year", columns="sector", values="value", aggfunc="sum", fill_value=0.0
        )
        table = table.reindex(columns=self.compared.index, fill_value=0.0)
        return table[table.sum(axis=1) > 0]

    @cached_property
    def reporting(self) -> dict[str, Comparison]:
        """Self-reported against department-found hazards of each compared industry, over all others' odds.

        An enterprise that reports one hazard reports more of them: enterprises are the clusters.
        """
        rows = self.events[self.events["sector"].isin(self.compared.index)]
        own = rows["hazards_self_reported"].astype(float)
        each = rows.assign(own=own, other=1 - own).groupby(["sector", "enterprise"])[["own", "other"]].sum()
        sectors = each.index.get_level_values("sector")
        return {
            str(code): clusters.clustered_odds_ratio(each["own"], each["other"], sectors == code)
            for code in self.compared.index
        }

    def _against(self, counted: str, exposure: str) -> association.Association:
        table = self.compared
        return association.against_exposure(table[counted], table[exposure], design_effect=self.design_effect)

    @cached_property
    def design_effects(self) -> list[float]:
        """The same for each compared industry's own share: one enterprise may hold most of a sector."""
        found, every = self._by_enterprise, self._by_enterprise.sum(axis=1)
        own = (found.get(code, 0 * every) for code in self.compared.index)
        tables = (np.column_stack([inside, every - inside]) for inside in own)
        return [max(self.design_effect, clusters.share_design_effect(table)) for table in tables]

    @cached_property
    def design_effect(self) -> float:
        """How much wider than chance the shares vary, since several hazards come from one enterprise."""
        return clusters.share_design_effect(self._by_enterprise)

    @cached_property
    def _by_enterprise(self) -> pd.DataFrame:
        """Hazards of the compared industries (columns) in each enterprise (rows)."""
        inside = self.events[self.events["sector"].isin(self.compared.index)]
        return pd.crosstab(inside["enterprise"], inside["sector"])

    def _enterprises_behind(self) -> pd.Series[int]:
        return self.events.groupby("sector")["enterprise"].nunique()


def headlines(view: Imbalance, major: Imbalance) -> tuple[Headline, ...]:
    """Open with hazards found, major ones, and how many of these enterprises reported themselves."""
    book, year = view.book, view.book.year
    found, self_found = (major.sectors[name].sum() for name in ("found", "own"))
    return (
        _headline(book, "hazards_found", "发现隐患", "条"),
        _headline(book, "major_hazards_found", "重大隐患", "条"),
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
