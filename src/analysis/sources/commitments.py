"""A summary's plan section (“…工作打算”, “下一步…”) → its commitments, each with its place.

A commitment is one undertaking of which one can say later whether it was done. What begins a sentence of the
section, or stands after a semicolon, is one, whatever its verb: plans are written in too many words to list.
Within a sentence a clause opens another where it begins with an action (完善…, 坚决杜绝…) or has a subject
and a figure of its own. One that tells manner or means (以…, 紧盯…, 投入…元) belongs to the one that follows;
one that tells a hoped-for result (确保…, 进一步提高…), an amount or nothing of its own, to the one before.
Principles (总体要求…) and slogans commit to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from analysis.sources import structure
from analysis.sources.folding import fold
from analysis.sources.lexicon import rows, tokens
from analysis.sources.scopes import Sectors, distinct_sectors
from analysis.vocabulary import SECTOR_TOTAL

_INLINE = re.compile(
    r"\s*(?:下一?步|下一?阶段|今后|明年|来年|20\d\d年)[^，。:;]{0,8}?(?:打算|计划|安排|思路|工作|重点)?[:，]"
    r"(?:我[县市区局镇]|县安委办|全[县市])?(?:将|拟)?"
)
_ANNOUNCES = re.compile(r"[^，;。:]{0,12}(?:以下|如下)[^，;。:]{0,8}")
"""A lead that only announces what follows: 重点做好以下工作:"""
_BREAK = re.compile(r"[，;。]|:(?=[一二三四五六七八九十]是)")
_SHORTEST_PART = 8
"""Pieces joined by 、 are undertakings of their own only if each is so long (列出清单、明确时限 is one)."""
_LONGEST_TITLE = 24
_DEMAND = re.compile(r"(?:该|一律|应当|必须)")
_TARGET = re.compile(r"[^\d]{0,14}(?:率|数|比例|占比|总量|全年|每年|每月|人数)[^\d]{0,10}\d")
"""A figure to be reached, without an action (整改率达到95%, 死亡人数不超过2人)."""
_OWN = re.compile(
    r"(?!其中|并|累计|全年|每)[^\d，]{4,}?(?:(?<![\d.])\d[\d,.]*(?![\d,.年月日])|逐[\u4e00-\u9fff])"
)
"""A clause with a subject of its own before a figure that is no date, or before what is done one by one."""
_REACHED = re.compile(r"(?:全部|累计)?(?:完成|达到|实现)\d[\d,.]*[\u4e00-\u9fff]{0,4}")
"""How much of what was said before is to be reached by a day (6月底前完成210台)."""
_PREFACE = re.compile(r"[^。]{0,24}(?:总体要求|指导思想|总体思路|基本原则)")
"""What stands above a plan: principles, not undertakings."""
_LINK = re.compile(r"(?:20\d\d年|明年|来年|新的一年|同时|此外|另外)")
"""A clause that only leads over to the next."""
_GOAL = re.compile(r"(?:(?:年度|主要|总体|工作|奋斗|20\d\d年)的?)*目标(?:是|为|:)[:，]?")
"""A lead after which each clause is a target of its own."""
_MONEY = re.compile(r"(?:计划|拟|将|再)?(?:投入|安排|筹措)(?:资金)?[\d.,]+[万亿]?元(?:资金)?")
"""What is laid out is a means: it belongs to what it is laid out for."""
_AMOUNT = re.compile(r"[\u4e00-\u9fff]{0,4}\d[\d,.]*[\u4e00-\u9fff]{0,6}")
"""A bare amount, which belongs to what was said before it (培训300人次以上)."""
_GLUED = re.compile(r"\d{1,2}[.、](?=\d{1,2}月)")
"""The number of an item right before a date: 8.6月底前."""
_NAMED = re.compile(r"\(?(?:牵头|责任|配合)(?:单位|部门):(?P<owner>[^;；。)]{2,40})[;。)]?")
_DATED = re.compile(
    r"(?:(?:\d{1,2}月|[一二三四]季度|上半年|年)(?:底|末|中旬|上旬|下旬|\d{1,2}日)?(?:以?前|之前|内)?)"
)


@dataclass(frozen=True, slots=True)
class Commitment:
    """One undertaking: its place in the document's text, the head it stands under, sectors and owner."""

    start: int
    end: int
    line: int
    text: str
    item: str
    sectors: Sectors
    owner: str
    heading: str
    """The heading of the plan section, which may name the year planned for."""


