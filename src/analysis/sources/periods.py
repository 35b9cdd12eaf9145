"""The stretch of time that a figure covers, from the words of its sentence and the document's year."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

Span = tuple[date | None, date | None]
_D = r"(\d{1,2})"
_MONTHS = re.compile(rf"(?:(\d{{4}})年)?(?:前)?{_D}(?:月份?)?(?:-|~|至|到|—+){_D}月份?(?!\d*日)")
_DAYS = re.compile(rf"(?:(\d{{4}})年)?{_D}月{_D}日?(?:-|~|至|到|起至|—+)(?:(\d{{4}})年)?(?:{_D}月)?{_D}日")
_UNTIL = re.compile(rf"(?:截至|截止|截止到|截至到|至)(?:今年)?(?:(\d{{4}})年)?{_D}月(?:{_D}日|(底|末))?")
_SINCE = re.compile(rf"自(?:(\d{{4}})年)?{_D}月(?:{_D}日)?[^，。；、\d]{{0,8}}?(?:以来|起)")
_FIRST_MONTHS = re.compile(r"前(\d{1,2}|[一二三四五六七八九十])个月")
_MONTH = re.compile(rf"(?:(\d{{4}})年)?(?<!\d){_D}月份?(?!\d|底|初|末|上旬|中旬|下旬|以来|起|开始)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_PART = re.compile(r"上半年|下半年|前三季度|第?([一二三四])季度|一至三季度")
_DATED = re.compile("月|年|季度")
_DIGIT = re.compile(r"\d")
_QUARTER = {"一": 1, "二": 2, "三": 3, "四": 4}
_WORDS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True))


def year_of(text: str) -> int | None:
    """The year that a document speaks of: that of its title, else the one it names most often."""
    head = re.search(r"(?<!\d)((?:19|20)\d\d)(?:年|行动)", text[:200])
    if head:
        return int(head[1])
    named = re.findall(r"(?<!\d)((?:19|20)\d\d)[年〕]", text)
    return int(max(sorted(set(named), reverse=True), key=named.count)) if named else None


def span(text: str, start: int, end: int, year: int | None) -> Span | None:
    """The period that ``text[start:end]`` names, or nothing.

    A day outside the calendar names none.
    """
    if year is None or not is_dated(text, start, end):
        return None
    before = min(start, 1)
    return _span(text[start - before : end], before, year)


@lru_cache(maxsize=1024)
def _span(text: str, start: int, year: int) -> Span | None:
    """The period of some words; the figures of a clause ask for the same."""
    readers = _READERS if _DIGIT.search(text, start) else _READERS_OF_WORDS
    for reader in readers:
        try:
            found = reader(text, start, len(text), year)
        except ValueError:
            continue
        if found:
            return found
    return None


def is_dated(text: str, start: int, end: int) -> bool:
    """Whether a stretch of text holds a word of time at all."""
    return bool(_DATED.search(text, start, end))


def runs_from_new_year(span: Span, year: int | None) -> bool:
    """Whether a period is a document's own (1-11月, 截至12月5日), not a campaign's days or a month."""
    first, last = span
    return first is not None and last is not None and first == date(year or 1, 1, 1) and last.month > 1


def whole(year: int | None) -> Span:
    """The whole of a year."""
    return (date(year, 1, 1), date(year, 12, 31)) if year else (None, None)


def year_before(span: Span) -> Span:
    """The same days of the year before."""
    start, end = span
    return (_year_before(start) if start else None, _year_before(end) if end else None)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 else date(year, month, 1)


def _days(text: str, start: int, end: int, year: int) -> Span | None:
    found = _DAYS.search(text, start, end)
    if not found:
        return None
    first_year = int(found[1] or year)
    month = int(found[2])
    return (
        date(first_year, month, int(found[3])),
        date(int(found[4] or first_year), int(found[5] or month), int(found[6])),
    )


def _months(text: str, start: int, end: int, year: int) -> Span | None:
    if first := _FIRST_MONTHS.search(text, start, end):
        number = int(first[1]) if first[1].isdigit() else _WORDS[first[1]]
        return date(year, 1, 1), _last(year, number)
    found = _MONTHS.search(text, start, end)
    if not found:
        return None
    this = int(found[1] or year)
    return date(this, int(found[2]), 1), _last(this, int(found[3]))


def _since(text: str, start: int, end: int, year: int) -> Span | None:
    """自5月启动以来: from the month's first day on."""
    found = _SINCE.search(text, start, end)
    return (
        (date(int(found[1] or year), int(found[2]), int(found[3] or 1)), date(year, 12, 31))
        if found
        else None
    )


def _all_year(text: str, start: int, end: int, year: int) -> Span | None:
    return whole(year) if text.find("全年", start, end) >= 0 else None


def _until(text: str, start: int, end: int, year: int) -> Span | None:
    found = _UNTIL.search(text, start, end)
    if not found:
        return None
    this, month = int(found[1] or year), int(found[2])
    return date(this, 1, 1), date(this, month, int(found[3])) if found[3] else _last(this, month)


def _part(text: str, start: int, end: int, year: int) -> Span | None:
    found = _PART.search(text, start, end)
    if not found:
        return None
    named = _YEAR.search(text, start, found.start())
    this = int(named[1]) if named else year
    if found[1]:
        quarter = _QUARTER[found[1]]
        return date(this, 3 * quarter - 2, 1), _last(this, 3 * quarter)
    first, last = {"上": (1, 6), "下": (7, 12)}.get(found[0][0], (1, 9))
    return date(this, first, 1), _last(this, last)


def _month(text: str, start: int, end: int, year: int) -> Span | None:
    found = _MONTH.search(text, start, end)
    if not found:
        named = _YEAR.search(text, start, end)
        return whole(int(named[1])) if named else None
    this, month = int(found[1] or year), int(found[2])
    return date(this, month, 1), _last(this, month)


_READERS = (_days, _since, _all_year, _months, _until, _part, _month)
_READERS_OF_WORDS = (_all_year, _months, _part)
"""Those that need no digit."""
