"""How an extraction is written out: CSV and JSON as they are, for machines, and its coverage in words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from decimal import Decimal

from analysis.messages import Message
from analysis.sources.facts import COLUMNS, Extraction, Fact, Unread


def as_csv(facts: Iterable[Fact]) -> str:
    """The facts as CSV with a header; values are plain decimals, money in yuan."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(fact) for fact in facts)
    return out.getvalue()


def as_json(extraction: Extraction) -> str:
    """The extraction as JSON: facts, the numbers that became none, and the coverage."""
    content = {
        "facts": [dict(zip(COLUMNS, _cells(fact), strict=True)) for fact in extraction.facts],
        "unread": [
            {name: getattr(number, name) for name in number.__slots__} for number in extraction.unread
        ],
        "numbers": extraction.numbers,
        "coverage": round(extraction.coverage, 4),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def plain(value: Decimal) -> str:
    """A decimal without exponent and needless zeros: 101800.00 → 101800."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def coverage(found: Extraction) -> Message:
    """How many numbers of the text became figures, are none by their nature, and stay open."""
    missing = len(found.missing)
    return Message(
        "extract_coverage",
        values={
            "numbers": found.numbers,
            "read": found.numbers - len(found.unread),
            "other": len(found.unread) - missing,
            "missing": missing,
        },
    )


def unread_line(number: Unread) -> Message:
    """A number that became no figure, with its place and the reason."""
    reason = Message(f"unread_{number.reason}").text().rstrip("。. ")
    return Message("extract_unread", row=number.line, values={"quote": number.quote, "reason": reason})


def _cells(fact: Fact) -> list[object]:
    return [_cell(getattr(fact, column)) for column in COLUMNS]


def _cell(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else value if isinstance(value, int) else str(value)
