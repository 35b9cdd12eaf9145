"""The evidence of report 3: rates, days and curves by group, and the years beside one another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.chapters.rectification import (
    CURVES_AT_MOST,
    GROUPS,
    LEDGER_NEEDED,
    ON_TIME,
    STAGES,
    Rectification,
    curve,
    on_time,
    timed,
    with_days,
)
from analysis.disclosure import catalogue
from analysis.report import figures, findings, formats
from analysis.report.display import Displayable, Figure, chart
from analysis.report.released import ByGroup
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.settings import settings
from analysis.stats import survival

DRAWN_DAYS = (*range(31), *range(35, 181, 5))
"""Days at which a curve is drawn: each of the first month, then every fifth of the first half-year."""
MONTH_DAYS = 30.0
NOTE = (
    "“按期”为按期整改率，分别按现行期限和原期限；“无日期”为已整改而没有日期的隐患。"
    "天数为从发现到整改（销号）的中位数，未完成的算到截止日；“—”表示过半数尚未完成或没有有日期的记录。"
    "区间按逐条独立计算，偏窄，不用于下结论；p值为该组与其余限期整改隐患的log-rank检验，同一企业在每组只取一条，已按Holm法校正。"
)


def group_tables(view: Rectification, *dimensions: str) -> tuple[Displayable | DataTable, ...]:
    """List rates and days by group, where the year has a ledger."""
    if not view.known:
        return (findings.cannot_show("分组的整改情况", LEDGER_NEEDED),)
    return tuple(group_table(view, dimension) for dimension in dimensions)


def year_figures(view: Rectification) -> tuple[Displayable | DataTable, ...]:
    """Draw and list the years, where any has a ledger."""
    if not view.years:
        return (findings.cannot_show("历年整改情况", LEDGER_NEEDED),)
    table = year_table(view)
    if table.frame["on_time"].isna().all():
        return (findings.cannot_show("历年按期整改率", "到期隐患的整改期限和整改日期"), table)
    return (_year_figure(table), table)


def stage_figures(view: Rectification) -> tuple[Displayable | DataTable, ...]:
    """Draw the time from found to rectified and to verified, where anything was done on a known day."""
    found = pd.concat([_steps(view.events, done, name) for done, name in STAGES.items()])
    return (_survival_figure(found, "stages", "从发现到整改、从发现到销号", "仍未完成的比例"),)


def curve_figures(view: Rectification, *dimensions: str) -> tuple[Displayable | DataTable, ...]:
    """Draw the time to rectification of the largest groups of each dimension."""
    if not view.known:
        return (findings.cannot_show("从发现到整改的天数", LEDGER_NEEDED),)
    return tuple(_curve_figure(view, dimension) for dimension in dimensions)


def group_table(view: Rectification, dimension: str) -> DataTable:
    """List a dimension's groups: counts, rates, days, and the test against the rest."""
    adjusted = {name: pace.test.adjusted_p for name, pace in view.paces(dimension).items()}
    rows = [
        {
            "group": name,
            "code": _code(rows),
            **_rates(rows),
            **_days(rows),
            "p": formats.p_value(adjusted.get(name)),
        }
        for name, rows in view.groups(dimension).items()
    ]
    return DataTable(
        f"rectification-{dimension}",
        pd.DataFrame(rows),
        (
            Column("group", GROUPS[dimension]),
            Column("found", "发现", "count", unit="条"),
            Column("open", "未整改", "count", unit="条"),
            Column("overdue", "超期", "count", unit="条"),
            Column("undated", "无日期", "count", unit="条"),
            *_RATE_COLUMNS,
            Column("days", "整改天数", "number", 0, "天", ("days_low", "days_high")),
            Column("closed_days", "销号天数", "number", 0, "天"),
            Column("p", "p值"),
        ),
        f"分{GROUPS[dimension]}的整改率、闭环率、按期整改率和整改天数",
        f"{len(view.events):,} 条隐患",
        note=NOTE,
        enterprises="behind",
        released=_released(view, dimension),
    )


