"""Where values become HTML, and nowhere else: escaping templates, and an allow-list for what comes ready."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "template"
_TAGS = {
    *("p", "div", "section", "article", "h2", "h3", "h4", "hr", "br", "pre", "blockquote"),
    *("a", "abbr", "b", "code", "em", "i", "s", "small", "span", "strong", "sub", "sup", "time"),
    *("ul", "ol", "li", "dl", "dt", "dd", "details", "summary", "figure", "figcaption", "img"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
_EVERYWHERE = {"id", "class", "lang", "title", "role", "aria-label", "aria-hidden", "tabindex"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "time": {"datetime"},
}
_PLAIN = " '/:=;,.-_()+*!~@{}?$[]|"
"""What a data address may hold as it is, beside letters and digits (RFC 3986, and spaces)."""
_IMAGE = re.compile(rf"data:image/(svg\+xml,[A-Za-z0-9%{re.escape(_PLAIN)}]+|png;base64,[A-Za-z0-9+/=]+)")


@cache
def environment() -> Environment:
    """The templates of this floor; every value put into them is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def templates() -> Any:
    """The macros of fragments.html.j2."""
    return environment().get_template("fragments.html.j2").module


def fragment(name: str, **values: object) -> Markup:
    """The macro ``name`` of fragments.html.j2 with its values."""
    macro = getattr(templates(), name)
    return Markup(str(macro(**values)).strip())  # noqa: S704 (the template escaped every value)


def clean(html: str) -> Markup:
    """HTML less all that is not on the list: no script, style, event, form, frame or outside address."""
    kept = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed_address,
        url_schemes={"data"},
        link_rel=None,
    )
    return Markup(kept)  # noqa: S704 (just sanitised)


def _allowed_address(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if value.startswith("#") else None
    if attribute == "src":
        return value if _IMAGE.fullmatch(value) else None
    return value


def svg_uri(svg: str) -> str:
    """An SVG as the source of an ``img``, where no script in it could run."""
    return "data:image/svg+xml," + quote(svg.replace('"', "'").replace("\n", " "), safe=_PLAIN)


def slug(text: str) -> str:
    """A stable id made of a heading's own words; letters of any script, digits and hyphens."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[^\w]+", "-", folded).strip("-") or "section"
