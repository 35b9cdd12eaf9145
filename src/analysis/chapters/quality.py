"""Report 5: can the figures be trusted (数据质量): every row accounted for, every gap named.

What the files held, from the account that their preparation left; and the
published values that the statistics reproduce. What the stored rows lack is in ``gaps``, late entries in
``recording``, the number of enterprises in ``denominators``, the summary's figures in ``summary_figures``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analysis import raw, vocabulary
from analysis.book import Book
from analysis.disclosure import catalogue
from analysis.disclosure.catalogue import ACCOUNT, Cell
from analysis.messages import Message
from analysis.report import findings
from analysis.report.display import Displayable, Evidence, Headline, Note
from analysis.report.edition import Edition
from analysis.report.findings import Finding
from analysis.report.released import ByGroup, OfTheMethod
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.schema import RAW_TABLES, TABLES, Table
from analysis.stats import self_check

DEFINED = ("regulated_enterprises", "coverage", "rectification_rate")
"""Indicators that the report defines."""
SKIPPED = ("skipped_title", "skipped_blank", "skipped_total")
LINES_SHOWN = 8
"""More cells of one reason and column than this stay in the list beside the processed data."""
NAMES = vocabulary.values("table")
INTERNAL_ONLY = "逐行清单涉及原始文件和内容，只在工作版中列出。"
_COUNTS = (
    Column("read", "读入", "count", unit="行"),
    Column("kept", "采用", "count", unit="行"),
    Column("quarantined", "隔离", "count", unit="行"),
    Column("superseded", "被替代", "count", unit="行"),
    Column("dropped", "更正删除", "count", unit="行"),
    Column("skipped", "表头、空行、合计", "count", unit="行"),
)


@dataclass(frozen=True)
class Quality:
    """What the preparation of the county's year left: its account, its messages, its quarantine list."""

    book: Book

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The commit of the year's preparation; only ``as_of`` where there is none that can be read."""
        return raw.manifest(self.book.store.processed, self.book.year, self.book.scope.county)

    @cached_property
    def tallies(self) -> pd.DataFrame:
        """A row per sheet: file, sheet, table, where its rows went, and ``skipped`` of all kinds."""
        frame = pd.DataFrame(self.manifest.get("tallies", []))
        columns = ["file", "sheet", "table", *ACCOUNT, *SKIPPED, "personal"]
        frame = frame.reindex(columns=columns)
        return frame.assign(skipped=frame[list(SKIPPED)].sum(axis=1), sheet=frame["sheet"].fillna(""))

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """What was said of the year's files."""
        return tuple(Message(**message) for message in self.manifest.get("messages", []))

    @cached_property
    def quarantine(self) -> pd.DataFrame:
        """Every row that was not kept, with its place and why, as the preparation listed it."""
        place = f"year={self.book.year}/county={self.book.scope.county}/part-0.csv"
        path = self.book.store.processed / "quarantine" / place
        columns = ["file", "sheet", "row", "column", "value", "reason", "message"]
        if not path.is_file():
            return pd.DataFrame(columns=columns)
        return pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)[columns]

    @cached_property
    def account(self) -> dict[str, int]:
        """Rows read, kept, quarantined, superseded and dropped, over all files."""
        return {name: int(self.tallies[name].sum()) for name in ACCOUNT}

    @property
    def known(self) -> bool:
        """Whether the preparation left an account at all."""
        return not self.tallies.empty

    @property
    def shows_rows(self) -> bool:
        """Whether the edition names single rows and files."""
        return Edition(self.book.parameters.edition).shows_rows

    def stored(self, table: Table) -> pd.DataFrame:
        """The year's rows of a table as stored, whatever the cutoff."""
        store, scope = self.book.store, self.book.scope
        return store.frame(store.table(table, [self.book.year], scope.county))


