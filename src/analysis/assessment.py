"""The yearly assessment (年度考核) of townships and departments: what a scoring sheet holds, and its rules.

Rules over figures that somebody else has counted; how a sheet is read from YAML is in ``sources``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Subject = Literal["township", "department"]


@dataclass(frozen=True, slots=True)
class Step:
    """Points of an item once its figure reaches ``at``, in the item's direction."""

    at: float
    points: float


@dataclass(frozen=True, slots=True)
class Item:
    """One item (考核项目): a figure and how many points it is worth.

    ``per`` names what a count is set against, a hundred of them at a time; ``higher`` says that more is
    better. The points rise straight from ``zero_at`` to ``full_at``, or are those of the best step reached.
    """

    id: str
    name: str
    indicator: str
    weight: float
    higher: bool
    per: str | None = None
    zero_at: float | None = None
    full_at: float | None = None
    steps: tuple[Step, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap (得分上限) or veto (一票否决): what a figure that is reached does to the total.

    A cap leaves at most ``points``; a veto leaves none, or with ``grade`` no grade above that one.
    """

    indicator: str
    comparator: Literal["at_least", "at_most"]
    value: float
    points: float | None = None
    grade: str = ""
    clause: str = ""

    def holds(self, figure: float) -> bool:
        """Whether a figure reaches it."""
        return figure >= self.value if self.comparator == "at_least" else figure <= self.value


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (等次) and the total from which it is given."""

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The scoring sheet (考核细则) of a year's townships or departments; ``grades`` from the best down."""

    title: str
    subject: Subject
    items: tuple[Item, ...]
    caps: tuple[Limit, ...] = ()
    vetoes: tuple[Limit, ...] = ()
    grades: tuple[Grade, ...] = ()
    source: str = ""
    file: str = ""

    @property
    def full_marks(self) -> float:
        """The sum of the items' weights."""
        return sum(item.weight for item in self.items)


def from_plain(given: Mapping[str, Any]) -> Sheet:
    """A sheet out of what ``dataclasses.asdict`` made of it and JSON kept."""
    return Sheet(
        **{
            **given,
            "items": tuple(
                Item(**{**item, "steps": tuple(Step(**step) for step in item["steps"])})
                for item in given["items"]
            ),
            **{kind: tuple(Limit(**limit) for limit in given[kind]) for kind in ("caps", "vetoes")},
            "grades": tuple(Grade(**grade) for grade in given["grades"]),
        }
    )


def ceiling(limits: Sequence[Limit]) -> float:
    """The most points that the limits which hold leave: infinity where none bounds the total."""
    left = [0.0 if limit.points is None else limit.points for limit in limits if not limit.grade]
    return min(left, default=float("inf"))


def grade(sheet: Sheet, total: float, limits: Sequence[Limit]) -> str:
    """The grade of a total under the vetoes that hold; empty where the sheet gives none."""
    names = [one.name for one in sheet.grades]
    reached = next((place for place, one in enumerate(sheet.grades) if total >= one.at), len(names))
    bounded = max([reached, *(names.index(limit.grade) for limit in limits if limit.grade)])
    return names[bounded] if bounded < len(names) else ""
