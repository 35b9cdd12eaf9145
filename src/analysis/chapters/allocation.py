"""Report 9: where to inspect next year (明年往哪里查), under today's inspections and under better ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import measures
from analysis.chapters.imbalance import Imbalance
from analysis.report import figures, findings
from analysis.report.display import Displayable, Figure, Headline, Note, chart
from analysis.report.findings import Finding
from analysis.report.tables import Column, DataTable
from analysis.stats import allocation
from analysis.stats.allocation import Allocation

DEFINED = ("inspections", "major_hazards_department_found", "yield_per_inspection")
"""Indicators that the report defines."""
NEEDED = "两个以上行业的检查次数、监管企业数和部门发现的重大隐患，且各行业下限之和不超出今年的检查次数"


@dataclass(frozen=True)
class Plan:
    """The year's inspections by industry, what they found, and the allocations that could follow."""

    book: Book

    @cached_property
    def sectors(self) -> pd.DataFrame:
        """A row per industry with inspections: today's number, found, floor and ceiling.

        The floor is the law's number or a share of today's inspections, whichever is larger (settings); the
        ceiling is one visit to every enterprise.
        """
        table = Imbalance(self.book, "major").compared
        today = table["inspections"].astype(int)
        share = self.book.settings.minimum_inspection_share
        floors = self.book.settings.inspection_floors
        law = np.array([floors.get(str(code), 0) for code in table.index])
        return pd.DataFrame(
            {
                "today": today,
                "found": table["department"].astype(int),
                "floor": np.minimum(np.maximum(np.ceil(today * share), law), table["enterprises"]).astype(
                    int
                ),
                "ceiling": table["enterprises"].astype(int),
            },
            index=table.index,
        )

    @property
    def known(self) -> bool:
        """Whether there is anything to choose between, with room for the floors within today's total."""
        table = self.sectors
        return len(table) > 1 and table["found"].sum() > 0 and table["floor"].sum() <= table["today"].sum()

    @cached_property
    def frontier(self) -> tuple[Allocation, ...]:
        """The best allocation for each share of the inspections that may move."""
        table = self.sectors
        return allocation.frontier(
            table["found"], table["today"], floors=table["floor"], ceilings=table["ceiling"]
        )

    @cached_property
    def recommended(self) -> Allocation | None:
        """The allocation with the largest certain gain; None where none is certain."""
        return allocation.recommended(self.frontier) if self.known else None

    @property
    def proposed(self) -> Allocation:
        """What is recommended, else today's inspections as far as floors and ceilings let them stay."""
        return self.recommended or self.frontier[0]


def headlines(view: Plan) -> tuple[Headline, ...]:
    """Open with today's inspections, what they found, and what the same number is expected to find."""
    if not view.known:
        return (Headline("inspections_today", "检查", None, "次"),)
    planned, moved = sum(view.proposed.inspections), view.proposed.moved
    today, found = (int(view.sectors[name].sum()) for name in ("today", "found"))
    visits, hits = (measures.evidence(view.book, code, view.book.year) for code in DEFINED[:2])
    return (
        Headline("inspections_today", "检查（可比行业）", today, "次", evidence=visits),
        Headline("major_found_today", "其中发现重大隐患", found, "条", evidence=hits),
        Headline("inspections_planned", "建议检查", planned, "次", basis=f"其中调入 {moved:,} 次"),
    )


def answer(view: Plan) -> tuple[Finding, ...]:
    """Say what moving inspections is expected to bring, as far as the interval carries it."""
    if not view.known:
        return (findings.cannot_show("明年检查怎样安排更好", NEEDED),)
    best = view.proposed
    more, less = _moves(view, best)
    totals = (int(view.sectors["today"].sum()), sum(best.inspections))
    if view.recommended is None:
        return (findings.no_better_allocation(best.gain, totals, less, ("frontier", "plan")),)
    return (findings.better_allocation(best.gain, totals, more, less, ("frontier", "plan")),)


