"""The office's workbook of incidents and activities: written out in worklog.yaml, not drawn by chance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from analysis import vocabulary

from .plan import Plan, read_yaml
from .writers import SheetCells, xlsx

INCIDENT_HEADERS = (
    *("事故发生时间", "事故报告时间", "乡镇", "行业领域", "死亡人数", "重伤人数"),
    *("直接经济损失（元）", "事故原因", "信息来源"),
)
ACTIVITY_HEADERS = (
    "活动日期",
    "活动类型",
    "活动内容",
    "乡镇",
    "组织单位",
    "参加人数",
    "印发文件数",
    "历时天数",
)


PLAN_HEADERS = (
    *("计划年度", "计划事项", "计划内容", "行业领域", "责任单位"),
    *("指标", "要求", "目标值", "完成时限"),
)


def worklog(plan: Plan, year: int) -> Iterator[tuple[str, bytes]]:
    """The year's workbook: path within the year's folder, and content."""
    log = read_yaml("worklog")
    planted = log["planted"] if plan.effects else {}
    sheets = [
        SheetCells("事故台账", [list(INCIDENT_HEADERS), *_incidents(log, planted, year)]),
        SheetCells("工作活动", [list(ACTIVITY_HEADERS), *_activities(plan, log, planted, year)]),
        SheetCells("年度计划", [list(PLAN_HEADERS), *_plan(log, planted, year)]),
    ]
    yield f"安委办/{year}年事故和工作活动台账（示例数据）.xlsx", xlsx(sheets)


def _incidents(log: dict[str, Any], planted: dict[str, Any], year: int) -> Iterator[list[Any]]:
    late = planted.get("late_report", {})
    for number, (occurred, minutes, township, sector, deaths, injured, loss, cause) in enumerate(
        log["incidents"][year]
    ):
        at = datetime.fromisoformat(str(occurred))
        is_late = (year, number) == (late.get("year"), late.get("incident"))
        told = at + timedelta(minutes=late["minutes"] if is_late else minutes)
        name = vocabulary.name("sector", sector)
        yield [
            f"{at:%Y-%m-%d %H:%M}",
            f"{told:%Y-%m-%d %H:%M}",
            township,
            name,
            deaths,
            injured,
            loss,
            cause,
            "单位报告",
        ]


def _activities(plan: Plan, log: dict[str, Any], planted: dict[str, Any], year: int) -> Iterator[list[Any]]:
    """What was held by the day to which the year's data run."""
    missing = planted.get("no_letter", {})
    rows = [
        [day, kind, title, "", holder, persons or "", documents or "", lasting]
        for kind, days, title, holder, persons, documents, lasting in log["activities"]
        for day in days
    ]
    letters = log["letters"]
    rows += [
        [letters["day"], "签订责任书", letters["title"], township, "", letters["persons"], "", 1]
        for township in plan.townships
        if (year, township) != (missing.get("year"), missing.get("township"))
    ]
    rows += [
        [letters["day"], "签订责任书", letters["title"], "", department, 1, "", 1]
        for department in sorted({spec["department"] for spec in plan.sectors.values()} | {"安委办"})
    ]
    dated = [[date.fromisoformat(f"{year}-{day}"), *rest] for day, *rest in rows]
    yield from sorted(
        (row for row in dated if row[0] <= plan.as_of[year]), key=lambda row: (row[0], row[1], row[3], row[4])
    )


def _plan(log: dict[str, Any], planted: dict[str, Any], year: int) -> Iterator[list[Any]]:
    """The commitments of a year, the same each year but for one target that is planted to be missed."""
    missed = planted.get("missed_target", {})
    for item, text, sector, owner, indicator, comparator, target, due in log["plan"]:
        raised = (year, indicator) == (missed.get("year"), missed.get("indicator"))
        name = vocabulary.name("indicator", indicator) if indicator else ""
        day = date.fromisoformat(f"{year}-{due}") if due else ""
        promised = missed["target"] if raised else target
        yield [year, item, text, sector, owner, name, comparator, promised, day]
