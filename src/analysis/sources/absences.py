"""Figures that stand in words: nothing happened (未发生…), or everything found is rectified (均已整改)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from analysis.sources.clauses import clause_start
from analysis.sources.lexicon import Token, Words, mask

_NONE = re.compile(
    r"(?:未|没有?|无|零|从未|尚未|不曾)(?:再)?(?:发生|发现|出现|造成|接到|接报|接获|收到|实施|作出|产生|查出|检查出|排查出|发生过|发现有)(?:过|一起|1起|任何|有)?"
    r"|(?:无|零|没有)(?=人员伤亡|人员受伤|人员死亡|亡人|伤亡|死亡|受伤|重伤|(?:直接)?(?:经济|财产)损失|(?:安全|生产|责任|火灾|交通|较大){0,3}事故(?!隐患)|重大隐患|重大事故隐患|较大|重特大|一般)"
    r"|(?:未|没有)因[\u4e00-\u9fff]{1,6}?(?=死伤|伤亡|死亡|受伤)"
    r"|(?<=[故数亡伤失]为)零(?=[，,;。!?\n]|$)"
    r"|(?<=事故)[“\"]?零发生|实现(?:了)?(?:安全)?(?:生产)?(?:“)?(?:零)(?=事故|伤亡|死亡|亡人)"
)
_NONE_OPENS = re.compile('未|没|无|零|从未|尚未|不曾|实现|“零|"零')
_ALONE = re.compile(r"[”\"]?(?:[，,;。:!?\n]|$)")
"""Nothing follows: what did not happen stands before (重大事故未发生，事故“零发生”)."""
_REACH = 60
_OBJECT_END = re.compile(r"[，,;。:!?\n]|、(?=无|未|没)")
_GRADE = re.compile(r"(?:一次性?)?死亡\d{1,2}人(?:\(含\d{1,2}人\))?")
_NOT_ZERO = re.compile(r"目标|\d|力争|确保|坚决|杜绝|防止|避免")
_AIM = re.compile(r"为(?:了|进一步|确保|切实|加强|全面)|保持|努力|确保|力争|争取|目标")
"""Words of an aim before 零事故 and 事故为零."""
_DONE = re.compile(
    r"(?:均|全部|都|(?<![安健完齐保])全(?![县市区省国州镇乡域年面力程员]))(?:已|已经|得到|完成|按期|按时|按要求|落实|及时|进行|督促|了|现)*[^，,;。:()]{0,24}?(?:整改|治理|消除|销号|闭环|处置)"
    r"|(?:已|已经|现已|目前已|并)(?:按要求|及时|经)?(?:全部|均|都|全)?[^，,;。:()\d]{0,8}?(?:整改|治理|消除|处置)(?:到位|完毕|完成|完)"
    r"|(?:已|现已|目前已)经?(?:全部|均)?完成(?:整改|治理|整治|消除)(?:销号|销案|闭环)?(?=[，,;。:)]|$)"
    r"|(?<=[，,])(?:现|目前|也)?已经?整改(?=[，,;。)]|$)"
    r"|(?:整改|治理)(?:工作)?(?:已)?(?:全部|均)(?:已)?(?:完成|到位|完毕)"
)
_DONE_OPENS = re.compile(
    "均|(?<![安健完齐保])全(?![县市区省国州镇乡域年面力程员])|都|已|现已|目前已|并|整改|治理"
)
_NOT_DONE = re.compile(
    r"责令|督促(?![^，,;。]{0,8}(?:整改|治理)(?:到位|完成|完毕))|要求|基本|限期|正在|将|未|部分|逐步|有序|大部|绝大|多数|预计|其余|正按|需|\d|应(?!急)|挂牌|计划|确保|必须|督办"
)


@dataclass(frozen=True, slots=True)
class Absence:
    """A place that says that there was none of something, and of what."""

    start: int
    end: int
    indicator: str
    classes: int
    named: int
    """Where the word for it ends: the fields of what follows (事故和其他事件) are not its own."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A place that says that all of what was found is rectified."""

    start: int
    end: int


