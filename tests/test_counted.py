"""What the notebooks of a run share is the same as what each would count, and is counted once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis import counted
from analysis.store import Store
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
