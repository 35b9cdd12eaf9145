"""Contradictions between a document and the ledger and returns, as they stood on the document's day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from analysis import vocabulary
from analysis.reconcile.contradictions import Contradiction, approximate, interval
from analysis.reconcile.evidence import places
from analysis.reconcile.records import Counted, Records
from analysis.reconcile.scopes import Scoped, scoped
from analysis.sources.facts import Fact
from analysis.sources.listing import plain
from analysis.sums import ACTIVITY_INDICATORS

_COUNTED = ("count", "stock", "money")
_BY_INSPECTION = {
    "hazards_found": "hazards_department_found",
    "major_hazards_found": "major_hazards_department_found",
}
"""After 检查N次 or 检查企业N家 in its sentence, what was found may leave the self-reported out."""
_INSPECTING = frozenset({"inspections", "enterprises_inspected"})
_NEAR = Decimal("0.2")
"""A figure whose scope is not said, this near to the county's or the sector's, is taken to mean it."""


def check_against(facts: Sequence[Fact], records: Records) -> list[Contradiction]:
    """A document's figures against ledger and returns.

    Every figure is compared with all that it may be of (see ``scopes``), and reported where none fits: as a
    contradiction where the text says what it is of, or where it is more than all there is; as a warning
    where it is approximate, or of activities, whose list is seldom complete, or where its scope is not said
    and the county's or the sector's figure is near. Other figures of a sector whose scope is not said are
    one warning together. Distinct enterprises do not add up and are compared with no sum.
    """
    found: list[Contradiction] = []
    unsaid: list[Contradiction] = []
    inspecting = {fact.sentence for fact in facts if fact.indicator in _INSPECTING}
    for one in scoped(facts):
        if _comparable(one.fact, facts):
            for contradiction in _against(one, records, inspecting=one.fact.sentence in inspecting):
                (unsaid if contradiction.code == "unsaid_ledger" else found).append(contradiction)
    return [*found, *_together(unsaid)]


def _comparable(fact: Fact, facts: Sequence[Fact]) -> bool:
    known = vocabulary.indicators().get(fact.indicator)
    single = ";" not in fact.sector and not fact.scope_is_region and not _part_of_same(fact, facts)
    counted = fact.measure == "level" and known is not None and known.kind in _COUNTED
    return counted and single and (_whole_months(fact) or bool(fact.campaign))


def _part_of_same(fact: Fact, facts: Sequence[Fact]) -> bool:
    """检查1200次，其中夜查80次: a part of the figure before it, which is of nothing that has a name."""
    return (
        fact.part
        and not fact.table
        and any(
            other.start < fact.start and (other.sentence, other.indicator) == (fact.sentence, fact.indicator)
            for other in facts
        )
    )


def _whole_months(fact: Fact) -> bool:
    return fact.period_start is None or fact.period_start.day == 1


def _against(one: Scoped, records: Records, *, inspecting: bool) -> Iterator[Contradiction]:
    names = [one.fact.indicator]
    if inspecting and one.fact.indicator in _BY_INSPECTION:
        names.append(_BY_INSPECTION[one.fact.indicator])
    by_source: dict[str, list[Counted]] = {}
    for name in names:
        for reading in one.readings:
            for counted in records.counted(replace(one.fact, indicator=name), reading):
                by_source.setdefault(counted.source, []).append(counted)
    for counted_so in by_source.values():
        yield from _verdict(one, counted_so, records)


def _verdict(one: Scoped, counted: Sequence[Counted], records: Records) -> Iterator[Contradiction]:
    stated = interval(one.fact)
    if any(stated.meets(other.values) for other in counted):
        return
    if one.repeats and any(stated.meets(c.values) for c in records.counted(one.fact, one.repeats)):
        if one.sure:
            yield _differs(one.fact, counted[0], "repeats_ledger", campaign=one.repeats.campaign)
        return
    nearest = min(counted, key=lambda other: abs(other.values.high - one.fact.value))
    beyond = stated.low > max(other.values.high for other in counted)
    if one.sure or beyond:
        listed = one.fact.indicator in ACTIVITY_INDICATORS
        doubtful = listed or approximate(one.fact) or (beyond and not one.sure and _crossing(one.fact.sector))
        yield _differs(one.fact, nearest, "contradiction_ledger", warning=doubtful)
    elif abs(nearest.values.high - one.fact.value) <= _NEAR * nearest.values.high:
        yield _differs(one.fact, nearest, "contradiction_ledger", warning=True)
    elif one.fact.sector != vocabulary.SECTOR_TOTAL:
        yield _differs(one.fact, nearest, "unsaid_ledger", warning=True)


def _crossing(sector: str) -> bool:
    """Fire and special equipment lie across the industries, under which the ledger may have their hazards."""
    known = vocabulary.sectors().get(sector)
    return known is not None and known.kind == "cross_cutting"


def _differs(
    fact: Fact, counted: Counted, code: str, *, warning: bool = True, campaign: str = ""
) -> Contradiction:
    low, high = counted.values
    values: dict[str, object] = {
        "stated": plain(fact.value),
        "counted": plain(low) if low == high else f"{plain(low)}–{plain(high)}",
        "evidence": places(counted.evidence),
        "source": vocabulary.name("indicator_source", counted.source),
        "campaign": vocabulary.name("campaign", campaign) if campaign else "",
    }
    difference = fact.value - (low if fact.value < low else high)
    return Contradiction("ledger", code, values, fact, None, difference, warning)


def _together(unsaid: Sequence[Contradiction]) -> Iterator[Contradiction]:
    """Figures of sectors that are less than the ledger's, and may be of a campaign: one warning for each
    document, with its members.
    """
    for document in dict.fromkeys(one.first.document for one in unsaid):
        members = tuple(one for one in unsaid if one.first.document == document)
        sectors = dict.fromkeys(vocabulary.name("sector", one.first.sector) for one in members)
        values: dict[str, object] = {"count": len(members), "sectors": "、".join(sectors)}
        yield Contradiction(
            "ledger", "unsaid_ledgers", values, members[0].first, warning=True, members=members
        )
