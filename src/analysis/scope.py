"""What a report looks at: one county, one period, as of one day, against the years before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analysis.parameters import Parameters
from analysis.period import Period


@dataclass(frozen=True, slots=True)
class Cutoff:
    """What is seen of one year: hazards found from ``start`` to ``end``, with what was known by ``as_of``."""

    year: int
    start: date
    end: date
    as_of: date

    @property
    def whole_months(self) -> int:
        """How many months of the year were over by the cutoff: a month's return is of the whole month."""
        day_after = self.as_of + timedelta(days=1)
        return max(0, min(12, 12 * (day_after.year - self.year) + day_after.month - 1))


@dataclass(frozen=True, slots=True)
class Scope:
    """A county's period as of a day, and the same part of the ``baseline`` years at the same cutoff day."""

    county: str
    period: Period
    as_of: date
    baseline: tuple[int, ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        """The baseline years and the period's own, ascending."""
        return (*self.baseline, self.period.year)

    @property
    def cutoffs(self) -> tuple[Cutoff, ...]:
        """One cutoff a year, on the same day of the year, so that years are compared at the same point."""
        return tuple(
            Cutoff(year, part.start, part.end, self.period.cutoff_in(year, self.as_of))
            for year in self.years
            for part in (self.period.in_year(year),)
        )


def cutoff_day(given: Parameters, stated: str | None) -> date:
    """The day a report looks from: as given; else what a year's files state; else the period's last day.

    Args:
        given: The report's parameters.
        stated: The day that the year's summary or its about.yaml names, in ISO form.
    """
    if given.as_of:
        return date.fromisoformat(given.as_of)
    return date.fromisoformat(stated) if stated and not given.period else given.reporting_period.end
