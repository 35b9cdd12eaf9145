"""Time to rectification: censoring, deadlines, and the edges where all or nothing is done."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import survdiff

from analysis.stats.survival import (
    days_overdue,
    durations,
    expected_clearance,
    kaplan_meier,
    log_rank,
    log_rank_each,
    log_rank_scores,
    overdue_by_age,
)

AS_OF = pd.Timestamp("2024-06-30")


def dates(*days: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(days)))


def test_what_is_done_after_the_cutoff_is_still_open() -> None:
    days, event = durations(dates("2024-06-01", "2024-06-10"), dates("2024-07-05", "2024-06-12"), AS_OF)
    assert days.tolist() == [29, 2]
    assert event.tolist() == [False, True]


@pytest.mark.parametrize(
    ("found", "done"), [("2024-06-10", "2024-06-01"), ("2024-07-10", None), (None, "2024-06-01")]
)
def test_dates_out_of_order_are_refused(found: str | None, done: str | None) -> None:
    with pytest.raises(ValueError, match="found_on"):
        durations(dates(found), dates(done), AS_OF)


def test_curve_without_censoring_is_the_share_still_open() -> None:
    """Median as R's survfit has it: half-way where exactly half are left."""
    curve = kaplan_meier([1, 2, 3, 4], [True] * 4)
    assert curve.still_open == pytest.approx([0.75, 0.5, 0.25, 0])
    assert curve.median.value == 2.5
    assert curve.open_after([0, 1, 2.5, 9]).tolist() == pytest.approx([1, 0.75, 0.5, 0])


def test_limits_hold_the_curve_and_grow_with_the_level() -> None:
    rng = np.random.default_rng(0)
    days, event = rng.integers(1, 60, 80), rng.random(80) < 0.7
    narrow, wide = kaplan_meier(days, event, level=0.8), kaplan_meier(days, event, level=0.99)
    assert (wide.low <= narrow.low).all()
    assert (narrow.low <= narrow.still_open).all()
    assert (narrow.still_open <= narrow.high).all()
    assert wide.median.low <= narrow.median.low <= narrow.median.value  # type: ignore[operator]


def test_published_median_of_aml_maintained() -> None:
    """By hand on the log–log scale: 13 is the first day within 1.96 errors of one half (9 is at 1.98)."""
    days = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
    median = kaplan_meier(days, [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]).median
    assert (median.value, median.low, median.high) == (31, 13, None)


def test_nothing_rectified_and_everything_on_the_day() -> None:
    nothing = kaplan_meier([5, 9], [False, False])
    assert nothing.median.value is None
    assert nothing.warnings == ("no_events",)
    at_once = kaplan_meier([0, 0, 0], [True] * 3)
    assert at_once.median.value == 0
    assert at_once.still_open.tolist() == [0]
    assert kaplan_meier([], []).warnings == ("no_rows",)


def test_more_than_half_open_has_no_median_yet() -> None:
    median = kaplan_meier([1, 9, 9, 9, 9], [True, False, False, False, False]).median
    assert median.value is None
    assert median.warnings == ("median_not_reached",)


def test_log_rank_is_statsmodels_and_each_is_corrected() -> None:
    days = np.tile([3, 8, 5, 20, 25, 30, 4, 9, 22, 40], 12)
    event = np.tile([1, 1, 1, 1, 0, 1, 1, 1, 1, 0], 12)
    group = np.tile(list("aaabbbcccb"), 12)
    statistic, p = survdiff(days, event, group)
    result = log_rank(days, event, group)
    assert (result.statistic, result.p_value) == pytest.approx((statistic, p))
    each = log_rank_each(days, event, group)
    assert list(each) == ["a", "b", "c"]
    assert min(t.adjusted_p for t in each.values()) == pytest.approx(  # type: ignore[type-var]
        3 * min(t.p_value for t in each.values())  # type: ignore[type-var, operator]
    )


def test_a_group_of_one_row_makes_no_finding() -> None:
    """χ² takes one early row of 100 for proof (p below 1 %); among random labels it is nothing special."""
    days, event = np.arange(1, 101), np.ones(100)
    group = np.where(np.isin(days, [2]), "b", "a")
    assert survdiff(days, event, group)[1] < 0.01
    found = log_rank(days, event, group)
    assert found.warnings == ("permuted",)
    assert found.p_value is not None
    assert found.p_value > 0.05


def test_scores_of_the_log_rank_test_by_hand() -> None:
    """Events at 1 of three and 2 of two, the third censored: hazards 1/3 and 1/2."""
    scores = log_rank_scores(np.array([1.0, 2.0, 3.0]), np.array([True, True, False]))
    assert scores == pytest.approx([1 - 1 / 3, 1 - 5 / 6, -5 / 6])


def test_groups_that_cannot_be_compared_say_why() -> None:
    assert log_rank([1, 2], [1, 1], ["a", "a"]).warnings == ("one_group",)
    assert log_rank([1, 2], [0, 0], ["a", "b"]).warnings == ("no_events",)
    assert log_rank([0, 0], [1, 1], ["a", "b"]).warnings == ("no_variation",)


def test_overdue_lists_the_oldest_first_and_falls_into_bands() -> None:
    """The second was rectified after the cutoff: as of then it is still open."""
    due = dates("2024-06-20", "2024-01-01", "2024-06-20", "2024-08-01")
    days = days_overdue(due, dates(None, "2024-07-02", "2024-06-21", None), AS_OF)
    assert days.to_dict() == {1: 181, 0: 10}
    assert overdue_by_age(days) == {"1-30": 1, "31-90": 0, "91-180": 0, "181+": 1}


def test_clearance_of_items_by_hand() -> None:
    """A quarter is done on each of days 10, 20, 30, 40; an item aged 20 waits 10 or 20 days more."""
    curve = kaplan_meier([10, 20, 30, 40], [True] * 4)
    result = expected_clearance(curve, [20, 20], horizons=(10, 20))
    assert result.open_after[10].value == pytest.approx(1)
    assert result.open_after[20].value == 0
    assert (result.half.value, result.nine_tenths.value) == (10, 20)


def test_clearance_knows_no_date_beyond_what_was_ever_seen() -> None:
    curve = kaplan_meier([10, 50, 50], [True, False, False])
    result = expected_clearance(curve, [40, 40])
    assert result.half.warnings == ("beyond_follow_up",)
    assert result.open_after[30].value == pytest.approx(2)
    assert expected_clearance(curve, []).half.warnings == ("nothing_open",)


@pytest.mark.parametrize(
    ("days", "expected"),
    [([3] * 20 + [7] * 20, (5, 3, 7)), ([4] * 40, (4, 4, 4)), ([3] * 30 + [7] * 10, (3, 3, 3))],
    ids=["half on each of two days", "all on one day", "most on the first day"],
)
def test_heavy_ties_leave_the_median_its_interval(days: list[int], expected: tuple[int, int, int]) -> None:
    """By hand: half on day 3 leaves S = 0.5 there, whose limits hold it; three quarters put both below."""
    median = kaplan_meier(days, [True] * 40).median
    assert (median.value, median.low, median.high) == expected
