"""How an office writes one value: dates in many forms, words for codes, money in 元 or 万元."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
SERIAL_EPOCH = date(1899, 12, 30)
PERSONAL = {
    "person": ["示例人甲", "示例人乙", "示例人丙"],
    "phone": ["000-00000001", "000-00000002"],
    "identity": ["990101-示例证件号-1", "990101-示例证件号-2"],
    "identity_kind": ["身份证"],
    "photo": ["（示例图片）"],
    "sample_mark": ["示例数据"],
    "party_kind": ["法人及非法人组织"],
    "facts": ["现场检查时发现违反安全管理规定（示例）"],
    "legal_basis": ["《中华人民共和国安全生产法》"],
    "content": ["责令改正，依法处理（示例）"],
    "blank": [""],
}
"""Columns of an office's form that no table of ours holds, or that are the same throughout."""


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


FORMS: dict[str, Callable[[Any], Any]] = {
    "zh": _zh,
    "dot": lambda day: f"{day.year}.{day.month}.{day.day}",
    "slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "compact": lambda day: f"{day:%Y%m%d}",
    "iso": lambda day: day.isoformat(),
    "serial": lambda day: (day - SERIAL_EPOCH).days,
    "date": lambda day: day,
    "fullwidth": lambda day: _zh(day).translate(FULL_WIDTH),
    "wan": lambda yuan: round(yuan / 10_000, 4),
    "plain": int,
}


def column_cells(
    frame: pd.DataFrame, field: str, form: str | None, wordings: dict, wording: int
) -> list[Any]:
    """One column of a form, cell by cell."""
    if field == "serial":
        return list(range(1, len(frame) + 1))
    if field in PERSONAL:
        return [PERSONAL[field][n % len(PERSONAL[field])] for n in range(len(frame))]
    if form == "deadline":
        return [_deadline(*pair) for pair in zip(frame[field], frame["rectification_mode"], strict=True)]
    if field == "month":
        return [
            _month(month, int(year), form) for month, year in zip(frame["month"], frame["year"], strict=True)
        ]
    words = wordings.get(field)
    return [_cell(value, form, words, wording) for value in frame[field]]


def _cell(value: Any, form: str | None, words: dict | None, wording: int) -> Any:
    if value is None or pd.isna(value):
        return ""
    if words:
        forms = words[value]
        return forms[min(wording, len(forms) - 1)]
    if isinstance(value, pd.Timestamp):
        value = value.date()
    return FORMS[form](value) if form else _plain(value)


def _plain(value: Any) -> Any:
    return (
        int(value)
        if isinstance(value, float) and value.is_integer()
        else getattr(value, "item", lambda: value)()
    )


def _month(month: int, year: int, form: str | None) -> str:
    return f"{year}年{month}月" if form == "yearmonth" else f"{month}月"


def _deadline(due: pd.Timestamp, mode: str) -> str:
    """立即整改 for what is due at once, 6月底前 for a month's last day, else the day."""
    if mode == "on_site":
        return "立即整改"
    return f"{due.month}月底前" if due.is_month_end else _zh(due.date())
