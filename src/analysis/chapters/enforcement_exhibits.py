"""Tables and figures of report 2: the years, the months, the sectors."""

from __future__ import annotations

import pandas as pd

from analysis import vocabulary
from analysis.chapters.enforcement import COUNTED, RATIOS, Enforcement, Ratio, plain_rows
from analysis.disclosure import catalogue
from analysis.report import figures, findings, formats
from analysis.report.display import Displayable, Figure, chart
from analysis.report.released import ByGroup, ByYear
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable


def year_figures(view: Enforcement, *codes: str) -> tuple[Displayable | DataTable, ...]:
    """Draw measures over the years, where any year has returns."""
    if view.years.empty:
        return (findings.cannot_show("历年执法检查的变化", "分月、分行业的执法检查月报"),)
    return tuple(rate_figure(view, code) for code in codes)


def year_tables(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """List the years' counts and rates, where any year has returns."""
    if view.years.empty:
        return (findings.cannot_show("历年执法检查的数量和比率", "分月、分行业的执法检查月报"),)
    return (year_table(view), rate_table(view))


def month_figures(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """Draw the year's months, where it has returns."""
    if not view.known:
        return (findings.cannot_show("年内各月的检查与发现", "分月的执法检查月报"),)
    return (month_figure(view),)


def sector_tables(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """List enforcement by sector, where the year has returns."""
    if not view.known:
        return (findings.cannot_show("各行业的检查与处罚", "分行业的执法检查月报"),)
    return (sector_table(view),)


def year_table(view: Enforcement) -> DataTable:
    """List every year's counts at the same cutoff, a row per count."""
    names = {code: vocabulary.indicators()[code] for code in COUNTED}
    years = [f"{int(year)}年" for year in view.years.index]
    frame = view.years.T.set_axis(years, axis="columns").reset_index(drop=True)
    frame.insert(0, "code", list(names))
    frame.insert(0, "indicator", [f"{name.name_zh}（{name.unit}）" for name in names.values()])
    missing = "、".join(f"{year}年" for year in view.book.missing_years)
    return DataTable(
        "enforcement-years",
        frame,
        (Column("indicator", "指标"), *(Column(year, year, "count") for year in years)),
        "历年执法检查、处罚、指导和培训的数量，均截至同一日期",
        f"{len(years)} 个年份",
        note=f"缺少数据的基期年份：{missing}。" if missing else "",
        enterprises=WHOLE_COUNTY,
        released=ByYear("code", {year: int(year.removesuffix("年")) for year in years}, ("indicator",)),
    )


def rate_table(view: Enforcement) -> DataTable:
    """List every year's measures per inspection with their intervals."""
    rows = []
    for year in view.years.index:
        row: dict[str, object] = {
            "number": int(year),
            "year": f"{int(year)}年",
            "n": view.years.loc[year, "inspections"],
        }
        for code, ratio in RATIOS.items():
            found = view.rate(ratio, int(year))
            row |= {code: found.value, f"{code}_low": found.low, f"{code}_high": found.high}
        rows.append(row)
    columns = [
        Column(code, ratio.name, ratio.kind, interval=(f"{code}_low", f"{code}_high"))
        for code, ratio in RATIOS.items()
    ]
    return DataTable(
        "enforcement-rates",
        pd.DataFrame(rows),
        (Column("year", "年份"), Column("n", "检查", "count", unit="次"), *columns),
        "每次检查发现了什么、带来了什么：历年比率与95%区间",
        f"{int(view.years['inspections'].sum()):,} 次检查",
        note="检查对象并非随机抽取，发现率不等于企业存在隐患的比例。",
        enterprises=WHOLE_COUNTY,
        released=ByGroup(
            catalogue.COUNTY,
            "number",
            {"n": ("inspections",), **{code: (ratio.part, ratio.whole) for code, ratio in RATIOS.items()}},
            labels=("year",),
            limits=tuple(RATIOS),
        ),
    )


def rate_figure(view: Enforcement, code: str) -> Figure:
    """Draw one measure over the years with its interval."""
    ratio = RATIOS[code]
    found = {int(year): view.rate(ratio, int(year)) for year in view.years.index}
    frame = pd.DataFrame(
        [{"year": year, "value": e.value, "low": e.low, "high": e.high} for year, e in found.items()]
    ).assign(n=view.years["inspections"].to_numpy())
    kind = ratio.kind
    shown = DataTable(
        f"years-{code}",
        frame,
        (
            Column("year", "年份"),
            Column("value", ratio.name, kind, interval=("low", "high")),
            Column("n", "检查", "count", unit="次"),
        ),
        lambda masked: _first_and_last(ratio, masked),
        f"{int(frame['n'].sum()):,} 次检查",
        enterprises=WHOLE_COUNTY,
        released=ByGroup(
            catalogue.COUNTY,
            "year",
            {"value": (ratio.part, ratio.whole), "n": ("inspections",)},
            labels=("year",),
            limits=("value",),
        ),
    )
    return chart(
        figures.yearly_dots,
        shown,
        alt=lambda masked: f"{len(masked)}个年份的{ratio.name}，每年一点，竖线为95%区间。",
        year="year",
        value="value",
        low="low",
        high="high",
        kind=kind,
        axis=ratio.name,
    )


def _first_and_last(ratio: Ratio, frame: pd.DataFrame) -> str:
    """The measure in words at both ends of the years that are shown."""
    known = frame[frame["value"].notna()]
    ends = [known.iloc[0], known.iloc[-1]] if len(known) > 1 else [*known.to_dict("records")]
    told = (f"{int(row['year'])}年{formats.as_kind(row['value'], ratio.kind)}" for row in ends)
    return f"历年{ratio.name}：{'，'.join(told)}（竖线为95%区间）"


def month_figure(view: Enforcement) -> Figure:
    """Draw the year's inspections and those with findings by month."""
    names = {"inspections": "检查次数", "inspections_with_findings": "发现隐患的检查"}
    rows = [
        {"month": int(month), "series": label, "code": code, "value": view.months.loc[month, code]}
        for code, label in names.items()
        for month in view.months.index
    ]
    shown = DataTable(
        "months",
        pd.DataFrame(rows, columns=["month", "series", "code", "value"]),
        (
            Column("month", "月份", "number", 0),
            Column("series", "指标"),
            Column("value", "次数", "count", unit="次"),
        ),
        f"{view.book.year}年各月检查次数与发现隐患的检查",
        f"{int(view.months['inspections'].sum()):,} 次检查，{len(view.months)} 个月",
        note="没有月报的月份留空，不作零。",
        enterprises=WHOLE_COUNTY,
        released=ByGroup(
            catalogue.MONTH,
            view.book.year,
            {"value": tuple(names)},
            ("month",),
            ("month", "series"),
        ),
    )
    return chart(
        figures.monthly_lines,
        shown,
        alt=lambda masked: f"{masked['month'].nunique()}个月的两条折线：检查次数、发现隐患的检查次数。",
        month="month",
        value="value",
        series="series",
        axis="次",
    )


def sector_table(view: Enforcement) -> DataTable:
    """List enforcement by sector: counts, and what an inspection found with its interval."""
    table = view.sectors[view.sectors["inspections"] > 0].sort_values("inspections", ascending=False)
    hit = [RATIOS["hit_rate"].estimate(counts) for counts in plain_rows(table)]
    limits = pd.DataFrame([(e.value, e.low, e.high) for e in hit], table.index, ["hit", "low", "high"])
    names = [vocabulary.name("sector", str(code)) if code else "未分行业" for code in table.index]
    frame = table.join(limits).assign(code=table.index, sector=names)
    return DataTable(
        "enforcement-sectors",
        frame.reset_index(drop=True),
        (
            Column("sector", "行业领域"),
            _count_column("inspections"),
            Column("hit", "发现率（95%区间）", "share", interval=("low", "high")),
            *(
                _count_column(code)
                for code in ("notices_issued", "penalties_issued", "fines", "guidance_visits")
            ),
        ),
        "分行业的检查、发现率与处罚",
        f"{int(table['inspections'].sum()):,} 次检查",
        note="行业间比较受检查对象选择影响，不排名。",
        enterprises=WHOLE_COUNTY,
        released=ByGroup(
            catalogue.SECTOR,
            view.book.year,
            {"inspections": ("inspections",), "hit": ("inspections_with_findings", "inspections")},
            ("code",),
            ("sector",),
            ("hit",),
        ),
    )


def _count_column(code: str) -> Column:
    indicator = vocabulary.indicators()[code]
    return Column(
        code, indicator.name_zh, "money" if indicator.kind == "money" else "count", unit=indicator.unit
    )
