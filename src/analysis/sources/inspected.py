"""Offices and territories among what is counted: those that were looked at, and those that only acted."""

from __future__ import annotations

import re
from functools import cache

from analysis.sources.clauses import Clause, classes
from analysis.sources.lexicon import mask
from analysis.sources.quantities import Quantity

LOOKED_AT = frozenset(
    {
        "enterprises_inspected",
        "regions_supervised",
        "departments_supervised",
        "supervision_rounds",
        "inspections",
    }
)
"""What tells that those named before it were looked at (对5个区、8家部门开展两轮督导)."""
_JOINT = re.compile("联合|会同|联动|协同")
"""联合…等6家部门: departments that act together, not what they inspect."""
_TERRITORIES = re.compile(
    r"(?:产[\u4e00-\u9fff]|重点)?(?:[县市区州乡]|镇街?|村|街道|社区|地市|园区)"
    r"(?:进行|开展|(?:\([县市区州旗镇街道、]{1,6}\)|[\u4e00-\u9fff]{0,2})(?:[、和及\d]|$))"
)
"""5个县、3个镇、12家企业: places in which the others stand."""
_LONGEST_TERRITORY = 8
_OFFICES = re.compile(r"[\u4e00-\u9fff]{0,6}(?:部门|成员单位)")
_LONGEST_OFFICE = 10
_GROUNDS = ("园区", "小区", "厂区", "区域")
"""检查园区3家: grounds are looked at like a firm."""
_ADJECTIVE = 2
"""So many characters may stand between a verb and what is looked at."""


def by_its_verb(text: str, end: int, verb: str) -> str:
    """What a number that ends at ``end`` counts, where the indicator ``verb`` tells what is done to it."""
    if verb not in LOOKED_AT:
        return verb
    if _TERRITORIES.match(text, end, end + _LONGEST_TERRITORY):
        return "regions_supervised"
    return "departments_supervised" if _OFFICES.match(text, end) else "enterprises_inspected"


def acts_jointly(text: str, place: Clause, end: int) -> bool:
    """Whether a number that ends at ``end`` counts offices that act together (联合5个部门检查企业)."""
    if (
        text.find("部门", end, end + _LONGEST_TERRITORY) < 0
        and text.find("单位", end, end + _LONGEST_OFFICE) < 0
    ):
        return False
    office = _OFFICES.match(text, end)
    if not office:
        return False
    behind = _JOINT.match(text, office.end())
    return bool(behind or _JOINT.search(text, place.left, end))


def looked_at(text: str, quantity: Quantity, place: Clause, carry: int, *, listed: bool) -> str:
    """What offices and townships count as that are looked at themselves: 抽查镇6家、部门5家.

    ``carry``: the classes that words earlier in the text lend to the number. ``listed``: it follows another
    that was looked at (督查了8个镇和4个部门). Empty where nothing tells.
    """
    if quantity.dimension not in ("entity", "item") or place.beside & _others():
        return ""
    before = text[place.left : quantity.start]
    verb = classes(place.before) & mask("INSPECT")
    named_behind = (verb or listed or "对" in before) and _OFFICES.match(text, quantity.end)
    inspects = (place.beside | carry) & mask("INSPECT")
    if inspects and (named_behind or before.endswith(("部门", "成员单位"))):
        return "departments_supervised"
    region = place.head & mask("REGION") and not before.endswith(_GROUNDS) and _is_object(place)
    return "regions_supervised" if region else ""


def _is_object(place: Clause) -> bool:
    """Whether the last word before a number stands right behind a verb of inspecting (抽查镇6家)."""
    if len(place.before) < 2:
        return False
    verb, thing = place.before[-2:]
    return bool(verb.word.classes & mask("INSPECT")) and thing.start - verb.end <= _ADJECTIVE


@cache
def _others() -> int:
    """Classes that tell that something else is counted, or that something else was done."""
    return mask("ENTITY", "INTERVIEW", "EXPOSE", "CRITICISE", "COMMEND", "ACCOUNT")
