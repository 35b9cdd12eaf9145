"""Report 9, part: what the plan for the year promised, and how far it was kept (上年打算的落实)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from analysis import fulfilment, vocabulary
from analysis.book import Book
from analysis.chapters import measures
from analysis.report import findings, formats
from analysis.report.display import Displayable
from analysis.report.findings import Finding
from analysis.report.tables import Column, DataTable
from analysis.sources import targets
from analysis.sums import ACTIVITY_INDICATORS, INCIDENT_INDICATORS, LEDGER_INDICATORS, RETURN_INDICATORS

NEEDED = "上年总结文件的工作打算，或填报表中的年度计划"
COUNTED = ("met", "on_the_way", "missed")


@dataclass(frozen=True)
class Commitments:
    """The plan for one year, from whatever year's files it comes, beside that year's figures."""

    book: Book
    plan_year: int

    @cached_property
    def rows(self) -> pd.DataFrame:
        """A row per promised figure, or per commitment without one, with ``value`` and ``state``."""
        table = self.book.store.table("plan", None, self.book.scope.county)
        rows = self.book.store.frame(table.filter(table.plan_year == self.plan_year))
        rows = rows.sort_values(["year", "file", "row", "start", "indicator"], kind="stable")
        rows = rows.reset_index(drop=True)
        rows = rows.assign(target=rows["target"].astype(float))
        reached = [self._reached(row) for row in rows.to_dict("records")]
        columns = pd.DataFrame(reached, columns=["value", "state"], index=rows.index)
        return rows.assign(value=columns["value"].astype(float), state=columns["state"].astype("str"))

    def _reached(self, row: dict[Any, Any]) -> tuple[float | None, str]:
        indicator = row["indicator"]
        if not isinstance(indicator, str):
            return None, fulfilment.state(None, None, None, None, over=False)
        due = row["due_on"]
        last = date(self.plan_year, 12, 31) if pd.isna(due) else pd.Timestamp(due).date()
        sector = row["sector"] if isinstance(row["sector"], str) and ";" not in row["sector"] else None
        value, before = (
            self._value(indicator, year, sector, last) for year in (self.plan_year, self.plan_year - 1)
        )
        comparator, target = str(row["comparator"]), float(row["target"])
        over = self.book.year > self.plan_year or self.book.scope.as_of >= last
        return value, fulfilment.state(comparator, target, value, before, over=over)

    def _value(self, indicator: str, year: int, sector: str | None, last: date) -> float | None:
        """The figure of a year up to the day on which a commitment is due; rates in per cent."""
        part, whole = vocabulary.ratios().get(indicator, ("", ""))
        if not part:
            return self._count(indicator, year, sector, last)
        counted, of = (self._count(code, year, sector, last) for code in (part, whole))
        return 100 * (counted or 0) / of if of else None

    def _count(self, indicator: str, year: int, sector: str | None, last: date) -> float | None:
        """A count of the months up to ``last``; None where the year has no list that could hold it."""
        rows = self.book.indicators
        rows = rows[(rows["year"] == year) & (rows["source"] == measures.source_of(indicator))]
        family = rows[rows["indicator"].isin(_family(indicator))]
        if family.empty:
            return None
        own = rows[(rows["indicator"] == indicator) & (rows["month"].isna() | (rows["month"] <= last.month))]
        own = own if sector is None else own[own["sector"] == sector]
        return float(own["value"].sum())


def _family(indicator: str) -> tuple[str, ...]:
    """The indicators that come from the same list: any of them shows that the year has it."""
    lists = (tuple(ACTIVITY_INDICATORS), INCIDENT_INDICATORS, LEDGER_INDICATORS, RETURN_INDICATORS)
    return next((codes for codes in lists if indicator in codes), (indicator,))


def answer(view: Commitments) -> tuple[Finding, ...]:
    """Count the commitments by state, name those missed, and those that cite a past year."""
    rows = view.rows
    if rows.empty:
        return (findings.cannot_show(f"{view.plan_year}年计划的落实", NEEDED),)
    said = [*_counted(view), *_missed(rows)]
    if cited := int(rows.drop_duplicates("text")["past_year"].notna().sum()):
        said.append(findings.out_of_date(cited, ("commitments",)))
    return tuple(said)


def _counted(view: Commitments) -> tuple[Finding, ...]:
    numbers = view.rows["state"].value_counts()
    met, way, missed = (int(numbers.get(name, 0)) for name in COUNTED)
    every = len(view.rows)
    return (
        findings.commitments(
            view.plan_year, every, met, way, missed, every - met - way - missed, ("commitments",)
        ),
    )


def _missed(rows: pd.DataFrame) -> tuple[Finding, ...]:
    items = [_in_words(row) for row in rows[rows["state"] == "missed"].to_dict("records")]
    return (findings.missed(items, ("commitments",)),) if items else ()


def _in_words(row: dict[Any, Any]) -> str:
    name = vocabulary.name("indicator", str(row["indicator"]))
    return f"{name}{promised(row)}，实际{reached(row)}"


def promised(row: dict[Any, Any]) -> str:
    """Comparator, target and unit in words: 不少于4次."""
    if not isinstance(row["indicator"], str):
        return ""
    shown = formats.number(row["target"], 1).removesuffix(".0")
    return f"{vocabulary.name('comparator', str(row['comparator']))}{shown}{_unit(row)}"


def _unit(row: dict[Any, Any]) -> str:
    """The unit of a promised figure: of a change it is per cent."""
    changes = str(row["comparator"]).startswith("change")
    return "%" if changes else vocabulary.indicators()[row["indicator"]].unit


def reached(row: dict[Any, Any]) -> str:
    """The figure reached, with its unit; empty where there is none."""
    if pd.isna(row["value"]):
        return ""
    return f"{formats.number(row['value'], 1).removesuffix('.0')}{_unit(row)}"


def lines(view: Commitments) -> Iterable[str]:
    """Every commitment on a line of its own, for the command line."""
    for row in view.rows.to_dict("records"):
        figure = f"，实际{reached(row)}" if reached(row) else ""
        said = [f"{_target(row)}{figure}", _remark(row), _place(row)]
        state = vocabulary.name("commitment_state", row["state"])
        yield f"[{state}] {row['text']}（{'；'.join(part for part in said if part)}）"


def tables(view: Commitments) -> Iterable[Displayable | DataTable]:
    """List every commitment with its target, the figure reached and its state."""
    if view.rows.empty:
        return (findings.cannot_show(f"{view.plan_year}年计划", NEEDED),)
    return (table(view),)


def table(view: Commitments) -> DataTable:
    """List every commitment: text, place, sector, owner, target, figure, state, what would measure it."""
    rows = view.rows.to_dict("records")
    frame = view.rows.assign(
        state=[vocabulary.name("commitment_state", row["state"]) for row in rows],
        target=[_target(row) for row in rows],
        reached=[reached(row) for row in rows],
        who=[_who(row) for row in rows],
        remark=[_remark(row) for row in rows],
        place=[_place(row) for row in rows],
    )
    columns = (
        Column("text", "计划内容", "quote"),
        Column("item", "大项"),
        Column("who", "责任单位"),
        Column("target", "目标"),
        Column("reached", "实际"),
        Column("state", "落实"),
        Column("remark", "说明"),
        Column("place", "出处", "file"),
    )
    return DataTable(
        "commitments",
        frame,
        columns,
        f"{view.plan_year}年计划逐项落实",
        f"{len(frame)} 项",
        note="可衡量的对照指标表；没有时限的以年底为限，到期前不判断未完成。",
    )


def _named(row: dict[Any, Any]) -> str:
    """The indicator's name; empty where none is promised."""
    return vocabulary.name("indicator", row["indicator"]) if isinstance(row["indicator"], str) else ""


