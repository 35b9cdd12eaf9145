"""Hazard ledgers: several numbered hazards in one cell become rows of their own."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as arrow
from pyarrow import compute

SPLIT_COLUMN = "description"
_CIRCLED = {chr(0x2460 + place): place + 1 for place in range(20)}
_MARK = re.compile(
    r"(?P<circled>[①-⑳])"
    r"|[(（](?P<bracketed>\d{1,2})[)）]"
    r"|(?<![\d.．第])(?P<plain>\d{1,2})(?:[、:：]|[.．](?!\d)|[)）])"
)
_FAMILIES = ("circled", "bracketed", "plain")
_SECOND = r"②|[(（]2[)）]|(?:^|[^\d.．第])2(?:[、:：]|[.．](?:[^\d]|$)|[)）])"


def split_numbered(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Give each of several numbered hazards in a cell (1.… 2.…, ①②, （1）（2）, 1、2、) a row of its own.

    Other cells of the row that are numbered in the same way are split along; all else holds for each part.
    Text before the first number is kept with every part, and an id gets the part's number.

    Args:
        frame: Cells with a column ``description``.

    Returns:
        The frame with a column ``part`` (from 1), and how many cells were split. Rows are counted as read
        after the split.
    """
    if SPLIT_COLUMN not in frame:
        return frame.assign(part=1), 0
    cells = frame[SPLIT_COLUMN]
    texts = arrow.array([cell if isinstance(cell, str) else None for cell in cells], arrow.string())
    candidates = compute.match_substring_regex(texts, _SECOND).fill_null(False)
    found = {
        int(n): parts_of(str(cells.iloc[n]))
        for n in np.flatnonzero(candidates.to_numpy(zero_copy_only=False))
    }
    parts = {place: own for place, own in found.items() if len(own) > 1}
    if not parts:
        return frame.assign(part=1), 0
    times = [len(parts[place]) if place in parts else 1 for place in range(len(frame))]
    repeated = frame.iloc[[place for place, count in enumerate(times) for _ in range(count)]].copy()
    repeated["part"] = [part for count in times for part in range(1, count + 1)]
    return _spread(repeated, parts, times), len(parts)


def _spread(repeated: pd.DataFrame, parts: dict[int, list[str]], times: list[int]) -> pd.DataFrame:
    starts = [0]
    for count in times:
        starts.append(starts[-1] + count)
    for name in repeated.columns:
        if name in ("file", "sheet", "row", "part"):
            continue
        column = repeated[name].to_list()
        for place, own in parts.items():
            start = starts[place]
            column[start : start + len(own)] = _own_parts(column[start], str(name), own)
        repeated[name] = pd.Series(column, index=repeated.index, dtype=object)
    return repeated


def _own_parts(cell: object, name: str, own: list[str]) -> list[object]:
    if name == SPLIT_COLUMN:
        return list(own)
    if name == "hazard_id" and cell not in ("", None):
        return [f"{cell}-{part}" for part in range(1, len(own) + 1)]
    found = parts_of(cell) if isinstance(cell, str) else []
    return list(found) if len(found) == len(own) else [cell] * len(own)


def parts_of(text: str) -> list[str]:
    """The numbered parts of a text, numbered 1, 2, 3 … in one style; the text alone where there are none."""
    for family in _FAMILIES:
        marks = _sequence([mark for mark in _MARK.finditer(text) if mark[family]], family)
        if len(marks) > 1:
            lead = text[: marks[0].start()].strip()
            ends = [*(following.start() for _, following in pairwise(marks)), len(text)]
            bodies = [
                text[mark.end() : end].strip(" 　\r\n\t;；,，") for mark, end in zip(marks, ends, strict=True)
            ]
            return [f"{lead}{body}" for body in bodies if body]
    return [text]


def _sequence(marks: list[re.Match[str]], family: str) -> list[re.Match[str]]:
    """The marks that count up from 1; others of their kind are part of a text (第3、4号)."""
    found: list[re.Match[str]] = []
    for mark in marks:
        number = _CIRCLED[mark[family]] if family == "circled" else int(mark[family])
        if number == len(found) + 1:
            found.append(mark)
    return found
