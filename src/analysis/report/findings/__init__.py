"""Sentences that claim something, written only as strongly as the statistics allow (结论用语守则).

Every word of direction or comparison in a report comes from here. A strong claim (显著, 明显, 主要集中)
needs the adjusted test, the interval and the series' length to carry it; otherwise the sentence says
what cannot be concluded and which data would settle it. Never written, whatever the numbers: an
improving situation from zero deaths, dangerous sectors from counts, a campaign's effect from before and
after, concealment from few self-reports.
"""

from analysis.report.findings.base import (
    CLAIM_WORDS,
    NEVER,
    Finding,
    Strength,
    Subject,
    cannot_show,
    full_count,
    no_accident,
)
from analysis.report.findings.change import trend, year_on_year
from analysis.report.findings.enforcement import overlap, spread_of_fines
from analysis.report.findings.sectors import against_average, concentrated, driver

__all__ = [
    "CLAIM_WORDS",
    "NEVER",
    "Finding",
    "Strength",
    "Subject",
    "against_average",
    "cannot_show",
    "concentrated",
    "driver",
    "full_count",
    "no_accident",
    "overlap",
    "spread_of_fines",
    "trend",
    "year_on_year",
]
