"""Report 5, part: the summary's figures, each with its sentence, beside what ledgers and returns say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analysis import raw, vocabulary
from analysis.book import Book
from analysis.chapters import measures, stated
from analysis.report import findings
from analysis.report.display import Displayable, Headline
from analysis.report.findings import Finding
from analysis.report.tables import Column, DataTable

NEEDED = "年度总结文件（txt、docx、pdf、md 或 html）"
COVERAGE = "extract_coverage"
"""Message of the preparation that counts a document's numbers."""
UNREAD = "extract_unread"
"""Message of the preparation on a number that may be a figure and was not read."""
_PLAIN = (vocabulary.name("measure", "level"), vocabulary.name("qualifier", "exact"))
"""Of most figures, so not said of each."""


@dataclass(frozen=True)
class SummaryFigures:
    """The figures of the year's summaries."""

    book: Book

    @cached_property
    def facts(self) -> pd.DataFrame:
        """A row a figure, with ``own``: what ledgers and returns say of the same, where they do."""
        rows = stated.facts(self.book, self.book.year)
        own = pd.Series([self._own(row) for row in rows.to_dict("records")], index=rows.index, dtype="float")
        return rows.assign(own=own)

    @cached_property
    def coverage(self) -> dict[str, int]:
        """Numbers of the summaries, those read as figures, and those missed, as the preparation counted."""
        values = [message["values"] for message in self._told(COVERAGE)]
        return {name: sum(int(one[name]) for one in values) for name in ("numbers", "read", "missing")}

    @cached_property
    def unread(self) -> pd.DataFrame:
        """A row per number that may be a figure and was not read: its document, line, words and reason."""
        rows = [
            {"document": message["file"], "line": str(message["row"]), **message["values"]}
            for message in self._told(UNREAD)
        ]
        return pd.DataFrame(rows, columns=["document", "line", "quote", "reason"])

    def _told(self, code: str) -> list[dict[str, Any]]:
        scope = self.book.scope
        told = raw.manifest(self.book.store.processed, self.book.year, scope.county).get("messages", [])
        return [message for message in told if message["code"] == code]

    @cached_property
    def _sums(self) -> pd.Series[float]:
        """Ledger and return values by indicator, sector and campaign; adding the sectors makes the county."""
        rows = self.book.indicators
        kinds = {code: indicator.kind for code, indicator in vocabulary.indicators().items()}
        countable = ~rows["indicator"].map(kinds).isin(["distinct", "rate"])
        chosen = rows["source"] == rows["indicator"].map(measures.source_of)
        rows = rows[(rows["year"] == self.book.year) & countable & chosen]
        rows = rows[["indicator", "sector", "campaign", "value"]].fillna({"sector": "", "campaign": ""})
        whole = rows.assign(sector=vocabulary.SECTOR_TOTAL)
        rows = pd.concat([whole, rows[rows["sector"] != vocabulary.SECTOR_TOTAL]])
        # What belongs to a campaign counts for it and, once more, without it; enterprises do already.
        again = (rows["campaign"] != "") & (rows["indicator"] != "regulated_enterprises")
        rows = pd.concat([rows, rows[again].assign(campaign="")])
        return rows.groupby(["indicator", "sector", "campaign"])["value"].sum()

    def _own(self, fact: dict[Any, Any]) -> float | None:
        if fact["measure"] != "level" or not self._of_this_period(fact):
            return None
        campaign = fact["campaign"] if isinstance(fact["campaign"], str) else ""
        value = self._sums.get((fact["indicator"], fact["sector"], campaign))
        return None if value is None else float(value)

    def _of_this_period(self, fact: dict[Any, Any]) -> bool:
        """Whether it counts from the period's first day up to the cutoff or later; parts are not compared."""
        scope = self.book.scope
        start, end = pd.Timestamp(fact["period_start"]), pd.Timestamp(fact["period_end"])
        return start == pd.Timestamp(scope.period.start) and end >= pd.Timestamp(scope.as_of)


def headlines(view: SummaryFigures) -> tuple[Headline, ...]:
    """Open with how many of the summary's numbers that ought to be figures were read."""
    read, missing = view.coverage["read"], view.coverage["missing"]
    share = read / (read + missing) if read + missing else None
    basis = f"{read:,} / {read + missing:,} 个" if view.coverage["numbers"] else "没有总结文件"
    return (Headline("figures_read", "总结数字读出", share, kind="share", basis=basis, counts=()),)


def answer(view: SummaryFigures) -> tuple[Finding, ...]:
    """Say how much of the summary was read."""
    if not view.coverage["numbers"]:
        return (findings.cannot_show("总结文件中的数字", NEEDED),)
    return (findings.figures_read(**view.coverage, evidence=evidence(view)).telling(),)


def evidence(view: SummaryFigures) -> tuple[str, ...]:
    """The table of figures, where there is one."""
    return () if view.facts.empty else ("summary-figures",)


def tables(view: SummaryFigures) -> Iterable[Displayable | DataTable]:
    """List every figure, where the year has a summary."""
    if view.facts.empty:
        return answer(view)
    return (figure_table(view), *unread_tables(view))


def unread_tables(view: SummaryFigures) -> Iterable[DataTable]:
    """List the numbers that stay open, where there are any."""
    if view.unread.empty:
        return ()
    columns = (
        Column("document", "文件", "file"),
        Column("line", "行", "file"),
        Column("reason", "原因"),
        Column("quote", "前后文字", "quote"),
    )
    caption, n = "总结文件中没有读出的数字，请人工核对", f"{len(view.unread)} 个"
    return (DataTable("unread", view.unread, columns, caption, n),)


def figure_table(view: SummaryFigures) -> DataTable:
    """List every figure of the summaries with its place, its sentence, and the value of our own sources."""
    rows = view.facts
    frame = rows.assign(
        indicator=[vocabulary.name("indicator", code) for code in rows["indicator"]],
        sector=[_sectors(code) for code in rows["sector"]],
        campaign=[vocabulary.name("campaign", c) if isinstance(c, str) else "" for c in rows["campaign"]],
        line=rows["line"].astype(str),
        difference=rows["value"] - rows["own"],
        stated=[_stated(row) for row in rows.to_dict("records")],
    )
    documents = list(frame["document"].unique())
    several = (Column("document", "文件", "file"),) if len(documents) > 1 else ()
    return DataTable(
        "summary-figures",
        frame,
        (
            *several,
            Column("line", "行", "file"),
            Column("quote", "原文", "quote"),
            Column("indicator", "指标"),
            Column("sector", "行业领域"),
            Column("campaign", "专项"),
            Column("stated", "文件数字"),
            Column("own", "台账或月报", "number", 0),
            Column("difference", "差", "number", 0),
        ),
        "总结文件中的全部数字，及台账、月报的同口径数",
        f"{len(frame)} 个数字，{len(documents)} 个文件",
        note="只有从年初算起、口径（指标、行业、专项）相同的数字才有对照；企业家数不可相加，不对照。",
    )


def _stated(fact: dict[Any, Any]) -> str:
    """A figure with its unit, and what else it is: a change, a bound."""
    remarks = [vocabulary.name(kind, fact[kind]) for kind in ("measure", "qualifier")]
    said = [word for word, plain in zip(remarks, _PLAIN, strict=True) if word != plain]
    unit = fact["unit"] if isinstance(fact["unit"], str) else ""
    return f"{fact['value']:,.10g}{unit}" + (f"（{'，'.join(said)}）" if said else "")


def _sectors(codes: str) -> str:
    return "、".join(vocabulary.name("sector", code) for code in codes.split(";"))
