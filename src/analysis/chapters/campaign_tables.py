"""The evidence of report 4: effort, what inspections found, the ratios, and what the summary states."""

from __future__ import annotations

import pandas as pd

from analysis import vocabulary
from analysis.chapters import measures
from analysis.chapters.campaigns import (
    DRAWN,
    MEASURES,
    RETURNS_NEEDED,
    Campaigns,
    Measure,
    mechanisms,
    name_of,
)
from analysis.disclosure import catalogue
from analysis.report import figures, findings
from analysis.report.display import Displayable, chart
from analysis.report.edition import Edition
from analysis.report.released import ByGroup
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import rates
from analysis.stats.results import Estimate
from analysis.sums import LEDGER_INDICATORS


def tables(view: Campaigns) -> tuple[Displayable | DataTable, ...]:
    """List the campaigns: effort and what was found, then what each inspection found."""
    if view.table.empty:
        return (findings.cannot_show("各专项的数量", RETURNS_NEEDED), *mechanisms(view))
    return (effort_table(view), rate_table(view), *mechanisms(view))


def comparisons(view: Campaigns) -> tuple[Displayable | DataTable, ...]:
    """Draw each measure inside over outside, where any campaign can be compared."""
    if view.table.empty:
        return (findings.cannot_show("专项与同行业专项外检查的差别", RETURNS_NEEDED),)
    return tuple(comparison_figure(view, name) for name in DRAWN)


def effort_table(view: Campaigns) -> DataTable:
    """List each campaign's effort, what it found and what followed."""
    whole = view.county["inspections"]
    frame = view.table.assign(
        code=view.table.index,
        campaign=[name_of(str(code)) for code in view.table.index],
        share=view.table["inspections"] / whole if whole else None,
        inspector_person_times=view.table["inspector_person_times"].where(lambda times: times > 0),
    )
    return DataTable(
        "campaigns",
        frame.reset_index(drop=True),
        (
            Column("campaign", "专项"),
            Column("inspections", "检查", "count", unit="次"),
            Column("share", "占全县检查", "share"),
            Column("inspector_person_times", "执法", "count", unit="人次"),
            Column("hazards_found", "隐患", "count", unit="条"),
            Column("major_hazards_found", "重大", "count", unit="条"),
            Column("hazards_rectified", "已整改", "count", unit="条"),
            Column("notices_issued", "通知书", "count", unit="份"),
            Column("penalties_issued", "处罚", "count", unit="起"),
            Column("fines", "罚款", "money"),
        ),
        "各专项的投入、发现与后续，按检查次数排列",
        f"{len(frame)} 个专项，{frame['inspections'].sum():,.0f} 次检查",
        note="检查、通知书和处罚来自执法月报，隐患来自台账。专项的数字只覆盖该专项，不等于全县。",
        enterprises="behind",
        released=_released(
            view,
            inspections=("inspections",),
            share=("inspections", f"{catalogue.COUNTY}:inspections"),
            hazards_found=("hazards_found",),
            major_hazards_found=("major_hazards_found",),
            hazards_rectified=("hazards_rectified",),
        ),
    )


def _released(view: Campaigns, **columns: tuple[str, ...]) -> ByGroup:
    """Which counts of its campaign each column is made of; an interval only of a measure without spread."""
    return ByGroup(
        catalogue.CAMPAIGN, view.book.year, columns, ("code",), ("campaign",), limits=("hit_rate", "ratio")
    )


def rate_table(view: Campaigns) -> DataTable:
    """List what each campaign's inspections found, beside the whole county's."""
    rows = [_rates(view, name_of(str(code)), row) | {"code": code} for code, row in view.table.iterrows()]
    behind = view.events["enterprise"].nunique()
    county = _rates(view, "全县（含专项）", view.county) | {"total": True, "behind": behind, "code": ""}
    public = Edition(view.book.parameters.edition).suppresses
    released = _released(  # of a campaign's own cells, so the county's row stays out of that edition
        view,
        n=("inspections",),
        **{"yield": ("hazards_department_found", "inspections")},
        hit_rate=("inspections_with_findings", "inspections"),
        major_share=("major_hazards_found", "hazards_found"),
    )
    return DataTable(
        "campaign-rates",
        pd.DataFrame(rows if public else [*rows, county]),
        (
            Column("campaign", "专项"),
            Column("n", "检查", "count", unit="次"),
            Column("yield", "检出率", "number", 2, "条/次", ("yield_low", "yield_high")),
            Column("hit_rate", "发现率", "share", interval=("hit_rate_low", "hit_rate_high")),
            Column("major_share", "重大隐患占比", "share", interval=("major_share_low", "major_share_high")),
            Column("major_per_100", "每百次检查重大隐患", "number", 1, "条"),
            Column("per_100", "每百执法人次发现", "number", 1, "条"),
        ),
        "各专项每次检查发现了什么（95%区间）",
        f"{len(rows)} 个专项",
        note="检查对象并非随机抽取；专项与全县的行业构成不同，比较见分行业分层的比值。空缺表示没有该项记录。",
        enterprises="behind",
        emphasis="total",
        released=released if public else None,
    )


