"""Report 8: who met, signed and inspected as required, and who has no record of it (责任落实)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import duties, vocabulary
from analysis.book import Book
from analysis.chapters import measures
from analysis.duties import Cadence
from analysis.report import findings
from analysis.report.display import Displayable, Headline
from analysis.report.findings import Finding
from analysis.report.tables import Column, DataTable

NEEDED = "工作活动台账（日期、活动类型、乡镇或组织单位、参加人数、印发文件数）"
REQUIRED = (
    *("party_committee", "government_meeting", "committee_meeting", "site_inspection", "officer_training"),
)
"""Kinds of activity whose frequency the settings require (``required_…``)."""
LETTER = "responsibility_letter"
UNSIGNED = "没有记录"


@dataclass(frozen=True)
class Responsibility:
    """The year's meetings, letters, inspections by leaders and trainings, to the cutoff."""

    book: Book

    @cached_property
    def own(self) -> pd.DataFrame:
        """The activities of the period reported on, a row each."""
        rows = self.book.activities
        return rows[rows["year"] == self.book.year]

    @property
    def known(self) -> bool:
        """Whether the year has a list of activities."""
        return not self.own.empty

    @cached_property
    def cadences(self) -> dict[str, Cadence]:
        """Kind of activity → how often it was due and kept, for those of which any frequency is required."""
        asked = {kind: getattr(self.book.settings, f"required_{kind}") for kind in REQUIRED}
        return {kind: self._cadence(kind, per_year) for kind, per_year in asked.items() if per_year}

    def _cadence(self, kind: str, per_year: int) -> Cadence:
        scope = self.book.scope
        days = self.own.loc[self.own["kind"] == kind, "held_on"].dt.date
        return duties.cadence(days, per_year, scope.period.start, scope.period.end, scope.as_of)

    @cached_property
    def letters(self) -> pd.DataFrame:
        """A row per township and department of the county: kind, name, and the day it signed, if any."""
        signed = self.own[self.own["kind"] == LETTER]
        rows = [
            {"kind": kind, "name": name, "signed": _day_of(signed, column, name)}
            for column, kind in (("township", "乡镇"), ("department", "部门"))
            for name in self._names(column)
            if signed[column].notna().any()
        ]
        return pd.DataFrame(rows, columns=["kind", "name", "signed"])

    def _names(self, column: str) -> list[str]:
        """The townships with enterprises or hazards, the departments with returns: who must sign."""
        codes = ["hazards_found", "regulated_enterprises"] if column == "township" else ["inspections"]
        dimension: measures.Dimension = "township" if column == "township" else "department"
        counted = measures.counts(self.book, codes, dimension, self.book.year)
        return sorted(str(name) for name in counted.index if name)


def _day_of(signed: pd.DataFrame, column: str, name: str) -> pd.Timestamp | None:
    """The first day on which a township or department signed."""
    rows = signed[[not duties.without_letter([name], [who]) for who in signed[column].fillna("")]]
    return None if rows.empty else rows["held_on"].min()


def headlines(view: Responsibility) -> tuple[Headline, ...]:
    """Open with meetings held, letters signed, site inspections by leaders, and duties with a gap."""
    if not view.known:
        return (Headline("meetings_held", "研究安全生产的会议", None, "次"),)
    missed = sum(len(one.missed) for one in view.cadences.values())
    due = sum(len(one.due) for one in view.cadences.values())
    return (
        *(_count(view, code) for code in ("meetings_held", LETTER + "s", "leadership_site_inspections")),
        Headline("duties_missed", "到期而没有记录", missed, "期", basis=f"到期 {due} 期"),
    )


def _count(view: Responsibility, indicator: str) -> Headline:
    known = vocabulary.indicators()[indicator]
    book, last = view.book, view.book.year - 1
    before = measures.total(book, indicator, last) if measures.has(book, indicator, last) else None
    rows = measures.evidence(book, indicator, book.year)
    value = measures.total(book, indicator, book.year)
    return Headline(indicator, known.name_zh, value, known.unit, last=before, evidence=rows)