def _released(view: Rectification, dimension: str) -> ByGroup | None:
    """Of the dimensions only sectors are made of cells that the public may see."""
    if dimension != "sector":
        return None
    columns = {"found": ("hazards_found",), "rectified": ("hazards_rectified", "hazards_found")}
    return ByGroup(catalogue.SECTOR, view.book.year, columns, ("code",), ("group",))


_RATE_COLUMNS = (
    Column("rectified", "整改率", "share"),
    Column("closed", "闭环率", "share"),
    Column("on_time", "按期（现行）", "share"),
    Column("on_time_first", "按期（原）", "share"),
)


def _code(rows: pd.DataFrame) -> str:
    """The code of a group of one sector."""
    code = rows["sector"].iloc[0]
    return code if isinstance(code, str) else ""


def _rates(rows: pd.DataFrame) -> dict[str, object]:
    return {
        "found": len(rows),
        "open": int(rows["hazards_pending"].sum()),
        "overdue": int(rows["hazards_overdue"].sum()),
        "undated": int(rows["undated"].sum()),
        "rectified": float(rows["hazards_rectified"].mean()),
        "closed": float(rows["hazards_verified"].mean()),
        "on_time": on_time(rows).estimate.value,
        "on_time_first": on_time(rows, original=True).estimate.value,
        "behind": rows["enterprise"].nunique(),
    }


def _days(rows: pd.DataFrame) -> dict[str, object]:
    median = curve(rows).median
    closed = curve(rows, "verified_on").median
    return {
        "days": median.value,
        "days_low": median.low,
        "days_high": median.high,
        "closed_days": closed.value,
    }


def year_table(view: Rectification) -> DataTable:
    """List every year's rates and days at the same cutoff."""
    frame = pd.DataFrame(
        [{"year": year, **_rates(rows), **_days(rows), **_limits(rows)} for year, rows in view.years.items()]
    )
    missing = "、".join(f"{year}年" for year in view.book.missing_years)
    return DataTable(
        "rectification-years",
        frame,
        (
            Column("year", "年份"),
            Column("found", "发现", "count", unit="条"),
            Column("open", "未整改", "count", unit="条"),
            Column("overdue", "超期", "count", unit="条"),
            Column("rectified", "整改率", "share"),
            Column("closed", "闭环率", "share"),
            Column("on_time", "按期（现行）", "share", interval=("low", "high")),
            Column("on_time_first", "按期（原）", "share"),
            Column("days", "整改天数", "number", 0, "天", ("days_low", "days_high")),
        ),
        "历年整改情况，均截至同一月日；区间按企业聚类",
        f"{int(frame['found'].sum()):,} 条隐患，{len(frame)} 个年份",
        note=f"没有台账的基期年份：{missing}。" if missing else "",
        enterprises=WHOLE_COUNTY,
        released=ByGroup(
            catalogue.COUNTY,
            "year",
            {
                "found": ("hazards_found",),
                "open": ("hazards_pending",),
                "overdue": ("hazards_overdue",),
                "rectified": ("hazards_rectified", "hazards_found"),
                "closed": ("hazards_verified", "hazards_found"),
                "on_time": ON_TIME,
                "days": ("*",),
            },
            labels=("year",),
            limits=("on_time", "days"),
        ),
    )


def _limits(rows: pd.DataFrame) -> dict[str, object]:
    estimate = on_time(rows).estimate
    return {"low": estimate.low, "high": estimate.high}


def _year_figure(table: DataTable) -> Figure:
    """Draw the on-time rate over the years with its interval."""
    columns = {"year", "found", "on_time"}
    shown = replace(
        table,
        key="years-on-time",
        columns=tuple(column for column in table.columns if column.name in columns),
        caption=_first_and_last,
        frame=table.frame[table.frame["on_time"].notna()],
    )
    return chart(
        figures.yearly_dots,
        shown,
        alt=lambda masked: f"{len(masked)}个年份的按期整改率，每年一点，竖线为95%区间。",
        year="year",
        value="on_time",
        low="low",
        high="high",
        kind="share",
        axis="按期整改率",
    )


