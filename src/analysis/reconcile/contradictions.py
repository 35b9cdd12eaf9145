"""A contradiction with both its places, and how far apart two stated figures may lie and still agree.

A figure stands for an interval: 1.2万 for anything that rounds or is cut to it, 97万余 for 97万 and
somewhat more. Two figures contradict each other only where their intervals do not meet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from analysis import vocabulary
from analysis.messages import Message
from analysis.sources.facts import Fact
from analysis.sources.listing import plain

Kind = Literal["parts", "rectified", "rate", "twice", "unit", "year", "ledger"]
_MORE = Decimal("1.25")
_NEARLY = Decimal("0.8")
_ABOUT = (Decimal("0.85"), Decimal("1.15"))
_HALF = Decimal("0.5")


class Interval(NamedTuple):
    """The least and the greatest number that a printed figure can stand for."""

    low: Decimal
    high: Decimal

    def meets(self, other: Interval) -> bool:
        """Whether some number lies in both."""
        return self.low <= other.high and other.low <= self.high

    def plus(self, other: Interval) -> Interval:
        """The interval of the sum."""
        return Interval(self.low + other.low, self.high + other.high)

    def minus(self, other: Interval) -> Interval:
        """The interval of the difference."""
        return Interval(self.low - other.high, self.high - other.low)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two places of documents, or a document and the ledger, that cannot both be right."""

    kind: Kind
    code: str
    values: dict[str, object]
    first: Fact
    second: Fact | None = None
    difference: Decimal | None = None
    warning: bool = False
    """To be looked at rather than wrong: a rounded figure takes part, or it is not said what it is of."""
    members: tuple[Contradiction, ...] = ()
    """Warnings of one sort that are told together."""

    @property
    def indicator(self) -> str:
        """What is counted."""
        return self.first.indicator

    @property
    def message(self) -> Message:
        """What to tell the user, with both places and the difference."""
        given: dict[str, object] = {
            "first": _quoted(self.first),
            **(_other_place(self.first, self.second) if self.second else {}),
            "difference": "" if self.difference is None else plain(abs(self.difference)),
            "indicator": vocabulary.name("indicator", self.first.indicator),
            "sector": vocabulary.name("sector", self.first.sector) if ";" not in self.first.sector else "",
        }
        row = None if self.members else self.first.line
        return Message(self.code, file=self.first.document, row=row, values=given | self.values)


def _quoted(fact: Fact) -> str:
    return f"“{' '.join(fact.quote.split())}”"


def _other_place(first: Fact, second: Fact) -> dict[str, object]:
    document = "" if second.document == first.document else f"{second.document} "
    return {"document": document, "line": second.line, "second": _quoted(second)}


def interval(fact: Fact) -> Interval:
    """What a printed figure can stand for: rounded or cut at its last digit, or only a bound."""
    value, step = fact.value, fact.step
    if fact.qualifier == "at_least":
        return Interval(value, max(value * _MORE, value + step))
    if fact.qualifier == "nearly":
        return Interval(value * _NEARLY, value)
    if fact.qualifier == "about":
        return Interval(value * _ABOUT[0], value * _ABOUT[1])
    if step == 1:
        return Interval(value, value)
    return Interval(value - step * _HALF, value + step)


def total(facts: Iterable[Fact]) -> Interval:
    """The interval of a sum."""
    together = Interval(Decimal(0), Decimal(0))
    for fact in facts:
        together = together.plus(interval(fact))
    return together


def approximate(*facts: Fact) -> bool:
    """Whether one of the figures is rounded or approximate."""
    return any(fact.qualifier not in ("exact", "derived") or fact.step > _finest(fact) for fact in facts)


def _finest(fact: Fact) -> Decimal:
    """10.18万元 is how money is written; 1.2万 people are rounded."""
    return Decimal(100) if fact.unit == "元" else Decimal(1)


def share(part: Interval, whole: Interval) -> Interval:
    """A part's percentage of a whole; the whole must be positive."""
    low = whole.low if whole.low > 0 else whole.high
    return Interval(100 * part.low / whole.high, 100 * part.high / low)
