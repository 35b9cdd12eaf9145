"""The hub: what was seen by a cutoff, counted by hand on a few rows."""

import itertools
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import indicators, vocabulary
from analysis.period import Period
from analysis.publish import unfinished
from analysis.schema import TABLES, Table
from analysis.scope import Scope
from analysis.store import Store
from tests.conftest import COUNTY, each_engine, writer

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


@each_engine
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


@each_engine
def test_counties_are_counted_apart_and_each_once(put: Put) -> None:
    """By hand: the cutoff holds, and a campaign's enterprises, which are their sector's, count once."""
    put("hazards", 2023, hazards({}, {"level": "major"}, {"found_on": date(2023, 8, 1)}))
    put("hazards", 2023, hazards({"sector": "fire"}), county="990102")
    listed = {**PLACE, "sector": "gas", "regulated_enterprises": 40}
    store = put("enterprises", 2023, [{**listed, "row": 2}, {**listed, "row": 3, "campaign": "gas_safety"}])
    scope = Scope(COUNTY, Period(2023), date(2023, 6, 30))
    frame = indicators.read_by_county(store, scope.cutoffs)
    counted = frame.set_index(["county", "sector", "indicator"])["value"]
    assert counted[COUNTY, "gas", "hazards_found"] == 2
    assert counted[COUNTY, "gas", "major_hazards_found"] == 1
    assert counted["990102", "fire", "hazards_found"] == 1
    assert counted[COUNTY, "gas", "regulated_enterprises"] == 40


@each_engine
def test_a_store_answers_the_same_question_for_one_county_after_the_other(put: Put) -> None:
    """The compiled question is kept: it must read the rows of the county asked for, or none."""
    put("hazards", 2023, hazards({}, {}))
    store = put("hazards", 2023, hazards({"sector": "fire"}), county="990102")
    answers = [
        indicators.read(store, Scope(county, Period(2023), date(2023, 12, 31)))
        for county in (COUNTY, "990102", "990103", COUNTY)
    ]
    found = [frame.loc[frame["indicator"] == "hazards_found", "value"].sum() for frame in answers]
    assert found == [2, 1, 0, 2]


@each_engine
def test_divisions_of_counts_guard_against_zero_alike(put: Put) -> None:
    """1/0 fails on Spark and is infinite on DuckDB: what divides must null the denominator first."""
    store = put("hazards", 2023, hazards({}))
    hazard = store.table("hazards", [2023], COUNTY)
    share = hazard.aggregate(share=hazard.row.sum() / (hazard.row.min() - hazard.row.max()).nullif(0))
    assert store.frame(share)["share"].isna().all()


def random_rows(seed: int, county: str, year: int) -> dict[Table, list[dict[str, Any]]]:
    """Invented rows of every table: Chinese and hostile values, nulls, empty groups, days at year ends."""
    draw = random.Random(f"{seed} {county} {year}")  # noqa: S311
    days = [date(year, 1, 1), date(year, 12, 31), date(year, 2, 28), date(year, 6, 30), date(year + 1, 1, 1)]

    def value(name: str, kind: str, required: bool) -> object:
        if not required and draw.random() < 0.3:
            return None
        choices: dict[str, list[object]] = {
            "date": [*days],
            "deadline": [*days],
            "moment": [datetime(day.year, day.month, day.day, 23, 59, 59) for day in days],
            "month": [1, 6, 12],
            "integer": [0, 1, 7, 2**40],
            "money": [Decimal("0.01"), Decimal("99999999999999.99"), Decimal(0)],
            "decimal": [Decimal("3.141593"), Decimal(7)],
            "sector": ["gas", "fire", "mining"],
            "level": ["general", "major"],
            "source": ["self_reported", "department", "expert"],
            "status": ["open", "rectified", "verified"],
            "activity_kind": ["committee_meeting", "publicity"],
        }
        texts: list[object] = ["城关镇", "a'b\"c", "", "𠮷镇", "=1+1", "%_"]
        named: dict[str, list[object]] = {
            "measure": ["level", "change"],
            "unit": ["项"],
            "sector": ["gas", "gas;fire"],
        }
        return draw.choice(named.get(name) or choices.get(kind, texts))

    def row(table: Table, number: int) -> dict[str, Any]:
        columns = {c.column: value(c.column, c.type, c.required) for c in vocabulary.columns(table)}
        return {**columns, "row": number}

    tables = [table for table in TABLES if table != "indicators"]
    return {table: [row(table, number) for number in range(draw.choice([1, 40]))] for table in tables}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two counties and two years of random rows, and a county of one row."""
    folder = tmp_path_factory.mktemp("两县 数据")
    put = writer(folder)
    for county, year in itertools.product(("990101", "990102"), (2022, 2023)):
        for table, rows in random_rows(1, county, year).items():
            put(table, year, rows, county)
    put("hazards", 2023, hazards({"township": None, "sector": "gas"}), county="990103")
    return folder


def test_unfinished_work_beside_the_tables_is_no_table(tmp_path: Path) -> None:
    """A listing that looked into it failed a report in 800 when the folder of another went away meanwhile."""
    store = writer(tmp_path)("hazards", 2023, hazards({"sector": "gas"}))
    with unfinished(tmp_path) as folder:
        writer(folder)("hazards", 2022, hazards({"sector": "gas"}))
        shutil.copytree(folder / "hazards" / "year=2022", folder / "year=2022")
        assert store.years(COUNTY) == [2023]


def every_question(store: Store) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every aggregation and reading of the hub: whole years, to a day within, one row, no row."""
    scope = Scope("990101", Period(2023), date(2023, 12, 31), (2021, 2022))
    yield "hub", indicators.read(store, scope)
    yield "hazards", indicators.read_hazards(store, scope)
    yield "penalties", indicators.read_penalties(store, scope)
    yield "incidents", indicators.read_incidents(store, scope)
    yield "stored", indicators.stored(store, scope).to_pandas()
    yield "years", pd.DataFrame({"year": store.years(scope.county)})
    yield "to a day", indicators.read(store, replace(scope, as_of=date(2023, 6, 30)))
    yield "one row", indicators.read(store, replace(scope, county="990103"))
    yield "no row", indicators.read(store, replace(scope, county="990104"))
    yield "all counties", indicators.read_by_county(store, scope.cutoffs)
    late = {"late": ("hazards_due", "hazards_rectified_on_time")}
    yield "clumping", indicators.read_clumping(store, scope.cutoffs, late).to_frame()


def test_spark_gives_the_rows_that_duckdb_gives(spark: None, province: Path) -> None:
    """Every aggregation, to the last row, column, order, type and digit."""
    answers = zip(
        every_question(Store(province, "duckdb")), every_question(Store(province, "local[2]")), strict=True
    )
    for (name, embedded), (_, frame) in answers:
        pd.testing.assert_frame_equal(frame, embedded, obj=name)
