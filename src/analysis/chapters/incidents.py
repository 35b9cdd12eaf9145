"""Report 2, part: what happened in spite of it (生产安全事故): counts and harm, grades, reports, gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis import incidents, vocabulary
from analysis.book import Book
from analysis.chapters import measures, stated
from analysis.chapters.enforcement import FAMILIES
from analysis.report import findings, formats
from analysis.report.display import Displayable, Note
from analysis.report.edition import Edition
from analysis.report.findings import Finding, Subject
from analysis.report.tables import Column, DataTable
from analysis.stats import multiplicity, rates

NEEDED = "事故台账（发生时间、报告时间、行业领域、死亡和重伤人数、直接经济损失）"
HARM = {"deaths": "死亡", "serious_injuries": "重伤", "direct_loss": "直接经济损失"}
INTERNAL_ONLY = "逐起清单只在工作版中列出。"


@dataclass(frozen=True)
class Incidents:
    """The county's incidents over the years in scope, each year to the same cutoff day."""

    book: Book

    @cached_property
    def rows(self) -> pd.DataFrame:
        """A row per incident, with ``grade``, ``late`` and ``fatal``."""
        rows = self.book.incidents
        return rows.assign(
            grade=incidents.graded(rows), late=incidents.late(rows), fatal=(rows["deaths"] > 0).astype(int)
        )

    @cached_property
    def own(self) -> pd.DataFrame:
        """The incidents of the year reported on."""
        return self.rows[self.rows["year"] == self.book.year]

    @property
    def known(self) -> bool:
        """Whether the year has a list of incidents, which may be empty of what is counted."""
        return not self.own.empty


def answer(view: Incidents) -> tuple[Finding, ...]:
    """Count the year's incidents, compare with the year before, and name what needs looking into."""
    if not view.known:
        return (findings.cannot_show("事故情况", NEEDED),)
    return (_counted(view), *_against_last_year(view), *_reporting(view), *_missing(view))


def _counted(view: Incidents) -> Finding:
    rows = view.own
    grades = rows["grade"].value_counts().reindex(list(vocabulary.values("incident_grade")), fill_value=0)
    by_grade = "、".join(
        f"{name}{grades[code]}起"
        for code, name in vocabulary.values("incident_grade").items()
        if grades[code]
    )
    text = (
        f"记录事故{len(rows)}起（{by_grade}），其中亡人事故{int(rows['fatal'].sum())}起，"
        f"死亡{int(rows['deaths'].sum())}人、重伤{int(rows['serious_injuries'].fillna(0).sum())}人。"
    )
    return findings.full_count(text, ("incidents",))


def _against_last_year(view: Incidents) -> tuple[Finding, ...]:
    before = view.rows[view.rows["year"] == view.book.year - 1]
    if before.empty:
        return ()
    plain = rates.rate_ratio(len(view.own), 1, len(before), 1)
    (test,) = multiplicity.among([plain.test], FAMILIES)
    found = replace(plain, test=test)
    subject = Subject("", "事故起数", "count", "起", ("incidents",))
    return (findings.year_on_year(subject, len(view.own), len(before), found, "起数太少，需要更多年份"),)


def _reporting(view: Incidents) -> tuple[Finding, ...]:
    judged = incidents.delay(view.own).notna().sum()
    late = int(view.own["late"].sum())
    late_ones = f"{late}起从发生到报告超过1小时，需要核实是否迟报" if late else "均在发生后1小时内报告"
    text = f"有时刻可核的{judged}起事故中，{late_ones}。"
    return (findings.full_count(text, ("incident-rows",)),)


def _missing(view: Incidents) -> tuple[Finding, ...]:
    """Incidents that a penalty or the summary speaks of and the list lacks."""
    found = []
    penalties = view.book.penalties
    decided = penalties[penalties["year"] == view.book.year]
    if count := len(incidents.penalised_without_record(decided, view.rows)):
        found.append(
            f"{count}件行政处罚的案由写明发生事故，而事故台账中没有同行业、一年之内的事故，需要核实。"
        )
    said = stated.of_county(view.book, "accidents", view.book.year)
    if said is not None and said.value > len(view.own):
        found.append(f"总结写明事故{said.value:.0f}起，台账为{len(view.own)}起，需要核实。")
    return tuple(findings.full_count(text, ("incidents",)) for text in found)