def _rates(view: Campaigns, label: str, counts: pd.Series[float]) -> dict[str, object]:
    row: dict[str, object] = {"campaign": label, "n": counts["inspections"], "total": False}
    row["behind"] = counts.get("behind", 0)
    for code, measure in MEASURES.items():
        found = _estimate(view, measure, counts) if view.holds(measure, counts) else None
        limits = (None, None, None) if found is None else (found.value, found.low, found.high)
        row |= dict(zip((code, f"{code}_low", f"{code}_high"), limits, strict=True))
    row["major_per_100"] = _per_100(counts, "major_hazards_department_found", "inspections")
    row["per_100"] = _per_100(counts, "hazards_department_found", "inspector_person_times")
    return row


def _per_100(counts: pd.Series[float], part: str, whole: str) -> float | None:
    return 100 * counts[part] / counts[whole] if counts[whole] > 0 else None


def _estimate(view: Campaigns, measure: Measure, counts: pd.Series[float]) -> Estimate:
    """A measure with its interval; counts are divided by how much more they vary than chance."""
    spread = view.spread(measure)
    part, whole = counts[measure.part] / spread, counts[measure.whole] / spread
    share = measure.code in ("hit_rate", "major_share")
    return rates.proportion(part, whole) if share else rates.rate(part, whole)


def comparison_figure(view: Campaigns, name: str) -> Displayable | DataTable:
    """Draw one measure of each campaign over that of other inspections of the same sectors."""
    measure = MEASURES[name]
    found = {code: one.estimate for code, one in view.compared[name].items() if one.estimate.known}
    if not found:
        return findings.cannot_show(f"各专项的{measure.name}与同行业专项外的差别", RETURNS_NEEDED)
    rows = [
        {"campaign": name_of(code), "code": code, "ratio": e.value, "low": e.low, "high": e.high}
        | {"n": view.table.loc[code, measure.part], "behind": view.table.loc[code, "behind"]}
        for code, e in sorted(found.items(), key=lambda item: -(item[1].value or 0.0))
    ]
    frame = pd.DataFrame(rows)
    shown = DataTable(
        f"campaigns-{name}",
        frame,
        (
            Column("campaign", "专项"),
            Column("ratio", "与同行业专项外之比", "number", 2, interval=("low", "high")),
            Column("n", "专项内件数", "count"),
        ),
        f"{measure.name}：专项内与同行业专项外之比",
        f"{len(frame)} 个专项",
        note="按行业分层（Mantel–Haenszel），虚线为1，即与同行业专项外相同。只登记重大隐患的专项不参与。",
        enterprises="behind",
        released=_released(view, ratio=("*", measure.part, measure.whole), n=(measure.part,)),
    )
    return chart(
        figures.ranked_dots,
        shown,
        alt=lambda masked: f"{len(masked)}个专项的{measure.name}与同行业专项外之比，横线为95%区间。",
        note="各区间单独算出，未作多重比较校正：专项多，个别区间不含1可能出于偶然，有无差别以回答中的结论为准。",
        label="campaign",
        value="ratio",
        low="low",
        high="high",
        n="n",
        axis="与同行业专项外之比",
        reference=1.0,
        reference_label="相同",
        digits=2,
    )


def stated_tables(view: Campaigns) -> tuple[Displayable | DataTable, ...]:
    """List what the summary states of campaigns beside ledger and returns, where it states anything."""
    frame = _stated(view)
    if frame.empty:
        return (findings.cannot_show("总结中的专项数字与台账是否一致", "写有专项数字的年度总结文件"),)
    return (
        DataTable(
            "campaigns-stated",
            frame,
            (
                Column("campaign", "专项"),
                Column("sector", "行业领域"),
                Column("indicator", "指标"),
                Column("value", "总结所述", "number", 0),
                Column("own", "台账、月报", "number", 0),
                Column("difference", "差额", "number", 0),
                Column("unit", "单位"),
                Column("place", "依据", "evidence"),
            ),
            "年度总结所述的专项数字与台账、月报的对照",
            f"{len(frame)} 个数字",
            note="差额为总结减台账、月报；空缺表示台账、月报没有该项。总结的统计口径和截止日可能不同。",
            enterprises=WHOLE_COUNTY,
        ),
    )


def _stated(view: Campaigns) -> pd.DataFrame:
    """A row per figure of a campaign in the summary, with what ledgers and returns say of the same."""
    rows = view.book.indicators
    rows = rows[(rows["year"] == view.book.year) & (rows["source"] == "document") & rows["campaign"].notna()]
    rows = rows[rows["campaign"] != ""].reset_index(drop=True)
    own = pd.Series([_own(view, *keys) for keys in _keys(rows)], index=rows.index, dtype=float)
    return rows.assign(
        own=own,
        difference=rows["value"] - own,
        campaign=rows["campaign"].map(name_of),
        sector=rows["sector"].map(lambda code: vocabulary.name("sector", str(code))),
        indicator=rows["indicator"].map(lambda code: vocabulary.name("indicator", str(code))),
        place=rows["evidence"].map(lambda place: (str(place).rsplit("/", 1)[-1],)),
    )


def _keys(rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(rows["campaign"], rows["sector"].fillna(""), rows["indicator"], strict=True))


def _own(view: Campaigns, campaign: str, sector: str, indicator: str) -> float | None:
    """The same figure from ledgers and returns: of the campaign, and of one sector where that is meant."""
    if indicator not in (*LEDGER_INDICATORS, *measures.ENFORCEMENT):
        return None
    if campaign not in view.table.index:
        return None
    book, year = view.book, view.book.year
    if sector in ("", vocabulary.SECTOR_TOTAL):
        return measures.total(book, indicator, year, campaign)
    found = measures.counts(book, [indicator], "sector", year, campaign)[indicator]
    return float(found.get(sector, 0.0))
