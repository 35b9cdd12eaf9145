"""Report 7: how far the counties differ, beyond chance and beyond the industries that each of them has.

A county is compared with what it would have at the whole province's rate of each of its sectors (indirect
standardisation), so that a county of mines is not set against one of shops.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis import vocabulary
from analysis.region import Region
from analysis.report import findings, formats
from analysis.report.display import Displayable, Headline, Note
from analysis.report.tables import Column, DataTable
from analysis.stats import funnel, inequality, shrinkage

PER = 100
COUNTED = (
    "regulated_enterprises",
    "inspections",
    "major_hazards_found",
    "major_hazards_self_reported",
    "hazards_found",
    "hazards_due",
    "hazards_rectified_on_time",
)
DEFINED = ("major_hazards_found", "major_hazards_self_reported", "regulated_enterprises")
"""Indicators that the report defines."""


@dataclass(frozen=True)
class Measure:
    """What is compared: ``events`` are a ledger indicator and those taken off it, ``exposure`` the base."""

    key: str
    noun: str
    events: tuple[str, ...]
    exposure: str
    per: str
    axis: str
    needed: str


MEASURES = (
    Measure(
        "found",
        "重大隐患",
        ("major_hazards_found",),
        "regulated_enterprises",
        "每家企业的",
        "每百家企业（条）",
        "各县分行业的监管企业数和隐患台账",
    ),
    Measure(
        "own",
        "企业自查的重大隐患",
        ("major_hazards_self_reported",),
        "regulated_enterprises",
        "每家企业的",
        "每百家企业（条）",
        "各县分行业的监管企业数和隐患台账",
    ),
    Measure(
        "late",
        "未按期整改的隐患",
        ("hazards_due", "hazards_rectified_on_time"),
        "hazards_due",
        "每条到期隐患中",
        "每百条到期隐患（条）",
        "各县隐患的整改期限和整改日期",
    ),
)


@dataclass(frozen=True)
class Province:
    """The counties of a region side by side."""

    region: Region

    @cached_property
    def cells(self) -> pd.DataFrame:
        """A row per county and sector, a column per count; only industries, which exclude one another."""
        rows = self.region.counts
        rows = rows[rows["indicator"].isin(COUNTED) & (rows["year"] == self.region.year)]
        rows = rows[(rows["source"] == "return") == (rows["indicator"] == "inspections")]
        industries = [code for code, sector in vocabulary.sectors().items() if sector.kind == "industry"]
        rows = rows[rows["sector"].isin(industries)]
        table = rows.pivot_table(
            index=["county", "sector"], columns="indicator", values="value", aggfunc="sum", fill_value=0.0
        )
        return table.reindex(columns=list(COUNTED), fill_value=0.0)

    @cached_property
    def counties(self) -> pd.DataFrame:
        """A row per county of the region, in the order of the codes, with its name."""
        sums = self.cells.groupby(level="county").sum()
        codes = [county.code for county in self.region.counties]
        names = [county.name for county in self.region.counties]
        return sums.reindex(codes, fill_value=0.0).assign(name=names)

    @cached_property
    def clumping(self) -> pd.Series[float]:
        """By measure, how far its events come in clumps of one enterprise."""
        return self.region.clumping({measure.key: measure.events for measure in MEASURES})


@dataclass(frozen=True)
class Compared:
    """One measure of all counties that have an exposure: observed, expected by their sectors, clumping."""

    measure: Measure
    frame: pd.DataFrame
    """Columns name, events, exposure, expected; a row per county code."""
    effect: float
    cells: pd.DataFrame
    """Columns events and exposure by county and sector."""

    @property
    def possible(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.frame) > 1 and bool(self.frame["events"].sum() > 0)

    @property
    def average(self) -> float:
        """The rate of all counties together, per hundred."""
        return float(PER * self.frame["events"].sum() / self.frame["exposure"].sum())

    @cached_property
    def funnel(self) -> funnel.Funnel:
        """Of events divided by the clumping: those of one enterprise are no independent evidence."""
        return funnel.funnel(self.frame["events"] / self.effect, self.frame["expected"] / self.effect)

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Each county's rate at the whole's mix of sectors, drawn towards the whole, and its rank."""
        events, expected = (self.frame[name] / self.effect for name in ("events", "expected"))
        found = shrinkage.shrunken_rates(events, expected, per=self.average)
        parts = {"rate": found.rates, "rank": found.ranks}
        columns = {
            f"{name}_{limit}": [getattr(each, limit) for each in estimates]
            for name, estimates in parts.items()
            for limit in ("value", "low", "high")
        }
        crude = (PER * self.frame["events"] / self.frame["exposure"]).to_numpy()
        return pd.DataFrame(columns).assign(
            name=self.frame["name"].to_numpy(), events=self.frame["events"].to_numpy(), crude=crude
        )


