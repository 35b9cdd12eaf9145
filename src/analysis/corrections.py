"""Corrections as data: corrections.yaml overrides, drops or flags rows, and raw files are never edited.

An override says which value it expects. When the source has been repaired and the value is another, the
correction is reported and not applied, so that a fix retires itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pandas as pd

from analysis.batch import Batch, shown
from analysis.messages import Message
from analysis.sources.cells import Context, Problem, parse_value, written
from analysis.sources.sidecars import Correction
from analysis.vocabulary import normalise

_PLACES = ("file", "sheet", "document")


def apply(batch: Batch, corrections: Iterable[Correction], year: int) -> Batch:
    """The batch with the corrections of its table applied, in their order, and a message for each.

    Dropped rows leave with the reason ``dropped_by_correction``. An override that matches no row or several,
    or does not find what it expects, changes nothing.
    """
    for correction in corrections:
        if correction.table == batch.table:
            batch = _apply_one(batch, correction, Context(year))
    return batch


def _apply_one(batch: Batch, correction: Correction, context: Context) -> Batch:
    rows = _matching(batch, correction, context)
    if not len(rows):
        return _told(batch, correction, "correction_unmatched")
    if correction.action == "drop" and _expected(batch, correction, rows, context):
        return _told(_drop(batch, correction, rows), correction, "correction_dropped", rows)
    if correction.action == "flag":
        return _told(batch, correction, "correction_flagged", rows)
    if len(rows) > 1 and correction.action == "override":
        return _told(batch, correction, "correction_ambiguous", rows)
    if not _expected(batch, correction, rows, context):
        return _told(batch, correction, "correction_stale", rows)
    return _override(batch, correction, rows, context)


def _matching(batch: Batch, correction: Correction, context: Context) -> pd.Index:
    rows = pd.Series(True, index=batch.frame.index)
    for column, value in correction.match.items():
        rows &= _equal(batch, column, value, context)
    return batch.frame.index[rows & ~batch.frame.index.isin(batch.dropped["index"])]


def _equal(batch: Batch, column: str, value: object, context: Context) -> pd.Series:
    """Where a column holds a value: as the table stores it, or as the file writes it."""
    if column in batch.frame and column in _PLACES:
        return batch.frame[column].fillna("") == str(value)
    if column not in batch.frame:
        return pd.Series(False, index=batch.frame.index)
    typed = parse_value(value, batch.table, column, context) if column != "row" else value
    stored = batch.frame[column].map(shown) == ("" if isinstance(typed, Problem) else shown(typed))
    if value is None:
        return stored
    if isinstance(typed, Problem):
        stored &= False
    return stored | _as_written(batch, column, value)


def _as_written(batch: Batch, column: str, value: object) -> pd.Series:
    if column not in batch.cells:
        return pd.Series(False, index=batch.frame.index)
    text = normalise(_text(value))
    return batch.cells[column].map(lambda cell: normalise(written(cell)) == text)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _expected(batch: Batch, correction: Correction, rows: pd.Index, context: Context) -> bool:
    if correction.column is None or (correction.expect is None and correction.action == "drop"):
        return True
    return bool(_equal(batch, correction.column, correction.expect, context).loc[rows].all())


def _drop(batch: Batch, correction: Correction, rows: pd.Index) -> Batch:
    gone = pd.DataFrame(
        {
            "index": rows.to_numpy(dtype="int64"),
            "column": correction.column or "",
            "value": correction.id,
            "reason": "dropped_by_correction",
        }
    )
    left = batch.problems[~batch.problems["index"].isin(rows)]
    return replace(batch, dropped=pd.concat([batch.dropped, gone], ignore_index=True), problems=left)


def _override(batch: Batch, correction: Correction, rows: pd.Index, context: Context) -> Batch:
    column = str(correction.column)
    value = parse_value(correction.value, batch.table, column, context)
    if isinstance(value, Problem):
        return _told(batch, correction, "correction_value", rows)
    frame, index = batch.frame.copy(), rows[0]
    frame.loc[index, column] = value  # type: ignore[call-overload]
    mended = (batch.problems["index"] == index) & (batch.problems["column"] == column)
    batch = replace(batch, frame=frame, problems=batch.problems[~mended])
    return _told(batch, correction, "correction_applied", rows)


def _told(batch: Batch, correction: Correction, code: str, rows: pd.Index | None = None) -> Batch:
    """The batch with a message of what became of a correction."""
    place = batch.frame.loc[rows[0]] if rows is not None and len(rows) else None
    message = Message(
        code,
        correction.file if place is None else str(place.get("file", place.get("document"))),
        None if place is None or pd.isna(place.get("sheet")) else str(place["sheet"]),
        None if place is None or pd.isna(place.get("row")) else int(place["row"]),
        correction.column,
        {
            "id": correction.id,
            "reason": correction.reason,
            "expect": _text(correction.expect),
            "value": _text(correction.value),
            "count": 0 if rows is None else len(rows),
        },
    )
    return replace(batch, messages=(*batch.messages, message))
