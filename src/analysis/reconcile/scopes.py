"""Of what a document's figure is the figure: the whole county's, a sector's, a campaign's; and how surely.

Prose rarely says. 全县共排查隐患2745条 under a campaign's heading may be the campaign's or the county's; 140
of the county's may repeat what a campaign found. A figure is compared with everything it may be of.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from analysis import vocabulary
from analysis.sources.facts import Fact


class Reading(NamedTuple):
    """A sector's code (``all`` for the county) and a campaign's; no campaign: all of them together."""

    sector: str
    campaign: str


class Scoped(NamedTuple):
    """A figure with what it may be of, the likeliest first."""

    fact: Fact
    readings: tuple[Reading, ...]
    repeats: Reading | None
    """The campaign that the document gives the very same figure for, elsewhere."""
    sure: bool
    """The text says that this is all of it: of the county, of the sector or of the named campaign."""


def scoped(facts: Sequence[Fact]) -> list[Scoped]:
    """Each figure with what it may be of; sectors, campaigns and periods of a paragraph hold on in it."""
    whole = _whole(facts)
    return [_scoped(fact, facts, whole=id(fact) in whole) for fact in facts]


def _scoped(fact: Fact, facts: Sequence[Fact], *, whole: bool) -> Scoped:
    every = [Reading(fact.sector, "")]
    if fact.whole and fact.told.sector == "inherited" and fact.sector != vocabulary.SECTOR_TOTAL:
        every.append(Reading(vocabulary.SECTOR_TOTAL, ""))
    if not fact.campaign:
        return Scoped(fact, tuple(every), _repeated(fact, facts), whole)
    own = Reading(fact.sector, fact.campaign)
    alone = fact.told.campaign == "clause" and not fact.whole
    sure = fact.told.campaign != "inherited" or whole
    return Scoped(fact, (own,) if alone else (own, *every), None, sure)


def _repeated(fact: Fact, facts: Sequence[Fact]) -> Reading | None:
    for other in facts:
        alike = (other.indicator, other.measure, other.value) == (fact.indicator, fact.measure, fact.value)
        if alike and other.campaign and fact.value:
            return Reading(other.sector, other.campaign)
    return None


def _whole(facts: Sequence[Fact]) -> set[int]:
    """Figures of the whole county or a whole sector: said so (全县, 全年) in the sentence, or before it.

    What one sentence of a paragraph says holds in the next ones, until they turn to a sector or a drive. A
    table's total is that of its rows, which may be some sectors only.
    """
    found: set[int] = set()
    prose = (fact for fact in facts if not fact.table)
    for _, paragraph in groupby(prose, key=lambda fact: fact.paragraph):
        before: Fact | None = None
        for fact in paragraph:
            if says_whole(fact) or (before and _goes_on(before, fact)):
                found.add(id(fact))
                before = fact
    return found


def says_whole(fact: Fact) -> bool:
    """全县共…, and no drive without a code (大检查中，…) that it may be limited to."""
    return fact.whole and (bool(fact.campaign) or fact.told.drive == "inherited")


def _goes_on(before: Fact, fact: Fact) -> bool:
    same = (before.sector, before.campaign, before.region) == (fact.sector, fact.campaign, fact.region)
    return same and fact.told.drive == "inherited" and fact.told.sector == "inherited"
