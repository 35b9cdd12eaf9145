"""References inside a page: a finding names the key of a figure or table, the page knows where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from markupsafe import Markup

_PLACE = re.compile(
    r'<figure\b[^>]*\bid="((?:figure|table)-([^"]+))"[^>]*>\s*<figcaption>(.*?)(?:<span|<a )', re.DOTALL
)
_REFERENCE = re.compile(r'<a\b[^>]*\bhref="#see-([^"]+)"[^>]*>.*?</a>', re.DOTALL)


def places(shown: Iterable[Markup]) -> dict[str, tuple[str, Markup]]:
    """Where each key's figure or table stands on the page: its id and its caption; the first one counts."""
    found: dict[str, tuple[str, Markup]] = {}
    for block in shown:
        for anchor, key, caption in _PLACE.findall(block):
            found.setdefault(key, (anchor, Markup(caption.strip())))  # noqa: S704 (sanitised before)
    return found


def filled(shown: Markup, known: Mapping[str, tuple[str, Markup]]) -> Markup:
    """The block with its references linked; one to something this page does not show is left out."""

    def link(reference: re.Match[str]) -> str:
        if reference[1] not in known:
            return ""
        anchor, caption = known[reference[1]]
        return f'<p>见 <a href="#{anchor}">{caption}</a></p>'

    return Markup(_REFERENCE.sub(link, shown))  # noqa: S704 (parts of sanitised HTML)
