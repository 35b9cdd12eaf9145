"""Contradictions within one document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise

from analysis import vocabulary
from analysis.reconcile.contradictions import Contradiction, Interval, approximate, interval, share, total
from analysis.reconcile.scopes import says_whole
from analysis.sources.facts import Fact
from analysis.sources.listing import plain

_ONCE = frozenset(
    [
        "accidents",
        "fatal_accidents",
        "larger_accidents",
        "deaths",
        "larger_accident_deaths",
        "injuries",
        "casualties",
        "economic_loss",
        "hazards_found",
        "hazards_rectified",
        "rectification_rate",
        "major_hazards_found",
        "major_hazards_rectified",
        "major_rectification_rate",
        "enterprises_inspected",
        "inspections",
        "penalties_issued",
        "fines",
        "notices_issued",
        "inspector_person_times",
        "suspensions_ordered",
    ]
)
"""Figures that a county or a campaign has one of; trainings, say, are counted for several audiences."""
_LEVELS = ("", "major_")
_MONEY = ("fines", "fines_paid", "fines_ex_ante", "economic_loss", "safety_investment")
_LEAST_MONEY = 1000
"""Yuan: a smaller sum for a year or an accident was meant in 万元."""
_SUBSETS = {
    "leadership_meetings_by_top_leaders": "meetings_held",
    "leadership_site_inspections_by_top_leaders": "leadership_site_inspections",
    "major_hazards_found": "hazards_found",
    "larger_accidents": "accidents",
    "larger_accident_deaths": "deaths",
    "fatal_accidents": "accidents",
    "fines_ex_ante": "fines",
}
"""Part → whole: named after 其中 it cannot be the larger of the two."""
_RATES = (
    ("closure_rate", "hazards_verified", "hazards_found"),
    ("deaths_quota_used_pct", "deaths", "deaths_control_quota"),
)
"""Rate, part, whole, beside the rates of rectification."""
_IN_TIME = re.compile(r"按期|按时|及时")
"""Such a rate is of those that were due."""
_EXHAUSTIVE = (
    ("hazards_found", ("hazards_self_reported", "hazards_department_found")),
    ("hazards_found", ("hazards_rectified_on_site", "hazards_with_deadline")),
    ("hazards_found", ("hazards_rectified", "hazards_pending")),
    ("major_hazards_found", ("major_hazards_self_reported", "major_hazards_department_found")),
    ("major_hazards_found", ("major_hazards_rectified", "major_hazards_pending")),
    (
        "major_hazards_rectified",
        ("major_hazards_rectified_self_reported", "major_hazards_rectified_department_found"),
    ),
)
"""Whole → parts that make it up together."""


def check_document(facts: Sequence[Fact]) -> list[Contradiction]:
    """The contradictions within a document, in the order of its text.

    Parts against their total, rectified against found, rates against their counts, the same figure given
    twice, units that cannot be right. What can be explained (6 of 112 wait to be verified) is none.
    """
    found = [*_paragraphs(facts), *_tables(facts), *_splits(facts), *_twice(facts), *_units(facts)]
    unique = {(c.code, c.first.start, c.second.start if c.second else None): c for c in found}
    return sorted(unique.values(), key=lambda c: (c.first.start, c.code))


def _paragraphs(facts: Sequence[Fact]) -> Iterator[Contradiction]:
    prose = [fact for fact in facts if not fact.table]
    for _, group in groupby(prose, key=lambda fact: fact.paragraph):
        for passage in _passages(list(group)):
            yield from _passage(passage)
    rows = [fact for fact in facts if fact.table]
    for _, group in groupby(rows, key=lambda fact: (fact.table, fact.start)):
        yield from _passage(list(group))


def _passages(paragraph: Sequence[Fact]) -> Iterator[list[Fact]]:
    """A paragraph's figures by sector and campaign, cut where something is counted anew."""
    groups: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in paragraph:
        group = groups[fact.sector, fact.campaign]
        if _anew(fact, group):
            yield list(group)
            group.clear()
        group.append(fact)
    yield from (group for group in groups.values() if group)


def _anew(fact: Fact, group: Sequence[Fact]) -> bool:
    """Whether a count that the passage has already is given again, for something else."""
    if fact.measure != "level" or fact.part or fact.indicator not in _STARTS:
        return False
    return any(f.indicator == fact.indicator and f.measure == "level" and not f.part for f in group)


_STARTS = frozenset(
    {"hazards_found", "accidents", "major_hazards_found", "larger_accidents", "major_accidents"}
)


def _passage(passage: Sequence[Fact]) -> Iterator[Contradiction]:
    levels: dict[str, Fact] = {}
    for fact in passage:
        if fact.measure == "level":
            levels.setdefault(fact.indicator, fact)
    yield from _rectified(levels)
    yield from _parts(levels, passage)
    yield from _rates(levels)
    yield from _changes(passage, levels)