def headlines(view: Quality) -> tuple[Headline, ...]:
    """Open with the account of the rows."""
    if not view.known:
        return (Headline("rows_read", "读入", None, "行"),)
    count = view.account
    replaced = count["superseded"] + count["dropped"]
    differing = len(_of(view, "total_mismatch"))
    return (
        _of_rows("rows_read", "读入", count["read"], f"采用 {count['kept']:,} 行", "read", "kept"),
        _of_rows("rows_quarantined", "隔离", count["quarantined"], "不参与计算，待改正", "quarantined"),
        _of_rows("rows_replaced", "被替代或删除", replaced, _replaced(count), "superseded", "dropped"),
        Headline(
            "totals_differing",
            "合计与明细不符",
            differing,
            "处",
            basis=f"原表合计行 {_totals(view):,} 行",
            evidence=PREPARED,
            counts=(),
        ),
    )


PREPARED = Evidence("整理记录", note="各表的行数列在“每一行去了哪里”，没有采用的行列在“没有采用的行”。")
"""What the account of the rows rests on."""


def _of_rows(key: str, label: str, value: int, basis: str, *places: str) -> Headline:
    counts = tuple(f"{catalogue.ROWS}:{place}" for place in places)
    return Headline(key, label, value, "行", basis=basis, evidence=PREPARED, counts=counts)


def _replaced(count: Mapping[str, int]) -> str:
    return f"被后来的记录替代 {count['superseded']:,} 行，按更正删除 {count['dropped']:,} 行"


def answer(view: Quality) -> tuple[Finding, ...]:
    """Say whether all rows are accounted for and whether the totals agree."""
    if not view.known:
        return (findings.cannot_show("各行数据的去向", "由 analysis prepare 整理并留有清单的数据"),)
    account = findings.rows_accounted(**view.account, evidence=("rows",)).telling(
        *(Cell(view.book.year, catalogue.ROWS, "", name) for name in ACCOUNT)
    )
    differing = len(_of(view, "total_mismatch"))
    return (account, findings.totals_agree(_totals(view), differing, ("rows",)).telling())


def _totals(view: Quality) -> int:
    return int(view.tallies["skipped_total"].sum())


def _of(view: Quality, code: str) -> list[Message]:
    return [message for message in view.messages if message.code == code]


# --- rows


def row_tables(view: Quality) -> Iterable[Displayable | DataTable]:
    """List where the rows went, by table, and by file and sheet in the edition that names them."""
    if not view.known:
        return answer(view)
    return (table_account(view), sheet_account(view) if view.shows_rows else Note(INTERNAL_ONLY))


def table_account(view: Quality) -> DataTable:
    """List where the rows went by table, with the sum."""
    columns = [*ACCOUNT, "skipped"]
    frame = view.tallies.groupby("table")[columns].sum().reindex([t for t in TABLES if t in NAMES])
    frame = frame.dropna(how="all").assign(table=lambda t: t.index.map(NAMES))
    frame["code"] = frame.index
    frame = pd.concat([frame, frame[columns].sum().to_frame().T.assign(table="合计", code="")])
    return DataTable(
        "rows",
        frame.assign(whole=frame["table"] == "合计").reset_index(drop=True),
        (Column("table", "数据表"), *_COUNTS),
        "读入的行去了哪里：读入＝采用＋隔离＋被替代＋更正删除",
        f"{view.account['read']:,} 行",
        note="表头、空行和合计行不计入读入；一格写有多条隐患的，拆成多行后计数。",
        enterprises=WHOLE_COUNTY,
        emphasis="whole",
        released=ByGroup(
            catalogue.ROWS, view.book.year, {name: (name,) for name in ACCOUNT}, ("code",), ("table",)
        ),
    )


def sheet_account(view: Quality) -> DataTable:
    """List where the rows of each file and sheet went."""
    frame = view.tallies.assign(table=view.tallies["table"].map(NAMES))
    return DataTable(
        "rows-by-sheet",
        frame,
        (
            Column("file", "文件", "file"),
            Column("sheet", "工作表", "file"),
            Column("table", "数据表"),
            *_COUNTS,
        ),
        "逐个文件和工作表的行数",
        f"{len(frame)} 个工作表，{frame['file'].nunique()} 个文件",
    )


