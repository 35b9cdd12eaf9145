"""Results carry no NaN, and their words for significance are guarded."""

import numpy as np

from analysis.stats.results import Estimate, TestResult, untested


def test_nan_and_numpy_numbers_do_not_leave_a_result() -> None:
    estimate = Estimate(np.float64(2.0), np.nan, np.inf, 3, "m")  # type: ignore[arg-type]
    assert (estimate.value, estimate.low, estimate.high) == (2.0, None, None)
    assert type(estimate.value) is float
    assert TestResult(np.nan, np.nan, 3, "m").p_value is None  # type: ignore[arg-type]


def test_excludes_needs_both_limits() -> None:
    assert Estimate(2, 1.5, 3, 9, "m").excludes(1)
    assert not Estimate(2, 0.5, 3, 9, "m").excludes(1)
    assert not Estimate(2, 1.5, None, 9, "m").excludes(1)


def test_significance_uses_the_adjusted_p_and_never_a_missing_one() -> None:
    assert TestResult(1, 0.01, 9, "m").significant()
    assert not TestResult(1, 0.01, 9, "m", adjusted_p=0.2).significant()
    assert not untested("m", "few_points").significant()
