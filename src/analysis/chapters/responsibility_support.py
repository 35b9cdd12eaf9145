"""Report 8, part: trainings and guidance per enterprise and per finding, and the reach of publicity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import measures
from analysis.report import findings, formats
from analysis.report.display import Displayable, Note
from analysis.report.findings import Finding
from analysis.report.tables import Column, DataTable
from analysis.stats import rates

GIVEN = ("officer_trainings", "guidance_visits", "enterprise_trainings", "people_trained")
"""What is done for officers and enterprises, and how many it reached."""
ENTERPRISES, FOUND = "regulated_enterprises", "hazards_found"
PER = 100
NEEDED = "执法月报中的指导帮扶、培训次数，或活动台账中的培训记录"
LIMITS = (
    "帮扶和培训去了哪里，往往取决于哪里查得多、哪里问题多，因此多帮扶与多发现同时出现并不说明谁引起谁；"
    "一次帮扶的内容和时长也各不相同。这里只并列数字，不判断作用。"
)


@dataclass(frozen=True)
class Support:
    """What was done for officers, enterprises and the public, beside enterprises and findings."""

    book: Book

    @cached_property
    def years(self) -> pd.DataFrame:
        """A row per year with ``GIVEN``, regulated enterprises and hazards found."""
        table = measures.counts(self.book, [*GIVEN, ENTERPRISES, FOUND], "year")
        return table.reindex([year for year in self.book.scope.years if year in table.index])

    @cached_property
    def sectors(self) -> pd.DataFrame:
        """A row per sector of the year with guidance visits, trainings, enterprises and hazards found."""
        codes = ["guidance_visits", "trainings", ENTERPRISES, FOUND]
        table = measures.counts(self.book, codes, "sector", self.book.year)
        known = [code for code in vocabulary.sectors() if code in table.index]
        return table.loc[[code for code in known if code != vocabulary.SECTOR_TOTAL]]

    @property
    def known(self) -> bool:
        """Whether the year has any record of guidance or training."""
        return bool(self.years[list(GIVEN)].reindex([self.book.year]).fillna(0).to_numpy().sum())

    @cached_property
    def publicity(self) -> pd.DataFrame:
        """The year's publicity events with their days (one where none is written)."""
        rows = self.book.activities
        rows = rows[(rows["year"] == self.book.year) & (rows["kind"] == "publicity")]
        return rows.assign(days=rows["days"].astype(float).fillna(1.0)).reset_index(drop=True)


def answer(view: Support) -> tuple[Finding, ...]:
    """Say how guidance lies beside findings, and how far publicity reached."""
    if not view.known:
        return (findings.cannot_show("培训和指导帮扶", NEEDED), *_reach(view))
    row = view.years.fillna(0).loc[view.book.year].to_dict()
    visits = int(row["guidance_visits"])
    per_enterprise, per_finding = (
        rates.rate(visits, row[exposure], per=PER) for exposure in (ENTERPRISES, FOUND)
    )
    said = findings.guidance(visits, per_enterprise, per_finding, ("support-years", "support-sectors"))
    return (said, *_reach(view))


def _reach(view: Support) -> tuple[Finding, ...]:
    rows = view.publicity
    if rows.empty:
        return ()
    days, persons, papers = (
        rows[n].astype(float).sum() for n in ("days", "participants", "documents_issued")
    )
    text = (
        f"记录宣传活动{len(rows)}次，共{formats.count(days)}天，参加{formats.count(persons)}人次，"
        f"发放资料{formats.count(papers)}份，平均每天{formats.count(persons / days)}人次。"
    )
    found = findings.full_count(text, ("publicity",))
    return (found.resting_on(measures.rows_of(rows, "活动台账")),)


def tables(view: Support) -> Iterable[Displayable | DataTable]:
    """List years and sectors, with the limits of what they say."""
    if not view.known:
        return (findings.cannot_show("培训和指导帮扶", NEEDED),)
    return (year_table(view), sector_table(view), Note(LIMITS, "warning"))


def year_table(view: Support) -> DataTable:
    """List the years: trainings, guidance, people trained, per enterprise and per finding."""
    names = vocabulary.indicators()
    frame = view.years.reset_index(names="year").assign(year=lambda rows: rows["year"].astype(str))
    return DataTable(
        "support-years",
        _with_rates(frame),
        (
            Column("year", "年份"),
            *(Column(code, names[code].name_zh, "count", unit=names[code].unit) for code in GIVEN),
            *_rate_columns("指导帮扶"),
        ),
        "各年同期的培训和指导帮扶",
        f"{int(frame['guidance_visits'].sum()):,} 次指导帮扶",
        note="执法人员和企业培训来自活动台账，指导帮扶和培训人次来自执法月报；区间为泊松区间。",
    )


def sector_table(view: Support) -> DataTable:
    """List the year's sectors: guidance and trainings beside enterprises and findings."""
    frame = view.sectors.reset_index(names="code")
    frame = frame.assign(sector=[vocabulary.name("sector", str(code)) for code in frame["code"]])
    return DataTable(
        "support-sectors",
        _with_rates(frame),
        (
            Column("sector", "行业领域"),
            Column("guidance_visits", "指导帮扶", "count", unit="次"),
            Column("trainings", "培训", "count", unit="场次"),
            Column(ENTERPRISES, "监管企业", "count", unit="家"),
            Column(FOUND, "发现隐患", "count", unit="条"),
            *_rate_columns("指导帮扶"),
        ),
        "本年各行业的指导帮扶、培训与监管企业、发现的隐患",
        f"{int(frame['guidance_visits'].sum()):,} 次指导帮扶",
    )


def _with_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with guidance visits per 100 enterprises and per 100 findings, and their limits."""
    added: dict[str, list[float | None]] = {}
    for name, exposure in (("per_enterprise", ENTERPRISES), ("per_finding", FOUND)):
        found = rates.rates(frame["guidance_visits"], frame[exposure], per=PER)
        added |= {
            name: [one.value for one in found],
            f"{name}_low": [one.low for one in found],
            f"{name}_high": [one.high for one in found],
        }
    return frame.assign(**{name: pd.Series(values, dtype=float) for name, values in added.items()})


def _rate_columns(what: str) -> tuple[Column, ...]:
    return tuple(
        Column(name, f"每{PER}{unit}{what}（95%区间）", "number", 1, "次", (f"{name}_low", f"{name}_high"))
        for name, unit in (("per_enterprise", "家企业"), ("per_finding", "条隐患"))
    )


def publicity(view: Support) -> tuple[Displayable | DataTable, ...]:
    """List the publicity events: reach, days, and reach a day."""
    rows = view.publicity
    if rows.empty:
        return (
            findings.cannot_show("宣传活动所用的天数", "活动台账中的宣传活动（日期、历时天数、参加人数）"),
        )
    frame = rows.assign(
        held=[formats.day(day) for day in rows["held_on"]],
        **{name: rows[name].astype(float) for name in ("participants", "documents_issued")},
        a_day=rows["participants"].astype(float) / rows["days"],
    )
    columns = (
        Column("held", "日期"),
        Column("title", "活动"),
        Column("department", "组织单位"),
        Column("days", "历时", "count", unit="天"),
        Column("participants", "参加", "count", unit="人次"),
        Column("documents_issued", "发放资料", "count", unit="份"),
        Column("a_day", "平均每天参加", "count", unit="人次"),
    )
    note = "没有填写天数的按一天计；天数是活动历时，不含筹备，也不是投入的人数。"
    return (
        DataTable(
            "publicity", frame, columns, "宣传活动的覆盖面和所用天数", f"{len(rows)} 次活动", note=note
        ),
    )
