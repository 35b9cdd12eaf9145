"""Columns that no file has but the rows imply: a penalty's sector, a rectification's mode, the year."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from analysis import vocabulary
from analysis.batch import Batch, by_place
from analysis.sources.cells import written
from analysis.sources.targets import past_year

PERSON_MARK = "[自然人]"
"""Stands for the name of a natural person among the penalised: names of persons are not kept."""


def derive(batch: Batch, year: int) -> tuple[Batch, dict[tuple[str, str], int]]:
    """The batch with what its rows imply.

    Returns:
        The batch, and how many names of natural persons were replaced, by (file, sheet).
    """
    if batch.frame.empty:
        return batch, {}
    if batch.table == "hazards":
        return replace(batch, frame=_rectification_mode(batch)), {}
    if batch.table == "penalties":
        return _penalties(batch)
    return replace(batch, frame=batch.frame.assign(**_implied(batch, year))), {}


def _implied(batch: Batch, year: int) -> dict[str, Any]:
    """The columns that rows of the other tables imply."""
    if batch.table == "enterprises":
        return {"year": pd.array([year] * len(batch.frame), "Int64")}
    if batch.table == "plan":
        return {"past_year": _past_years(batch.frame)}
    if batch.table == "enforcement":
        whole = batch.frame["sector"].fillna(vocabulary.SECTOR_TOTAL)
        wrong = batch.frame.index.isin(batch.problems["index"])
        return {"sector": whole.where(~wrong, batch.frame["sector"])}
    return {}


def _past_years(plan: pd.DataFrame) -> pd.api.extensions.ExtensionArray:
    """The past year whose list or action each row of a plan cites."""
    rows = zip(plan["text"], plan["plan_year"], strict=True)
    cited = [None if pd.isna(text) or pd.isna(year) else past_year(text, int(year)) for text, year in rows]
    return pd.array(cited, dtype="Int64")


def _rectification_mode(batch: Batch) -> pd.DataFrame:
    """立即整改 in the deadline says how it is rectified, where no column does."""
    if "due_on" not in batch.cells:
        return batch.frame
    known = vocabulary.lookup("rectification_mode")
    codes, uniques = pd.factorize(batch.cells["due_on"].to_numpy(dtype=object), use_na_sentinel=False)
    read = pd.array([known.get(vocabulary.normalise(written(cell))) for cell in uniques], dtype="str")
    implied = pd.Series(read.take(codes), index=batch.frame.index, dtype="str")
    return batch.frame.assign(rectification_mode=batch.frame["rectification_mode"].fillna(implied))


def _penalties(batch: Batch) -> tuple[Batch, dict[tuple[str, str], int]]:
    frame = batch.frame
    sector = frame["sector"].fillna(frame["body"].map(_sector_of, na_action="ignore").astype("str"))
    persons = frame["party_kind"].map(_is_person, na_action="ignore").eq(True) & frame["party"].notna()
    masked = frame["party"].mask(persons, PERSON_MARK)
    return replace(batch, frame=frame.assign(sector=sector, party=masked)), by_place(frame[persons])


def _is_person(kind: str) -> bool:
    return vocabulary.normalise(kind) in vocabulary.lookup("natural_person")


def _sector_of(body: str) -> str | None:
    """The sector that a deciding body stands for; None for bodies of many sectors (应急管理局)."""
    return next((sector for pattern, sector in bodies().items() if pattern in body), None)


@cache
def bodies() -> dict[str, str]:
    """Part of a body's name → sector, the first that fits counts."""
    text = files("analysis.vocabulary").joinpath("bodies.csv").read_text(encoding="utf-8")
    return {row["pattern"]: row["sector"] for row in csv.DictReader(text.splitlines())}
