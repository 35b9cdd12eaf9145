"""Report 5: account, gaps and late entries counted by hand; plain statements where there is nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.chapters import denominators, gaps, quality, recording, summary_figures
from analysis.chapters.denominators import Denominators
from analysis.chapters.quality import Quality
from analysis.chapters.recording import Recording
from analysis.chapters.summary_figures import SummaryFigures
from analysis.report.edition import Edition
from analysis.report.findings import Strength
from analysis.report.tables import mask
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book, shown_text
from tests.conftest import COUNTY

Put = Callable[..., Store]
NOTEBOOK = "5_data_quality"
HAZARD = {
    **PLACE,
    "township": "甲",
    "enterprise": "甲厂",
    "sector": "gas",
    "level": "general",
    "source": "department",
    "department": "城管局",
    "status": "open",
    "description": "软管老化",
    "found_on": date(2023, 3, 1),
}
FACT = {
    "document": "2023/总结.txt",
    "line": 3,
    "start": 40,
    "end": 52,
    "quote": "排查隐患5条",
    "sector": "all",
    "indicator": "hazards_found",
    "measure": "level",
    "value": 5,
    "unit": "条",
    "qualifier": "exact",
    "period_start": date(2023, 1, 1),
    "period_end": date(2023, 12, 31),
}


def hazards(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**HAZARD, "hazard_id": str(row), "row": row, "enterprise": f"厂{row}", **change}
        for row, change in enumerate(changes, start=2)
    ]


def manifest(store: Store, **content: object) -> None:
    """The commit of a preparation, as far as the report reads it."""
    file = store.processed / "manifest" / "year=2023" / f"county={COUNTY}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"as_of": None, **content}), encoding="utf-8")


def tally(table: str = "hazards", **counts: int) -> dict[str, object]:
    blank = dict.fromkeys(("read", "kept", "quarantined", "superseded", "dropped"), 0)
    skipped = dict.fromkeys(("skipped_title", "skipped_blank", "skipped_total", "cells_split"), 0)
    return {"file": "2023/a.xlsx", "sheet": "s", "table": table, "personal": {}, **blank, **skipped, **counts}


def test_every_row_read_is_accounted_for(put: Put) -> None:
    store = put("hazards", 2023, hazards({}))
    manifest(
        store,
        tallies=[
            tally(read=10, kept=7, quarantined=2, superseded=1, skipped_total=1),
            tally("enforcement", read=5, kept=4, dropped=1),
        ],
        messages=[{"code": "total_mismatch", "values": {"stated": 3, "sum": 4}}],
    )
    view = Quality(a_book(store))
    account, totals = quality.answer(view)
    assert account.text == "读入15行：采用11行、隔离2行、被后来的记录替代1行、按更正删除1行，相加等于读入数。"
    assert totals.text == "原表合计行1行，有1处与明细相加不符。"
    table = mask(quality.table_account(view), Edition.INTERNAL).frame
    assert table["read"].tolist() == [10, 5, 15], "two tables and their sum"


def test_a_lost_row_is_said_and_not_glossed_over(put: Put) -> None:
    store = put("hazards", 2023, hazards({}))
    manifest(store, tallies=[tally(read=10, kept=7)], messages=[])
    account = quality.answer(Quality(a_book(store)))[0]
    assert account.strength is Strength.OPEN
    assert "不等于读入数" in account.text


def test_quarantine_is_counted_by_reason_and_rows_are_internal(put: Put) -> None:
    store = put("hazards", 2023, hazards({}))
    manifest(store, tallies=[tally(read=3, kept=1, quarantined=2)], messages=[])
    file = store.processed / "quarantine" / "year=2023" / f"county={COUNTY}" / "part-0.csv"
    file.parent.mkdir(parents=True)
    lines = [
        "file,sheet,row,column,value,reason,message",
        "2023/a.xlsx,s,4,found_on,机密厂,date_impossible,不存在",
        "2023/a.xlsx,s,5,found_on,机密厂,date_impossible,不存在",
        "2023/a.xlsx,s,5,sector,机密业,value_unknown,不允许",
    ]
    file.write_text("\r\n".join(lines), encoding="utf-8-sig")
    book = a_book(store)
    frame = quality.reason_table(Quality(book)).frame
    assert frame["rows"].tolist() == [2, 1]
    assert "不存在" in shown_text(NOTEBOOK, book, "internal")
    for edition in ("leadership", "public"):
        shown = shown_text(NOTEBOOK, book, edition)
        assert "机密" not in shown
        assert "a.xlsx" not in shown


def test_records_that_lack_something_are_counted(put: Put) -> None:
    store = put(
        "hazards",
        2023,
        hazards(
            {"status": "rectified"},
            {"status": "verified", "rectified_on": date(2023, 4, 1)},
            {"rectified_on": date(2023, 4, 1), "due_on": date(2023, 5, 1)},
            {"enterprise": "同厂"},
            {"enterprise": "同厂"},
        ),
    )
    frame = gaps.check_table(Quality(a_book(store))).frame.set_index("check")["count"]
    assert frame["状态为已整改或已销号，没有整改日期"] == 1
    assert frame["状态为已销号，没有销号日期"] == 1
    assert frame["状态为未整改，却有整改日期"] == 1
    assert frame["没有整改期限"] == 4
    assert frame["疑似重复（企业、发现日期、行业和描述相同）"] == 2


def test_missing_is_counted_by_column(put: Put) -> None:
    store = put("hazards", 2023, hazards({"mode": "routine"}, {}, {}, {}))
    table = gaps.missing_table(Quality(a_book(store)))
    row = table.frame.set_index("column").loc["检查方式"]
    assert (row["missing"], row["rows"], row["share"]) == (3, 4, 0.75)
    assert "销号日期" in table.note, "a column that is empty throughout"


def recorded(department: str, count: int, days: int) -> list[dict[str, Any]]:
    return [
        {
            "department": department,
            "enterprise": f"{department}{number}",
            "found_on": date(2023, 3, 1) + timedelta(days=number),
            "recorded_on": date(2023, 3, 1) + timedelta(days=number + days + number % 3),
        }
        for number in range(count)
    ]


def test_who_records_late_is_named_only_where_the_test_carries_it(put: Put) -> None:
    rows = [*recorded("甲局", 40, 1), *recorded("乙局", 40, 1), *recorded("丙局", 40, 30)]
    view = Recording(a_book(put("hazards", 2023, hazards(*rows))))
    (found,) = recording.late(view)
    assert found.strength is Strength.SUPPORTED
    assert found.text.startswith("丙局从发现到录入明显慢于其余：中位31天")


def test_four_late_entries_carry_no_claim(put: Put) -> None:
    rows = [*recorded("甲局", 40, 1), *recorded("丙局", 4, 30)]
    (found,) = recording.late(Recording(a_book(put("hazards", 2023, hazards(*rows)))))
    assert found.strength is Strength.OPEN


def test_one_inspection_entered_late_is_one_entry(put: Put) -> None:
    """Forty hazards of one visit are no forty late entries."""
    visit = {"enterprise": "大厂", "found_on": date(2023, 3, 1), "recorded_on": date(2023, 6, 1)}
    rows = [*recorded("甲局", 40, 1), *({"department": "丙局", **visit} for _ in range(40))]
    view = Recording(a_book(put("hazards", 2023, hazards(*rows))))
    assert len(view.entries) == 41
    assert recording.late(view)[0].strength is Strength.OPEN
    row = recording.delay_table(view).frame.set_index("department").loc["丙局"]
    assert (row["n"], row["entries"]) == (40, 1)


def test_the_table_of_delays_has_the_medians_of_the_claim(put: Put) -> None:
    """Otherwise a claim of 31 days would stand beside a table of 30: a visit of many hazards weighs once."""
    visit = {"enterprise": "大厂", "found_on": date(2023, 3, 1), "recorded_on": date(2023, 3, 11)}
    rows = [
        *recorded("甲局", 40, 1),
        *recorded("丙局", 40, 30),
        *({"department": "丙局", **visit} for _ in range(90)),
    ]
    view = Recording(a_book(put("hazards", 2023, hazards(*rows))))
    (found,) = recording.late(view)
    row = recording.delay_table(view).frame.set_index("department").loc["丙局"]
    assert found.text.startswith(f"丙局从发现到录入明显慢于其余：中位{row['median']:.0f}天")


def test_known_enterprises_show_that_a_denominator_is_wrong(put: Put) -> None:
    put("enterprises", 2023, [{**PLACE, "year": 2023, "row": 2, "sector": "gas", "regulated_enterprises": 2}])
    store = put("hazards", 2023, hazards({}, {}, {}, {"sector": "education"}))
    view = Denominators(a_book(store))
    assert (view.beyond, view.without) == (["gas"], ["education"])
    assert view.sectors.loc["gas", "coverage"] == 1.5
    (found,) = denominators.answer(view)
    assert "超过100%" in found.text
    assert "不计算每家企业的比率" in found.text


def test_the_summary_stands_beside_the_ledger(put: Put) -> None:
    put("hazards", 2023, hazards({}, {}, {"campaign": "major_hazard_2023"}))
    facts = [
        FACT,
        {**FACT, "campaign": "major_hazard_2023", "value": 1},
        {**FACT, "sector": "education", "value": 4},
        {**FACT, "period_end": date(2023, 3, 31)},
    ]
    own = SummaryFigures(a_book(put("facts", 2023, facts))).facts["own"]
    assert sorted(own.dropna()) == [1, 3], "the campaign's and the county's; no quarter, no unknown sector"


def test_coverage_counts_what_the_preparation_said(put: Put) -> None:
    store = put("facts", 2023, [FACT])
    values = {"numbers": 10, "read": 6, "other": 2, "missing": 2}
    manifest(store, tallies=[], messages=[{"code": "extract_coverage", "values": values}])
    view = SummaryFigures(a_book(store))
    assert summary_figures.headlines(view)[0].value == 0.75
    assert "2个没有读出" in summary_figures.answer(view)[0].text


def test_sentences_of_documents_stay_inside(put: Put) -> None:
    store = put("facts", 2023, [{**FACT, "quote": "隆兴公司张三排查隐患5条"}])
    book = a_book(store)
    assert "隆兴公司" in shown_text(NOTEBOOK, book, "internal")
    for edition in ("leadership", "public"):
        shown = shown_text(NOTEBOOK, book, edition)
        assert "隆兴" not in shown
        assert "总结.txt" not in shown


@pytest.mark.parametrize("edition", ["internal", "leadership"])
@pytest.mark.parametrize("given", ["nothing", "document", "one_hazard", "returns"])
def test_whatever_is_missing_is_said(put: Put, tmp_path: Path, given: str, edition: str) -> None:
    """No exception and no NaN, whatever the county has."""
    store = Store(tmp_path)
    if given == "document":
        store = put("facts", 2023, [FACT])
    if given == "one_hazard":
        store = put("hazards", 2023, hazards({}))
    if given == "returns":
        store = put("enforcement", 2023, [{**PLACE, "row": 2, "month": 1, "sector": "gas", "inspections": 4}])
    shown = shown_text(NOTEBOOK, a_book(store), edition)
    assert "现有数据不能说明" in shown
    assert "nan" not in shown.lower().replace("finance", "")
    assert "方法" in shown


def test_the_statistics_reproduce_what_is_published() -> None:
    found, table = quality.method_check()
    assert found.strength is Strength.DESCRIBED  # type: ignore[union-attr]
    assert set(table.frame["passed"]) == {"相符"}  # type: ignore[union-attr]
    assert "scipy" in table.note  # type: ignore[union-attr]


def test_numbers_that_stay_open_are_listed_in_the_internal_edition_alone(put: Put) -> None:
    store = put("facts", 2023, [FACT])
    values = {"quote": "三防检查12.5未写单位", "reason": "没有单位"}
    unread = {"code": "extract_unread", "file": "2023/总结.txt", "row": 7, "values": values}
    manifest(store, tallies=[], messages=[unread])
    view = SummaryFigures(a_book(store))
    (table,) = summary_figures.unread_tables(view)
    assert table.frame[["document", "line", "reason"]].values.tolist() == [["2023/总结.txt", "7", "没有单位"]]
    for edition, shown in ((Edition.INTERNAL, True), (Edition.LEADERSHIP, False), (Edition.PUBLIC, False)):
        assert ("quote" in mask(table, edition).frame) == shown
