"""The yearly summary documents: an office's text, its figures counted from the events as of the cutoff."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from .plan import HERE, Plan
from .simulate import YearTables
from .writers import docx

NAMES = {
    2019: "2019年安全生产工作总结（示例数据）.txt",
    2020: "2020年安全生产工作情况（示例数据）.md",
    2021: "2021年度安全生产工作总结（示例数据）.docx",
    2022: "2022年安全生产工作报告（示例数据）.txt",
    2023: "2023年安全生产工作总结（示例数据）.docx",
    2024: "2024年治本攻坚情况通报（示例数据）.md",
}


def summary(plan: Plan, tables: YearTables, year: int) -> Iterator[tuple[str, bytes]]:
    """The year's document. The one of 2023 states published figures, so a null county has none."""
    if year == 2023 and not plan.published:
        return
    source = next((HERE / "summaries").glob(f"{year}.*")).read_text(encoding="utf-8")
    text = source if year == 2023 else source.format(**_figures(plan, tables, year))
    name = NAMES[year]
    yield name, docx(text) if name.endswith(".docx") else text.encode()


def _figures(plan: Plan, tables: YearTables, year: int) -> dict[str, object]:
    as_of = pd.Timestamp(plan.as_of[year])
    known = tables.hazards[(tables.hazards["recorded_on"] <= as_of) & (tables.hazards["found_on"] <= as_of)]
    major = known[known["level"] == "major"]
    rectified = int(_rectified(known, as_of).sum())
    fines = int(tables.penalties["fine"].sum())
    return {
        "hazards": len(known),
        "self": int(_own(known).sum()),
        "found": int((~_own(known)).sum()),
        "rectified": rectified,
        "rate": f"{rectified / len(known) * 100:.1f}",
        "majors": len(major),
        "major_self": int(_own(major).sum()),
        "major_found": int((~_own(major)).sum()),
        "major_rectified": int(_rectified(major, as_of).sum()),
        "penalties": len(tables.penalties),
        "fines": fines,
        "fines_wan": f"{fines / 10_000:g}",
        **_reported(tables.enforcement),
    }


def _own(hazards: pd.DataFrame) -> pd.Series:
    return hazards["source"] == "self_reported"


def _rectified(hazards: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    undated = hazards["status"].isin(["rectified", "verified"]) & hazards["rectified_on"].isna()
    return (hazards["rectified_on"] <= as_of) | undated


def _reported(returns: pd.DataFrame) -> dict[str, object]:
    names = {
        "inspections": "inspections",
        "notices": "notices_issued",
        "seals": "temporary_seals",
        "suspensions": "suspensions_ordered",
        "guidance": "guidance_visits",
        "trainings": "trainings",
        "trained": "people_trained",
    }
    industry = returns[returns["sector"] == "industry_trade"]
    sums = {short: int(returns[name].sum()) for short, name in names.items()}
    return sums | {
        "dust_inspections": int(industry["inspections"].sum()),
        "dust_hazards": int(industry["hazards_found"].sum()),
    }
