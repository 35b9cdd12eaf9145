"""What changed since the last run: the headline figures of then and now, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.report import formats

Headline = Mapping[str, Any]
"""A headline as run.json holds it: key, label, value, unit, kind."""


def changes(before: Sequence[Headline], now: Sequence[Headline]) -> tuple[str, ...]:
    """One sentence a figure that changed, came or went; one that says so where none did."""
    old, new = ({headline["key"]: headline for headline in headlines} for headlines in (before, now))
    changed = [
        f"{new[key]['label']}由 {value_of(old[key])} 变为 {value_of(new[key])}"
        for key in new
        if key in old and old[key]["value"] != new[key]["value"]
    ]
    came = [f"新增{new[key]['label']} {value_of(new[key])}" for key in new if key not in old]
    went = [f"不再列出{old[key]['label']}" for key in old if key not in new]
    return tuple(changed + came + went) or ("主要数字没有变化",)


def value_of(headline: Headline) -> str:
    """A headline's value with its unit."""
    kind = headline.get("kind")
    shown = formats.as_kind(headline["value"], kind if kind in ("count", "share", "money") else "number")
    unit = "" if kind == "share" else headline.get("unit") or ""
    return f"{shown} {unit}".strip()
