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


class Naming:
    """Follows the words of one sentence, which its figures ask for in the order of the text."""

    def __init__(self, text: str, found: Words, start: int, year: int | None, *, dated: bool) -> None:
        self.text, self.start, self.year, self.dated = text, start, year, dated
        self._rest = iter(found)
        self._next = next(self._rest, None)
        self._sector = self._campaign = self._drive = -1

    def told(self, left: int, at: int) -> Named:
        """Where what a figure at ``at`` belongs to is named; its clause begins at ``left``."""
        while self._next is not None and self._next.end <= at:
            start, _, word = self._next
            if word.sector:
                self._sector = start
            if word.campaign:
                self._campaign = start
            if word.classes & _operation():
                self._drive = start
            self._next = next(self._rest, None)
        period = self._period(left, at) if self.dated else "inherited"
        return Named(
            _reach(self._sector, left), _reach(self._campaign, left), _reach(self._drive, left), period
        )

    def _period(self, left: int, at: int) -> Reach:
        if periods.span(self.text, left, at, self.year):
            return "clause"
        return "sentence" if periods.span(self.text, self.start, left, self.year) else "inherited"


@cache
def _operation() -> int:
    return mask("OPERATION")


def _reach(last: int, left: int) -> Reach:
    return "inherited" if last < 0 else "clause" if last >= left else "sentence"
