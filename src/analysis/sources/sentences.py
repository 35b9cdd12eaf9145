"""Reading one sentence: every quantity, every absence and every 持平 of it becomes a figure, or is handed back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from analysis.sources import changes, periods
from analysis.sources.absences import Absence, Completion, absences, completions
from analysis.sources.figures import FOUND, RECTIFIED, Figure, Hazards, graver, severity, unit_of
from analysis.sources.lexicon import Token, mask, tokens
from analysis.sources.quantities import Number, Quantity
from analysis.sources.readings import OTHER, carried, read
from analysis.sources.scopes import Scope, Sectors, distinct_sectors, first_campaign, overriding

_RIGHT_END = re.compile(r"[，,;。:!?()、\n]")
_SPLIT = re.compile(r"其中|分别为|包括")
_PLANNED = re.compile(
    r"(?:计划|拟|力争|预计|争取|确保|将(?!近|军)|要求|目标|不超过|控制在|不得|原则上|必须|应当|每(?:年|月|季度|周|半年|家|个|名|人|日|天|辆|批|村|户|处|组|班|两|三)(?:至少|不少于|开展|组织|完成)?)"
)
_LAW_AFTER = re.compile(r"以[上下]")
_QUOTED = '“‘"《'
_WEAK = 40
"""A reading of at least this score is one that a number in words needs."""

Event = Quantity | Absence | Completion | tuple[int, int]


@dataclass(slots=True)
class Memory:
    """What the sentences before leave in force."""

    hazards: Hazards = field(default_factory=Hazards)
    figures: list[Figure] = field(default_factory=list)
    """The figures of the paragraph, newest last."""
    span: periods.Span | None = None
    number: int = 0

    def new_paragraph(self) -> None:
        self.figures.clear()
        self.hazards = Hazards()


@dataclass(slots=True)
class _Place:
    """A number in its clause: the words beside it and those before that still govern it."""

    left: int
    right: int
    beside: int
    gap: int
    near: list[Token]
    between: list[Token]


class SentenceReader:
    """Reads the sentences of one document in order; each call leaves its traces in ``memory`` and ``scope``."""

    def __init__(self, text: str, scope: Scope, year: int | None) -> None:
        self.text, self.scope, self.year = text, scope, year
        self.memory = Memory()

    def read(
        self, start: int, end: int, body: int, found: Sequence[Token], numbers: Sequence[Quantity]
    ) -> tuple[list[Figure], list[Number]]:
        """The figures of ``text[start:end]`` and its quantities that are none.

        ``body``: where the sentence begins after its number and lead. ``found``: the sentence's words.
        """
        return _Sentence(self, start, end, body, found, numbers).read()


class _Sentence:
    def __init__(
        self,
        reader: SentenceReader,
        start: int,
        end: int,
        body: int,
        found: Sequence[Token],
        numbers: Sequence[Quantity],
    ) -> None:
        self.text, self.scope, self.memory, self.year = reader.text, reader.scope, reader.memory, reader.year
        self.start, self.end, self.body, self.found, self.numbers = start, end, body, found, numbers
        self.figures: list[Figure] = []
        self.unread: list[Number] = []
        self.override = overriding(self.text, body, found, self.scope.lead) if self.scope.lead else ()
        self.carry = 0
        self.last_beside = 0
        self.gravity = ""
        self.cursor = 0
        self.outer: Hazards | None = None
        self.pending: list[Figure] = []
        self.changing: changes.Direction | None = None

    def read(self) -> tuple[list[Figure], list[Number]]:
        self.memory.number += 1
        events = self._events()
        previous = self.start
        for index, event in enumerate(events):
            start, end = _bounds(event)
            following = _bounds(events[index + 1])[0] if index + 1 < len(events) else self.end
            self._event(event, previous, following)
            previous = max(previous, end)
        self._distribute()
        self.memory.figures.extend(self.figures)
        return self.figures, self.unread

    def _events(self) -> list[Event]:
        """Everything that can become a figure, in order; an absence takes in the numbers inside it."""
        none = absences(self.text, self.start, self.end, self.found)
        events: list[Event] = [
            *none,
            *completions(self.text, self.start, self.end),
            *changes.steady(self.text, self.start, self.end),
            *(n for n in self.numbers if not any(a.start <= n.start < a.end for a in none)),
        ]
        return sorted(events, key=lambda event: _bounds(event)[0])

    def _event(self, event: Event, previous: int, following: int) -> None:
        if isinstance(event, Completion):
            self._completion(event)
            return
        start = _bounds(event)[0]
        self._note_period(previous, start)
        before = self.text[previous:start]
        if isinstance(event, Absence):
            self._distribute()
            self._absence(event, previous)
        elif isinstance(event, Quantity):
            self._quantity(event, previous, following, before)
        else:
            self._steady(event, previous, before)

    # -- changes

    def _quantity(self, quantity: Quantity, previous: int, following: int, before: str) -> None:
        way = self._way(quantity, before)
        if way is None:
            self._distribute()
            self.changing = None
            self._level(quantity, previous, following)
            return
        value = abs(quantity.value) * way.sign if way.sign else quantity.value
        measure = "change_pct" if quantity.dimension == "share" else "change"
        self._change(quantity, previous, before, value, measure, way)

    def _way(self, quantity: Quantity, before: str) -> changes.Direction | None:
        if self.changing and self.pending and changes.linked(before):
            return changes.Direction(self.changing.sign, explicit=False)
        way = changes.direction(before)
        if way and (
            self.changing
            or changes.compared(self.text[max(self.start, quantity.start - 60) : quantity.start])
        ):
            return way
        if way and quantity.dimension in ("share", "points") and self.figures:
            return way
        if quantity.signed and changes.compared(before):
            return changes.Direction(0)
        return None

    def _steady(self, place: tuple[int, int], previous: int, before: str) -> None:
        self._change(place, previous, before, Decimal(0), "change", changes.Direction(0))

    def _change(
        self,
        event: Quantity | tuple[int, int],
        previous: int,
        before: str,
        value: Decimal,
        measure: str,
        way: changes.Direction,
    ) -> None:
        start, end = _bounds(event)
        joined = bool(self.pending) and (changes.linked(before) or (not way.explicit) or self._joins(before))
        if not joined:
            self._distribute()
        figure = self._figure(
            start, end, previous, OTHER, value, event.unit if isinstance(event, Quantity) else ""
        )
        figure.measure = measure  # type: ignore[assignment]
        figure.qualifier = event.qualifier if isinstance(event, Quantity) else "exact"
        figure.month_on_month = changes.monthly(before) or (joined and self.pending[-1].month_on_month)
        self.pending.append(figure)
        if not joined:
            self.named = self._named(previous, start)
            self.shared = "分别" in before or "均" in before or "双" in before
        self.changing = way

    def _joins(self, before: str) -> bool:
        return (
            self.shared
            and len(before) <= 10
            and not re.search(r"[;。]", before)
            and not self._names_anything(before)
        )

    def _names_anything(self, before: str) -> bool:
        return any(token.word.classes & _measured() for token in tokens(before, 0, len(before)))

    def _named(self, previous: int, start: int) -> list[tuple[str, Sectors]]:
        """The figures whose change is told, as named in the clause of the change itself."""
        head = max(previous, self.text.rfind(";", previous, start) + 1)
        clause = max(
            head,
            self.text.rfind(
                "，", head, self.text.rfind("同比", head, start) if "同比" in self.text[head:start] else start
            )
            + 1,
        )
        named: list[tuple[str, Sectors]] = []
        inside = [token for token in self.found if head <= token.start and token.end <= start]
        sectors = distinct_sectors(inside)
        gravity = ""
        for token in inside:
            if token.start < clause and not (token.word.classes & _measured()):
                continue
            gravity = severity(token.word.classes) or gravity
            if token.word.classes & _measured():
                indicator = graver(read("", token.word.classes, 0)[0][0], gravity)
                if indicator != OTHER and indicator not in [name for name, _ in named]:
                    named.append((indicator, sectors))
        return named

    def _distribute(self) -> None:
        """Give the pending changes their indicators: those named beside them, else the figures just before."""
        if not self.pending:
            return
        pending, self.pending = self.pending, []
        owners = self._owners(pending)
        for position, figure in enumerate(pending):
            self._own(figure, owners[position] if position < len(owners) else owners[-1] if owners else None)
            self.figures.append(figure)
        if len(pending) == 1 and not pending[0].value and len(owners) > 1:
            for owner in owners[1:]:
                self.figures.append(self._twin(pending[0], owner))

    def _twin(self, figure: Figure, owner: tuple[str, Sectors, str]) -> Figure:
        twin = Figure(
            figure.start,
            figure.end,
            figure.quote_start,
            figure.quote_end,
            OTHER,
            figure.value,
            "",
            figure.sectors,
        )
        twin.measure, twin.campaign, twin.span, twin.sentence = (
            figure.measure,
            figure.campaign,
            figure.span,
            figure.sentence,
        )
        twin.drive = figure.drive
        self._own(twin, owner)
        return twin

    def _own(self, figure: Figure, owner: tuple[str, Sectors, str] | None) -> None:
        if owner is None:
            return
        figure.indicator, figure.sectors = owner[0], owner[1]
        if figure.measure == "change" and not figure.unit:
            figure.unit = owner[2] or unit_of(owner[0])

    def _owners(self, pending: Sequence[Figure]) -> list[tuple[str, Sectors, str]]:
        if self.named and (len(self.named) >= len(pending) or len(pending) == 1):
            return [
                self._owner(name, sectors)
                for name, sectors in (
                    self.named if len(pending) > 1 or not pending[0].value else self._nearest(pending[0])
                )
            ]
        recent = self._recent()
        if len(pending) == 1:
            same = [
                f
                for f in recent
                if pending[0].unit and pending[0].measure == "change" and _alike(f.unit, pending[0].unit)
            ]
            wanted = 1 if pending[0].value or not self.shared else 2
            chosen = (same or recent)[-wanted:]
        else:
            chosen = recent[-len(pending) :]
        return [
            (f.indicator, self._unless_spread(f), f.unit if f.measure != "change_pct" else "") for f in chosen
        ]

    def _nearest(self, figure: Figure) -> list[tuple[str, Sectors]]:
        return [self.named[-1]]

    def _owner(self, indicator: str, sectors: Sectors) -> tuple[str, Sectors, str]:
        for figure in reversed([*self.memory.figures[-8:], *self.figures]):
            if figure.indicator == indicator and (not sectors or figure.sectors == sectors):
                return indicator, self._unless_spread(figure) if not sectors else sectors, ""
        last = self.figures[-1] if self.figures else None
        return indicator, sectors or (self._unless_spread(last) if last else self.scope.usual()), ""

    def _unless_spread(self, figure: Figure) -> Sectors:
        return self.scope.usual() if figure.spread else figure.sectors

    def _recent(self) -> list[Figure]:
        """The last figure of each indicator, oldest first."""
        latest: dict[str, Figure] = {}
        for figure in [*self.memory.figures[-6:], *self.figures] if not self.figures else self.figures:
            latest.pop(figure.indicator, None)
            latest[figure.indicator] = figure
        return list(latest.values())

    # -- levels

    def _level(self, quantity: Quantity, previous: int, following: int) -> None:
        place = self._place(quantity, previous, following)
        if reason := self._no_figure(quantity, place):
            self.unread.append(Number(quantity.start, quantity.end, reason))  # type: ignore[arg-type]
            return
        dimension = self._dimension(quantity, place)
        names, score = read(dimension, place.beside, self.carry | place.gap)
        if self._doubtful(quantity, place, names, score):
            self.unread.append(
                Number(quantity.start, quantity.end, "name" if quantity.in_words else "unclear")
            )
            return
        part = bool(_SPLIT.search(self.text, previous, quantity.start)) or (
            bool(self.figures) and self.figures[-1].part and place.left == previous
        )
        self._note_hazards(quantity, place, part)
        self.gravity = severity(place.beside) or (self.gravity if not place.beside & mask("ACCIDENT") else "")
        sectors, spread = self._sectors(place, previous)
        for name in names:
            figure = self._figure(
                quantity.start, quantity.end, previous, self._specific(name), quantity.value, quantity.unit
            )
            figure.qualifier, figure.sectors, figure.spread, figure.part = (
                quantity.qualifier,
                sectors,
                spread,
                part,
            )
            figure.quote_end = max(figure.quote_end, place.right)
            if campaign := first_campaign([*place.between, *place.near]):
                figure.campaign = campaign
            self.figures.append(figure)
        self._carry_on(place)

    def _specific(self, name: str) -> str:
        return self.memory.hazards.specific(graver(name, self.gravity))

    def _place(self, quantity: Quantity, previous: int, following: int) -> _Place:
        text, at = self.text, quantity.start
        bracket = text.rfind("(", previous, at)
        if bracket >= 0 and text.find(")", bracket, at) >= 0:
            bracket = -1
        left = max(previous, *(text.rfind(mark, previous, at) + 1 for mark in "，;:,"), bracket + 1)
        stop = _RIGHT_END.search(text, quantity.end, following)
        right = stop.start() if stop else following
        between = self._tokens(previous, left)
        near_left, near_right = self._tokens(left, at), self._tokens(quantity.end, right)
        if not stop and following < self.end and near_left and _classes(near_left) & carried():
            near_right, right = [], quantity.end
        beside = _classes(near_left) | _classes(near_right)
        if not beside and at - previous <= 3 and previous > self.start:
            beside = self.last_beside
        return _Place(left, right, beside, _classes(between), near_left + near_right, between)

    def _tokens(self, start: int, end: int) -> list[Token]:
        return (
            [token for token in self.found if start <= token.start and token.end <= end]
            if start < end
            else []
        )

    def _dimension(self, quantity: Quantity, place: _Place) -> str:
        if (
            quantity.unit == "处"
            and self.figures
            and self.figures[-1].unit == "批"
            and place.left == self.figures[-1].end
        ):
            return "site"
        return quantity.dimension

    def _no_figure(self, quantity: Quantity, place: _Place) -> str:
        before = self.text[max(place.left, quantity.start - 12) : quantity.start]
        if self.scope.plan or _PLANNED.search(before):
            return "plan"
        if before[-1:] and before[-1] in _QUOTED:
            return "name"
        if before.endswith(("处", "处以")) and _LAW_AFTER.match(self.text, quantity.end - 2):
            return "law"
        return ""

    def _doubtful(self, quantity: Quantity, place: _Place, names: tuple[str, ...], score: int) -> bool:
        if quantity.in_words:
            return score < _WEAK or (quantity.value == 1 and score < _WEAK + 10)
        if names != (OTHER,) or score:
            return False
        if quantity.dimension == "share":
            return False
        if not quantity.unit:
            return True
        return bool(
            place.beside & mask("ABSTRACT", "REGION", "DEPARTN", "PROBLEMCAT")
        ) and not place.beside & mask("ENTITY")

    def _note_hazards(self, quantity: Quantity, place: _Place, part: bool) -> None:
        bracketed = self.text.rfind("(", self.start, quantity.start) > self.text.rfind(
            ")", self.start, quantity.start
        )
        if bracketed and self.outer is None:
            now = self.memory.hazards
            self.outer = Hazards(now.major, now.source, now.answered)
        elif not bracketed and self.outer is not None:
            self.memory.hazards, self.outer = self.outer, None
        self.memory.hazards.saw(place.beside, place.gap, part=part)

    def _sectors(self, place: _Place, previous: int) -> tuple[Sectors, bool]:
        """The sectors of a number, and whether they are a list of its own clause."""
        if self.scope.lead:
            return self.override or self.scope.lead, False
        own = distinct_sectors(place.near)
        if own:
            own = tuple(sector for sector in own if sector != "all")
            return own, len(own) > 1
        near = distinct_sectors(place.between)
        if len(near) == 1:
            return (() if near == ("all",) else near), False
        carried_on = (
            self.figures[-1]
            if self.figures and not near and ";" not in self.text[previous : place.left]
            else None
        )
        if carried_on and not carried_on.spread:
            return carried_on.sectors, False
        return self.scope.usual(), False

    def _carry_on(self, place: _Place) -> None:
        kept = self.carry | place.gap
        if place.beside & carried():
            kept &= _subjects()
        self.carry = kept | place.beside
        self.last_beside = place.beside

    # -- words that are figures

    def _absence(self, absence: Absence, previous: int) -> None:
        inside = self._tokens(previous, absence.end)
        sectors = distinct_sectors(inside)
        sectors = tuple(s for s in sectors if s != "all")
        spread = len(sectors) > 1
        if self.scope.lead:
            sectors, spread = self.override or self.scope.lead, False
        elif not sectors:
            sectors = (
                self.figures[-1].sectors
                if self.figures
                and not self.figures[-1].spread
                and ";" not in self.text[previous : absence.start]
                else self.scope.usual()
            )
        name = graver(absence.indicator, severity(absence.classes))
        if name == "hazards_found" and absence.classes & mask("MAJOR"):
            name = "major_hazards_found"
        figure = self._figure(absence.start, absence.end, previous, name, Decimal(0), unit_of(name))
        figure.sectors, figure.spread = sectors, spread
        if campaign := first_campaign(inside):
            figure.campaign = campaign
        self.figures.append(figure)

    def _completion(self, place: Completion) -> None:
        """All that was found is rectified: as many as the last count says, unless that is told already."""
        self._distribute()
        counted = [f for f in [*self.memory.figures, *self.figures] if f.measure == "level"]
        owners: dict[str, Figure] = {}
        for figure in reversed(counted):
            if figure.indicator in FOUND:
                owners.setdefault(_rectified(figure.indicator), figure)
                break
            if figure.indicator in RECTIFIED or (figure.indicator.endswith("rate")):
                return
        for indicator, found in owners.items():
            if not found.value or self.scope.plan:
                continue
            figure = self._figure(place.start, place.end, place.start, indicator, found.value, found.unit)
            figure.qualifier, figure.sectors, figure.campaign = "derived", found.sectors, found.campaign
            self.figures.append(figure)

    # -- common

    def _figure(
        self, start: int, end: int, previous: int, indicator: str, value: Decimal, unit: str
    ) -> Figure:
        left = max(previous, *(self.text.rfind(mark, previous, start) + 1 for mark in "，;:,"))
        return Figure(
            start, end, left, end, indicator, value, "元" if indicator in _money() and not unit else unit, self.scope.usual(),
            campaign=self.scope.campaign or self.scope.heading_campaign, span=self.memory.span or periods.whole(self.year),
            drive=self.scope.drive, sentence=self.memory.number,
        )  # fmt: skip

    def _note_period(self, start: int, end: int) -> None:
        if found := periods.span(self.text, start, end, self.year):
            self.memory.span = found


@cache
def _subjects() -> int:
    """Classes that stay in force over a clause with a verb of its own."""
    return mask("HAZARD", "MAJOR", "ACCIDENT", "LEADER", "LISTED", "VEHICLE")


@cache
def _measured() -> int:
    """Classes of the things whose change is told."""
    return mask(
        "ACCIDENT", "DEATH", "INJURY", "SERIOUS", "CASUALTY", "LOSS", "HAZARD", "FINE", "PENALTY", "CASE", "RATERECT",
        "NOTICE", "TRAFFIC", "VIOLATION", "INTERVIEW", "SUSPEND", "CLOSE", "QUOTA",
    )  # fmt: skip


@cache
def _money() -> frozenset[str]:
    return frozenset({"fines", "fines_paid", "fines_ex_ante", "economic_loss", "safety_investment"})


def _classes(found: Iterable[Token]) -> int:
    classes = 0
    for token in found:
        classes |= token.word.classes
    return classes


def _bounds(event: Event) -> tuple[int, int]:
    return event if isinstance(event, tuple) else (event.start, event.end)


def _alike(one: str, other: str) -> bool:
    return one == other or {one, other} <= {"人", "名"}


def _rectified(indicator: str) -> str:
    return "major_hazards_rectified" if indicator.startswith("major") else "hazards_rectified"
