"""Corrections agree with statsmodels and leave untested results alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analysis.stats.multiplicity import adjust, adjust_families, among
from analysis.stats.results import TestResult, untested


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.sampled_from(["holm", "fdr_bh"]))
def test_adjusted_p_are_those_of_statsmodels(p_values: list[float], correction: str) -> None:
    tests = [TestResult(None, p, 1, "m") for p in p_values]
    ours = [test.adjusted_p for test in adjust(tests, correction)]  # type: ignore[arg-type]
    assert ours == pytest.approx(multipletests(p_values, method=correction)[1])


def test_results_without_a_p_are_not_counted() -> None:
    tests = adjust([TestResult(1, 0.04, 9, "m"), untested("m", "no_events")])
    assert tests[0].adjusted_p == pytest.approx(0.04)
    assert tests[1].adjusted_p is None
    assert adjust([]) == ()


def test_families_are_adjusted_as_one() -> None:
    families = {"x": {"a": TestResult(1, 0.01, 9, "m")}, "y": {"b": TestResult(1, 0.03, 9, "m")}}
    found = adjust_families(families)
    assert [found["x"]["a"].adjusted_p, found["y"]["b"].adjusted_p] == pytest.approx([0.02, 0.03])


def test_one_of_three_families_has_a_third_of_the_error_rate() -> None:
    found = among([*adjust([TestResult(1, 0.01, 9, "m")]), untested("m", "no_events")], 3)
    assert found[0].adjusted_p == pytest.approx(0.03)
    assert found[1].adjusted_p is None
