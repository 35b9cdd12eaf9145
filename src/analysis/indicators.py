"""The hub: one long table of aggregates, each with its source and the rows that it stands on.

Every aggregation is one Ibis expression over all the years of a scope, so that any engine of the store can
run it. Counts are at the finest grain (township, month, sector, department, campaign, level); whoever reads
them adds up what may be added. Definitions: vocabulary/indicators.csv.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
_COUNTY_GRAIN = ("county", "year", "sector")
_RETURN_COUNTS = (
    *("enterprises_inspected", "inspections", "inspections_with_findings"),
    *("inspections_with_major_findings", "person_times", "hazards_found", "notices_issued"),
    *("penalties_issued", "fines", "temporary_seals", "suspensions_ordered"),
    *("guidance_visits", "trainings", "people_trained"),
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
    "major_hazards_listed_overdue",
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


def read_by_county(store: Store, cutoffs: Sequence[Cutoff]) -> pd.DataFrame:
    """What is compared between counties: each county's counts of a year and sector at the same cutoff.

    Returns:
        Columns county, year, sector, source, indicator, value (float); an aggregate, however many rows the
        counties have. Enterprises of a campaign, which are among those of their sector, are left out.
    """
    rows = by_county(store, cutoffs).order_by([*_COUNTY_GRAIN, "source", "indicator"])
    frame = store.frame(rows)
    return frame.assign(value=frame["value"].astype(float))


def read_clumping(
    store: Store, cutoffs: Sequence[Cutoff], events: Mapping[str, Sequence[str]]
) -> pd.Series[float]:
    """How much more sums of hazards vary than single hazards would, since one enterprise has several.

    Args:
        store: The processed tables.
        cutoffs: What is seen of each year.
        events: By name, a ledger indicator and those that are taken off it.

    Returns:
        Σx²/Σx over the enterprises of all counties, at least 1: the variance of a compound Poisson sum over
        its mean (Feller 1968, XII.2), by name.
    """
    hazards = store.table("hazards", [cutoff.year for cutoff in cutoffs])
    seen = in_view(hazards, _cutoff_table(cutoffs))
    sums = {
        name: reduce(operator.sub, [seen[part].cast("int64").sum() for part in parts])
        for name, parts in events.items()
    }
    each = seen.group_by(["county", "enterprise"]).aggregate(**sums)
    squares = each.aggregate(**{name: (each[name] * each[name]).sum() for name in events})
    totals = each.aggregate(**{name: each[name].sum() for name in events})
    squared, total = (store.frame(part).astype(float).fillna(0).iloc[0] for part in (squares, totals))
    return pd.Series(squared / total.clip(lower=1)).clip(lower=1)


def expression(store: Store, scope: Scope) -> ir.Table:
    """The indicator rows of a scope, unevaluated."""
    parts = [_long(counts) for counts in _counted(store, scope.county, scope.cutoffs)]
    parts.append(stated(store.table("facts", scope.years, scope.county)))
    return _stacked(parts)


def by_county(store: Store, cutoffs: Sequence[Cutoff]) -> ir.Table:
    """The counts of all counties by county, year and sector, unevaluated."""
    return _stacked([_coarse(counts) for counts in _counted(store, None, cutoffs)])


@dataclass(frozen=True)
class Counts:
    """What is counted of a table: the rows that were seen, with all of GRAIN, and a sum an indicator."""

    seen: ir.Table
    sums: dict[str, ir.Scalar]
    source: str


def _counted(store: Store, county: str | None, cutoffs: Sequence[Cutoff]) -> list[Counts]:
    """The counts of every table, of one county or of all; of all without the enterprises of campaigns."""
    seen, years = _cutoff_table(cutoffs), [cutoff.year for cutoff in cutoffs]
    enterprises = store.table("enterprises", years, county)
    if county is None:
        enterprises = enterprises.filter(_.campaign.isnull())
    return [
        hazard_counts(store.table("hazards", years, county), seen),
        return_counts(store.table("enforcement", years, county), seen),
        penalty_counts(store.table("penalties", years, county), seen),
        regulated(enterprises),
        incident_counts(store.table("incidents", years, county), seen),
        activity_counts(store.table("activities", years, county), seen),
    ]


def _stacked(parts: Sequence[ir.Table]) -> ir.Table:
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
    listed = (seen.listed_on <= seen.as_of) & (seen.delisted_on.isnull() | (seen.delisted_on > seen.as_of))
    major["major_hazards_listed_overdue"] = major["major_hazards_overdue"] & listed.fill_null(False)
    return {name: condition for name, condition in {**every, **major}.items() if name in LEDGER_INDICATORS}


def hazard_counts(hazards: ir.Table, cutoffs: ir.Table) -> Counts:
    """Count the ledger: found, by source, rectified, verified, pending, due, overdue; all and major."""
    seen = in_view(hazards, cutoffs)
    return Counts(seen, {name: seen[name].cast("int64").sum() for name in LEDGER_INDICATORS}, "ledger")


def return_counts(enforcement: ir.Table, cutoffs: ir.Table) -> Counts:
    """Indicators of the monthly returns, of months that lie in the period and were over by the cutoff."""
    joined = enforcement.join(cutoffs, "year")
    whole = joined.filter(
        _.month.between(_.period_start.month(), _.period_end.month()), _.month <= _.whole_months
    ).mutate(month=_.month.cast("int64"), level=ibis.null("string"))
    return Counts(whole, {code: whole[name].sum() for name, code in RETURN_COLUMNS.items()}, "return")


def decided(penalties: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """The decisions of each year's period up to its cutoff."""
    joined = penalties.join(cutoffs, "year")
    return joined.filter(_.decided_on.between(_.period_start, _.period_end), _.decided_on <= _.as_of)


