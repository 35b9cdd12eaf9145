"""The changes of a sentence: gathered while it is read, then given to the figures whose change they tell.

同比分别下降a%和b% goes to the two figures just before, or to those that the clause itself names; 持平 to the
last one. A change in 起 belongs to accidents, one in 人 to their dead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from analysis.sources import changes
from analysis.sources.clauses import clause_start
from analysis.sources.figures import Figure, fitting, graver, kin, outside, severity, unit_of
from analysis.sources.lexicon import Token, Words, mask, tokens
from analysis.sources.quantities import Quantity
from analysis.sources.readings import OTHER, read
from analysis.sources.scopes import Sectors, distinct_sectors

Owner = tuple[str, Sectors, str]
"""Indicator, sectors and unit of the figure that a change belongs to."""
_SHARING = ("分别", "均", "双", "各")
_AIMED = re.compile(r"确保|力争|目标|计划|争取|要求|控制|不低于")
_COUNTED = ("人", "名")
_TOLL = {"起": "accidents", "宗": "accidents"}
_CAUSED = re.compile(r"导致|造成|引发|引起")
"""What stands before it is the cause, not what has changed (酒驾导致的死亡人数下降)."""
_BOTH = ("分别上升", "分别下降", "分别增长", "分别减少", "分别增加")
_JOINING = ("和", "与", "及", "、")
_JOINS = re.compile(r"[、和及]|与(?![^，,;。]{0,12}相比)")
_THING = re.compile(
    r"[\u4e00-\u9fff]{2}(?:数量|产量|产值|面积|规模|人口)(?=[^\u4e00-\u9fff]*(?:同比|环比|较|比|下降|减少|上升|增))"
)
"""What no indicator counts, named as what has changed (矿山数量下降)."""
_GRAVE = frozenset({"larger_accidents", "major_accidents"})
"""A sentence that tells of these alone means their dead."""
_PAIR = ("accidents", "deaths")
_NAMES = re.compile(r"(?![和及与])[\u4e00-\u9fff]{2}")
_LONGEST_LINK = 10
_LOOK_BACK = 60
_EARLIER = 6


class Changes:
    """The changes of one sentence that wait for their figures."""

    def __init__(self, text: str, start: int, found: Words, usual: Sectors, *, goes_on: bool) -> None:
        self.text, self.start, self.found, self.usual = text, start, found, usual
        self.pending: list[Figure] = []
        self.running: changes.Direction | None = None
        self.goes_on = goes_on
        self._named: list[tuple[str, Sectors]] = []
        self._shared = self._both = False
        self._listed_names: list[tuple[str, Sectors]] = []
        self._last_size = 0
        self._last: tuple[int, str] = (-1, "")
        self._guessed: Figure | None = None
        self._field: Sectors = ()
        """The fields that the last change named, which hold for the next one of the same accidents."""

    def way(self, quantity: Quantity, before: str, *, after_figure: bool) -> changes.Direction | None:
        """The direction of a number that is a change; nothing for a level."""
        if self.running and self.pending and changes.linked(before) and not self._counts_anew(quantity):
            return changes.Direction(self.running.sign, explicit=False)
        way = changes.direction(before)
        if not (way or quantity.signed):
            return None
        reach = self.text[max(self.start, quantity.start - _LOOK_BACK) : quantity.start]
        if way and (self.running or changes.compared(reach) or (self.goes_on and _counts(before))):
            return way
        told = after_figure or not _AIMED.search(reach)
        if way and told and quantity.dimension in ("share", "points") and quantity.unit:
            return way
        return changes.Direction(0) if quantity.signed and changes.compared(before) else None

    def _counts_anew(self, quantity: Quantity) -> bool:
        """Whether a number behind a comma counts things of its own: 同比增长4%，2起较大事故造成…."""
        own = quantity.unit and quantity.dimension not in ("share", "points", "money")
        apart = bool(own) and self.text[quantity.start - 1] in "，,"
        return apart and bool(_NAMES.match(self.text, quantity.end))

    def joins(self, figure: Figure, before: str, way: changes.Direction) -> bool:
        """Whether a change is told together with the ones that wait; percentages go apart from counts."""
        if not self.pending:
            return False
        alike = not figure.value or all(f.measure == figure.measure for f in self.pending if f.value)
        return alike and (not way.explicit or before == "、" or self._listed(before))

    def _listed(self, before: str) -> bool:
        if not self._shared or "分别" in before or len(before) > _LONGEST_LINK or ";" in before:
            return False
        return not tokens(before, 0, len(before)).classes & _measured()

    def add(
        self, figure: Figure, before: str, previous: int, way: changes.Direction, *, joined: bool, told: bool
    ) -> None:
        """Let a change wait.

        ``joined``: it is told together with those that wait already. ``told``: the sentence has figures.
        """
        if not joined:
            self._named = self._names(previous, figure.start, told=told)
            self._both = (
                "均" in before
                or before.endswith(_BOTH)
                or (len(self._named) > 1 and self._are_joined(previous, figure.start))
            )
            goes_on = self._last_size > 1 and ";" not in self.text[self._last[0] : figure.start]
            self._shared = goes_on or any(word in before for word in _SHARING)
        self.pending.append(figure)
        self.running = way

    def _names(self, previous: int, start: int, *, told: bool) -> list[tuple[str, Sectors]]:
        """The figures that the clause of the change itself names."""
        head = max(previous, self.text.rfind(";", previous, start) + 1)
        compared = self.text.find("同比", head, start)
        reach = compared if compared >= 0 else start
        first = clause_start(self.text, head, reach) if reach > head else head
        inside = self.found.between(head, start)
        sectors = distinct_sectors(inside)
        self._listed_names = self._by_place(first, reach, sectors)
        named = self._told(inside, first, sectors)
        if not named and ("分别" in self.text[first:start] or not (told or self.goes_on)):
            named = self._told(inside, clause_start(self.text, head, first - 1), sectors)
        if not named and self.text.endswith("人数", first, start):
            return [("deaths", sectors)]
        if not named and _THING.search(self.text, clause_start(self.text, self.start, start), start):
            return [(OTHER, sectors)]
        generic = named.keys() <= {"accidents"} and "起数" not in self.text[first:start]
        if generic and self._last[0] == previous and sectors:
            several = "分别" in self.text[first:start]
            return [("accidents" if several else self._last[1], sectors)]
        return list(named.items())

    def _are_joined(self, previous: int, start: int) -> bool:
        """Whether 和 joins the last two things named: one number tells of both (起数和死亡人数下降9%)."""
        named = [token for token in self.found.between(previous, start) if token.word.classes & _measured()]
        return self.text[named[-2].end : named[-1].start] in _JOINING if len(named) > 1 else False

    def _told(self, inside: Sequence[Token], first: int, sectors: Sectors) -> dict[str, Sectors]:
        """The figures named from ``first`` on, each with the fields of the clause."""
        named: dict[str, Sectors] = {}
        gravity = ""
        at = first
        for token in inside:
            if _CAUSED.search(self.text, at, token.start):
                named.clear()
            if token.start == at and token.word.classes & _victims():
                named.pop("accidents", None)
            at = max(at, token.end)
            if token.start >= first and (
                token.word.classes & _rates() or self.text.startswith("率", token.end)
            ):
                return {OTHER: sectors}
            gravity = severity(token.word.classes) or ("" if token.word.classes & mask("ALLACC") else gravity)
            near = token.start >= first or self._list_reaches(token.end, first)
            quota = token.word.classes & mask("QUOTA")
            against = quota and ("比" in self.text[first : token.start] or self.text[token.start - 1] == "项")
            if near and token.word.classes & _measured() and not against:
                indicator = graver(read("", token.word.classes, 0)[0][0], gravity)
                if indicator != OTHER:
                    named.setdefault(indicator, sectors)
        return named

    def _by_place(self, first: int, reach: int, sectors: Sectors) -> list[tuple[str, Sectors]]:
        """What each member of a list names; ``other`` for what no indicator counts (倒塌房屋数量)."""
        members, at = [], first
        for mark in _JOINS.finditer(self.text, first, reach):
            members.append((at, mark.start()))
            at = mark.end()
        names = [self._told(self.found.between(a, b), a, sectors) for a, b in [*members, (at, reach)]]
        return [next(reversed(name.items()), (OTHER, sectors)) for name in names]

    def _list_reaches(self, end: int, first: int) -> bool:
        """Whether only a comma lies between a named figure and 同比."""
        return first - end <= 2

    def distribute(self, figures: list[Figure], earlier: Sequence[Figure]) -> None:
        """Give the waiting changes their figures, and append them to ``figures``."""
        if not self.pending:
            return
        pending, self.pending, self.running = self.pending, [], None
        self._last_size = len(pending)
        owners = self._owners(pending, figures, earlier)
        self._mend_guess(owners, pending[0])
        for position, figure in enumerate(pending):
            if owners:
                _give(figure, owners[min(position, len(owners) - 1)])
            figures.append(figure)
        if len(pending) == 1 and not self._named:
            self._guessed = pending[0]
        self._last = (pending[-1].end, pending[-1].indicator if len(pending) == 1 else "accidents")
        if len(pending) == 1 and (self._both or not pending[0].value):
            figures.extend(_twin(pending[0], owner) for owner in owners[1:])

    def _mend_guess(self, owners: Sequence[Owner], figure: Figure) -> None:
        """A change before that of the named dead is that of the accidents: 死3人，同比降2%，死亡人数降5%."""
        if figure.unit in _COUNTED:
            self._guessed = None
        if self._guessed and self._named and owners and owners[0][0] == self._guessed.indicator:
            self._guessed.indicator = fitting(self._guessed.indicator, "起")
        self._guessed = None

    def _owners(
        self, pending: Sequence[Figure], figures: list[Figure], earlier: Sequence[Figure]
    ) -> list[Owner]:
        named = self._named
        fields = named[-1][1] if named else ()
        if len(fields) == len(pending) > len(named):
            return [(named[-1][0], (field,), "") for field in fields]
        if len(named) == 1 < len(pending):
            people = (fitting(named[0][0], "人"), named[0][1])
            named = [named[0], people] if people != named[0] else named * len(pending)
        if named and len(pending) == 1 and pending[0].value and not self._both:
            named = named[-1:]
        if 1 < len(named) < len(pending) == len(self._listed_names):
            named = self._listed_names
        if named and len(named) >= len(pending):
            return [self._owner(name, sectors, figures, earlier) for name, sectors in named]
        recent = _latest(outside(self.text, figures, pending[0].start) or earlier[-_EARLIER:])
        if len(pending) > 1 and recent and fitting(recent[-1].indicator, "人") != recent[-1].indicator:
            last = recent[-1]
            return [(fitting(last.indicator, figure.unit), self._reach(last), "") for figure in pending]
        if len(pending) > 1:
            chosen = _toll(recent)[: len(pending)] or recent[-len(pending) :]
        else:
            unit = pending[0].unit if pending[0].measure == "change" else ""
            same = [
                f for f in recent if unit and (f.unit == unit or fitting(f.indicator, unit) != f.indicator)
            ]
            both = self._both or (not pending[0].value and (self._shared or self._is_pair(recent)))
            all_three = [] if both or pending[0].value or _some_changed(recent) else _toll(recent)
            chosen = all_three or (same or recent)[-(2 if both else 1) :]
        return [(f.indicator, self._reach(f), f.unit if f.measure != "change_pct" else "") for f in chosen]

    def _is_pair(self, recent: Sequence[Figure]) -> bool:
        """Whether the last two figures are told as one: 发生1起、死亡4人，同比持平 speaks of both."""
        if len(recent) < len(_PAIR):
            return False
        kinds = tuple(figure.indicator.rpartition("_")[2] for figure in recent[-2:])
        alike = kinds == _PAIR and {figure.measure for figure in recent[-2:]} == {"level"}
        return self.text.startswith(("、", "，", ",") if alike else "、", recent[-2].end)

    def _owner(
        self, indicator: str, sectors: Sectors, figures: Sequence[Figure], earlier: Sequence[Figure]
    ) -> Owner:
        if sectors:
            self._field = sectors
            return indicator, sectors, ""
        indicator = kin(indicator, figures)
        accidents = {figure.indicator for figure in figures}
        if indicator == "deaths" and len(accidents) == 1 and accidents <= _GRAVE:
            indicator = fitting(accidents.pop(), "人")
        if not figures and any(f.indicator == indicator and f.sectors == self.usual for f in earlier):
            return indicator, self.usual, ""
        if figures and figures[-1].measure != "level" and figures[-1].sectors == self._field:
            return indicator, self._field, ""
        for figure in reversed([*earlier[-_EARLIER:], *figures]):
            if figure.indicator == indicator and (figures or not figure.part):
                return indicator, self._reach(figure), ""
        return indicator, self._reach(figures[-1]) if figures else self.usual, ""

    def _reach(self, figure: Figure) -> Sectors:
        return self.usual if figure.spread else figure.sectors


def _counts(before: str) -> bool:
    """Whether the words before a number name an amount that can change (死亡人数减少)."""
    return any(word in before for word in ("数", "额", "损失", "死亡", "受伤"))


def _toll(recent: list[Figure]) -> list[Figure]:
    """The accidents and their dead and injured, where the sentence has just counted all three."""
    last = recent[-3:]
    kinds = [figure.indicator.rpartition("_")[2] for figure in last]
    return last if kinds == ["accidents", "deaths", "injuries"] else []


def _some_changed(recent: Sequence[Figure]) -> bool:
    """Whether some of what was counted has its change already: 事故9起，同比降2%；死亡3人，同比持平."""
    return len({figure.measure == "level" for figure in recent}) > 1


def _latest(figures: Sequence[Figure]) -> list[Figure]:
    """The last figure of each indicator, in the order of the text."""
    latest: dict[str, Figure] = {}
    for figure in figures:
        latest.pop(figure.indicator, None)
        latest[figure.indicator] = figure
    return list(latest.values())


def _give(figure: Figure, owner: Owner) -> None:
    told = owner[0] if owner[0] != OTHER else _TOLL.get(figure.unit, OTHER) if figure.value else OTHER
    figure.indicator, figure.sectors = fitting(told, figure.unit), owner[1]
    if figure.measure == "change" and not figure.unit:
        figure.unit = owner[2] or (unit_of(owner[0]) if owner[0] != OTHER else "")


def _twin(figure: Figure, owner: Owner) -> Figure:
    twin = figure.copy()
    twin.unit = ""
    _give(twin, owner)
    return twin


@cache
def _rates() -> int:
    """亿元GDP事故死亡率 is a rate: neither accidents nor their dead are counted."""
    return mask("DEATHRATE")


@cache
def _victims() -> int:
    """事故死亡人数 names the dead alone."""
    return mask("DEATH", "INJURY", "SERIOUS", "CASUALTY")


@cache
def _measured() -> int:
    """Classes of the things whose change is told."""
    return mask(
        "ACCIDENT", "DEATH", "INJURY", "SERIOUS", "CASUALTY", "LOSS", "HAZARD", "FINE", "PENALTY", "CASE",
        "RATERECT", "ONTIME", "MEASURED",
        "NOTICE", "TRAFFIC", "VIOLATION", "INTERVIEW", "SUSPEND", "CLOSE", "QUOTA", "TIMES",
    )  # fmt: skip
