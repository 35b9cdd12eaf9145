"""The one field that a whole document is about, where its title, its opening or most of its text says so.

市消防救援支队开展夜查行动 is about fire protection all through. A title may name an office that covers more
(a bureau); such a topic gives way to the field that the figures themselves name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.sources import structure
from analysis.sources.lexicon import Token, Words, mask
from analysis.sources.scopes import (
    FIGURE,
    Sectors,
    distinct_sectors,
    is_beside_safety,
    is_of_accidents,
    is_office,
    subjects,
)
from analysis.vocabulary import SECTOR_TOTAL

_MAIN_SHARE = 0.33
"""An opening is the document's topic where at least this share of the fields it names are of that field."""
_MOST_SHARE = 0.6
"""The share where neither title nor opening names a single field."""
_SMALL_SHARE = 0.35
"""Below this share a title tells of one piece of news from a document about many fields."""
_GENERAL = "安全生产"
"""A title that names it, and no field, tells of all fields."""
_TAKE_PART = re.compile(r"[^，,;。:\d]{0,12}等\d{1,3}[个家](?:单位|部门)")
"""民政、消防、司法等16个单位: offices that take part in what is for all."""
_DATELINE = 40
"""How long a dateline is (本报讯(记者…)) before an aim (为…)."""
_FEWEST = 2
_PAIR = 2
_ALONE = 4
"""A text that names one field so often and no other is about it, though it tells of no act (of accidents)."""
_EARLY = 150
_PUBLISHER = re.compile(r"(?:来源|发布机构|发布单位)[:： ]*([^\n ，,。;:]{0,16}(?:[局队]|办公室))[ \n]")
_HEAD = 300
_MINES = ("coal_mine", "non_coal_mine")
_LISTED_WITH_SAFETY = re.compile(r"安全生产(?:[、和与及][^，,。;:、和与及\d]{2,8}){0,3}(?:[、和与及]|以及)$")
"""安全生产、应急管理及消防安全: a field that only ends such a list opens no text on it."""
_LONGEST_SUCH_LIST = 34
_ASIDE = ("natural_disaster",)
"""Spoken of beside the work on safety by every office for emergencies."""


@dataclass(frozen=True, slots=True)
class Topic:
    """``firm``: the field itself is named, not only an office."""

    sectors: Sectors = ()
    firm: bool = False

    def __bool__(self) -> bool:
        return bool(self.sectors)


def of_document(text: str, found: Words) -> Topic:
    """The topic of a document; none where it speaks of several fields. ``found``: its first words."""
    lines = (line for line in structure.paragraphs(text) if not structure.is_imprint(text, line))
    first = next(lines, None)
    if first is None:
        return Topic()
    named = subjects(text, found)
    title = first if first.heading else None
    if title:
        topic = _of_title(text, found.part(title.start, title.end))
        if topic.sectors and (not topic.firm or _weight(text, topic.sectors, named) >= _SMALL_SHARE):
            return topic
        first = next((line for line in lines if not line.heading), None)
    topic = _of_opening(text, found, first, named) if first else Topic()
    general = title is not None and _GENERAL in text[title.start : title.end]
    if topic.sectors or general:
        return topic
    most = _of_most(text, found, named)
    if _has_sections(text):
        return most if len(_counted(named)) == 1 else topic
    return most or _of_publisher(text, found)


def _has_sections(text: str) -> bool:
    return any(line.main for line in structure.paragraphs(text))


def _counted(named: Iterable[Token]) -> Counter[str]:
    """How often each field is named; words that follow one another (消防生命通道) name it once."""
    counted: Counter[str] = Counter()
    last = ("", 0)
    for token in named:
        counted[token.word.sector] += last[0] != token.word.sector or token.start > last[1] + 1
        last = (token.word.sector, token.end)
    counted.pop(SECTOR_TOTAL, None)
    return counted


def _one_kind_of_mines(counted: Counter[str]) -> Counter[str]:
    """The same where 矿山 counts for the one kind of mines that is named besides."""
    kinds = [kind for kind in _MINES if counted[kind]]
    if len(kinds) != 1:
        return counted
    return counted - Counter(mining=counted["mining"]) + Counter({kinds[0]: counted["mining"]})


def _of_title(text: str, found: Sequence[Token]) -> Topic:
    named = [token for token in found if token.word.sector]
    own = [token for token in named if not is_office(text, token)]
    fields = distinct_sectors(token for token in own if not _is_place(text, token)) or distinct_sectors(own)
    field = fields if fields != _ASIDE or not any(is_office(text, token) for token in named) else ()
    if len(field) == 1 and field != (SECTOR_TOTAL,) and not is_of_accidents(found):
        return Topic(fields, firm=True)
    offices = distinct_sectors(token for token in named if is_office(text, token))
    return Topic(offices) if set(fields) <= set(_ASIDE) and len(offices) == 1 else Topic()


