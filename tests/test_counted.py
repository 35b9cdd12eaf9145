"""What the notebooks of a run share is the same as what each would count, and is counted once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd
import pytest

from analysis import counted
from analysis.store import Question, Store, _compiled_once, named
from tests.chapters.notebook_cells import PLACE, a_book

HAZARD = {
    **PLACE,
    "hazard_id": "1",
    "enterprise": "甲厂",
    "sector": "gas",
    "level": "major",
    "source": "department",
    "found_on": date(2023, 3, 1),
    "status": "open",
    "description": "x",
}


def test_a_shared_frame_is_the_counted_one_with_its_types(
    put: Callable[..., Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Columns that hold nothing keep their type too."""
    store = put(
        "hazards", 2023, [{**HAZARD, "row": row, "township": "东镇" if row else None} for row in (0, 1)]
    )
    alone = a_book(store).indicators
    monkeypatch.setenv(counted.FOLDER, str(tmp_path))
    first, second = a_book(store).indicators, a_book(store).indicators
    assert len(alone) > 0
    pd.testing.assert_frame_equal(first, alone)
    pd.testing.assert_frame_equal(second, alone)


def test_a_question_is_counted_once_and_another_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(counted.FOLDER, str(tmp_path))
    asked: list[str] = []

    def count() -> pd.DataFrame:
        asked.append("")
        return pd.DataFrame({"value": [len(asked)]})

    answers = [counted.once(question, count)["value"].item() for question in ("甲县", "乙县", "甲县")]
    assert answers == [1, 2, 1]


def test_a_count_that_fails_leaves_nothing_to_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(counted.FOLDER, str(tmp_path))

    def fail() -> pd.DataFrame:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        counted.once("甲县", fail)
    assert counted.once("甲县", lambda: pd.DataFrame({"value": [1]}))["value"].item() == 1


def test_a_question_is_composed_once_a_run_and_answered_for_every_county(
    put: Callable[..., Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process of the run, which has compiled nothing yet, gets the same answers, types and all."""
    monkeypatch.setenv(counted.FOLDER, str(tmp_path / "run"))
    for county, rows in {"990101": 1, "990102": 2}.items():
        here = [{**HAZARD, "row": row} for row in range(rows)]
        store = put("hazards", 2023, here, county=county)
    composed: list[str] = []

    def compose() -> ir.Table:
        composed.append("")
        return named("hazards").aggregate(
            rows=named("hazards").count(), first=named("hazards").found_on.min()
        )

    answers = []
    for county in ("990101", "990102"):
        _compiled_once.cache_clear()
        answers += store.answer(Question("rows of hazards", compose), [2023], county).to_pylist()
    day = date(2023, 3, 1)
    assert answers == [{"rows": 1, "first": day}, {"rows": 2, "first": day}]
    assert composed == [""]
