"""Quantities that are no figure: what is planned or demanded, what a law says, names and idioms."""

from __future__ import annotations

import re
from functools import cache

from analysis.sources.clauses import Clause
from analysis.sources.lexicon import Token, mask
from analysis.sources.quantities import Quantity, Reason
from analysis.sources.readings import OTHER

_PLANNED = re.compile(
    r"下达的(?:关闭|目标|任务|指标|计划)|(?<![有无])计划(?!的|内|中)|按照?不[低少]于|拟(?!立案|处罚|罚款)|力争|预计|争取|确保|将(?=[于在会对再要继持进开召举组推新建实安完投按达超努力重视]|全面|全力|全部完)|要求(?!的|(?:其|企业|单位)?(?:限期|限时|立即|当场|现场|停))|目标(?!责任|管理|考核|任务)|不超过|控制在|不得|原则上|必须|应当"
    r"|(?<!平均)每(?:年|月|季度|周|半年|家|个|名|人|日|天|辆|批|村|户|处|组|班|两|三)(?:至少|不少于|开展|组织|完成|召开|.{0,3}$)"
)
_PLAN_OPENS = re.compile(r"[^，,;。:\d]{0,8}(?<![有无])(?:计划|拟|力争)[^，,;。:\d]{0,8}新")
"""计划今年新增护栏4千米、标志61块: a list of what is planned to be new."""
_MAY_PLAN = re.compile(
    "下达的|按照?不[低少]于|计划|拟|力争|预计|预测|争取|确保|将|要求|目标|不超过|控制在|不得|原则上|必须|应当|每"
)
_FORECAST = re.compile(r"预计|预测")
_PLACE_NAME = re.compile(r"(?:省|市|县|区|州|镇|乡|村)(?![内里级政委直场管民域])")
_AIM_AFTER = re.compile(r"(?:以[上下内])?的(?:工作|年度)?目标")
_LAW_AFTER = re.compile(r"以[上下]")
_LAW_FINE = re.compile(r"以[上下]的?罚款")
_FINE_BELOW = re.compile(r"以下的?罚款")
_DAYS_BEFORE = re.compile(r"[\d一二两三四五六七][天周日] ?$")
_QUOTED = '“‘"《'
_REACH = 12
SURE = 40
"""A number in words needs a reading of at least this score; 一 needs more."""
_LARGEST_IDIOM = 10
_ROUND = (100, 1000, 10_000)
_IDIOM = re.compile(r"[百千万][^余多]")
"""千家万户: a bare 千 counts only where 上, 近 and the like stand before it, or 余 behind."""
_OFFICE_OF = ("执法", "监察", "监管", "监督", "管理", "业务")
_AT_MOST = re.compile("最[高低多少]")
_LOADED = ("平均每", "平均", "每", "载员", "载客", "核载", "准载", "定员")
_SECOND = re.compile("[二两]次(?=[酒醉]驾|饮酒|供水|事故|污染|装修|碰撞|伤害|爆炸|灾害|复燃)|一次(?=记分)")
"""二次酒驾, 二次供水, 一次记分达12分"""
_WHICH = ("的", "新", "上", "下")
"""新一轮 tells which one, not how many."""
_EVERY = re.compile(r"每[^，,;。:]*$")
_SEATS = re.compile(r"\d{1,2}座(?:及)?以[上下]的?[^，,;。\d]{0,6}车")
"""7座以上客车"""
_SQUAD = re.compile("队(?!伍)")
"""执法七支队 is an office."""
_NEARLY = "上近超逾约过数成"


def refusal(
    text: str,
    quantity: Quantity,
    place: Clause,
    names: tuple[str, ...],
    score: int,
    *,
    planned: bool,
    may_be_planned: bool,
) -> Reason | None:
    """Why a quantity is no figure, or nothing where it is one.

    ``names`` and ``score`` are its reading; ``planned``: it stands in a part that tells what is to come;
    ``may_be_planned``: its sentence holds a word of planning.
    """
    before = text[max(place.left, quantity.start - _REACH) : quantity.start]
    if quantity.start and text[quantity.start - 1] in _QUOTED:
        return "name"
    if planned or (may_be_planned and _is_planned(text, quantity, place, before)):
        return "plan"
    if _is_law(text, quantity, before):
        return "law"
    if _is_name(text, quantity, place, names, before):
        return "name"
    if quantity.in_words:
        return "name" if score < _needed(quantity) else None
    unread = names == (OTHER,) and not score and quantity.dimension not in ("share", "ratio")
    return "unclear" if unread and not quantity.unit else None


def may_plan(text: str, start: int, end: int) -> bool:
    """Whether a stretch of text holds any word of planning."""
    return bool(_MAY_PLAN.search(text, start, end))


