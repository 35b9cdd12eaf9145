"""The same thing recorded twice: found by its key, the later record kept, the earlier one told of."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import duplicates
from analysis.batch import Batch
from analysis.schema import Table
from analysis.sources.cells import no_problems

Row = dict[str, Any]


def batch(table: Table, rows: list[Row]) -> Batch:
    """Rows in the order in which they were read; day columns become dates."""
    frame = pd.DataFrame(
        [{"file": "a.xlsx", "sheet": "一", "row": n, **row} for n, row in enumerate(rows, 2)]
    )
    for name in frame.columns.intersection(["found_on", "recorded_on", "occurred_at", "held_on"]):
        frame[name] = pd.to_datetime(frame[name])
    return Batch(table, frame, frame, no_problems())


def gone(found: Batch) -> dict[int, str]:
    """The superseded rows, each with the place of the later one."""
    return dict(zip(found.superseded["index"], found.superseded["value"], strict=True))


def hazard(**other: Any) -> Row:
    usual = {"enterprise": "甲厂", "found_on": "2023-05-01", "recorded_on": None, "description": "护栏缺失"}
    return {"hazard_id": None, "part": 0, **usual, **other}


def test_the_record_entered_later_is_kept_whatever_the_order_of_rows() -> None:
    rows = [
        hazard(hazard_id="YH-100", recorded_on="2023-06-01", file="b.xlsx"),
        hazard(hazard_id="yh-100 ", recorded_on="2023-05-20", file="z.xlsx"),
        hazard(hazard_id="YH-101"),
    ]
    found = duplicates.supersede(batch("hazards", rows))
    assert gone(found) == {1: "b.xlsx#一#2"}
    assert list(found.kept.index) == [0, 2]
    (message,) = found.messages
    assert (message.code, message.file, message.sheet, message.row) == ("superseded", "z.xlsx", "一", 3)
    assert message.values["count"] == 1
    assert message.values["rows"] == "3"


def test_without_a_day_of_entry_the_day_found_then_file_sheet_and_row_decide() -> None:
    same = {"hazard_id": "YH-100"}
    rows = [
        hazard(**same, file="b.xlsx", sheet="二"),
        hazard(**same, file="b.xlsx", sheet="一"),
        hazard(**same, file="a.xlsx", sheet="三"),
        hazard(**same, file="z.xlsx", found_on="2023-04-30"),
    ]
    assert set(gone(duplicates.supersede(batch("hazards", rows)))) == {1, 2, 3}
    parts = [hazard(**same, row=5, part=1), hazard(**same, row=5, part=0)]
    assert set(gone(duplicates.supersede(batch("hazards", parts)))) == {1}


def test_ids_that_only_number_the_rows_are_replaced_by_a_key_of_the_content() -> None:
    """Five digits are a serial number, six are not; blanks and widths of letters make no other hazard."""
    rows = [
        hazard(hazard_id="1"),
        hazard(hazard_id=None, enterprise="甲厂 ", description="护栏缺失"),
        hazard(hazard_id="12345-2", description="通道堵塞"),
        hazard(hazard_id="123456"),
        hazard(hazard_id="1", found_on="2023-05-02"),
        hazard(hazard_id="1", enterprise="乙厂"),
        hazard(hazard_id=None, enterprise=None, description=None),
    ]
    found = duplicates.identify(batch("hazards", rows), "990101").frame["hazard_id"]
    assert found[0] == found[1]
    assert found[3] == "123456"
    assert found.nunique() == 6
    assert all(name.startswith("h") and len(name) == 21 for name in found.drop(3))
    other = duplicates.identify(batch("hazards", rows), "990102").frame["hazard_id"]
    assert not set(found.drop(3)) & set(other.drop(3)), "another county's hazards are others"


def test_only_hazards_get_ids() -> None:
    penalties = batch("penalties", [{"document_number": "甲1", "party": "甲厂"}])
    assert duplicates.identify(penalties, "990101") is penalties


def test_penalties_meet_by_number_and_party_and_incidents_by_moment_sector_and_place() -> None:
    decisions = [
        {"document_number": "〔2023〕1号", "party": "甲厂"},
        {"document_number": "〔2023〕1号", "party": "乙厂"},
        {"document_number": "〔2023〕1号", "party": "甲厂"},
    ]
    assert gone(duplicates.supersede(batch("penalties", decisions))) == {0: "a.xlsx#一#4"}
    moment = {"occurred_at": "2023-05-01 10:30", "sector": "mining", "township": "东镇"}
    incidents = [moment, {**moment, "township": None}, {**moment, "sector": "fire"}, moment]
    assert gone(duplicates.supersede(batch("incidents", incidents))) == {0: "a.xlsx#一#5"}


def month(**other: Any) -> Row:
    usual = {"township": None, "month": 5, "sector": "mining", "department": "局", "campaign": None}
    return {**usual, "inspections": None, "fines": None, **other}


def test_a_month_in_two_files_is_one_where_both_give_a_figure() -> None:
    """Overlapping exports: the later file's row stands, even with another number; the others add to it."""
    rows = [
        month(inspections=4.0),
        month(inspections=5.0, file="b.xlsx"),
        month(fines=100.0, file="c.xlsx"),
        month(inspections=9.0, file="c.xlsx", month=6),
    ]
    assert gone(duplicates.supersede(batch("enforcement", rows))) == {0: "b.xlsx#一#3"}


def test_within_one_sheet_only_rows_equal_throughout_are_one() -> None:
    """Offices split a month over several rows."""
    rows = [month(inspections=4.0), month(inspections=5.0), month(inspections=4.0)]
    assert gone(duplicates.supersede(batch("enforcement", rows))) == {0: "a.xlsx#一#4"}
    two = [month(inspections=4.0, sheet="二"), month(inspections=4.0, sheet=None, file="b.csv")]
    assert gone(duplicates.supersede(batch("enforcement", two))) == {0: "b.csv##3"}


def test_each_sheet_with_repeated_rows_is_told_once_with_its_first_twenty_rows() -> None:
    rows = [hazard(hazard_id="YH-100", sheet=None) for _ in range(24)]
    found = duplicates.supersede(batch("hazards", rows))
    (message,) = found.messages
    assert message.sheet is None
    assert message.row == 2
    assert message.values["count"] == 23
    assert message.values["rows"] == "、".join(str(n) for n in range(2, 22))
    assert len(found.superseded) == 23


def test_nothing_kept_or_nothing_twice_changes_nothing() -> None:
    single = batch("hazards", [hazard(hazard_id="YH-100")])
    assert duplicates.supersede(single) is single
    emptied = single.with_problems(
        pd.DataFrame({"index": [0], "column": ["x"], "value": [""], "reason": ["value_missing"]})
    )
    assert duplicates.supersede(emptied) is emptied
