"""Files that are sound, with cells that are not: days, numbers, codes and text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from tests.robustness.corpus.case import Case, Fate, ledger_text, row, written
from tests.workbook_files import LEDGER, xls, xlsx

Value = tuple[str, Any, Fate, str]

DAYS: list[Value] = [
    ("30 February", "2023-02-30", "quarantined", "date_impossible"),
    ("29 February of a common year", "2023-02-29", "quarantined", "date_impossible"),
    ("13th month", "2023-13-01", "quarantined", "date_impossible"),
    ("day 0", "2023-05-00", "quarantined", "date_impossible"),
    ("31 June in Chinese", "2023年6月31日", "quarantined", "date_impossible"),
    ("before 1900", "1899-12-31", "quarantined", "date_out_of_range"),
    ("after 2100", "2101-01-01", "quarantined", "date_out_of_range"),
    ("year 9999", "9999-12-31", "quarantined", "date_out_of_range"),
    ("year 0001", "0001-01-01", "quarantined", "date_out_of_range"),
    ("year 0000", "0000-01-01", "quarantined", "date_impossible"),
    ("another year", "2021-05-26", "quarantined", "outside_year"),
    ("a month only", "2023年5月", "quarantined", "date_incomplete"),
    ("a year only", "2023", "quarantined", "date_incomplete"),
    ("month and day as a decimal", "5.26", "quarantined", "date_incomplete"),
    ("words", "上个星期", "quarantined", "date_unreadable"),
    ("two days", "2023-05-26至2023-05-28", "quarantined", "date_unreadable"),
    ("a formula's text", "=TODAY()", "quarantined", "date_unreadable"),
    ("an error's text", "#VALUE!", "quarantined", "date_unreadable"),
    ("a serial number as text", "45072", "loaded", ""),
    ("a serial number too large", "4507200000", "quarantined", "date_out_of_range"),
    ("a negative serial number", "-45072", "quarantined", "date_unreadable"),
    ("infinity", "inf", "quarantined", "date_unreadable"),
    ("not a number", "nan", "quarantined", ""),
    ("a thousand digits", "9" * 1000, "quarantined", ""),
    ("five thousand digits", "9" * 5000, "quarantined", ""),
    ("ten thousand Chinese digits", "九" * 10_000, "quarantined", ""),
    ("empty", "", "quarantined", "value_missing"),
    ("full width", "２０２３－０５－２６", "loaded", ""),
    ("Chinese numerals", "二〇二三年五月二十六日", "loaded", ""),
    ("with zero width spaces", "2023\u200b-05-\u200b26", "loaded", ""),
    ("with a right-to-left mark", "\u200f2023-05-26\u200e", "loaded", ""),
    ("with a time", "2023-05-26 23:59:59", "loaded", ""),
    ("two-digit year", "23.5.26", "quarantined", ""),
]
DEADLINES: list[Value] = [
    ("a billion days", "限期1000000000日内", "quarantined", ""),
    ("a billion working days", "1000000000个工作日内", "quarantined", ""),
    ("999 working days", "999个工作日内", "loaded", ""),
    ("a hundred digits of days", f"{'9' * 100}日内", "quarantined", ""),
    ("31 November", "2023-11-31", "quarantined", "date_impossible"),
    ("before it was found", "2023-05-01", "quarantined", "days_out_of_order"),
    ("far away", "2099-12-31", "quarantined", "date_far"),
    ("year end", "年底前", "loaded", ""),
]
COUNTS: list[Value] = [
    ("negative", "-5", "quarantined", "value_negative"),
    ("negative in full width", "－5", "quarantined", "value_negative"),
    ("text", "很多", "quarantined", "number_unreadable"),
    ("text around a number", "约30次左右", "quarantined", "number_unreadable"),
    ("a fraction", "3.5", "quarantined", "number_not_whole"),
    ("full width", "１２", "loaded", ""),
    ("Chinese numerals", "一百零五", "loaded", ""),
    ("banker's numerals", "叁拾", "loaded", ""),
    ("thousands separators", "1,200", "loaded", ""),
    ("infinity", "inf", "quarantined", "number_unreadable"),
    ("not a number, which exports write for nothing", "NaN", "loaded", ""),
    ("an exponent", "1e999999", "quarantined", "number_too_large"),
    ("an exponent beyond all", "1e99999999999999999999", "quarantined", ""),
    ("a tiny exponent", "1e-999999", "quarantined", "number_not_whole"),
    ("a thousand digits", "9" * 1000, "quarantined", "number_too_large"),
    ("five thousand digits", "9" * 5000, "quarantined", "number_too_large"),
    ("five thousand Chinese digits", "九" * 5000, "quarantined", ""),
    ("five thousand ten thousands", "万" * 5000, "quarantined", ""),
    ("ten thousand of nothing", "万", "quarantined", "number_unreadable"),
    ("a hexadecimal number", "0x1F", "quarantined", "number_unreadable"),
    ("digits of another script", "१२", "loaded", ""),
    ("superscript", "3²", "quarantined", "number_unreadable"),
    ("a number with a footnote", "12①", "quarantined", "number_unreadable"),
    ("a circled number", "③", "quarantined", ""),
    ("two numbers", "3/5", "quarantined", "number_unreadable"),
    ("with invisible characters", "1\u200b2\ufeff", "loaded", ""),
    ("with a right-to-left override", "\u202e12", "loaded", ""),
    ("a shell command", "$(reboot)", "quarantined", "number_unreadable"),
]
FINES: list[Value] = [
    ("overflow by its unit", "1e999999万元", "quarantined", "number_too_large"),
    ("negative", "-1万元", "quarantined", "value_negative"),
    ("a dozen units", "3万万万元", "quarantined", ""),
    ("a tiny exponent", "1e-999999", "loaded", ""),
    ("text", "若干元", "quarantined", "number_unreadable"),
]
NAMES: list[Value] = [
    ("a path upwards", "../../etc/passwd", "loaded", ""),
    ("a Windows path", "..\\..\\windows\\system32", "loaded", ""),
    ("a device of Windows", "CON", "loaded", ""),
    ("HTML", "<script>alert(1)</script>", "loaded", ""),
    ("an event handler", '"><img src=x onerror=alert(1)>', "loaded", ""),
    ("a javascript link", "[x](javascript:alert(1))", "loaded", ""),
    ("CSS", "</style><style>*{display:none}", "loaded", ""),
    ("Jinja", "{{ 7*7 }}{% raw %}", "loaded", ""),
    ("LaTeX", "$\\input{/etc/passwd}$", "loaded", ""),
    ("shell", "; rm -rf / #`id`", "loaded", ""),
    ("SQL", "'; DROP TABLE hazards; --", "loaded", ""),
    ("a formula", "=cmd|'/C calc'!A0", "loaded", ""),
    ("a template of messages", "$file ${value} %s {0}", "loaded", ""),
    ("ten thousand characters", "长" * 10_000, "quarantined", "text_too_long"),
    ("only invisible characters", "\u200b\u200b", "quarantined", "value_missing"),
    ("only a right-to-left mark", "\u200f", "quarantined", "value_missing"),
    ("a thousand combining marks", "e" + "\u0301" * 1000, "quarantined", "text_too_long"),
    ("a private character", "甲\ue000厂", "loaded", ""),
    ("a character outside the basic plane", "𠮷田厂", "loaded", ""),
    ("an emoji family", "👨\u200d👩\u200d👧厂", "loaded", ""),
    ("control characters", "甲\x01\x1b[31m厂", "loaded", ""),
    ("lines of its own", "甲\n合计\n乙", "loaded", ""),
    ("only a formula sign", "=", "loaded", ""),
]
CODES: list[tuple[str, str, Any, Fate, str]] = [
    ("a sector that is none", "行业领域", "太空", "quarantined", "value_unknown"),
    ("a level that is none", "隐患级别", "特大", "quarantined", "value_unknown"),
    ("a source that is none", "隐患来源", "梦见", "quarantined", "value_unknown"),
    ("a number for a sector", "行业领域", "7", "quarantined", "value_unknown"),
    ("a sector in full-width spaces", "行业领域", "\u3000工\u3000贸\u3000", "loaded", ""),
]
OBJECTS: list[tuple[str, str, Any, Fate, str]] = [
    ("a logical value as a day", "发现日期", True, "quarantined", "date_unreadable"),
    ("a time as a day", "发现日期", time(8, 30), "quarantined", ""),
    ("a day of 1900", "发现日期", date(1900, 1, 1), "quarantined", ""),
    ("a day of 9999", "发现日期", date(9999, 12, 31), "quarantined", "date_out_of_range"),
    ("a moment", "发现日期", datetime(2023, 5, 26, 23, 59), "loaded", ""),
    ("a negative number as a day", "发现日期", -1, "quarantined", ""),
    ("a huge number as a day", "发现日期", 1e308, "quarantined", ""),
    ("a number as a name", "企业名称", 12345, "loaded", ""),
    ("a logical value as a name", "企业名称", False, "loaded", ""),
    ("a day as a name", "企业名称", date(2023, 5, 26), "loaded", ""),
]
RETURN = ("月份", "部门", "检查次数", "罚款金额")


def _day(value: str) -> Callable[[Path], object]:
    return written(ledger_text(row(发现日期=value)))


def _deadline(value: str) -> Callable[[Path], object]:
    return written(ledger_text([*row(), value], header=(*LEDGER, "整改期限")))


def _return(inspections: str, fine: str) -> Callable[[Path], object]:
    return written(ledger_text(["6月", "应急管理局", inspections, fine], header=RETURN))


def _book(header: str, value: Any) -> Callable[[Path], object]:
    return lambda path: xlsx(path, {"台账": [LEDGER, row(**{header: value})]})


def _epoch(path: Path) -> object:
    """A day of the 1904 system: read by the wrong epoch it lies four years back, outside the year."""
    return xlsx(path, {"台账": [LEDGER, row(发现日期=date(2023, 5, 26))]}, epoch_1904=True)


def _old_epoch(path: Path) -> object:
    return xls(path, {"台账": [LEDGER, row(发现日期="2023-05-26")]}, epoch_1904=True)


CASES: list[Case] = [
    *(Case(f"day: {n}", "台账.csv", _day(v), fate, code) for n, v, fate, code in DAYS),
    *(Case(f"deadline: {n}", "台账.csv", _deadline(v), fate, code) for n, v, fate, code in DEADLINES),
    *(Case(f"count: {n}", "月报.csv", _return(v, "1"), fate, code) for n, v, fate, code in COUNTS),
    *(Case(f"fine: {n}", "月报.csv", _return("1", v), fate, code) for n, v, fate, code in FINES),
    *(
        Case(f"name: {n}", "台账.csv", written(ledger_text(row(企业名称=v))), fate, code)
        for n, v, fate, code in NAMES
    ),
    *(
        Case(f"code: {n}", "台账.csv", written(ledger_text(row(**{header: v}))), fate, code)
        for n, header, v, fate, code in CODES
    ),
    *(Case(f"typed: {n}", "台账.xlsx", _book(header, v), fate, code) for n, header, v, fate, code in OBJECTS),
    Case("1904 system", "台账.xlsx", _epoch, "loaded"),
    Case("1904 system in the old format", "台账.xls", _old_epoch, "loaded"),
]
