"""What a sentence is about: the sector and the campaign that hold until the text turns to another.

Sectors come from the words beside the number, else from the sentence, its lead (燃气领域，…), the paragraph's
first sentence, the heading or, where the document has a single subject, its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from analysis.sources.lexicon import Token, Words, mask
from analysis.sources.structure import ENUMERATOR
from analysis.vocabulary import SECTOR_TOTAL

Sectors = tuple[str, ...]
OBJECTS = ("entity", "visits", "vehicle", "vehicle_times", "machine", "people")
"""Dimensions of what is inspected, seized or punished: of some field, without being the subject."""
_LEAD_END = re.compile(r"[，:,;。]")
_LEAD_WORD = (
    r"领域|方面|行业|系统|板块|战线|部门|类|企业|安全|生产|监管|整治|检查|工作|情况|单位|施工|运输|场所|管理"
    r"|等|重点|进展|落实|专项|行动|集中|攻坚|治理|三年|百日|\(领域\)|来看|上看|看"
)
_LEAD_WORDS = re.compile(f"(?:{_LEAD_WORD})*$")
_LEAD_LINK = re.compile(f"(?:{_LEAD_WORD}|以及|[、和及与()])*")
_LED_PART = re.compile(r";(?=[^，,;。:]{2,20}(?:(?:方面|领域|行业|系统)[，,]|:))")
_LEAD_OPENING = re.compile(r"\s*(?:在|对|针对|对于|其中|从)?(?:全县|全市|全区|县|市|区|我县|我市|我区)?")
FIGURE = re.compile(
    r"[一二两三四五六七八九十]{1,3}(?:个|次|名|家|处|项|起|批)(?!领域|方面)|(?<!\d)\d{1,15}(?:\.\d{1,6})?[^\d年月日]|未发生|没有发生"
)
_LONGEST_LEAD = 26
_LONGEST_TOPIC_SENTENCE = 60
_OFFICE = re.compile(
    r"和[\u4e00-\u9fff]{2,4}?局|(?:安全|救援|管理|监管|监督|安监|监察|应急|行政|执法|综合|生产|和){0,5}(?:局|厅|委(?!托)|部门|站|[总支大中]?队|处(?!置|罚|理|于)|办(?!理)|部(?![分位署件落队级])|所|公司)"
)
_BODIES = ("机构", "队伍", "力量")
_OFFICE_OPENS = frozenset("安救管监应行执综生和局厅委部站总支大中队处办所公")
_LISTED = re.compile(r"[^，,。;:\d书长对]{0,10}?[、和及]")
"""Another name follows; what opens after 对, and a person's office (书记、局长), make no list."""
_LISTED_BEFORE = re.compile(r"(?:[、和及与]|联合|会同|协同|配合|邀请)(?:国家|省|市|县|区|镇)?.?$")
_ATTENDING = re.compile(r"[^，,。;:\d]{0,16}参加的[^，,。;:\d]{0,8}会")
"""学校和企业负责人参加的动员会: those who come to a meeting are not what it is about."""
_EXCEPT = ("以外", "之外", "外事故", "外的")
"""公路以外的农机事故: what is left out names no field."""
_BESIDE = tuple(f"{safety}{mark}" for safety in ("安全生产", "生产安全", "安全环保") for mark in "和与")
"""安全生产和消防考核: a field beside safety at work as a whole is not the one that is meant."""
_INCLUDING = ("安全(", "(含", "(包括")
"""安全(消防)隐患: a bracket that only adds a part turns to no other field."""
_PART_OF = ("(", "业(", "行业(", "领域(")
_LONGEST_TITLE = 40
_LONGEST_PLACE = 8
"""What may stand before an office's field: 国网平凉供电公司."""
_PAIR = 2
_VISITED = re.compile("深入|走访|前往|赶赴|来到")
"""督查组深入区住建局: an office that is visited does not act."""
_THEME = re.compile(r"(?:为|这一|的|活动)*主题")
_THEMES = ("主题", "主题是", "主题为", "主题:")
_NEXT = re.compile(r"下一?(?:步|阶段)")
_OPENING = re.compile(
    r"\s*(?:组织|开展|集中|深入|持续|扎实|全面|共|累计|强化|加强|抓好|抓实|推进|突出|聚焦|紧盯|狠抓)*"
)


