"""The rows of each table as they stood at each year's cutoff, with what was known then.

What was found, decided or recorded after the cutoff is unseen, so that the same data replayed as of any day
give the figures as they stood. Rows must be of the cutoffs' years.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from analysis.scope import Cutoff


def hazards(rows: ir.Table, cutoffs: Sequence[Cutoff]) -> ir.Table:
    """The hazards found in each year's period that were recorded by its cutoff.

    Returns:
        The columns of the rows, ``month``, ``as_of`` (the cutoff), ``deadline`` (the one in force at it) and
        ``rectified``: a hazard whose status says 已整改 without a date counts as rectified; when that was
        cannot be replayed.
    """
    as_of = _of_year(rows, cutoffs, _as_of)
    found = rows.filter(
        _in_period(rows, rows.found_on, cutoffs), rows.recorded_on.fill_null(rows.found_on) <= as_of
    ).mutate(as_of=as_of)
    extended = found.extended_due_on.notnull() & (
        found.extended_on.fill_null(found.due_on) <= found.as_of
    ).fill_null(False)
    undated = found.status.isin(["rectified", "verified"]) & found.rectified_on.isnull()
    return found.mutate(
        month=found.found_on.month().cast("int64"),
        deadline=ibis.ifelse(extended, found.extended_due_on, found.due_on),
        rectified=((found.rectified_on <= found.as_of) | undated).fill_null(False),
    )


def returns(rows: ir.Table, cutoffs: Sequence[Cutoff]) -> ir.Table:
    """The monthly returns of months that lie in each year's period and were over by its cutoff."""
    first = _of_year(rows, cutoffs, lambda cutoff: cutoff.start.month)
    last = _of_year(rows, cutoffs, lambda cutoff: min(cutoff.end.month, cutoff.whole_months))
    return rows.filter(rows.month.between(first, last))


def penalties(rows: ir.Table, cutoffs: Sequence[Cutoff]) -> ir.Table:
    """The decisions of each year's period up to its cutoff."""
    return rows.filter(_in_period(rows, rows.decided_on, cutoffs))


def incidents(rows: ir.Table, cutoffs: Sequence[Cutoff]) -> ir.Table:
    """The incidents of each year's period up to its cutoff."""
    return rows.filter(_in_period(rows, rows.occurred_at.date(), cutoffs))


def activities(rows: ir.Table, cutoffs: Sequence[Cutoff]) -> ir.Table:
    """The activities of each year's period up to its cutoff."""
    return rows.filter(_in_period(rows, rows.held_on, cutoffs))


def _in_period(rows: ir.Table, day: ir.DateValue, cutoffs: Sequence[Cutoff]) -> ir.BooleanValue:
    first = _of_year(rows, cutoffs, lambda cutoff: cutoff.start)
    last = _of_year(rows, cutoffs, lambda cutoff: min(cutoff.end, cutoff.as_of))
    return day.between(first, last)


def _as_of(cutoff: Cutoff) -> date:
    return cutoff.as_of


def _of_year(rows: ir.Table, cutoffs: Sequence[Cutoff], value: Callable[[Cutoff], date | int]) -> ir.Value:
    """What each row's year has of its cutoff; a constant where there is but one year."""
    constants = [(cutoff.year, ibis.literal(value(cutoff))) for cutoff in cutoffs]
    return constants[0][1] if len(constants) == 1 else rows.year.cases(*constants)
