"""The hub: one long table of aggregates, each with its source and the rows that it stands on.

Every aggregation is one Ibis expression over all the years of a scope, so that any engine of the store can
run it. Counts are at the finest grain (township, month, sector, department, campaign, level); whoever reads
them adds up what may be added. Definitions: vocabulary/indicators.csv.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as arrow
from ibis import _

from analysis import vocabulary
from analysis.schema import arrow_schema
from analysis.scope import Cutoff, Scope
from analysis.store import Store

GRAIN = ("county", "township", "year", "month", "sector", "department", "campaign", "level")
"""The dimensions of an indicator row; null means that the source does not say."""
_COLUMNS = (*GRAIN, "indicator", "value", "unit", "source", "evidence")
_RETURN_COUNTS = (
    "enterprises_inspected",
    "inspections",
    "inspections_with_findings",
    "inspections_with_major_findings",
    "person_times",
    "hazards_found",
    "notices_issued",
    "penalties_issued",
    "fines",
    "temporary_seals",
    "suspensions_ordered",
    "guidance_visits",
    "trainings",
    "people_trained",
)
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
)
"""What is counted from the hazards, row by row."""
RETURN_COLUMNS = {name: name for name in _RETURN_COUNTS} | {"person_times": "inspector_person_times"}
"""Columns of the returns, and what the vocabulary calls each."""
RETURN_INDICATORS = tuple(RETURN_COLUMNS.values())
"""What is counted from the returns, as the vocabulary calls it."""


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


def read(store: Store, scope: Scope) -> pd.DataFrame:
    """The indicator rows of a scope: its period and baseline years, each as of its own cutoff.

    Returns:
        One row per grain, indicator and source, with the columns of table ``indicators``; values as float.
    """
    frame = store.frame(expression(store, scope).order_by([*GRAIN, "indicator", "source", "evidence"]))
    return frame.assign(value=frame["value"].astype(float))


def read_hazards(store: Store, scope: Scope) -> pd.DataFrame:
    """The hazards of a scope as they stood at each year's cutoff, in the order of the files.

    Returns:
        The columns of table ``hazards`` and what ``in_view`` adds.
    """
    hazards = store.table("hazards", scope.years, scope.county)
    seen = in_view(hazards, _cutoff_table(scope.cutoffs))
    return store.frame(seen.order_by(["year", "file", "sheet", "row", "part"]))


def read_penalties(store: Store, scope: Scope) -> pd.DataFrame:
    """The penalty decisions of a scope up to each year's cutoff, in the order of the files."""
    penalties = store.table("penalties", scope.years, scope.county)
    seen = decided(penalties, _cutoff_table(scope.cutoffs))
    return store.frame(seen.order_by(["year", "file", "sheet", "row"]))


def read_incidents(store: Store, scope: Scope) -> pd.DataFrame:
    """The incidents of a scope up to each year's cutoff, in the order in which they happened."""
    incidents = store.table("incidents", scope.years, scope.county)
    seen = occurred(incidents, _cutoff_table(scope.cutoffs))
    return store.frame(seen.order_by(["occurred_at", "file", "sheet", "row"]))


def read_activities(store: Store, scope: Scope) -> pd.DataFrame:
    """The activities of a scope up to each year's cutoff, in the order in which they were held."""
    activities = store.table("activities", scope.years, scope.county)
    seen = held(activities, _cutoff_table(scope.cutoffs))
    return store.frame(seen.order_by(["held_on", "file", "sheet", "row"]))


def stored(store: Store, scope: Scope) -> arrow.Table:
    """A scope's indicator rows as the table stores them."""
    rows = expression(store, scope).order_by([*GRAIN, "indicator", "evidence"])
    schema = arrow_schema("indicators")
    return store.arrow(rows).select(schema.names).cast(schema)


def expression(store: Store, scope: Scope) -> ir.Table:
    """The indicator rows of a scope, unevaluated."""
    return _aggregates(store, scope.years, scope.county, scope.cutoffs)


def _aggregates(store: Store, years: Sequence[int], county: str, cutoffs: Sequence[Cutoff]) -> ir.Table:
    seen = _cutoff_table(cutoffs)
    parts = [
        hazard_counts(store.table("hazards", years, county), seen),
        return_counts(store.table("enforcement", years, county), seen),
        penalty_counts(store.table("penalties", years, county), seen),
        regulated(store.table("enterprises", years, county)),
        incident_counts(store.table("incidents", years, county), seen),
        activity_counts(store.table("activities", years, county), seen),
        stated(store.table("facts", years, county)),
    ]
    return reduce(lambda left, right: left.union(right), parts)


