"""Funnels, control charts and χ² tests, computed again in plain Python from the formulas they cite."""

from math import log, sqrt

import numpy as np
import pytest
from scipy import stats

from analysis.stats.association import against_exposure
from analysis.stats.control_charts import control_chart, run_limits, run_rules
from analysis.stats.funnel import (
    between_variance,
    exact_limits,
    funnel,
    spread_limits,
    winsorised,
)
from tests.stats.recomputed.formulas import garwood, normal

OBSERVED, EXPECTED = [30, 4, 18, 52, 9, 25, 11], [14.0, 9.0, 20.0, 24.0, 8.0, 26.0, 12.0]


@pytest.mark.parametrize("form", ["sqrt", "log"])
def test_funnel(form: str) -> None:
    """z, its winsorised χ², DerSimonian–Laird's τ² and the adjusted z, unit by unit."""
    pairs = list(zip(OBSERVED, EXPECTED, strict=True))
    z = [sqrt(e) * log(o / e) if form == "log" else 2 * (sqrt(o) - sqrt(e)) for o, e in pairs]
    chance = [1 / e if form == "log" else 1 / (4 * e) for e in EXPECTED]
    low, high = np.quantile(z, [0.1, 0.9])
    pulled = [min(max(x, low), high) for x in z]
    q, weights = sum(x * x for x in pulled), [1 / v for v in chance]
    tau2 = (q - 6) / (sum(weights) - sum(w * w for w in weights) / sum(weights))
    found = funnel(OBSERVED, EXPECTED, form=form)  # type: ignore[arg-type]
    assert found.ratio == pytest.approx([o / e for o, e in pairs])
    assert found.z == pytest.approx(z)
    assert found.phi == pytest.approx(sum(x * x for x in z) / 7)
    assert found.dispersion_test.statistic == pytest.approx(q / 7)
    assert found.dispersion_test.p_value == pytest.approx(stats.chi2.sf(q, 6))
    assert tau2 > 0
    assert found.tau2 == pytest.approx(tau2)
    assert found.adjusted_z == pytest.approx(
        [x * sqrt(v / (v + tau2)) for x, v in zip(z, chance, strict=True)]
    )
    assert (found.n, found.form, found.warnings) == (7, form, ())
    assert found.dispersion_test.assumptions == ("poisson",)


def test_limits_of_a_funnel() -> None:
    low, high = exact_limits([4.0, 30.0], level=0.9)
    assert low.tolist() == pytest.approx([stats.chi2.ppf(0.05, 2 * e) / 2 / e for e in (4, 30)])
    assert high.tolist() == pytest.approx([garwood(e, 0.9)[1] / e for e in (4, 30)])
    half = normal(0.9) * sqrt(1 / 16 + 0.2)
    assert spread_limits([4.0], 0.2, "sqrt", level=0.9) == (
        pytest.approx([max(0, 1 - half) ** 2]),
        pytest.approx([(1 + half) ** 2]),
    )
    half = normal(0.9) * sqrt(1 / 4 + 0.2)
    assert spread_limits([4.0], 0.2, "log", level=0.9) == (
        pytest.approx([np.exp(-half)]),
        pytest.approx([np.exp(half)]),
    )
    assert spread_limits([0.5], 9, "sqrt")[0] == [0]


def verdict_of(observed: int, expected: float) -> str:
    """The stated rule by hand, for a unit among others that lie exactly on their expectation."""
    tail = (
        stats.poisson.sf(observed - 1, expected)
        if observed > expected
        else stats.poisson.cdf(observed, expected)
    )
    distance = min(abs(2 * (sqrt(observed) - sqrt(expected))), stats.norm.isf(tail))
    side = "high" if observed > expected else "low"
    if distance > stats.norm.isf(0.001):
        return side
    return f"alert_{side}" if distance > stats.norm.isf(0.025) else "within"


def test_verdicts_on_both_sides_of_both_limits() -> None:
    """Every count from 0 to 60 where 25 are expected: both limits are crossed in both directions."""
    seen = {}
    for observed in range(61):
        found = funnel([observed, *[25] * 9], [25.0] * 10)
        assert found.tau2 == 0
        seen[observed] = found.verdict[0]
        assert set(found.verdict[1:]) == {"within"}
    assert seen == {observed: verdict_of(observed, 25) for observed in range(61)}
    assert set(seen.values()) == {"low", "alert_low", "within", "alert_high", "high"}


