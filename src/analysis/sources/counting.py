"""Which indicator a level of a sentence counts: told by the words beside it, else by the number before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from analysis.sources import inspected
from analysis.sources.clauses import Clause, classes
from analysis.sources.counted import of_counted
from analysis.sources.figures import FOUND, RECTIFIED, Figure, fitting, graver, inspects, recent
from analysis.sources.gravity import Gravity
from analysis.sources.lexicon import Token, mask
from analysis.sources.quantities import Quantity
from analysis.sources.readings import OTHER, carried, read
from analysis.sources.refusals import SURE

Reading = tuple[tuple[str, ...], int]
"""The indicators of a number, and the score of the rule that told them; 0 where none did."""
_FRONT = re.compile(r"(?:对|同|与|向|给|深入|分赴)[^，,;:。]{0,12}$")
_ONE_MORE = re.compile(r"(?:(?!开展|进行|实施|下达|予以|签订)[\u4e00-\u9fff]){2,12}[，,]")
"""对12家加工企业，8家商铺进行检查: a comma may stand for 、 in a list."""
_BROKEN = re.compile(r"[，,;:。]")
_SHUT = ("closures", "suspensions_ordered")
_PLACE_UNITS = ("家", "个", "户", "处", "所", "座")
_FRONTED_UNITS = (*_PLACE_UNITS, "名", "艘", "辆")
_DONE_TO_ALL = inspected.LOOKED_AT | frozenset(
    {
        "penalties_issued",
        "responsibility_letters",
        "notices_issued",
        "interviews",
        "suspensions_ordered",
        "bad_records",
        "cases_filed",
    }
)
_LONGEST_BRACKET = 40
_THEN = re.compile(r"同期(?:仅|均|都)?(?:为|是)$")
"""伤3人，去年同期为0: the same, a year before."""
_PER = re.compile(r"每(?:百|千|万|\d)[^，,;。]{0,14}$|平均(?:每|\d)|日均|月均|人均|户均")
"""每千家次检查…49.7项 and 平均每天5人 are rates."""
_PLACES = re.compile(r"[省市县区州乡](?=[，,;。:、(的和]|开展|进行|$)")
"""有4个市：… counts places without saying which kind of word they are."""
_AMONG = re.compile("(?:隐患|问题)中[，,:]")
"""查出的9处隐患中，…: what follows are such hazards."""
_OFFENCES = frozenset({"violations_handled", "traffic_violations"})
_KINDS = {
    "violations_handled": ("VEHICLE", "SHIP"),
    "traffic_violations": ("VEHICLE", "SHIP"),
    "people_trained": ("OFFICER", "DRIVER"),
}
"""What the parts of a count may be named by (培训562人，其中安全管理人员186人)."""
_SPLIT_UP = FOUND | RECTIFIED | _OFFENCES | {"enterprises_inspected", "people_trained"}
_WEAK = (("violations_handled",), ("inspector_person_times",))
"""Readings by a name alone, which may be that of a part: 整改隐患90处，其中违规用电40处."""
_NEXT = re.compile(r"[\u4e00-\u9fff()]{0,8}[、和及与]")
_UNLIKE_MEETINGS = ((OTHER,), ("inspections",), ("operations_conducted",))
_FIRMS = ("家", "户")
_AMISS = re.compile(
    r"(?!房)[\u4e00-\u9fff“”]{0,10}存在(?!的)[\u4e00-\u9fff、]{0,10}(?:问题|隐患|违)|[\u4e00-\u9fff]{2,8}存在的\d"
)
_AMISS_ONES = re.compile(r"(?:存在|不符合)[^，,;。]+的(?:企业|单位|场所|商户|门店)有$")
"""18家存在问题, 13户单位存在的37条 and 存在…的企业有3家: so many firms have something amiss."""
_CHECK_THEMSELVES = re.compile(r"[\u4e00-\u9fff]{2,12}?自[查检]")
"""36家企业共自查隐患90处: so many firms checked themselves."""
_WITH_DEAD = re.compile(r"[，,、]?(?:共|造成)?(?:死亡|亡)\d")
"""道路运输8起，死亡6人: what is counted in 起 with its dead behind it is accidents."""
_LIST = re.compile(r"[、和及与][^，,;:。]{0,8}$")


class Counting:
    """Reads one sentence's levels in turn; ``figures`` are those read so far.

    ``carry``: the classes that words earlier in the text lend to its numbers.
    """

    def __init__(self, text: str, figures: Sequence[Figure], gravity: Gravity, carry: int) -> None:
        self.text, self.figures, self.gravity, self.carry = text, figures, gravity, carry
        self.beside = 0
        """The classes beside the last number."""
        self.taken = 0
        """Where the phrase after the last number ends; its words are that number's own."""
        self.last: list[Figure] = []
        """The figures of the last number."""
        self._lent = False
        """The verb before the last number held for its grade of hazards."""
        self._of_list = False
        """The number before is one of the parts of a whole."""
        self._orphan: Figure | None = None
        self._fronted: list[Figure] = []
        """Counted things behind 对 or 同 whose verb is still to come."""

    def reading(self, quantity: Quantity, place: Clause, previous: int) -> Reading:
        """The indicators of a level; a bare name in a list counts what the member before it counts."""
        if self._counts_something_else(quantity, place):
            return (OTHER,), 1
        dimension = self._dimension(quantity)
        beside = of_counted(
            place, quantity.end, dimension, which=self.text.startswith("的", quantity.start - 1)
        )
        names, score = read(dimension, beside, self.carry | place.gap, place.head)
        if _PLACES.match(self.text, quantity.end) and place.beside & mask("INSPECT", "SUPERVISE", "LED"):
            names, score = ("regions_supervised",), SURE + 20
        if names in _UNLIKE_MEETINGS and self._is_of_meetings(quantity, place):
            names, score = ("meetings_held",), SURE + 20
        if quantity.unit in _FIRMS and self._lacks(quantity, place):
            names, score = ("violating_units_found",), SURE + 20
        if not score and (behind := self._told_behind(quantity)):
            names, score = behind, SURE + 20
        if looked_at := inspected.looked_at(
            self.text, quantity, place, self.carry, listed=self._follows_inspected(quantity, previous)
        ):
            names, score = (looked_at,), SURE + 20
        if self._other_grade(quantity, place):
            return ("hazards_rectified",), SURE + 20
        again = self.last and self._is_year_before(quantity)
        if again or (self.last and score <= SURE + 2 and self._continues_list(quantity, place, previous)):
            return self._told(), SURE + 20
        weak = not score or (names in _WEAK and not place.beside & _own_verbs())
        if weak and self.last and (alike := self._like_last(quantity, place, previous)):
            return alike, SURE + 20
        if quantity.unit == "处" and names == ("violations_handled",) and place.beside & mask("RECTIFY"):
            names = ("hazards_rectified",)
        if self.last and not looked_at and (shared := self._shared(dimension, place, previous)):
            return shared
        if not score and quantity.dimension in ("entity", "visits") and inspects(self.figures, place.beside):
            names = ("enterprises_inspected",)
        return names, score

    def take(self, place: Clause, end: int, previous: int, names: Sequence[str], *, known: bool) -> None:
        """Go on from a number that ends at ``end``; its figures are the last ones, one for each of ``names``.

        ``known``: its own words told what it counts.
        """
        self.last = list(self.figures[-len(names) :])
        self.taken = place.right if place.right > end else 0
        kept = self.carry | place.gap
        if place.beside & carried() & ~mask("EQUIPMENT"):
            kept &= _subjects()
        self.carry, self.beside = kept | place.beside, place.beside
        self._share_reading(previous, known=known)

    def _share_reading(self, previous: int, *, known: bool) -> None:
        """A count without a word of its own counts what the next one of its list does (5次、…6次会议)."""
        now, orphan = self.figures[-1], self._orphan
        if orphan and known and orphan.unit == now.unit and _LIST.match(self.text, previous, now.start):
            orphan.indicator, orphan.sectors = now.indicator, now.sectors
        self._orphan = None if known else now
        if self._fronted or now.indicator in (OTHER, "enterprises_inspected", "vehicles_inspected"):
            self._share_with_fronted(now, previous)

    def _like_last(self, quantity: Quantity, place: Clause, previous: int) -> tuple[str, ...]:
        """What a number without a word of its own counts after the number before it, if that tells."""
        last = self.last[0]
        if last.unit == quantity.unit and self._splits(last, quantity):
            return self._told()
        between = self.text[previous : quantity.start]
        parts = last.part or self._of_list or "其中" in between or _AMONG.search(between)
        self._of_list = bool(parts) and last.unit == quantity.unit
        kinds = mask("SPLIT", *_KINDS.get(last.indicator, ()))
        hazards = last.indicator in FOUND | RECTIFIED
        bare = not place.beside & (carried() if hazards else ~(_things() | kinds))
        alike = last.unit.removesuffix("次") == quantity.unit.removesuffix("次")
        if parts and last.indicator in _SPLIT_UP and alike and bare:
            return (last.indicator,)
        return () if place.near else self._toll(quantity)

    def _is_year_before(self, quantity: Quantity) -> bool:
        """Whether a number tells the last one's count a year before; it has the same unit."""
        if not _THEN.search(self.text[max(0, quantity.start - 6) : quantity.start]):
            return False
        quantity.unit = quantity.unit or self.last[0].unit
        return True

    def _told_behind(self, quantity: Quantity) -> tuple[str, ...]:
        """What a number without a word of its own counts by what is told of it next."""
        if quantity.unit in _FIRMS and _CHECK_THEMSELVES.match(self.text, quantity.end):
            return ("enterprises_self_checked",)
        dead = quantity.unit in ("起", "宗") and _WITH_DEAD.match(self.text, quantity.end)
        return ("accidents",) if dead else ()

    def _splits(self, last: Figure, quantity: Quantity) -> bool:
        """Whether a bracket tells the parts of the number before it: 房屋84栋(城镇40栋、农村44栋)."""
        opened = self.text.rfind("(", max(0, last.end - _LONGEST_BRACKET), quantity.start)
        return opened >= 0 and self.text.find(")", opened, quantity.start) < 0

    def _toll(self, quantity: Quantity) -> tuple[str, ...]:
        """The dead of the accidents just counted, where only their number stands (3起、4人), and back."""
        last = self.last[-1] if self.last else None
        if last and quantity.unit == "起" and last.unit in ("人", "名"):
            accidents = fitting(last.indicator, "起")
            return (accidents,) if accidents != last.indicator else ()
        if not last or last.unit != "起" or quantity.unit not in ("人", "名"):
            return ()
        people = fitting(last.indicator, quantity.unit)
        return (people,) if people != last.indicator else ()

    def _share_with_fronted(self, now: Figure, previous: int) -> None:
        """Count all of 对5家企业、3个项目…进行检查 by the verb that only the last of them stands beside."""
        between = self.text[previous : now.start]
        if self._fronted and (not _BROKEN.search(between) or _ONE_MORE.fullmatch(between)):
            if self.last[0].indicator in _DONE_TO_ALL:
                for figure in self._fronted:
                    if figure.unit not in _PLACE_UNITS and now.indicator in inspected.LOOKED_AT:
                        continue
                    figure.indicator = inspected.by_its_verb(self.text, figure.end, now.indicator)
                self._fronted = []
        else:
            self._fronted = []
        bare = _things() | mask("VIOLATION", "HAZARD", "VEHICLE", "SHIP")
        untold = now.indicator == OTHER or not self.beside & ~bare
        alike = untold and now.unit in _FRONTED_UNITS and not self.beside & _nothing()
        if alike and (self._fronted or _FRONT.search(between)):
            self._fronted.append(now)

    def _told(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(figure.indicator for figure in self.last))

    def _counts_something_else(self, quantity: Quantity, place: Clause) -> bool:
        """Whether the word beside the number is one that no indicator counts (2.3万个重大危险源)."""
        counted = self._has(quantity) or not place.beside & mask("INSPECT")
        places = counted and _PLACES.match(self.text, quantity.end)
        before_it = self.text[place.left : quantity.start]
        if places or (("每" in before_it or "均" in before_it) and _PER.search(before_it)):
            return True
        before = place.before
        if before and place.head & _abstract() and self._tells_kinds(before):
            return True
        chain = place.counted(quantity.end)
        named = before and before[-1].end == quantity.start and place.head == _nothing()
        if (named and not place.after) or inspected.acts_jointly(self.text, place, quantity.end):
            return True
        if not chain:
            return False
        thing = chain[-1].word.classes
        if chain[0].word.classes & _parts() and (thing & mask("ACCIDENT") or self._has(quantity)):
            return True
        listed = self.last and self.last[0].indicator == "regions_supervised"
        lent = self.beside if self.text[self.taken : quantity.start] == "、" else 0
        parts = thing & _parts() and not listed and not (place.beside | lent) & _done_to_units()
        acts = quantity.dimension in ("times", "sessions", "rounds")
        return bool(thing & (_nothing() | (0 if acts else _abstract())) or parts)

    def _has(self, quantity: Quantity) -> bool:
        """Whether so many do something themselves (已有5个县完成…)."""
        return self.text.startswith("有", quantity.start - 1)

    def _follows_inspected(self, quantity: Quantity, previous: int) -> bool:
        looked_at = self.last and self.last[0].indicator in inspected.LOOKED_AT
        return bool(looked_at and _NEXT.fullmatch(self.text, previous, quantity.start))

    def _is_of_meetings(self, quantity: Quantity, place: Clause) -> bool:
        """Whether a meeting stands right before the number, whatever it was about (暗查整改协调会3次)."""
        near = quantity.unit in ("次", "场", "场次") and place.before and place.head & mask("MEETING")
        return bool(near) and place.before[-1].end == quantity.start

    def _lacks(self, quantity: Quantity, place: Clause) -> bool:
        """Whether firms are counted that have something amiss (6家存在问题, 存在…的企业有6家)."""
        fronted = self.text.endswith(("对", "对其中"), place.left, quantity.start)
        if fronted or place.beside & _done_to_the_lacking():
            return False
        behind = _AMISS.match(self.text, quantity.end)
        return bool(behind or _AMISS_ONES.search(self.text, place.left, quantity.start))

    def _tells_kinds(self, before: Sequence[Token]) -> bool:
        """Whether fields are counted by their hazards (未发现隐患的领域有4个)."""
        return any(t.word.classes & mask("HAZARD") and self.text.startswith("的", t.end) for t in before)

    def _continues_list(self, quantity: Quantity, place: Clause, previous: int) -> bool:
        if not self._alike_units(quantity):
            return False
        regions = mask("REGION") if self.last[0].indicator == "regions_supervised" else 0
        leaders = mask("LEADER", "TOP") if self.last[0].indicator.startswith("leadership") else 0
        members = regions or leaders or mask("SECTORED", "ENTITY", "REGION")
        alike = mask("ENTITY", "ABSTRACT", "ACCIDENT", "SPLIT", "PROJECT") | regions | leaders
        return (
            bool(place.beside & members)
            and not classes(token for token in place.near if not token.word.sector) & ~alike
            and ";" not in self.text[previous : quantity.start]
        )

    def _alike_units(self, quantity: Quantity) -> bool:
        """Whether a number counts in the unit of the last, or both count what was shut down (4处、12座)."""
        last = self.last[0]
        both = last.indicator in _SHUT and last.unit in _PLACE_UNITS and quantity.unit in _PLACE_UNITS
        return last.unit == quantity.unit or both

    def _shared(self, dimension: str, place: Clause, previous: int) -> Reading | None:
        """The reading by a verb that stands before the first number of a list (约谈镇政府3个、企业20家)."""
        pair = mask("HAZARD", "GENERAL") if len(self.last) > 1 else 0
        if place.beside & ~(_things() | pair | self.beside):
            return None
        if not self.text.startswith("、", max(previous, self.taken)):
            return None
        lent = self.beside & ~(mask("REGION") if place.beside & mask("DEPARTN") else 0)
        names, score = read(dimension, place.beside | lent, self.carry)
        if graver(names[0], self.gravity.now) != self._told()[0] and set(names) != set(self._told()):
            return None
        place.beside |= self.beside
        return names, score

    def _other_grade(self, quantity: Quantity, place: Clause) -> bool:
        """Whether a verb before one grade of hazards holds for the other: 整改重大隐患18处，一般隐患21处."""
        now = place.beside & _grades()
        if not now:
            self._lent = False
            return False
        before = self.beside & _grades()
        after = self.last and self.last[0].indicator in RECTIFIED and self.last[0].unit == quantity.unit
        other = self._lent or (now != before if before else self._parts_of_rectified(place))
        verb = mask("RECTIFY", "FIND", "PENDING", "LISTED", "SELF", "DEPT")
        self._lent = bool(after and other and not place.beside & verb)
        return self._lent

    def _parts_of_rectified(self, place: Clause) -> bool:
        """Whether only what was rectified is split by grade: 清除隐患69处，其中重大隐患15处."""
        if not self.last or "其中" not in self.text[self.last[-1].end : place.left + 2]:
            return False
        return not any(figure.indicator == "hazards_found" for figure in recent(self.figures))

    def _dimension(self, quantity: Quantity) -> str:
        """处 beside 批 counts places, not hazards."""
        batch = self.last and self.last[0].unit == "批" and self.last[0].end == quantity.start
        return "site" if batch and quantity.unit == "处" else quantity.dimension