@dataclass(slots=True)
class _Open:
    """What a sentence has said so far: words of manner that wait, and what is open."""

    waiting: int | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)
    goals: bool = False
    concerns: bool = False
    """Whether the waiting words name whom the undertaking concerns (对屡查屡犯的商户，…)."""


def read(text: str) -> list[Commitment]:
    """The commitments of a document, in its order; none where it has no plan section."""
    folded = fold(text)
    plain = folded.text
    found: list[Commitment] = []
    for heading, item, begun, end in _sentences(plain):
        glued = _GLUED.match(plain, begun, end)
        start = glued.end() if glued else begun
        for first, last in _undertakings(plain, start, end):
            begin, stop = folded.original(first), folded.original_end(last)
            said = plain[first:last]
            found.append(
                Commitment(
                    begin,
                    stop,
                    text.count("\n", 0, begin) + 1,
                    text[begin:stop],
                    item,
                    _sectors(plain, first, last),
                    _owner(said, plain[start:end]),
                    heading,
                )
            )
    return found


# --- which sentences plan


def _sentences(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Section's heading, head of the item, and the place of each sentence of the plan."""
    heading, titled, item = "", False, ""
    for paragraph in structure.paragraphs(text):
        line = text[paragraph.body : paragraph.end]
        if not titled:
            titled = not structure.is_imprint(text, paragraph)
            continue
        if paragraph.main or (paragraph.heading and structure.is_plan(line)):
            heading = line if structure.is_plan(line) else ""
            item = ""
        if paragraph.heading and (heading == line or not paragraph.numbered or _is_bare(line)):
            item = "" if heading == line else line
            continue
        if heading:
            yield from _of_paragraph(text, paragraph.start, paragraph.end, heading, item)
        else:
            yield from _inline(text, paragraph.start, paragraph.end)


def _is_bare(line: str) -> bool:
    """Whether a numbered line is only a head: short, without a figure or an end."""
    return len(line) <= _LONGEST_TITLE and not re.search(r"[\d。;:]", line)


def _of_paragraph(
    text: str, start: int, end: int, heading: str, item: str
) -> Iterator[tuple[str, str, int, int]]:
    """The sentences of a paragraph; a short first one after a number is the head of those that follow."""
    parts = list(structure.sentences(text, start, end))
    for place, (first, last) in enumerate(parts):
        number = structure.ENUMERATOR.match(text, first, last)
        body = number.end() if number else first
        after = parts[place + 1] if place + 1 < len(parts) else None
        heads = after and not structure.ENUMERATOR.match(text, *after)
        if number and heads and _is_bare(text[body:last]):
            item = text[body:last]
        elif body < last:
            yield heading, item, body, last


def _inline(text: str, start: int, end: int) -> Iterator[tuple[str, str, int, int]]:
    """The plan that a paragraph turns to within itself (下一步，…; 明年打算:…)."""
    heading = ""
    for first, last in structure.sentences(text, start, end):
        number = structure.ENUMERATOR.match(text, first, last)
        opened = _INLINE.match(text, number.end() if number else first, last)
        turns = opened if opened and structure.is_plan(opened.group()) else None
        heading = turns.group() if turns else heading
        begin = turns.end() if turns else first
        if heading and begin < last:
            yield from _of_paragraph(text, begin, last, heading, "")


# --- which clauses are undertakings


def _undertakings(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if _PREFACE.match(text, start, end) or _slogan().search(text, start, end):
        return
    goal = _GOAL.match(text, start, end)
    state = _Open(goals=goal is not None)
    for first, last in _clauses(text, goal.end() if goal else start, end):
        number = structure.ENUMERATOR.match(text, first, last)
        if not (_ANNOUNCES.fullmatch(text, first, last) or _LINK.fullmatch(text, first, last)):
            _take(state, text, number.end() if number else first, last)
    _close(state, text, end)
    yield from state.spans


def _take(state: _Open, text: str, first: int, last: int) -> None:
    clause = text[first:last]
    separate = not state.spans or state.goals or text[first - 1] == ";"
    if not state.goals and state.spans and state.waiting is None and _adds(clause, separate):
        _extend(state, last)
    elif text[first - 1] != ";" and _result().match(clause) and not _DEMAND.match(clause):
        _close(state, text, first)
        _extend(state, last)
    elif _MONEY.fullmatch(clause) or (_manner().match(clause) and not _action().match(clause)):
        state.waiting = first if state.waiting is None else state.waiting
        state.concerns = text[state.waiting] in "对给向"
    elif _opens(clause, waiting=state.waiting is not None) or (separate and _stands(state, clause)):
        state.spans.append((first if state.waiting is None else state.waiting, last))
        state.waiting = None
    elif state.waiting is None:
        _extend(state, last)


def _opens(clause: str, *, waiting: bool) -> bool:
    """Whether a clause begins an undertaking: with an action, a date, or a subject that is to act."""
    if _result().match(clause):
        return True  # after a semicolon a hoped-for result is an aim of its own
    dated = _DATED.match(clause)
    body = clause[dated.end() :].lstrip("，") if dated else clause
    own = not dated and _OWN.match(clause)
    return bool(own or _action().match(body) or (waiting and _DEMAND.match(body)) or _subject().match(body))


def _stands(state: _Open, clause: str) -> bool:
    """Whether a clause that begins a sentence, or stands after a semicolon, is an undertaking of its own.

    What a plan sets down for itself is one, whatever its verb; after words of manner it must act.
    """
    if _NAMED.match(clause):
        return False
    return state.waiting is None or state.concerns or bool(not state.spans and _verb().search(clause))


def _adds(clause: str, separate: bool) -> bool:
    """Whether a clause only says how much of the undertaking before it."""
    dated = _DATED.match(clause)
    amount = _REACHED.fullmatch(clause, dated.end()) if dated else None
    return bool(amount or _TARGET.match(clause) or (not separate and _AMOUNT.fullmatch(clause)))


def _extend(state: _Open, last: int) -> None:
    """The clause belongs to the commitment before it."""
    if state.spans:
        state.spans[-1] = (state.spans[-1][0], last)


def _close(state: _Open, text: str, last: int) -> None:
    """Means that no action followed are themselves the undertaking, where they act (通过组织…) or cost."""
    if state.waiting is not None:
        if _MONEY.match(text, state.waiting) or _means().match(text, state.waiting):
            state.spans.append((state.waiting, last))
        state.waiting = None


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for first, last in _between(_BREAK, text, start, end):
        yield from _parts(text, first, last)


def _between(mark: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between marks that do not stand in brackets."""
    depth = 0
    first = start
    for at in range(start, end):
        depth += (text[at] in "(《“") - (text[at] in ")》”")
        if depth <= 0 and mark.match(text, at):
            yield first, at
            first = at + 1
    if first < end:
        yield first, end


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A clause, cut at each 、 after which another action begins."""
    pieces = list(_between(re.compile("、"), text, start, end))
    first = start
    for (_, before), (after, last) in pairwise(pieces):
        long = before - first >= _SHORTEST_PART and last - after >= _SHORTEST_PART
        if long and _verb().match(text, after) and _action().match(text[first:before]):
            yield first, before
            first = after
    yield first, end


def _sectors(text: str, start: int, end: int) -> Sectors:
    found = distinct_sectors(tokens(text, start, end))
    return tuple(code for code in found if code != SECTOR_TOTAL)


def _owner(said: str, sentence: str) -> str:
    """Who is to do it: named in brackets (责任单位:…), or the subject of the clause."""
    named = _NAMED.search(said) or _subject().match(said) or _NAMED.search(sentence)
    return named["owner"].strip("由，、 ") if named else ""


# --- words


@cache
def _words(kind: str) -> str:
    found = [word for row in rows("plan_words") if row["kind"] == kind for word in row["words"].split(";")]
    return "|".join(sorted(map(re.escape, found), key=len, reverse=True))


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(_words("action"))


@cache
def _action() -> re.Pattern[str]:
    return re.compile(f"(?:{_words('adverb')})*(?:{_words('action')})")


@cache
def _subject() -> re.Pattern[str]:
    """Who acts at the head of a clause: an office, then a word of charge or an action."""
    office = (
        r"(?:由)?(?P<owner>(?![为对向以在]|通过|围绕|针对)[\u4e00-\u9fff、]{2,24}?"
        r"(?:局|办|队|委|会|镇|乡|街道|部门|单位|企业|政府|队伍))"
    )
    return re.compile(rf"{office}(?:分别|共同)?(?:要|应|须|将|负责|牵头|{_action().pattern})")


@cache
def _means() -> re.Pattern[str]:
    acts = f"(?:{_words('adverb')})*(?:{_words('action')})"
    return re.compile(f"(?:(?:通过|借助|依托)|[为对向][^，]{{1,14}}?){acts}")


@cache
def _manner() -> re.Pattern[str]:
    return re.compile(_words("manner"))


@cache
def _slogan() -> re.Pattern[str]:
    return re.compile(_words("slogan"))


@cache
def _result() -> re.Pattern[str]:
    return re.compile(_words("result"))
