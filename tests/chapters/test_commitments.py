"""Report 9's plan: a missed target is named with its figure, one whose time runs is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from analysis.chapters.commitments import Commitments, answer
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book, shown_text

LINE = {name: value for name, value in PLACE.items() if name != "part"}
Put = Callable[..., Store]


def promise(
    text: str, indicator: str | None = None, target: int | None = None, **more: Any
) -> dict[str, Any]:
    given = {"plan_year": 2023, "text": text, "row": 2, "comparator": indicator and "at_least"}
    number = None if target is None else Decimal(target)
    return {**LINE, **given, "indicator": indicator, "target": number, **more}


def a_year(put: Put, rows: list[dict[str, Any]]) -> Store:
    """Two trainings of enterprises, in March and August; one hazard of two rectified."""
    put("plan", 2022, rows)
    put(
        "activities",
        2023,
        [{**LINE, "row": m, "held_on": date(2023, m, 1), "kind": "enterprise_training"} for m in (3, 8)],
    )
    hazard = {
        "sector": "gas",
        "level": "general",
        "source": "department",
        "enterprise": "甲",
        "description": "x",
    }
    found = {**PLACE, **hazard, "found_on": date(2023, 2, 1)}
    return put(
        "hazards",
        2023,
        [
            {**found, "hazard_id": "a", "row": 1, "status": "rectified", "rectified_on": date(2023, 3, 1)},
            {**found, "hazard_id": "b", "row": 2, "status": "open"},
        ],
    )


def states(store: Store, as_of: date = date(2023, 12, 31)) -> dict[str, str]:
    rows = Commitments(a_book(store, as_of=as_of), 2023).rows
    return dict(zip(rows["text"], rows["state"], strict=True))


def test_each_commitment_has_its_state(put: Put) -> None:
    rows = [
        promise("两次培训", "enterprise_trainings", 2),
        promise("三次培训", "enterprise_trainings", 3),
        promise("上半年两次", "enterprise_trainings", 2, due_on=date(2023, 6, 30)),
        promise("整改一半", "rectification_rate", 50),
        promise("整改六成", "rectification_rate", 60),
        promise("帮扶十次", "guidance_visits", 10),
        promise("完善预案"),
    ]
    assert states(a_year(put, rows)) == {
        "两次培训": "met",
        "三次培训": "missed",
        "上半年两次": "missed",
        "整改一半": "met",
        "整改六成": "missed",
        "帮扶十次": "no_data",
        "完善预案": "not_measurable",
    }


def test_before_its_time_nothing_is_missed(put: Put) -> None:
    store = a_year(put, [promise("三次培训", "enterprise_trainings", 3)])
    assert states(store, date(2023, 11, 30)) == {"三次培训": "on_the_way"}


def test_what_was_missed_is_named_with_its_figure(put: Put) -> None:
    store = a_year(put, [promise("三次培训", "enterprise_trainings", 3), promise("更新清单", past_year=2022)])
    said = " ".join(found.text for found in answer(Commitments(a_book(store), 2023)))
    assert "2023年计划2项：已完成0项，推进中0项，未完成1项，不可衡量或没有数据1项" in said
    assert "企业培训不少于3次，实际2" in said
    assert "有1项引用往年的清单或行动" in said


@pytest.mark.parametrize("edition", ["internal", "leadership"])
def test_the_report_shows_the_plan_without_its_sentences_outside_the_office(put: Put, edition: str) -> None:
    text = shown_text("9_plan", a_book(a_year(put, [promise("完善某某预案")])), edition)
    assert ("完善某某预案" in text) == (edition == "internal")
    assert "建议写明数量、时限和责任单位" in text


def test_without_a_plan_nothing_is_said_of_it(put: Put) -> None:
    assert "不能说明2023年计划的落实" in answer(Commitments(a_book(put("plan", 2022, [])), 2023))[0].text
