"""The commitments of summary documents as rows of the table ``plan``, beside those that workbooks list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.batch import Batch
from analysis.sources import commitments, documents
from analysis.sources.commitments import Commitment
from analysis.sources.personal import mask_text
from analysis.sources.targets import due, targets

_YEAR = re.compile(r"(20\d\d)年")
_WHOLE = ("plan_year", "start", "end", "row")


def read_document(path: Path, name: str, year: int) -> list[dict[str, Any]]:
    """The commitments of one summary as rows, one for each figure that a commitment promises.

    Args:
        path: The document.
        name: How lineage and messages call it.
        year: The year of its folder; its plan is for the next, unless the plan's heading names another.

    Raises:
        AnalysisError: The document cannot be read.
    """
    found = commitments.read(documents.read_text(path).text)
    return [row for one in found for row in _rows(one, name, year)]


def _rows(one: Commitment, name: str, year: int) -> Iterator[dict[str, Any]]:
    named = _YEAR.search(one.heading)
    plan_year = int(named[1]) if named and int(named[1]) > year else year + 1
    row = {
        "plan_year": plan_year,
        "item": one.item or None,
        "text": mask_text(one.text),
        "sector": ";".join(one.sectors) or None,
        "owner": one.owner or None,
        "due_on": due(one.text, plan_year),
        "start": one.start,
        "end": one.end,
        "file": name,
        "row": one.line,
    }
    promised = targets(one.text, plan_year)
    for target in promised:
        yield row | {
            "indicator": target.indicator,
            "comparator": target.comparator,
            "target": target.value,
        }
    if not promised:
        yield row


def joined(batch: Batch, rows: Sequence[dict[str, Any]]) -> Batch:
    """The batch of the workbooks' plan rows with those of documents after them."""
    if not rows:
        return batch
    index = pd.RangeIndex(len(batch.frame), len(batch.frame) + len(rows))
    frame = pd.DataFrame(list(rows), columns=list(batch.frame.columns), index=index, dtype=object)
    kinds = {
        name: "str" for name in batch.frame.columns if name not in (*_WHOLE, "past_year", "due_on", "target")
    }
    kinds |= dict.fromkeys((*_WHOLE, "past_year"), "Int64") | {"due_on": "datetime64[s]"}
    frame = frame.astype(kinds)
    whole = frame if batch.frame.empty else pd.concat([batch.frame, frame])
    cells = pd.concat([batch.cells, pd.DataFrame(index=index)])
    return replace(batch, frame=whole, cells=cells)
