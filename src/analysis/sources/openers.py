"""What opens a run of clauses and names their field: an office (教育局…), or a focus (聚焦燃气安全，…)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from analysis.sources.lexicon import Words
from analysis.sources.scopes import Sectors, lead_at, opens_clause

_OFFICE = re.compile(r"(?<![^，,;。:])[^，,;。:\d]{1,9}?(?:局|厅|委(?!会|托)|[总支大]队|供电公司)(?!长)")
_FOCUS = re.compile(
    r"(?<![^;。:是])(?:聚焦|紧盯|围绕|突出|紧扣|针对|狠抓|抓[好实牢]|强化|加强|深化|推进)(?=[^，,;。:\d]{2,20}[，,:])"
)
_PASSAGE = ("领域", "行业", "方面", "系统", "战线")
"""矿山领域整治隐患…: what such a passage tells is of its field."""


class Opener(NamedTuple):
    """Where an opener stands, and its field: none for an office that has none."""

    start: int
    end: int
    sectors: Sectors
    focus: bool


class Openers:
    """Finds the openers of one sentence; each holds up to the next one, or the next semicolon."""

    def __init__(self, text: str, start: int, end: int, found: Words) -> None:
        self.text, self.start, self.end, self.found = text, start, end, found

    def before(self, at: int) -> Opener | None:
        """The opener of the clause at an offset."""
        last = next((opener for opener in reversed(self._every) if opener.end <= at), None)
        return last if last and self.text.find(";", last.end, at) < 0 else None

    @cached_property
    def _every(self) -> list[Opener]:
        return sorted([*self._offices(), *self._focuses(), *self._passages()])

    def _offices(self) -> Iterator[Opener]:
        for office in _OFFICE.finditer(self.text, self.start, self.end):
            named = [token for token in self.found.between(*office.span()) if token.word.sector]
            own = named and opens_clause(self.text, office.start(), named[0])
            yield Opener(*office.span(), (named[0].word.sector,) if own else (), focus=False)

    def _focuses(self) -> Iterator[Opener]:
        for verb in _FOCUS.finditer(self.text, self.start, self.end):
            fields = [token for token in self.found.between(verb.end(), self.end) if token.word.sector]
            sectors, end = lead_at(self.text, verb.end(), self.end, fields, alone=False)
            if len(sectors) == 1:
                yield Opener(verb.start(), end, sectors, focus=True)

    def _passages(self) -> Iterator[Opener]:
        for token in self.found.between(self.start, self.end):
            opens = token.start == self.start or self.text[token.start - 1] in "，,;:"
            if token.word.sector and opens and self.text.startswith(_PASSAGE, token.end):
                yield Opener(token.start, token.end, (token.word.sector,), focus=True)
