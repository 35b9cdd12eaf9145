"""Sections of a public page in which everything is withheld: named in one sentence, not left empty."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup

from analysis.report.markup import fragment

_HEADING = re.compile(r"(?=<h[23] id=)")
_TITLE = re.compile(r"<h3 [^>]*>(.*?)\s*<a .*?</h3>", re.DOTALL)
_WITHHELD = re.compile(r'<p class="note withheld">.*?</p>', re.DOTALL)


def without_empty(blocks: Iterable[Markup]) -> Markup:
    """The blocks of a page as one, the empty third-level sections named at the end of their chapter."""
    preface, *parts = _HEADING.split("\n".join(blocks))
    shown, empty = [preface], list[str]()
    for part in parts:
        title = _TITLE.match(part)
        if title and _WITHHELD.search(part) and not _WITHHELD.sub("", _TITLE.sub("", part)).strip():
            empty.append(title[1])
            continue
        if part.startswith("<h2"):
            shown += _named(empty)
            empty = []
        shown.append(part)
    return Markup("".join([*shown, *_named(empty)]))  # noqa: S704 (parts of blocks that were markup)


def _named(titles: list[str]) -> list[str]:
    names = [Markup(title) for title in titles]  # noqa: S704 (taken out of markup)
    return [f"{fragment('withheld_sections', names=names)}\n"] if names else []
