"""Raw files to processed tables: read, correct, check, put apart, store.

A county's year is prepared whole or not at all: a file that cannot be read stops it, all such files are
named, and what was processed before stays. The manifest is taken away first and written last, so that a
preparation that was killed is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as arrow
from pyarrow import parquet

from analysis import (
    account,
    conservation,
    corrections,
    duplicates,
    indicators,
    planned,
    quarantine,
    raw,
    stated,
)
from analysis.account import Tally
from analysis.batch import Batch, gather
from analysis.derived import derive
from analysis.messages import AnalysisError, Message
from analysis.period import Period
from analysis.publish import publish, publish_json, withdraw
from analysis.raw import CountyFolder, is_prepared, sources_of
from analysis.schema import RAW_TABLES, Table, arrow_schema
from analysis.scope import Scope
from analysis.settings import Folders
from analysis.sources import returns, sidecars
from analysis.sources.sheets import SheetRows, read_file
from analysis.sources.sidecars import Sidecars
from analysis.store import EMBEDDED, Store, partition

__all__ = [
    "Failure",
    "Preparation",
    "PreparationError",
    "Tally",
    "is_prepared",
    "prepare_year",
    "prepare_years",
    "sources_of",
]

MAX_MESSAGES = 500
"""More messages of a county's year than this are counted, not kept; the quarantine list is whole always."""


@dataclass(frozen=True)
class Preparation:
    """What became of one county's year."""

    year: int
    county: str
    county_name: str
    tallies: tuple[Tally, ...]
    messages: tuple[Message, ...]
    as_of: date | None
    unchanged: bool


@dataclass(frozen=True)
class Failure:
    """A county's year that could not be prepared, and why; nothing of it was changed."""

    year: int
    county: str
    county_name: str
    messages: tuple[Message, ...]


class PreparationError(AnalysisError):
    """One or more counties could not be prepared; ``messages`` names every file that has to be mended."""

    def __init__(self, messages: Sequence[Message], done: Sequence[Preparation] = ()) -> None:
        self.messages = tuple(messages)
        self.done = tuple(done)
        super().__init__("preparation_failed", count=len(messages))
        self.args = ("\n".join([*(message.text() for message in messages), self.message.text()]),)

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process."""
        return type(self), (self.messages, self.done)


Outcome: TypeAlias = Preparation | Failure
Each: TypeAlias = Callable[[Folders, Sequence[CountyFolder]], Iterable[Outcome]]
"""How county-years are gone through: ``one_by_one``, or several at a time."""


def one_by_one(folders: Folders, sources: Sequence[CountyFolder]) -> Iterator[Outcome]:
    """Prepare county-years in this process; those that stand already are only told."""
    return (outcome(folders, source) for source in sources)


def prepare_year(folders: Folders, year: int, county: str | None = None) -> list[Preparation]:
    """Prepare a year's raw files: those of all its counties, or of one (code or name).

    Raises:
        PreparationError: Files that cannot be read; the other counties were prepared.
        AnalysisError: The year has no files, or the county none.
    """
    outcomes = list(one_by_one(folders, _wanted(folders, year, county)))
    done = [outcome for outcome in outcomes if isinstance(outcome, Preparation)]
    failed = [message for outcome in outcomes if isinstance(outcome, Failure) for message in outcome.messages]
    if failed:
        raise PreparationError(failed, done)
    return done


def prepare_years(folders: Folders, years: Iterable[int], each: Each = one_by_one) -> Iterator[Outcome]:
    """Prepare several years of all their counties; one that fails does not stop the others."""
    wanted: list[CountyFolder] = []
    for year in years:
        try:
            wanted += sources_of(folders, year)
        except AnalysisError as error:
            yield Failure(year, "", "", (error.message,))
    yield from each(folders, wanted)


def _wanted(folders: Folders, year: int, county: str | None) -> list[CountyFolder]:
    sources = sources_of(folders, year)
    wanted = [source for source in sources if county in (None, "", source.county.code, source.county.name)]
    if not wanted:
        allowed = "、".join(f"{source.county.code} {source.county.name}" for source in sources)
        raise AnalysisError("county_unknown", county=county, period=year, allowed=allowed)
    return wanted


def outcome(folders: Folders, source: CountyFolder) -> Outcome:
    """Prepare a county's year, unless what stands there is of the same files and code."""
    place = (source.year, source.county.code, source.county.name)
    if source.fault:
        return Failure(*place, (source.fault.message,))
    try:
        return _unchanged(folders, source) if raw.is_current(folders, source) else _prepare(folders, source)
    except PreparationError as error:
        return Failure(*place, error.messages)
    except AnalysisError as error:
        return Failure(*place, (error.message,))


