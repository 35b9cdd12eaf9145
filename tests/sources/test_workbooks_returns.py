"""Monthly enforcement returns: flat, wide, cumulative, with the period where offices leave it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import prepare
from analysis.messages import AnalysisError
from analysis.schema import column_names
from analysis.settings import Folders
from analysis.store import Store
from tests.workbook_files import COUNTY, csv_file, project, xlsx


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    found = project(tmp_path)
    (found.raw / "2023").mkdir()
    return found


def prepared(folders: Folders, year: int = 2023) -> prepare.Preparation:
    return prepare.prepare_year(folders, year)[0]


def rows(folders: Folders, *columns: str) -> list[tuple[Any, ...]]:
    """The stored returns, sorted, missing values as None."""
    frame = Store(folders.processed).rows("enforcement", [2023], COUNTY)
    chosen = frame[list(columns)].astype(object)
    return sorted(chosen.where(chosen.notna(), None).itertuples(index=False, name=None), key=str)


def codes(preparation: prepare.Preparation) -> list[str]:
    return [message.code for message in preparation.messages]


@pytest.mark.parametrize(
    ("file", "sheet", "title"),
    [
        ("月报.xlsx", "Sheet1", "示例县2023年6月安全生产执法情况统计表"),
        ("月报.xlsx", "6月", "执法情况统计表"),
        ("2023年6月月报.xlsx", "Sheet1", "执法情况统计表（填报日期：2023年7月5日）"),
        ("执法月报202306.xlsx", "Sheet1", "执法情况统计表"),
        ("2023-06 执法.xlsx", "Sheet1", "执法情况统计表"),
        ("6月份执法.xlsx", "Sheet1", "执法情况统计表"),
    ],
)
def test_the_month_stands_only_in_a_title_a_sheet_or_a_file_name(
    folders: Folders, file: str, sheet: str, title: str
) -> None:
    table = [[title], ["部门", "检查次数", "发现隐患"], ["应急管理局", 12, 30]]
    xlsx(folders.raw / "2023" / file, {sheet: table})
    prepared(folders)
    assert rows(folders, "month", "department", "inspections", "hazards_found") == [(6, "应急管理局", 12, 30)]


def test_a_return_without_any_month_is_refused(folders: Folders) -> None:
    xlsx(
        folders.raw / "2023" / "月报.xlsx", {"s": [["部门", "检查次数", "发现隐患"], ["应急管理局", 12, 30]]}
    )
    with pytest.raises(AnalysisError, match=r"月报\.xlsx"):
        prepared(folders)


def test_a_month_of_another_year_is_quarantined(folders: Folders) -> None:
    table = [["2022年6月执法情况"], ["部门", "检查次数", "发现隐患"], ["应急管理局", 12, 30]]
    xlsx(folders.raw / "2023" / "月报.xlsx", {"s": table})
    assert prepared(folders).tallies[0].quarantined == 1


def test_departments_down_indicators_across_with_units_and_a_total(folders: Folders) -> None:
    table = [
        ["2023年6月执法情况", "", "", "单位：万元"],
        ["部门", "检查企业（家）", "检查次数（次）", "罚款金额"],
        ["应急管理局", "１０", "1,200", 1.5],
        ["消防救援大队", 5, "十二", "2,000元"],
        ["合计", 99, 1212, 1.7],
    ]
    xlsx(folders.raw / "2023" / "月报.xlsx", {"s": table})
    found = prepared(folders)
    assert rows(folders, "enterprises_inspected", "inspections", "fines") == [
        (10, 1200, Decimal("15000.00")),
        (5, 12, Decimal("2000.00")),
    ]
    assert codes(found) == []  # enterprises are not added up, so 99 is no mismatch


def test_months_across_under_one_indicator_of_the_title(folders: Folders) -> None:
    table = [["执法检查次数统计表"], ["行业", "1月", "2月", "三月"], ["工贸", 5, 6, ""], ["燃气", 1, 0, 2]]
    xlsx(folders.raw / "2023" / "a.xlsx", {"s": table})
    found = prepared(folders)
    assert rows(folders, "sector", "month", "inspections") == [
        ("gas", 1, 1),
        ("gas", 2, 0),
        ("gas", 3, 2),
        ("industry_trade", 1, 5),
        ("industry_trade", 2, 6),
    ]
    assert (found.tallies[0].read, found.tallies[0].kept) == (5, 5)


def test_months_across_over_several_indicators(folders: Folders) -> None:
    top = ["部门", "1月", "", "2月", ""]
    low = ["", "检查次数", "罚款（万元）", "检查次数", "罚款（万元）"]
    merged = {"s": ["A1:A2", "B1:C1", "D1:E1"]}
    xlsx(folders.raw / "2023" / "a.xlsx", {"s": [top, low, ["应急管理局", 1, 0.5, 2, 0.25]]}, merged)
    prepared(folders)
    assert rows(folders, "month", "inspections", "fines") == [
        (1, 1, Decimal("5000.00")),
        (2, 2, Decimal("2500.00")),
    ]


def test_indicators_down_months_across(folders: Folders) -> None:
    table = [["指标", "1月", "2月"], ["检查次数", 9, 8], ["罚款金额（万元）", 1, ""], ["开会次数", 1, 1]]
    xlsx(folders.raw / "2023" / "a.xlsx", {"s": table})
    found = prepared(folders)
    assert rows(folders, "month", "inspections", "fines") == [(1, 9, Decimal("10000.00")), (2, 8, None)]
    told = next(message for message in found.messages if message.code == "item_unknown")
    assert (told.row, told.values["label"]) == (4, "开会次数")


def test_month_and_cumulative_side_by_side(folders: Folders) -> None:
    """The month's own figure is kept; the cumulative one only of enterprises, which nobody may add up."""
    top = ["部门", "检查企业数", "", "检查次数", ""]
    low = ["", "本月", "累计", "本月", "累计"]
    merged = {"s": ["A2:A3", "B2:C2", "D2:E2"]}
    table = [["2023年6月"], top, low, ["应急管理局", 10, 50, 12, 80]]
    xlsx(folders.raw / "2023" / "a.xlsx", {"s": table}, merged)
    prepared(folders)
    columns = ("enterprises_inspected", "cumulative_enterprises_inspected", "inspections")
    assert rows(folders, *columns) == [(10, 50, 12)]