def _target(row: dict[Any, Any]) -> str:
    """Indicator, comparator, target and due day in words."""
    due = "" if pd.isna(row["due_on"]) else f"（{formats.day(row['due_on'])}前）"
    return f"{_named(row)}{promised(row)}{due}"


def _who(row: dict[Any, Any]) -> str:
    """The owner, and the sectors that the commitment is for."""
    owner = row["owner"] if isinstance(row["owner"], str) else ""
    sectors = "、".join(vocabulary.name("sector", code) for code in _codes(row["sector"]))
    return f"{owner}（{sectors}）" if sectors else owner


def _codes(cell: object) -> list[str]:
    return cell.split(";") if isinstance(cell, str) else []


def _remark(row: dict[Any, Any]) -> str:
    """What would measure a commitment that promises no figure; whether it cites a past year."""
    said = []
    if row["state"] == "not_measurable":
        named = targets.suggestion(str(row["text"]))
        said.append(f"建议衡量：{named}" if named else "建议写明数量、时限和责任单位")
    if not pd.isna(row["past_year"]):
        said.append(f"引用{int(row['past_year'])}年的清单或行动，需核实")
    return "；".join(said)


def _place(row: dict[Any, Any]) -> str:
    where = f"{row['file']} 第{row['row']}行"
    if pd.isna(row["start"]):
        return where
    return f"{where}，字符{int(row['start'])}–{int(row['end'])}"