def compared(view: Province, measure: Measure) -> Compared:
    """Set each county's events against what its sectors would have at the rates of all counties."""
    first, *less = measure.events
    cells = pd.DataFrame(
        {
            "events": view.cells[first] - view.cells[less].sum(axis=1),
            "exposure": view.cells[measure.exposure],
        }
    )
    cells = cells[cells["exposure"] > 0]
    sectors = cells.groupby(level="sector").sum()
    rate = (sectors["events"] / sectors["exposure"]).reindex(cells.index.get_level_values("sector"))
    cells = cells.assign(expected=cells["exposure"] * rate.to_numpy())
    frame = cells.groupby(level="county").sum().join(view.counties["name"])
    return Compared(measure, frame, float(view.clumping[measure.key]), cells)


def headlines(view: Province) -> tuple[Displayable, ...]:
    """Open with what all counties have together, and with what their figures can tell."""
    sums = view.counties[list(COUNTED)].sum()
    found, due = sums["major_hazards_found"], sums["hazards_due"]
    own = sums["major_hazards_self_reported"] / found if found else None
    in_time = sums["hazards_rectified_on_time"] / due if due else None
    base = f"监管企业 {formats.count(sums['regulated_enterprises'])} 家"
    return (
        Headline("counties", "参加比较的县", len(view.counties), "个"),
        Headline("province_major", "重大隐患", found, "条", basis=base),
        Headline("province_own", "其中企业自查", own, kind="share"),
        Headline("province_on_time", "按期整改率", in_time, kind="share"),
        Note("各县数据由各县填报，检查力度和登记口径不同；超出界限只说明值得先查原因，不作考核名次。"),
    )


def overview(view: Province) -> DataTable:
    """List the counties in the order of their codes: what each has, and the plain rates."""
    table = view.counties
    enterprises, due = (table[name].replace(0, np.nan) for name in ("regulated_enterprises", "hazards_due"))
    frame = table.assign(
        effort=PER * table["inspections"] / enterprises,
        rate=PER * table["major_hazards_found"] / enterprises,
        in_time=table["hazards_rectified_on_time"] / due,
    ).reset_index(drop=True)
    return DataTable(
        "counties",
        frame,
        (
            Column("name", "县（市、区）"),
            Column("regulated_enterprises", "监管企业", "count", unit="家"),
            Column("effort", "每百家企业检查", "number", 1, "次"),
            Column("hazards_found", "隐患", "count", unit="条"),
            Column("major_hazards_found", "重大隐患", "count", unit="条"),
            Column("rate", "每百家企业重大隐患", "number", 1, "条"),
            Column("in_time", "按期整改率", "share"),
        ),
        "各县的企业、检查和隐患，按行政区划代码排列",
        f"{len(frame)} 个县",
        note="只计互不重叠的行业；没有分母的比率不列出。",
    )


def unevenness(view: Province) -> tuple[Displayable | DataTable, ...]:
    """Say and list how much of the unevenness of major hazards lies between counties and within them."""
    found = compared(view, MEASURES[0])
    if not found.possible:
        return (findings.cannot_show("重大隐患在县之间和县内的不均程度", found.measure.needed),)
    groups = found.cells.index.get_level_values("county")
    split = inequality.theil_split(found.cells["events"], found.cells["exposure"], groups)
    said = findings.between_groups("重大隐患", "县", "县和行业", split, ("theil-counties",))
    return (said,) if split is None else (said, _theil_table(view, found, split))


def _theil_table(view: Province, found: Compared, split: inequality.TheilSplit) -> DataTable:
    names = view.counties["name"]
    rows = [
        {"name": names[code], "between": between, "within": within}
        for code, (between, within) in split.groups.items()
    ]
    return DataTable(
        "theil-counties",
        pd.DataFrame(rows).round(4).replace(-0.0, 0.0),
        (
            Column("name", "县（市、区）"),
            Column("between", "县间部分", "number", 4),
            Column("within", "县内部分", "number", 4),
        ),
        "重大隐患的泰尔指数 T 拆为县间和县内两部分，各部分相加为总数",
        f"{int(found.frame['events'].sum()):,} 条重大隐患",
        note="县间部分为正表示隐患份额大于企业份额；县内部分是该县各行业之间的不均。记录越少，偶然的不均越多。",
    )