def test_a_cumulative_figure_that_its_month_contradicts_is_told_and_changes_nothing(folders: Folders) -> None:
    """Five in January and four in February make nine, not ten; the months' own figures stand."""
    header = ["月份", "部门", "本月检查次数", "累计检查次数"]
    rows_ = [
        [1, "应急管理局", 5, 5],
        [2, "应急管理局", 4, 10],
        [3, "应急管理局", 2, 12],
        [5, "应急管理局", 1, 9],
    ]
    csv_file(folders.raw / "2023" / "a.csv", [header, *rows_])
    found = prepared(folders)
    assert rows(folders, "month", "inspections") == [(1, 5), (2, 4), (3, 2), (5, 1)]
    assert [(message.code, message.row) for message in found.messages] == [("cumulative_disagrees", 3)]


def cumulative(folders: Folders, months: dict[int, int]) -> prepare.Preparation:
    for month, total in months.items():
        title = f"2023年1-{month}月执法情况" if month > 1 else "2023年1月执法情况（累计）"
        table = [[title], ["部门", "检查次数", "检查企业数"], ["应急管理局", total, month]]
        csv_file(folders.raw / "2023" / f"报表{month}.csv", table)
    return prepared(folders)


def test_cumulative_returns_are_differenced(folders: Folders) -> None:
    cumulative(folders, {1: 5, 2: 9, 3: 9})
    assert rows(folders, "month", "inspections") == [(1, 5), (2, 4), (3, 0)]
    assert rows(folders, "enterprises_inspected", "cumulative_enterprises_inspected")[0] == (None, 1)


