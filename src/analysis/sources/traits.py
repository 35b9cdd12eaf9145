"""What a sentence can hold at all: asked once, so that no number of it asks in vain."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.sources import periods
from analysis.sources.lexicon import Words, mask
from analysis.sources.refusals import may_plan

_WHOLE = re.compile(r"全[县市区省国镇乡]|全年|我[县市区省镇]")
_SPLIT = re.compile(r"其中|分别为|包括")


@dataclass(frozen=True, slots=True)
class Traits:
    """Whether a sentence holds a word of time, of what is planned, of parts (其中), a bracket, a campaign."""

    dated: bool
    planned: bool
    parted: bool
    bracketed: bool
    campaigned: bool
    whole_from: int
    """Where the first word for the whole county or year ends; past the sentence where there is none."""


def traits_of(text: str, start: int, end: int, found: Words) -> Traits:
    """The traits of ``text[start:end]``; ``found`` are its words."""
    whole = _WHOLE.search(text, start, end)
    return Traits(
        dated=periods.is_dated(text, start, end),
        planned=may_plan(text, start, end),
        parted=bool(_SPLIT.search(text, start, end)),
        bracketed=text.find("(", start, end) >= 0,
        campaigned=bool(found.classes & mask("OPERATION")),
        whole_from=whole.end() if whole else end + 1,
    )


def opens_part(text: str, start: int, end: int) -> bool:
    """Whether a stretch of text says that a part follows (其中)."""
    return bool(_SPLIT.search(text, start, end))