def answer(view: Responsibility) -> tuple[Finding, ...]:
    """Say which duties have a period without a record, and who has signed no letter."""
    if not view.known:
        return (findings.cannot_show("会议、检查和责任书是否按要求落实", NEEDED),)
    return (*_cadence(view), *_letters(view))


def _cadence(view: Responsibility) -> tuple[Finding, ...]:
    missed = {kind: one for kind, one in view.cadences.items() if one.missed}
    if not missed:
        return (findings.cadence_kept(len(view.cadences), ("cadence",)),)
    return tuple(
        findings.cadence_missed(
            vocabulary.name("activity_kind", kind),
            len(one.due),
            [part.label for part in one.missed],
            one.longest_pause,
            ("cadence",),
        )
        for kind, one in missed.items()
    )


def _letters(view: Responsibility) -> Iterable[Finding]:
    for kind in ("乡镇", "部门"):
        rows = view.letters[view.letters["kind"] == kind]
        if rows.empty:
            yield findings.cannot_show(f"{kind}签订责任书的覆盖面", f"注明{kind}的责任书签订记录")
            continue
        without = list(rows.loc[rows["signed"].isna(), "name"])
        signed = view.own[view.own["kind"] == LETTER]
        found = findings.letters(kind, len(rows), without, ("letters",))
        yield found.resting_on(measures.rows_of(signed, "活动台账"))


def tables(view: Responsibility) -> Iterable[Displayable | DataTable]:
    """List each duty with what was required and held, then who has signed."""
    if not view.known:
        return (findings.cannot_show("各项工作的开展频次", NEEDED),)
    shown: list[Displayable | DataTable] = [cadence_table(view)]
    return [*shown, letter_table(view)] if len(view.letters) else shown


def cadence_table(view: Responsibility) -> DataTable:
    """List each duty: required a year, due, missed, held and the longest pause."""
    rows = [
        {
            "duty": vocabulary.name("activity_kind", kind),
            "required": getattr(view.book.settings, f"required_{kind}"),
            "due": len(one.due),
            "kept": len(one.due) - len(one.missed),
            "missed": "、".join(part.label for part in one.missed),
            "held": one.held,
            "pause": one.longest_pause,
        }
        for kind, one in view.cadences.items()
    ]
    return DataTable(
        "cadence",
        pd.DataFrame(rows, columns=["duty", "required", "due", "kept", "missed", "held", "pause"]),
        (
            Column("duty", "工作"),
            Column("required", "每年应开展", "count", unit="次"),
            Column("due", "截止日前到期", "count", unit="期"),
            Column("kept", "有记录", "count", unit="期"),
            Column("missed", UNSIGNED),
            Column("held", "共开展", "count", unit="次"),
            Column("pause", "最长间隔", "count", unit="天"),
        ),
        "有频次要求的工作各期是否开展",
        f"{len(view.own):,} 条活动记录",
        note=(
            "应开展次数为本单位的设置（analysis.toml 中 required_ 开头的各项），一年按次数等分为期，"
            "每期至少一次，没有到期的不计。各省对县级的要求不同，请按本省规定设置。"
        ),
    )


def letter_table(view: Responsibility) -> DataTable:
    """List townships and departments with the day on which each signed; those without come first."""
    rows = view.letters.assign(
        without=view.letters["signed"].isna(),
        state=[UNSIGNED if pd.isna(day) else f"{day.month}月{day.day}日" for day in view.letters["signed"]],
    )
    rows = rows.sort_values(["without", "kind", "name"], ascending=[False, True, True], kind="stable")
    return DataTable(
        "letters",
        rows.reset_index(drop=True),
        (Column("kind", "类别"), Column("name", "乡镇或部门"), Column("state", "签订责任书")),
        "各乡镇、部门签订安全生产责任书的记录",
        f"{len(rows)} 个乡镇和部门",
        note="乡镇取自监管企业底数和隐患台账，部门取自执法月报；名称相差县名的视为同一单位。",
        emphasis="without",
    )
