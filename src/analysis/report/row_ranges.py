"""Rows of ledgers said shortly: 2023/台账.xlsx 一季度 第2–5、9行 instead of a line for each."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ROW = re.compile(r"(.*\S)\s+第(\d+)行")
_RANGE = re.compile(r"(.+)#(.*):(\d+)-(\d+) \((\d+)\)")
"""Rows that the indicator table counts together; a whole range only where it counts as many as it spans."""


def grouped(rows: Iterable[str]) -> list[str]:
    """One entry a sheet with the ranges of its rows, in the order of the sheets; other ids as they are."""
    sheets, others = _sheets(rows)
    return [f"{sheet} 第{_ranges(sorted(numbers))}行" for sheet, numbers in sheets.items()] + others


def counted(rows: Iterable[str]) -> list[str]:
    """One entry a sheet with the number of its rows; other ids as they are."""
    sheets, others = _sheets(rows)
    return [f"{sheet} 共{len(numbers)}行" for sheet, numbers in sheets.items()] + others


def _sheets(rows: Iterable[str]) -> tuple[dict[str, set[int]], list[str]]:
    sheets: dict[str, set[int]] = {}
    others: dict[str, None] = {}
    for row in rows:
        if read := _read(row):
            sheets.setdefault(read[0], set()).update(read[1])
        else:
            others[row] = None
    return sheets, list(others)


def _read(row: str) -> tuple[str, range] | None:
    """The sheet and the rows that an id names; None for an id of another form."""
    if one := _ROW.fullmatch(row):
        return one[1], range(int(one[2]), int(one[2]) + 1)
    if several := _RANGE.fullmatch(row):
        first, last, count = (int(several[number]) for number in (3, 4, 5))
        if last - first + 1 == count:
            return f"{several[1]} {several[2]}".strip(), range(first, last + 1)
    return None


def _ranges(numbers: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