@cache
def _abstract() -> int:
    return mask("ABSTRACT")


@cache
def _nothing() -> int:
    return mask("NONE")


@cache
def _own_verbs() -> int:
    """What is done to offences and with people themselves."""
    return mask("HANDLE", "DISPATCH", "RECTIFY", "FIND", "SEIZE", "CLOSE", "DETAINV")


@cache
def _parts() -> int:
    return mask("REGION", "DEPARTN")


@cache
def _grades() -> int:
    return mask("MAJOR", "GENERAL")


@cache
def _done_to_units() -> int:
    return mask("INSPECT", "INTERVIEW", "EXPOSE", "CRITICISE", "COMMEND", "ACCOUNT")


@cache
def _done_to_the_lacking() -> int:
    return mask("LISTED", "NOTICE", "INTERVIEW", "PENALTY", "SUSPEND", "SEAL", "CLOSE", "RECTIFY")


@cache
def _things() -> int:
    """What is counted, without anything that is done to it."""
    return mask(
        "ENTITY", "PROJECT", "REGION", "DEPARTN", "OWNER", "SELF", "LEADER", "TOP", "ABSTRACT", "SECTORED",
        "NONE", "TESTED",
    )  # fmt: skip


@cache
def _subjects() -> int:
    """Classes that stay in force over a clause with a verb of its own."""
    return mask("HAZARD", "MAJOR", "ACCIDENT", "LEADER", "LISTED", "VEHICLE", "TOP")
