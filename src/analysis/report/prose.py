"""A notebook's Markdown as HTML: raw HTML is shown as text, mathematics is off, headings have stable ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import mistune
import nh3
from markupsafe import Markup

from analysis.report.markup import clean, slug

_CONTENTS_LEVEL = 2
_WIDE = "[\u3000-\u9fff\uff00-\uffef]"
_BREAK = re.compile(f"(?<={_WIDE})\\n(?={_WIDE})")
"""A line break in the source between two Chinese characters, which must not become a space."""


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the contents list."""

    anchor: str
    title: str
    level: int


@dataclass
class Prose:
    """Renders a notebook's Markdown cells in order and keeps what the contents list needs.

    First-level headings are left out: a page has one title, and it is the registry's.
    """

    headings: list[Heading] = field(default_factory=list)

    def html(self, source: str) -> Markup:
        """One cell's Markdown as sanitised HTML."""
        render = mistune.create_markdown(renderer=_Renderer(self), plugins=["table", "strikethrough"])
        return clean(_BREAK.sub("", str(render(source))))

    def anchor(self, title: str, level: int, taken: Iterable[str] = ()) -> str:
        """A heading's id, made of its words; a second one of the same words gets a number."""
        used = {heading.anchor for heading in self.headings} | set(taken)
        plain = slug(title)
        anchor = next(a for a in (plain, *(f"{plain}-{i}" for i in range(2, 1000))) if a not in used)
        self.headings.append(Heading(anchor, title, level))
        return anchor

    @property
    def contents(self) -> list[Heading]:
        """The sections."""
        return [heading for heading in self.headings if heading.level == _CONTENTS_LEVEL]


class _Renderer(mistune.HTMLRenderer):
    def __init__(self, prose: Prose) -> None:
        super().__init__(escape=True)
        self._prose = prose

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        if level == 1:
            return ""
        title = str(Markup(nh3.clean(text, tags=set())).unescape())  # noqa: S704 (tags taken out)
        anchor = self._prose.anchor(title, level)
        link = f'<a class="permalink" href="#{anchor}" aria-label="本节链接">#</a>'
        return f'<h{min(level, 4)} id="{anchor}">{text} {link}</h{min(level, 4)}>\n'
