"""Where a report treats a sector: the first figure or table with a row of it, for the index's search."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analysis import vocabulary

_FIGURE = re.compile(r'<figure\b[^>]*\bid="((?:figure|table)-[^"]+)"[^>]*>(.*?)</figure>', re.DOTALL)
_LABEL = re.compile(r'<t(?:h scope="row"|d class="text")>([^<]+)</t[hd]>')


def sector_places(shown: Iterable[str]) -> dict[str, str]:
    """Sector code → id of the first figure or table with a row of that sector; only those that have one."""
    codes = {sector.name_zh: code for code, sector in vocabulary.sectors().items()}
    found: dict[str, str] = {}
    for html in shown:
        for anchor, content in _FIGURE.findall(html):
            for label in _LABEL.findall(content):
                if label in codes:
                    found.setdefault(codes[label], anchor)
    return found
