"""Days, months and deadlines as offices write them.

A written day is found for each different cell once. What depends on another cell — 5月26日 without a year,
限期7日内 — comes back as a Relative and is resolved against the day on which the hazard was found.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal

from analysis import vocabulary

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_CLOCK = r"(?:[T日]?\d{1,2}[:时]\d{1,2}(?:[:分](?:\d{1,2}(?:\.\d+)?秒?)?)?Z?)?"
_FULL = re.compile(
    r"(?P<y>\d{4})(?:年|[-/.])(?P<m>\d{1,2})(?:月|[-/.])(?P<d>\d{1,2})[日号]?(?:星期.|周.)?" + _CLOCK
)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:\.0+)?" + r"(?:\d{6})?")
_YEARLESS = re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?")
_MONTH = re.compile(
    r"(?:(?P<y>\d{4})(?:年|[-/.]))?(?P<m>\d{1,2})(?:月份?)?(?P<part>上旬|中旬|下旬|初|中|底|末)?"
)
_CLOCK_AT_END = re.compile(
    r"(?:\s+|T|(?<=[日号]))(?P<half>上午|下午|凌晨|晚上?)?\s*(?P<h>\d{1,2})\s*[:时点]\s*(?P<m>\d{1,2})?\s*"
    r"(?:分|:\d{1,2}(?:\.\d+)?)?Z?$"
)
_SERIAL = re.compile(r"\d{1,15}(?:\.\d+)?")
_BEFORE = re.compile(r"(?:以前|之前|前|内|止)(?:完成(?:整改)?|整改(?:完成|到位|完毕)?)?$")
_LEAD = re.compile(r"^(?:限期?|责令限期整改|要求|应?于|务必于|在|截止到?|截至到?|自查出之日起)+[:：]?")
_TERM = re.compile(r"(?P<n>\d{1,3}|半)(?:个)?(?P<unit>工作日|日|天|周|星期|月)")
_PART_ENDS = {"上旬": 10, "初": 10, "中旬": 20, "中": 20}
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile(r"([一二三四五六七八九])?十([一二三四五六七八九])?")
_HALF_YEAR = timedelta(days=183)

Problem = Literal[
    "date_unreadable", "date_impossible", "date_out_of_range", "date_incomplete", "month_unreadable"
]


@dataclass(frozen=True, slots=True)
class Relative:
    """A day that depends on the day found; without one, on the folder's year where it can."""

    resolve: Callable[[date], date | Problem]


ON_SITE = Relative(lambda found: found)
"""立即整改: due on the day it was found."""

Read = date | Relative | Problem


def read_day(cell: object, epoch_1904: bool = False) -> Read:
    """The day that a cell stands for, or the code of what is wrong with it."""
    if isinstance(cell, datetime):
        return _in_range(cell.date())
    if isinstance(cell, date):
        return _in_range(cell)
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return "date_unreadable"
    return _read_text(fold(str(cell)), epoch_1904)


def _read_text(text: str, epoch_1904: bool) -> Read:
    if found := _FULL.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(int(found["y"]), int(found["m"]), int(found["d"]))
    if found := _YEARLESS.fullmatch(text):
        month, day = int(found["m"]), int(found["d"])
        return Relative(lambda base: _near(base, month, lambda year: _day(year, month, day)))
    if _SERIAL.fullmatch(text):
        return _serial(float(text), epoch_1904)
    return "date_incomplete" if _MONTH.fullmatch(text) else "date_unreadable"


def _serial(number: float, epoch_1904: bool) -> Read:
    """A spreadsheet's day number. Below 1990 it is no day of a ledger: 5.26 or 2023 are something else."""
    if number > 100_000:
        return "date_out_of_range"
    day = _EPOCHS[epoch_1904] + timedelta(days=int(number))
    if day < EARLIEST:
        return "date_incomplete" if number < 2200 else "date_out_of_range"
    return _in_range(day)


def read_deadline(cell: object, epoch_1904: bool = False) -> Read:
    """A deadline: a day, 立即整改, 6月底前, 2023年6月 (its last day), 限期7日内, 年底前, or 7个工作日内
    (Monday to Friday; public holidays are not known here).
    """
    day = read_day(cell, epoch_1904)
    if not isinstance(day, str) or day in ("date_impossible", "date_out_of_range"):
        return day
    text = _LEAD.sub("", fold(str(cell)))
    if vocabulary.lookup("rectification_mode").get(text) == "on_site":
        return ON_SITE
    bare = _BEFORE.sub("", text)
    if bare != fold(str(cell)) and not isinstance(again := _read_text(bare, epoch_1904), str):
        return again
    return _term(bare) or _month_end(bare) or day