def _of_opening(text: str, found: Words, first: structure.Paragraph, every: Sequence[Token]) -> Topic:
    """The field of a first sentence that tells of inspections in one field, which the rest then keeps to."""
    sentences = structure.sentences(text, first.start, first.end)
    start, end = next(sentences, (0, 0))
    aim = text.startswith("为", start) or (
        text.find("为", start, start + _DATELINE) >= 0 and distinct_sectors(found.part(start, end))
    )
    if aim and not found.part(start, end).classes & _acts():
        _, end = next(sentences, (start, end))
    opening = found.part(start, end)
    named = [token for token in subjects(text, opening) if not _is_place(text, token)]
    fields = distinct_sectors(token for token in named if not is_office(text, token))
    if len(fields) > 1 and (first_told := _before_numbers(text, start, end, opening)):
        fields = first_told
    offices = distinct_sectors(named)
    fields = fields or offices
    if is_beside_safety(text, start, end, fields):
        return Topic()
    if _is_one_of_places(text, opening, fields):
        return Topic()
    acts = any(token.word.classes & _acts() for token in opening)
    if acts and len(fields) == 1 and _weight(text, fields, every) >= _MAIN_SHARE:
        return Topic(fields, firm=True)
    if acts and (pair := _pair(text, opening, found)):
        return Topic(pair)
    offices = distinct_sectors(token for token in named if is_office(text, token))
    return Topic(offices) if len(offices) == 1 and not _has_sections(text) else Topic()


def _before_numbers(text: str, start: int, end: int, opening: Sequence[Token]) -> Sectors:
    """The one field that an opening names before all numbers, where it names others only in passing."""
    told = FIGURE.search(text, start, end)
    named = [token for token in subjects(text, opening) if not is_office(text, token)]
    first = (t for t in named if told and t.end <= told.start() and not _is_place(text, t))
    fields = distinct_sectors(first)
    return fields if len(fields) == 1 and _weight(text, fields, named) >= _MOST_SHARE else ()


def _is_one_of_places(text: str, opening: Sequence[Token], fields: Sectors) -> bool:
    """Whether a field is only named by its places, beside those of others (矿山8家…烟花经营点12家)."""
    named = [token for token in opening if token.word.sector]
    others = {token.word.sector for token in named} - {*fields}
    return (
        bool(fields)
        and len(others) >= _PAIR
        and all(_PLACE.match(text, token.end) for token in named if token.word.sector in fields)
    )


def _pair(text: str, opening: Sequence[Token], found: Sequence[Token]) -> Sectors:
    """The two fields that an opening names, where the text names no other (检查煤矿和加油站).

    Those that it only names behind 其中 are parts of what it is about.
    """
    both, every = (
        distinct_sectors(token for token in subjects(text, words) if not is_office(text, token))
        for words in (opening, found)
    )
    aside = {SECTOR_TOTAL, *_ASIDE} & {*both}
    if len(both) != _PAIR or len(every) != _PAIR or aside:
        return ()
    fields = [token for token in opening if token.word.sector]
    first = fields[0].start
    if _TAKE_PART.match(text, fields[-1].end):
        return ()
    return () if text.find("其中", opening[0].start, first) >= 0 else both


def _of_most(text: str, found: Words, named: Sequence[Token]) -> Topic:
    """The field that most of the text names, where its first lines name it already."""
    counted = _one_kind_of_mines(_counted(named))
    field, times = next(iter(counted.most_common(1)), ("", 0))
    alone = times == counted.total() >= _ALONE
    if not alone and all(_is_place(text, token) for token in named if token.word.sector == field):
        return Topic()
    whole = any(token.word.classes & mask("ALLACC") and token.start < _EARLY for token in found)
    opening = (token for token in named if token.start < _EARLY and not _is_with_safety(text, token))
    early = not whole and any(token.word.sector == field for token in opening)
    enough = times >= _FEWEST and field not in _ASIDE and _share((field,), counted) >= _MOST_SHARE
    acts = any(token.word.classes & _acts() for token in found) or alone
    return Topic((field,), firm=True) if early and enough and acts else Topic()


def _is_with_safety(text: str, token: Token) -> bool:
    """Whether a field is one of a list that safety at work as a whole opens."""
    return bool(_LISTED_WITH_SAFETY.search(text, max(0, token.start - _LONGEST_SUCH_LIST), token.start))


def _of_publisher(text: str, found: Words) -> Topic:
    """The field of the office that a page comes from (来源：县水利局)."""
    stated = _PUBLISHER.search(text, 0, _HEAD)
    offices = distinct_sectors(found.part(stated.start(1), stated.end())) if stated else ()
    return Topic(offices) if len(offices) == 1 and offices != (SECTOR_TOTAL,) else Topic()


def _weight(text: str, fields: Sectors, named: Iterable[Token]) -> float:
    """How much of what is named is a field or its places; places of other fields are only inspected in it."""
    own = (t for t in named if not is_office(text, t) and (t.word.sector in fields or not _is_place(text, t)))
    return _share(fields, _counted(own))


def _share(fields: Sectors, counted: Counter[str]) -> float:
    """How much of what is named is a field; 矿山 names every kind of mine."""
    wider = counted["mining"] if fields[0] in _MINES else 0
    return (counted[fields[0]] + wider) / max(1, counted.total())


def _acts() -> int:
    return mask("INSPECT", "OPERATION", "HANDLE", "RECTIFY", "DISPATCH", "TRAFFIC", "TRAIN")


_FIELD = re.compile(r"(?:\([^()\n]{1,12}\)|\))?(?:消防|使用|生产|经营)?(?:安全|专项|领域|行业)")
_PLACE = re.compile(
    r"(?:生产|经营|销售|零售|批发|储存|使用){0,3}(?:企业|单位|网?点|[门商]?店|[商业]?户|场所|仓库|摊点|公司)"
)


def _is_place(text: str, token: Token) -> bool:
    """Whether a word only names what is inspected in some field; before 安全 it names the field itself."""
    return bool(token.word.classes & mask("ENTITY", "VEHICLE", "SHIP")) and not _FIELD.match(text, token.end)
