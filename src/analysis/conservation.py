"""Nothing is lost on the way to a report: the indicators add up to what the rows add up to.

The rows are counted here once more, in pandas and without the hub's expressions, so that a fault of the one
does not hide in the other. A report whose data fail this is not published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pandas as pd

from analysis import vocabulary
from analysis.messages import AnalysisError
from analysis.schema import Table
from analysis.scope import Cutoff, Scope
from analysis.store import Store
from analysis.sums import RETURN_COLUMNS

Totals = dict[tuple[str, str], Decimal]
"""By source (ledger or return) and indicator."""


def require(store: Store, scope: Scope, indicators: pd.DataFrame) -> None:
    """Refuse indicator rows whose sums over a year differ from those of the rows of the tables.

    Args:
        store: The processed tables.
        scope: What the indicators were counted for.
        indicators: Columns year, source, indicator and value.

    Raises:
        AnalysisError: ``totals_disagree``, with the first year and indicator that do.
    """
    tables = {table: _rows(store, table, scope) for table in _COLUMNS}
    for cutoff in scope.cutoffs:
        own = indicators[indicators["year"] == cutoff.year]
        sums = own.groupby(["source", "indicator"])["value"].sum()
        for (source, code), counted in _totals(tables, cutoff).items():
            stated = sums.get((source, code), 0)
            if abs(Decimal(str(stated)) - counted) >= Decimal("0.005"):
                name = vocabulary.indicators()[code].name_zh
                raise AnalysisError(
                    "totals_disagree", year=cutoff.year, indicator=name, stated=stated, counted=counted
                )


def _totals(tables: dict[Table, pd.DataFrame], cutoff: Cutoff) -> Totals:
    own = {table: rows[rows["year"] == cutoff.year] for table, rows in tables.items()}
    return {
        **_hazards(own["hazards"], cutoff),
        **_penalties(own["penalties"], cutoff),
        **_incidents(own["incidents"], cutoff),
        **_returns(own["enforcement"], cutoff),
        ("ledger", "regulated_enterprises"): total(own["enterprises"]["regulated_enterprises"]),
    }


_INCIDENT_COLUMNS = {
    "deaths": "deaths",
    "serious_injuries": "serious_injuries",
    "direct_loss": "economic_loss",
}
_COLUMNS: dict[Table, Sequence[str]] = {
    "hazards": ("found_on", "recorded_on", "level", "source"),
    "penalties": ("decided_on", "fine"),
    "incidents": ("occurred_at", *_INCIDENT_COLUMNS),
    "enforcement": ("month", *RETURN_COLUMNS),
    "enterprises": ("regulated_enterprises",),
}


def _rows(store: Store, table: Table, scope: Scope) -> pd.DataFrame:
    return store.frame(store.table(table, scope.years, scope.county).select("year", *_COLUMNS[table]))


def _hazards(rows: pd.DataFrame, cutoff: Cutoff) -> Totals:
    seen = found_by(rows, cutoff)
    major, own = seen["level"] == "major", seen["source"] == "self_reported"
    return {
        ("ledger", "hazards_found"): Decimal(len(seen)),
        ("ledger", "hazards_self_reported"): Decimal(int(own.sum())),
        ("ledger", "hazards_department_found"): Decimal(int((~own).sum())),
        ("ledger", "major_hazards_found"): Decimal(int(major.sum())),
        ("ledger", "major_hazards_self_reported"): Decimal(int((major & own).sum())),
    }


def _penalties(rows: pd.DataFrame, cutoff: Cutoff) -> Totals:
    decided = rows[_within(rows["decided_on"], cutoff)]
    return {
        ("ledger", "penalties_issued"): Decimal(len(decided)),
        ("ledger", "fines"): total(decided["fine"]),
    }


def _incidents(rows: pd.DataFrame, cutoff: Cutoff) -> Totals:
    occurred = rows[_within(_days(rows["occurred_at"]).dt.normalize(), cutoff)]
    sums = {("ledger", code): total(occurred[column]) for column, code in _INCIDENT_COLUMNS.items()}
    return sums | {("ledger", "accidents"): Decimal(len(occurred))}


def _returns(rows: pd.DataFrame, cutoff: Cutoff) -> Totals:
    whole = in_whole_months(rows, cutoff)
    return {("return", code): total(whole[column]) for column, code in RETURN_COLUMNS.items()}


def found_by(rows: pd.DataFrame, cutoff: Cutoff) -> pd.DataFrame:
    """The hazards found in the period that were recorded by the cutoff; columns found_on, recorded_on."""
    recorded = _days(rows["recorded_on"].fillna(rows["found_on"]))
    return rows[_within(rows["found_on"], cutoff) & (recorded <= pd.Timestamp(cutoff.as_of))]


def in_whole_months(rows: pd.DataFrame, cutoff: Cutoff) -> pd.DataFrame:
    """The returns of months of the period that were over by the cutoff; column month."""
    last = min(cutoff.end.month, cutoff.whole_months)
    return rows[rows["month"].between(cutoff.start.month, last).fillna(False)]


def _within(days: pd.Series, cutoff: Cutoff) -> pd.Series:
    last = pd.Timestamp(min(cutoff.end, cutoff.as_of))
    return _days(days).between(pd.Timestamp(cutoff.start), last)


def _days(values: pd.Series) -> pd.Series:
    return pd.to_datetime(values)


def total(values: pd.Series) -> Decimal:
    """The sum of a column to the cent; missing values count nothing."""
    if pd.api.types.is_integer_dtype(values.dtype):
        return Decimal(int(values.sum()))
    return sum(_decimals(values), Decimal(0))


def _decimals(values: pd.Series) -> Iterator[Decimal]:
    return (Decimal(str(value)) for value in values if not pd.isna(value))
