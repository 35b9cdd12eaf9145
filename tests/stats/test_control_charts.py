"""Charts signal what they should, never below twelve points, and hold gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.control_charts import control_chart, run_limits, run_rules


def test_a_far_month_is_beyond_the_limits() -> None:
    chart = control_chart([20] * 14 + [60], [100] * 15, "u")
    assert chart.beyond == (14,)
    assert chart.signal


def test_the_same_month_in_a_short_series_claims_nothing() -> None:
    chart = control_chart([20] * 9 + [60], [100] * 10, "u")
    assert not chart.signal
    assert "few_points" in chart.warnings


def test_shift_of_level_is_found_by_the_runs() -> None:
    before, after = [18, 19, 17, 20, 18, 19, 17, 18, 20, 19, 18, 17], [23, 25, 24, 22, 24, 25] * 2
    chart = control_chart(before + after, [100] * 24, "u")
    assert not chart.beyond
    assert chart.runs.shift
    assert chart.runs.few_crossings


def test_run_rules_by_hand() -> None:
    """Sides − − + + (on the line) + −: the point on the line is not counted and does not end the run."""
    runs = run_rules(np.array([1.0, 2.0, 5.0, 5.5, 3.0, 6.0, 1.0]), 3.0)
    assert (runs.longest, runs.crossings) == (3, 2)


def test_run_limits_follow_the_published_table() -> None:
    """Anhøj & Olesen 2014, table 1: useful points 10, 12, 16, 20 and their limits."""
    assert [run_limits(n) for n in (10, 12, 16, 20)] == [(6, 2), (7, 3), (7, 4), (7, 6)]


def test_primed_limits_are_wider_for_very_large_exposures() -> None:
    rng = np.random.default_rng(2)
    counts = rng.binomial(100_000, np.clip(rng.normal(0.1, 0.01, 24), 0, 1))
    plain, primed = (control_chart(counts, [100_000] * 24, kind) for kind in ("p", "p_prime"))
    assert len(plain.beyond) > 5
    assert not primed.beyond


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=30), st.booleans())
def test_charts_hold_any_series_without_nan(rows: list[tuple[int, int]], prime: bool) -> None:
    counts, exposures = [min(pair) for pair in rows], [max(pair) for pair in rows]
    for kind in ("p", "u"):
        chart = control_chart(counts, exposures, f"{kind}_prime" if prime else kind)  # type: ignore[arg-type]
        for low, value, high in zip(chart.lower, chart.values, chart.upper, strict=True):
            assert (low is None) == (value is None) == (high is None)
            assert low is None or low <= chart.centre <= high  # type: ignore[operator]


def test_a_share_above_one_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="p chart"):
        control_chart([5], [4], "p")
