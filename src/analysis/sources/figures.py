"""The figure as it is while a sentence is being read, and what the sentences before it leave in force."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from analysis import vocabulary
from analysis.sources.facts import Measure
from analysis.sources.lexicon import mask
from analysis.sources.naming import INHERITED, Named
from analysis.sources.periods import Span
from analysis.sources.scopes import Sectors

_MAJOR = {
    "hazards_found": "major_hazards_found",
    "hazards_rectified": "major_hazards_rectified",
    "hazards_pending": "major_hazards_pending",
    "hazards_verified": "major_hazards_verified",
    "hazards_overdue": "major_hazards_overdue",
    "inspections_with_findings": "inspections_with_major_findings",
    "hazards_self_reported": "major_hazards_self_reported",
    "hazards_department_found": "major_hazards_department_found",
    "rectification_rate": "major_rectification_rate",
}
_SOURCED = {"major_hazards_rectified", "major_rectification_rate"}
_SEVERITY = {
    "larger": {
        "accidents": "larger_accidents",
        "deaths": "larger_accident_deaths",
        "injuries": "larger_accident_injuries",
    },
    "major": {"accidents": "major_accidents", "deaths": "major_accident_deaths"},
    "fatal": {"accidents": "fatal_accidents"},
}  # fmt: skip
_PEOPLE = {
    "accidents": "deaths",
    "fatal_accidents": "deaths",
    "larger_accidents": "larger_accident_deaths",
    "major_accidents": "major_accident_deaths",
}
_BRACKETS = re.compile("[()]")
_LONGEST_BRACKET = 300
FOUND = frozenset({"hazards_found", "major_hazards_found", "hazards_pending", "major_hazards_pending"})
SOURCED = frozenset({"hazards_self_reported", "major_hazards_self_reported"})
"""Found by one source: all that was found where no total stands before."""
RECTIFIED = frozenset({"hazards_rectified", "major_hazards_rectified"})
_RECENT = 60
"""So many figures back a number may be read by."""


@dataclass(slots=True)
class Figure:
    """A reading of one number; offsets are those of the folded text."""

    start: int
    end: int
    quote_start: int
    quote_end: int
    indicator: str
    value: Decimal
    unit: str
    sectors: Sectors
    measure: Measure = "level"
    qualifier: str = "exact"
    campaign: str = ""
    span: Span = (None, None)
    part: bool = False
    decimals: int = 0
    month_on_month: bool = False
    drive: str = ""
    sentence: int = 0
    spread: bool = False
    """Its sectors are a list of its own clause, which does not reach further."""

    paragraph: int = 0
    whole: bool = False
    """Said of the whole county or the whole year (全县共…)."""
    step: Decimal = Decimal(1)
    """The value of the last printed digit: 1000 for 1.2万."""
    region: str = ""
    table: int = 0
    """The table it stands in, from 1; 0 for prose."""
    named: bool = False
    """The sector stands beside the number itself."""
    told: Named = INHERITED
    """Where its sector, campaign and period are named."""

    def copy(self) -> Figure:
        """The same figure again, to be given to another indicator."""
        return replace(self)


@dataclass(slots=True)
class Hazards:
    """What the last hazard was: a major one or not, and found by whom."""

    major: bool = False
    source: str = ""
    plain: bool = False
    """Hazards without 重大 were counted too: the bare word, said again after 其中, means those."""
    waiting: frozenset[str] = frozenset()
    """Sources whose hazards were counted, and not yet how many of them are rectified."""

    def reopen(self, beside: int) -> None:
        """Take in the first word after 其中 at the head of a sentence."""
        bits = _bits()
        if (
            self.plain
            and beside & bits.hazard
            and not beside & (bits.major | bits.self_found | bits.department)
        ):
            self.major, self.source = False, ""

    def saw(self, beside: int, gap: int, *, part: bool) -> None:
        """Take in the words beside a number."""
        bits = _bits()
        self.plain = self.plain or bool(beside & bits.hazard and not beside & bits.major)
        if beside & bits.major:
            self.major, self.source = True, ""
        elif beside & bits.general:
            self.major, self.source = False, ""
        elif gap & bits.major and not (beside & bits.hazard or gap & bits.general):
            self.major, self.source = True, ""
        elif beside & bits.hazard and not (part or beside & (bits.self_found | bits.department)):
            self.major, self.source = bool(gap & bits.major), ""
        if beside & bits.self_found:
            self._counted("self_reported")
        elif beside & bits.department:
            self._counted("department_found")
        elif beside & bits.listed or (beside & bits.hazard and not part):
            self.source, self.waiting = "", frozenset()

    def _counted(self, source: str) -> None:
        self.source = source
        self.waiting |= {source}

    def specific(self, indicator: str) -> str:
        """The indicator of a major hazard where one was spoken of, by source where each was answered."""
        if not self.major:
            return indicator
        found = _MAJOR.get(indicator, indicator)
        if found in _SOURCED and self.source and self._answers():
            self.waiting -= {self.source}
            return f"{found}_{self.source}"
        return found

    def _answers(self) -> bool:
        """A rectified count after both sources, none of them answered before, is that of all hazards."""
        return not self.waiting - {self.source}


@dataclass(frozen=True, slots=True)
class _Bits:
    major: int
    general: int
    hazard: int
    self_found: int
    department: int
    listed: int


@cache
def _bits() -> _Bits:
    return _Bits(mask("MAJOR"), mask("GENERAL"), mask("HAZARD"), mask("SELF"), mask("DEPT"), mask("LISTED"))


@cache
def _severities() -> tuple[tuple[int, str], ...]:
    return ((mask("MAJORACC"), "major"), (mask("LARGER"), "larger"), (mask("FATAL"), "fatal"))


@cache
def _grave() -> int:
    return mask("MAJORACC", "LARGER", "FATAL")


def severity(classes: int) -> str:
    """The gravity of the accident that some words name; empty for any. A number of dead outweighs a name."""
    if classes & mask("GRADED"):
        return "larger"
    if classes & _grave():
        for bits, name in _severities():
            if classes & bits:
                return name
    return ""


def graver(indicator: str, gravity: str) -> str:
    """The indicator for accidents of a gravity: deaths → larger_accident_deaths."""
    return _SEVERITY[gravity].get(indicator, indicator) if gravity else indicator


def fitting(indicator: str, unit: str) -> str:
    """The indicator of the same accidents that counts in ``unit``: 起 counts accidents, 人 the dead."""
    if unit in ("人", "名") and indicator in _PEOPLE:
        return _PEOPLE[indicator]
    if unit == "起" and indicator in _PEOPLE.values():
        return next(accidents for accidents, deaths in _PEOPLE.items() if deaths == indicator)
    return indicator


def kin(indicator: str, figures: Sequence[Figure]) -> str:
    """The graver form of an indicator that a sentence speaks of: 起数 after larger accidents."""
    forms = {graver(indicator, gravity) for gravity in _SEVERITY} - {indicator}
    told = {figure.indicator for figure in figures}
    return next(iter(sorted(forms & told)), indicator) if indicator not in told else indicator


def inspects(figures: Sequence[Figure], beside: int) -> bool:
    """Whether a bare place joins the inspected ones that a sentence has counted."""
    bare = beside & mask("ENTITY") and not beside & ~mask(
        "ENTITY", "SECTORED", "ABSTRACT", "PROJECT", "SPLIT"
    )
    return bool(bare) and any(figure.indicator == "enterprises_inspected" for figure in recent(figures))


def recent(figures: Sequence[Figure]) -> Sequence[Figure]:
    """The last figures of a sentence; looking through all of a long list would take squared time."""
    return figures[-_RECENT:]


def outside(text: str, figures: Sequence[Figure], at: int) -> list[Figure]:
    """The figures before ``at`` without those of a bracket that has closed since the last of them."""
    figures = recent(figures)
    last = figures[-1].end if figures else at
    close = text.rfind(")", last, at)
    opened = _opening(text, close) if close >= 0 else -1
    if opened < 0 or not figures[0].start <= opened < last:
        return list(figures)
    return [figure for figure in figures if figure.start < opened]


def _opening(text: str, close: int) -> int:
    """Where the bracket that closes at ``close`` was opened, brackets within it left aside; -1 if far off."""
    depth = 0
    for mark in reversed(list(_BRACKETS.finditer(text, max(0, close - _LONGEST_BRACKET), close))):
        depth += 1 if mark.group() == ")" else -1
        if depth < 0:
            return mark.start()
    return -1


def unit_of(indicator: str) -> str:
    """The unit in which an indicator is usually given."""
    return vocabulary.indicators()[indicator].unit
