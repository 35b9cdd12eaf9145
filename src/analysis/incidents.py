"""What the State Council's regulation says of an incident: its grade, and whether it was reported in time.

《生产安全事故报告和调查处理条例》(国务院令第493号, in force from 1 June 2007), articles 3 and 9. "以上"
includes the number itself, "以下" does not (article 44).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

import pandas as pd

Grade = Literal["ordinary", "larger", "major", "especially_major"]
"""一般、较大、重大、特别重大."""
REPORT_WITHIN = timedelta(hours=1)
"""Article 9: the head of the unit reports to the county's departments within an hour of being told."""
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Threshold:
    """From how many deaths, serious injuries or yuan of direct loss on a grade holds (any one is enough)."""

    grade: Grade
    deaths: int
    serious_injuries: int
    direct_loss: Decimal


THRESHOLDS = (
    Threshold("especially_major", 30, 100, 100 * _MILLION),
    Threshold("major", 10, 50, 50 * _MILLION),
    Threshold("larger", 3, 10, 10 * _MILLION),
)


def grade(deaths: int, serious_injuries: int = 0, direct_loss: Decimal | float = 0) -> Grade:
    """The grade of an incident (article 3).

    Args:
        deaths: Persons killed.
        serious_injuries: Persons seriously injured, acute industrial poisoning included.
        direct_loss: Direct economic loss in yuan.
    """
    for threshold in THRESHOLDS:
        if (
            deaths >= threshold.deaths
            or serious_injuries >= threshold.serious_injuries
            or direct_loss >= threshold.direct_loss
        ):
            return threshold.grade
    return "ordinary"


def graded(incidents: pd.DataFrame) -> pd.Series[str]:
    """The grade of each row with deaths, serious_injuries and direct_loss; what is missing counts as none."""
    known = incidents[["deaths", "serious_injuries", "direct_loss"]].astype("float64").fillna(0)
    grades = [grade(int(row[0]), int(row[1]), float(row[2])) for row in known.to_numpy()]
    return pd.Series(grades, index=incidents.index, dtype="str")


def delay(incidents: pd.DataFrame) -> pd.Series[pd.Timedelta]:
    """Time from occurrence to report; missing where one is missing or carries no time of day.

    A moment at exactly midnight is a day without a time, as the reader stores it.
    """
    timed = incidents[["occurred_at", "reported_at"]].apply(
        lambda moments: moments.where(moments != moments.dt.normalize())
    )
    between: pd.Series[pd.Timedelta] = timed["reported_at"] - timed["occurred_at"]
    return between


PENALISED = re.compile(r"发生[^，。；、]*事故(?!隐患)")
"""A penalty for an incident that happened (发生…事故), not for a hazard (事故隐患)."""
DECIDED_WITHIN = timedelta(days=365)
"""So long after an incident its penalty may be decided."""


def penalised_without_record(penalties: pd.DataFrame, incidents: pd.DataFrame) -> pd.DataFrame:
    """The penalties that speak of an incident of which the list has none in that sector in the year before.

    They are to be looked into: the incident may be of a sector that the list writes otherwise.

    Args:
        penalties: Rows with sector, case, facts and decided_on.
        incidents: Rows with sector and occurred_at.
    """
    words = penalties["case"].fillna("") + "。" + penalties["facts"].fillna("")
    named = penalties[words.map(lambda text: PENALISED.search(text) is not None).astype(bool)]
    pairs = zip(named["sector"], named["decided_on"], strict=True)
    known = [_known(sector, decided, incidents) for sector, decided in pairs]
    return named[~pd.Series(known, index=named.index, dtype=bool)]


def _known(sector: object, decided: pd.Timestamp, incidents: pd.DataFrame) -> bool:
    between = incidents["occurred_at"].between(decided - DECIDED_WITHIN, decided + timedelta(days=1))
    return bool((between & (incidents["sector"] == sector)).any())


def late(incidents: pd.DataFrame) -> pd.Series[bool]:
    """Whether an incident was reported more than an hour after it occurred (article 9).

    The rule's hour runs from when the unit's head was told; the list holds only the occurrence, so a late one
    is to be looked into, not a proven breach.
    """
    return (delay(incidents) > REPORT_WITHIN).fillna(False).astype(bool)