def quarantine_tables(view: Quality) -> Iterable[Displayable | DataTable]:
    """List what was not kept by reason, and row by row in the edition that names rows."""
    if view.quarantine.empty:
        return (Note("没有隔离、被替代或按更正删除的行。"),)
    return (reason_table(view), line_table(view) if view.shows_rows else Note(INTERNAL_ONLY))


def reason_table(view: Quality) -> DataTable:
    """List the reasons for which rows were not kept, with what to do about each."""
    lines = view.quarantine
    place = lines["file"] + "#" + lines["sheet"] + "#" + lines["row"]
    counted = lines.assign(place=place).groupby(["reason", "column"])["place"].nunique()
    frame = counted.rename("rows").reset_index().sort_values("rows", ascending=False, kind="stable")
    frame = frame.assign(
        why=[_why(reason) for reason in frame["reason"]],
        header=[_header(column) for column in frame["column"]],
    )
    return DataTable(
        "quarantine",
        frame.reset_index(drop=True),
        (Column("why", "原因和处理办法"), Column("header", "列"), Column("rows", "行数", "count", unit="行")),
        "没有采用的行，按原因",
        f"{place.nunique():,} 行",
        note="一行有几处不合规的，在每个原因下各计一次。",
        enterprises=WHOLE_COUNTY,
    )


def line_table(view: Quality) -> DataTable:
    """List the rows that were not kept, cell by cell, the first few of each reason and column."""
    lines = view.quarantine
    shown = lines.groupby(["reason", "column"], sort=False).head(LINES_SHOWN)
    place = shown["file"] + " " + shown["sheet"] + " 第" + shown["row"] + "行"
    more = len(lines) - len(shown)
    return DataTable(
        "quarantine-rows",
        shown.assign(place=place),
        (Column("place", "位置", "file"), Column("message", "原因", "quote")),
        f"没有采用的行，每种原因列出前{LINES_SHOWN}处",
        f"{len(lines):,} 处",
        note=f"另有 {more:,} 处，见 data/processed/quarantine 中的清单。" if more else "",
    )


def _why(reason: str) -> str:
    """A reason in words; the values that differ from row to row are left open."""
    blank = dict.fromkeys(("value", "count", "rows"), "…")
    return Message(reason, values=dict(blank)).text("zh")


def _header(column: str) -> str:
    headers = {found.column: found.header for table in RAW_TABLES for found in vocabulary.columns(table)}
    return headers.get(column, column)


# --- the method checks itself


def method_check() -> tuple[Displayable | DataTable, ...]:
    """Rerun the published values now and list expected, computed, passed, with the versions."""
    checks = self_check.self_check()
    passed = sum(check.passed for check in checks)
    versions = "，".join(f"{name} {number}" for name, number in self_check.library_versions().items())
    frame = pd.DataFrame(
        [
            {
                "id": check.id.replace("_", " "),  # a name in one piece would be wider than the paper
                "inputs": check.inputs,
                "expected": _numbers(check.expected),
                "computed": _numbers(check.computed),
                "passed": "相符" if check.passed else "不符",
                "source": check.source,
                "failed": not check.passed,
            }
            for check in checks
        ]
    )
    table = DataTable(
        "self-check",
        frame,
        (
            Column("id", "方法"),
            Column("inputs", "输入"),
            Column("expected", "发表值"),
            Column("computed", "重算值"),
            Column("passed", "结果"),
            Column("source", "出处"),
        ),
        "统计方法重算公开发表的数值",
        f"{len(checks)} 项",
        note=f"所用程序库：{versions}。",
        enterprises=WHOLE_COUNTY,
        emphasis="failed",
        released=OfTheMethod(("id", "inputs", "expected", "computed", "passed", "source")),
    )
    return (findings.self_checked(passed, len(checks)).telling(), table)


def _numbers(values: Iterable[float | None]) -> str:
    return "，".join("—" if value is None else f"{value:.5g}" for value in values)
