"""Report 8, part: the figures that the yearly assessment scores, unit by unit, with what they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import duties, vocabulary
from analysis.assessment import Subject
from analysis.book import Book
from analysis.chapters import measures
from analysis.stats import clusters
from analysis.sums import ACTIVITY_INDICATORS, INCIDENT_INDICATORS, LEDGER_INDICATORS

PER = 100
"""A count that is set against another is given for a hundred of them."""
_KNOWN_BY = {"township": ("hazards_found", "regulated_enterprises"), "department": ("inspections",)}
"""Who is assessed: the townships with enterprises or hazards, the departments with returns."""
_OTHER = {"township": "department", "department": "township"}
"""An activity is of the one or of the other: a department's letter is missing from no township."""


@dataclass(frozen=True)
class Measured:
    """One figure of every unit: value = scale × part / whole, or the part alone.

    Series by unit, NaN where the unit has no such figure. ``effect`` is the design effect of hazards of which
    an enterprise has several, ``unplaced`` what of the county's part no unit stands for.
    """

    part: pd.Series[float]
    whole: pd.Series[float] | None
    scale: float
    effect: float
    unplaced: float

    @property
    def value(self) -> pd.Series[float]:
        """The figure that the rules score."""
        if self.whole is None:
            return self.part
        return self.scale * self.part / self.whole.where(self.whole > 0)


@dataclass(frozen=True)
class UnitFigures:
    """The figures of a county's townships or departments in the year reported on."""

    book: Book
    subject: Subject

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Who is assessed, by name; a name that only adds the county to another's is the same unit."""
        counted = measures.counts(self.book, _KNOWN_BY[self.subject], self.subject, self.book.year)
        names = sorted((str(name) for name in counted.index if name), key=lambda name: (len(name), name))
        own = [name for place, name in enumerate(names) if not _same_as(name, names[:place])]
        return tuple(sorted(own))

    def measured(self, indicator: str, per: str | None = None) -> Measured:
        """A figure of every unit: a rate, a count, or a count set against another."""
        part_code, whole_code = vocabulary.ratios().get(indicator, (indicator, per))
        part, unplaced = self._count(part_code)
        whole = self._count(whole_code)[0] if whole_code else None
        per_cent = per or vocabulary.indicators()[indicator].unit == "%"
        return Measured(
            part, whole, float(PER if per_cent else 1), self._effect(part_code, whole_code), unplaced
        )

    def _count(self, code: str) -> tuple[pd.Series[float], float]:
        """A count of each unit, and what no unit stands for.

        0 is a count of units that the list could have named: of the county's lists of incidents and
        activities all of them, of ledgers and returns those that have any row there.
        """
        family = self._rows(_family(code))
        rows = family[family["indicator"] == code]
        found = rows.groupby("unit")["value"].sum().reindex(self.units)
        named = set(family["unit"].dropna())
        whole_list = code in (*ACTIVITY_INDICATORS, *INCIDENT_INDICATORS)
        could = pd.Series([bool(named) if whole_list else unit in named for unit in self.units], self.units)
        nowhere = rows["unit"].isna()
        if code in ACTIVITY_INDICATORS:
            nowhere &= rows[_OTHER[self.subject]].isna()
        unplaced = float(rows.loc[nowhere, "value"].sum())
        return found.fillna(0.0).where(could), unplaced

    def _rows(self, codes: tuple[str, ...]) -> pd.DataFrame:
        return self._counted[self._counted["indicator"].isin(codes)]

    @cached_property
    def _counted(self) -> pd.DataFrame:
        """The year's indicator rows, each from the source it is read from, with their unit."""
        rows = self.book.indicators
        rows = rows[rows["indicator"].isin(_counts()) & (rows["year"] == self.book.year)]
        rows = rows[rows["source"] == rows["indicator"].map(measures.source_of)]
        rows = rows[(rows["indicator"] != "regulated_enterprises") | rows["campaign"].isna()]
        return rows.assign(unit=self._placed(rows[self.subject]))

    def _placed(self, labels: pd.Series[str]) -> pd.Series[str]:
        """The unit that each label stands for; missing where there is none."""
        known = {label: _same_as(str(label), self.units) for label in labels.dropna().unique()}
        return labels.astype(object).map(known)

    @cached_property
    def _hazards(self) -> pd.DataFrame:
        rows = self.book.hazards
        rows = rows[rows["year"] == self.book.year]
        return rows.assign(unit=self._placed(rows[self.subject]))

    def _effect(self, part: str, whole: str | None) -> float:
        """How much more a count of hazards varies, since one enterprise has several; 1 for all else."""
        if part not in LEDGER_INDICATORS:
            return 1.0
        rows = self._hazards[self._hazards["enterprise"].notna() & self._hazards["unit"].notna()]
        each = rows.groupby("enterprise")
        if whole is not None and whole in LEDGER_INDICATORS:
            return clusters.clustered_proportion(each[part].sum(), each[whole].sum()).design_effect or 1.0
        events = each[part].sum().astype(float)
        return max(1.0, float((events**2).sum() / events.sum())) if events.sum() else 1.0

    def evidence(self, indicator: str) -> dict[str, list[str]]:
        """The rows behind each unit's figure: hazards one by one, else ranges of rows counted together."""
        part, whole = vocabulary.ratios().get(indicator, (indicator, indicator))
        if whole in LEDGER_INDICATORS:
            rows = self._hazards[self._hazards[whole].astype(bool)]
            return {str(unit): _ids(own) for unit, own in rows.groupby("unit")}
        rows = self._rows((part, whole))
        return {str(unit): sorted(set(own)) for unit, own in rows.groupby("unit")["evidence"]}


def _ids(rows: pd.DataFrame) -> list[str]:
    named = measures.rows_of(rows).rows
    return list(named) if isinstance(named, tuple) else []


def _counts() -> frozenset[str]:
    """Every count that a scoring sheet may ask for, and those that stand in the same lists."""
    parts = [vocabulary.ratios().get(code, (code,)) for code in vocabulary.scored()]
    lists = (*INCIDENT_INDICATORS, *LEDGER_INDICATORS, *measures.ENFORCEMENT)
    return frozenset([*lists, "regulated_enterprises", *(code for part in parts for code in part)])


def _family(code: str) -> tuple[str, ...]:
    """The indicators of which any shows that a unit stands in the list that a code is counted from.

    Each kind of activity is a list of its own: an office may keep its letters elsewhere.
    """
    lists = (INCIDENT_INDICATORS, LEDGER_INDICATORS, measures.ENFORCEMENT)
    return (code,) if code in ACTIVITY_INDICATORS else next((own for own in lists if code in own), (code,))


def _same_as(name: str, others: tuple[str, ...] | list[str]) -> str | None:
    """The one of others that a name stands for, with or without its county."""
    return next((other for other in others if duties.same_unit(name, other)), None)
