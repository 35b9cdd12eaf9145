"""Report 5, part: how long hazards wait for their entry in the ledger (录入及时性), and who records late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.book import Book
from analysis.report import figures, findings, formats
from analysis.report.display import Displayable, Figure, chart
from analysis.report.findings import Finding, Subject
from analysis.report.tables import Column, DataTable
from analysis.stats import precision, survival
from analysis.stats.results import Estimate, TestResult

UNNAMED = "未注明"
NEEDED = "台账中的发现日期和录入日期"
MEASURE = "从发现到录入"
BANDS = (("当日", 0), ("1–3天", 3), ("4–7天", 7), ("8–30天", 30), ("30天以上", np.inf))
"""Bands of delay and the longest day of each."""
LISTED_AT_MOST = 3


@dataclass(frozen=True)
class Pace:
    """A department's median days to the entry, that of all others, and the adjusted test between them."""

    department: str
    own: Estimate
    others: Estimate
    test: TestResult


@dataclass(frozen=True)
class Recording:
    """The year's hazards with the days between discovery and entry; only those that carry both days."""

    book: Book

    @cached_property
    def events(self) -> pd.DataFrame:
        """A row per hazard with an entry day: department, enterprise, found_on, days."""
        rows = self.book.hazards
        rows = rows[(rows["year"] == self.book.year) & rows["recorded_on"].notna()]
        days = (rows["recorded_on"] - rows["found_on"]).dt.days.astype(float)
        named = rows["department"].fillna(UNNAMED)
        return rows[["enterprise", "found_on"]].assign(department=named, days=days)

    @cached_property
    def entries(self) -> pd.DataFrame:
        """One row for the hazards of one enterprise found on one day: they are entered together."""
        together = self.events.groupby(["department", "enterprise", "found_on"])
        return together[["days"]].first().reset_index()

    @cached_property
    def paces(self) -> tuple[Pace, ...]:
        """Every department against all others, slowest first; nothing with fewer than two departments."""
        rows = self.entries
        if rows["department"].nunique() < 2:
            return ()
        happened = np.ones(len(rows), dtype=bool)
        tests = survival.log_rank_each(rows["days"], happened, rows["department"])
        found = [_pace(rows, name, test) for name, test in tests.items()]
        return tuple(sorted(found, key=lambda pace: (-(pace.own.value or 0.0), pace.department)))


def _pace(rows: pd.DataFrame, name: str, test: TestResult) -> Pace:
    own = rows["department"] == name
    return Pace(name, _median(rows["days"][own]), _median(rows["days"][~own]), test)


def _median(days: pd.Series[float]) -> Estimate:
    """The median of order statistics: no entry is open, and whole days tie too often for a curve's limits."""
    return precision.spread(days).median


def late(view: Recording) -> tuple[Finding, ...]:
    """Name the departments that record late, as far as interval and adjusted test carry it."""
    if view.events.empty:
        return (findings.cannot_show("录入是否及时", NEEDED),)
    if not view.paces:
        return (findings.cannot_show("部门之间录入快慢的差别", "两个以上部门的台账"),)
    carried = [pace for pace in view.paces if _late(pace)]
    if not carried:
        return (findings.none_late(len(view.paces), ("recording",)),)
    return tuple(_finding(pace) for pace in carried[:LISTED_AT_MOST])


def _late(pace: Pace) -> bool:
    return pace.test.significant() and findings.slower(pace.own, pace.others)


def _finding(pace: Pace) -> Finding:
    subject = Subject(pace.department, MEASURE, evidence=("recording",))
    return findings.pace(subject, pace.own, pace.others, pace.test, "需要更多录入记录")


def shown(view: Recording) -> Iterable[Displayable | DataTable]:
    """Draw and list the delays by department, where there are any."""
    if view.events.empty:
        return (findings.cannot_show("从发现到录入的天数", NEEDED),)
    return (delay_figure(view), delay_table(view))


def delay_table(view: Recording) -> DataTable:
    """List each department's delays: typical, spread, longest, and how many took more than a week."""
    paces = {pace.department: pace for pace in view.paces}
    rows = [_row(str(name), days, paces) for name, days in view.entries.groupby("department")["days"]]
    counts = view.events.groupby("department")["enterprise"].agg(n="size", behind="nunique")
    frame = pd.DataFrame(rows).join(counts, on="department")
    return DataTable(
        "recording",
        frame.sort_values(["median", "n"], ascending=False, kind="stable").reset_index(drop=True),
        (
            Column("department", "部门"),
            Column("n", "有录入日期", "count", unit="条"),
            Column("entries", "合并后", "count", unit="次"),
            Column("median", "中位天数（95%区间）", "number", 0, "天", ("low", "high")),
            Column("tenth", "九成不超过", "number", 0, "天"),
            Column("longest", "最长", "count", unit="天"),
            Column("week", "超过7天", "share"),
            Column("p", "与其余比较的p值"),
        ),
        "各部门从发现到录入台账的天数",
        f"{len(view.events):,} 条有录入日期的隐患",
        note=(
            "同一企业同日发现的隐患合并为一次，天数、区间和检验都按次计。"
            "截止日后才录入的隐患不在其中，临近截止日发现的因此偏短。log-rank检验按Holm法校正。"
        ),
        enterprises="behind",
    )


def _row(name: str, days: pd.Series[float], paces: dict[str, Pace]) -> dict[str, object]:
    median = _median(days)
    return {
        "department": name,
        "entries": len(days),
        "median": median.value,
        "low": median.low,
        "high": median.high,
        "tenth": float(np.ceil(days.quantile(0.9))),
        "longest": days.max(),
        "week": float((days > 7).mean()),
        "p": formats.p_value(paces[name].test.adjusted_p if name in paces else None),
    }


def delay_figure(view: Recording) -> Figure:
    """Draw each department's hazards by band of delay, as shares."""
    edges = [-1.0, *(longest for _, longest in BANDS)]
    names = [name for name, _ in BANDS]
    rows = view.events.assign(band=pd.cut(view.events["days"], edges, labels=names).astype(str))
    order = rows.groupby("department")["days"].median().sort_values(ascending=False, kind="stable").index
    counted = rows.groupby(["department", "band"]).agg(
        found=("days", "size"), behind=("enterprise", "nunique")
    )
    every = pd.MultiIndex.from_product([order, names], names=["department", "band"])
    frame = counted.reindex(every, fill_value=0).reset_index()
    frame["share"] = frame["found"] / frame.groupby("department")["found"].transform("sum")
    table = DataTable(
        "recording-bands",
        frame,
        (
            Column("department", "部门"),
            Column("band", "天数"),
            Column("found", "隐患", "count", unit="条"),
            Column("share", "占该部门", "share", 0),
        ),
        "各部门的隐患在发现后多久录入台账",
        f"{len(rows):,} 条有录入日期的隐患",
        enterprises="behind",
    )
    return chart(
        figures.heatmap,
        table,
        alt=lambda masked: (
            f"{masked['department'].nunique()}个部门按发现到录入的天数分为{len(BANDS)}段，颜色为占该部门的比例。"
        ),
        row="department",
        column="band",
        value="share",
        columns=names,
        kind="share",
    )