def test_funnels_of_few_units_or_none() -> None:
    few = funnel([90, 1, 1, 40], [20.0] * 4)
    assert (few.tau2, few.dispersion_test.warnings, few.warnings) == (0, ("few_units",), ("few_units",))
    assert funnel([90, 1, 1, 40, 3], [20.0] * 5).tau2 > 0
    empty = funnel([0, 3], [0.0, 0.0])
    assert (empty.phi, empty.n, empty.verdict) == (None, 0, ("none", "none"))
    assert empty.z.tolist() == empty.adjusted_z.tolist() == empty.ratio.tolist() == [0, 0]
    some = funnel([3, 0, 5, 4, 2, 6], [4.0, 0.0, 5.0, 4.0, 2.0, 6.0], form="log")
    assert some.warnings == ("no_expected",), "no event where none is expected is no zero of a unit"
    assert some.form == "log"
    zero = funnel([0, 5, 4, 2, 6], [4.0, 5.0, 4.0, 2.0, 6.0], form="log")
    assert (zero.form, zero.warnings) == ("sqrt", ("zero_count_sqrt_form",))
    assert funnel([0, 5, 4, 2, 6], [4.0, 5.0, 4.0, 2.0, 6.0]).warnings == ()


def test_winsorising_takes_shares_below_a_half_only() -> None:
    z = np.array([-9.0, 0.0, 1.0, 2.0, 30.0])
    assert winsorised(z, 0).tolist() == z.tolist()
    assert winsorised(z, 0.25).tolist() == [0, 0, 1, 2, 2]
    for share in (-0.01, 0.5, 0.6):
        with pytest.raises(ValueError, match="winsorise"):
            winsorised(z, share)
    assert between_variance(np.zeros(5), np.ones(5), "log") == 0


@pytest.mark.parametrize("kind", ["p", "u", "p_prime", "u_prime"])
def test_control_chart(kind: str) -> None:
    """Centre, limits at three standard deviations and Laney's factor (mean moving range over 1.128)."""
    y, x = (
        [3, 8, 0, 5, 9, 2, 4, 7, 1, 6, 5, 3, 30, 0],
        [40, 50, 30, 45, 60, 20, 35, 55, 25, 50, 40, 30, 60, 0],
    )
    pairs = [(a, b) for a, b in zip(y, x, strict=True) if b]
    centre = sum(a for a, _ in pairs) / sum(b for _, b in pairs)
    variance = centre * (1 - centre) if kind.startswith("p") else centre
    sigma = [sqrt(variance / b) for _, b in pairs]
    z = [(a / b - centre) / s for (a, b), s in zip(pairs, sigma, strict=True)]
    moving = sum(abs(one - other) for one, other in zip(z[1:], z, strict=False)) / (len(z) - 1)
    factor = moving / 1.128 if kind.endswith("prime") else 1.0
    found = control_chart(y, x, kind=kind)  # type: ignore[arg-type]
    assert found.kind == kind
    assert found.centre == pytest.approx(centre)
    assert found.values == (*(pytest.approx(a / b) for a, b in pairs), None)
    low = [max(0, centre - 3 * factor * s) for s in sigma]
    high = [centre + 3 * factor * s for s in sigma]
    top = [min(1, h) for h in high] if kind.startswith("p") else high
    assert found.lower == (*map(pytest.approx, low), None)
    assert found.upper == (*map(pytest.approx, top), None)
    beyond = [i for i, (a, b) in enumerate(pairs) if not low[i] <= a / b <= top[i]]
    assert list(found.beyond) == beyond
    assert 12 in beyond or factor > 1
    assert found.warnings == ("points_without_exposure",)


def test_charts_of_few_points_signal_nothing() -> None:
    found = control_chart([1, 90, *[1] * 9], [100] * 11, kind="u")
    assert (found.beyond, found.warnings) == ((), ("few_points",))
    assert not found.runs.shift
    assert control_chart([1, 90, *[1] * 10], [100] * 12, kind="u").beyond == (1,)
    assert control_chart([0] * 12, [5] * 12, kind="p").warnings == ("no_events",)
    assert control_chart([0], [0], kind="p").warnings == ("few_points", "no_exposure")