def _term(text: str) -> Read | None:
    if not (found := _TERM.fullmatch(text)):
        return None
    half, unit = found["n"] == "半", found["unit"]
    number = 0 if half else int(found["n"])
    if unit == "工作日":
        return Relative(lambda base: _after_working_days(base, number))
    days = {"周": 7, "星期": 7, "月": 30}.get(unit, 1)
    return Relative(lambda base: base + timedelta(days=15 if half else number * days))


def _month_end(text: str) -> Read | None:
    if text in ("年底", "年末", "本年底", "年内"):
        return Relative(lambda base: date(base.year, 12, 31))
    if not (found := _MONTH.fullmatch(text)) or not ("月" in text or found["y"]):
        return None
    month, part = int(found["m"]), found["part"] or ""
    if found["y"]:
        return _last_day(int(found["y"]), month, part)
    return Relative(lambda base: _near(base, month, lambda year: _last_day(year, month, part)))


def read_moment(cell: object, epoch_1904: bool = False) -> datetime | Problem:
    """A day with its time (2023-05-06 14:30, 2023年5月6日下午2时30分); a day alone is its midnight."""
    if isinstance(cell, datetime):
        day = _in_range(cell.date())
        return day if isinstance(day, str) else cell.replace(second=0, microsecond=0, tzinfo=None)
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    clock = _CLOCK_AT_END.search(text)
    day_read = read_day(text[: clock.start()] if clock else cell, epoch_1904)
    if isinstance(day_read, str | Relative):
        return day_read if isinstance(day_read, str) else "date_incomplete"
    return _at(day_read, *(_clock(clock) if clock else _serial_clock(text)))


def _clock(found: re.Match[str]) -> tuple[int, int]:
    hour, afternoon = int(found["h"]), found["half"] in ("下午", "晚", "晚上")
    return hour + 12 * (afternoon and hour < 12), int(found["m"] or 0)


def _serial_clock(text: str) -> tuple[int, int]:
    """The time in the fraction of a spreadsheet's day number, to the minute."""
    fraction = float(text) % 1 if _SERIAL.fullmatch(text) else 0.0
    return divmod(min(round(fraction * 24 * 60), 24 * 60 - 1), 60)


def _at(day: date, hour: int, minute: int) -> datetime | Problem:
    return datetime.combine(day, time(hour, minute)) if hour < 24 and minute < 60 else "date_impossible"


def read_month(cell: object, year: int, epoch_1904: bool = False) -> int | tuple[int, int] | Problem:
    """The month of a return, 1 to 12; (year, month) where the cell names another year than ``year``."""
    text = fold(str(cell)).removesuffix(".0") if isinstance(cell, str | int | float) else ""
    if found := re.fullmatch(r"((?:19|20)\d\d)(0[1-9]|1[0-2])", text):
        stated, month = int(found[1]), int(found[2])
    elif (found := _MONTH.fullmatch(text)) and not found["part"]:
        stated, month = int(found["y"] or year), int(found["m"])
    elif isinstance(day := read_day(cell, epoch_1904), date):
        stated, month = day.year, day.month
    else:
        return "month_unreadable"
    if not 1 <= month <= 12:
        return "month_unreadable"
    return month if stated == year else (stated, month)


def _near(base: date, month: int, day: Callable[[int], date | Problem]) -> date | Problem:
    """The year that is not written: that of the day found, or the next when it would lie half a year back."""
    here = day(base.year)
    if isinstance(here, date) and base - here > _HALF_YEAR:
        return day(base.year + 1)
    return here


def _last_day(year: int, month: int, part: str) -> date | Problem:
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return "date_impossible"
    return _day(year, month, _PART_ENDS.get(part, monthrange(year, month)[1]))


def _day(year: int, month: int, day: int) -> date | Problem:
    try:
        return _in_range(date(year, month, day))
    except ValueError:
        return "date_impossible"


def _in_range(day: date) -> date | Problem:
    return day if EARLIEST <= day <= LATEST else "date_out_of_range"


def _after_working_days(base: date, number: int) -> date:
    day = base
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day


@cache
def fold(text: str) -> str:
    """NFKC without white space and format characters, Chinese numerals of dates as digits."""
    folded = unicodedata.normalize("NFKC", text)
    bare = "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf")
    tens = _TENS.sub(lambda m: (m[1] or "一") + (m[2] or "零"), bare)
    return tens.translate(_DIGITS)
