"""Report 5, part: does each major hazard cite a standard that was in force on the day it was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import standards, vocabulary
from analysis.book import Book
from analysis.report import findings
from analysis.report.display import Displayable, Note
from analysis.report.edition import Edition
from analysis.report.tables import Column, DataTable

NEEDED = "台账中的重大隐患及其判定标准"
LISTED = ("not_yet", "outdated", "unregistered", "missing")
"""Verdicts whose hazards are listed row by row."""
INTERNAL_ONLY = "逐条清单涉及原始文件和内容，只在工作版中列出。"


@dataclass(frozen=True)
class Criteria:
    """The year's major hazards with what is to be said of their criterion."""

    book: Book

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The year's major hazards with ``standard``, ``verdict`` and ``certain``: see standards.judge."""
        rows = self.book.hazards
        rows = rows[rows["year"] == self.book.year]
        verdicts = standards.judge(rows)
        return rows.loc[verdicts.index].join(verdicts)


def tables(view: Criteria) -> Iterable[Displayable | DataTable]:
    """Count the verdicts by standard, and list what needs to be looked at."""
    if view.judged.empty:
        return (findings.cannot_show("判定标准是否有效", NEEDED),)
    shows_rows = Edition(view.book.parameters.edition).shows_rows
    return (by_standard(view), listed(view) if shows_rows else Note(INTERNAL_ONLY))


def by_standard(view: Criteria) -> DataTable:
    """Count the major hazards by the standard they cite and what holds of it on the day they were found."""
    rows = view.judged.assign(
        standard=view.judged["standard"].map(_named, na_action="ignore").fillna("未引用已登记的标准")
    )
    counts = rows.groupby(["standard", "verdict", "certain"], as_index=False).agg(
        count=("hazard_id", "size"), behind=("enterprise", "nunique")
    )
    order = {verdict: place for place, verdict in enumerate(standards.VERDICTS)}
    counts = counts.sort_values(
        ["verdict", "count", "standard"],
        key=lambda column: column.map(order) if column.name == "verdict" else column,
        kind="stable",
    )
    frame = counts.assign(
        verdict=counts["verdict"].map(vocabulary.values("criterion_verdict")),
        basis=counts["certain"].map({True: "施行日期已核实", False: "施行日期未核实，仅供参考"}),
    )
    return DataTable(
        "criteria",
        frame.reset_index(drop=True),
        (
            Column("standard", "引用的判定标准"),
            Column("verdict", "发现之日"),
            Column("count", "重大隐患", "count", unit="条"),
            Column("basis", "依据"),
        ),
        "重大隐患引用的判定标准在发现之日是否有效",
        f"{len(view.judged):,} 条重大隐患",
        note="标准及其施行日期见词表 standards.csv；只核对引用的是哪一个标准，不核对条款。",
        enterprises="behind",
    )


def listed(view: Criteria) -> Displayable | DataTable:
    """List the major hazards whose criterion is missing, unknown, outdated or not yet in force."""
    rows = view.judged[view.judged["verdict"].isin(LISTED)]
    if rows.empty:
        return Note("没有需要逐条核对的判定标准。")
    place = rows["file"] + " 第" + rows["row"].astype(str) + "行"
    grouped = rows.assign(place=place, criterion=rows["criterion"].fillna("（空）")).groupby(
        ["verdict", "sector", "criterion"]
    )
    frame = grouped.agg(count=("place", "size"), places=("place", tuple)).reset_index()
    return DataTable(
        "criteria-rows",
        frame.assign(
            verdict=frame["verdict"].map(vocabulary.values("criterion_verdict")),
            sector=[vocabulary.name("sector", code) for code in frame["sector"]],
        ),
        (
            Column("sector", "行业领域"),
            Column("criterion", "判定标准"),
            Column("verdict", "发现之日"),
            Column("count", "重大隐患", "count", unit="条"),
            Column("places", "所在行", "evidence"),
        ),
        "判定标准需要核对的重大隐患",
        f"{len(rows):,} 条重大隐患",
    )


def _named(code: str) -> str:
    standard = vocabulary.standards()[code]
    return f"{standard.name_zh}（{standard.number}）"
