"""An invented ledger of any length with fifteen columns, as an office keeps it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import openpyxl

HEADERS = (
    *("企业名称", "行业领域", "隐患级别", "隐患来源", "检查方式", "隐患描述", "所属乡镇", "牵头部门"),
    *("发现日期", "整改期限", "整改完成日期", "整改状态", "整改方式", "录入日期", "销号日期"),
)
_SECTORS = ("工贸", "建筑施工", "消防", "危险化学品", "道路交通")


def write_ledger(file: Path, rows: int, year: int = 2023) -> Path:
    """Write the workbook; the same rows each time."""
    chance = random.Random(0)  # noqa: S311
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(HEADERS)
    for number in range(rows):
        sheet.append(_row(number, date(year, 1, 1) + timedelta(chance.randrange(250)), chance))
    file.parent.mkdir(parents=True, exist_ok=True)
    book.save(file)
    return file


def _row(number: int, found: date, chance: random.Random) -> list[object]:
    due, done = found + timedelta(30), found + timedelta(chance.randrange(60))
    words = [f"示例{number % 9000}号厂", chance.choice(_SECTORS), chance.choice(("一般", "重大"))]
    words += [
        chance.choice(("部门检查", "企业自查")),
        "双随机",
        f"第{number}处护栏缺失",
        "城关镇",
        "应急管理局",
    ]
    return [*words, found, due, done, "已整改", "限期整改", found, done]
