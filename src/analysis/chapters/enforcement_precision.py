"""Report 2, part: where enforcement lies (精准执法), what follows a finding, how fines spread."""

from __future__ import annotations

import pandas as pd

from analysis import vocabulary
from analysis.chapters import measures
from analysis.chapters.enforcement import Enforcement
from analysis.report import findings
from analysis.report.display import Displayable
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import precision, rates

ACTS = {
    "inspections": "检查",
    "notices_issued": "整改通知书",
    "penalties_issued": "行政处罚",
    "guidance_visits": "指导帮扶",
    "trainings": "培训",
}
FOUND = ("hazards_department_found", "major_hazards_department_found")
FINDINGS = "inspections_with_findings"


def tables(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """List where enforcement lies and what follows a finding, where the year has returns; then the fines."""
    if not view.known:
        need = "分行业的执法检查月报、隐患台账和监管企业数"
        return (findings.cannot_show("执法是否落在隐患多的行业", need), *_fines(view))
    return (match_table(view), follow_table(view), *_fines(view))


def _sectors(view: Enforcement) -> pd.DataFrame:
    """A row per sector: what was done, what departments found, and the enterprises."""
    more = measures.counts(view.book, [*FOUND, "regulated_enterprises"], "sector", view.book.year)
    table = view.sectors.join(more, how="outer").fillna(0.0)
    return table[~table.index.isin(["", vocabulary.SECTOR_TOTAL])]


def match_table(view: Enforcement) -> DataTable:
    """List, for each kind of act, how far it lies where hazards lie, over the industries."""
    table = measures.industries(_sectors(view))
    rows = [{"act": name, **_match(table, code)} for code, name in ACTS.items()]
    return DataTable(
        "enforcement-match",
        pd.DataFrame(rows),
        (
            Column("act", "执法行为"),
            Column("n", "总数", "count", unit="次"),
            Column("overlap", "与隐患分布重合", "share", 0, interval=("overlap_low", "overlap_high")),
            Column("index", "集中指数", "number", 2, interval=("index_low", "index_high")),
        ),
        "检查、处罚、帮扶和培训落在哪里：与部门发现的隐患在行业间的对应",
        f"{int(table[FOUND[0]].sum()):,} 条部门发现的隐患，{len(table)} 个行业",
        note=(
            "重合100%：该行为与隐患按同样比例分布在各行业。集中指数在−1与1之间：0表示每家企业得到的该行为与行业隐患多少无关，"
            "为正表示每家企业隐患多的行业得到的也多。隐患是检查发现的，检查本身的重合因此偏大。"
        ),
        enterprises=WHOLE_COUNTY,
    )


def _match(table: pd.DataFrame, code: str) -> dict[str, object]:
    same = precision.overlap(table[FOUND[0]], table[code])
    index = precision.concentration_index(table[code], table["regulated_enterprises"], table[FOUND[0]])
    return {
        "n": table[code].sum(),
        "overlap": same.value,
        "overlap_low": same.low,
        "overlap_high": same.high,
        "index": index.value,
        "index_low": index.low,
        "index_high": index.high,
    }


def follow_table(view: Enforcement) -> DataTable:
    """List by sector what follows a finding: penalties a major hazard, guidance and training a finding."""
    table = _sectors(view)
    table = table[table["inspections"] > 0].sort_values(FINDINGS, ascending=False, kind="stable")
    whole = table.sum().to_frame("全县").T
    frame = pd.DataFrame([_followed(str(code), row) for code, row in pd.concat([table, whole]).iterrows()])
    return DataTable(
        "enforcement-follow",
        frame,
        (
            Column("sector", "行业领域"),
            Column("findings", "发现隐患的检查", "count", unit="次"),
            Column("major", "部门发现重大隐患", "count", unit="条"),
            Column("penalties", "行政处罚", "count", unit="起"),
            Column("per_major", "处罚/重大隐患", "number", 2, interval=("low", "high")),
            Column("guidance", "每百次发现指导帮扶", "number", 1),
            Column("trainings", "每百次发现培训", "number", 1),
            Column("people", "培训", "count", unit="人次"),
        ),
        "发现隐患之后：每条重大隐患的处罚起数、每百次发现的指导帮扶和培训",
        f"{int(table[FINDINGS].sum()):,} 次发现隐患的检查",
        note="处罚不一定针对重大隐患，“处罚/重大隐患”是两个总数之比；同案处罚单位和个人的可能计为两起。",
        enterprises=WHOLE_COUNTY,
        emphasis="total",
    )


def _followed(code: str, row: pd.Series[float]) -> dict[str, object]:
    found, major = float(row[FINDINGS]), float(row[FOUND[1]])
    ratio = rates.rate(float(row["penalties_issued"]), major)
    return {
        "sector": code if code == "全县" else vocabulary.name("sector", code),
        "total": code == "全县",
        "findings": found,
        "major": major,
        "penalties": row["penalties_issued"],
        "per_major": ratio.value,
        "low": ratio.low,
        "high": ratio.high,
        "guidance": 100 * float(row["guidance_visits"]) / found if found else None,
        "trainings": 100 * float(row["trainings"]) / found if found else None,
        "people": row["people_trained"],
    }


def _fines(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """List the spread of the fines by sector, where decisions are listed one by one."""
    rows = view.book.penalties
    rows = rows[(rows["year"] == view.book.year) & rows["fine"].notna()]
    rows = rows.assign(fine=rows["fine"].astype(float), sector=rows["sector"].fillna(""))
    rows = rows[rows["fine"] > 0]
    if rows.empty:
        return (findings.cannot_show("罚款的中位数和差别", "逐件列出金额的行政处罚决定清单"),)
    parts = {_name(code): rows[rows["sector"] == code] for code in _largest_first(rows["sector"])}
    frame = pd.DataFrame([_spread(name, part) for name, part in [*parts.items(), ("全县", rows)]])
    return (
        DataTable(
            "fines",
            frame.assign(total=frame["sector"] == "全县"),
            (
                Column("sector", "行业领域"),
                Column("n", "罚款决定", "count", unit="份"),
                Column("median", "中位数（95%区间）", "money", interval=("low", "high")),
                Column("lower", "四分之一不超过", "money"),
                Column("upper", "四分之三不超过", "money"),
                Column("mean", "平均", "money"),
                Column("largest", "最大一笔占总额", "share"),
            ),
            "罚款的中位数和差别：平均数受个别大额罚款影响，看中位数",
            f"{len(rows):,} 份罚款决定",
            note="区间为次序统计量的精确区间，不足6份的没有区间。",
            enterprises="parties",
            emphasis="total",
        ),
    )


def _largest_first(sectors: pd.Series[str]) -> list[str]:
    sizes = sectors.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return [str(code) for code in sizes.index]


def _name(code: str) -> str:
    return vocabulary.name("sector", code) if code else "未分行业"


def _spread(name: str, rows: pd.DataFrame) -> dict[str, object]:
    found = precision.spread(rows["fine"])
    return {
        "sector": name,
        "n": len(rows),
        "median": found.median.value,
        "low": found.median.low,
        "high": found.median.high,
        "lower": found.lower_quartile,
        "upper": found.upper_quartile,
        "mean": None if found.mean is None else round(found.mean),
        "largest": found.largest_share,
        "parties": rows["party"].nunique(),
    }
