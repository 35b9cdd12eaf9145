"""A small county made for the attacks: sectors, townships and months with few enterprises among many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from analysis.book import Book, County
from analysis.parameters import Parameters
from analysis.period import Period
from analysis.scope import Scope
from analysis.settings import settings
from analysis.store import Store
from tests.conftest import COUNTY, Put

PLACE = {"file": "2023/台账.xlsx", "sheet": "表", "part": 1}
SIZES = {"gas": 30, "industry_trade": 24, "commerce": 14, "hazchem": 9, "education": 5, "tourism": 2}
"""Enterprises by sector; each has one to three hazards."""
TOWNSHIPS = ("甲镇", "乙镇", "丙乡")


def hazards(year: int) -> list[dict[str, Any]]:
    """A ledger by rule: every third hazard is major, every fourth self-reported, every fifth still open."""
    return [
        {
            **PLACE,
            "file": f"{year}/台账.xlsx",
            "row": row,
            "hazard_id": str(row),
            "enterprise": f"{sector}第{number}厂",
            "sector": sector,
            "township": TOWNSHIPS[number % 3],
            "level": "major" if row % 3 == 0 else "general",
            "source": "self_reported" if row % 4 == 0 else "department",
            "department": "应急管理局",
            "campaign": "major_hazard_2023" if row % 6 == 0 else None,
            "status": "open" if row % 5 == 0 else "rectified",
            "description": "护栏缺失",
            "found_on": date(year, 1 + row % 12, 3),
            "due_on": date(year, 1 + row % 12, 20),
            "rectified_on": None if row % 5 == 0 else date(year, 1 + row % 12, 10),
        }
        for row, (sector, number) in enumerate(_visits(), 2)
    ]


def _visits() -> Iterator[tuple[str, int]]:
    for sector, size in SIZES.items():
        for number in range(size):
            yield from [(sector, number)] * (1 + number % 3)


def returns(year: int) -> list[dict[str, Any]]:
    """Monthly returns of every sector: as many inspections as twice its enterprises over the months."""
    return [
        {
            **PLACE,
            "file": f"{year}/月报.xlsx",
            "row": 12 * place + month,
            "month": month,
            "sector": sector,
            "department": "应急管理局",
            "inspections": 1 + size // 6,
            "enterprises_inspected": 1 + size // 6,
            "inspections_with_findings": size // 12,
        }
        for place, (sector, size) in enumerate(SIZES.items())
        for month in range(1, 13)
    ]


def enterprises(year: int) -> list[dict[str, Any]]:
    """The regulated enterprises of each sector."""
    return [
        {**PLACE, "row": row, "sector": sector, "regulated_enterprises": 3 * size}
        for row, (sector, size) in enumerate(SIZES.items(), 2)
    ]


def prepared(put: Put, *years: int, more: list[dict[str, Any]] | None = None) -> Store:
    """The county's tables; ``more`` are hazards beside those of the rule, in the last year."""
    for year in years:
        store = put("hazards", year, hazards(year) + (more or [] if year == years[-1] else []))
        put("enforcement", year, returns(year))
        put("enterprises", year, enterprises(year))
    return store


def book(store: Store, year: int = 2023, as_of: date | None = None, baseline: tuple[int, ...] = ()) -> Book:
    """A public edition's view of the county."""
    period = Period(year)
    scope = Scope(COUNTY, period, as_of or period.end, baseline)
    given = Parameters(year, edition="public")
    return Book(given, County(COUNTY, "示例县", True), scope, store, settings(), ())