def _moves(view: Plan, best: Allocation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The industries that get more and fewer inspections, the largest change first."""
    change = pd.Series(best.inspections, index=view.sectors.index) - view.sectors["today"]
    ordered = change.reindex(change.abs().sort_values(ascending=False, kind="stable").index)
    named = [(vocabulary.name("sector", str(code)), int(by)) for code, by in ordered.items()]
    return tuple(name for name, by in named if by > 0), tuple(name for name, by in named if by < 0)


def shown(view: Plan) -> Iterable[Displayable | DataTable]:
    """Draw the frontier, then list today's and the recommended inspections by industry."""
    if not view.known:
        return (findings.cannot_show("检查安排的比较", NEEDED),)
    return (frontier_figure(view), plan_table(view), Note(_caveat(view), "warning"))


def frontier_figure(view: Plan) -> Figure:
    """Draw what is expected to be found for each number of inspections that change their industry."""
    frame = pd.DataFrame(
        {
            "label": [f"调入{plan.moved:,}次，共{sum(plan.inspections):,}次" for plan in view.frontier],
            "expected": [plan.expected.value for plan in view.frontier],
            "low": [plan.expected.low for plan in view.frontier],
            "high": [plan.expected.high for plan in view.frontier],
            "gain": [plan.gain.value for plan in view.frontier],
            "gain_low": [plan.gain.low for plan in view.frontier],
            "gain_high": [plan.gain.high for plan in view.frontier],
        }
    ).drop_duplicates("label")
    table = DataTable(
        "frontier",
        frame,
        (
            Column("label", "检查的安排"),
            Column("expected", "预期发现重大隐患（95%区间）", "number", 0, "条", ("low", "high")),
            Column("gain", "与今年安排之差（95%区间）", "number", 0, "条", ("gain_low", "gain_high")),
        ),
        "不超出今年的检查总次数，调整多少次、预期发现多少条重大隐患",
        f"{len(view.sectors)} 个可比行业，{int(view.sectors['today'].sum()):,} 次检查",
    )
    return chart(
        figures.bars_with_intervals,
        table,
        alt=lambda masked: f"{len(masked)}种安排的预期发现数，从不调整到最大调整，附95%区间。",
        label="label",
        value="expected",
        low="low",
        high="high",
    )


def plan_table(view: Plan) -> DataTable:
    """List today's inspections, the floor, the ceiling and the recommended number by industry."""
    table = view.sectors
    proposed = pd.Series(view.proposed.inspections, index=table.index)
    frame = table.assign(
        sector=[vocabulary.name("sector", str(code)) for code in table.index],
        proposed=proposed,
        change=proposed - table["today"],
        rate=table["found"] / table["today"],
    ).sort_values(["change", "today"], ascending=False, kind="stable")
    return DataTable(
        "plan",
        frame.reset_index(drop=True),
        (
            Column("sector", "行业领域"),
            Column("today", "今年检查", "count", unit="次"),
            Column("found", "发现重大隐患", "count", unit="条"),
            Column("rate", "每次检查发现", "number", 3, "条"),
            Column("floor", "最少", "count", unit="次"),
            Column("ceiling", "最多", "count", unit="次"),
            Column("proposed", "建议安排", "count", unit="次"),
            Column("change", "调整", "number", 0, "次"),
        ),
        "各行业今年的检查和建议的安排",
        f"{int(table['today'].sum()):,} 次检查",
        note="排序用的是收缩后的检出率，不是表中的原始值：检查很少的行业，原始值靠不住。",
    )


def _caveat(view: Plan) -> str:
    share = view.book.settings.minimum_inspection_share
    return (
        "检出率来自有针对性的检查：一个行业查得更多，后加的检查可能发现得更少，预期数是上限而不是承诺。"
        f"每个行业以今年检查的{share:.0%}和法定次数（设置 inspection_floors）中较大的作下限，"
        "以每家企业一次作上限；"
        "没有设置的行业，法定频次超出下限的请以法定频次为准。"
        "国家要求规范涉企检查，这里的总次数不超出今年，一家企业多次检查的行业因此调减。"
    )
