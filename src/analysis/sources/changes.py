"""Changes against another year: which way a number goes, and which figures 分别 distributes them over."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UP = "上升|增加|增长|提高|提升|上涨|增幅|涨幅|升幅|上浮|增多|多|升|增"
_DOWN = "下降|减少|降低|回落|下滑|降幅|压降|下跌|压减|降幅|少|降|减"
_BETWEEN = (
    "了|发生|事故|死亡|受伤|重伤|伤亡|火灾|起数|人数|隐患|罚款|经济|损失|约|近|分别|均|各|超过|超|逾|达到|达|为|在|接近|幅度|率"
    "|数|比例|共计|共|:|-"
)
"""What may stand between the direction and its number."""
_DIRECTION = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:{_BETWEEN})*$")
_LAST = frozenset(word[-1] for words in (_UP, _DOWN, _BETWEEN) for word in words.split("|"))
"""The last characters of all of these."""
_COMPARED = re.compile(
    r"同比|环比|较[上去]年|比[上去]年|去年同期|上年同期|较20\d\d|比20\d\d|较前|相比|比[^，,;。\d]{0,14}指标|较同期|比同期|较上"
)
_MONTHLY = re.compile(r"环比|较上月|比上月")
_STEADY = re.compile(
    r"持平(?<!或持平)(?<![一两二三四五]持平)(?<!基本持平)(?!稳)|无变化|没有变化|相同(?=[，,;。)、]|$)"
)
_LINK = re.compile(r"(?:个百分点)?(?:[、，,和及与以]*(?:同比|环比|分别|均)*|[、和及与](?:死亡|受伤))$")
_TAIL = 14


@dataclass(frozen=True, slots=True)
class Direction:
    """Which way: 1 up, -1 down, 0 steady; ``explicit`` where the text says it beside this very number."""

    sign: int
    explicit: bool = True


def direction(before: str) -> Direction | None:
    """The direction that the words just before a number give it."""
    if before[-1:] not in _LAST or not (found := _DIRECTION.search(before[-_TAIL:])):
        return None
    return Direction(1 if found["up"] else -1)


def compared(text: str) -> bool:
    """Whether some words compare with another time."""
    return bool(_COMPARED.search(text))


def monthly(text: str) -> bool:
    """Whether the comparison is with the month before."""
    return bool(_MONTHLY.search(text))


@dataclass(frozen=True, slots=True)
class Steady:
    """A place that says that nothing has changed."""

    start: int
    end: int


def steady(text: str, start: int, end: int) -> list[Steady]:
    """The places of 持平."""
    return [Steady(*match.span()) for match in _STEADY.finditer(text, start, end)]


def linked(between: str) -> bool:
    """Whether two numbers with only this between them share what was said before the first (下降a%和b%)."""
    return len(between) <= _TAIL and bool(_LINK.fullmatch(between))
