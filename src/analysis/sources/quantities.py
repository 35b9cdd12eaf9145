"""Chinese quantities: numbers with their scale, approximation and unit, in one linear scan.

Reads 1.2万, 2.1亿余元, 25200多项, 近20名, 逾4万家, 超九成, 百分之五, 两次, 1,234家. What is a date, an
ordinal, a document number or part of a name is handed back as a number that is no figure, with the reason.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from analysis import vocabulary
from analysis.sources.numerals import chinese_integer

Qualifier = Literal["exact", "at_least", "nearly", "about", "derived"]
Reason = Literal[
    "date",
    "ordinal",
    "reference",
    "name",
    "range",
    "no_unit",
    "too_long",
    "measure",
    "law",
    "plan",
    "unclear",
]

_HAN = "零〇一二两三四五六七八九十百千"
_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_APART = str.maketrans("", "", ", ")
"""What sets thousands apart: 1,234 and 1 234."""
_ONE = Decimal(1)
_LONGEST = 15
_BEFORE: dict[str, Qualifier] = {
    "不少于": "at_least", "不低于": "at_least", "超过了": "at_least", "超过": "at_least", "突破": "at_least",
    "至少": "at_least", "将近": "nearly", "接近": "nearly", "大约": "about", "约为": "about", "约": "about",
    "近": "nearly", "逾": "at_least", "超": "at_least",
}  # fmt: skip
_BEFORE_ENDS = frozenset(word[-1] for word in _BEFORE)
_AFTER: dict[str, Qualifier] = {
    "余": "at_least", "多": "at_least", "来": "about", "几": "at_least",
    "左右": "about", "上下": "about", "以上": "at_least",
}  # fmt: skip
_CALENDAR = re.compile(
    r"(?:余|多|个|多个|余个|个多|个余)?(?:年|月|日|号|时(?!段)|点(?!位|多)|分(?!别|局|钟)|秒|小时|分钟|天|周|季度|星期|学年|工作日|岁|届|世纪|昼夜|分钟|级|楼|层|度(?!假)|期间|米|℃|克|毫米|厘米|瓦|千瓦|伏|mm|cm|m(?![a-z]))"
)
_CALENDAR_OPENS = frozenset("余多个年月日号时点分秒小天周季星学工岁届世昼级楼层度期米℃克毫厘瓦千伏mc")
_UNLIKE = frozenset(string.ascii_letters + string.digits + "_#@/\\-.·")
_DATE_RANGE = re.compile(r"(?:[-~至到]|—+)\d{1,4}(?:年|月|日|时|点|季度|[.-]\d)")
_RATIO_BEFORE = re.compile(
    r"(?:率|指标|系数|指数|得分|平均分)(?:控制)?(?:指标|测算)?(?:为|是|达|达到|约|约为|:|仅|[升降]至|[升降]到|[上下][升降]至)?$"
)
_RATIO_CHANGES = re.compile(r"(?:同比|环比|比上年|比去年|较上年|较去年)(?:下降|上升|减少|增加|降低|提高)了?$")
"""A rate that changes has no unit either: 百万吨死亡率0.054，同比下降0.106."""
_OF_YEAR = r"(?:20\d\d年的?)?"
_RATIO_MOVES = re.compile(
    rf"率(?:分别)?[由从]{_OF_YEAR}$|[由从]{_OF_YEAR}\d{{1,3}}\.\d{{1,4}}(?:下|上)?[降升](?:低|高)?[到至]{_OF_YEAR}$"
)
"""…死亡率由0.172降到0.137: both are rates."""
_MOVE_REACH = 28
_MONEY_BEFORE = re.compile(r"(?:投资|投入|资金|罚款|损失)(?:约|近|逾|超过?|达)?$")
_COUNT_BEFORE = re.compile(r"(?:(?P<人>人数)|(?P<起>起数|总量|事故))(?:仅|均|都)*(?:为|是|:)$")
"""What a number without a unit counts: 受伤人数为0."""
_LETTERED = ("KTV", "LED")
"""Things written in letters, whose count follows at once (KTV12家)."""
_PEOPLE_BEFORE = re.compile(r"人口(?:约|达|为)?$")
_THEN_BEFORE = re.compile(r"同期(?:仅|均|都)?(?:为|是)$")
"""伤3人，去年同期为0."""
_PER_TIME = ("/年", "/日", "/天", "/小时")
"""30万吨/年 tells how large a mine is."""
_COUNTED_BEFORE = re.compile(r"(?:附件|附表|前|图|表|No\.?|型号|编号|热线|电话)$")
_GRADE_AFTER = re.compile(r"性?死亡")
_RATE_BASE = re.compile(
    r"(?:人口|人|名|吨|车|辆|元)?(?:[\u4e00-\u9fff]{0,4}(?:事故)?(?:死亡(?:人数|率)?|事故率|GDP|国内生产总值|生产总值|从业人员|就业人员))"
)
"""亿元GDP, 百万吨死亡率: what a rate is counted on."""
_GRADE_BEFORE = re.compile(r"(?:一次性?|发生(?:过|一起)?)(?:死亡|死亡和失踪|死亡失踪)$|\(含$")
"""一次死亡3人(含3人)以上事故 is a grade of accidents: nobody is counted."""
_ONE_TOLD = re.compile(r"(?<![未无有再])发生一起死亡$")
_YEAR_NAME = re.compile(r"(?:19|20)\d\d(?=[专清]?[项网]?行动|版)")
"""专项排查整治2023行动"""
_HOW_FAR_BEFORE = re.compile(r"[距离高宽长深厚径隔约达过超近]$")
_HOW_FAR_AFTER = re.compile(r"(?:以|之)?[范内外高宽长深厚处的远左右上下\d×*/-]")
_SHARED_PERCENT = re.compile(r"(?:和|与|、)\d{1,4}(?:\.\d{1,4})?%")
_SHARE_BEFORE = re.compile(r"(?:下降|上升|增长|减少|增加|降低)了?$")
"""下降16.1和15.2%: the sign is told once."""
_DASHES = "-~至到—"
_DASHED = frozenset(_DASHES)


_NO_UNIT = {
    "部": "门委分队位署级件", "轮": "车船胎", "面": "积包对向临",
    "本": "级县市区年月地身", "班": "子车线组", "把": "手", "方": "面式法案向针便位", "立方": "米",
    "位": "一置于", "个组": "织合成建装", "对": "^矿生煤", "回": "采头访收复归应",
    "口": "径岸腔子之气人头感",
}  # fmt: skip
"""Units that begin a word of their own before these characters: 两部门, 三轮车."""


@dataclass(slots=True)
class Quantity:
    """A number with its unit; offsets are those of the scanned text, ``value`` counts in ``unit``."""

    start: int
    end: int
    value: Decimal
    unit: str
    dimension: str
    qualifier: Qualifier
    in_words: bool = False
    """Written with Chinese numerals, which also make names (三年行动) and idioms (四不两直)."""
    signed: bool = False
    step: Decimal = Decimal(1)
    """The value of the last printed digit: 1000 for 1.2万."""


@dataclass(slots=True)
class Number:
    """A number that is no quantity, and why."""

    start: int
    end: int
    reason: Reason


_QUOTES = ("“", "‘", '"', "《")
_OPENING_MARKS = ("", "\n", "。", ";", ":", "(", *_QUOTES)


def scan(text: str) -> Iterator[Quantity | Number]:
    """All numbers of ``text`` in order. Chinese numerals are handed back only where a unit follows."""
    for match in _pattern().finditer(text):
        yield _reject(text, match) or _quantity(text, match)


@cache
def _pattern() -> re.Pattern[str]:
    units = _alternatives(unit for unit in vocabulary.units() if unit not in ("万元", "亿元", "％"))
    tenth = "成(?![立员为品功果效绩都])"
    unit = rf"{tenth}|(?:\((?:次|个|件|起|批)\))?(?:{units})(?:\((?:次|套|个|户|件|点)\))?"
    scaled = "(?P<scale>(?:[百千](?![米瓦克]))?[万亿]{0,2})(?P<more>[余多来几]?)(?P<more_scale>[万亿]{0,2})"
    scaled += "(?:(?<=万)(?P<rest>\\d)(?P<rest_scale>[千百]))?"
    tail = rf"{scaled}(?P<unit>{unit})?(?P<after>左右|上下|以上|余)?"
    spaced = rf"\d{{1,3}}(?: \d{{3}}(?!\d))++(?=(?:\.\d{{1,6}})?[余多]?[万亿]{{0,2}}(?:{units}))"
    digits = rf"(?P<digits>(?:{spaced}|\d++(?:,\d{{3}}(?!\d))*+)(?:\.\d++)?+)"
    ahead = f"(?=[余多来几]?[万亿]{{0,2}}[余多]?(?:{tenth}|{units}))"
    han = rf"(?P<han>[{_HAN}]{{1,12}}(?:万[{_HAN}]{{1,7}})?(?:点[{_HAN}]{{1,4}})?){ahead}"
    share = rf"(?<=百分之)(?P<share>[{_HAN}]{{1,8}}(?:点[{_HAN}]{{1,4}})?)"
    return re.compile(rf"(?=[\d{_HAN}])(?P<part>百分之)?(?:{digits}|{han}|{share}){tail}")


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(
        re.escape(word) + (f"(?![{_NO_UNIT[word]}])" if word in _NO_UNIT else "")
        for word in sorted(words, key=lambda word: (-len(word), word))
    )


def _reject(text: str, match: re.Match[str]) -> Number | None:
    reason = _reason(text, match)
    return Number(match.start(), match.end(), reason) if reason else None


def _reason(text: str, match: re.Match[str]) -> Reason | None:  # noqa: PLR0911 - a list of cases
    start, digits, unit = match.start(), match["digits"], match["unit"]
    before = text[start - 1] if start else ""
    if digits and len(digits) > _LONGEST:
        return "too_long"
    if before and before in "亡踪含" and _is_grade(text, match):
        return "name"
    if before == "第":
        return "ordinal"
    if not digits and (before == "双" or _is_base(text, match)):
        return "name"
    number_end = match.end("digits") if digits else match.end("han") if match["han"] else match.end("share")
    timed = text[number_end : number_end + 1] in _CALENDAR_OPENS and _CALENDAR.match(text, number_end)
    if (
        timed
        and not match["part"]
        and not _is_laid(text, match)
        and not _really_unit(text, match, number_end)
    ):
        return "date"
    if digits and text[match.end() : match.end() + 1] in _DASHED and _DATE_RANGE.match(text, match.end()):
        return "date"
    if before and before in "〔[#№":
        return "reference"
    if before and before in _DASHES and _ends_number(text[start - 2 : start - 1]):
        return "range"
    if digits and before in _UNLIKE:
        return _glued(text, start, unit)
    if unit or match["part"] or _is_share(text, match):
        return "measure" if text.startswith(_PER_TIME, match.end()) else None
    if match["scale"] or match["more_scale"]:
        return None if _closes(text, match.end()) or _is_money(text, start) else "name"
    head = max(6, start - 8)
    if any(words.search(text, head, start) for words in (_RATIO_BEFORE, _COUNT_BEFORE, _THEN_BEFORE)):
        return None
    moves = _RATIO_CHANGES.search(text, head, start) or _RATIO_MOVES.search(
        text, max(0, start - _MOVE_REACH), start
    )
    changes = digits and "." in digits and moves
    return None if changes else _nameless(text, start, match.end())


def _is_laid(text: str, match: re.Match[str]) -> bool:
    """Whether metres measure what was laid or mended (安装护栏418米), not how far or high something is."""
    if match["unit"] != "米" or _HOW_FAR_BEFORE.search(text, max(0, match.start() - 2), match.start()):
        return False
    return not _HOW_FAR_AFTER.match(text, match.end())


def _is_grade(text: str, match: re.Match[str]) -> bool:
    """Whether a number only tells which accidents are meant; 发生一起死亡3人的事故 counts the dead."""
    start = match.start()
    if not _GRADE_BEFORE.search(text, max(0, start - 8), start):
        return False
    bound = match["after"] or text.startswith(("及以上", "(含"), match.end())
    return bool(bound) or not _ONE_TOLD.search(text, max(0, start - 10), start)


def _is_share(text: str, match: re.Match[str]) -> bool:
    """Whether a number without a unit is a percentage whose sign follows the next one."""
    if match["unit"] or not _SHARED_PERCENT.match(text, match.end()):
        return False
    return bool(_SHARE_BEFORE.search(text, max(0, match.start() - 4), match.start()))


def _is_money(text: str, start: int) -> bool:
    """Whether a number without a unit is one of yuan (投资3.2亿整治管道)."""
    return bool(_MONEY_BEFORE.search(text, max(0, start - 6), start))


def _ends_number(char: str) -> bool:
    return char.isdigit() or char == "%"


def _is_base(text: str, match: re.Match[str]) -> bool:
    if match["unit"] == "次":
        return bool(_GRADE_AFTER.match(text, match.end()))
    large = (match["han"] or "")[-1:] in "百千万亿十" and (match["scale"] or match["han"] == "十")
    return bool(large) and bool(_RATE_BASE.match(text, match.end()))


def _closes(text: str, at: int) -> bool:
    """Whether a number without a unit ends its phrase (损失0.06万，), rather than counting what follows."""
    return at >= len(text) or text[at] in "，,。;:、)!?\n的"


def _really_unit(text: str, match: re.Match[str], at: int) -> bool:
    """Whether a unit that begins like a stretch of time is none (个 of 个月 against 个企业)."""
    unit = match["unit"]
    return bool(unit) and not _CALENDAR.match(text, match.start("unit")) and text[at] not in "年月日"


def _glued(text: str, start: int, unit: str | None) -> Reason | None:
    before, earlier = text[start - 1], text[start - 2 : start - 1]
    if unit and text.endswith(_LETTERED, 0, start):
        return None
    if unit and before in "-" and not earlier.isalnum():
        return None
    if unit and before in "/." and not (earlier.isascii() and earlier.isalnum()):
        return None
    return "reference"


def _nameless(text: str, start: int, end: int) -> Reason:
    after, before = text[end : end + 1], text[start - 1 : start]
    if before in _OPENING_MARKS or _COUNTED_BEFORE.search(text, max(0, start - 3), start):
        return "ordinal" if (after and after in ".、)") or before not in _QUOTES else "name"
    if _YEAR_NAME.match(text, start):
        return "name"
    if after and (after in "号年月日时〕]" or (after.isascii() and after.isalpha())):
        return "reference"
    return "no_unit"


def _quantity(text: str, match: re.Match[str]) -> Quantity | Number:
    value = _value(match)
    unit = (match["unit"] or "").split("(")[0] or (match["unit"] or "").strip("()")
    start = match.start()
    scaled = match["scale"] + match["more_scale"]
    if not unit and scaled and not _closes(text, match.end()) and _is_money(text, start):
        unit = "元"
    if _is_share(text, match):
        unit = "%"
    if not unit and _PEOPLE_BEFORE.search(text, max(0, start - 4), start):
        unit = "人"
    if not unit and not scaled and (counted := _COUNT_BEFORE.search(text, max(0, start - 8), start)):
        unit = str(counted.lastgroup)
    if match["part"] or unit == "成":
        value, unit = (value, "%") if match["part"] else (value * 10, "%")
    if (
        text[match.end() : match.end() + 1] in ("-", "~", "至", "到")
        and text[match.end() + 1 : match.end() + 2].isdigit()
    ):
        return Number(start, match.end(), "range")
    known = vocabulary.units().get(unit)
    factor = known.factor if known else 1
    step = _step(match["digits"] or "", scaled)
    signed = start > 0 and text[start - 1] in "-+" and match["digits"] is not None
    if signed and text[start - 1] == "-":
        value = -value
    return Quantity(
        start,
        match.end(),
        value if factor == 1 else value * factor,
        unit,
        known.dimension if known else "" if scaled else "ratio",
        _qualifier(text, match),
        in_words=match["digits"] is None and unit != "%",
        signed=signed,
        step=step if factor == 1 else step * factor,
    )


def _value(match: re.Match[str]) -> Decimal:
    written = match["digits"]
    value = Decimal(written.translate(_APART)) if written else number_in_words(match["han"] or match["share"])
    for char in match["scale"] + match["more_scale"]:
        value *= _SCALE[char]
    return value + int(match["rest"]) * _SCALE[match["rest_scale"]] if match["rest"] else value


def _step(digits: str, scale: str) -> Decimal:
    _, point, fraction = digits.partition(".")
    step = Decimal(1).scaleb(-len(fraction)) if point else _ONE
    for char in scale:
        step *= _SCALE[char]
    return step


def _qualifier(text: str, match: re.Match[str]) -> Qualifier:
    start = match.start()
    if text[start - 1 : start] in _BEFORE_ENDS:
        for length in (3, 2, 1):
            if qualifier := _BEFORE.get(text[max(0, start - length) : start]):
                return qualifier
    return _AFTER.get(match["more"] or match["after"] or "", "exact")


def number_in_words(words: str) -> Decimal:
    """The value of Chinese numerals: 一百二十, 二〇〇六, 九十八点五, 两千, 三万五千."""
    whole, _, fraction = words.partition("点")
    value = Decimal(chinese_integer(whole) or 0)
    return (
        value + Decimal("0." + "".join(str(chinese_integer(char)) for char in fraction))
        if fraction
        else value
    )
