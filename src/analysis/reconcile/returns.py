"""Contradictions between the returns and the ledger or the penalty list, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from analysis import vocabulary
from analysis.messages import Message
from analysis.reconcile.evidence import places
from analysis.sources.listing import plain

_COMPARED = (
    ("hazards_found", "hazards_department_found", "sector"),
    ("penalties_issued", "penalties_issued", "department"),
)
"""An indicator of the returns, what ledger or list count of the same (a return has no self-reports), and
whose figures are compared: a penalty list names who decided, and its sector is only inferred.
"""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The months of a sector or department in which return and ledger (or list) differ."""

    indicator: str
    whose: str
    months: tuple[int, ...]
    returned: Decimal
    counted: Decimal
    evidence: str
    warning: bool = False

    @property
    def difference(self) -> Decimal:
        """How much more the returns have."""
        return self.returned - self.counted

    @property
    def message(self) -> Message:
        """What to tell the user, with the rows of both."""
        values: dict[str, object] = {
            "indicator": vocabulary.name("indicator", self.indicator),
            "whose": self.whose,
            "months": "、".join(map(str, self.months)),
            "returned": plain(self.returned),
            "counted": plain(self.counted),
            "difference": plain(abs(self.difference)),
            "evidence": self.evidence,
        }
        return Message("contradiction_return", values=values)


def check_returns(rows: pd.DataFrame, county: str = "") -> list[Mismatch]:
    """Where the returns differ from ledger and penalty list.

    Args:
        rows: Table ``indicators`` of one county's year, with all that was recorded later.
        county: The county's name, which the penalty list writes before that of a department.

    Returns:
        One mismatch per indicator and sector or department. Months without a return of it are not
        compared, nor what only one of the sources has.
    """
    rows = rows.assign(department=rows["department"].str.removeprefix(county))
    found: list[Mismatch] = []
    for indicator, counted, by in _COMPARED:
        returns = rows[rows["source"] == "return"]
        ledger = rows[(rows["source"] == "ledger") & (rows["indicator"] == counted)]
        months = returns[returns[by].isin(ledger[by])][[by, "month"]].drop_duplicates()
        returns = returns[returns["indicator"] == indicator]
        if not returns.empty:
            found += _mismatches(indicator, by, returns, ledger, pd.MultiIndex.from_frame(months))
    return found


def _mismatches(
    indicator: str, by: str, returns: pd.DataFrame, ledger: pd.DataFrame, reported: pd.MultiIndex
) -> Iterator[Mismatch]:
    rows = pd.concat([returns.assign(side="returned"), ledger.assign(side="counted")])
    sums = rows.pivot_table(
        index=[by, "month"], columns="side", values="value", aggfunc="sum", fill_value=0.0
    )
    sums = sums[sums.index.isin(reported) & (sums["returned"] != sums["counted"])]
    for code, differing in sums.groupby(level=by):
        months = tuple(int(month) for month in differing.index.get_level_values("month"))
        own = rows[(rows[by] == code) & rows["month"].isin(months)]
        returned, counted = (
            Decimal(str(round(differing[side].sum(), 2))) for side in ("returned", "counted")
        )
        name = vocabulary.name("sector", str(code)) if by == "sector" else str(code)
        yield Mismatch(indicator, name, months, returned, counted, places(own["evidence"]))
