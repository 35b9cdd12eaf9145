"""The editions of a report (版本) and what each may show of a table's cells.

Masking happens before anything is drawn or written, so that figures, tables, alt texts and saved notebooks
hold the same, and an edition that may not know a name never holds it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Kind = Literal[
    "text",
    "count",
    "number",
    "share",
    "money",
    "day",
    "enterprise",
    "evidence",
    "quote",
    "file",
]
"""What a column holds: it decides the format, and whether an edition shows it.

``share`` is a ratio shown in per cent, ``money`` yuan, ``evidence`` row ids, ``quote`` words of a ledger or
document (descriptions too), ``file`` names of files and sheets.
"""


class Edition(StrEnum):
    """Who reads: the office itself, the county's leadership (内部资料), or the public."""

    INTERNAL = "internal"
    LEADERSHIP = "leadership"
    PUBLIC = "public"

    @property
    def title_zh(self) -> str:
        """How the report's head names it."""
        return _TITLES[self]

    def shows(self, kind: Kind) -> bool:
        """Whether a column of this kind stands in this edition at all (its cells may still be masked)."""
        return kind not in _HIDDEN[self]

    @property
    def shows_rows(self) -> bool:
        """Whether evidence names single rows, documents and sentences."""
        return self is Edition.INTERNAL

    @property
    def suppresses(self) -> bool:
        """Whether cells of few enterprises are withheld."""
        return self is Edition.PUBLIC


_TITLES = {
    Edition.INTERNAL: "工作版（仅限本单位）",
    Edition.LEADERSHIP: "领导版（内部资料）",
    Edition.PUBLIC: "公开版",
}
_HIDDEN: dict[Edition, frozenset[Kind]] = {
    Edition.INTERNAL: frozenset(),
    Edition.LEADERSHIP: frozenset({"quote", "file"}),
    Edition.PUBLIC: frozenset({"quote", "file", "enterprise", "evidence", "day"}),
}