@dataclass(slots=True)
class Scope:
    """The sectors and the campaign in force, from the widest to the narrowest reach."""

    topic: Sectors = ()
    firm: bool = False
    """The topic is the field itself; places that are inspected (餐饮用户) do not turn the text to another."""
    heading: Sectors = ()
    paragraph: Sectors = ()
    lead: Sectors = ()
    office: Sectors = ()
    """The field of the office that opens the paragraph, where nothing else names one."""
    heading_campaign: str = ""
    campaign: str = ""
    drive: str = ""
    """The words that open the paragraph: two drives without a code are still two."""
    plan: bool = False
    """The section plans what is to come."""
    plan_here: bool = False
    """A sentence of this paragraph has turned to what is to come (下一步，…)."""

    def usual(self) -> Sectors:
        """The sectors of a number with none beside it; 矿山 means the mines that the document is about."""
        usual = self.lead or self.paragraph or self.heading or self.topic or self.office
        return self.topic if self.firm and is_wider(usual, self.topic) else usual

    def open_heading(self, found: Words, *, main: bool, stated: bool) -> None:
        """Take in a heading; a main one ends what the last one said.

        ``stated``: it is a headline that states something, and does not say what the lines below are about.
        """
        sectors = () if stated or is_of_accidents(found) else distinct_sectors(found)
        campaign = first_campaign(found)
        if main or sectors or campaign:
            self.heading, self.heading_campaign = sectors if len(sectors) <= 2 else (), campaign
        self.open_paragraph()

    def open_paragraph(self) -> None:
        """Leave the last paragraph's lead, topic and campaign behind."""
        self.paragraph, self.lead, self.office, self.campaign, self.drive = (), (), (), "", ""
        self.plan_here = False

    def open_sentence(self, text: str, start: int, end: int, found: Sequence[Token], *, first: bool) -> int:
        """Take in a sentence's lead; returns where the rest begins.

        ``first``: the sentence opens the paragraph, and may name its topic.
        """
        number = ENUMERATOR.match(text, start, end)
        body = number.end() if number else start
        self.plan_here = self.plan_here or bool(_NEXT.match(text, body))
        if number or first:
            self.campaign = self.drive = ""
        campaign = first_campaign(found)
        if campaign:
            self.campaign = campaign
        if first or number:
            self.drive = text[body : min(end, body + 40)]
        fields = [token for token in found if token.word.sector]
        sectors, after = lead_at(text, body, end, fields, alone=bool(number) or first)
        if sectors:
            self.lead = sectors
            return after
        if first or number:
            self._topic_sentence(text, body, end, fields, numbered=bool(number))
        return body

    def _topic_sentence(
        self, text: str, body: int, end: int, fields: Sequence[Token], *, numbered: bool
    ) -> None:
        self.lead = self.paragraph = self.office = ()
        if not fields:
            return
        limit = min(end, body + _LONGEST_TOPIC_SENTENCE)
        told = FIGURE.search(text, body, end)
        if told:
            limit = min(limit, max(text.rfind(mark, body, told.start()) for mark in "，,;:"))
        named = subjects(text, [token for token in fields if token.start < limit])
        sectors = distinct_sectors(without_venues(text, without_places(named)))
        if is_beside_safety(text, body, end, sectors):
            sectors = ()
        short = end - body <= _LONGEST_TOPIC_SENTENCE
        self.paragraph = sectors if len(sectors) == 1 and (numbered or short) else ()
        self.office = (fields[0].word.sector,) if opens_clause(text, body, fields[0]) else ()


def is_wider(sectors: Sectors, usual: Sectors) -> bool:
    """Whether 矿山 in a passage about one kind of mines means just these."""
    return sectors == ("mining",) and bool(usual) and set(usual) <= {"coal_mine", "non_coal_mine"}


def is_beside_safety(text: str, start: int, end: int, sectors: Sectors) -> bool:
    """Whether natural disasters are only named beside safety at work (生产安全和汛情)."""
    if sectors != ("natural_disaster",):
        return False
    return any(text.find(word, start, end) >= 0 for word in ("生产安全", "安全生产"))


def is_of_accidents(found: Sequence[Token]) -> bool:
    """Whether a heading names natural disasters beside accidents: most lines tell of the latter."""
    accidents = any(token.word.classes & mask("ACCIDENT") and not token.word.sector for token in found)
    return accidents and distinct_sectors(found) == ("natural_disaster",)


def led_parts(text: str, start: int, end: int, found: Words) -> Iterator[tuple[int, int]]:
    """The parts of a sentence that have leads of their own (煤矿方面，…;消防方面，…)."""
    for mark in _LED_PART.finditer(text, start, end):
        fields = [token for token in found.between(mark.end(), end) if token.word.sector]
        if lead_at(text, mark.end(), end, fields, alone=False)[0]:
            yield start, mark.start()
            start = mark.end()
    yield start, end


def lead_at(text: str, body: int, end: int, fields: Sequence[Token], *, alone: bool) -> tuple[Sectors, int]:
    """A lead's sectors and where it ends; ``alone``: it may be all of the sentence (消防安全。检查…)."""
    stop = _LEAD_END.search(text, body, min(end, body + _LONGEST_LEAD)) if fields else None
    if not stop and not (alone and fields and end - body <= _LONGEST_LEAD):
        return (), body
    close_at = stop.start() if stop else end
    inside = [token for token in fields if body <= token.start and token.end <= close_at]
    if not inside:
        return (), body
    opening = _LEAD_OPENING.match(text, body)
    close = inside[0].start - (opening.end() if opening else body) <= 1
    if not close or not _LEAD_WORDS.fullmatch(text, inside[-1].end, close_at):
        return (), body
    if not all(_LEAD_LINK.fullmatch(text, one.end, other.start) for one, other in pairwise(inside)):
        return (), body
    fields = [token for token in inside if token.word.sector != SECTOR_TOTAL] or inside
    return distinct_sectors(fields), stop.end() if stop else end


