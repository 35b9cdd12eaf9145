"""The hub: one long table of aggregates, each with its source and the rows that it stands on.

Every aggregation is one Ibis expression over all the years of a scope, so that any engine of the store can
run it. Counts are at the finest grain (township, month, sector, department, campaign, level); whoever reads
them adds up what may be added. What is counted of each table: ``sums``.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as arrow
from ibis import _

from analysis import seen, sums, vocabulary
from analysis.schema import arrow_schema
from analysis.scope import Cutoff, Scope
from analysis.store import Question, Store, framed, named
from analysis.sums import Sums

GRAIN = ("county", "township", "year", "month", "sector", "department", "campaign", "level")
"""The dimensions of an indicator row; null means that the source does not say."""
_COLUMNS = (*GRAIN, "indicator", "value", "unit", "source", "evidence")
_ORDER = (*GRAIN, "indicator", "source", "evidence")
_COUNTY_GRAIN = ("county", "year", "sector")
_VALUE = "decimal(38, 6)"


def read(store: Store, scope: Scope) -> pd.DataFrame:
    """The indicator rows of a scope: its period and baseline years, each as of its own cutoff.

    Returns:
        One row per grain, indicator and source, with the columns of table ``indicators``; values as float.
    """
    frame = framed(store.answer(hub(scope.cutoffs), scope.years, scope.county))
    return frame.assign(value=frame["value"].astype(float))


def stored(store: Store, scope: Scope) -> arrow.Table:
    """A scope's indicator rows as the table stores them."""
    schema = arrow_schema("indicators")
    return store.answer(hub(scope.cutoffs), scope.years, scope.county).select(schema.names).cast(schema)


def read_by_county(store: Store, cutoffs: Sequence[Cutoff]) -> pd.DataFrame:
    """What is compared between counties: each county's counts of a year and sector at the same cutoff.

    Returns:
        Columns county, year, sector, source, indicator, value (float); an aggregate, however many rows the
        counties have. Enterprises of a campaign, which are among those of their sector, are left out.
    """
    frame = framed(store.answer(by_county(cutoffs), [cutoff.year for cutoff in cutoffs]))
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
    summed = framed(store.answer(clumping(cutoffs, events), [cutoff.year for cutoff in cutoffs]))
    totals = summed.astype(float).fillna(0).iloc[0]
    found = {name: totals[f"{name} squared"] / max(totals[name], 1) for name in events}
    return pd.Series(found, dtype=float).clip(lower=1)


def read_hazards(store: Store, scope: Scope) -> pd.DataFrame:
    """The hazards of a scope as they stood at each year's cutoff, in the order of the files.

    Returns:
        The columns of table ``hazards``, ``month``, ``as_of``, ``deadline``, and a true or false column a
        ledger indicator that says whether the row counts for it; see ``seen.hazards``.
    """
    known = seen.hazards(store.table("hazards", scope.years, scope.county), scope.cutoffs)
    counted = known.mutate(**sums.counted_for(known)).drop("rectified")
    return store.frame(counted.order_by(["year", "file", "sheet", "row", "part"]))


def read_penalties(store: Store, scope: Scope) -> pd.DataFrame:
    """The penalty decisions of a scope up to each year's cutoff, in the order of the files."""
    decided = seen.penalties(store.table("penalties", scope.years, scope.county), scope.cutoffs)
    return store.frame(decided.order_by(["year", "file", "sheet", "row"]))


def read_incidents(store: Store, scope: Scope) -> pd.DataFrame:
    """The incidents of a scope up to each year's cutoff, in the order in which they happened."""
    occurred = seen.incidents(store.table("incidents", scope.years, scope.county), scope.cutoffs)
    return store.frame(occurred.order_by(["occurred_at", "file", "sheet", "row"]))


def read_activities(store: Store, scope: Scope) -> pd.DataFrame:
    """The activities of a scope up to each year's cutoff, in the order in which they were held."""
    held = seen.activities(store.table("activities", scope.years, scope.county), scope.cutoffs)
    return store.frame(held.order_by(["held_on", "file", "sheet", "row"]))


# --- the questions, of no engine and no county


def hub(cutoffs: Sequence[Cutoff]) -> Question:
    """The indicator rows, in order."""
    return Question(f"indicators at {cutoffs}", lambda: _hub(cutoffs))


def by_county(cutoffs: Sequence[Cutoff]) -> Question:
    """The counts by county, year and sector, in order; without the enterprises of campaigns."""
    return Question(f"counties at {cutoffs}", lambda: _by_county(cutoffs))


def clumping(cutoffs: Sequence[Cutoff], events: Mapping[str, Sequence[str]]) -> Question:
    """One row: by event its number, and the sum of its squares over enterprises."""
    return Question(f"clumping of {events} at {cutoffs}", lambda: _clumping(cutoffs, events))


