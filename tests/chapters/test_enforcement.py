"""Report 2: rates by hand, a planted rise found, and plain statements where returns are missing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from analysis.chapters import enforcement, enforcement_exhibits
from analysis.chapters.enforcement import RATIOS, Enforcement
from analysis.report.findings import Strength
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book

Put = Callable[..., Store]


def returns(penalties: int, inspections: int = 200) -> list[dict[str, Any]]:
    """Twelve months alike."""
    return [
        {
            **PLACE,
            "row": month + 1,
            "month": month,
            "sector": "gas",
            "inspections": inspections,
            "inspections_with_findings": inspections // 4,
            "penalties_issued": penalties,
            "fines": Decimal("1000.50"),
        }
        for month in range(1, 13)
    ]


def view_of(put: Put, penalties: dict[int, int]) -> Enforcement:
    store = None
    for year, count in penalties.items():
        store = put("enforcement", year, returns(count))
    assert store is not None
    return Enforcement(a_book(store, baseline=tuple(sorted(penalties))[:-1]))


def test_rates_and_money_by_hand(put: Put) -> None:
    view = view_of(put, {2023: 8})
    assert view.rate(RATIOS["hit_rate"], 2023).value == 0.25
    assert view.rate(RATIOS["penalty_rate"], 2023).value == pytest.approx(4.0)
    assert view.counts(2023)["fines"] == 12_006


def test_a_rise_over_years_is_claimed_and_the_unmoved_rate_is_not(put: Put) -> None:
    said = enforcement.answer(view_of(put, {2019: 6, 2020: 9, 2021: 13, 2022: 19, 2023: 28}))
    rising = [finding for finding in said if "明显上升" in finding.text]
    assert len(rising) == 1
    assert "行政处罚" in rising[0].text
    assert all(f.strength is not Strength.SUPPORTED for f in said if "发现率" in f.text)


def test_four_years_are_too_few_for_any_trend(put: Put) -> None:
    said = enforcement.answer(view_of(put, {2020: 6, 2021: 12, 2022: 24, 2023: 48}))
    assert not [finding for finding in said if "明显" in finding.text]
    assert [finding for finding in said if "不判断趋势" in finding.text]


def test_without_returns_it_says_what_is_missing(put: Put) -> None:
    lists = [{**PLACE, "row": 2, "year": 2023, "sector": "gas", "regulated_enterprises": 3}]
    view = Enforcement(a_book(put("enterprises", 2023, lists)))
    (finding,) = enforcement.answer(view)
    assert "月报" in finding.text
    shown = (
        *enforcement_exhibits.year_tables(view),
        *enforcement_exhibits.month_figures(view),
        *enforcement_exhibits.sector_tables(view),
    )
    assert all("月报" in getattr(one, "text", "") for one in shown)
    assert [headline.value for headline in enforcement.headlines(view)] == [None] * 6