def marks(text: str) -> list[int]:
    """Where a text says in words that there was none of something, or that all is rectified."""
    return sorted(
        match.start()
        for pattern, opens in ((_NONE, _NONE_OPENS), (_DONE, _DONE_OPENS))
        for match in _matches(pattern, opens, text, 0, len(text))
    )


def _matches(
    pattern: re.Pattern[str], opens: re.Pattern[str], text: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer`` gives, sooner: only places with one of its first characters are tried."""
    after = start
    for first in opens.finditer(text, start, end):
        if first.start() >= after and (match := pattern.match(text, first.start(), end)):
            yield match
            after = match.end()


def absences(text: str, start: int, end: int, found: Words) -> list[Absence]:
    """The zeros in words of a sentence."""
    places: list[Absence] = []
    for match in _matches(_NONE, _NONE_OPENS, text, start, end):
        if places and match.start() < places[-1].end:
            continue
        stop = _OBJECT_END.search(text, match.end(), end)
        close = min(stop.start() if stop else end, match.end() + _REACH)
        close = _next_of_list(text, match.end(), close)
        grade = _GRADE.match(text, match.end())
        if match.group()[0] == "零" and _AIM.search(text, start, match.start()):
            continue
        if _NOT_ZERO.search(text, grade.end() if grade else match.end(), close) or (
            _NOT_ZERO.search(text, max(start, match.start() - 6), match.start())
            and "确保" in text[max(start, match.start() - 6) : match.start()]
        ):
            continue
        named_apart = grade and grade.group().startswith("死亡")
        caused = match.end() if "因" in match.group() else match.start() - 1
        objects = found.between(grade.end() if grade and named_apart else caused, close)
        if _ALONE.match(text, match.end()):
            objects = found.between(clause_start(text, start, match.start()), match.start())
        absence = _what(match.group(), match.start(), close, objects)
        if absence:
            places.append(absence)
    return places


def _next_of_list(text: str, start: int, end: int) -> int:
    """Where the next zero of a list begins (未发生人员伤亡、未发生火灾); ``end`` where there is none."""
    after = text.find("、", start, end) + 1
    return after - 1 if after and _NONE.match(text, after, end) else end


def _what(found: str, start: int, end: int, objects: Sequence[Token]) -> Absence | None:
    if "发现" in found and (hazards := [token for token in objects if token.word.classes & mask("HAZARD")]):
        objects = hazards
    for token in objects:
        classes = token.word.classes
        for bits, indicator in _objects():
            if classes & bits == bits:
                return Absence(start, end, indicator, classes, max(token.end, start))
    units = "发现" in found and any(token.word.classes & mask("ENTITY") for token in objects)
    return Absence(start, end, "violating_units_found", 0, end) if units else None


@cache
def _objects() -> tuple[tuple[int, str], ...]:
    return (
        (mask("ACCIDENT"), "accidents"),
        (mask("HAZARD"), "hazards_found"),
        (mask("CASUALTY"), "casualties"),
        (mask("DEATH"), "deaths"),
        (mask("INJURY"), "injuries"),
        (mask("SERIOUS"), "serious_injuries"),
        (mask("INJURY"), "injuries"),
        (mask("UNLAWFULUNITS"), "violating_units_found"),
        (mask("VIOLATION"), "violations_handled"),
        (mask("TRAFFIC"), "traffic_violations"),
        (mask("PENALTY"), "penalties_issued"),
        (mask("LOSS"), "economic_loss"),
    )


def completions(text: str, start: int, end: int) -> list[Completion]:
    """The places of a sentence that say that everything found is rectified."""
    places = []
    for match in _matches(_DONE, _DONE_OPENS, text, start, end):
        head = max(text.rfind(mark, start, match.start()) for mark in "，,;(:、。") + 1
        stop = _OBJECT_END.search(text, match.end(), end)
        close = stop.start() if stop else end
        clause_start = max(head, start)
        if not _NOT_DONE.search(text, clause_start, close):
            places.append(Completion(clause_start, close))
    return places
