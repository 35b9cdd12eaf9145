"""A year's tables given out to the offices, and each office's files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from .layouts import Spec, parts, sheet
from .plan import read_yaml
from .returns import cumulated, merged
from .simulate import YearTables
from .writers import SheetCells, delimited, xls, xlsx

DAY = {"hazards": "found_on", "penalties": "decided_on", "enforcement": "month", "enterprises": "month"}


def year_files(tables: YearTables, year: int) -> Iterator[tuple[str, bytes]]:
    """All workbooks of a year: path within the year's folder, and content."""
    wordings, forms = read_yaml("wordings"), read_yaml("forms")
    left = {name: getattr(tables, name).assign(year=year) for name in DAY}
    for spec in read_yaml(f"offices/{year}"):
        rows, left[spec["table"]] = _taken(left[spec["table"]], spec.get("take", {}))
        columns = spec.get("columns")
        named = {"columns": forms[columns]} if isinstance(columns, str) else {}
        if len(rows):
            yield from _files(_prepared(rows, spec), {**spec, **named}, wordings)


def _taken(rows: pd.DataFrame, take: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that an office writes, and those left for the others."""
    own = pd.Series(True, index=rows.index)
    for column, wanted in take.items():
        own &= rows[column].isin(wanted if isinstance(wanted, list) else [wanted])
    return rows[own], rows[~own]


def _prepared(rows: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """Rows at the grain of the office's return, with cumulative columns where it has them."""
    if spec["table"] != "enforcement":
        return rows
    keys = [*spec.get("keys", ["department", "sector", "month"]), "year"]
    rows = merged(rows, keys)
    if "cumulative" not in spec:
        return rows
    others = [key for key in keys if key != "month"]
    if spec.get("every_month"):
        rows = _every_month(rows, others)
    return cumulated(rows, others, ["enterprises_inspected", *spec["cumulative"]])


def _every_month(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """A row for every month from a key's first on, zero where nothing was done."""
    months = pd.DataFrame({"month": range(1, 13)})
    first = rows.groupby(keys, dropna=False)["month"].min().rename("first").reset_index()
    grid = first.merge(months, how="cross")
    whole = (
        grid[grid["month"] >= grid["first"]]
        .drop(columns="first")
        .merge(rows, on=[*keys, "month"], how="left")
    )
    numbers = [c for c in rows.columns if c not in (*keys, "month")]
    return whole.assign(**{c: whole[c].fillna(0).astype(int) for c in numbers})


def _files(rows: pd.DataFrame, spec: Spec, wordings: dict) -> Iterator[tuple[str, bytes]]:
    if spec.get("form") == "items":
        yield spec["file"], xlsx([_items(rows, spec)])
    elif "{part}" in spec["file"]:
        for name, part in parts(rows, spec["split"], DAY[spec["table"]], wordings):
            yield (
                spec["file"].format(part=_part_name(name, part)),
                _book(part, {**spec, "split": spec.get("sheets")}, wordings),
            )
    else:
        yield spec["file"], _book(rows, spec, wordings)


def _part_name(name: str, rows: pd.DataFrame) -> str:
    return f"{int(rows['month'].iloc[0]):02d}" if name == "Sheet1" or not name else name


def _book(rows: pd.DataFrame, spec: Spec, wordings: dict) -> bytes:
    sheets = [
        sheet(part, spec, name, wordings)
        for name, part in parts(rows, spec.get("split"), DAY[spec["table"]], wordings)
    ]
    sheets[0] = _blemished(sheets[0], spec)
    if spec["file"].endswith(".csv"):
        return delimited(sheets[0], spec["encoding"])
    return xls(sheets) if spec["file"].endswith(".xls") else xlsx(sheets)


def _blemished(cells: SheetCells, spec: Spec) -> SheetCells:
    """The sheet with its planted faults: rows copied and changed at the end, or cells changed in place."""
    top = len([key for key in ("title", "subtitle") if key in spec])
    headers = [text.partition(" = ")[0] for text in spec["columns"]]
    rows = [list(row) for row in cells.rows]
    end = len(rows) - bool(spec.get("total"))
    for blemish in spec.get("blemishes", []):
        if "copy" in blemish:
            rows.insert(end, list(rows[top + blemish["copy"]]))
            end += 1
        target = rows[end - 1] if "copy" in blemish else rows[top + blemish["row"]]
        for header, value in blemish["set"].items():
            target[headers.index(header)] = value
    return SheetCells(cells.name, rows, cells.merged)


def _items(rows: pd.DataFrame, spec: Spec) -> SheetCells:
    """A return that names its indicators down and the months across."""
    header = ["指标名称", *(f"{month}月" for month in range(1, 13))]
    by_month = rows.groupby("month").sum(numeric_only=True).reindex(range(1, 13), fill_value=0)
    body = [[label, *(int(n) for n in by_month[field])] for label, field in spec["items"].items()]
    title = [spec["title"], *[""] * 12]
    return SheetCells("全年", [title, header, *body], [((0, 0), (0, 12))])
