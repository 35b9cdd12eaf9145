"""What the last figures of a sentence tell by field: places of several fields, a list of parts, the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from analysis.sources.figures import Figure

INSPECTED = frozenset(
    {"enterprises_inspected", "vehicles_inspected", "equipment_checked", "households_visited"}
)
_PLACES = INSPECTED | {"regulated_enterprises", "enterprises_surveyed"}
_REST = re.compile(r"、?其[他它余](?:类|各类)?(?=\d)")
_PAIR = 2


def is_mixed(figures: Sequence[Figure]) -> bool:
    """Whether the last figures count places of several fields, which share what follows."""
    places = tuple(takewhile(_counts_places, reversed(figures)))
    return len({figure.sectors for figure in places}) > 1


def _counts_places(figure: Figure) -> bool:
    return figure.indicator in _PLACES or (figure.indicator == "other" and figure.unit == "家")


def is_breakdown(figures: Sequence[Figure]) -> bool:
    """Whether the last figures tell the same of several fields (矿山5人，火灾12人)."""
    return len({figure.sectors for figure in figures[-3:] if figure.unit == figures[-1].unit}) > 1


def is_rest(text: str, left: int, figures: Sequence[Figure]) -> bool:
    """Whether a clause tells the rest of a list by fields (其他2起)."""
    return bool(_REST.match(text, left)) and is_breakdown(figures)


def is_one_more(figures: Sequence[Figure], unit: str) -> bool:
    """Whether a number without a field goes on with a list by fields (工业损失3万元、其他损失1万元)."""
    last = figures[-2:]
    if len(last) < _PAIR or last[1].unit != unit:
        return False
    alike = {(figure.indicator, figure.unit) for figure in last if figure.named}
    return alike == {(last[0].indicator, unit)} and last[0].sectors != last[1].sectors


def of_bracket(text: str, bounds: tuple[int, int], figures: Sequence[Figure], unit: str) -> tuple[str, ...]:
    """The field of the count whose parts a bracket tells: 煤矿9家(生产企业4家,停产企业5家).

    What is told of a part of another field stays with that part (工矿事故3起(施工事故2起、死亡4人)).

    Args:
        text: The document.
        bounds: Where the sentence and the number's clause begin.
        figures: Those read so far.
        unit: The number's unit.
    """
    opened = text.rfind("(", *bounds)
    if opened < 0 or text.find(")", opened, bounds[1]) >= 0 or not figures:
        return ()
    last = figures[-1]
    if last.start > opened and last.named and last.unit != unit:
        return ()
    return next((figure.sectors for figure in reversed(figures) if figure.end == opened), ())
