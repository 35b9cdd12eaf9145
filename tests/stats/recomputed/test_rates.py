"""Rates, shares and their ratios, computed again in plain Python from the formulas they cite."""

from math import sqrt

import numpy as np
import pytest
from scipy import optimize, stats

from analysis.stats.imbalance import location_quotients, split_quotients
from analysis.stats.rates import (
    expected_counts,
    poisson_limits,
    proportion,
    rate,
    rate_ratio,
    rates,
    standardised_ratio,
)
from tests.stats.recomputed.formulas import byar, garwood, normal, poisson, wilson


@pytest.mark.parametrize("level", [0.95, 0.8])
@pytest.mark.parametrize("count", [0, 1, 7, 9.5, 10, 26])
def test_rate(count: float, level: float) -> None:
    found = rate(count, 40, per=100, level=level)
    low, high = (2.5 * limit for limit in poisson(count, level))
    assert (found.value, found.low, found.high) == pytest.approx((2.5 * count, low, high))
    assert (found.n, found.level) == (round(count), level)
    assert found.method == ("exact" if count < 10 else "byar")
    assert found.warnings == (("no_events",) if count == 0 else ())


def test_each_method_gives_its_own_limits() -> None:
    assert poisson_limits(20, method="exact") == pytest.approx(garwood(20))
    assert poisson_limits(4, method="byar") == pytest.approx(byar(4))
    assert poisson_limits(0, method="byar")[0] == 0
    z = normal(0.95)
    roots = (5 + z * z / 2 - z * sqrt(5 + z * z / 4), 5 + z * z / 2 + z * sqrt(5 + z * z / 4))
    assert poisson_limits(5, method="score") == pytest.approx(roots)


def test_rates_and_expected_counts_unit_by_unit() -> None:
    found = rates([3, 12], [5, 7], per=10, level=0.9)
    assert found == (rate(3, 5, per=10, level=0.9), rate(12, 7, per=10, level=0.9))
    assert rates([3], [5], method="score")[0].method == "score"
    assert expected_counts([3, 12], [5, 7]).tolist() == pytest.approx([5 * 15 / 12, 7 * 15 / 12])
    assert expected_counts([3, 2], [0, 0]).tolist() == [0, 0]


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (5, 5), (3, 17), (160, 400)])
def test_proportion(hits: int, n: int) -> None:
    found = proportion(hits, n, level=0.9)
    assert (found.value, found.low, found.high) == pytest.approx((hits / n, *wilson(hits, n, 0.9)))
    assert (found.n, found.method, found.level, found.warnings) == (n, "wilson", 0.9, ())
    assert proportion(0, 0, level=0.9).level == 0.9
    above = proportion(7, 4, level=0.9)
    assert (above.value, above.n, above.level) == (1.75, 4, 0.9)


@pytest.mark.parametrize(("a", "b", "dispersion"), [(12, 5, 1), (3, 20, 1), (30, 18, 2.5), (1, 0, 1)])
def test_limits_of_a_rate_ratio_leave_half_the_tail_each(a: int, b: int, dispersion: float) -> None:
    """Clopper–Pearson by solving for it: at a limit the binomial tail beyond what was seen is α/2."""
    x, y, tail = a / dispersion, b / dispersion, 0.05
    found = rate_ratio(a, 4, b, 9, dispersion=dispersion, level=0.9)
    low = optimize.brentq(lambda p: stats.beta.cdf(p, x, y + 1) - tail, 1e-9, 1 - 1e-9)
    assert found.estimate.low == pytest.approx(low / (1 - low) * 9 / 4)
    if b:
        high = optimize.brentq(lambda p: stats.beta.sf(p, x + 1, y) - tail, 1e-9, 1 - 1e-9)
        assert found.estimate.high == pytest.approx(high / (1 - high) * 9 / 4)
        assert found.estimate.value == found.test.statistic == pytest.approx(a / b * 9 / 4)
    share = 4 / 13
    tails = stats.beta.cdf(share, x, y + 1), stats.beta.sf(share, x + 1, y) if b else 1.0
    assert found.test.p_value == pytest.approx(min(1, 2 * min(tails)))
    assert found.estimate.n == found.test.n == a + b
    assert (found.estimate.level, found.test.assumptions) == (0.9, ("poisson", "independent"))
    assert found.estimate.warnings == (("reference_zero",) if b == 0 else ())