def _is_planned(text: str, quantity: Quantity, place: Clause, before: str) -> bool:
    return bool(
        _AIM_AFTER.match(text, quantity.end)
        or _PLAN_OPENS.match(text, place.left, quantity.start)
        or _PLANNED.search(before)
        or _FORECAST.search(text, place.left, quantity.start)
    )


def _is_grade(text: str, quantity: Quantity, left: int, before: str) -> bool:
    """Whether a number only tells which ones are meant (载员10人及以上的船), or is an office's (监察二处).

    ``left``: where its clause begins; what is asked (是否保证3名人员在场) counts nobody.
    """
    end = quantity.end
    if "是否" in text[left : quantity.start] or (quantity.unit and text.startswith(("及以上", "以下"), end)):
        return True
    if quantity.in_words and quantity.unit == "次" and _SECOND.match(text, quantity.start):
        return True
    if quantity.in_words and quantity.unit == "支" and _SQUAD.match(text, end):
        return True
    if quantity.unit == "座" and _SEATS.match(text, quantity.start):
        return True
    office = quantity.in_words and quantity.unit == "处" and before.endswith(_OFFICE_OF)
    return office or before.endswith(_LOADED)


def _is_name(text: str, quantity: Quantity, place: Clause, names: tuple[str, ...], before: str) -> bool:
    if _is_frequency(text, quantity) or _is_grade(text, quantity, place.left, before):
        return True
    if quantity.in_words and text.endswith("以上", quantity.start, quantity.end):
        return True
    round_one = quantity.in_words and quantity.value in _ROUND and quantity.dimension != "money"
    if round_one and _IDIOM.search(text, quantity.start, quantity.end):
        return not (before and before[-1] in _NEARLY)
    if quantity.in_words and quantity.value == 1 and _is_told(text, quantity, place):
        return True
    divided = before.endswith(("分", "类")) and names != ("inspection_groups",)
    if quantity.in_words and (divided or text.endswith("来看", 0, place.right)):
        return True
    viewed = (place.head or (quantity.start <= place.left + 1 and place.gap)) & _page_views()
    return bool(viewed) or _is_abstract(text, quantity, place, names)


def _is_law(text: str, quantity: Quantity, before: str) -> bool:
    """Whether a number is the bound of a fine (处2万元以上5万元以下的罚款)."""
    if quantity.dimension == "money" and _AT_MOST.search(before):
        return True
    last = quantity.end - 2
    if text.find("以", last, quantity.end + 1) < 0:
        return False
    if _FINE_BELOW.match(text, quantity.end) or (text.startswith("以", last) and _LAW_FINE.match(text, last)):
        return True
    return before.endswith(("处", "处以")) and bool(_LAW_AFTER.match(text, last))


def _is_frequency(text: str, quantity: Quantity) -> bool:
    """Whether a number says how often something is done (3天1轮), not how often it was."""
    often = quantity.dimension in ("times", "rounds")
    return often and bool(_DAYS_BEFORE.search(text[max(0, quantity.start - 4) : quantity.start]))


def _is_told(text: str, quantity: Quantity, place: Clause) -> bool:
    """Whether 一 only tells a story: 组织的一次检查, 曝光一批案例, 检查一辆货车时."""
    before = text[max(0, quantity.start - _REACH) : quantity.start]
    which = before.endswith(_WHICH) or _EVERY.search(before)
    return bool(quantity.unit == "批" or which or text[place.right - 1] in "时后")


def _needed(quantity: Quantity) -> int:
    if quantity.value == 1:
        return SURE + 10
    return SURE if quantity.value <= _LARGEST_IDIOM else 0


def _is_abstract(text: str, quantity: Quantity, place: Clause, names: tuple[str, ...]) -> bool:
    """Whether the counted thing is no thing: 六个重点领域, 四个阶段, 3个方面; 331项任务 is a count."""
    chain = place.counted(quantity.end, gap=2)
    if any(_is_thing(token) for token in chain[1:]) or names == ("problem_categories",):
        return names == ("problem_categories",) and text.find("从", place.left, quantity.start) >= 0
    named = quantity.in_words and names != ("regions_supervised",)
    if named and _PLACE_NAME.match(text, quantity.end):
        return True
    if quantity.dimension in ("matter", "times", "sessions", "rounds") and not quantity.in_words:
        return False
    counted = _abstractions() | (mask("QUOTA") if quantity.in_words else 0)
    return bool(chain and chain[0].word.classes & counted)


def _is_thing(token: Token) -> bool:
    """重点 before 船舶 only tells which ones."""
    things = mask(
        "VEHICLE", "SHIP", "EQUIPMENT", "ENTITY", "HAZARD", "REGION", "DEPARTN", "GROUP", "NONE", "DOC"
    )
    return bool(token.word.classes & things) and not token.word.classes & mask("ABSTRACT", "ISSUE")


@cache
def _page_views() -> int:
    return mask("PAGEVIEW")


@cache
def _abstractions() -> int:
    return mask("ABSTRACT", "PROBLEMCAT")
