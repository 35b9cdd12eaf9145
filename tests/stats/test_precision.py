"""Concentration of enforcement, and fines told by their median."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.stats.precision import concentration_index, overlap, spread

events = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(1, 99)), min_size=2, max_size=9
)


def test_overlap_by_hand_and_at_its_ends() -> None:
    assert overlap([50, 50], [80, 20]).value == pytest.approx(0.7)
    assert overlap([5, 10], [10, 20]).value == pytest.approx(1)
    assert overlap([5, 0], [0, 9]).value == 0


def test_concentration_index_by_hand() -> None:
    """All enforcement on the worse of two even sectors: mid-point 0.75, index 2·0.75 − 1."""
    assert concentration_index([0, 10], [1, 1], [1, 9]).value == pytest.approx(0.5)
    assert concentration_index([10, 0], [1, 1], [1, 9]).value == pytest.approx(-0.5)
    assert concentration_index([10, 10], [1, 1], [1, 9]).value == pytest.approx(0)
    assert concentration_index([30, 1], [1, 1], [4, 4]).value == pytest.approx(0)


@settings(max_examples=40, deadline=None)
@given(events)
def test_values_keep_their_bounds_inside_their_intervals(rows: list[tuple[int, int, int]]) -> None:
    hazards, enforcement, exposure = zip(*rows, strict=True)
    for result, floor in (
        (overlap(hazards, enforcement, draws=200), 0.0),
        (concentration_index(enforcement, exposure, hazards, draws=200), -1.0),
    ):
        if result.value is None:
            assert result.warnings
        else:
            assert floor <= result.low <= result.value <= result.high <= 1 + 1e-9  # type: ignore[operator]


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (overlap([0, 0], [1, 2]), "no_events"),
        (overlap([3], [2]), "one_sector"),
        (concentration_index([1], [1], [1]), "one_sector"),
        (concentration_index([1, 1], [0, 0], [1, 1]), "no_exposure"),
    ],
)
def test_nothing_to_compare_says_why(result: object, code: str) -> None:
    assert result.value is None  # type: ignore[attr-defined]
    assert result.warnings == (code,)  # type: ignore[attr-defined]


def test_median_interval_is_that_of_order_statistics() -> None:
    """Conover 1999, table A3: n = 16, p = 0.5 — the 4th and 13th values hold the median at 95 %."""
    result = spread(np.arange(1, 17))
    assert (result.median.low, result.median.high) == (4, 13)


def test_one_huge_fine_moves_the_mean_and_not_the_median() -> None:
    result = spread([2000, 3000, 3000, 5000, 5000, 8000, 1_000_000])
    assert result.median.value == 5000
    assert result.mean == pytest.approx(1_026_000 / 7)
    assert result.largest_share == pytest.approx(1_000_000 / 1_026_000)


def test_few_or_no_fines() -> None:
    assert spread([5000] * 5).median.warnings == ("few_values",)
    assert spread([]).median.value is None
    assert spread([0, 0]).largest_share is None