def _rectified(levels: dict[str, Fact]) -> Iterator[Contradiction]:
    for level in _LEVELS:
        found, done = levels.get(f"{level}hazards_found"), levels.get(f"{level}hazards_rectified")
        if found and done and interval(done).low > interval(found).high:
            values: dict[str, object] = {"found": plain(found.value), "rectified": plain(done.value)}
            yield Contradiction(
                "rectified", "contradiction_rectified", values, done, found, done.value - found.value,
                approximate(found, done),
            )  # fmt: skip


def _parts(levels: dict[str, Fact], passage: Sequence[Fact]) -> Iterator[Contradiction]:
    for name, members in _EXHAUSTIVE:
        whole, parts = levels.get(name), [levels[member] for member in members if member in levels]
        if whole and parts and _told_after(whole, parts):
            complete = len(parts) == len(members) and not _more_parts(whole, parts, passage)
            yield from _against_total(whole, parts, complete=complete)
    for name, container in _SUBSETS.items():
        part, whole = levels.get(name), levels.get(container)
        if part and whole and part.part and part.start >= whole.start:
            yield from _against_total(whole, [part], complete=False)


def _more_parts(whole: Fact, parts: Sequence[Fact], passage: Sequence[Fact]) -> bool:
    """当场整改18处、限期整改10处、停产整改2处: a third part makes up what two leave."""
    rest = whole.value - sum(part.value for part in parts)
    others = (fact for fact in passage if fact.sentence == whole.sentence and fact not in parts)
    return rest > 0 and any((fact.value, fact.unit) == (rest, whole.unit) for fact in others)


def _told_after(whole: Fact, parts: Sequence[Fact]) -> bool:
    """Whether the parts follow their total; more rectified than found is told apart."""
    alone = len(parts) == 1 and parts[0].indicator.endswith("hazards_rectified")
    return not alone and all(part.start >= whole.start for part in parts)


def _against_total(whole: Fact, parts: Sequence[Fact], *, complete: bool) -> Iterator[Contradiction]:
    """Parts may not exceed their total, and make it up where they are complete."""
    together, stated = total(parts), interval(whole)
    if together.low <= stated.high and (not complete or together.high >= stated.low):
        return
    added = sum((part.value for part in parts), Decimal(0))
    listed = "＋".join(plain(part.value) for part in parts)
    values: dict[str, object] = {"total": plain(whole.value), "sum": plain(added), "parts": listed}
    yield Contradiction(
        "parts",
        "contradiction_parts",
        values,
        whole,
        parts[0],
        added - whole.value,
        approximate(whole, *parts),
    )


def _rates(levels: dict[str, Fact]) -> Iterator[Contradiction]:
    for level in _LEVELS:
        name = "major_rectification_rate" if level else "rectification_rate"
        rate, done = levels.get(name), levels.get(f"{level}hazards_rectified")
        if rate and done and done.qualifier != "derived" and not _IN_TIME.search(rate.quote):
            yield from _rate(rate, done, list(_denominators(levels, level, done)))
    for name, part, whole in _RATES:
        if name in levels and part in levels and whole in levels:
            yield from _rate(levels[name], levels[part], [interval(levels[whole])])


def _denominators(levels: dict[str, Fact], level: str, done: Fact) -> Iterator[Interval]:
    """What a rectification rate may be of: all found, else those done and those that are left or wait."""
    if found := levels.get(f"{level}hazards_found"):
        yield interval(found)
    for rest in (f"{level}hazards_pending", "hazards_awaiting_verification"):
        if rest in levels:
            yield interval(done).plus(interval(levels[rest]))


def _rate(rate: Fact, part: Fact, wholes: Sequence[Interval]) -> Iterator[Contradiction]:
    wholes = [whole for whole in wholes if whole.high > 0]
    printed = interval(rate) if rate.step != 1 else Interval(rate.value - Decimal("0.5"), rate.value + 1)
    if not wholes or any(_rounds_to(share(interval(part), whole), rate, printed) for whole in wholes):
        return
    computed = share(interval(part), wholes[0]).low
    values: dict[str, object] = {
        "stated": plain(rate.value), "computed": plain(round(computed, 2)),
        "part": plain(part.value), "whole": plain(wholes[0].low),
    }  # fmt: skip
    yield Contradiction(
        "rate",
        "contradiction_rate",
        values,
        rate,
        part,
        rate.value - round(computed, 4),
        approximate(rate, part),
    )


def _rounds_to(computed: Interval, rate: Fact, printed: Interval) -> bool:
    """Whether a percentage prints as the stated one, rounded half up or cut off."""
    half = rate.step / 2
    return (computed.high >= printed.low and computed.low <= rate.value + half) or (
        computed.low < rate.value + rate.step and computed.high >= rate.value
    )


