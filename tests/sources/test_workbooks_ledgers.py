"""Hazard ledgers, penalty lists and enterprise counts as offices keep them: every form loads."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.messages import AnalysisError
from analysis.sources.sheets import FileRows, read_file
from analysis.sources.sidecars import FileMapping, FileMappings
from tests.workbook_files import LEDGER, csv_file, ledger_row, xls, xlsx


def read(path: Path, year: int = 2023, **mapping: Any) -> FileRows:
    files = {"*": (FileMapping(**mapping),)} if mapping else {}
    return read_file(path, f"{year}/{path.name}", FileMappings(files), year)


def values(found: FileRows, column: str) -> list[Any]:
    """A column of the first sheet as plain Python values; days as dates, missing as None."""
    series = found.sheets[0].parsed.frame[column]
    plain = [None if pd.isna(value) else value for value in series.astype(object)]
    return [value.date() if isinstance(value, datetime) else value for value in plain]


def reasons(found: FileRows) -> dict[str, str]:
    problems = found.sheets[0].parsed.problems
    return dict(zip(problems["column"], problems["reason"], strict=True))


def codes(found: FileRows) -> list[str]:
    return [message.code for message in found.messages]


def column(tmp_path: Path, header: str, *cells: Any) -> FileRows:
    """A ledger with one column more, or with other cells in one it has."""
    if header in LEDGER:
        rows = [ledger_row(number, **{header: cell}) for number, cell in enumerate(cells, 1)]
        return read(xlsx(tmp_path / "台账.xlsx", {"台账": [LEDGER, *rows]}))
    rows = [[*ledger_row(number), cell] for number, cell in enumerate(cells, 1)]
    return read(xlsx(tmp_path / "台账.xlsx", {"台账": [[*LEDGER, header], *rows]}))


def test_title_rows_above_the_header_are_no_data(tmp_path: Path) -> None:
    rows = [["示例县隐患排查治理台账"], ["填报单位：应急管理局"], [], LEDGER, ledger_row(1), ledger_row(2)]
    found = read(xlsx(tmp_path / "a.xlsx", {"台账": rows}, {"台账": ["A1:F1"]}))
    assert values(found, "enterprise") == ["示例1号厂", "示例2号厂"]
    assert found.sheets[0].cells["row"].to_list() == [5, 6]
    assert found.sheets[0].skipped_title == 4


@pytest.mark.parametrize("merged", [["A1:A2", "B1:C1", "D1:D2", "E1:E2", "F1:G1", "H1:H2"], []])
def test_two_row_headers_merged_or_not(tmp_path: Path, merged: list[str]) -> None:
    top = ["企业名称", "隐患情况", "", "隐患来源", "隐患描述", "整改情况", "", "发现日期"]
    low = ["", "行业领域", "隐患级别", "", "", "整改期限", "整改完成日期", ""]
    row = ["甲厂", "燃气", "重大", "企业自查", "软管老化", "2023-06-01", "2023-05-30", "2023-05-26"]
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [top, low, row]}, {"s": merged}))
    assert values(found, "level") == ["major"]
    assert values(found, "due_on") == [date(2023, 6, 1)]
    assert values(found, "rectified_on") == [date(2023, 5, 30)]
    assert found.sheets[0].cells["row"].to_list() == [3]


def test_merged_cells_in_the_rows_hold_for_each_row(tmp_path: Path) -> None:
    rows = [LEDGER, ledger_row(1), ["", "", "", "", "通道堵塞", ""], ledger_row(3)]
    found = read(xlsx(tmp_path / "a.xlsx", {"s": rows}, {"s": ["A2:A3", "B2:B3", "C2:C3", "D2:D3", "F2:F3"]}))
    assert values(found, "enterprise") == ["示例1号厂", "示例1号厂", "示例3号厂"]
    assert values(found, "description")[1] == "通道堵塞"
    assert values(found, "found_on") == [date(2023, 5, 26)] * 3


def test_column_names_of_another_office(tmp_path: Path) -> None:
    header = ["受检单位", "所属行业", "隐患等级", "发现方式", "存在问题", "检查时间", "属地", "是否整改"]
    row = ["乙厂", "城镇燃气", "重大事故隐患", "自查自报", "报警器失效", "2023/5/26", "城关镇", "是"]
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [header, row]}))
    assert values(found, "sector") + values(found, "source") == ["gas", "self_reported"]
    assert values(found, "status") + values(found, "township") == ["rectified", "城关镇"]


@pytest.mark.parametrize(
    "cell",
    [
        45072,
        45072.0,
        "45072",
        datetime(2023, 5, 26),
        datetime(2023, 5, 26, 14, 30),
        "2023年5月26日",
        "2023年05月26日 14时30分",
        "2023.5.26",
        "2023.05.26",
        "20230526",
        20230526,
        "2023/5/26",
        "2023-05-26",
        "2023-05-26 14:30:05",
        "２０２３年５月２６日",
        "二〇二三年五月二十六日",
        "5月26日",
        " 2023 - 05 - 26 ",
        "\u200f2023-05-26\u200b",
    ],
)
def test_days_in_every_written_form(tmp_path: Path, cell: object) -> None:
    assert values(column(tmp_path, "发现日期", cell), "found_on") == [date(2023, 5, 26)]


@pytest.mark.parametrize("make", [xlsx, xls])
def test_serials_count_from_1904_where_the_workbook_says_so(tmp_path: Path, make: Any) -> None:
    path = make(
        tmp_path / f"a.{make.__name__}", {"s": [LEDGER, ledger_row(1, 发现日期=43610)]}, epoch_1904=True
    )
    assert values(read(path), "found_on") == [date(2023, 5, 26)]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2023-02-30", "date_impossible"),
        ("2023年13月1日", "date_impossible"),
        ("1899-12-31", "date_out_of_range"),
        ("2101-01-01", "date_out_of_range"),
        (999999999, "date_out_of_range"),
        (datetime(1985, 1, 1), "date_out_of_range"),
        ("2023年5月", "date_incomplete"),
        (2023, "date_incomplete"),
        (5.26, "date_incomplete"),
        ("上周", "date_unreadable"),
        (True, "date_unreadable"),
    ],
)
def test_what_is_no_day_is_told_and_not_guessed(tmp_path: Path, cell: object, reason: str) -> None:
    found = column(tmp_path, "发现日期", cell)
    assert values(found, "found_on") == [None]
    assert reasons(found) == {"found_on": reason}


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        ("立即整改", date(2023, 5, 26)),
        ("现场整改", date(2023, 5, 26)),
        ("6月底前", date(2023, 6, 30)),
        ("2023年6月底前完成", date(2023, 6, 30)),
        ("6月20日前", date(2023, 6, 20)),
        ("限2023年6月20日前整改完成", date(2023, 6, 20)),
        ("限期7日内", date(2023, 6, 2)),
        ("7天内", date(2023, 6, 2)),
        ("十五日内", date(2023, 6, 10)),
        ("5个工作日内", date(2023, 6, 2)),
        ("一个月内", date(2023, 6, 25)),
        ("2023年6月", date(2023, 6, 30)),
        ("2023.6", date(2023, 6, 30)),
        ("年底前", date(2023, 12, 31)),
        ("2023-06-01", date(2023, 6, 1)),
        (45078, date(2023, 6, 1)),
    ],
)
def test_deadlines_as_they_are_written(tmp_path: Path, cell: object, due: date) -> None:
    """26 May 2023 is a Friday: the fifth working day after it is 2 June."""
    assert values(column(tmp_path, "整改期限", cell), "due_on") == [due]


def test_a_deadline_of_next_january_is_next_year(tmp_path: Path) -> None:
    row = [*ledger_row(1, 发现日期="2023-12-20"), "1月底前"]
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [[*LEDGER, "整改期限"], row]}))
    assert values(found, "due_on") == [date(2024, 1, 31)]


def test_rectified_without_a_date_is_kept(tmp_path: Path) -> None:
    found = column(tmp_path, "整改状态", "已整改")
    assert values(found, "status") == ["rectified"]
    assert reasons(found) == {}


@pytest.mark.parametrize(
    "text",
    [
        "1.灯具损坏 2.通道堵塞 3.标识缺失",
        "1、灯具损坏；2、通道堵塞；3、标识缺失",
        "①灯具损坏②通道堵塞③标识缺失",
        "（1）灯具损坏（2）通道堵塞（3）标识缺失",
        "(1)灯具损坏\n(2)通道堵塞\n(3)标识缺失",
        "1. 灯具损坏\n2. 通道堵塞\n3. 标识缺失",
    ],
)
def test_numbered_hazards_in_one_cell_become_rows(tmp_path: Path, text: str) -> None:
    found = column(tmp_path, "隐患描述", text)
    assert values(found, "description") == ["灯具损坏", "通道堵塞", "标识缺失"]
    assert found.sheets[0].cells["part"].to_list() == [1, 2, 3]
    assert found.sheets[0].cells["row"].to_list() == [2, 2, 2]
    assert found.sheets[0].cells_split == 1


@pytest.mark.parametrize(
    "text",
    ["2.5米高的货架无护栏", "第1、2号炉未检验", "1号楼2号楼通道堵塞", "压力1.2MPa，温度2.3℃", "1.灯具损坏"],
)
def test_numbers_that_are_part_of_a_sentence_do_not_split_it(tmp_path: Path, text: str) -> None:
    found = column(tmp_path, "隐患描述", text)
    assert len(found.sheets[0].cells) == 1
    assert found.sheets[0].cells_split == 0


def test_cells_numbered_alike_are_split_along_and_ids_stay_apart(tmp_path: Path) -> None:
    header = [*LEDGER, "隐患编号", "整改状态"]
    row = [*ledger_row(1, 隐患描述="1.灯具损坏 2.通道堵塞"), "YH-0007", "1.已整改 2.整改中"]
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [header, row]}))
    assert values(found, "status") == ["rectified", "open"]
    assert values(found, "hazard_id") == ["YH-0007-1", "YH-0007-2"]


def test_blank_rows_totals_notes_and_repeated_headers_are_no_hazards(tmp_path: Path) -> None:
    header = ["序号", *LEDGER]
    rows = [
        header,
        [1, *ledger_row(1)],
        [],
        ["", "", "  "],
        header,
        [2, *ledger_row(2)],
        [3],
        ["合计", "", "", "", "", "", ""],
        ["注：本表一式两份"],
        ["填表人：张三", "", "审核人：李四"],
    ]
    sheet = read(xlsx(tmp_path / "a.xlsx", {"s": rows})).sheets[0]
    assert sheet.parsed.frame["enterprise"].to_list() == ["示例1号厂", "示例2号厂"]
    assert (sheet.skipped_blank, sheet.skipped_title, sheet.skipped_total) == (3, 4, 1)


def test_a_row_that_counts_the_columns_is_no_hazard(tmp_path: Path) -> None:
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [LEDGER, [1, 2, 3, 4, 5, 6], ledger_row(1)]}))
    assert values(found, "enterprise") == ["示例1号厂"]


def test_sheets_that_hold_no_table_are_named(tmp_path: Path) -> None:
    sheets = {
        "填报说明": [["本表由各部门填写"], ["每月5日前报送"]],
        "台账": [LEDGER, ledger_row(1)],
        "空表": [],
    }
    found = read(xlsx(tmp_path / "a.xlsx", sheets))
    skipped = [message for message in found.messages if message.code == "sheet_skipped"]
    assert [(message.sheet, message.values["count"]) for message in skipped] == [("填报说明", 2)]
    assert len(found.sheets) == 1


def test_several_sheets_of_a_workbook_all_count(tmp_path: Path) -> None:
    found = read(
        xlsx(tmp_path / "a.xlsx", {"一季度": [LEDGER, ledger_row(1)], "二季度": [LEDGER, ledger_row(2)]})
    )
    assert [sheet.sheet for sheet in found.sheets] == ["一季度", "二季度"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    found = read(csv_file(tmp_path / "a.csv", [LEDGER, ledger_row(1, 企业名称="㐂示例厂")], encoding))
    assert values(found, "enterprise") == ["㐂示例厂"]
    assert found.sheets[0].sheet is None


def test_the_old_binary_format_loads(tmp_path: Path) -> None:
    assert values(read(xls(tmp_path / "a.xls", {"s": [LEDGER, ledger_row(1)]})), "sector") == [
        "industry_trade"
    ]


def test_csv_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    rows = [LEDGER, ledger_row(1, 隐患描述="上行\n下行"), ledger_row(2)]
    found = read(csv_file(tmp_path / "a.csv", rows))
    assert found.sheets[0].cells["row"].to_list() == [3, 4]


def test_personal_columns_are_dropped_and_counted(tmp_path: Path) -> None:
    header = [*LEDGER, "联系电话", "身份证号", "整改责任人", "整改后照片"]
    rows = [
        [*ledger_row(1), "13812345678", "110101199003071234", "张三", "a.jpg"],
        [*ledger_row(2), "13812345679", "", "李四", ""],
    ]
    sheet = read(xlsx(tmp_path / "a.xlsx", {"s": [header, *rows]})).sheets[0]
    assert sheet.personal == {"phone": 2, "identity": 1, "person": 2, "photo": 1}
    everything = sheet.cells.to_csv() + sheet.parsed.frame.to_csv()
    assert not any(secret in everything for secret in ("138", "1101", "张三", "李四", ".jpg"))


def test_personal_numbers_inside_text_are_replaced_and_counted(tmp_path: Path) -> None:
    text = "负责人电话13812345678，座机0715-1234567，证件号11010119900307123X，未接地"
    sheet = column(tmp_path, "隐患描述", text).sheets[0]
    assert sheet.parsed.frame["description"].to_list() == [
        "负责人电话[电话]，座机[电话]，证件号[证件号]，未接地"
    ]
    assert sheet.personal == {"phone": 2, "identity": 1}


def test_a_hazard_number_is_no_telephone_number(tmp_path: Path) -> None:
    found = column(tmp_path, "隐患编号", "13812345678")
    assert values(found, "hazard_id") == ["13812345678"]


def test_a_credit_code_with_a_wrong_check_character_is_left_out_and_told(tmp_path: Path) -> None:
    """91350100M000100Y43 is the example of GB 32100-2015; its last character is the check."""
    found = column(tmp_path, "统一社会信用代码", "91350100M000100Y43", "91350100M000100Y44", "")
    assert values(found, "enterprise_code") == ["91350100M000100Y43", None, None]
    told = [message for message in found.messages if message.code == "credit_code_invalid"]
    assert [(message.values["count"], message.row) for message in told] == [(1, 3)]
    assert reasons(found) == {}


@pytest.mark.parametrize("nothing", ["", " ", "-", "—", "/", "无", "暂无"])
def test_the_ways_to_write_nothing_are_missing_not_zero(tmp_path: Path, nothing: str) -> None:
    found = column(tmp_path, "整改完成日期", nothing)
    assert values(found, "rectified_on") == [None]
    assert reasons(found) == {}


def test_an_unmatched_column_is_named_with_its_nearest_candidates(tmp_path: Path) -> None:
    found = column(tmp_path, "整改完成时点", "x")
    told = next(message for message in found.messages if message.code == "column_unmatched")
    assert (told.column, told.row) == ("整改完成时点", 1)
    assert "rectified_on" in str(told.values["candidates"])


def test_a_missing_required_column_stops_with_its_candidates_and_the_line_to_add(tmp_path: Path) -> None:
    header = ["受查对象名称", *LEDGER[1:]]
    with pytest.raises(AnalysisError) as caught:
        read(xlsx(tmp_path / "台账.xlsx", {"s": [header, ledger_row(1)]}))
    message = caught.value.message
    assert (message.code, message.file, message.sheet) == ("column_required_missing", "2023/台账.xlsx", "s")
    assert "企业名称（enterprise）" in str(message.values["columns"])
    assert message.values["line"] == 'files: {"台账.xlsx": {columns: {"受查对象名称": enterprise}}}'


def test_a_mapping_settles_it(tmp_path: Path) -> None:
    header = ["受查对象名称", *LEDGER[1:]]
    path = xlsx(tmp_path / "a.xlsx", {"s": [header, ledger_row(1)]})
    assert values(read(path, columns={"受查对象名称": "enterprise"}), "enterprise") == ["示例1号厂"]


def test_a_mapping_gives_constants_and_silences_columns(tmp_path: Path) -> None:
    rows = [[*LEDGER[:3], *LEDGER[4:], "备查"], [*ledger_row(1)[:3], *ledger_row(1)[4:], "x"]]
    found = read(
        xlsx(tmp_path / "a.xlsx", {"s": rows}), constants={"source": "企业自查"}, columns={"备查": "-"}
    )
    assert values(found, "source") == ["self_reported"]
    assert "column_unmatched" not in codes(found)


def test_what_a_title_says_of_all_rows_is_taken_and_told(tmp_path: Path) -> None:
    rows = [["示例县重大事故隐患台账"], ["企业名称", "行业领域", "隐患来源", "隐患描述", "发现日期"]]
    row = ledger_row(1)
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [*rows, [*row[:2], *row[3:]]]}))
    assert values(found, "level") == ["major"]
    assert "value_from_title" in codes(found)


def test_unknown_words_are_told_with_their_column(tmp_path: Path) -> None:
    row = ledger_row(1, 行业领域="太空旅行", 隐患级别="特大", 隐患来源="道听途说")
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [LEDGER, row]}))
    assert reasons(found) == dict.fromkeys(("sector", "level", "source"), "value_unknown")


PENALTIES = (
    "行政相对人名称",
    "行政相对人类别",
    "行政处罚决定书文号",
    "处罚类别",
    "罚款金额（万元）",
    "处罚决定日期",
    "处罚机关",
    "法定代表人",
)


def test_penalties_in_the_public_form(tmp_path: Path) -> None:
    row = [
        "甲厂",
        "法人",
        "（示）应急罚〔2023〕1号",
        "警告、罚款",
        1.25,
        "2023/6/1",
        "示例县应急管理局",
        "张三",
    ]
    found = read(xlsx(tmp_path / "双公示.xlsx", {"s": [PENALTIES, row]}))
    assert values(found, "kind") == ["warning;fine"]
    assert values(found, "fine") == [Decimal("12500.00")]
    assert found.sheets[0].personal == {"person": 1}


@pytest.mark.parametrize(
    ("header", "cell", "yuan"),
    [
        ("罚款金额（万元）", "0.3", "3000"),
        ("罚款金额（元）", "3,000", "3000"),
        ("罚款金额", 3000, "3000"),
        ("罚款金额（万元）", "3000元", "3000"),
        ("罚款金额", "0.3万元", "3000"),
        ("罚款金额（元）", "３０００．５０", "3000.50"),
        ("罚款金额", "¥3,000.00", "3000"),
        ("罚款金额", "三千元", "3000"),
        ("罚款金额（万元）", 1.005, "10050"),
        ("罚款金额（万元）", 0, "0"),
    ],
)
def test_money_is_yuan_whatever_it_was(tmp_path: Path, header: str, cell: object, yuan: str) -> None:
    head = [header if name.startswith("罚款") else name for name in PENALTIES[:-1]]
    row = ["甲厂", "法人", "1号", "罚款", cell, "2023/6/1", "示例县应急管理局"]
    assert values(read(xlsx(tmp_path / "a.xlsx", {"s": [head, row]})), "fine") == [Decimal(yuan)]


def test_the_unit_of_a_title_holds_for_the_table(tmp_path: Path) -> None:
    head = ["罚款金额" if name.startswith("罚款") else name for name in PENALTIES[:-1]]
    row = ["甲厂", "法人", "1号", "罚款", 0.3, "2023/6/1", "示例县应急管理局"]
    found = read(xlsx(tmp_path / "a.xlsx", {"s": [["处罚清单", "", "", "单位：万元"], head, row]}))
    assert values(found, "fine") == [Decimal("3000.00")]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("若干", "number_unreadable"),
        ("1e99", "number_too_large"),
        ("12345678901234567890", "number_too_large"),
    ],
)
def test_what_is_no_amount_is_told(tmp_path: Path, cell: object, reason: str) -> None:
    row = ["甲厂", "法人", "1号", "罚款", cell, "2023/6/1", "示例县应急管理局"]
    assert reasons(read(xlsx(tmp_path / "a.xlsx", {"s": [PENALTIES[:-1], row]}))) == {"fine": reason}


def test_enterprise_counts(tmp_path: Path) -> None:
    rows = [["行业领域", "监管企业数"], ["工贸", 120], ["城镇燃气", "１５"], ["合计", 135]]
    found = read(xlsx(tmp_path / "底数.xlsx", {"s": rows}))
    assert values(found, "regulated_enterprises") == [120, 15]
    assert found.messages == ()


def test_a_total_that_does_not_add_up_is_told(tmp_path: Path) -> None:
    rows = [["行业领域", "监管企业数"], ["工贸", 120], ["城镇燃气", 15], ["合计", 136]]
    found = read(xlsx(tmp_path / "底数.xlsx", {"s": rows}))
    told = next(message for message in found.messages if message.code == "total_mismatch")
    assert (told.row, str(told.values["stated"]), str(told.values["sum"])) == (4, "136", "135")


def test_subtotals_add_up_their_own_rows_and_a_total_on_top_all(tmp_path: Path) -> None:
    rows = [
        ["乡镇", "行业领域", "监管企业数"],
        ["合计", "", 10],
        ["城关镇", "工贸", 1],
        ["城关镇", "燃气", 2],
        ["小计", "", 3],
        ["河口乡", "工贸", 7],
        ["小计", "", 8],
    ]
    found = read(xlsx(tmp_path / "底数.xlsx", {"s": rows}))
    assert found.sheets[0].skipped_total == 3
    assert [message.row for message in found.messages] == [7]
