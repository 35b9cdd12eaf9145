"""The figures that summary documents state, as rows of the table ``facts``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.batch import Batch
from analysis.messages import Message
from analysis.schema import arrow_schema
from analysis.sources import documents, listing, summaries
from analysis.sources.cells import no_problems
from analysis.sources.facts import COLUMNS, Fact
from analysis.sources.personal import mask_text


def read_document(path: Path, name: str, year: int) -> tuple[list[dict[str, Any]], list[Message]]:
    """The facts of one summary as rows, how much of its numbers they are, and the numbers that stay open.

    Telephone and identity numbers are taken out of the quotes.

    Args:
        path: The document.
        name: How lineage and messages call it.
        year: The year of its folder, for periods that name none.

    Raises:
        AnalysisError: The document cannot be read.
    """
    found = summaries.extract(documents.read_text(path).text, name=name, year=year)
    told = [listing.coverage(found), *map(listing.unread_line, found.missing)]
    return [_row(fact) for fact in found.facts], [_masked(replace(message, file=name)) for message in told]


def _masked(message: Message) -> Message:
    masked = {name: mask_text(v) if isinstance(v, str) else v for name, v in message.values.items()}
    return replace(message, values=masked)


def _row(fact: Fact) -> dict[str, Any]:
    """A fact under the table's columns; what is empty is missing."""
    row = {column: getattr(fact, column) for column in COLUMNS}
    return {column: None if value == "" else value for column, value in row.items()} | {
        "quote": mask_text(fact.quote)
    }


def as_batch(rows: Sequence[dict[str, Any]]) -> Batch:
    """Facts as a batch: typed already, with the document as file and its line as row."""
    frame = pd.DataFrame(rows, columns=arrow_schema("facts").names, dtype=object)
    for name in ("period_start", "period_end"):
        frame[name] = frame[name].astype("datetime64[s]")
    places = {"file": frame["document"].astype("str"), "sheet": None, "row": frame["line"]}
    return Batch("facts", frame.assign(**places), pd.DataFrame(index=frame.index), no_problems())
