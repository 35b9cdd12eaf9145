"""Corrections as data: applied where their old value stands, told where it does not, raw files untouched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import prepare
from analysis.settings import Folders
from analysis.store import Store
from tests.workbook_files import COUNTY, LEDGER, ledger_row, project, xlsx


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    found = project(tmp_path)
    xlsx(
        found.raw / "2023" / "a.xlsx",
        {"台账": [[*LEDGER, "隐患编号"], *([*ledger_row(n), f"YH-{n}"] for n in (1, 2, 3))]},
    )
    return found


def correct(folders: Folders, *entries: dict[str, Any], **changes: Any) -> prepare.Preparation:
    usual = {"id": "C1", "table": "hazards", "match": {"hazard_id": "YH-2"}, "reason": "核实"}
    given = [usual | entry for entry in entries or (changes,)]
    text = json.dumps(given, ensure_ascii=False)  # YAML without anchors
    (folders.raw / "2023" / "corrections.yaml").write_text(text, encoding="utf-8")
    return prepare.prepare_year(folders, 2023)[0]


def levels(folders: Folders) -> dict[str, str]:
    frame = Store(folders.processed).rows("hazards", [2023], COUNTY)
    return dict(zip(frame["hazard_id"], frame["level"], strict=True))


def codes(found: prepare.Preparation) -> list[str]:
    return [message.code for message in found.messages]


def override(expect: object, value: object, column: str = "level", **more: Any) -> dict[str, Any]:
    return {"action": "override", "column": column, "expect": expect, "value": value, **more}


@pytest.mark.parametrize("expect", ["一般", "general", "一般隐患"])
def test_an_override_changes_the_value_that_it_expects(folders: Folders, expect: str) -> None:
    """The old value may be given as the file writes it or as the table stores it."""
    raw = (folders.raw / "2023" / "a.xlsx").read_bytes()
    found = correct(folders, override(expect, "重大"))
    assert levels(folders) == {"YH-1": "general", "YH-2": "major", "YH-3": "general"}
    assert codes(found) == ["correction_applied"]
    assert (folders.raw / "2023" / "a.xlsx").read_bytes() == raw


def test_an_override_whose_old_value_no_longer_stands_is_told_and_not_applied(folders: Folders) -> None:
    found = correct(folders, override("重大", "一般"))
    assert levels(folders)["YH-2"] == "general"
    assert codes(found) == ["correction_stale"]


@pytest.mark.parametrize(
    ("match", "code"),
    [
        ({"hazard_id": "YH-9"}, "correction_unmatched"),
        ({"level": "一般"}, "correction_ambiguous"),
        ({"file": "2023/a.xlsx", "sheet": "台账", "row": 3}, "correction_applied"),
        ({"enterprise": "示例2号厂", "found_on": "2023-05-26"}, "correction_applied"),
    ],
)
def test_a_correction_is_of_one_row(folders: Folders, match: dict[str, Any], code: str) -> None:
    found = correct(folders, override("一般", "重大", match=match))
    assert codes(found) == [code]
    assert list(levels(folders).values()).count("major") == (code == "correction_applied")


def test_an_override_saves_a_row_from_quarantine(folders: Folders) -> None:
    xlsx(folders.raw / "2023" / "b.xlsx", {"s": [LEDGER, ledger_row(7, 发现日期="2023-02-30")]})
    match = {"file": "2023/b.xlsx", "row": 2}
    found = correct(folders, override("2023-02-30", "2023-02-28", column="found_on", match=match))
    assert codes(found) == ["correction_applied"]
    assert sum(tally.quarantined for tally in found.tallies) == 0


def test_an_override_that_breaks_the_schema_is_quarantined_like_any_row(folders: Folders) -> None:
    found = correct(folders, override("2023-05-26", "2022-05-26", column="found_on"))
    assert [(tally.kept, tally.quarantined) for tally in found.tallies] == [(2, 1)]


def test_a_value_that_cannot_be_read_is_told(folders: Folders) -> None:
    assert codes(correct(folders, override("一般", "特大"))) == ["correction_value"]


def test_a_dropped_row_is_counted_and_listed(folders: Folders) -> None:
    found = correct(folders, action="drop")
    (tally,) = found.tallies
    assert (tally.read, tally.kept, tally.dropped) == (3, 2, 1)
    lines = pd.read_csv(folders.processed / f"quarantine/year=2023/county={COUNTY}/part-0.csv", dtype=str)
    assert lines[["row", "reason", "value"]].to_numpy().tolist() == [["3", "dropped_by_correction", "C1"]]


def test_a_drop_may_expect_a_value_too(folders: Folders) -> None:
    found = correct(folders, action="drop", column="level", expect="重大")
    assert codes(found) == ["correction_stale"]
    assert found.tallies[0].dropped == 0


def test_a_dropped_row_is_not_quarantined_as_well(folders: Folders) -> None:
    xlsx(folders.raw / "2023" / "b.xlsx", {"s": [LEDGER, ledger_row(7, 行业领域="太空")]})
    found = correct(folders, action="drop", match={"file": "2023/b.xlsx"})
    assert [(tally.quarantined, tally.dropped) for tally in found.tallies] == [(0, 0), (0, 1)]


def test_a_flag_keeps_the_row_and_says_why(folders: Folders) -> None:
    found = correct(folders, action="flag", reason="疑似重复检查")
    assert found.tallies[0].kept == 3
    (told,) = found.messages
    assert (told.code, told.row) == ("correction_flagged", 3)
    assert "疑似重复检查" in told.text("zh")


def test_corrections_follow_each_other(folders: Folders) -> None:
    found = correct(folders, override("一般", "重大"), override("重大", "一般") | {"id": "C2"})
    assert codes(found) == ["correction_applied", "correction_applied"]
    assert levels(folders)["YH-2"] == "general"


def test_a_correction_of_money_is_in_yuan_whatever_the_file_counts_in(folders: Folders) -> None:
    header = [
        "行政相对人名称",
        "行政处罚决定书文号",
        "处罚类别",
        "罚款金额（万元）",
        "处罚决定日期",
        "处罚机关",
    ]
    row = ["甲厂", "1号", "警告、罚款", 10, "2023-06-01", "示例县应急管理局"]
    xlsx(folders.raw / "2023" / "p.xlsx", {"s": [header, row]})
    match = {"document_number": "1号"}
    found = correct(folders, override(100000, 10000, column="fine", match=match, table="penalties"))
    assert codes(found) == ["correction_applied"]
    frame = Store(folders.processed).rows("penalties", [2023], COUNTY)
    assert frame[["fine", "kind"]].to_numpy().tolist() == [[10000, "warning;fine"]]
