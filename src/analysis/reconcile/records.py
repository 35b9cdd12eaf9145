"""Ledger and returns of a county's year, as they stood on a day, and what they count of a figure's kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import NamedTuple

import pandas as pd

from analysis import vocabulary
from analysis.reconcile.contradictions import Interval
from analysis.reconcile.scopes import Reading
from analysis.sources.facts import Fact
from analysis.sums import LEDGER_INDICATORS

_SOURCES = ("ledger", "return")
_LEDGER_FIRST = ("hazards_found",)
"""A return counts what inspections found; self-reported hazards stand in the ledger alone."""
_COLUMNS = ["indicator", "source", "year", "month", "sector", "campaign", "value", "evidence"]


class _Row(NamedTuple):
    source: str
    year: int
    month: int | None
    sector: str
    campaign: str
    value: float
    evidence: str


@dataclass(frozen=True)
class Counted:
    """What one source counts for a reading of a figure, and in which rows."""

    source: str
    reading: Reading
    values: Interval
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Records:
    """Ledger and returns of a county's year.

    ``at``: the rows of table ``indicators`` as they stood on a day. ``as_of``: the document's day.
    """

    at: Callable[[date], pd.DataFrame]
    as_of: date

    @cached_property
    def _of_day(self) -> Callable[[date], Mapping[str, Sequence[_Row]]]:
        return cache(lambda day: _by_indicator(self.at(day)))

    def counted(self, fact: Fact, reading: Reading) -> Iterator[Counted]:
        """What each source that has rows says. A return of a month that is not over by the day of the
        document may or may not be in its figure.
        """
        day = self._day(fact)
        now, later = (self._rows(fact, reading, when) for when in (day, _month_end(day)))
        for source in _SOURCES:
            own = [row for row in now if row.source == source]
            more = own if source == "ledger" else [row for row in later if row.source == source]
            witness = more or self._witness(fact, reading, day, source)
            if witness:
                evidence = tuple(row.evidence for row in witness)
                yield Counted(source, reading, Interval(_sum(own), _sum(more)), evidence)

    def _witness(self, fact: Fact, reading: Reading, day: date, source: str) -> list[_Row]:
        """Nothing counted is no row: the hazards of the same reading show that there is a ledger."""
        if source != "ledger" or fact.indicator not in LEDGER_INDICATORS or reading.campaign:
            return []
        rows = self._rows(replace(fact, indicator="hazards_found"), reading, day)
        return [row for row in rows if row.source == source]

    def _day(self, fact: Fact) -> date:
        """截至11月30日 in a document of December is as of then; other periods say when things happened."""
        first, last = fact.period_start, fact.period_end
        cumulative = first and last and (first.month, first.day) == (1, 1) and last.month < 12
        return min(last, self.as_of) if cumulative and last else self.as_of

    def _rows(self, fact: Fact, reading: Reading, day: date) -> list[_Row]:
        every = reading.sector == vocabulary.SECTOR_TOTAL
        rows = [
            row
            for row in self._of_day(day).get(fact.indicator, ())
            if (every or row.sector == reading.sector)
            and (not reading.campaign or row.campaign == reading.campaign)
            and _in_period(row, fact)
        ]
        if fact.indicator in _LEDGER_FIRST and any(row.source == "ledger" for row in rows):
            return [row for row in rows if row.source == "ledger"]
        return rows


def _by_indicator(frame: pd.DataFrame) -> Mapping[str, Sequence[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    kept = frame.loc[frame["source"].isin(_SOURCES), _COLUMNS].astype(object)
    for indicator, source, year, month, *rest in kept.where(kept.notna(), None).itertuples(index=False):
        found[indicator].append(_Row(source, int(year), None if month is None else int(month), *rest))
    return found


def _in_period(row: _Row, fact: Fact) -> bool:
    if fact.period_start is None or fact.period_end is None:
        return True
    months = row.month is None or fact.period_start.month <= row.month <= fact.period_end.month
    return months and row.year == fact.period_end.year


def _sum(rows: Iterable[_Row]) -> Decimal:
    return Decimal(str(round(sum(row.value for row in rows), 2)))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
