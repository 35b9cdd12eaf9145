"""Report 2: rates by hand, a planted rise found, and plain statements where returns are missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from analysis.chapters import (
    enforcement,
    enforcement_change,
    enforcement_charts,
    enforcement_exhibits,
    enforcement_precision,
    enforcement_series,
    enforcement_standards,
    enforcement_trends,
)
from analysis.chapters.enforcement import RATIOS, Enforcement
from analysis.report.findings import Strength
from analysis.report.tables import DataTable
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


def test_yearly_slopes_by_hand_and_their_exact_test(put: Put) -> None:
    """3, 4.5, 6.5, 9.5, 14 a hundred: the median of ten slopes is 2.625, and p = 5 × 2/5! by Holm."""
    (table,) = enforcement_trends.tables(view_of(put, {2019: 6, 2020: 9, 2021: 13, 2022: 19, 2023: 28}))
    assert isinstance(table, DataTable)
    rows = table.frame.set_index("measure")
    rising = rows.loc[RATIOS["penalty_rate"].name]
    assert rising["slope"] == pytest.approx(2.625)
    assert (rising["score"], rising["p"]) == (10, "0.083")
    assert rows.loc[RATIOS["hit_rate"].name, ["slope", "score"]].tolist() == [0, 0]


def test_four_years_are_too_few_for_any_trend(put: Put) -> None:
    said = enforcement.answer(view_of(put, {2020: 6, 2021: 12, 2022: 24, 2023: 48}))
    assert not [finding for finding in said if "明显" in finding.text]
    assert [finding for finding in said if "不判断趋势" in finding.text]
    (nothing,) = enforcement_trends.tables(view_of(put, {2020: 6, 2021: 12, 2022: 24, 2023: 48}))
    assert "不能说明" in getattr(nothing, "text", "")


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


def monthly(sector: str, inspections: int, hits: int, row: int = 2, **more: Any) -> list[dict[str, Any]]:
    counts = {"inspections": inspections, "inspections_with_findings": hits, **more}
    return [
        {**PLACE, "row": row + month, "month": month, "sector": sector, **counts} for month in range(1, 13)
    ]


def years_of(put: Put, parts: dict[int, list[dict[str, Any]]]) -> Enforcement:
    store = None
    for year, rows in parts.items():
        store = put("enforcement", year, rows)
    assert store is not None
    return Enforcement(a_book(store, baseline=tuple(sorted(parts))[:-1]))


def test_inspections_moved_to_a_sector_that_finds_more_are_mix_and_no_change(put: Put) -> None:
    """Gas finds 20 %, tourism 60 %; from a half to three quarters in tourism: 40 % to 50 %, all of it mix."""
    before = [*monthly("gas", 40, 8), *monthly("tourism", 40, 24, 20)]
    now = [*monthly("gas", 20, 4), *monthly("tourism", 60, 36, 20)]
    said, table = enforcement_change.splits(years_of(put, {2022: before, 2023: now}), "hit_rate")
    assert "行业内的变化+0.0个百分点，检查的行业构成变化+10.0个百分点" in getattr(said, "text", "")
    assert table.frame["within"].tolist() == [0, 0]  # type: ignore[union-attr]
    assert table.frame["mix"].sum() == pytest.approx(10)  # type: ignore[union-attr]


def test_few_findings_a_month_are_pooled_and_fewer_are_not_searched(put: Put) -> None:
    rows = [*monthly("gas", 40, 5), *monthly("tourism", 40, 2, 20), *monthly("health", 40, 1, 40)]
    (table,) = enforcement_series.change_points(years_of(put, {2021: rows, 2022: rows, 2023: rows}))
    frame = table.frame  # type: ignore[union-attr]
    assert frame.set_index("mean")["step"].to_dict() == {5: "逐月", 2: "按季", 1: "只看年"}
    assert frame["trend"].unique().tolist() == ["不作"], "three years are no seven"


def test_a_series_of_major_hazards_is_cut_where_the_standard_changed(put: Put) -> None:
    """工贸: the ministry's order no. 10 is in force from 15 May 2023; May counts as after."""
    rows = monthly("industry_trade", 50, 10, inspections_with_major_findings=2)
    (table,) = enforcement_standards.standards(years_of(put, {2022: rows, 2023: rows}))
    frame = table.frame  # type: ignore[union-attr]
    assert frame["span"].tolist() == ["2022年1月–2023年4月", "2023年5月–2023年12月"]
    assert frame["n"].tolist() == [16 * 50, 8 * 50]
    assert frame["hits"].tolist() == [32, 16]


def test_a_month_with_more_hits_than_inspections_is_left_out_of_the_chart_and_said(put: Put) -> None:
    wrong = [
        {**row, "inspections_with_findings": 90} if row["month"] == 7 else row
        for row in monthly("gas", 40, 8)
    ]
    view = years_of(put, {2022: monthly("gas", 40, 8), 2023: wrong})
    _, figure = enforcement_charts.charts(view, "hit_rate")
    assert len(figure.table.frame) == 23  # type: ignore[union-attr]
    assert "有1个月的发现次数多出检查次数" in figure.table.note  # type: ignore[union-attr]


def test_fines_by_sector_and_penalties_a_major_hazard_by_hand(put: Put) -> None:
    decisions = [
        {
            **PLACE,
            "row": row,
            "sector": "gas",
            "party": f"厂{row}",
            "document_number": str(row),
            "body": "县城市管理局",
            "case": "c",
            "fine": fine,
            "decided_on": date(2023, 5, 1),
        }
        for row, fine in enumerate((1000, 2000, 3000, 4000, 90_000), 2)
    ]
    put("penalties", 2023, decisions)
    found = {"level": "major", "source": "department", "status": "open", "found_on": date(2023, 3, 1)}
    hazards = [
        {**PLACE, "row": row, "hazard_id": str(row), "sector": "gas", "enterprise": f"厂{row}", **found}
        for row in range(2, 8)
    ]
    put("hazards", 2023, [{**row, "township": "甲", "description": "x"} for row in hazards])
    store = put("enforcement", 2023, monthly("gas", 40, 10, penalties_issued=1, guidance_visits=2))
    _, follow, fines = enforcement_precision.tables(Enforcement(a_book(store)))
    county = follow.frame.set_index("sector").loc["全县"]  # type: ignore[union-attr]
    assert county["per_major"] == pytest.approx(12 / 6)
    assert county["guidance"] == pytest.approx(100 * 24 / 120)
    gas = fines.frame.iloc[0]  # type: ignore[union-attr]
    assert (gas["median"], gas["mean"], gas["largest"]) == (3000, 20_000, pytest.approx(0.9))
