"""Values as a report writes them: missing is a dash, never 0; minus is U+2212; units follow the number."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from analysis.report.edition import Kind

MISSING = "—"
MINUS = "−"
SUPPRESSED = "＊"
"""Stands for a withheld cell; the table's footnote says so."""


def count(value: Any) -> str:
    """A whole number with thousands separated."""
    return missing_or(value, lambda v: f"{round(float(v)):,}")


def number(value: Any, digits: int = 1) -> str:
    """A decimal number."""
    return missing_or(value, lambda v: f"{float(v):,.{digits}f}")


def p_value(value: Any) -> str:
    """A p to three digits; one below 0.001 is not written as 0."""
    return missing_or(value, lambda v: "<0.001" if v < 0.001 else f"{v:.3f}")


def share(value: Any, digits: int = 1) -> str:
    """A ratio in per cent."""
    return missing_or(value, lambda v: f"{100 * float(v):,.{digits}f}%")


def money(value: Any) -> str:
    """Yuan, without the unit; fen only where there are any."""
    return missing_or(value, lambda v: f"{float(v):,.2f}".removesuffix(".00"))


def day(value: Any) -> str:
    """A day as official documents write it."""
    return missing_or(value, lambda v: f"{v.year}年{v.month}月{v.day}日")


def text(value: Any) -> str:
    """Any other value; several in one cell are listed."""
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(sorted(map(str, value)) if isinstance(value, set | frozenset) else map(str, value))
    return missing_or(value, str)


def change(now: Any, before: Any, kind: Kind) -> str:
    """The change against an earlier value: percentage points for shares, else a difference and per cent."""
    if is_missing(now) or is_missing(before):
        return ""
    difference = float(now) - float(before)
    if not difference:
        return "持平"
    if kind == "share":
        return f"{difference * 100:+.1f} 个百分点".replace("-", MINUS)
    shown = {"count": count, "money": money}.get(kind, number)(difference)
    sign = "+" if difference > 0 else ""
    relative = f"（{difference / float(before):+.1%}）" if float(before) else ""
    return f"{sign}{shown}{relative}".replace("-", MINUS)


def as_kind(value: Any, kind: Kind, digits: int = 1) -> str:
    """A value as its column's kind wants it."""
    if kind in ("number", "share"):
        return {"number": number, "share": share}[kind](value, digits)
    return _PLAIN.get(kind, text)(value)


def interval(low: Any, high: Any, kind: Kind, digits: int = 1) -> str:
    """Both limits, an open one as a dash; 至 joins them where one is negative: a dash would read as minus."""
    if is_missing(low) and is_missing(high):
        return ""
    shown = as_kind(low, kind, digits), as_kind(high, kind, digits)
    return ("至" if any(MINUS in one for one in shown) else "–").join(shown)


def is_missing(value: Any) -> bool:
    """Whether there is no value; a list counts as one."""
    if value is None or isinstance(value, float):
        return value is None or math.isnan(value)
    if isinstance(value, int | Sequence | set | frozenset):
        return False
    import pandas as pd  # the index writes plain numbers only, and must not wait for this

    return bool(pd.isna(value))


def missing_or(value: Any, form: Callable[[Any], str]) -> str:
    """``form`` of the value with a real minus sign, or the dash."""
    if is_missing(value):
        return MISSING
    shown = form(value)
    negative = isinstance(value, int | float) and shown.startswith("-")
    return shown.replace("-", MINUS, 1) if negative else shown


_PLAIN: dict[Kind, Callable[[Any], str]] = {"count": count, "money": money, "day": day}
