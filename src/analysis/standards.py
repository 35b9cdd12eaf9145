"""The standards that define major hazards (重大事故隐患判定标准), by date: was a hazard's criterion in force?

The registry is vocabulary/standards.csv. A date that could not be verified is marked there (certain: no), and
a verdict that rests on one says so. Clauses are not judged, only which standard is cited.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import pandas as pd

from analysis import vocabulary
from analysis.vocabulary import Standard

Verdict = Literal["in_force", "not_yet", "outdated", "unregistered", "missing", "no_standard"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""In force; not yet in force; no longer in force; no registered standard is named; a major hazard of a sector
that has a standard names none; the same where the sector has none registered for that day.
"""


def judge(hazards: pd.DataFrame) -> pd.DataFrame:
    """Each major hazard's criterion against the standards in force on the day it was found.

    Args:
        hazards: Rows with sector, level, criterion and found_on (as in the table of hazards).

    Returns:
        A frame with the index of the major hazards: ``standard`` (code, missing where none is named),
        ``verdict`` (one of VERDICTS) and ``certain`` (False where a date that could not be verified decides).
    """
    major = hazards[hazards["level"] == "major"]
    keys = list(zip(major["sector"], major["criterion"], major["found_on"], strict=True))
    judged = {key: _judge(*key) for key in dict.fromkeys(keys)}
    columns = ["standard", "verdict", "certain"]
    return pd.DataFrame([judged[key] for key in keys], index=major.index, columns=columns)


def named_in(criterion: str) -> list[Standard]:
    """The registered standards that a text names, by number or by the longest name in it."""
    text = vocabulary.normalise(criterion)
    standards = vocabulary.standards().values()
    by_number = [standard for standard in standards if vocabulary.normalise(standard.number) in text]
    lengths = {standard.code: _longest_name(standard, text) for standard in by_number or standards}
    longest = max(lengths.values(), default=0)
    if not longest:
        return by_number
    return [vocabulary.standards()[code] for code, length in lengths.items() if length == longest]


def _longest_name(standard: Standard, text: str) -> int:
    forms = (vocabulary.normalise(form) for form in (standard.name_zh, *standard.aliases))
    return max((len(form) for form in forms if form in text), default=0)


def in_force(sector: str, day: date) -> list[Standard]:
    """The registered standards of a sector that are in force on a day."""
    standards = vocabulary.standards().values()
    return [standard for standard in standards if sector in standard.sectors and standard.covers(day)]


def begun(sector: str, after: date, until: date) -> list[Standard]:
    """The registered standards of a sector that came into force after one day and by another."""
    standards = vocabulary.standards().values()
    return [each for each in standards if sector in each.sectors and after < each.in_force_from <= until]


def _judge(sector: str, criterion: object, found: pd.Timestamp) -> tuple[str | None, Verdict, bool]:
    day = found.date()
    if not isinstance(criterion, str) or not criterion.strip():
        due = in_force(sector, day)
        return (
            (None, "missing", any(standard.certain for standard in due))
            if due
            else (None, "no_standard", True)
        )
    named = named_in(criterion)
    if not named:
        return None, "unregistered", True
    covering = [standard for standard in named if standard.covers(day)]
    if covering:
        return covering[-1].code, "in_force", covering[-1].certain
    later = [standard for standard in named if standard.in_force_from > day]
    chosen = (later or named)[0 if later else -1]
    return chosen.code, "not_yet" if later else "outdated", chosen.certain
