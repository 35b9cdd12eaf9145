"""What is read from a document: its figures, each with its place, and the numbers that are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from analysis.sources.naming import INHERITED, Named

Measure = Literal["level", "change", "change_pct"]
COLUMNS = (
    "document", "line", "start", "end", "quote", "sector", "campaign", "indicator",
    "measure", "value", "unit", "qualifier", "period_start", "period_end",
)  # fmt: skip


@dataclass(slots=True)
class Fact:
    """A figure of a document. ``start`` and ``end`` are offsets into its text; the text between is ``quote``.

    The fields from ``scope`` on are not part of the table: what the comparison needs to know of the sentence.
    """

    document: str
    line: int
    start: int
    end: int
    quote: str
    sector: str
    campaign: str
    indicator: str
    measure: Measure
    value: Decimal
    unit: str
    qualifier: str
    period_start: date | None
    period_end: date | None
    scope: str = ""
    """What the figure is limited to beyond sector, campaign and period: a part, an unnamed drive."""
    sentence: int = 0
    part: bool = False
    """Stands after 其中: a part of the figure before it."""
    step: Decimal = Decimal(1)
    """The value of the last printed digit: 1000 for 1.2万, 0.01 for 94.64%."""
    paragraph: int = 0
    table: int = 0
    """The table it stands in, from 1; 0 for prose. A row of its total is no part."""
    whole: bool = False
    """Said of the whole county or the whole year (全县共…)."""
    month_on_month: bool = False
    """A change against the month before (环比), not against last year."""
    region: str = ""
    """The part of the county that it is limited to, where the text or the table's row names one."""
    told: Named = INHERITED
    """Where its sector, campaign and period are named: beside it, in its sentence, or only above."""

    @property
    def scope_is_region(self) -> bool:
        """Whether the figure is that of a part of the county."""
        return bool(self.region)


@dataclass(frozen=True, slots=True)
class Unread:
    """A number of the text that became no figure, and why."""

    line: int
    start: int
    end: int
    quote: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read from one document."""

    facts: tuple[Fact, ...]
    unread: tuple[Unread, ...]
    numbers: int
    """Numbers in the text; those that became figures are ``numbers - len(unread)``."""

    @property
    def coverage(self) -> float:
        """Share of the text's numbers that became figures, dates and names left aside; 1 without any."""
        missing, read = len(self.missing), self.numbers - len(self.unread)
        return read / (read + missing) if read + missing else 1.0

    @property
    def missing(self) -> tuple[Unread, ...]:
        """The numbers that may be figures and were not read; the others are dates, names and the like."""
        return tuple(number for number in self.unread if number.reason in MISSING)


MISSING = ("unclear", "no_unit", "too_long", "range", "plan")
"""Reasons that leave a number open; the others (dates, names, …) say that it is no figure."""