def _hub(cutoffs: Sequence[Cutoff]) -> ir.Table:
    counted = _stacked([_grouped(count(named(table), cutoffs)) for table, count in sums.COUNTED.items()])
    numbers = counted.first_row.cast("string") + "-" + counted.last_row.cast("string")
    evidence = counted.file + "#" + counted.sheet.fill_null("") + ":" + numbers
    evidence = evidence + " (" + counted.row_count.cast("string") + ")"
    marked = counted.select(*GRAIN, "pairs", evidence=evidence)  # once for all that stand on the same rows
    apart = marked.select(*GRAIN, "evidence", pair=marked.pairs.unnest())
    return _stacked([_melted(apart).select(*_COLUMNS), stated(named("facts"))]).order_by(_ORDER)


def _by_county(cutoffs: Sequence[Cutoff]) -> ir.Table:
    tables = {table: named(table) for table in sums.COUNTED}
    tables["enterprises"] = tables["enterprises"].filter(_.campaign.isnull())
    counted = [count(tables[table], cutoffs) for table, count in sums.COUNTED.items()]
    every = _stacked([_paired(one, (*_COUNTY_GRAIN, "level")) for one in counted])
    long = _melted(every.select(*_COUNTY_GRAIN, pair=every.pairs.unnest()))
    order = (*_COUNTY_GRAIN, "source", "indicator")
    return long.group_by(order).aggregate(value=long.value.sum().cast(_VALUE)).order_by(order)


def _clumping(cutoffs: Sequence[Cutoff], events: Mapping[str, Sequence[str]]) -> ir.Table:
    known = seen.hazards(named("hazards"), cutoffs)
    counts = {name: sums.times(true) for name, true in sums.counted_for(known).items()}
    numbers = {name: reduce(operator.sub, [counts[part] for part in parts]) for name, parts in events.items()}
    each = known.group_by(["county", "enterprise"]).aggregate(**numbers)
    squares = {f"{name} squared": (each[name] * each[name]).sum() for name in events}
    return each.aggregate(**{name: each[name].sum() for name in events}, **squares)


def stated(facts: ir.Table) -> ir.Table:
    """The levels that a summary document states for one sector (not for several at once)."""
    levels = facts.filter(_.measure == "level", ~_.sector.contains(";"))
    evidence = levels.document + "@" + levels.start.cast("string") + "-" + levels.end.cast("string")
    return levels.select(
        **_dimensions(levels),
        indicator=levels.indicator,
        value=levels.value.cast(_VALUE),
        unit=levels.unit,
        source=ibis.literal("document"),
        evidence=evidence,
    )


def _stacked(parts: Sequence[ir.Table]) -> ir.Table:
    return reduce(lambda left, right: left.union(right), parts)


def _grouped(counts: Sums) -> ir.Table:
    """The sums at the finest grain, by file and sheet, with the rows that they stand on."""
    rows = counts.rows
    stands = {"first_row": rows.row.min(), "last_row": rows.row.max(), "row_count": rows.count()}
    return _paired(counts, (*GRAIN, "file", "sheet"), **stands)


def _paired(counts: Sums, grain: Sequence[str], **stands: ir.Scalar) -> ir.Table:
    """The sums by some dimensions, each with its indicator in a list, and ``stands`` beside them."""
    dimensions = {name: value for name, value in _dimensions(counts.rows).items() if name in grain}
    beside = {name: counts.rows[name] for name in grain if name not in dimensions}
    summed = counts.by({**dimensions, **beside}, **stands)
    return summed.select(*grain, *stands, pairs=_pairs(summed, counts))


def _dimensions(rows: ir.Table) -> dict[str, ir.Value]:
    """The dimensions of the hub as rows have them, null where they have not."""
    found = {name: rows[name] if name in rows.columns else ibis.null("string") for name in GRAIN}
    month = rows.month.cast("int64") if "month" in rows.columns else ibis.null("int64")
    return {**found, "month": month}


def _pairs(summed: ir.Table, counts: Sums) -> ir.ArrayValue:
    """Each indicator with its unit, its source, and its sum as a decimal that holds every sum."""
    known = vocabulary.indicators()
    values = {name: summed[name].cast(_VALUE) for name in (*counts.by_indicator, *counts.of_major)}
    return ibis.array(
        [
            ibis.struct(
                {"indicator": name, "unit": known[name].unit, "source": counts.source, "value": value}
            )
            for name, value in values.items()
        ]
    )


def _melted(apart: ir.Table) -> ir.Table:
    """A row an indicator; what was not given (null) or did not occur (0) has none."""
    long = apart.mutate(**{name: apart.pair[name] for name in ("indicator", "unit", "source", "value")})
    return long.filter(long.value != 0)
