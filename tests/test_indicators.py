"""The hub: what was seen by a cutoff, counted by hand on a few rows."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from analysis import indicators
from analysis.period import Period
from analysis.scope import Scope
from analysis.store import Store
from tests.conftest import COUNTY

Put = Callable[..., Store]
PLACE = {"file": "2023/a.xlsx", "sheet": "s", "part": 1}
HAZARD = {
    **PLACE,
    "township": "甲",
    "enterprise": "e",
    "sector": "gas",
    "level": "general",
    "source": "department",
    "status": "open",
    "description": "x",
    "found_on": date(2023, 3, 1),
}


def hazards(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**HAZARD, "hazard_id": str(row), "row": row, **change} for row, change in enumerate(changes, start=2)
    ]


def total(
    store: Store, indicator: str, as_of: date = date(2023, 12, 31), source: str = "ledger", **where: object
) -> float:
    frame = indicators.read(store, Scope(COUNTY, Period(as_of.year), as_of))
    rows = frame[(frame["indicator"] == indicator) & (frame["source"] == source)]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return float(rows["value"].sum())


def test_what_is_recorded_after_the_cutoff_is_unseen(put: Put) -> None:
    """Replayed as of a day, the data must give the figures as they stood on it."""
    store = put(
        "hazards", 2023, hazards({}, {"recorded_on": date(2023, 6, 2)}, {"found_on": date(2023, 7, 1)})
    )
    assert total(store, "hazards_found", date(2023, 6, 1)) == 1
    assert total(store, "hazards_found", date(2023, 6, 2)) == 2
    assert total(store, "hazards_found") == 3


def test_rectification_is_as_of_the_cutoff(put: Put) -> None:
    rectified = {"status": "rectified", "rectified_on": date(2023, 8, 1), "verified_on": date(2023, 9, 1)}
    store = put("hazards", 2023, hazards(rectified, {}))
    assert total(store, "hazards_rectified", date(2023, 7, 31)) == 0
    assert total(store, "hazards_rectified", date(2023, 8, 1)) == 1
    assert total(store, "hazards_verified", date(2023, 8, 31)) == 0
    assert total(store, "hazards_pending", date(2023, 8, 31)) == 1


def test_rectified_without_a_date_counts_as_rectified(put: Put) -> None:
    store = put("hazards", 2023, hazards({"status": "rectified"}, {"status": "verified"}, {}))
    assert total(store, "hazards_rectified") == 2
    assert total(store, "hazards_rectified_on_time") == 0, "when it was is not known"


def test_the_deadline_in_force_counts_extensions_granted_by_the_cutoff(put: Put) -> None:
    extended = {
        "due_on": date(2023, 4, 1),
        "extended_on": date(2023, 4, 20),
        "extended_due_on": date(2023, 6, 1),
        "rectified_on": date(2023, 5, 15),
        "status": "rectified",
    }
    store = put("hazards", 2023, hazards(extended))
    assert total(store, "hazards_overdue", date(2023, 4, 10)) == 1, "not yet extended, past its deadline"
    assert total(store, "hazards_overdue", date(2023, 4, 25)) == 0, "extended"
    assert total(store, "hazards_rectified_on_time", date(2023, 6, 30)) == 1


def test_sources_of_discovery_add_up(put: Put) -> None:
    sources = ("self_reported", "department", "expert", "public_report")
    store = put("hazards", 2023, hazards(*({"source": source, "level": "major"} for source in sources)))
    assert total(store, "major_hazards_found") == 4
    assert total(store, "major_hazards_self_reported") == 1
    assert total(store, "major_hazards_department_found") == 3


def test_a_return_counts_only_when_its_month_is_over(put: Put) -> None:
    months = [
        {**PLACE, "row": month, "month": month, "sector": "gas", "inspections": 10} for month in (5, 6, 12)
    ]
    store = put("enforcement", 2023, months)
    assert total(store, "inspections", date(2023, 6, 29), "return") == 10
    assert total(store, "inspections", date(2023, 6, 30), "return") == 20, "June is over"
    assert total(store, "inspections", date(2023, 12, 31), "return") == 30


def test_money_adds_up_exactly(put: Put) -> None:
    fines = [
        {
            **PLACE,
            "row": row,
            "party": "p",
            "document_number": str(row),
            "body": "b",
            "fine": Decimal("0.10"),
            "decided_on": date(2023, 1, row),
        }
        for row in range(1, 11)
    ]
    assert total(put("penalties", 2023, fines), "fines") == 1.0


def test_a_document_of_several_sectors_is_no_sector_figure(put: Put) -> None:
    fact = {
        "document": "d.txt", "line": 1, "start": 0, "end": 4, "quote": "q", "indicator": "hazards_found",
        "measure": "level", "value": Decimal(7), "unit": "条", "qualifier": "exact",
        "period_start": date(2023, 1, 1), "period_end": date(2023, 12, 31),
    }  # fmt: skip
    store = put(
        "facts",
        2023,
        [
            {**fact, "sector": "gas"},
            {**fact, "sector": "gas;fire"},
            {**fact, "sector": "gas", "measure": "change"},
        ],
    )
    assert total(store, "hazards_found", source="document") == 7


def test_every_row_says_where_it_comes_from(put: Put) -> None:
    store = put("hazards", 2023, hazards({}, {"township": "乙"}, {"found_on": date(2023, 4, 1)}))
    frame = indicators.read(store, Scope(COUNTY, Period(2023), date(2023, 12, 31)))
    assert frame["evidence"].str.match(r"2023/a\.xlsx#s:\d+-\d+ \(\d+\)").all()
    assert set(frame["source"]) == {"ledger"}


def test_years_are_seen_at_the_same_cutoff_day(put: Put) -> None:
    put("hazards", 2022, hazards({"found_on": date(2022, 6, 1)}, {"found_on": date(2022, 11, 1)}))
    store = put("hazards", 2023, hazards({"found_on": date(2023, 6, 1)}))
    frame = indicators.read(store, Scope(COUNTY, Period(2023), date(2023, 9, 30), (2022,)))
    found = frame[frame["indicator"] == "hazards_found"].groupby("year")["value"].sum()
    assert found.to_dict() == {2022: 1, 2023: 1}


def test_a_county_without_any_table_gives_an_empty_hub(put: Put, tmp_path: Any) -> None:
    frame = indicators.read(Store(tmp_path), Scope(COUNTY, Period(2023), date(2023, 12, 31)))
    assert isinstance(frame, pd.DataFrame)
    assert frame.empty
