"""Rates: against other implementations, and what must hold for any data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import test_poisson_2indep as poisson_two

from analysis.stats.rates import (
    expected_counts,
    proportion,
    rate,
    rate_ratio,
    rates,
    standardised_ratio,
)

counts = st.integers(0, 5000)
exposures = st.floats(0.1, 1e6)


@given(counts, exposures, st.sampled_from(["auto", "exact", "byar", "score"]))
def test_interval_holds_the_rate_and_grows_with_its_level(count: int, exposure: float, method: str) -> None:
    narrow = rate(count, exposure, level=0.8, method=method)  # type: ignore[arg-type]
    wide = rate(count, exposure, level=0.99, method=method)  # type: ignore[arg-type]
    assert wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high  # type: ignore[operator]


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_proportion_stays_within_its_bounds(successes: int, more: int) -> None:
    share = proportion(successes, successes + more)
    assert 0 <= share.low <= share.value <= share.high <= 1  # type: ignore[operator]


def test_exact_below_ten_events_and_byar_from_ten() -> None:
    assert [rate(c).method for c in (0, 9, 10)] == ["exact", "exact", "byar"]


def test_unit_scales_estimate_and_limits_alike() -> None:
    one, hundred = rate(7, 50), rate(7, 50, per=100)
    assert hundred.high == pytest.approx(100 * one.high)  # type: ignore[operator]


@settings(max_examples=50)
@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.2, 5))
def test_ratio_p_is_twice_the_one_sided_conditional_p_of_statsmodels(a: int, b: int, exposure: float) -> None:
    ours = rate_ratio(a, exposure, b, 1.0).test.p_value
    sides = [
        poisson_two(a, exposure, b, 1.0, method="exact-cond", alternative=side).pvalue
        for side in ("larger", "smaller")
    ]
    assert ours == pytest.approx(min(1.0, 2 * min(sides)), rel=1e-6)


@given(st.integers(0, 200), st.integers(0, 200), st.floats(0.1, 10))
def test_ratio_interval_and_p_never_disagree(a: int, b: int, exposure: float) -> None:
    result = rate_ratio(a, exposure, b, 1.0)
    if a + b == 0:
        assert result.test.p_value is None
        return
    low, high = result.estimate.low or 0.0, result.estimate.high
    outside = low > 1 or (high is not None and high < 1)
    p = result.test.p_value
    assert p is not None
    assert outside == (p < 0.05) or p == pytest.approx(0.05, abs=1e-6)


def test_ratio_is_exact_where_the_reference_has_no_events() -> None:
    result = rate_ratio(6, 1, 0, 1)
    assert result.estimate.value is None
    assert result.estimate.high is None
    assert result.estimate.low == pytest.approx(
        stats.beta.ppf(0.025, 6, 1) / stats.beta.sf(0.0, 1, 1) / (1 - stats.beta.ppf(0.025, 6, 1))
    )
    assert result.test.p_value == pytest.approx(2 * 0.5**6)


def test_dispersion_widens_the_ratio() -> None:
    plain, wide = rate_ratio(60, 1, 30, 1), rate_ratio(60, 1, 30, 1, dispersion=4)
    assert wide.estimate.low < plain.estimate.low  # type: ignore[operator]
    assert wide.test.p_value > plain.test.p_value  # type: ignore[operator]


def test_expected_counts_add_up_to_the_observed() -> None:
    assert expected_counts([3, 5, 12], [1, 2, 7]).sum() == pytest.approx(20)


@pytest.mark.parametrize(
    ("estimate", "code"),
    [
        (rate(5, 0), "no_exposure"),
        (proportion(0, 0), "no_exposure"),
        (standardised_ratio(3, 0), "no_expected"),
        (rate_ratio(3, 0, 4, 1).estimate, "no_exposure"),
    ],
)
def test_without_exposure_there_is_a_reason_and_no_rate(estimate: object, code: str) -> None:
    assert estimate.value is None  # type: ignore[attr-defined]
    assert code in estimate.warnings  # type: ignore[attr-defined]


def test_coverage_above_one_is_shown_and_flagged_without_interval() -> None:
    coverage = proportion(10573, 10561)
    assert coverage.value == pytest.approx(1.0011, abs=1e-4)
    assert (coverage.low, coverage.high) == (None, None)
    assert coverage.warnings == ("above_one",)


@pytest.mark.parametrize("call", [lambda: rate(-1, 5), lambda: rate(np.nan, 5), lambda: rates([1, 2], [1])])
def test_mistakes_of_the_caller_are_errors(call: object) -> None:
    with pytest.raises(ValueError, match=r"non-negative|lengths differ"):
        call()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("share", "trials"), [(0.1, 100), (0.15, 100), (0.4, 25), (0.5, 24), (0.8, 50), (0.95, 200)]
)
def test_wilson_covers_where_ten_of_either_outcome_are_to_be_expected(share: float, trials: int) -> None:
    """Its true coverage, summed over all counts: the bar of 93 to 98 % has no chance in it."""
    limits = [proportion(hits, trials) for hits in range(trials + 1)]
    held = [hits for hits, one in enumerate(limits) if one.low <= share <= one.high]  # type: ignore[operator]
    assert 0.93 <= stats.binom.pmf(held, trials, share).sum() <= 0.98
