"""Which words beside a number tell what it counts, and which only who did it, where or with what."""

from __future__ import annotations

from functools import cache

from analysis.sources.clauses import Clause, classes
from analysis.sources.lexicon import mask


def _is_done_by_group(place: Clause) -> bool:
    """Whether a group only does what is counted (检查组共走访点位9个)."""
    group = mask("GROUP")
    if not place.beside & group or not place.head or place.head & group:
        return False
    return not any(token.word.classes & group for token in place.after)


def _is_done_by_officers(place: Clause) -> bool:
    """Whether officers only do what is counted (联合交警开展联合执法7次, 网格员巡查12次)."""
    verb = place.head & mask("OPERATION", "INSPECT")
    return bool(place.head & mask("OPERATION") or (verb and not place.beside & mask("DISPATCH")))


def of_counted(place: Clause, end: int, dimension: str, *, which: bool) -> int:
    """The classes beside a number that ends at ``end``, without those of what is not counted.

    ``which``: the number follows 的, and what stands before it only tells which ones are counted.
    """
    beside = place.beside
    if not beside & _beside_the_counted():
        return beside
    if beside & mask("GROUP") and _is_done_by_group(place):
        beside &= ~mask("GROUP")
    if beside & mask("EQUIPMENT") and dimension in ("entity", "item") and _is_place(place, end):
        beside &= ~mask("EQUIPMENT")
    if which and beside & _amiss() and _is_done_to(place, end):
        beside &= ~_amiss() | classes(place.after)
    if beside & mask("HAZARD") and _is_looked_into(place, end):
        beside &= ~mask("HAZARD", "FIND")
    if beside & mask("OFFICER") and _is_done_by_officers(place):
        beside &= ~mask("OFFICER")
    if beside & mask("REGION") and _is_told_where(place):
        beside &= ~mask("REGION")
    if classes(place.counted(end)[-1:]) & mask("REGION"):
        beside &= ~mask("ENTITY")
    return beside


def _is_place(place: Clause, end: int) -> bool:
    """Whether places are counted that have machines (5个工地接受塔吊检查, 电梯使用单位12个)."""
    if place.head & mask("ENTITY") and not place.head & mask("EQUIPMENT"):
        return True
    chain = classes(place.counted(end))
    return bool(chain & mask("ENTITY")) and not (chain | classes(place.before)) & mask("EQUIPMENT")


def _is_done_to(place: Clause, end: int) -> bool:
    """Whether places are counted that something is done to (对存在隐患的5个项目予以通报)."""
    things = mask("ENTITY", "PROJECT", "SECTORED")
    return bool(classes(place.counted(end)) & things and classes(place.after) & ~things)


def _is_looked_into(place: Clause, end: int) -> bool:
    """Whether hazards are what counted places are searched for (完成16个在建项目的隐患排查)."""
    chain = place.counted(end)
    told = any(token.word.classes & mask("HAZARD") for token in [*place.before, *chain])
    if told or not classes(chain) & mask("ENTITY", "REGION"):
        return False
    last = place.after[-1].word.classes
    return bool(last & mask("INSPECT", "SURVEYVERB") | classes(place.after) & mask("INSPECT"))


def _is_told_where(place: Clause) -> bool:
    """Whether regions only tell where the counted places are (对各县区44处超市进行督查)."""
    return classes(place.after) & mask("ENTITY", "REGION") == mask("ENTITY")


@cache
def _beside_the_counted() -> int:
    """Classes that may stand beside a number without being counted."""
    return mask("GROUP", "EQUIPMENT", "HAZARD", "REGION", "DEFECT", "OFFICER")


@cache
def _amiss() -> int:
    return mask("HAZARD", "MAJOR", "GENERAL", "DEFECT", "FIND")