def distinct_sectors(found: Iterable[Token]) -> Sectors:
    """The sectors of some words, each once, in the order of the text."""
    return tuple(dict.fromkeys(token.word.sector for token in found if token.word.sector))


def subjects(text: str, found: Iterable[Token]) -> list[Token]:
    """The words that name a field, without the offices of a list, who only take part.

    A bracket names the part of the field that is meant: 采矿业(煤矿).
    """
    named = [
        token
        for token in found
        if token.word.sector
        and not ((is_office(text, token) or token.word.classes & mask("POLICE")) and _is_listed(text, token))
        and not text.startswith(_EXCEPT, token.end)
        and not text.endswith(_BESIDE, 0, token.start)
        and not (text.startswith(")", token.end) and text.endswith(_INCLUDING, 0, token.start))
    ]
    if not named:
        return named
    around = text[max(0, named[0].start - _LONGEST_TITLE) : named[-1].end + _LONGEST_TITLE]
    if "主题" in around or "参加的" in around:
        named = [token for token in named if not _is_aside(text, token)]
    if len(named) < _PAIR:
        return named
    wider = {one.start for one, part in pairwise(named) if text[one.end : part.start] in _PART_OF}
    return [token for token in named if token.start not in wider]


def without_places(named: Sequence[Token]) -> list[Token]:
    """Words for fields without the places that only tell where (餐饮场所 of 餐饮场所液化气瓶整治)."""
    where = {
        one.start
        for one, other in pairwise(named)
        if one.end == other.start
        and one.word.classes & mask("ENTITY")
        and one.word.sector != other.word.sector
    }
    return [token for token in named if token.start not in where]


def without_venues(text: str, named: Sequence[Token]) -> list[Token]:
    """Words for fields without the places of a list (在汽车站、广场设咨询台)."""
    return [
        token
        for token in named
        if not token.word.classes & mask("ENTITY")
        or "、" not in (text[token.start - 1], text[token.end : token.end + 1])
    ]


def opens_clause(text: str, start: int, token: Token) -> bool:
    """Whether a field is that of the office that opens what begins at ``start`` (国网平凉供电公司…)."""
    first = token.start - start <= _LONGEST_PLACE and is_office(text, token)
    if first and _VISITED.search(text, start, token.start):
        return False
    return first and not _LISTED_BEFORE.search(text[max(start, token.start - 6) : token.start])


def is_office(text: str, token: Token) -> bool:
    """Whether a field is named as that of an office (消防 of 消防救援大队)."""
    if text[token.end - 1] in "局厅委队" or text.endswith(_BODIES, token.start, token.end):
        return True
    return text[token.end : token.end + 1] in _OFFICE_OPENS and bool(_OFFICE.match(text, token.end))


def _is_aside(text: str, token: Token) -> bool:
    """Whether a word only names who comes to a meeting, or stands in a campaign's motto."""
    return bool(_ATTENDING.match(text, token.end)) or _in_theme(text, token)


def _in_theme(text: str, token: Token) -> bool:
    """Whether a word stands in the motto of a campaign (以“…畅通生命通道”为主题)."""
    opened = text.rfind("“", max(0, token.start - _LONGEST_TITLE), token.start)
    if opened < 0:
        return False
    closed = text.find("”", opened, token.end + _LONGEST_TITLE)
    return closed >= token.end and bool(_THEME.match(text, closed + 1) or text.endswith(_THEMES, 0, opened))


def in_title(text: str, token: Token) -> bool:
    """Whether a word stands in the title of a work or a law (《…》)."""
    opened = text.rfind("《", max(0, token.start - _LONGEST_TITLE), token.start)
    return opened >= 0 and text.find("》", opened, token.start) < 0


def _is_listed(text: str, token: Token) -> bool:
    before = text[max(0, token.start - 6) : token.start]
    return bool(_LISTED_BEFORE.search(before) or _LISTED.match(text, token.end))


def first_campaign(found: Iterable[Token]) -> str:
    """The campaign that is named first."""
    for token in found:
        if token.word.campaign:
            return token.word.campaign
    return ""


def overriding(text: str, body: int, found: Sequence[Token], lead: Sectors) -> Sectors:
    """A single sector at the very head of a sentence, which outweighs the lead of the one before."""
    opening = _OPENING.match(text, body)
    head = opening.end() if opening else body
    first = next((token for token in found if token.start >= body and token.word.sector), None)
    return (first.word.sector,) if first and first.start - head <= 1 and first.word.sector not in lead else ()


@lru_cache(maxsize=1024)
def written(sectors: Sectors) -> str:
    """How sectors are written in a table: codes joined by semicolons; none is the total."""
    return ";".join(sorted(sectors)) if sectors else SECTOR_TOTAL
