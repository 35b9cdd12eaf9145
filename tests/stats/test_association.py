"""χ²: the same as the libraries', Monte Carlo where cells are small, residuals corrected."""

import pytest
from scipy import stats

from analysis.stats.association import against_exposure


def test_goodness_of_fit_is_scipys() -> None:
    counts, exposures = [30, 50, 20], [1, 2, 1]
    expected = stats.chisquare(counts, [25, 50, 25])
    result = against_exposure(counts, exposures).test
    assert result.statistic == pytest.approx(expected.statistic)
    assert result.p_value == pytest.approx(expected.pvalue)


def test_of_two_sectors_each_residual_squared_is_the_statistic() -> None:
    result = against_exposure([60, 30], [1, 1])
    assert [r.statistic**2 for r in result.residuals] == pytest.approx([result.test.statistic] * 2)  # type: ignore[operator]


def test_small_expected_counts_take_a_monte_carlo_p_near_the_exact_one() -> None:
    """Three events in two even sectors all in one: exact p of so extreme a split is 2 · 0.5³ = 0.25."""
    result = against_exposure([3, 0], [1, 1]).test
    assert result.method == "chi_square_monte_carlo"
    assert "expected_below_5" in result.warnings
    assert result.p_value == pytest.approx(0.25, abs=0.015)


def test_residuals_find_the_one_sector_that_differs() -> None:
    result = against_exposure([100, 98, 103, 99, 170], [1, 1, 1, 1, 1])
    assert result.residuals[4].significant()
    assert result.residuals[4].statistic > 0  # type: ignore[operator]
    assert result.residuals[0].adjusted_p >= result.residuals[0].p_value  # type: ignore[operator]


def test_design_effect_takes_clustering_out_of_the_evidence() -> None:
    counts, exposures = [130, 80, 90], [1, 1, 1]
    assert against_exposure(counts, exposures).test.significant()
    assert not against_exposure(counts, exposures, design_effect=6).test.significant()


@pytest.mark.parametrize(
    ("counts", "exposures", "code"),
    [
        ([5], [1], "one_sector"),
        ([0, 0], [1, 1], "no_events"),
        ([5, 5], [0, 0], "no_exposure"),
        ([], [], "no_exposure"),
    ],
)
def test_untestable_data_say_why(counts: list[int], exposures: list[int], code: str) -> None:
    result = against_exposure(counts, exposures)
    assert result.test.p_value is None
    assert code in result.test.warnings