def test_ratio_without_events_on_one_side_or_both() -> None:
    """No event against five at equal exposure: p doubles 0.5⁵; the lower limit is 0."""
    none = rate_ratio(0, 1, 5, 1)
    assert (none.estimate.value, none.estimate.low) == (0, 0)
    assert none.test.p_value == pytest.approx(2 * 0.5**5)
    assert none.estimate.warnings == ("no_events",)
    assert none.estimate.high == pytest.approx(0.025 ** (-1 / 5) - 1)
    for made in (rate_ratio(0, 1, 0, 1), rate_ratio(0, 0, 0, 1)):
        assert made.estimate.warnings == made.test.warnings == ("no_events",)
    blank = rate_ratio(2, 3, 5, 0, level=0.9)
    assert (blank.test.n, blank.estimate.n, blank.estimate.level) == (7, 7, 0.9)
    assert blank.test.warnings == ("no_exposure",)
    with pytest.raises(ValueError, match="dispersion"):
        rate_ratio(1, 1, 1, 1, dispersion=0.99)


@pytest.mark.parametrize(
    "bad", [(-1, 1, 1, 1), (1, -1, 1, 1), (1, 1, -1, 1), (1, 1, 1, -1), (1, np.inf, 1, 1)]
)
def test_ratio_of_what_is_no_count_is_refused(bad: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="non-negative"):
        rate_ratio(*bad)


def test_standardised_ratio() -> None:
    ratio = standardised_ratio(12, 8, level=0.9)
    assert (ratio.value, ratio.low) == pytest.approx((1.5, byar(12, 0.9)[0] / 8))
    assert standardised_ratio(3, 0).n == 3


def test_location_quotients() -> None:
    counts, exposures, effects = [30, 50, 0], [10, 20, 30], [3, 5.5, 1]
    found = location_quotients(counts, exposures, design_effect=effects, level=0.9)
    for one, count, exposed, effect in zip(found, counts, exposures, effects, strict=True):
        scale = 60 / exposed
        low, high = wilson(count / effect, 80 / effect, 0.9)
        expected = (count / 80 * scale, low * scale, high * scale)
        assert (one.value, one.low, one.high) == pytest.approx(expected, abs=1e-12)
        assert (one.n, one.level, one.method) == (count, 0.9, "wilson_quotient")
    assert [one.warnings for one in found] == [(), ("few_effective_events",), ()]
    assert location_quotients([0, 0], [1, 1])[0].warnings == ("no_events",)
    assert location_quotients([1, 2], [1, 1])[0].value == pytest.approx(2 / 3)


def test_split_with_a_design_effect() -> None:
    """Reporting: the county's department-found share over the sector's, whose limits are Wilson's."""
    found, own = [40, 10, 0], [20, 0, 5]
    first, second, third = split_quotients(
        [10, 20, 5], [30, 60, 4], found, own, distinct_inspected=[8, 10, 2], design_effect=2, level=0.9
    )
    low, high = wilson(20, 30, 0.9)
    whole = 50 / 75
    assert (first.reporting.value, first.reporting.low, first.reporting.high) == pytest.approx(
        (whole / (40 / 60), whole / high, whole / low)
    )
    assert (first.reporting.n, first.reporting.level) == (60, 0.9)
    assert first.effort == pytest.approx((30 / 94) / (10 / 35))
    assert first.coverage == pytest.approx((8 / 20) / (10 / 35))
    assert first.revisits == pytest.approx(first.effort / first.coverage)  # type: ignore[operator]
    assert first.yield_.low == pytest.approx(wilson(20, 25, 0.9)[0] * 94 / 30)
    assert first.hazard.high == pytest.approx(wilson(30, 37.5, 0.9)[1] * 35 / 10)
    assert second.logs == pytest.approx(
        tuple(np.log(x) for x in (second.effort, second.yield_.value, second.reporting.value))  # type: ignore[arg-type]
    )
    assert (third.logs, third.warnings) == (None, ("nothing_found_by_departments",))
    assert third.reporting.n == 5
    assert third.reporting.warnings == ("nothing_found_by_departments",)


def test_split_says_why_it_is_not_defined() -> None:
    empty, _ = split_quotients([0, 5], [0, 5], [0, 5], [0, 1])
    assert empty.warnings == ("no_exposure",)
    nothing, _ = split_quotients([3, 5], [0, 0], [2, 5], [0, 1])
    assert (nothing.effort, nothing.warnings) == (None, ("no_inspections",))
    silent = split_quotients([3, 5], [1, 2], [0, 0], [0, 0])[0]
    assert silent.reporting.warnings == ("no_events",)
    unseen = split_quotients([3, 5], [1, 2], [1, 1], [0, 1], distinct_inspected=[0, 2])[0]
    assert (unseen.coverage, unseen.revisits) == (0, None)