def test_a_cumulative_figure_that_falls_is_quarantined_and_the_year_adds_up(folders: Folders) -> None:
    found = cumulative(folders, {1: 5, 2: 9, 3: 7, 4: 20})
    assert rows(folders, "month", "inspections") == [(1, 5), (2, 4), (4, 11)]
    assert [tally.quarantined for tally in found.tallies] == [0, 0, 1, 0]
    lines = pd.read_csv(folders.processed / "quarantine/year=2023/county=990101/part-0.csv")
    assert lines[["reason", "row", "column"]].to_numpy().tolist() == [
        ["cumulative_decreased", 3, "inspections"]
    ]


def test_a_row_with_one_fallen_figure_takes_none_of_the_others_with_it(folders: Folders) -> None:
    """March is quarantined as a whole, so April's inspections are counted from February."""
    header = ["月份", "部门", "检查次数（累计）", "发现隐患（累计）"]
    table = [
        [1, "应急管理局", 5, 9],
        [2, "应急管理局", 8, 9],
        [3, "应急管理局", 10, 4],
        [4, "应急管理局", 15, 20],
    ]
    csv_file(folders.raw / "2023" / "a.csv", [header, *table])
    prepared(folders)
    assert rows(folders, "month", "inspections", "hazards_found") == [(1, 5, 9), (2, 3, 0), (4, 7, 11)]


def test_a_missing_month_is_told(folders: Folders) -> None:
    found = cumulative(folders, {1: 5, 4: 20})
    assert rows(folders, "month", "inspections") == [(1, 5), (4, 15)]
    told = next(message for message in found.messages if message.code == "cumulative_gap")
    assert (told.values["before"], told.values["month"]) == (1, 4)


def test_rows_without_a_sector_are_the_whole_county(folders: Folders) -> None:
    xlsx(folders.raw / "2023" / "6月.xlsx", {"s": [["部门", "检查次数"], ["应急管理局", 1]]})
    prepared(folders)
    assert rows(folders, "sector") == [("all",)]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [(-3, "value_negative"), ("三十多", "number_unreadable"), (2.5, "number_not_whole")],
)
def test_figures_that_cannot_be_are_quarantined(folders: Folders, cell: object, reason: str) -> None:
    xlsx(
        folders.raw / "2023" / "6月.xlsx", {"s": [["部门", "检查次数", "发现隐患"], ["应急管理局", cell, 1]]}
    )
    assert prepared(folders).tallies[0].quarantined == 1
    lines = pd.read_csv(folders.processed / "quarantine/year=2023/county=990101/part-0.csv")
    assert lines["reason"].to_list() == [reason]


def test_an_export_that_overlaps_another_supersedes_it(folders: Folders) -> None:
    header = ["月份", "部门", "检查次数"]
    xlsx(folders.raw / "2023" / "a.xlsx", {"s": [header, [1, "应急管理局", 5], [2, "应急管理局", 6]]})
    xlsx(folders.raw / "2023" / "b.xlsx", {"s": [header, [2, "应急管理局", 7], [3, "应急管理局", 8]]})
    found = prepared(folders)
    assert rows(folders, "month", "inspections") == [(1, 5), (2, 7), (3, 8)]
    assert [(tally.file, tally.superseded) for tally in found.tallies] == [
        ("2023/a.xlsx", 1),
        ("2023/b.xlsx", 0),
    ]


def test_files_that_report_different_things_of_a_month_add_up(folders: Folders) -> None:
    xlsx(folders.raw / "2023" / "a.xlsx", {"s": [["月份", "部门", "检查次数"], [1, "应急管理局", 5]]})
    xlsx(folders.raw / "2023" / "b.xlsx", {"s": [["月份", "部门", "培训场次"], [1, "应急管理局", 2]]})
    assert sum(tally.kept for tally in prepared(folders).tallies) == 2
    assert rows(folders, "inspections", "trainings") == [(5, None), (None, 2)]


def test_stored_returns_have_the_columns_of_the_table(folders: Folders) -> None:
    xlsx(folders.raw / "2023" / "6月.xlsx", {"s": [["部门", "检查次数", "罚款"], ["应急管理局", 1, 2]]})
    prepared(folders)
    frame = Store(folders.processed).rows("enforcement", [2023], COUNTY)
    assert {*frame.columns} == {*column_names("enforcement"), "year"}
