"""Report 9: what the plan proposes, and that it proposes nothing where nothing is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.chapters.allocation import Plan, answer, plan_table
from analysis.messages import AnalysisError
from analysis.report.findings import Strength
from analysis.settings import settings
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book

LINE = {name: value for name, value in PLACE.items() if name != "part"}
SECTORS = {"industry_trade": (60, 100, 400), "commerce": (2, 100, 400), "gas": (2, 100, 400)}
"""Major hazards found, inspections, enterprises."""


def a_county(put: Callable[..., Store], sectors: dict[str, tuple[int, int, int]]) -> Store:
    hazards: list[dict[str, Any]] = []
    for sector, (found, _, _) in sectors.items():
        hazards += [
            {
                **PLACE,
                "hazard_id": f"{sector}{k}",
                "enterprise": f"企业{k}",
                "sector": sector,
                "level": "major",
                "source": "department",
                "found_on": date(2023, 3, 1),
                "status": "open",
                "description": "x",
                "row": k,
            }
            for k in range(found)
        ]
    put("hazards", 2023, hazards)
    put(
        "enforcement",
        2023,
        [{**LINE, "month": 3, "sector": s, "inspections": i, "row": 1} for s, (_, i, _) in sectors.items()],
    )
    return put(
        "enterprises",
        2023,
        [
            {**LINE, "year": 2023, "sector": s, "regulated_enterprises": e, "row": 1}
            for s, (_, _, e) in sectors.items()
        ],
    )


def test_inspections_move_to_where_they_find_more_and_keep_their_floor(put: Callable[..., Store]) -> None:
    view = Plan(a_book(a_county(put, SECTORS)))
    best = view.recommended
    assert best is not None
    assert best.inspections[list(view.sectors.index).index("industry_trade")] == 200
    assert sorted(best.inspections) == [50, 50, 200], "half of today's inspections stay everywhere"
    (found,) = answer(view)
    assert found.strength is Strength.SUPPORTED
    assert "由300次改为300次" in found.text


def test_equal_yields_leave_todays_inspections(put: Callable[..., Store]) -> None:
    view = Plan(a_book(a_county(put, dict.fromkeys(SECTORS, (10, 100, 400)))))
    assert view.recommended is None
    assert list(view.proposed.inspections) == [100, 100, 100]
    assert answer(view)[0].strength is Strength.OPEN


def test_no_proposal_is_above_the_number_of_enterprises(put: Callable[..., Store]) -> None:
    """150 visits to 100 enterprises of equal yield: 50 of them are not proposed again, and it is said."""
    sectors = {"industry_trade": (10, 100, 400), "commerce": (10, 100, 400), "gas": (15, 150, 100)}
    view = Plan(a_book(a_county(put, sectors)))
    frame = plan_table(view).frame.set_index("sector")
    assert view.recommended is None
    assert frame["proposed"].to_dict() == {"工贸": 100, "商贸餐饮": 100, "城镇燃气": 100}
    assert (frame["proposed"] <= frame["ceiling"]).all()
    assert "城镇燃气今年平均每家检查超过一次" in answer(view)[0].text
    assert "由350次改为300次" in answer(view)[0].text


def test_one_sector_has_nothing_to_choose_between(put: Callable[..., Store]) -> None:
    view = Plan(a_book(a_county(put, {"gas": (10, 100, 400)})))
    assert not view.known
    assert "不能说明" in answer(view)[0].text


def test_the_laws_number_is_a_floor(put: Callable[..., Store]) -> None:
    """Commerce must keep 80 of its 100 inspections; half would otherwise do."""
    book = a_book(a_county(put, SECTORS))
    view = Plan(replace(book, settings=replace(book.settings, inspection_floors={"commerce": 80})))
    best = view.recommended
    assert best is not None
    assert best.inspections[list(view.sectors.index).index("commerce")] == 80
    assert sum(best.inspections) <= 300


def test_floors_beyond_todays_total_leave_no_plan(put: Callable[..., Store]) -> None:
    book = a_book(a_county(put, SECTORS))
    floors = {"commerce": 200, "gas": 200}
    assert not Plan(replace(book, settings=replace(book.settings, inspection_floors=floors))).known


@pytest.mark.parametrize("line", ["aerospace = 3", "gas = -1", "gas = 1.5", 'gas = "x"'])
def test_a_wrong_floor_is_named(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "analysis.toml").write_text(f"[inspection_floors]\n{line}\n", encoding="utf-8")
    monkeypatch.setenv("ANALYSIS_ROOT", str(tmp_path))
    settings.cache_clear()
    with pytest.raises(AnalysisError, match=r"inspection_floors\."):
        settings()
    settings.cache_clear()