def penalty_counts(penalties: ir.Table, cutoffs: ir.Table) -> Counts:
    """Decisions and fines of the penalty list, decided in the period and by the cutoff."""
    seen = decided(penalties, cutoffs).mutate(
        month=_.decided_on.month().cast("int64"),
        department=_.body,
        township=ibis.null("string"),
        level=ibis.null("string"),
    )
    return Counts(seen, {"penalties_issued": seen.count(), "fines": seen.fine.sum()}, "ledger")


def occurred(incidents: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """The incidents of each year's period up to its cutoff."""
    joined = incidents.join(cutoffs, "year")
    day = joined.occurred_at.date()
    return joined.filter(day.between(joined.period_start, joined.period_end), day <= joined.as_of)


def incident_counts(incidents: ir.Table, cutoffs: ir.Table) -> Counts:
    """Incidents, fatal ones, deaths, serious injuries and direct loss of the incident list."""
    seen = occurred(incidents, cutoffs).mutate(
        month=_.occurred_at.month().cast("int64"),
        **{name: ibis.null("string") for name in ("department", "campaign", "level")},
    )
    sums = (
        seen.count(),
        (seen.deaths > 0).cast("int64").sum(),
        seen.deaths.sum(),
        seen.serious_injuries.sum(),
        seen.direct_loss.sum(),
    )
    return Counts(seen, dict(zip(INCIDENT_INDICATORS, sums, strict=True)), "ledger")


def held(activities: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """The activities of each year's period up to its cutoff."""
    joined = activities.join(cutoffs, "year")
    return joined.filter(_.held_on.between(_.period_start, _.period_end), _.held_on <= _.as_of)


def activity_counts(activities: ir.Table, cutoffs: ir.Table) -> Counts:
    """Meetings, letters, inspections by leaders, trainings and publicity of the list of activities."""
    seen = held(activities, cutoffs).mutate(
        month=_.held_on.month().cast("int64"),
        sector=ibis.literal(vocabulary.SECTOR_TOTAL),
        **{name: ibis.null("string") for name in ("campaign", "level")},
    )
    kinds = ACTIVITY_INDICATORS.items()
    return Counts(seen, {code: seen.kind.isin(of).cast("int64").sum() for code, of in kinds}, "ledger")


def regulated(enterprises: ir.Table) -> Counts:
    """The regulated enterprises of each year: the denominator of coverage and of rates per 100."""
    blank = {name: ibis.null("string") for name in ("department", "level")}
    placed = enterprises.mutate(month=ibis.null("int64"), **blank)
    return Counts(placed, {"regulated_enterprises": placed.regulated_enterprises.sum()}, "ledger")


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


def _long(counts: Counts) -> ir.Table:
    """Counts as indicator rows; what was not given (null) or did not occur (0) has no row."""
    counted = counts.seen.group_by([*GRAIN, "file", "sheet"]).aggregate(
        **counts.sums, **_row_range(counts.seen)
    )
    place = counted.file + "#" + counted.sheet.fill_null("") + ":"
    rows = counted.first_row.cast("string") + "-" + counted.last_row.cast("string")
    marked = counted.mutate(evidence=place + rows + " (" + counted.row_count.cast("string") + ")")
    long = _melted(marked, counts)
    return long.mutate(unit=_unit_of(long.indicator, list(counts.sums))).select(*_COLUMNS)


def _coarse(counts: Counts) -> ir.Table:
    """Counts by county, year and sector."""
    summed = counts.seen.group_by(list(_COUNTY_GRAIN)).aggregate(**counts.sums)
    return _melted(summed, counts).select(*_COUNTY_GRAIN, "source", "indicator", "value")


def _melted(wide: ir.Table, counts: Counts) -> ir.Table:
    """A row an indicator, as decimals that hold every sum; nulls and zeros have none."""
    decimals = {name: wide[name].cast("decimal(38, 6)") for name in counts.sums}
    marked = wide.mutate(**decimals, source=ibis.literal(counts.source))
    long = marked.pivot_longer(list(counts.sums), names_to="indicator", values_to="value")
    return long.filter(_.value != 0)


def _unit_of(indicator: ir.StringColumn, names: list[str]) -> ir.StringColumn:
    units = [(name, vocabulary.indicators()[name].unit) for name in names]
    return indicator.cases(*units)