def _first_and_last(frame: pd.DataFrame) -> str:
    """The rate in words at both ends of the years that are shown."""
    known = frame[frame["on_time"].notna()]
    ends = known.iloc[[0, -1] if len(known) > 1 else slice(None)].to_dict("records")
    told = "，".join(f"{int(row['year'])}年{formats.share(row['on_time'])}" for row in ends)
    return f"历年按期整改率（现行期限）：{told}（竖线为95%区间）"


def _curve_figure(view: Rectification, dimension: str) -> Displayable:
    """Draw the groups that are slower than the rest against the rest; the largest groups where none is."""
    groups, noun = view.groups(dimension), GROUPS[dimension]
    slow = list(view.slow(dimension))[: CURVES_AT_MOST - 1]
    drawn = {name: groups[name] for name in slow or list(groups)[:CURVES_AT_MOST]}
    if slow:
        drawn["其余合计"] = view.events.drop(pd.concat(drawn.values()).index)
    found = pd.concat([_steps(rows, "rectified_on", name) for name, rows in drawn.items()])
    which = "经检验与其余有差别的" if slow else "隐患最多的"
    return _survival_figure(found, dimension, f"从发现到整改：{which}{noun}")


def _survival_figure(
    found: pd.DataFrame, key: str, caption: str, share: str = "仍未整改的比例"
) -> Displayable:
    """Draw survival steps, or say that nothing was rectified on a known day."""
    if found.empty:
        return findings.cannot_show(f"{caption}所用的天数", LEDGER_NEEDED)
    groups = found["group"].nunique()
    shown = DataTable(
        f"survival-{key}",
        found.reset_index(drop=True),
        (
            Column("group", "组别"),
            Column("day", "发现后天数", "number", 0, "天"),
            Column("still_open", share, "share", interval=("low", "high")),
            Column("at_risk", "在观察中", "count", unit="条"),
        ),
        f"{caption}{_after_a_month(found)}",
        f"{int(found.groupby('group')['at_risk'].max().sum()):,} 条隐患",
        note=f"画到发现后{DRAWN_DAYS[-1]}天；在观察中的企业不足{settings().public_minimum_enterprises}家时不再画。",
        enterprises="behind",
    )
    return chart(
        figures.survival_steps,
        shown,
        alt=f"{groups}条阶梯线：发现后各天{share}，下方为在观察中的件数。",
        group="group",
        share_axis=share,
    )


def _after_a_month(found: pd.DataFrame) -> str:
    """What is left of the first two groups thirty days after it was found, where that is drawn."""
    left = found[found["day"] == MONTH_DAYS].head(2)
    shares = [formats.share(value, 0) for value in left["still_open"]]
    told = "，".join(f"{name}余{share}" for name, share in zip(left["group"], shares, strict=True))
    return f"；满{MONTH_DAYS:.0f}天时{told}" if told else ""


def _steps(rows: pd.DataFrame, done: str, name: str) -> pd.DataFrame:
    """A curve at the drawn days, while enough enterprises are still watched; nothing without events."""
    kept = with_days(rows, done)
    days, event = timed(kept, done)
    found = survival.kaplan_meier(days, event)
    longest = pd.Series(days, kept.index).groupby(kept["enterprise"]).max().to_numpy()
    drawn = np.array([day for day in DRAWN_DAYS if day <= found.last_day], dtype=np.float64)
    behind = _at_least(longest, drawn)
    at = np.searchsorted(found.days, drawn, side="right")
    frame = pd.DataFrame(
        {
            "group": name,
            "day": drawn,
            "still_open": found.open_after(drawn),
            "low": np.concatenate([[1.0], found.low])[at],
            "high": np.concatenate([[1.0], found.high])[at],
            "at_risk": _at_least(days, drawn),
            "behind": behind,
        }
    )
    return frame[behind >= settings().public_minimum_enterprises]


def _at_least(values: NDArray[np.floating], days: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many values are at least each of the days."""
    return values.size - np.searchsorted(np.sort(values), days, side="left")
