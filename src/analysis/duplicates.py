"""The same thing recorded twice: recognised by key, the later record kept, the earlier one listed.

Later is a matter of the data, never of file times: the later 录入日期, then the later file, sheet and row.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pandas as pd
from pyarrow import compute

from analysis.batch import Batch
from analysis.messages import Message
from analysis.sources.cells import key_texts

_GROUP_KEYS = {
    "enforcement": ("township", "month", "sector", "department", "campaign"),
    "enterprises": ("township", "sector", "campaign"),
    "activities": ("held_on", "kind", "title", "township", "department"),
    "plan": ("plan_year", "text", "owner", "indicator"),
}
_SERIAL_DIGITS = 5
"""An id of so few digits is the row's number in its file, and means nothing beside another file's."""


def identify(batch: Batch, county: str) -> Batch:
    """Hazards get an id where the ledger has none (or only row numbers): a hash of county, enterprise, day
    found and description.
    """
    if batch.table != "hazards" or batch.frame.empty:
        return batch
    frame = batch.frame
    own = frame["hazard_id"]
    serial = own.isna() | own.str.fullmatch(rf"\d{{1,{_SERIAL_DIGITS}}}(?:-\d+)?")
    needed = frame[serial]
    named = own.copy()
    named[serial] = pd.Series(_hashes(county, needed), index=needed.index, dtype="str")
    return replace(batch, frame=frame.assign(hazard_id=named))


def _hashes(county: str, hazards: pd.DataFrame) -> list[str]:
    days = hazards["found_on"].dt.strftime("%Y-%m-%d")
    parts = (key_texts(hazards["enterprise"]), key_texts(days), key_texts(hazards["description"]))
    texts = compute.binary_join_element_wise(county, *parts, "\x1f").to_pylist()
    return ["h" + hashlib.blake2b(text.encode(), digest_size=10).hexdigest() for text in texts]


def supersede(batch: Batch) -> Batch:
    """The batch with earlier records of the same thing among its superseded rows.

    Hazards are the same by id, penalties by document number and party, incidents by moment, sector and
    township. Rows of returns, enterprise counts, activities and plans are the same when key and at least
    one given figure meet in two files or sheets; within one sheet only rows that are equal throughout are,
    since offices split a month over rows.
    """
    if batch.kept.empty:
        return batch
    rows = _in_order(batch.kept)
    later = _by_group(rows, batch.table) if batch.table in _GROUP_KEYS else _by_key(rows, batch.table)
    if later.empty:
        return batch
    gone = pd.DataFrame(
        {
            "index": later.index.to_numpy(dtype="int64"),
            "column": "",
            "value": _places(rows.loc[later]),
            "reason": "superseded",
        }
    )
    return replace(batch, superseded=gone, messages=(*batch.messages, *_messages(rows.loc[later.index])))


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    day = rows["recorded_on"].fillna(rows["found_on"]) if "recorded_on" in rows else pd.Series(0, rows.index)
    order = rows.assign(_day=day, _sheet=rows["sheet"].fillna(""))
    columns = [name for name in ("_day", "file", "_sheet", "row", "part") if name in order]
    return order.sort_values(columns, kind="stable").drop(columns=["_day", "_sheet"])


def _by_key(rows: pd.DataFrame, table: str) -> pd.Series:
    """The index of the later record for each earlier one."""
    if table == "hazards":
        keys = _keys(rows["hazard_id"])
    elif table == "incidents":
        place = _keys(rows["township"])
        keys = rows["occurred_at"].astype("str") + "\x1f" + rows["sector"] + "\x1f" + place
    else:
        keys = _keys(rows["document_number"]) + "\x1f" + _keys(rows["party"])
    own = pd.Series(rows.index.to_numpy(dtype="int64"), index=rows.index)
    last = own.groupby(keys, sort=False).transform("last").astype("int64")
    earlier: pd.Series = last[last.to_numpy() != own.to_numpy()]
    return earlier


def _keys(texts: pd.Series) -> pd.Series:
    return pd.Series(key_texts(texts).to_pandas(), dtype="str").set_axis(texts.index)


def _by_group(rows: pd.DataFrame, table: str) -> pd.Series:
    """As _by_key; only keys that occur more than once are looked at row by row."""
    names = list(_GROUP_KEYS[table])
    keys = rows[names].astype("str").fillna("").agg("\x1f".join, axis=1)
    figures = rows.drop(columns=[*names, "file", "sheet", "row"])
    later: dict[int, int] = {}
    for _, group in figures[keys.duplicated(keep=False)].groupby(keys, sort=False):
        later |= _within(group, rows)
    return pd.Series(later, dtype="int64")


def _within(group: pd.DataFrame, rows: pd.DataFrame) -> dict[int, int]:
    """Go through the records of one key from the last to the first."""
    places = rows.loc[group.index, ["file", "sheet"]].fillna("").agg("\x1f".join, axis=1)
    given = group.notna()
    later: dict[int, int] = {}
    kept: list[int] = []

    def same(one: int, other: int) -> bool:
        if places[one] == places[other]:
            return bool((group.loc[one].fillna("") == group.loc[other].fillna("")).all())
        return bool((given.loc[one] & given.loc[other]).any())

    for index in reversed(group.index.to_list()):
        rival = next((other for other in kept if same(index, other)), None)
        if rival is None:
            kept.append(index)
        else:
            later[index] = rival
    return later


def _places(rows: pd.DataFrame) -> list[str]:
    return [
        "#".join((str(file), "" if pd.isna(sheet) else str(sheet), str(row)))
        for file, sheet, row in zip(rows["file"], rows["sheet"], rows["row"], strict=True)
    ]


def _messages(earlier: pd.DataFrame) -> list[Message]:
    return [
        Message(
            "superseded",
            str(file),
            str(sheet) or None,
            int(group["row"].iloc[0]),
            values={
                "count": len(group),
                "value": "",
                "rows": "、".join(str(row) for row in group["row"].head(20)),
            },
        )
        for (file, sheet), group in earlier.groupby([earlier["file"], earlier["sheet"].fillna("")])
    ]
