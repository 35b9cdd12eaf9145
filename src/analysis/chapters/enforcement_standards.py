"""Report 2, part: major hazards, their series cut where the standard that defines them changed (判定标准)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import vocabulary
from analysis.chapters import enforcement_series
from analysis.chapters.enforcement import Enforcement
from analysis.chapters.enforcement_series import MAJOR, VISITS
from analysis.report import findings
from analysis.report.display import Displayable
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import rates, trends


def standards(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """List the rate of major findings apart for the months before and after a standard changed."""
    found = enforcement_series.by_sector(view)
    rows = [row for code in sorted(found) for row in _segments(code, found[code])]
    if not rows:
        return (findings.full_count("所列年份内，有检查的行业没有登记的重大隐患判定标准变化。"),)
    frame = pd.DataFrame(rows)
    return (
        DataTable(
            "standards",
            frame,
            (
                Column("sector", "行业领域"),
                Column("span", "时段"),
                Column("standard", "当时的判定标准"),
                Column("n", "检查", "count", unit="次"),
                Column("hits", "发现重大隐患", "count", unit="次"),
                Column("rate", "重大隐患发现率（95%区间）", "share", interval=("low", "high")),
            ),
            "判定标准变化前后的重大隐患发现率分段列出，前后不相比较",
            f"{int(frame['n'].sum()):,} 次检查",
            note=(
                "“重大”的定义变了，数字就不再是同一个数字：跨越变化的序列在此断开，各段不连成趋势。"
                "标准变化在月中的，该月计入变化之后。带“*”的日期尚未核实，见判定标准登记表。"
            ),
            enterprises=WHOLE_COUNTY,
        ),
    )


def _segments(code: str, months: pd.DataFrame) -> Iterator[dict[str, object]]:
    """A row per stretch between two changes; none where no standard changed in the months."""
    seen = months[months[VISITS] > 0]
    if seen.empty:
        return
    numbers = np.array([year * 12 + month for year, month in seen.index])
    begun = {
        one.in_force_from.year * 12 + one.in_force_from.month: one
        for one in vocabulary.standards().values()
        if code in one.sectors
    }
    breaks = [number for number in begun if numbers.min() < number <= numbers.max()]
    if not breaks:
        return
    places = trends.segments(numbers, breaks)
    for place in np.unique(places):
        part, inside = seen[places == place], numbers[places == place]
        in_force = [one for number, one in begun.items() if number <= inside.min()]
        yield _segment(code, part, in_force[-1] if in_force else None)


def _segment(code: str, part: pd.DataFrame, standard: vocabulary.Standard | None) -> dict[str, object]:
    hits, visits = float(part[MAJOR].sum()), float(part[VISITS].sum())
    found = rates.proportion(hits, visits)
    named = "没有登记" if standard is None else standard.name_zh + ("" if standard.certain else "*")
    ends = dict.fromkeys((part.index[0], part.index[-1]))
    return {
        "sector": vocabulary.name("sector", code),
        "span": "–".join(f"{year}年{month}月" for year, month in ends),
        "standard": named,
        "n": visits,
        "hits": hits,
        "rate": found.value,
        "low": found.low,
        "high": found.high,
    }
