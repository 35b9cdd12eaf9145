"""How a document is built: its title, headings, paragraphs and sentences, and the part that only plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ENUMERATOR = re.compile(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}(?:是|、|\.|方面[，,])|[(\[][一二三四五六七八九十\d]{1,3}[)\]]、?"
    r"|\d{1,2}(?:[.、](?!\d)|\)(?!\d))|[①-⑳]|#+ )\s*"
)
_MAIN = re.compile(r"\s*#*\s*[一二三四五六七八九十]{1,3}、")
_SENTENCE_END = re.compile(r"[。!?\n;](?:(?<=;)(?=[一二三四五六七八九十]{1,2}是)|(?<!;)[。!?\n]*”?)")
"""Begins with a set of characters, which is searched for quickly."""
_PLAN = re.compile(
    r"下一?步|下阶段|下一阶段|今后|工作计划|工作打算|工作安排|工作思路|努力方向|打算|工作要求|工作建议|明年|来年|意见建议"
)
_DONE = re.compile(r"总结|完成情况|开展情况|进展|落实情况|成效|回顾|通报|情况")
_IMPRINT = re.compile(
    r"\s*(?:\[?(?:信息|文章)?来源|稿源|作者|编辑|责编|责任编辑|审核|发布(?:时间|日期|机构|单位)|时间|日期|浏览|阅读"
    r"|当前位置|您(?:当前|现在|所在)的?位置|索引号|索 ?引 ?号|名称:|字号|分享|打印|关键词|标签|免费发布"
    r"|上一篇|下一篇|相关阅读|推荐阅读)"
)
_STATED = re.compile(r"排名|仍[然占居]|居首|占大头|明显(?:上升|下降)|最[受多高]|同比")
_CAPTION = re.compile(
    r"图为|[^，,;:]{0,8}(?:组|人员|民警|交警|队员|领导|一行)(?:正在?|在|对|到|赴|向|检查|查看|督查|走访|深入)"
)
_PREVENTION = re.compile(r"防范|遏制|杜绝|预防|防止|避免")
_LIST_OPENS = re.compile(r"[， ]*(?:其中|[^，,:;]{0,20}事故中)[， :,]+[!-~ ]*|[， ]*其中")
_CLAUSE_END = re.compile(r"[，,。;]")
"""A plan named in a later clause only belongs to what a sentence is about (分析形势，并就下一步…)."""
_LONGEST_HEADING = 45
_LONGEST_SENTENCE = 2000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text; ``body`` is where it begins after its number (一、, (二), 3.)."""

    start: int
    end: int
    body: int
    numbered: bool
    main: bool
    """Numbered 一、二、…: a new main section."""
    heading: bool


def paragraphs(text: str) -> Iterator[Paragraph]:
    """The lines of ``text`` that hold anything."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if not text[start:end].isspace() and end > start:
            yield _paragraph(text, start, end)
        start = end + 1


def _paragraph(text: str, start: int, end: int) -> Paragraph:
    number = ENUMERATOR.match(text, start, end)
    body = number.end() if number else start
    return Paragraph(
        start,
        end,
        body,
        bool(number),
        bool(_MAIN.match(text, start, end)),
        _is_heading(text, body, end, bool(number)),
    )


def _is_heading(text: str, start: int, end: int, numbered: bool) -> bool:
    if end - start > _LONGEST_HEADING or _IMPRINT.match(text, start, end) or "事故中:" in text[start:end]:
        return False
    last = text[start:end].rstrip()[-1:]
    return last not in "。;，,、" or (
        numbered and "。" not in text[start : end - 1] and "，" not in text[start:end]
    )


def is_statement(heading: str) -> bool:
    """Whether a heading states a piece of news (仍排名第一), or is a picture's caption (检查组在…)."""
    return bool(_STATED.search(heading) or _CAPTION.match(heading))


def is_prevention(heading: str) -> bool:
    """Whether a heading is about keeping accidents off (防范重特大事故), not about those that happened."""
    return bool(_PREVENTION.search(heading))


def opens_list(text: str, start: int, end: int) -> bool:
    """Whether a sentence only opens the lines below: a bare 其中：, or …事故中：."""
    return text.find("中", start, end) >= 0 and bool(_LIST_OPENS.fullmatch(text, start, end))


def is_imprint(text: str, line: Paragraph) -> bool:
    """Whether a line tells who published a page, when and where."""
    return bool(_IMPRINT.match(text, line.start, line.end))


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence in ``text[start:end]``, the closing mark left out.

    An endless sentence is cut, so that the work done for one number stays bounded.
    """
    for mark in _SENTENCE_END.finditer(text, start, end):
        stop = mark.start()
        if stop - start > _LONGEST_SENTENCE:
            yield from _cut(text, start, stop)
        elif stop > start:
            yield start, stop
        start = mark.end()
    yield from _cut(text, start, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST_SENTENCE:
        limit = start + _LONGEST_SENTENCE
        stop = max(text.rfind(mark, start, limit) for mark in ";，,、") + 1
        stop = stop if stop > start else limit
        yield start, stop
        start = stop
    if start < end:
        yield start, end


def is_plan(heading: str) -> bool:
    """Whether a heading opens the part that plans what is to come."""
    plan = _PLAN.search(heading)
    return (
        bool(plan)
        and not _CLAUSE_END.search(heading, 0, plan.start() if plan else 0)
        and not _DONE.search(heading, plan.end() if plan else 0)
        and not heading.endswith("情况")
    )
