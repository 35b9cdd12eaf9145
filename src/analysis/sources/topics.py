"""The one field that a whole document is about, where its title or its opening says so.

市消防救援支队开展夜查行动 is about fire protection all through. A title may name an office that covers more
(a bureau); such a topic gives way to the field that the figures themselves name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.sources.lexicon import Token, mask, tokens
from analysis.sources.scopes import Sectors, distinct_sectors
from analysis.vocabulary import SECTOR_TOTAL

_OFFICE = re.compile(r"(?:安全)?(?:管理|监管|监督|监督管理|行政)?(?:局|厅|委|部门|站|支队|大队|中队|处|办)")
_MAIN_SHARE = 0.5
"""An opening is the document's topic where at least this share of the fields it names are of that field."""


@dataclass(frozen=True, slots=True)
class Topic:
    """``firm``: the field itself is named, not only an office."""

    sectors: Sectors = ()
    firm: bool = False


def of_title(text: str, found: Iterable[Token]) -> Topic:
    """The topic that a title gives; none where it names several fields."""
    named = [token for token in found if token.word.sector]
    fields = distinct_sectors(token for token in named if not _is_office(text, token))
    if len(fields) == 1:
        return Topic(fields, firm=True)
    offices = distinct_sectors(named)
    return Topic(offices) if not fields and len(offices) == 1 else Topic()


def _is_office(text: str, token: Token) -> bool:
    return text[token.end - 1] in "局厅委" or bool(_OFFICE.match(text, token.end))


def of_opening(text: str, start: int, end: int) -> Topic:
    """The topic of a first sentence that tells of inspections in one field, which the rest then keeps to."""
    opening = tokens(text, start, end)
    fields = distinct_sectors(opening)
    acts = mask("INSPECT", "OPERATION")
    if len(fields) != 1 or not any(token.word.classes & acts for token in opening):
        return Topic()
    counted = Counter(token.word.sector for token in tokens(text, 0, len(text)) if token.word.sector)
    counted.pop(SECTOR_TOTAL, None)
    main = counted[fields[0]] >= _MAIN_SHARE * counted.total()
    return Topic(fields, firm=True) if main else Topic()
