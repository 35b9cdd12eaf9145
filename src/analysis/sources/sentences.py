"""Reading one sentence: its quantities, absences and 持平 become figures, or are handed back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from operator import attrgetter

from analysis.sources import changes, periods, respective
from analysis.sources.absences import Absence, Completion, absences, completions
from analysis.sources.changing import Changes
from analysis.sources.clauses import Clause, clause, clause_start
from analysis.sources.counting import Counting
from analysis.sources.fields import Fields
from analysis.sources.figures import (
    FOUND,
    RECTIFIED,
    SOURCED,
    Figure,
    Hazards,
    graver,
    severity,
    unit_of,
)
from analysis.sources.gravity import Gravity
from analysis.sources.lexicon import Words, mask
from analysis.sources.memory import Memory
from analysis.sources.naming import Naming
from analysis.sources.quantities import Number, Quantity
from analysis.sources.readings import OTHER
from analysis.sources.refusals import refusal
from analysis.sources.scopes import (
    Scope,
    Sectors,
    first_campaign,
    overriding,
)
from analysis.sources.traits import opens_part, traits_of

_LAST_YEAR = re.compile(r"(?:去年|上年|上一年)(?:同期)?(?!.{0,3}(?:相比|持平))")
_PARTS = ("其中", "分别是", "分别为", "分别有", "包括", "具体为")
"""A sentence that opens so tells the parts of the one before."""
_BARE_ABSENCE = re.compile(
    r"\s?[未没无][^，,;。:]{0,4}(?:较大|重大|重特大|特别重大|亡人)[及以和上、重特大]{0,6}事故"
)
"""未发生重特大事故。 speaks of the accidents of the sentence before."""
_ROAD = ("road_traffic",)
_EARLIER = 30
"""Figures of the paragraph before this sentence that 均已整改 may speak of."""
_DONE_TO_FIRMS = frozenset(
    {"suspensions_ordered", "closures", "fines", "penalties_issued", "cases_filed", "temporary_seals"}
)
Event = Quantity | Absence | Completion | changes.Steady


class Sentence:
    """Reads ``text[start:end]``; the scope and the memory are those of the document and take in its traces.

    ``body``: where the sentence begins after its number and lead. ``found``: its words. ``numbers``: its
    quantities.
    ``worded``: it may hold figures in words.
    """

    def __init__(
        self,
        text: str,
        bounds: tuple[int, int, int],
        found: Words,
        numbers: Sequence[Quantity],
        scope: Scope,
        memory: Memory,
        year: int | None,
        *,
        worded: bool,
    ) -> None:
        self.text, self.scope, self.memory, self.year = text, scope, memory, year
        (self.start, self.end, body), self.found, self.numbers = bounds, found, numbers
        self.worded = worded
        self.figures: list[Figure] = []
        self.unread: list[Number] = []
        override = overriding(text, body, found, scope.lead) if scope.lead else ()
        self.traits = traits_of(text, self.start, self.end, found)
        self.naming = Naming(text, found, self.start, year, dated=self.traits.dated)
        self.changes = Changes(text, self.start, found, scope.usual(), goes_on=memory.comparing)
        self.policed = bool(found.classes & mask("TRAFFIC", "POLICE"))
        goes_on = text.startswith(_PARTS, body)
        ranks = found.classes & mask("RANK") and not found.classes & mask("SECTORED")
        whole = memory.last_sectors() if goes_on or ranks or _BARE_ABSENCE.match(text, body) else ()
        self.fields = Fields(text, bounds, scope, override, self.figures, found, whole)
        if body > self.start and not goes_on:
            memory.hazards = Hazards()
        self.gravity = Gravity(text, self.start, self.end, found, memory, goes_on=goes_on)
        carry = memory.carry & (mask("HAZARD", "ACCIDENT") if goes_on else mask("HAZARD"))
        self.counting = Counting(text, self.figures, self.gravity, carry)
        self.outer: Hazards | None = None

    def read(self) -> tuple[list[Figure], list[Number]]:
        """The sentence's figures, and its quantities that are none."""
        self.memory.number += 1
        events = self._events()
        previous = self.start
        for index, event in enumerate(events):
            following = events[index + 1].start if index + 1 < len(events) else self.end
            if self.traits.dated:
                self._note_period(previous, event.start)
            self._event(event, previous, following)
            if not (
                self.unread and self.unread[-1].start == event.start and self.unread[-1].reason == "name"
            ):
                previous = max(previous, event.end)
        self._settle()
        respective.share_out(self.text, self.start, self.end, self.found, self.figures)
        if self.traits.dated:
            self._note_period(previous, self.end)
        self.gravity.leave()
        self.memory.hazards = self.outer or self.memory.hazards
        self.memory.comparing = any(figure.measure != "level" for figure in self.figures[-1:])
        carry = self.counting.carry
        self.memory.carry = (carry | self.memory.carry) & mask("HAZARD") | carry & mask("ACCIDENT")
        self.memory.figures = [*self.memory.figures, *self.figures][-_EARLIER:]
        return self.figures, self.unread

    def _events(self) -> list[Event]:
        """Everything that can become a figure, in order; an absence takes in the numbers inside it."""
        if not self.worded:
            return list(self.numbers)
        none = absences(self.text, self.start, self.end, self.found)
        events: list[Event] = [
            *none,
            *completions(self.text, self.start, self.end),
            *changes.steady(self.text, self.start, self.end),
            *(n for n in self.numbers if not any(a.start <= n.start < a.end for a in none)),
        ]
        return sorted(events, key=attrgetter("start"))

    def _event(self, event: Event, previous: int, following: int) -> None:
        before = self.text[previous : event.start]
        if isinstance(event, Quantity):
            self._quantity(event, before, previous, following)
        elif isinstance(event, changes.Steady):
            figure = self._figure(event.start, event.end, previous)
            self._change(figure, before, previous, changes.Direction(0))
        else:
            self._settle()
            if isinstance(event, Absence):
                self._absence(event, previous)
            else:
                self._completion(event)

    def _quantity(self, quantity: Quantity, before: str, previous: int, following: int) -> None:
        if self._plan_goes_on(before, previous):
            self.unread.append(Number(quantity.start, quantity.end, "plan"))
        elif way := self.changes.way(quantity, before, after_figure=bool(self.figures)):
            self._change(self._changed(quantity, previous, way), before, previous, way)
        else:
            self._settle()
            self._level(quantity, previous, following)

    def _plan_goes_on(self, before: str, previous: int) -> bool:
        """Whether the number before was only planned, and this one is told with it or compares it."""
        last = self.unread[-1] if self.unread else None
        if not last or last.reason != "plan" or last.end != previous:
            return False
        return not any(mark in before for mark in "，,;:(") or changes.compared(before)

    # -- changes

    def _changed(self, quantity: Quantity, previous: int, way: changes.Direction) -> Figure:
        figure = self._figure(quantity.start, quantity.end, previous, unit=quantity.unit)
        figure.value = abs(quantity.value) * way.sign if way.sign else quantity.value
        figure.measure = "change_pct" if quantity.dimension == "share" and quantity.unit else "change"
        figure.qualifier, figure.step = quantity.qualifier, quantity.step
        return figure

    def _change(self, figure: Figure, before: str, previous: int, way: changes.Direction) -> None:
        if figure.measure == "level":
            figure.measure = "change"
        joined = self.changes.joins(figure, before, way)
        figure.month_on_month = changes.monthly(before) or (
            joined and self.changes.pending[-1].month_on_month
        )
        if not joined:
            self._settle()
        told = bool(self.figures)
        self.changes.add(figure, before, max(previous, self.counting.taken), way, joined=joined, told=told)

    def _settle(self) -> None:
        if self.changes.pending:
            self.changes.distribute(self.figures, self.memory.figures)

    # -- levels

    def _level(self, quantity: Quantity, previous: int, following: int) -> None:
        before = (self.counting.beside, self.counting.taken)
        place = clause(self.text, self.found, quantity, previous, following, *before)
        names, score = self.counting.reading(quantity, place, previous)
        planned = self.scope.plan or self.scope.plan_here
        may_be = self.traits.planned
        if reason := refusal(
            self.text, quantity, place, names, score, planned=planned, may_be_planned=may_be
        ):
            self.unread.append(Number(quantity.start, quantity.end, reason))
            return
        part = self._is_part(previous, quantity.start)
        self._note_hazards(quantity, place, part)
        self.gravity.note(place, part=part)
        sectors, spread = self.fields.of_number(place, previous, quantity, self.counting.beside)
        self._leave_majors(quantity)
        if self.policed or place.beside & mask("VEHICLE") or self.scope.topic == _ROAD:
            names = tuple(_on_the_road(name, sectors, quantity) for name in names)
        for name in names:
            figure = self._figure(quantity.start, quantity.end, previous, self._specific(name), quantity.unit)
            figure.value, figure.qualifier, figure.part = quantity.value, quantity.qualifier, part
            figure.step = quantity.step
            figure.sectors, figure.spread, figure.quote_end = sectors, spread, max(quantity.end, place.right)
            figure.named = bool(place.beside & mask("SECTORED"))
            if self.traits.campaigned:
                figure.campaign = first_campaign([*place.between, *place.near]) or figure.campaign
            figure.region = self.fields.region(previous, place.left, quantity.start)
            if self.traits.dated and _LAST_YEAR.search(self.text, place.left, quantity.start):
                figure.span = periods.year_before(figure.span)
            self.figures.append(figure)
        self.counting.take(place, quantity.end, previous, names, known=score > 0)

    def _specific(self, name: str) -> str:
        return self.memory.hazards.specific(graver(name, self.gravity.now))

    def _is_part(self, previous: int, start: int) -> bool:
        if self.traits.parted and opens_part(self.text, previous, start):
            return True
        between = self.text[previous:start]
        return bool(self.figures) and self.figures[-1].part and ";" not in between and "。" not in between

    def _note_hazards(self, quantity: Quantity, place: Clause, part: bool) -> None:
        bracketed = self.traits.bracketed and (
            self.text.rfind("(", self.start, quantity.start)
            > self.text.rfind(")", self.start, quantity.start)
        )
        if bracketed and self.outer is None:
            now = self.memory.hazards
            self.outer = replace(now)
        elif not bracketed and self.outer is not None:
            self.memory.hazards, self.outer = self.outer, None
        if part and not self.figures:
            self.memory.hazards.reopen(place.beside)
        self.memory.hazards.saw(place.beside, place.gap, part=part)

    def _leave_majors(self, quantity: Quantity) -> None:
        """More rectified than major hazards, and not more than all found, are those of all hazards."""
        if not self.memory.hazards.major:
            return
        if quantity.unit == "%" and self.memory.hazards.plain and self._acted_since():
            self.memory.hazards.major = False
            return
        found = {figure.indicator: figure.value for figure in self.figures if figure.measure == "level"}
        majors, every = found.get("major_hazards_found"), found.get("hazards_found")
        if (
            majors is not None
            and every is not None
            and majors < quantity.value <= every
            and quantity.unit != "%"
        ):
            self.memory.hazards.major = False

    def _acted_since(self) -> bool:
        """Whether what was done to firms is told since the hazards: 其中重大隐患3条，停产1家，整改率99%."""
        return bool(self.figures) and self.figures[-1].indicator in _DONE_TO_FIRMS

    # -- words that are figures

    def _absence(self, absence: Absence, previous: int) -> None:
        if self.scope.plan or self.scope.plan_here:
            return
        inside = self.found.between(previous, absence.named)
        name = graver(absence.indicator, severity(absence.classes))
        if name == "hazards_found" and absence.classes & mask("MAJOR"):
            name = "major_hazards_found"
        figure = self._figure(absence.start, absence.end, previous, name, unit_of(name))
        figure.sectors, figure.spread = self.fields.of_absence(inside, previous, absence)
        figure.campaign = first_campaign(inside) or figure.campaign
        self.figures.append(figure)

    def _completion(self, place: Completion) -> None:
        """All that was found is rectified: as many as the last count says, unless that is told already."""
        told = [f for f in [*self.memory.figures[-_EARLIER:], *self.figures] if f.measure == "level"]
        for figure in reversed(told):
            if (
                figure.indicator in RECTIFIED
                or figure.indicator.endswith("rate")
                or self.scope.plan
                or self.scope.plan_here
            ):
                return
            listed = figure.indicator == "listed_for_supervision" and figure in self.figures
            whole = figure.indicator in FOUND or (figure.indicator in SOURCED and not figure.part)
            if (whole or listed) and figure.value:
                major = self.memory.hazards.major if listed else figure.indicator.startswith("major")
                name = "major_hazards_rectified" if major else "hazards_rectified"
                derived = self._figure(place.start, place.end, place.start, name, figure.unit)
                derived.value, derived.qualifier = figure.value, "derived"
                derived.sectors, derived.campaign = figure.sectors, figure.campaign
                self.figures.append(derived)
                return

    # -- common

    def _figure(self, start: int, end: int, previous: int, indicator: str = OTHER, unit: str = "") -> Figure:
        left = clause_start(self.text, previous, start)
        return Figure(
            start,
            end,
            left,
            end,
            indicator,
            Decimal(0),
            "元" if indicator in _money() and not unit else unit,
            self.scope.usual(),
            campaign=self.scope.campaign or self.scope.heading_campaign,
            span=self.memory.span or periods.whole(self.year),
            drive=self.scope.drive,
            sentence=self.memory.number,
            paragraph=self.memory.paragraph,
            whole=self.traits.whole_from <= start,
            told=self.naming.told(left, start),
        )

    def _note_period(self, start: int, end: int) -> None:
        if found := periods.span(self.text, start, end, self.year):
            self.memory.speak_of(found, self.year)


def _on_the_road(name: str, sectors: Sectors, quantity: Quantity) -> str:
    """Offences counted in the field of road traffic are those of traffic."""
    offence = name == "violations_handled" and sectors == _ROAD and quantity.unit != "家"
    return "traffic_violations" if offence else name


@cache
def _money() -> frozenset[str]:
    return frozenset({"fines", "fines_paid", "fines_ex_ante", "economic_loss", "safety_investment"})
