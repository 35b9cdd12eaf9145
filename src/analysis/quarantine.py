"""What breaks a table's schema, and the list that tells it: file, sheet, row, column, value, reason.

The list is opened in a spreadsheet program by those who mend the files, so it is marked UTF-8 and its text
cells cannot start a formula.
"""

from __future__ import annotations

import io

import pandas as pd
import pandera.errors

from analysis import vocabulary
from analysis.batch import Batch, problems_of
from analysis.messages import Message
from analysis.schema import frame_schema
from analysis.sources.cells import no_problems
from analysis.sources.personal import mask_text

COLUMNS = ("file", "sheet", "row", "column", "value", "reason", "message")
YEARS_APART = 5
"""Events of a hazard lie this near to its year; others are typing errors."""
MAX_VALUE = 500
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_YEAR_COLUMN = {
    "hazards": "found_on",
    "penalties": "decided_on",
    "incidents": "occurred_at",
    "activities": "held_on",
}


def check(batch: Batch, year: int) -> Batch:
    """The batch with what breaks its schema among its problems."""
    batch = batch.with_problems(_schema_problems(batch))
    batch = batch.with_problems(_outside_year(batch, year))
    return batch.with_problems(_far_days(batch, year))


def _schema_problems(batch: Batch) -> pd.DataFrame:
    if batch.frame.empty:
        return no_problems()
    try:
        frame_schema(batch.table).validate(batch.frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        found = [_failed(batch, error) for error in errors.schema_errors]
        return pd.concat(found, ignore_index=True)
    return no_problems()


def _failed(batch: Batch, error: pandera.errors.SchemaError) -> pd.DataFrame:
    """The rows that fail one check. A failure that is not of rows is a fault of the package."""
    cases = error.failure_cases
    if not isinstance(cases, pd.DataFrame) or "index" not in cases or cases["index"].isna().any():
        raise error
    name = str(getattr(error.check, "name", None) or error.check)
    later, between, _ = name.partition("_before_")
    if between:
        column, reason = later, "days_out_of_order"
    else:
        column, reason = str(error.schema.name), {"not_nullable": "value_missing"}.get(name, name)
    rows = pd.Series(batch.frame.index.isin(cases["index"]), index=batch.frame.index)
    return problems_of(batch.frame, rows, column, reason)


def _outside_year(batch: Batch, year: int) -> pd.DataFrame:
    column = _YEAR_COLUMN.get(batch.table)
    if column is None:
        return no_problems()
    days = batch.frame[column]
    return problems_of(batch.frame, days.notna() & (days.dt.year != year), column, "outside_year")


def _far_days(batch: Batch, year: int) -> pd.DataFrame:
    if batch.table != "hazards":
        return no_problems()
    kinds = {column.column: column.type for column in vocabulary.columns("hazards")}
    found = [
        problems_of(batch.frame, (days.dt.year - year).abs() > YEARS_APART, column, "date_far")
        for column, kind in kinds.items()
        if kind in ("date", "deadline")
        for days in (batch.frame[column],)
    ]
    return pd.concat(found, ignore_index=True)


# --- the list


def listing(batch: Batch) -> pd.DataFrame:
    """Every row that was not kept, with its place and why; sorted by place.

    Returns:
        A frame with COLUMNS; several lines for a row with several wrong cells.
    """
    gone = pd.concat([batch.problems, batch.superseded, batch.dropped], ignore_index=True)
    if gone.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    places = batch.frame.loc[gone["index"], ["file", "sheet", "row"]].reset_index(drop=True)
    lines = pd.concat([places, gone[["column", "value", "reason"]]], axis=1)
    lines["value"] = [mask_text(str(value))[:MAX_VALUE] for value in lines["value"]]
    headers = {column.column: column.header for column in vocabulary.columns(batch.table)}
    lines["message"] = [
        Message(str(reason), column=headers.get(str(column)) or None, values={"value": value}).text("zh")
        for reason, column, value in zip(lines["reason"], lines["column"], lines["value"], strict=True)
    ]
    lines["sheet"] = lines["sheet"].fillna("")
    return lines.sort_values(["file", "sheet", "row", "column", "reason"], kind="stable")[list(COLUMNS)]


def to_csv(lines: pd.DataFrame) -> bytes:
    """The list as a CSV file that spreadsheet programs open as text."""
    safe = lines.copy()
    for name in ("file", "sheet", "column", "value", "message"):
        safe[name] = [_as_text(str(cell)) for cell in safe[name]]
    buffer = io.StringIO()
    safe.to_csv(buffer, index=False, lineterminator="\r\n")
    return buffer.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