def in_brief(view: Incidents) -> tuple[Finding, ...]:
    """One sentence for the leaders: the list's count with its exact limits, and what was reported late."""
    if not view.known:
        return ()
    counted = rates.rate(len(view.own), method="exact")
    limits = formats.interval(counted.low, counted.high, "number", 1)
    late = int(view.own["late"].sum())
    late_ones = f"，其中{late}起从发生到报告超过1小时，需要核实" if late else ""
    text = f"事故台账记录事故{len(view.own)}起（年发生数95%精确区间{limits}）{late_ones}。"
    sources = measures.rows_of(view.own, "事故台账")
    return (findings.full_count(text).resting_on(sources),)


def tables(view: Incidents) -> Iterable[Displayable | DataTable]:
    """List the years, the year's sectors, and the incidents themselves in the edition that shows rows."""
    if not view.known:
        return (findings.cannot_show("事故情况", NEEDED),)
    rows = Edition(view.book.parameters.edition).shows_rows
    return (by_year(view), by_sector(view), listed(view) if rows else Note(INTERNAL_ONLY))


def by_year(view: Incidents) -> DataTable:
    """Count incidents and harm by year, with exact limits of the number of incidents and of deaths."""
    return _harm_table(view.rows, "year", "incidents", "各年同期的事故起数、伤亡和直接经济损失")


def by_sector(view: Incidents) -> DataTable:
    """Count the year's incidents and harm by sector."""
    named = view.own.assign(sector=[vocabulary.name("sector", code) for code in view.own["sector"]])
    return _harm_table(named, "sector", "incident-sectors", "本年各行业领域的事故起数、伤亡和直接经济损失")


def _harm_table(rows: pd.DataFrame, by: str, key: str, caption: str) -> DataTable:
    summed = rows.assign(**{name: rows[name].astype(float) for name in HARM}).groupby(by)
    frame = summed[["fatal", *HARM]].sum().assign(incidents=summed.size()).reset_index()
    limits = {name: rates.rates(frame[name], [1.0] * len(frame)) for name in ("incidents", "deaths")}
    for name, estimates in limits.items():
        frame[f"{name}_low"] = [estimate.low for estimate in estimates]
        frame[f"{name}_high"] = [estimate.high for estimate in estimates]
    first = Column("year", "年份") if by == "year" else Column("sector", "行业领域")
    return DataTable(
        key,
        frame.assign(**({"year": frame["year"].astype(str)} if by == "year" else {})),
        (
            first,
            Column("incidents", "事故（95%区间）", "number", 0, "起", ("incidents_low", "incidents_high")),
            Column("fatal", "亡人事故", "count", unit="起"),
            Column("deaths", "死亡（95%区间）", "number", 0, "人", ("deaths_low", "deaths_high")),
            Column("serious_injuries", "重伤", "count", unit="人"),
            Column("direct_loss", "直接经济损失", "money"),
        ),
        caption,
        f"{len(rows):,} 起事故",
        note="区间为泊松精确区间，供比较之用；起数很少时，相邻年份的差别多在偶然范围之内。",
    )


def listed(view: Incidents) -> DataTable:
    """List the year's incidents with grade and time to the report."""
    rows = view.own
    minutes = incidents.delay(rows).dt.total_seconds() / 60
    return DataTable(
        "incident-rows",
        rows.assign(
            occurred=rows["occurred_at"].dt.strftime("%Y-%m-%d %H:%M"),
            sector=[vocabulary.name("sector", code) for code in rows["sector"]],
            grade=rows["grade"].map(vocabulary.values("incident_grade")),
            minutes=minutes,
            judged=rows["late"].map({True: "超过1小时，待核实", False: ""}),
            place=rows["file"] + " 第" + rows["row"].astype(str) + "行",
        ).reset_index(drop=True),
        (
            Column("occurred", "发生时间"),
            Column("township", "乡镇"),
            Column("sector", "行业领域"),
            Column("grade", "等级"),
            Column("deaths", "死亡", "count", unit="人"),
            Column("serious_injuries", "重伤", "count", unit="人"),
            Column("minutes", "发生到报告", "number", 0, "分钟"),
            Column("judged", "报告时限"),
            Column("place", "所在行"),
        ),
        "本年事故逐起情况",
        f"{len(rows):,} 起事故",
        note=(
            "等级和一小时报告时限依据《生产安全事故报告和调查处理条例》（国务院令第493号）第三条、第九条；"
            "时限从单位负责人接报起算，台账只有发生时间，超时的需核实。"
        ),
    )
