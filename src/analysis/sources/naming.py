"""How near to a figure its sector, campaign and period are named: what is inherited may not be meant.

Under a heading on a campaign, 全县共排查隐患2745条 may be the campaign's figure or the county's.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from analysis.sources import periods
from analysis.sources.lexicon import Words, mask

Reach = Literal["clause", "sentence", "inherited"]
"""Named in the figure's own clause, earlier in its sentence, or taken over from what stands above."""


class Named(NamedTuple):
    """Where sector, campaign, drive (any 专项行动 or 大检查, with or without a code) and period are named."""

    sector: Reach = "inherited"
    campaign: Reach = "inherited"
    drive: Reach = "inherited"
    period: Reach = "inherited"


INHERITED = Named()
"""None of them is named in the sentence."""


def named(text: str, found: Words, bounds: tuple[int, int, int], year: int | None, *, dated: bool) -> Named:
    """Where a figure's sector, campaign, drive and period are named.

    Args:
        text: The document.
        found: The words of the sentence.
        bounds: Where the sentence begins, the clause, and the number.
        year: The document's year.
        dated: Whether the sentence holds a word of time at all.
    """
    start, left, at = bounds
    sector = campaign = drive = -1
    for token in found.between(start, at):
        if token.word.sector:
            sector = token.start
        if token.word.campaign:
            campaign = token.start
        if token.word.classes & _operation():
            drive = token.start
    period = _period(text, bounds, year) if dated else "inherited"
    return Named(_reach(sector, left), _reach(campaign, left), _reach(drive, left), period)


@cache
def _operation() -> int:
    return mask("OPERATION")


def _reach(last: int, left: int) -> Reach:
    return "inherited" if last < 0 else "clause" if last >= left else "sentence"


def _period(text: str, bounds: tuple[int, int, int], year: int | None) -> Reach:
    start, left, at = bounds
    if periods.span(text, left, at, year):
        return "clause"
    return "sentence" if periods.span(text, start, left, year) else "inherited"