def _prepare(folders: Folders, source: CountyFolder) -> Preparation:
    """One county's year, from its files to its manifest."""
    inputs = raw.fingerprints(source)
    beside = _sidecars(source)
    sheets, notes = _read_workbooks(source, beside.mappings)
    facts, plans, more = _read_documents(source)
    batches = [gather(table, sheets) for table in RAW_TABLES]
    batches = [planned.joined(batch, plans) if batch.table == "plan" else batch for batch in batches]
    finished = [_finish(batch, beside.corrections, source) for batch in batches]
    finished.append(_finish(facts, beside.corrections, source))
    _check_unchanged(source, inputs)
    messages = [*raw.ignored_messages(source), *notes, *more]
    messages += [message for batch, _ in finished for message in batch.messages]
    tallies = [tally for batch, persons in finished for tally in account.tallies(batch, sheets, persons)]
    prepared = _preparation(source, tallies, messages, beside.about.as_of)
    outputs = _write(folders, source, [batch for batch, _ in finished])
    outputs |= _write_indicators(folders, source, beside.about)
    _commit(folders, source, prepared, beside, inputs, outputs)
    return prepared


# --- reading


def _sidecars(source: CountyFolder) -> Sidecars:
    return sidecars.read(lambda name: [(path, source.name(path)) for path in source.sidecars(name)])


def _read_workbooks(
    source: CountyFolder, mappings: sidecars.FileMappings
) -> tuple[list[SheetRows], list[Message]]:
    """All workbooks, in the order of their names; every one that cannot be read is named."""
    sheets: list[SheetRows] = []
    notes: list[Message] = []
    bad: list[Message] = []
    for path in source.workbooks:
        try:
            found = read_file(path, source.name(path), mappings, source.year)
        except AnalysisError as error:
            bad.append(error.message)
        else:
            sheets += found.sheets
            notes += found.messages
    if bad:
        raise PreparationError(bad)
    return sheets, notes


def _read_documents(source: CountyFolder) -> tuple[Batch, list[dict[str, Any]], list[Message]]:
    """The figures and the commitments of all summaries; every one that cannot be read is named."""
    rows: list[dict[str, Any]] = []
    plans: list[dict[str, Any]] = []
    notes: list[Message] = []
    bad: list[Message] = []
    for path in source.documents:
        try:
            facts, messages = stated.read_document(path, source.name(path), source.year)
        except AnalysisError as error:
            bad.append(replace(error.message, file=source.name(path)))
        else:
            rows += facts
            notes += messages
            plans += planned.read_document(path, source.name(path), source.year)
    if bad:
        raise PreparationError(bad)
    return stated.as_batch(rows), plans, notes


def _check_unchanged(source: CountyFolder, inputs: dict[str, dict[str, object]]) -> None:
    """A file that was saved while it was read may have been read half."""
    for path in (*source.files, *source.ignored):
        name = source.name(path)
        try:
            seen = path.stat()
        except FileNotFoundError as error:
            raise AnalysisError("file_gone", file=name) from error
        if (seen.st_size, seen.st_mtime_ns) != (inputs[name]["size"], inputs[name]["mtime_ns"]):
            raise AnalysisError("file_changed", file=name)


# --- from rows as read to rows that stand


def _finish(
    batch: Batch, entries: Sequence[sidecars.Correction], source: CountyFolder
) -> tuple[Batch, dict[tuple[str, str], int]]:
    """Correct, complete, check, recognise duplicates, difference; and count the persons' names replaced."""
    if batch.frame.empty:
        return corrections.apply(batch, entries, source.year), {}
    batch = corrections.apply(batch, entries, source.year)
    batch, persons = derive(batch, source.year)
    batch = duplicates.identify(batch, source.county.code)
    batch = quarantine.check(batch, source.year)
    batch = batch if batch.table == "facts" else duplicates.supersede(batch)
    return (_difference(batch) if batch.table == "enforcement" else batch), persons


def _difference(batch: Batch) -> Batch:
    """Cumulative figures to those of months, among the rows that stand."""
    kept = batch.kept
    found = returns.difference(kept)
    gone = batch.frame[~batch.frame.index.isin(kept.index)][list(found.frame.columns)]
    frame = pd.concat([found.frame, gone]).sort_index()
    return replace(batch, frame=frame, messages=(*batch.messages, *found.notes)).with_problems(found.problems)


# --- what comes back


