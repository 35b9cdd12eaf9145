"""What is counted of each table: the sums that make the hub's indicators, each one Ibis expression.

Definitions: vocabulary/indicators.csv. Counts are of the rows that ``seen`` shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from analysis import seen, vocabulary
from analysis.schema import Table
from analysis.scope import Cutoff

_RETURN_COUNTS = (
    *("enterprises_inspected", "inspections", "inspections_with_findings"),
    *("inspections_with_major_findings", "person_times", "hazards_found", "notices_issued"),
    *("penalties_issued", "fines", "temporary_seals", "suspensions_ordered"),
    *("guidance_visits", "trainings", "people_trained"),
)
RETURN_COLUMNS = {name: name for name in _RETURN_COUNTS} | {"person_times": "inspector_person_times"}
"""Columns of the returns, and what the vocabulary calls each."""
RETURN_INDICATORS = tuple(RETURN_COLUMNS.values())
"""What is counted from the returns, as the vocabulary calls it."""
LEDGER_INDICATORS = (
    "hazards_found",
    "hazards_self_reported",
    "hazards_department_found",
    "hazards_rectified",
    "hazards_verified",
    "hazards_pending",
    "hazards_due",
    "hazards_rectified_on_time",
    "hazards_overdue",
    "major_hazards_found",
    "major_hazards_self_reported",
    "major_hazards_department_found",
    "major_hazards_rectified",
    "major_hazards_verified",
    "major_hazards_pending",
    "major_hazards_overdue",
    "major_hazards_listed_overdue",
)
"""What is counted from the hazards, row by row."""
OF_MAJOR = {
    name: name.removeprefix("major_")
    for name in LEDGER_INDICATORS
    if name.startswith("major_") and name.removeprefix("major_") in LEDGER_INDICATORS
}
"""Indicators of the major hazards, and that of all hazards which each is a part of."""
INCIDENT_INDICATORS = ("accidents", "fatal_accidents", "deaths", "serious_injuries", "economic_loss")
"""What is counted from the incidents."""
ACTIVITY_INDICATORS = {
    "meetings_held": ("party_committee", "government_meeting", "committee_meeting"),
    "committee_meetings": ("committee_meeting",),
    "responsibility_letters": ("responsibility_letter",),
    "leadership_site_inspections": ("site_inspection",),
    "officer_trainings": ("officer_training",),
    "enterprise_trainings": ("enterprise_training",),
    "publicity_events": ("publicity",),
}
"""Which kinds of activity each indicator counts, an entry once."""


@dataclass(frozen=True)
class Sums:
    """What is counted of a table: the rows that were seen, and a sum an indicator.

    The rows have what the table says of the hub's dimensions, and ``month`` where they have one.
    """

    rows: ir.Table
    by_indicator: Mapping[str, ir.Scalar]
    source: str
    of_major: Mapping[str, str] = field(default_factory=dict)
    """Indicators that are another's sum over the rows whose ``level`` is major: counted with it."""

    def by(self, dimensions: Mapping[str, ir.Value], **stands: ir.Scalar) -> ir.Table:
        """The sums by some dimensions, ``level`` among them: a column an indicator, and ``stands`` beside."""
        grouped = self.rows.group_by(**dimensions).aggregate(**stands, **self.by_indicator)
        major = {
            name: (grouped.level == "major").ifelse(grouped[of], 0) for name, of in self.of_major.items()
        }
        return grouped.mutate(**major)


def hazards(rows: ir.Table, cutoffs: Sequence[Cutoff]) -> Sums:
    """The ledger: found, by source, rectified, verified, pending, due, overdue; all and major."""
    known = seen.hazards(rows, cutoffs)
    counted = {name: times(true) for name, true in counted_for(known).items() if name not in OF_MAJOR}
    return Sums(known, counted, "ledger", OF_MAJOR)


