"""What an office owes over a year: how often a duty was due, when it was missed, and who has not signed.

Rules over days and names; which kinds of activity are due how often stands in the settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Interval:
    """A part of a year in which a duty is due once (each quarter, each half-year)."""

    start: date
    end: date

    @property
    def label(self) -> str:
        """Its months in words: 1–3月."""
        first, last = self.start.month, self.end.month
        return f"{first}月" if first == last else f"{first}–{last}月"


def intervals(year: int, per_year: int) -> tuple[Interval, ...]:
    """The parts of a year in each of which a duty is due once; more than twelve a year count as monthly."""
    parts = min(per_year, MONTHS)
    firsts = [MONTHS * part // parts + 1 for part in range(parts)]
    starts = [*(date(year, month, 1) for month in firsts), date(year + 1, 1, 1)]
    return tuple(Interval(start, after - timedelta(days=1)) for start, after in pairwise(starts))


@dataclass(frozen=True, slots=True)
class Cadence:
    """How a duty was kept: what was due by the cutoff, what of it was missed, and the longest pause."""

    held: int
    due: tuple[Interval, ...]
    missed: tuple[Interval, ...]
    longest_pause: int
    """Days without any, from the period's first day, between two of them, or up to the cutoff."""


def cadence(days: Iterable[date], per_year: int, start: date, end: date, as_of: date) -> Cadence:
    """How often a duty was kept within a period of one year, seen from ``as_of``.

    Only intervals that lie in the period and were over by ``as_of`` are due: what can still be held is not
    missed. ``per_year`` 0 means that nothing is required.
    """
    last = min(end, as_of)
    held = sorted(day for day in days if start <= day <= last)
    due = tuple(
        part
        for part in (intervals(start.year, per_year) if per_year else ())
        if start <= part.start and part.end <= last
    )
    missed = tuple(part for part in due if not any(part.start <= day <= part.end for day in held))
    marks = [start, *held, last]
    pause = max((after - before).days for before, after in pairwise(marks))
    return Cadence(len(held), due, missed, pause)


def same_unit(name: str, other: str) -> bool:
    """Whether two names are of one unit: offices write it with or without its county (县应急管理局)."""
    return name.endswith(other) or other.endswith(name)


def without_letter(names: Sequence[str], signers: Iterable[str]) -> tuple[str, ...]:
    """The names that no signer's name stands for, in their order."""
    signed = {signer for signer in signers if signer}
    return tuple(name for name in names if not any(same_unit(name, signer) for signer in signed))