def _preparation(
    source: CountyFolder, tallies: Sequence[Tally], messages: Sequence[Message], as_of: date | None
) -> Preparation:
    told = tuple(messages[:MAX_MESSAGES])
    if more := len(messages) - len(told):
        told = (*told, Message("messages_more", values={"count": more}))
    return Preparation(
        source.year, source.county.code, source.county.name, tuple(tallies), told, as_of, unchanged=False
    )


# --- writing


def _write(folders: Folders, source: CountyFolder, batches: Sequence[Batch]) -> dict[str, int]:
    """Store the tables and the quarantine list; the size of each file by its name below data/processed."""
    year, county = source.year, source.county.code
    withdraw(raw.manifest_path(folders.processed, year, county))
    written: dict[str, int] = {}
    for batch in batches:
        path = partition(folders.processed, batch.table, year, county)
        written |= _store(folders, path, _table_writer(batch))
    lines = pd.concat([quarantine.listing(batch) for batch in batches], ignore_index=True)
    path = folders.processed / "quarantine" / f"year={year}" / f"county={county}" / "part-0.csv"
    written |= _store(folders, path, None if lines.empty else quarantine.to_csv(lines))
    return written


def _write_indicators(folders: Folders, source: CountyFolder, about: sidecars.About) -> dict[str, int]:
    """Store the year's indicators at its own cutoff, counted from the tables just written."""
    year, county = source.year, source.county.code
    store = Store(folders.processed, EMBEDDED)
    scope = Scope(county, Period(year), about.as_of or Period(year).end)
    rows = indicators.stored(store, scope)
    conservation.require(store, scope, rows.to_pandas().assign(year=year))
    return _store(folders, partition(folders.processed, "indicators", year, county), _writer(rows))


def _store(folders: Folders, path: Path, content: bytes | Callable[[Path], object] | None) -> dict[str, int]:
    """Publish a file, or take it away where there is nothing to store."""
    if content is None:
        if path.parent.is_dir():
            withdraw(path)
        return {}
    publish(path, content)
    return {path.relative_to(folders.processed).as_posix(): path.stat().st_size}


def _table_writer(batch: Batch) -> Callable[[Path], object] | None:
    if batch.kept.empty:
        return None
    return _writer(to_arrow(batch.kept, batch.table))


def _writer(rows: arrow.Table) -> Callable[[Path], object]:
    """How a table's rows become a file, always the same bytes."""
    return lambda path: parquet.write_table(
        rows, path, compression="zstd", version="2.6", write_statistics=True
    )


def to_arrow(frame: pd.DataFrame, table: Table) -> arrow.Table:
    """Typed rows as the table stores them, in the order of file, sheet and row."""
    schema = arrow_schema(table)
    columns = [_array(frame[field.name], field.type) for field in schema]
    return arrow.Table.from_arrays(columns, schema=schema)


def _array(values: pd.Series, kind: arrow.DataType) -> arrow.Array:
    if arrow.types.is_date(kind):
        return arrow.Array.from_pandas(values.astype("datetime64[s]")).cast(kind)
    if arrow.types.is_decimal(kind) or values.dtype == object:
        return arrow.array([None if pd.isna(value) else value for value in values], type=kind)
    return arrow.Array.from_pandas(values).cast(kind)


def _commit(
    folders: Folders,
    source: CountyFolder,
    prepared: Preparation,
    beside: Sidecars,
    inputs: dict[str, dict[str, object]],
    outputs: dict[str, int],
) -> None:
    """Write the manifest: from now on the preparation counts."""
    publish_json(
        raw.manifest_path(folders.processed, source.year, source.county.code),
        {
            "version": 1,
            "package": raw.package_hash(),
            "county": asdict(source.county),
            "as_of": beside.about.as_of and beside.about.as_of.isoformat(),
            "source": beside.about.source,
            "note": beside.about.note,
            "assessment": [asdict(sheet) for sheet in beside.assessment],
            "inputs": inputs,
            "outputs": outputs,
            "tallies": [asdict(tally) for tally in prepared.tallies],
            "messages": [asdict(message) for message in prepared.messages],
        },
    )


def _unchanged(folders: Folders, source: CountyFolder) -> Preparation:
    """What the manifest says of a preparation that still stands."""
    found = raw.manifest(folders.processed, source.year, source.county.code)
    return Preparation(
        source.year,
        source.county.code,
        source.county.name,
        tuple(Tally(**tally) for tally in found["tallies"]),
        tuple(Message(**message) for message in found["messages"]),
        date.fromisoformat(found["as_of"]) if found["as_of"] else None,
        unchanged=True,
    )
