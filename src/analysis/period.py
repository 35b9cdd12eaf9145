"""Reporting periods (报告期): a year, half-year, quarter or month."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from analysis.messages import UsageError

_PERIOD = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<part>H[12]|Q[1-4]|0[1-9]|1[0-2]))?")
_RANGE = re.compile(r"((?:19|20)\d\d)-((?:19|20)\d\d)")
PARTS = ("", "H1", "H2", "Q1", "Q2", "Q3", "Q4", *(f"{month:02d}" for month in range(1, 13)))
"""The allowed parts of a year; the empty one is the whole year."""
_PART_NAMES = {
    "H1": "上半年",
    "H2": "下半年",
    **{f"Q{n}": f"第{c}季度" for n, c in enumerate("一二三四", start=1)},
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year or a part of one; ``part`` is one of PARTS."""

    year: int
    part: str = ""

    @classmethod
    def parse(cls, text: str) -> list[Period]:
        """The periods that a command-line word names: one, or every year of a range.

        Raises:
            UsageError: ``period_invalid``.
        """
        if years := _RANGE.fullmatch(text):
            first, last = int(years[1]), int(years[2])
            if first <= last:
                return [cls(year) for year in range(first, last + 1)]
        if one := _PERIOD.fullmatch(text):
            return [cls(int(one["year"]), one["part"] or "")]
        raise UsageError("period_invalid", period=text)

    def __str__(self) -> str:
        return f"{self.year}-{self.part}" if self.part else str(self.year)

    @property
    def months(self) -> range:
        """The months of the period, 1 to 12."""
        if not self.part:
            return range(1, 13)
        number = int(self.part.lstrip("HQ"))
        length = {"H": 6, "Q": 3}.get(self.part[0], 1)
        return range((number - 1) * length + 1, number * length + 1)

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, self.months[0], 1)

    @property
    def end(self) -> date:
        """The last day."""
        return date(self.year, self.months[-1], monthrange(self.year, self.months[-1])[1])

    @property
    def title_zh(self) -> str:
        """The period as a report's title writes it."""
        if not self.part:
            return f"{self.year}年"
        return f"{self.year}年" + _PART_NAMES.get(self.part, f"{self.months[0]}月")

    def in_year(self, year: int) -> Period:
        """The same part of another year."""
        return Period(year, self.part)

    def cutoff_in(self, year: int, as_of: date) -> date:
        """The day of ``year`` that stands where ``as_of`` stands in this period's year.

        Same month and day (28 February for the 29th), so that years are compared at the same cutoff.
        """
        shift = year - self.year
        try:
            return as_of.replace(year=as_of.year + shift)
        except ValueError:
            return as_of.replace(year=as_of.year + shift, day=28)
