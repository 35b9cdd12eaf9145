"""Contradictions between the documents of two years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from analysis.reconcile.contradictions import Contradiction, Interval, approximate, interval
from analysis.sources.facts import Fact
from analysis.sources.listing import plain

_TOLD_APART = frozenset(
    {"accidents", "fatal_accidents", "larger_accidents", "deaths", "injuries", "economic_loss"}
)
"""Changes of these are told in sentences of their own, after the figures."""


def check_years(this: Sequence[Fact], last: Sequence[Fact]) -> list[Contradiction]:
    """同比 of this year's document against the figures of last year's.

    A change is compared where both documents give the figure for one sector, campaign and part of the year.
    """
    earlier = {_key(fact, 1): fact for fact in reversed(last) if _stands(fact)}
    found = list(_told_again(this, last))
    for fact in this:
        then = earlier.get(_key(fact, 0))
        if fact.measure == "level" or fact.month_on_month or then is None:
            continue
        now = _level(fact, this)
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


def _told_again(this: Sequence[Fact], last: Sequence[Fact]) -> Iterator[Contradiction]:
    """去年同期发生事故12起 against what last year's document said."""
    then = {_key(fact, 0): fact for fact in reversed(last) if _stands(fact)}
    for fact in this:
        other = then.get(_key(fact, 0)) if _stands(fact) else None
        if other and fact.period_end and not interval(fact).meets(interval(other)):
            values: dict[str, object] = {"one": plain(fact.value), "other": plain(other.value)}
            yield Contradiction(
                "year", "contradiction_twice", values, fact, other, fact.value - other.value,
                approximate(fact, other),
            )  # fmt: skip


def _level(change: Fact, facts: Sequence[Fact]) -> Fact | None:
    """This year's figure that changed: in the sentence of the change; of accidents, anywhere."""
    same = [fact for fact in facts if _stands(fact) and _key(fact, 0) == _key(change, 0)]
    beside = [fact for fact in same if fact.sentence == change.sentence]
    return next(iter(beside or (same if change.indicator in _TOLD_APART else [])), None)


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