def _cutoff_table(cutoffs: Sequence[Cutoff]) -> ir.Table:
    frame = pd.DataFrame(
        {
            "year": pd.Series([cutoff.year for cutoff in cutoffs], dtype="int64"),
            "period_start": [cutoff.start for cutoff in cutoffs],
            "period_end": [cutoff.end for cutoff in cutoffs],
            "as_of": [cutoff.as_of for cutoff in cutoffs],
            "whole_months": pd.Series([cutoff.whole_months for cutoff in cutoffs], dtype="int64"),
        }
    )
    days = dict.fromkeys(("period_start", "period_end", "as_of"), "date")
    return ibis.memtable(frame, schema=ibis.schema({"year": "int64", **days, "whole_months": "int64"}))


def in_view(hazards: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """The hazards of each year's period that were found and recorded by its cutoff, with what was known then.

    ``deadline`` is the one in force at the cutoff. One true or false column a ledger indicator says whether
    the row counts for it. A hazard whose status says 已整改 without a date counts as rectified; when that was
    cannot be replayed.
    """
    joined = hazards.join(cutoffs, "year").filter(
        _.found_on.between(_.period_start, _.period_end),
        _.found_on <= _.as_of,
        _.recorded_on.fill_null(_.found_on) <= _.as_of,
    )
    extended = joined.extended_due_on.notnull() & (
        joined.extended_on.fill_null(joined.due_on) <= joined.as_of
    )
    seen = joined.mutate(
        month=joined.found_on.month().cast("int64"),
        deadline=ibis.ifelse(extended.fill_null(False), joined.extended_due_on, joined.due_on),
    )
    return seen.mutate(**_conditions(seen))


def _conditions(seen: ir.Table) -> dict[str, ir.BooleanValue]:
    """For each ledger indicator of the vocabulary, whether a hazard counts for it; all and major."""
    undated = seen.status.isin(["rectified", "verified"]) & seen.rectified_on.isnull()
    rectified = ((seen.rectified_on <= seen.as_of) | undated).fill_null(False)
    due = (seen.deadline <= seen.as_of).fill_null(False)
    every = {
        "hazards_found": seen.found_on.notnull(),
        "hazards_self_reported": seen.source == "self_reported",
        "hazards_department_found": seen.source != "self_reported",
        "hazards_rectified": rectified,
        "hazards_verified": (seen.verified_on <= seen.as_of).fill_null(False),
        "hazards_pending": ~rectified,
        "hazards_due": due,
        "hazards_rectified_on_time": due & (seen.rectified_on <= seen.deadline).fill_null(False),
        "hazards_overdue": ~rectified & (seen.deadline < seen.as_of).fill_null(False),
    }
    major = {f"major_{name}": condition & (seen.level == "major") for name, condition in every.items()}
    return {name: condition for name, condition in {**every, **major}.items() if name in LEDGER_INDICATORS}


def hazard_counts(hazards: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """Count the ledger: found, by source, rectified, verified, pending, due, overdue; all and major."""
    seen = in_view(hazards, cutoffs)
    counted = seen.group_by([*GRAIN, "file", "sheet"]).aggregate(
        **{name: seen[name].cast("int64").sum() for name in LEDGER_INDICATORS}, **_row_range(seen)
    )
    return _long(counted, list(LEDGER_INDICATORS), "ledger")


def return_counts(enforcement: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """Indicators of the monthly returns, of months that lie in the period and were over by the cutoff."""
    joined = enforcement.join(cutoffs, "year")
    whole = joined.filter(
        _.month.between(_.period_start.month(), _.period_end.month()), _.month <= _.whole_months
    ).mutate(month=_.month.cast("int64"), level=ibis.null("string"))
    summed = whole.group_by([*GRAIN, "file", "sheet"]).aggregate(
        **{code: whole[name].sum() for name, code in RETURN_COLUMNS.items()}, **_row_range(whole)
    )
    return _long(summed, list(RETURN_INDICATORS), "return")


def decided(penalties: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """The decisions of each year's period up to its cutoff."""
    joined = penalties.join(cutoffs, "year")
    return joined.filter(_.decided_on.between(_.period_start, _.period_end), _.decided_on <= _.as_of)


def penalty_counts(penalties: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """Decisions and fines of the penalty list, decided in the period and by the cutoff."""
    seen = decided(penalties, cutoffs).mutate(
        month=_.decided_on.month().cast("int64"),
        department=_.body,
        township=ibis.null("string"),
        level=ibis.null("string"),
    )
    counted = seen.group_by([*GRAIN, "file", "sheet"]).aggregate(
        penalties_issued=seen.count(), fines=seen.fine.sum(), **_row_range(seen)
    )
    return _long(counted, ["penalties_issued", "fines"], "ledger")


def occurred(incidents: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """The incidents of each year's period up to its cutoff."""
    joined = incidents.join(cutoffs, "year")
    day = joined.occurred_at.date()
    return joined.filter(day.between(joined.period_start, joined.period_end), day <= joined.as_of)


def incident_counts(incidents: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """Incidents, fatal ones, deaths, serious injuries and direct loss of the incident list."""
    seen = occurred(incidents, cutoffs).mutate(
        month=_.occurred_at.month().cast("int64"),
        **{name: ibis.null("string") for name in ("department", "campaign", "level")},
    )
    counted = seen.group_by([*GRAIN, "file", "sheet"]).aggregate(
        accidents=seen.count(),
        fatal_accidents=(seen.deaths > 0).cast("int64").sum(),
        deaths=seen.deaths.sum(),
        serious_injuries=seen.serious_injuries.sum(),
        economic_loss=seen.direct_loss.sum(),
        **_row_range(seen),
    )
    return _long(counted, list(INCIDENT_INDICATORS), "ledger")


def held(activities: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """The activities of each year's period up to its cutoff."""
    joined = activities.join(cutoffs, "year")
    return joined.filter(_.held_on.between(_.period_start, _.period_end), _.held_on <= _.as_of)


def activity_counts(activities: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """Meetings, letters, inspections by leaders, trainings and publicity of the list of activities."""
    seen = held(activities, cutoffs).mutate(
        month=_.held_on.month().cast("int64"),
        sector=ibis.literal(vocabulary.SECTOR_TOTAL),
        **{name: ibis.null("string") for name in ("campaign", "level")},
    )
    counted = seen.group_by([*GRAIN, "file", "sheet"]).aggregate(
        **{
            indicator: seen.kind.isin(kinds).cast("int64").sum()
            for indicator, kinds in ACTIVITY_INDICATORS.items()
        },
        **_row_range(seen),
    )
    return _long(counted, list(ACTIVITY_INDICATORS), "ledger")


def regulated(enterprises: ir.Table) -> ir.Table:
    """The regulated enterprises of each year: the denominator of coverage and of rates per 100."""
    blank = {name: ibis.null("string") for name in ("department", "level")}
    placed = enterprises.mutate(month=ibis.null("int64"), **blank)
    counted = placed.group_by([*GRAIN, "file", "sheet"]).aggregate(
        regulated_enterprises=placed.regulated_enterprises.sum(), **_row_range(placed)
    )
    return _long(counted, ["regulated_enterprises"], "ledger")


def stated(facts: ir.Table) -> ir.Table:
    """The levels that a summary document states for one sector (not for several at once)."""
    levels = facts.filter(_.measure == "level", ~_.sector.contains(";"))
    return levels.select(
        county=_.county,
        township=ibis.null("string"),
        year=_.year,
        month=ibis.null("int64"),
        sector=_.sector,
        department=ibis.null("string"),
        campaign=_.campaign,
        level=ibis.null("string"),
        indicator=_.indicator,
        value=_.value.cast("decimal(38, 6)"),
        unit=_.unit,
        source=ibis.literal("document"),
        evidence=_.document + "@" + _.start.cast("string") + "-" + _.end.cast("string"),
    )


def _row_range(table: ir.Table) -> dict[str, ir.Scalar]:
    return {"first_row": table.row.min(), "last_row": table.row.max(), "row_count": table.count()}


def _long(counted: ir.Table, names: list[str], source: str) -> ir.Table:
    """Wide aggregates as indicator rows; what was not given (null) or did not occur (0) has no row."""
    place = counted.file + "#" + counted.sheet.fill_null("") + ":"
    rows = counted.first_row.cast("string") + "-" + counted.last_row.cast("string")
    marked = counted.mutate(
        **{name: counted[name].cast("decimal(38, 6)") for name in names},
        evidence=place + rows + " (" + counted.row_count.cast("string") + ")",
        source=ibis.literal(source),
    )
    long = marked.pivot_longer(names, names_to="indicator", values_to="value").filter(_.value != 0)
    return long.mutate(unit=_unit_of(long.indicator, names)).select(*_COLUMNS)


def _unit_of(indicator: ir.StringColumn, names: list[str]) -> ir.StringColumn:
    units = [(name, vocabulary.indicators()[name].unit) for name in names]
    return indicator.cases(*units)
