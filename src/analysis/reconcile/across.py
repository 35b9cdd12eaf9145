"""Contradictions between the documents of two years, and between a document and the ledger and returns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import pandas as pd

from analysis import vocabulary
from analysis.reconcile.contradictions import Contradiction, Interval, approximate, interval
from analysis.sources.facts import Fact
from analysis.sources.listing import plain

_COUNTED = ("count", "stock", "money")
_SOURCES = ("ledger", "return")


_LEDGER_FIRST = ("hazards_found",)
"""A return counts what inspections found; self-reported hazards stand in the ledger alone."""


def check_years(this: Sequence[Fact], last: Sequence[Fact]) -> list[Contradiction]:
    """同比 of this year's document against the figures of last year's.

    A change is compared where both documents give the figure for one sector, campaign and part of the year.
    """
    earlier = {_key(fact, 1): fact for fact in reversed(last) if _stands(fact)}
    levels = {_key(fact, 0): fact for fact in reversed(this) if _stands(fact)}
    found: list[Contradiction] = []
    for fact in this:
        then, now = earlier.get(_key(fact, 0)), levels.get(_key(fact, 0))
        if fact.measure == "level" or fact.month_on_month or then is None:
            continue
        expected = _expected(fact, now, then)
        if expected and not expected.meets(_printed(fact)):
            values: dict[str, object] = {
                "stated": plain(fact.value), "then": plain(then.value),
                "now": plain(now.value) if now else "",
                "computed": plain(round(expected.low, 2)),
            }  # fmt: skip
            difference = fact.value - round(expected.low, 4)
            found.append(
                Contradiction(
                    "year", "contradiction_year", values, fact, then, difference, approximate(fact, then)
                )
            )
    return found


def _stands(fact: Fact) -> bool:
    return fact.measure == "level" and not fact.part and not fact.scope_is_region


def _key(fact: Fact, ahead: int) -> tuple[object, ...]:
    """What makes two figures of different years the same: all but the year."""
    return (
        fact.indicator,
        fact.sector,
        fact.campaign,
        _day(fact.period_start, ahead),
        _day(fact.period_end, ahead),
    )


def _day(day: date | None, ahead: int) -> tuple[int, int, int] | None:
    if day is None:
        return None
    return day.year + ahead, day.month, 28 if day.month == 2 else day.day


def _expected(change: Fact, now: Fact | None, then: Fact) -> Interval | None:
    """The change that follows from both years' figures; none where this year's is not given."""
    if now is None:
        return None
    moved = interval(now).minus(interval(then))
    if change.measure == "change":
        return moved
    base = interval(then)
    if base.low <= 0:
        return None
    bounds = [100 * side / over for side in moved for over in base]
    return Interval(min(bounds), max(bounds))


def _printed(fact: Fact) -> Interval:
    slack = fact.step if fact.measure == "change_pct" else Decimal(0)
    shown = interval(fact)
    return Interval(shown.low - slack, shown.high + slack)


def check_against(facts: Sequence[Fact], indicators: pd.DataFrame) -> list[Contradiction]:
    """A document's figures against ledger and returns.

    Args:
        facts: The document's figures.
        indicators: Rows of table ``indicators`` (their values as of the document's cutoff).

    Returns:
        One contradiction per figure and source that differ. It is a warning where the document does not say
        that the figure is that of the whole county or of a named campaign, or where it is approximate.
        Distinct enterprises do not add up and are compared with no sum.
    """
    counted = indicators[indicators["source"].isin(_SOURCES)]
    found: list[Contradiction] = []
    for fact in facts:
        if _comparable(fact):
            found += _against(fact, counted)
    return found


def _comparable(fact: Fact) -> bool:
    known = vocabulary.indicators().get(fact.indicator)
    single = ";" not in fact.sector and not fact.part and not fact.scope_is_region
    return fact.measure == "level" and single and known is not None and known.kind in _COUNTED


def _against(fact: Fact, counted: pd.DataFrame) -> Iterator[Contradiction]:
    rows = counted[counted["indicator"] == fact.indicator]
    if fact.period_start and fact.period_end:
        rows = rows[rows["year"] == fact.period_end.year]
        within = rows["month"].between(fact.period_start.month, fact.period_end.month) | rows["month"].isna()
        rows = rows[within]
    if fact.sector != vocabulary.SECTOR_TOTAL:
        rows = rows[rows["sector"] == fact.sector]
    if fact.campaign:
        rows = rows[rows["campaign"] == fact.campaign]
    if fact.indicator in _LEDGER_FIRST and (rows["source"] == "ledger").any():
        rows = rows[rows["source"] == "ledger"]
    for source, group in rows.groupby("source"):
        value = Decimal(str(group["value"].sum()))
        if not interval(fact).meets(Interval(value, value)):
            yield _ledger(
                fact, str(source), value, ", ".join(sorted(set(group["evidence"].dropna().astype(str)))[:3])
            )


def _ledger(fact: Fact, source: str, value: Decimal, evidence: str) -> Contradiction:
    values: dict[str, object] = {
        "stated": plain(fact.value), "counted": plain(value), "evidence": evidence,
        "source": vocabulary.name("indicator_source", source),
    }  # fmt: skip
    unsure = approximate(fact) or not (fact.whole or fact.campaign)
    return Contradiction(
        "ledger", "contradiction_ledger", values, fact, None, fact.value - value, warning=unsure
    )
