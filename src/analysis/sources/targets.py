"""What a commitment promises in figures: indicator, comparator and target; its due day; a past year it cites.

The figures are read by the reader of summaries: the words that only say that something is planned, or bound a
figure (不少于, 控制在…以内), are taken out of the sentence before, since that reader passes over plans.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from analysis import vocabulary
from analysis.sources import summaries
from analysis.sources.facts import Fact
from analysis.sources.folding import fold
from analysis.sources.lexicon import rows, tokens

Comparator = Literal["at_least", "at_most", "change_at_least", "change_at_most"]

_AT_MOST = re.compile(r"不超过|不高于|不多于|不得超过|以内|以下|控制在|零")
_BOUND = re.compile(
    r"(?:力争|确保|计划|拟|将|争取|预计|必须|应当|原则上)|不得?(?:少于|低于|超过|高于|多于)|至少|达到|控制在|以[上内下]"
    r"|(?<=\d[%个次期份家条起人])以上|每(?:年|月|季度|次)"
)
_DOWN = re.compile(r"下降|减少|降低|压减|降幅")
_DUE = re.compile(
    r"(?P<month>\d{1,2})月(?P<part>底|末|上旬|中旬|下旬|(?P<day>\d{1,2})日)?(?:以?前|之前|内)"
    r"|(?P<quarter>[一二三四])季度(?:末|前|内)|(?P<half>上半年)|年(?:底|末|内)"
)
_PART_ENDS = {"上旬": 10, "中旬": 20}
_YEAR = re.compile(r"(?P<before>[较比与同])?(?P<year>(?:19|20)\d\d)(?P<range>\s?[-—~至]{1,2}\s?(?:20\d\d))?")
_SINCE = re.compile(r"年?(?:同期|相比|以来)")


@dataclass(frozen=True, slots=True)
class Target:
    """One figure that is promised; ``value`` in the indicator's unit, a change in per cent."""

    indicator: str
    comparator: Comparator
    value: Decimal


def targets(text: str, year: int) -> tuple[Target, ...]:
    """The figures that a commitment promises for a year, each indicator once; none where it names none."""
    bare = _BOUND.sub("", fold(text).text)
    found = summaries.extract(bare, name="", year=year).facts
    said = (_target(fact, text) for fact in found if fact.indicator in measurable())
    return tuple({target.indicator: target for target in said}.values())


def _target(fact: Fact, text: str) -> Target:
    clause = _clause(fold(text).text, fact.value)
    if fact.measure == "change_pct":
        return Target(fact.indicator, "change_at_most" if fact.value < 0 else "change_at_least", fact.value)
    return Target(fact.indicator, "at_most" if _AT_MOST.search(clause) else "at_least", fact.value)


def _clause(text: str, value: Decimal) -> str:
    """The clause that holds a figure as written; the whole text where it is written otherwise."""
    plain = format(value.normalize(), "f")
    return next((part for part in re.split(r"[，;。]", text) if plain in part), text)


@cache
def measurable() -> frozenset[str]:
    """The indicators that ledgers, returns and lists can answer for."""
    return frozenset(row["indicator"] for row in rows("plan_indicators"))


def suggestion(text: str) -> str:
    """What would measure a commitment that promises no figure."""
    for row in rows("plan_measures"):
        if any(word in text for word in row["words"].split(";")):
            return row["suggestion"]
    return ""


def due(text: str, year: int) -> date | None:
    """The day by which a commitment is to be kept; None where it names none."""
    found = _DUE.search(fold(text).text)
    if not found:
        return None
    if found["quarter"]:
        return _month_end(year, 3 * ("一二三四".index(found["quarter"]) + 1))
    if found["half"] or not found["month"]:
        return date(year, 6, 30) if found["half"] else date(year, 12, 31)
    return _day(year, int(found["month"]), found["part"] or "", found["day"])


def _day(year: int, month: int, part: str, day: str | None) -> date | None:
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return date(year, month, min(last, int(day) if day else _PART_ENDS.get(part, last)) or 1)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def past_year(text: str, plan_year: int) -> int | None:
    """The past year whose list or action a plan cites; None where it cites none.

    A range that reaches the year planned for (2023—2025年) is not past, nor is a year that only serves for
    comparison (较2023年下降).
    """
    return next((year for year in _cited(fold(text).text) if year < plan_year), None)


def _cited(text: str) -> Iterator[int]:
    for found in _YEAR.finditer(text):
        compared = found["before"] or _SINCE.match(text, found.end())
        if not compared:
            yield int((found["range"] or found["year"])[-4:])
    ended = (token.word.campaign for token in tokens(text, 0, len(text)) if token.word.campaign)
    for code in ended:
        if (last := vocabulary.campaigns()[code].end) is not None:
            yield last.year