@pytest.mark.parametrize(
    ("points", "expected"), [(0, (0, 0)), (1, (1, 0)), (2, (4, 0)), (10, (6, 2)), (24, (8, 8))]
)
def test_limits_of_runs_and_crossings(points: int, expected: tuple[int, int]) -> None:
    """Table 1 of Anhøj & Olesen 2014: longest run round(log2 n + 3), crossings the 5 % binomial quantile."""
    assert run_limits(points) == expected


def test_runs_and_crossings_are_counted_off_the_centre() -> None:
    found = run_rules(np.array([1, 2, 3, 0, 2, -1, -2, 4, 1.0]), 0.0)
    assert (found.longest, found.crossings) == (4, 2)
    long = run_rules(np.array([1.0] * 9 + [-1.0]), 0.0)
    assert (long.longest, long.shift, long.few_crossings) == (9, True, True)
    quiet = run_rules(np.array([1.0] * 9 + [-1.0]), 0.0, claim=False)
    assert (quiet.longest, quiet.shift, quiet.few_crossings) == (9, False, False)
    none = run_rules(np.zeros(3), 0.0)
    assert (none.longest, none.crossings, none.shift) == (0, 0, False)
    assert not run_rules(np.array([1.0] * 6 + [-1, 1, -1, 1]), 0.0).shift, "six of ten are allowed"


@pytest.mark.parametrize("effect", [1.0, 2.5])
def test_goodness_of_fit(effect: float) -> None:
    counts, exposures = [30, 12, 18, 0], [20, 30, 30, 0]
    expected = [60 * x / 80 for x in exposures[:3]]
    chi2 = sum((o - e) ** 2 / e for o, e in zip(counts, expected, strict=False))
    found = against_exposure(counts, exposures, design_effect=effect)
    assert found.expected == pytest.approx([*expected, 0])
    assert found.test.statistic == pytest.approx(chi2)
    assert found.test.p_value == pytest.approx(stats.chi2.sf(chi2 / effect, 2))
    assert (found.test.n, found.test.method, found.test.warnings) == (60, "chi_square", ())
    for one, o, e, x in zip(found.residuals, counts, expected, exposures, strict=False):
        z = (o - e) / sqrt(e * (1 - x / 80) * effect)
        assert one.statistic == pytest.approx(z)
        assert one.p_value == pytest.approx(2 * stats.norm.sf(abs(z)))
        assert one.n == o
    assert found.residuals[3].warnings == ("no_exposure",)


def test_small_tables_are_compared_with_simulated_ones() -> None:
    """Exact p by listing: 6 events on two equal sectors, 5 to 1 or worse happen in 14 of 64 cases."""
    found = against_exposure([5, 1], [1, 1], draws=40_000)
    assert found.test.p_value == pytest.approx(14 / 64, abs=0.01)
    assert (found.test.method, found.test.warnings) == ("chi_square_monte_carlo", ("expected_below_5",))
    halved = against_exposure([10, 2], [1, 3], design_effect=2, draws=40_000)
    tail = sum(
        stats.binom.pmf(k, 6, 0.25)
        for k in range(7)
        if (k - 1.5) ** 2 / 1.5 + (k - 1.5) ** 2 / 4.5 >= (49 / 3 + 49 / 9) / 2 - 1e-9
    )
    assert halved.test.p_value == pytest.approx(tail, abs=0.005)
    assert against_exposure([5, 5], [1, 1]).test.method == "chi_square", "five expected are enough"


def test_fits_that_cannot_be_tested() -> None:
    assert against_exposure([0, 0], [1, 2]).test.warnings == ("no_events",)
    assert against_exposure([3, 0], [1, 0]).test.warnings == ("one_sector",)
    assert against_exposure([3, 2], [0, 0]).test.warnings == ("no_exposure", "events_without_exposure")
    assert against_exposure([30, 20, 1], [1, 1, 0]).test.warnings == ("events_without_exposure",)
    assert against_exposure([3, 2], [0, 0]).test.n == 5
