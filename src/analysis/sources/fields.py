"""The field, and the part of the county, that a figure of a sentence belongs to.

The field comes from the words beside the number, else from those since the number before, else from the
figure before; a lead (燃气领域，…) outweighs them all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise, takewhile, zip_longest

from analysis.sources.absences import Absence
from analysis.sources.breakdowns import INSPECTED, is_mixed, is_one_more, is_rest, of_bracket
from analysis.sources.clauses import Clause, classes
from analysis.sources.figures import FOUND, Figure, outside, recent
from analysis.sources.lexicon import Token, Words, mask
from analysis.sources.openers import Openers
from analysis.sources.quantities import Quantity
from analysis.sources.scopes import (
    OBJECTS,
    Scope,
    Sectors,
    distinct_sectors,
    in_title,
    is_beside_safety,
    is_office,
    is_wider,
    subjects,
    without_venues,
)
from analysis.vocabulary import SECTOR_TOTAL

_WIDER = re.compile(
    r"(?<!占)全[县市区省国州镇乡域]|各级|总计|合计|我[县市区局]|从(?:地区|区域|各地|各县|辖区)"
)
_DEPARTMENTS = re.compile(
    r"等(?:\d{1,3}余?[个家])?(?:多个|相关|有关|各)?(?:安委会)?(?:职能|行业|成员|监管|主管){0,2}(?:部门|单位)(?!\d)"
    r"|多部门|各部门"
)
_REGION = re.compile(
    r"([\u4e00-\u9fff]{1,3}(?<![全我本各该辖])(?:区|县|镇|乡|街道))(?:共)?(?:发生|检查|排查|发现|查出)"
)
_REGIONAL = re.compile("(?:区|县|镇|乡|街道)共?(?:发生|检查|排查|发现|查出)")
"""What ends every such name, searched for more quickly."""
_KINDS = re.compile(r"等(?:[一二三四五六七八九十\d]{1,2}大?类|各类)")
_LISTED = re.compile(r"、.*等(?:共|共计)?$")
_JOINED = ("、", "和", "及", "与")
_SUMS_UP = re.compile(r";(?:共计?|累计|合计)")
"""；共排查… turns from one field back to all."""
_CAUSED = re.compile("(?:引发|导致|造成|引起)的(?=[^，,;。]{0,10}事故)")
_SEIZED = frozenset({"fireworks_seized", "firecrackers_seized"})
"""Goods name their own field, and no other figure's."""
_ACROSS = frozenset({"fire", "special_equipment", "gas"})
_BUILDERS = frozenset({"water_conservancy", "railway", "power", "agriculture"})
_OTHER, _MINES, _DISASTER = ("other",), ("mining",), ("natural_disaster",)
_PLACE = 4
"""How long 全县 is, behind a clause's start."""
_WILD = frozenset({"forestry", "natural_disaster"})
_INCLUDES = ("包含", "包括", "含", "不含", "不包括")
_LONGEST_BRACKET = 30


