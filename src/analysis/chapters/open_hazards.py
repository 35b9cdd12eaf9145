"""What is still open at the cutoff: overdue by age, row by row, and when it may be cleared (超期与存量)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd

from analysis import vocabulary
from analysis.chapters.rectification import GROUPS, LEDGER_NEEDED, Rectification, curve
from analysis.report import findings, formats
from analysis.report.display import Displayable
from analysis.report.findings import Finding
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import survival
from analysis.stats.survival import Clearance

BANDS = (30, 90, 180)
LISTED_ROWS = 500
"""Rows of the overdue list; the rest is counted below it."""
LEVELS = {"all": "全部隐患", "major": "重大隐患", "general": "一般隐患"}


def answer(view: Rectification) -> tuple[Finding, ...]:
    """Say how much is overdue for how long, and when what is open may be cleared."""
    if not view.known:
        return (findings.cannot_show("还有哪些隐患没有整改", LEDGER_NEEDED),)
    whole = findings.clearance("隐患", _clearance(view, "all"), view.day, ("clearance",))
    return (_overdue(view), whole)


def _overdue(view: Rectification) -> Finding:
    ages = overdue_days(view)
    if ages.empty:
        return findings.full_count(f"截至{formats.day(view.day)}没有超期未整改的隐患。", ("overdue-ages",))
    counted = _by_age(ages)
    bands = "、".join(f"{name}的{counted[name]:,}条" for name in counted if counted[name])
    major = int(view.events["major_hazards_overdue"].sum())
    text = f"超期未整改的隐患{len(ages):,}条，其中重大隐患{major:,}条；按超期天数：{bands}。"
    return findings.full_count(text, ("overdue-ages",))


def overdue_days(view: Rectification) -> pd.Series[int]:
    """Days past the deadline in force of what is open, oldest first; a rectified row without a day is not."""
    rows = view.events[view.events["hazards_pending"].astype(bool)]
    return survival.days_overdue(rows["deadline"], rows["rectified_on"], view.as_of(view.book.year))


def _by_age(ages: pd.Series[int]) -> dict[str, int]:
    """How many are overdue for how long, in words."""
    return {
        f"{band.replace('-', '–')}天" if "-" in band else f"{BANDS[-1]}天以上": count
        for band, count in survival.overdue_by_age(ages, BANDS).items()
    }


def tables(view: Rectification) -> tuple[Displayable | DataTable, ...]:
    """Count what is overdue by age, list it, and project what is open."""
    if not view.known:
        return (findings.cannot_show("超期未整改隐患的清单", LEDGER_NEEDED),)
    return (age_table(view), *_lists(view), clearance_table(view), *_clearances(view))


def age_table(view: Rectification) -> DataTable:
    """Count overdue hazards by age and level."""
    ages = overdue_days(view)
    rows = view.events.loc[ages.index].assign(days=ages)
    parts = {name: _of_level(rows, level) for level, name in LEVELS.items()}
    counted = [{"level": name, **_by_age(part["days"])} for name, part in parts.items()]
    frame = pd.DataFrame(counted).assign(
        total=[len(part) for part in parts.values()],
        behind=[part["enterprise"].nunique() for part in parts.values()],
    )
    bands = [Column(name, f"超期{name}", "count", unit="条") for name in _by_age(ages)]
    return DataTable(
        "overdue-ages",
        frame,
        (Column("level", "级别"), Column("total", "超期合计", "count", unit="条"), *bands),
        "超期未整改隐患的超期天数，从现行期限（含延期）起算",
        f"{len(ages):,} 条超期隐患",
        note=_irreplayable(view),
        enterprises="behind",
    )


def _irreplayable(view: Rectification) -> str:
    """Extensions without the day they were granted cannot be replayed as of an earlier cutoff."""
    rows = view.events
    blind = int((rows["extended_due_on"].notna() & rows["extended_on"].isna()).sum())
    return f"有{blind:,}条延期没有批准日期，从原期限次日起按延期计算。" if blind else ""


def _lists(view: Rectification) -> Iterator[DataTable | Finding]:
    table = overdue_list(view)
    if len(table.frame):
        yield table
    else:
        yield findings.full_count("没有超期或在挂牌督办中的未整改隐患，不列清单。")


def overdue_list(view: Rectification) -> DataTable:
    """List what is overdue or listed for supervision and open, major hazards and the oldest first."""
    ages = overdue_days(view)
    rows = view.events[view.events["hazards_pending"].astype(bool)]
    rows = rows.assign(days=ages.reindex(rows.index), listed=_listed(view, rows))
    rows = rows[rows["days"].notna() | rows["listed"]]
    rows = rows.assign(major=rows["level"] == "major").sort_values(
        ["major", "days"], ascending=False, kind="stable", na_position="last"
    )
    shown, more = rows.head(LISTED_ROWS), max(0, len(rows) - LISTED_ROWS)
    return DataTable(
        "overdue-list",
        _listing(shown),
        _LIST_COLUMNS,
        "超期或在挂牌督办中的未整改隐患，重大在前，按超期天数排列",
        f"{len(rows):,} 条隐患",
        note=f"另有{more:,}条超期天数较短的没有列出，见台账。" if more else "",
        named="named",
    )


_LIST_COLUMNS = (
    Column("enterprise", "企业", "enterprise"),
    Column("sector", "行业领域"),
    Column("township", "乡镇"),
    Column("department", "部门"),
    Column("level", "级别"),
    Column("found_on", "发现日期", "day"),
    Column("deadline", "现行期限", "day"),
    Column("days", "超期", "count", unit="天"),
    Column("listing", "挂牌督办"),
    Column("description", "隐患描述", "quote"),
    Column("number", "隐患编号", "evidence"),
)


def _listing(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        sector=[vocabulary.name("sector", str(code)) for code in rows["sector"]],
        level=[vocabulary.name("level", str(code)) for code in rows["level"]],
        listing=["是" if listed else "" for listed in rows["listed"]],
        number=rows["hazard_id"].map(lambda number: (number,), na_action="ignore"),
        named=rows["major"],
    ).reset_index(drop=True)


def _listed(view: Rectification, rows: pd.DataFrame) -> pd.Series[bool]:
    """Listed for supervision (挂牌督办) at the cutoff and not taken off the list."""
    as_of = view.as_of(view.book.year)
    return (rows["listed_on"] <= as_of) & ~(rows["delisted_on"] <= as_of)


def clearance_table(view: Rectification) -> DataTable:
    """Project what is open, all and by level, each at its own pace of this year."""
    found = {level: _clearance(view, level) for level in LEVELS}
    rows = [{"level": LEVELS[level], **_projection(view, result)} for level, result in found.items()]
    horizons = [
        Column(f"open_{days}", f"{days}天后预计仍未整改", "number", 0, "条", (f"low_{days}", f"high_{days}"))
        for days in found["all"].open_after
    ]
    return DataTable(
        "clearance",
        pd.DataFrame(rows),
        (
            Column("level", "级别"),
            Column("open", "未整改", "count", unit="条"),
            Column("half", "预计过半日期"),
            Column("most", "预计九成日期"),
            *horizons,
        ),
        "未整改隐患按本年整改速度的推算（95%区间）",
        f"{len(view.events):,} 条隐患",
        note="超过观察期的部分按不再整改计；“推算不出”表示观察期内没有先例。全部与分级各按自己的速度推算，不相加。",
        enterprises=WHOLE_COUNTY,
    )


def _clearances(view: Rectification) -> Iterator[DataTable | Finding]:
    """Project what is open by source, department and sector, each at its own pace; largest backlog first."""
    parts = [
        {"by": GROUPS[dimension], "group": name, **_projection(view, _clearance_of(view, rows))}
        for dimension in ("source", "department", "sector")
        for name, rows in view.groups(dimension).items()
        if rows["hazards_pending"].any()
    ]
    if not parts:
        yield findings.full_count("没有未整改的隐患，不作分组推算。")
        return
    frame = pd.DataFrame(parts)
    frame["place"] = frame["by"].map({by: place for place, by in enumerate(dict.fromkeys(frame["by"]))})
    yield DataTable(
        "clearance-groups",
        frame.sort_values(["place", "open"], ascending=[True, False], kind="stable").reset_index(drop=True),
        (
            Column("by", "分组"),
            Column("group", "名称"),
            Column("open", "未整改", "count", unit="条"),
            Column("half", "预计过半日期"),
            Column("most", "预计九成日期"),
            Column("open_30", "30天后预计仍未整改", "number", 0, "条", ("low_30", "high_30")),
        ),
        "未整改隐患分来源、部门和行业领域，各按自己本年的整改速度推算（95%区间）",
        f"{int(view.events['hazards_pending'].sum()):,} 条未整改隐患",
        note="只列有未整改隐患的组；“推算不出”表示该组观察期内没有先例。记录少的组区间宽，日期只供安排复查参考。",
        enterprises=WHOLE_COUNTY,
    )


def _projection(view: Rectification, found: Clearance) -> dict[str, object]:
    row: dict[str, object] = {"open": found.half.n}
    for name, estimate in (("half", found.half), ("most", found.nine_tenths)):
        row[name] = _date(view, estimate.value) if found.half.n else formats.MISSING
    for days, estimate in found.open_after.items():
        row |= {f"open_{days}": estimate.value, f"low_{days}": estimate.low, f"high_{days}": estimate.high}
    return row


def _date(view: Rectification, days: float | None) -> str:
    return "推算不出" if days is None else formats.day(view.day + timedelta(days=days))


def _clearance(view: Rectification, level: str) -> Clearance:
    return _clearance_of(view, _of_level(view.events, level))


def _clearance_of(view: Rectification, rows: pd.DataFrame) -> Clearance:
    """What is open of these hazards, at their own pace."""
    waiting = rows[rows["hazards_pending"].astype(bool)]
    ages = (view.as_of(view.book.year) - pd.to_datetime(waiting["found_on"])).dt.days
    return survival.expected_clearance(curve(rows), ages)


def _of_level(rows: pd.DataFrame, level: str) -> pd.DataFrame:
    return rows if level == "all" else rows[rows["level"] == level]
