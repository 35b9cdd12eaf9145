"""A year with only a summary: the sector and trend reports show what it states and say what they cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from analysis.chapters import stated_figures
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book, shown_text

Put = Callable[..., Store]
FACT = {
    "document": "2023/总结.txt", "line": 3, "start": 40, "end": 52, "quote": "发现隐患5条", "sector": "all",
    "indicator": "hazards_found", "measure": "level", "unit": "条", "qualifier": "exact",
    "period_start": date(2023, 1, 1), "period_end": date(2023, 12, 31),
}  # fmt: skip


def facts(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**FACT, "start": at, **change} for at, change in enumerate(changes)]


STATED = facts(
    {"value": 900},
    {"value": 180, "sector": "hazchem"},
    {"value": 175, "sector": "hazchem", "indicator": "hazards_rectified"},
    {"value": 777, "sector": "hazchem", "campaign": "hazchem_2023"},
    {"value": 12, "indicator": "accidents", "unit": "起"},
    {"value": -20, "indicator": "accidents", "measure": "change_pct", "unit": "%"},
    {"value": 31, "sector": "gas", "period_start": date(2023, 6, 1), "period_end": date(2023, 6, 30)},
)


def test_sectors_as_stated_without_campaigns_months_and_changes(put: Put) -> None:
    (table,) = stated_figures.sectors(a_book(put("facts", 2023, STATED)))
    assert set(table.frame["label"]) == {"危险化学品", "全县综合"}
    hazchem = table.frame[table.frame["label"] == "危险化学品"].iloc[0]
    assert (hazchem["hazards_found"], hazchem["hazards_rectified"]) == (180, 175)


def test_years_of_the_whole_county(put: Put) -> None:
    put(
        "facts",
        2022,
        facts({"value": 800, "period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31)}),
    )
    book = a_book(put("facts", 2023, STATED), baseline=(2022,))
    (table,) = stated_figures.years(book)
    assert table.frame["label"].tolist() == ["2022年", "2023年"]
    assert table.frame["hazards_found"].tolist() == [800, 900]


def test_nothing_is_added_where_there_is_a_ledger(put: Put) -> None:
    put("facts", 2023, STATED)
    hazard = {
        **PLACE, "hazard_id": "1", "row": 2, "township": "甲", "enterprise": "甲厂", "sector": "gas",
        "level": "general", "source": "department", "status": "open", "description": "x",
        "found_on": date(2023, 3, 1),
    }  # fmt: skip
    assert stated_figures.sectors(a_book(put("hazards", 2023, [hazard]))) == ()


@pytest.mark.parametrize(
    ("notebook", "stated"), [("1_sector_imbalance", "180"), ("2_enforcement_trend", "900")]
)
def test_reports_show_what_is_stated_and_what_they_cannot_show(put: Put, notebook: str, stated: str) -> None:
    text = shown_text(notebook, a_book(put("facts", 2023, STATED)), "internal")
    assert "总结文件写明的" in text
    assert stated in text
    assert "现有数据不能说明" in text


def test_no_ledger_is_not_a_ledger_without_hazards(put: Put) -> None:
    text = shown_text("1_sector_imbalance", a_book(put("facts", 2023, STATED)), "internal")
    assert "发现隐患 0" not in " ".join(text.split())
