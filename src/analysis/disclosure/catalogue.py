"""What a public edition may consist of: counts by a few dimensions, and how they add up.

Everything that is not listed is withheld. Departments are left out, since their fields overlap the sectors'
in ways that no equation states; penalties and fines by sector, since the returns do not name enterprises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

COUNTY, SECTOR, CAMPAIGN, MONTH = "county", "sector", "campaign", "month"
PLACE, SEASON = "sector_township", "sector_month"
INDUSTRIES, COMPARED = "industries", "compared"
"""All industries together, and those with enough inspections and enterprises to be compared."""
ROWS = "rows"
"""The rows of the year's files by table: what became of them."""
MAJOR = "major_"
JOINED = "|"
"""Between the codes of a group that two dimensions make."""


Split = tuple[str, str, str]
"""A whole, a part of it, and the rest."""


class Cell(NamedTuple):
    """One number that a public edition may hold."""

    year: int
    dimension: str
    group: str
    indicator: str


_BY_SECTOR = ("hazards_found", "hazards_self_reported", "hazards_department_found", "hazards_rectified")
_MAJOR_BY_SECTOR = tuple(MAJOR + code for code in _BY_SECTOR)
_OF_COUNTY = (*_BY_SECTOR, "hazards_verified", "hazards_pending", "hazards_overdue")
HAZARDS: Mapping[str, tuple[str, ...]] = {
    COUNTY: (
        *_OF_COUNTY,
        *(MAJOR + code for code in _OF_COUNTY),
        "hazards_owed",
        "hazards_rectified_on_time",
    ),
    INDUSTRIES: (*_BY_SECTOR, *_MAJOR_BY_SECTOR),
    COMPARED: (*_BY_SECTOR, *_MAJOR_BY_SECTOR),
    SECTOR: (*_BY_SECTOR, *_MAJOR_BY_SECTOR),
    PLACE: ("hazards_found",),
    SEASON: ("hazards_found",),
    CAMPAIGN: (*_BY_SECTOR, *_MAJOR_BY_SECTOR),
}
"""Counts of the ledger, by dimension."""
_VISITS = ("inspections", "inspections_with_findings")
RETURNS: Mapping[str, tuple[str, ...]] = {
    COUNTY: (
        *_VISITS,
        "inspections_with_major_findings",
        "inspector_person_times",
        "notices_issued",
        "penalties_issued",
        "fines",
        "temporary_seals",
        "suspensions_ordered",
        "guidance_visits",
        "trainings",
        "people_trained",
    ),
    INDUSTRIES: _VISITS,
    COMPARED: _VISITS,
    SECTOR: _VISITS,
    MONTH: _VISITS,
    CAMPAIGN: _VISITS,
    PLACE: ("inspections",),
    SEASON: ("inspections",),
}
"""Counts of the monthly returns, by dimension."""
ACCOUNT = ("read", "kept", "quarantined", "superseded", "dropped")
"""Rows read, and the four places where they went."""
ENTERPRISES = "regulated_enterprises"
"""Counted by sector and for the county."""
_WITHIN = (
    ("hazards_found", "hazards_self_reported", "hazards_department_found"),
    ("hazards_found", "hazards_rectified", "hazards_pending"),
    ("hazards_rectified", "hazards_verified", "hazards_unverified"),
    ("hazards_pending", "hazards_overdue", "hazards_pending_in_time"),
    ("hazards_owed", "hazards_rectified_on_time", "hazards_late"),
)
SPLITS = (
    *_WITHIN,
    *((MAJOR + whole, MAJOR + part, MAJOR + rest) for whole, part, rest in _WITHIN[:4]),
    *((code, MAJOR + code, f"general_{code}") for code in _OF_COUNTY),
)
"""Whole = part + rest, among the hazards of any group."""
VISIT_SPLITS = (
    ("inspections", "inspections_with_findings", "inspections_without_findings"),
    (
        "inspections_with_findings",
        "inspections_with_major_findings",
        "inspections_with_general_findings",
    ),
)
"""The same among inspections."""
GROWING = frozenset(
    {
        *(prefix + code for code in (*_BY_SECTOR, "hazards_verified") for prefix in ("", MAJOR)),
        "hazards_owed",
        *RETURNS[COUNTY],
    }
)
"""Counts that a later day of the same year can only raise: an earlier release is a lower limit."""

KEYS: Mapping[str, tuple[str, ...]] = {
    SECTOR: ("sector",),
    CAMPAIGN: ("campaign",),
    MONTH: ("month",),
    PLACE: ("sector", "township"),
    SEASON: ("sector", "month"),
}
"""The columns whose codes make the groups of a dimension."""
SUMS = (
    (COUNTY, SECTOR),
    (COUNTY, CAMPAIGN),
    (COUNTY, MONTH),
    (INDUSTRIES, SECTOR),
    (COMPARED, SECTOR),
    (SECTOR, PLACE),
    (SECTOR, SEASON),
    (MONTH, SEASON),
)
"""Whole and parts: the groups of the second make up those of the first."""


def listed(dimension: str) -> tuple[str, ...]:
    """The counts of a dimension that may be public."""
    rows = ACCOUNT if dimension == ROWS else ()
    return (*HAZARDS.get(dimension, ()), *RETURNS.get(dimension, ()), *rows)


def splits_of(listed: Iterable[str], splits: Iterable[Split]) -> list[Split]:
    """The splits of which two sides can be told from what is listed: then the third can be told as well."""
    known, found = set(listed), dict.fromkeys(split for split in splits if len({*split} & {*listed}) > 1)
    while True:
        known |= {code for split in found for code in split}
        more = [split for split in splits if split not in found and len(known & {*split}) > 1]
        if not more:
            return list(found)
        found |= dict.fromkeys(more)