def _changes(passage: Sequence[Fact], levels: dict[str, Fact]) -> Iterator[Contradiction]:
    """A change in per cent against the change in number and this year's figure."""
    for percent in (fact for fact in passage if fact.measure == "change_pct" and not fact.month_on_month):
        now = levels.get(percent.indicator)
        change = next((f for f in passage if _changes_same(f, percent)), None)
        if not now or not change or now.sentence != percent.sentence:
            continue
        then = interval(now).minus(interval(change))
        if then.low <= 0:
            continue
        bounds = [100 * side / base for side in interval(change) for base in then]
        computed = Interval(min(bounds), max(bounds))
        slack = percent.step
        if not computed.meets(Interval(percent.value - slack, percent.value + slack)):
            values: dict[str, object] = {
                "stated": plain(percent.value), "computed": plain(round(computed.low, 2)),
                "part": plain(change.value), "whole": plain(then.low),
            }  # fmt: skip
            yield Contradiction(
                "rate", "contradiction_rate", values, percent, change, percent.value - round(computed.low, 4),
                approximate(percent, change, now),
            )  # fmt: skip


def _changes_same(change: Fact, percent: Fact) -> bool:
    alike = change.measure == "change" and change.indicator == percent.indicator
    return alike and change.sentence == percent.sentence and not change.month_on_month


def _tables(facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """The total row of a table against its rows; counts of enterprises do not add up and are left out."""
    cells: dict[tuple[int, str, object], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.table and fact.measure == "level":
            cells[fact.table, fact.indicator, fact.period_start].append(fact)
    for (_, indicator, _), group in cells.items():
        wholes, parts = [f for f in group if not f.part], [f for f in group if f.part]
        if (
            len(wholes) == 1
            and len(parts) > 1
            and vocabulary.indicators()[indicator].kind in ("count", "stock", "money")
        ):
            yield from _against_total(wholes[0], parts, complete=True)


def _splits(facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """Accidents and their victims by sector, and by region, against the total before them."""
    for indicator in ("accidents", "deaths", "injuries"):
        whole: Fact | None = None
        parts: list[Fact] = []
        for fact in (fact for fact in facts if _countable(fact, indicator)):
            if fact.sector == vocabulary.SECTOR_TOTAL and not fact.scope_is_region:
                yield from _split(whole, parts)
                whole, parts = fact, []
            elif whole and fact.period_end == whole.period_end:
                parts.append(fact)
        yield from _split(whole, parts)


def _split(whole: Fact | None, parts: Sequence[Fact]) -> Iterator[Contradiction]:
    """By sector a list is complete where 其他 is among its members; by region it may leave some out."""
    if whole is None:
        return
    by_sector = {
        part.sector: part for part in reversed(parts) if not part.scope_is_region and ";" not in part.sector
    }
    by_region = {part.region: part for part in reversed(parts) if part.scope_is_region}
    for members, complete in ((by_sector, "other" in by_sector), (by_region, False)):
        if len(members) > 1:
            ordered = sorted(members.values(), key=lambda part: part.start)
            yield from _against_total(whole, ordered, complete=complete)


def _countable(fact: Fact, indicator: str) -> bool:
    return fact.indicator == indicator and fact.measure == "level" and not fact.table and bool(fact.value)


def _twice(facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """The same figure of the whole county, or of the same named campaign, with two values."""
    groups: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.measure == "level" and fact.indicator in _ONCE and not fact.part and _of_all(fact):
            key = (fact.indicator, fact.sector, fact.campaign, fact.period_start, fact.period_end)
            groups[key].append(fact)
    for group in groups.values():
        for one, other in pairwise(group):
            if one.paragraph != other.paragraph and not interval(one).meets(interval(other)):
                values: dict[str, object] = {"one": plain(one.value), "other": plain(other.value)}
                yield Contradiction(
                    "twice", "contradiction_twice", values, one, other, other.value - one.value,
                    approximate(one, other),
                )  # fmt: skip


def _of_all(fact: Fact) -> bool:
    """A table may list some sectors only: its total is not said to be the county's."""
    said = fact.told.campaign != "inherited" if fact.campaign else says_whole(fact)
    return said and not fact.scope_is_region and not fact.table


def _units(facts: Sequence[Fact]) -> Iterator[Contradiction]:
    for fact in facts:
        if fact.measure != "level":
            continue
        if fact.indicator in _MONEY and fact.value and _odd_money(fact):
            yield Contradiction(
                "unit", "contradiction_unit", {"value": plain(fact.value), "unit": fact.unit}, fact
            )
        elif fact.unit == "%" and fact.value > 100 and fact.indicator.endswith("rate"):
            yield Contradiction("unit", "contradiction_share", {"value": plain(fact.value)}, fact)
        elif fact.value % 1 and fact.unit not in ("元", "%") and _whole_things(fact):
            yield Contradiction(
                "unit", "contradiction_unit", {"value": plain(fact.value), "unit": fact.unit}, fact
            )


def _odd_money(fact: Fact) -> bool:
    """Whether a sum is printed in 元 and too small, or with parts of a 分."""
    return fact.step < Decimal("0.01") or (fact.step <= 1 and fact.value < _LEAST_MONEY)


def _whole_things(fact: Fact) -> bool:
    return (
        vocabulary.indicators()[fact.indicator].kind in ("count", "stock", "distinct")
        and fact.indicator != "other"
    )