class Fields:
    """Finds the fields of one sentence's figures; ``figures`` are those read so far, ``bounds`` its place
    and where it begins after its number and lead.

    ``whole``: the fields of what a sentence that opens with 其中 tells the parts of.
    """

    def __init__(
        self,
        text: str,
        bounds: tuple[int, int, int],
        scope: Scope,
        override: Sectors,
        figures: Sequence[Figure],
        found: Words,
        whole: Sectors = (),
    ) -> None:
        self.text, self.scope, self.override, self.figures = text, scope, override, figures
        self.start, end, body = bounds
        self.openers = Openers(text, self.start, end, found)
        self.regional = bool(_REGIONAL.search(text, self.start, end))
        self.inclusive = any(text.find("(" + word, self.start, end) >= 0 for word in _INCLUDES)
        self.whole = whole
        self.led = body > self.start and text[body - 1] in "，,:"
        """The lead in force is the sentence's own."""
        self.by_hazard = False
        """The field was last told by the hazard's own word (火灾隐患), which reaches to no other hazard."""

    def of_number(
        self, place: Clause, previous: int, quantity: Quantity, last_beside: int
    ) -> tuple[Sectors, bool]:
        """The sectors of a number, and whether they are a list of its own clause."""
        if given := self._kind_of_mines(place) or self._of_lead(place):
            return given, False
        if self.scope.firm and quantity.dimension in OBJECTS and not place.beside & _toll():
            return self.scope.usual(), False
        if own := self._own(place, quantity.start):
            across = self._across(place, quantity.start)
            if across and not is_wider(across, own):
                return across, False
            own = () if own[0] == SECTOR_TOTAL else tuple(sector for sector in own if sector != SECTOR_TOTAL)
            whole = _WIDER.search(self.text, previous, quantity.start)
            narrow = self._counts_list(own, place, quantity) or (
                (self.scope.firm or not whole) and is_wider(own, self.scope.usual())
            )
            if of_own := self._wildfire(own, place) or self._built(own, place):
                own = of_own
            self.by_hazard = self._by_hazard(place, quantity.start)
            return (self.scope.usual() if narrow else own), len(own) > 1
        if is_rest(self.text, place.left, self.figures):
            return _OTHER, False
        earlier = self._of_earlier(place, previous, quantity.unit, last_beside)
        return earlier or (_MINES if quantity.unit == "矿次" else ()), False

    def _of_lead(self, place: Clause) -> Sectors:
        """The field of the lead in force, or what outweighs it."""
        if self.scope.lead in ((), (SECTOR_TOTAL,)):
            return ()
        return self.override or self._instead(place) or self.scope.lead

    def _instead(self, place: Clause) -> Sectors:
        """The field beside a number that outweighs the lead of an earlier sentence, or is one of its list."""
        near = self._subjects(place.near)
        own = distinct_sectors(token for token in near if not token.word.classes & _things())
        if len(self.scope.lead) > 1:
            every = distinct_sectors(near)
            return every if set(every) <= set(self.scope.lead) else ()
        return own if not self.led and len(own) == 1 and own != (SECTOR_TOTAL,) else ()

    def _usual(self, at: int) -> Sectors:
        """The field of what opens these clauses (县教育局…;县水利局…), else the scope's."""
        usual = self.scope.usual()
        opener = None if self.scope.firm else self.openers.before(at)
        if opener is None:
            return usual
        if not opener.sectors:
            return () if usual == self.scope.office else usual
        return usual if opener.sectors[0] in usual else opener.sectors

    def _kind_of_mines(self, place: Clause) -> Sectors:
        """The one kind that is counted in a text on all mines (矿山…煤矿60家)."""
        kinds = distinct_sectors(place.near) if self.scope.usual() == _MINES else ()
        return kinds if len(kinds) == 1 and is_wider(_MINES, kinds) else ()

    def _across(self, place: Clause, at: int) -> Sectors:
        """The field that is inspected in places of others, where such are counted (消防…学校12所)."""
        named = [token for token in place.near if token.word.sector and not is_office(self.text, token)]
        if not all(token.word.classes & mask("ENTITY") for token in named):
            return ()
        opener = None if self.scope.firm else self.openers.before(at)
        usual = self._usual(at)
        return usual if usual and ((opener and opener.focus) or _ACROSS.issuperset(usual)) else ()

    def _by_hazard(self, place: Clause, at: int) -> bool:
        """Whether only the hazard's name tells the field: 火灾隐患, or 燃气安全问题 in a bracket of kinds."""
        hazards = [token for token in place.near if token.word.classes & mask("HAZARD")]
        listed = self.text.rfind("(", self.start, at) > self.text.rfind(")", self.start, at)
        starts = {token.start for token in hazards if listed}
        named = [token for token in place.near if token.word.sector]
        return bool(hazards) and all(token in hazards or token.end in starts for token in named)

    def _wildfire(self, own: Sectors, place: Clause) -> Sectors:
        """The fields of 火灾 in a passage on fires of the forest."""
        if "fire" not in own:
            return ()
        told = self.figures[-1].sectors if self.figures else ()
        wild = next((field for field in (told, self.scope.usual()) if _WILD.intersection(field)), ())
        fires = [token for token in place.near if token.word.sector == "fire"]
        return wild if all("火灾" in self.text[token.start : token.end] for token in fires) else ()

    def _built(self, own: Sectors, place: Clause) -> Sectors:
        """The field of those whose projects are under construction (水利局…在建项目)."""
        usual = self.scope.usual()
        if own != ("construction",) or not _BUILDERS.issuperset(usual):
            return ()
        sites = [token for token in place.near if token.word.sector]
        return usual if all(token.word.classes & mask("PROJECT", "ENTITY") for token in sites) else ()

    def _counts_list(self, own: Sectors, place: Clause, quantity: Quantity) -> bool:
        """Whether the number says how many things of several fields stand listed before it (…、…等12类)."""
        if len(own) > 2 and _KINDS.search(self.text, place.left, place.right):
            return True
        if len(own) > 2 and place.beside & mask("GROUP") and "以及" in self.text[place.left : quantity.start]:
            return True
        if self.text.find("等", place.left, quantity.start) < 0:
            return self._lists_any(place)
        if not _LISTED.search(self.text[place.left : quantity.start]):
            return False
        first = next(token for token in place.near if token.word.sector)
        kinds = [token for token in place.near if token.word.sector and token.end <= quantity.start]
        others = (
            self.text.find("、", place.left, first.start) >= 0
            or self.text.count("、", place.left, quantity.start) >= len(kinds) > 0
        )
        return others or (len(own) > 1 and quantity.dimension not in OBJECTS)

    def _lists_any(self, place: Clause) -> bool:
        """Whether places of no field are listed beside those of one (检查企业、路段56处)."""
        places = [token for token in place.before if token.word.classes & mask("ENTITY", "ROADPART")]
        joined = (self.text[one.end : other.start] in _JOINED for one, other in pairwise(places))
        return len(places) > 1 and all(joined) and not all(token.word.sector for token in places)

    def _own(self, place: Clause, at: int) -> Sectors:
        """The sectors that the words beside a number name; the names of projects (…等3个项目) name none."""
        if not place.beside & _sectored():
            return ()
        beyond = self._beyond_departments(place.left, place.right)
        projects = any(token.word.classes & mask("PROJECT") for token in place.after)
        near = place.after if projects and self.text.endswith("等", place.left, at) else place.near
        beyond = max(beyond, self._beyond_examples(place, at))
        named = self._subjects(self._narrowed(near), beyond)
        if place.beside & _publicity():
            named = without_venues(self.text, named)
        return distinct_sectors(self._beyond_cause(named, place.left, at))

    def _beyond_cause(self, named: list[Token], left: int, at: int) -> list[Token]:
        """The words for a field without those of the cause (施工引发的燃气事故, 无证驾驶引发的农机事故)."""
        cause = _CAUSED.search(self.text, left, at) if named and self.text.find("的", left, at) > 0 else None
        if not cause:
            return named
        after = [token for token in named if token.start >= cause.end()]
        return after if after or self.scope.usual() not in ((), (SECTOR_TOTAL,)) else named

    def _beyond_examples(self, place: Clause, at: int) -> int:
        """Where the hazards begin that a list only gives examples of (消防设备不足、燃气泄漏等隐患9条)."""
        listed = self.text.rfind("等", place.left, at) + 1
        follow = (token for token in place.before if token.start == listed)
        return listed if any(token.word.classes & mask("HAZARD") for token in follow) else 0

    def _beyond_departments(self, left: int, right: int) -> int:
        """Where the clause begins after the offices that only take part."""
        if self.text.find("部门", left, right) < 0 and self.text.find("单位", left, right) < 0:
            return left
        departments = _DEPARTMENTS.search(self.text, left, right)
        if not departments or self.text.find("对", left, departments.start()) >= 0:
            return left
        return departments.end()

    def _of_earlier(self, place: Clause, previous: int, unit: str, last_beside: int) -> Sectors:
        """The sectors of the words between this clause and the number before, else of that number."""
        if self.scope.firm and not place.beside & _toll() and any(t.word.sector for t in place.near):
            return self._carried(previous, place.right)
        every = place.beside & mask("ALLACC")
        between = self._subjects(self._narrowed(place.between), self._beyond_all(previous, place.left))
        if place.beside & _publicity():
            between = without_venues(self.text, between)
        near = (SECTOR_TOTAL,) if every else distinct_sectors(between)
        if near == (SECTOR_TOTAL,):
            return ()
        if near:
            return near if len(near) == 1 else self._usual(place.left)
        inside = of_bracket(self.text, (self.start, place.left), self.figures, unit)
        if place.near and not inside and is_one_more(self.figures, unit):
            return next(
                (f.sectors for f in reversed(recent(self.figures)) if not f.named), self.scope.usual()
            )
        another = self._opens_another(place, previous)
        whole = inside or (self._usual(place.left) if another else self._beyond_parts(place))
        if whole is not None:
            return whole
        hazards = place.beside & last_beside & mask("HAZARD")
        listed = bool(hazards) and (self.by_hazard or self.text[previous : previous + 1] == "、")
        return self._carried(previous, place.right, listed=listed)

    def _beyond_all(self, previous: int, left: int) -> int:
        """Where the text turns to all behind a semicolon (整治油库;全县检查90家), 0 where it does not."""
        turned = self.text.rfind(";", previous, left) + 1
        return turned if turned and _WIDER.search(self.text, turned, left + _PLACE) else 0

    def _beyond_parts(self, place: Clause) -> Sectors | None:
        """The sectors of the whole whose parts by field end here (检查120家,其中学校28家,发现隐患9条)."""
        told = recent(self.figures)
        parts = [*takewhile(lambda figure: figure.part, reversed(told))]
        if (
            not parts
            or not all(figure.named for figure in parts)
            or len(parts) == len(told)
            or not place.beside & _outcome()
        ):
            return None
        several = len({figure.sectors for figure in parts if figure.named}) > 1
        return told[-len(parts) - 1].sectors if several or parts[0].indicator in INSPECTED else None

    def _opens_another(self, place: Clause, previous: int) -> bool:
        """Whether places of no field are inspected after those of one (检查油库3家，…，检查企业9家)."""
        again = _inspected_places()
        if place.beside & again != again or classes(place.before) & again != again:
            return False
        if self.text.startswith("、", previous):
            return False
        return any(f.named and f.indicator in INSPECTED for f in recent(self.figures))

    def _narrowed(self, near: Sequence[Token]) -> Sequence[Token]:
        """Things and places beside a number (气瓶) do not turn a document from its own field."""
        if not self.scope.firm:
            return near
        own = zip_longest(near, near[1:])
        return [w for w, after in own if not (w.word.classes | _joined(self.text, w, after)) & _things()]

    def _subjects(self, found: Sequence[Token], beyond: int = 0) -> list[Token]:
        named = subjects(self.text, found)
        return [
            token
            for token in named
            if token.start >= beyond
            and not in_title(self.text, token)
            and not (self.inclusive and self._is_included(token))
        ]

    def _is_included(self, token: Token) -> bool:
        """Whether a word stands in a bracket that tells what a field takes in: 工贸(含建筑、消防)事故3起."""
        opened = self.text.rfind("(", max(0, token.start - _LONGEST_BRACKET), token.start)
        inclusive = opened >= 0 and self.text.startswith(_INCLUDES, opened + 1)
        return inclusive and self.text.find(")", opened, token.start) < 0

    def region(self, previous: int, start: int, end: int) -> str:
        """The part of the county that the clause names (东河镇发生…), or the number before it."""
        if self.regional and (named := _REGION.search(self.text, start, end)):
            return named[1]
        last = self.figures[-1].region if self.figures else ""
        goes_on = last and ";" not in self.text[previous:end] and not _WIDER.search(self.text, previous, end)
        return last if goes_on else ""

    def _carried(self, previous: int, end: int, *, listed: bool = False) -> Sectors:
        """The sectors of the figure before, unless the text has turned to the whole county since."""
        before = [f for f in outside(self.text, self.figures, end) if f.indicator not in _SEIZED]
        last = before[-1] if before else None
        turned = self.text.find(";", previous, end) >= 0
        if last and (is_mixed(before) or (turned and len({figure.sectors for figure in before}) > 1)):
            return self._usual(end)
        if turned and (_SUMS_UP.search(self.text, previous, end) or self.openers.before(end)):
            return self._usual(end)
        if listed:
            last = next((figure for figure in reversed(before) if not figure.named), None)
        if (
            last
            and (last.part or not last.spread or last.indicator in INSPECTED or last.indicator in FOUND)
            and not _WIDER.search(self.text, previous, end)
        ):
            return last.sectors
        return (not before and self.whole) or self.scope.usual()

    def of_absence(self, inside: Sequence[Token], previous: int, absence: Absence) -> tuple[Sectors, bool]:
        """Sectors of what is said not to have happened, and whether they are several."""
        sectors = tuple(sector for sector in distinct_sectors(inside) if sector != SECTOR_TOTAL)
        if self.scope.lead:
            return self.override or self.scope.lead, False
        if is_beside_safety(self.text, absence.start, absence.end, sectors):
            sectors = ()
        if sectors:
            return sectors, len(sectors) > 1
        turned = ";" in self.text[previous : absence.start] and not absence.classes & mask("DEATH", "INJURY")
        at_work = self.text.find("安全事故", absence.start, absence.named + _PLACE) >= 0
        told = self.scope.usual() if turned else self._carried(previous, absence.start)
        return (self.scope.usual() if at_work and told == _DISASTER else told), False


def _joined(text: str, word: Token, after: Token | None) -> int:
    """The classes of the word that a word is written together with (餐饮 of 餐饮用气场所, 餐饮等场所)."""
    return after.word.classes if after and text[word.end : after.start] in ("", "等") else 0


@cache
def _inspected_places() -> int:
    return mask("INSPECT", "ENTITY")


@cache
def _things() -> int:
    return mask("ENTITY", "EQUIPMENT", "VEHICLE")


@cache
def _sectored() -> int:
    return mask("SECTORED")


@cache
def _toll() -> int:
    return mask("DEATH", "INJURY", "SERIOUS", "CASUALTY", "ACCIDENT")


@cache
def _publicity() -> int:
    """What is shown or handed out, wherever that is."""
    return mask("DESK", "BOARD", "BANNER", "MATERIAL", "CONSULT", "MEDIA", "HANDOUT")


@cache
def _outcome() -> int:
    """What an inspection finds and ends in."""
    return mask("HAZARD", "RECTIFY", "RATERECT", "NOTICE", "PENALTY", "FINE", "CASE", "SEAL", "SUSPEND")