def counted_for(known: ir.Table) -> dict[str, ir.BooleanColumn]:
    """For each ledger indicator, whether a hazard that ``seen`` shows counts for it."""
    due = (known.deadline <= known.as_of).fill_null(False)
    every = {
        "hazards_found": known.found_on.notnull(),
        "hazards_self_reported": known.source == "self_reported",
        "hazards_department_found": known.source != "self_reported",
        "hazards_rectified": known.rectified,
        "hazards_verified": (known.verified_on <= known.as_of).fill_null(False),
        "hazards_pending": ~known.rectified,
        "hazards_due": due,
        "hazards_rectified_on_time": due & (known.rectified_on <= known.deadline).fill_null(False),
        "hazards_overdue": ~known.rectified & (known.deadline < known.as_of).fill_null(False),
    }
    major = {f"major_{name}": condition & (known.level == "major") for name, condition in every.items()}
    listed = (known.listed_on <= known.as_of) & (
        known.delisted_on.isnull() | (known.delisted_on > known.as_of)
    )
    major["major_hazards_listed_overdue"] = major["major_hazards_overdue"] & listed.fill_null(False)
    return {name: condition for name, condition in {**every, **major}.items() if name in LEDGER_INDICATORS}


def returns(rows: ir.Table, cutoffs: Sequence[Cutoff]) -> Sums:
    """The columns of the monthly returns."""
    whole = seen.returns(rows, cutoffs)
    return Sums(whole, {code: whole[name].sum() for name, code in RETURN_COLUMNS.items()}, "return")


def penalties(rows: ir.Table, cutoffs: Sequence[Cutoff]) -> Sums:
    """Decisions and fines of the penalty list."""
    decided = seen.penalties(rows, cutoffs)
    decided = decided.mutate(month=decided.decided_on.month(), department=decided.body)
    return Sums(decided, {"penalties_issued": decided.count(), "fines": decided.fine.sum()}, "ledger")


def incidents(rows: ir.Table, cutoffs: Sequence[Cutoff]) -> Sums:
    """Incidents, fatal ones, deaths, serious injuries and direct loss of the incident list."""
    occurred = seen.incidents(rows, cutoffs)
    occurred = occurred.mutate(month=occurred.occurred_at.month())
    sums = (
        occurred.count(),
        times(occurred.deaths > 0),
        occurred.deaths.sum(),
        occurred.serious_injuries.sum(),
        occurred.direct_loss.sum(),
    )
    return Sums(occurred, dict(zip(INCIDENT_INDICATORS, sums, strict=True)), "ledger")


def activities(rows: ir.Table, cutoffs: Sequence[Cutoff]) -> Sums:
    """Meetings, letters, inspections by leaders, trainings and publicity of the list of activities."""
    held = seen.activities(rows, cutoffs)
    held = held.mutate(month=held.held_on.month(), sector=ibis.literal(vocabulary.SECTOR_TOTAL))
    kinds = ACTIVITY_INDICATORS.items()
    return Sums(held, {code: times(held.kind.isin(of)) for code, of in kinds}, "ledger")


def enterprises(rows: ir.Table, _cutoffs: Sequence[Cutoff]) -> Sums:
    """The regulated enterprises of each year: the denominator of coverage and of rates per 100."""
    return Sums(rows, {"regulated_enterprises": rows.regulated_enterprises.sum()}, "ledger")


@ibis.udf.agg.builtin(name="count_if")  # type: ignore[untyped-decorator]
def times(condition: bool) -> int:
    """How many rows a condition is true of: the engines' own aggregate, quicker than a filtered count."""
    raise NotImplementedError  # Ibis reads the name and the types; the engine counts


Counter = Callable[[ir.Table, Sequence[Cutoff]], Sums]
COUNTED: dict[Table, Counter] = {
    "hazards": hazards,
    "enforcement": returns,
    "penalties": penalties,
    "enterprises": enterprises,
    "incidents": incidents,
    "activities": activities,
}
"""How each table is counted."""
