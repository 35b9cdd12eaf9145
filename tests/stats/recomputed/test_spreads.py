"""Unevenness, targeting, shrunken rates and allocation, computed again from the formulas they cite."""

from dataclasses import replace
from math import lgamma, log, sqrt

import numpy as np
import pytest
from scipy import stats

from analysis.stats.allocation import Allocation, frontier, recommended
from analysis.stats.inequality import (
    change,
    inequality,
    lorenz,
    theil_split,
    tilted_shares,
)
from analysis.stats.precision import concentration_index, overlap, spread
from analysis.stats.results import Estimate
from analysis.stats.shrinkage import shrunken_rates

EVENTS, EXPOSED = [12, 40, 3, 25, 0], [30.0, 20, 15, 25, 10]
H, E = [x / 80 for x in EVENTS], [x / 100 for x in EXPOSED]


def theil(h: list[float], e: list[float]) -> float:
    return sum(a * log(a / b) for a, b in zip(h, e, strict=True) if a)


def gini(h: list[float], e: list[float]) -> float:
    """Mean absolute difference of the rates over twice the mean rate, weighted by exposure."""
    rates = [a / b for a, b in zip(h, e, strict=True)]
    pairs = [
        (p * q, abs(x - y)) for p, x in zip(e, rates, strict=True) for q, y in zip(e, rates, strict=True)
    ]
    return sum(w * d for w, d in pairs) / 2


def test_indices() -> None:
    few = {"draws": 20}
    assert inequality(EVENTS, EXPOSED, **few).value == pytest.approx(theil(H, E))  # type: ignore[arg-type]
    assert inequality(EVENTS, EXPOSED, "gini", **few).value == pytest.approx(gini(H, E))  # type: ignore[arg-type]
    some = [12, 40, 3, 25, 5]
    share = [x / 85 for x in some]
    found = inequality(some, EXPOSED, "theil_l", level=0.9, **few)  # type: ignore[arg-type]
    assert found.value == pytest.approx(theil(E, share))
    assert (found.n, found.method, found.level, found.warnings) == (85, "theil_l", 0.9, ())


def test_lorenz_curve() -> None:
    found = lorenz([*EVENTS, 7], [*EXPOSED, 0])
    assert found is not None
    order = sorted(range(5), key=lambda i: EVENTS[i] / EXPOSED[i])
    assert found.order == tuple(order)
    assert found.event_share == pytest.approx([0, *np.cumsum([H[i] for i in order])])
    assert found.exposure_share == pytest.approx([0, *np.cumsum([E[i] for i in order])])
    assert lorenz([0, 3], [1, 0]) is None
    assert lorenz([3], [0]) is None


def test_theil_between_and_within_groups() -> None:
    found = theil_split([*EVENTS, 9], [*EXPOSED, 0], ["a", "b", "a", "b", "c", "c"])
    assert found is not None
    groups = {"a": [0, 2], "b": [1, 3], "c": [4]}
    for name, members in groups.items():
        h, e = sum(H[i] for i in members), sum(E[i] for i in members)
        between = h * log(h / e) if h else 0.0
        within = h * theil([H[i] / h for i in members], [E[i] / e for i in members]) if h else 0.0
        assert found.groups[name] == pytest.approx((between, within), abs=1e-12)
    assert found.total == pytest.approx(theil(H, E))
    assert found.between == pytest.approx(sum(b for b, _ in found.groups.values()))
    assert found.within == pytest.approx(sum(w for _, w in found.groups.values()))
    assert theil_split([0, 3], [1, 0], ["a", "b"]) is None
    with pytest.raises(ValueError, match="lengths"):
        theil_split([1, 2], [1, 1], ["a"])


def test_interval_of_an_index_holds_the_evenness_that_could_have_given_it() -> None:
    """Two equal sectors: Theil's limits are those of the binomial share on either side of the even one."""
    found = inequality([130, 70], [1, 1], draws=20_000)
    low, high = (theil([p, 1 - p], [0.5, 0.5]) for p in (0.65 - 1.96 * 0.0337, 0.65 + 1.96 * 0.0337))
    assert found.low == pytest.approx(low, rel=0.15)
    assert found.high == pytest.approx(high, rel=0.15)
    clustered = inequality([520, 280], [1, 1], design_effect=4, draws=20_000)
    assert (clustered.low, clustered.high) == pytest.approx((low, high), rel=0.15)
    assert (clustered.n, clustered.value) == (800, pytest.approx(found.value))
    wide = inequality([130, 70], [1, 1], level=0.5, draws=20_000)
    assert wide.high == pytest.approx(
        theil([0.65 + 0.6745 * 0.0337, 0.35 - 0.6745 * 0.0337], [0.5, 0.5]), rel=0.1
    )


@pytest.mark.parametrize(
    ("counts", "exposures", "index", "reason"),
    [
        ([3], [0], "theil_t", "no_exposure"),
        ([3, 1], [2, 0], "theil_t", "one_sector"),
        ([0, 0], [2, 1], "gini", "no_events"),
        ([0, 2], [2, 1], "theil_l", "zero_counts"),
    ],
)
def test_indices_that_do_not_exist(counts: list[int], exposures: list[int], index: str, reason: str) -> None:
    found = inequality(counts, exposures, index, level=0.9)  # type: ignore[arg-type]
    assert (found.value, found.warnings, found.level) == (None, (reason,), 0.9)
    moved = change((counts, exposures), ([1, 2], [1, 1]), index, level=0.9)  # type: ignore[arg-type]
    estimate, test = moved.estimate, moved.test
    assert (estimate.warnings, estimate.level, estimate.method) == ((reason,), 0.9, f"{index}_change")
    assert (test.p_value, test.warnings) == (None, (reason,))
    assert estimate.n == test.n == found.n + 3


def test_design_effects_below_one_and_lost_events() -> None:
    with pytest.raises(ValueError, match="design_effect"):
        inequality([1, 2], [1, 1], design_effect=0.99)
    assert inequality([3, 4, 1], [1, 1, 0], draws=20).warnings == ("events_without_exposure",)
    assert inequality([3, 4, 0], [1, 1, 0], draws=20).warnings == ()


def test_tilts_go_from_the_base_along_the_pattern() -> None:
    """Logarithms of tilted over base differ as those of (count + ½)/(expected + ½), further at each step."""
    counts, base = np.array([30.0, 5, 10]), np.array([0.5, 0.3, 0.2])
    tilted = tilted_shares(counts, base, 45)
    assert tilted.shape == (31, 3)
    assert tilted[0] == pytest.approx(base)
    assert tilted.sum(axis=1) == pytest.approx(np.ones(31))
    pattern = np.log((counts + 0.5) / (45 * base + 0.5))
    turn = np.log(tilted[1:] / base)
    steps = (turn[:, 0] - turn[:, 1]) / (pattern[0] - pattern[1])
    assert (turn[:, 2] - turn[:, 1]) / (pattern[2] - pattern[1]) == pytest.approx(steps)
    centred = pattern - pattern.mean()
    reach = 3 + 6 / sqrt(base @ centred**2) * sqrt(3 / 45)
    assert steps == pytest.approx(reach * np.linspace(0, 1, 31)[1:] ** 1.5)
    assert tilted_shares(counts, base, 4500)[-1, 1] > tilted[-1, 1]
    even = tilted_shares(np.array([5.0, 5]), np.array([0.5, 0.5]), 10)
    assert even[-1].max() > 0.99, "without a pattern the first sector is played against the last"


def test_change_of_an_index() -> None:
    """Bias and spread of Theil T in two even sectors: 2nT is χ² with one degree; the interval reflects it."""
    before, after = ([500, 500], [1, 1]), ([800, 200], [1, 1])
    moved = change(before, after, draws=20_000)
    found = moved.estimate
    value = theil([0.8, 0.2], [0.5, 0.5])
    sd = sqrt(0.8 * 0.2 / 1000) * log(4)
    assert found.value == pytest.approx(value)
    assert found.low == pytest.approx(value - 1.96 * sd, abs=0.004)
    assert found.high == pytest.approx(value + 1.96 * sd, abs=0.004)
    assert (found.n, found.method) == (2000, "theil_t_change")
    assert moved.test.statistic == pytest.approx(value / sd, rel=0.05)
    assert moved.test.p_value == pytest.approx(2 * stats.norm.sf(abs(moved.test.statistic or 0)))
    clustered = change(before, after, design_effects=(4, 4), level=0.9, draws=20_000).estimate
    assert clustered.high == pytest.approx(value + 1.645 * 2 * sd, abs=0.008)
    assert clustered.level == 0.9


def test_overlap() -> None:
    """60 of 100 acts where 30 % of very many hazards lie: 0.7, and limits those of the acts' share."""
    found = overlap([300_000, 700_000], [60, 40], draws=20_000)
    assert found.value == pytest.approx(0.7)
    half = 1.96 * sqrt(0.6 * 0.4 / 100)
    assert found.low == pytest.approx(0.7 - half, abs=0.015)
    assert found.high == pytest.approx(0.7 + half, abs=0.015)
    assert (found.n, found.method) == (1_000_100, "overlap")
    narrow = overlap([300_000, 700_000], [60, 40], level=0.5, draws=20_000)
    assert narrow.high - narrow.value == pytest.approx(half * 0.6745 / 1.96, abs=0.01)  # type: ignore[operator]
    few = overlap([30, 70], [600_000, 400_000], draws=20_000)
    assert few.low == pytest.approx(0.7 - 1.96 * sqrt(0.3 * 0.7 / 100), abs=0.02)
    assert overlap([5], [4], level=0.9).warnings == ("one_sector",)
    assert (overlap([0, 0], [4, 1], level=0.9).level, overlap([0, 0], [4, 1]).n) == (0.9, 5)
    assert overlap([1, 0], [0, 0]).warnings == ("no_events",)


def test_concentration_index() -> None:
    """Twice the covariance of enforcement with the place in the order of hazard rates; ties share a place."""
    f, e, h = [20, 10, 30, 40, 5], [10.0, 20, 30, 40, 0], [10, 10, 45, 20, 3]
    rates, shares = [1.0, 0.5, 1.5, 0.5], [0.1, 0.2, 0.3, 0.4]
    place = [
        sum(s for s, q in zip(shares, rates, strict=True) if q < r)
        + sum(s for s, q in zip(shares, rates, strict=True) if q == r) / 2
        for r in rates
    ]
    value = 2 * sum(x / 100 * p for x, p in zip(f, place, strict=False)) - 1
    variance = sum(x / 100 * p**2 for x, p in zip(f, place, strict=False)) - ((value + 1) / 2) ** 2
    half = 1.96 * 2 * sqrt(variance / 100)
    found = concentration_index(f, e, h, draws=20_000)
    assert found.value == pytest.approx(value)
    assert found.low == pytest.approx(value - half, abs=0.01)
    assert found.high == pytest.approx(value + half, abs=0.01)
    assert found.n == 100
    narrow = concentration_index(f, e, h, level=0.5, draws=20_000)
    assert narrow.high - narrow.value == pytest.approx(half * 0.6745 / 1.96, abs=0.01)  # type: ignore[operator]
    assert concentration_index([3], [0], [1]).warnings == ("no_exposure",)
    assert concentration_index([3, 1], [1, 0], [1, 1]).warnings == ("one_sector",)
    for nothing in (([0, 0], [1, 1], [1, 1]), ([1, 1], [1, 1], [0, 0])):
        assert concentration_index(*nothing, level=0.9).warnings == ("no_events",)
    extreme = concentration_index([0, 9], [99, 1], [0, 5])
    assert extreme.high <= 1  # type: ignore[operator]


@pytest.mark.parametrize(("n", "level"), [(6, 0.95), (12, 0.95), (12, 0.8), (25, 0.99)])
def test_median_of_amounts_with_order_statistics(n: int, level: float) -> None:
    """The largest depth whose binomial tail stays within α/2, and the values there from either end."""
    amounts = [float(x * x) for x in range(n, 0, -1)]
    depth = max(k for k in range(n) if stats.binom.cdf(k - 1, n, 0.5) <= (1 - level) / 2)
    ordered = sorted(amounts)
    found = spread(amounts, level=level)
    assert found.median.value == pytest.approx(np.median(amounts))
    assert (found.median.low, found.median.high) == (ordered[depth - 1], ordered[n - depth])
    assert (found.median.n, found.median.level, found.median.warnings) == (n, level, ())
    assert (found.lower_quartile, found.upper_quartile) == pytest.approx(
        tuple(np.quantile(amounts, [0.25, 0.75]))
    )
    assert (found.mean, found.largest_share) == pytest.approx((sum(amounts) / n, n * n / sum(amounts)))


def test_amounts_too_few_or_none() -> None:
    few = spread([3, 9, 4, 1, 5], level=0.95)
    assert (few.median.value, few.median.low, few.median.high) == (4, None, None)
    assert few.median.warnings == ("few_values",)
    assert spread([0, 0]).largest_share is None
    none = spread([], level=0.9)
    assert (none.mean, none.median.level, none.median.warnings) == (None, 0.9, ("no_values",))


def posterior(counts: list[int], exposures: list[float]) -> tuple[list[float], float]:
    """Mean rates and median spread by brute integration, flat in ln(mean) and in the spread up to 4."""
    crude = sum(counts) / sum(exposures)
    reach = 4 / sqrt(sum(counts)) + 6 / sqrt(len(counts))
    means, spreads = crude * np.exp(np.linspace(-reach, reach, 61)), np.linspace(0.01, 4, 400)
    weights, rates = np.zeros((61, 400)), np.zeros((len(counts), 61, 400))
    for i, m in enumerate(means):
        for j, s in enumerate(spreads):
            a, b = 1 / s**2, 1 / s**2 / m
            weights[i, j] = sum(
                lgamma(a + y) - lgamma(a) + a * log(b / (b + x)) - y * log(b + x)
                for y, x in zip(counts, exposures, strict=True)
            )
            rates[:, i, j] = [(a + y) / (b + x) for y, x in zip(counts, exposures, strict=True)]
    weights = np.exp(weights - weights.max())
    weights /= weights.sum()
    below = np.cumsum(weights.sum(axis=0))
    return [float((r * weights).sum()) for r in rates], float(spreads[np.searchsorted(below, 0.5)])


def test_shrunken_rates_are_the_posterior_means() -> None:
    counts, exposures = [12, 3, 40, 0, 9], [20.0, 15, 30, 5, 25]
    rates, middle = posterior(counts, exposures)
    found = shrunken_rates([*counts, 0], [*exposures, 0], per=10, draws=40_000)
    for one, expected, count in zip(found.rates, rates, counts, strict=False):
        assert one.value == pytest.approx(10 * expected, rel=0.02)
        assert (one.n, one.method, one.warnings) == (count, "gamma_poisson", ())
    assert found.spread == pytest.approx(middle, rel=0.05)
    assert found.mean == pytest.approx(10 * 64 / 95)
    assert found.rates[5].warnings == found.ranks[5].warnings == ("no_exposure",)
    assert sum(rank.value or 0 for rank in found.ranks) == pytest.approx(15)
    assert found.ranks[2].value == pytest.approx(1, abs=0.05)
    assert found.warnings == ()


def test_intervals_of_many_events_are_those_of_their_own_gamma() -> None:
    found = shrunken_rates([400, 100, 900, 1600, 50], [1.0] * 5, draws=40_000, level=0.9)
    low, high = stats.gamma.ppf([0.05, 0.95], 400)
    assert (found.rates[0].low, found.rates[0].high) == pytest.approx((low, high), rel=0.01)
    assert [(r.value, r.low, r.high) for r in found.ranks] == [(k, k, k) for k in (3, 4, 2, 1, 5)]
    assert found.rates[0].level == found.ranks[0].level == 0.9


def test_units_that_are_few_or_silent() -> None:
    assert shrunken_rates([3, 4, 5, 6], [1] * 4, draws=50).warnings == ("few_units",)
    for counts, exposures, reason in (
        ([1], [0], "no_exposure"),
        ([1, 2], [1, 0], "one_unit"),
        ([0, 0], [1, 1], "no_events"),
    ):
        found = shrunken_rates(counts, exposures, level=0.9)
        assert (found.warnings, found.mean, found.spread) == ((reason,), None, None)
        assert (found.rates[0].level, found.rates[0].n, found.rates[0].warnings) == (
            0.9,
            counts[0],
            (reason,),
        )


def test_plans_move_as_many_as_allowed_to_the_best_place() -> None:
    """Yields of 5 %, 40 % and 10 % with so many visits that they are known: the best takes what may move."""
    found, today = [5_000, 40_000, 10_000], [100_000, 100_000, 100_000]
    plans = frontier(found, today, floors=[20_000] * 3, ceilings=[100_000, 190_000, 100_000], level=0.9)
    moved = [plan.moved for plan in plans]
    assert moved == [0, 15_000, 30_000, 60_000, 90_000, 90_000, 90_000]
    assert plans[1].inspections == (85_000, 115_000, 100_000)
    assert plans[4].inspections == (20_000, 190_000, 90_000)
    assert plans[1].gain.value == pytest.approx(15_000 * 0.35, rel=0.01)
    assert plans[1].expected.value == pytest.approx(55_000 + 15_000 * 0.35, rel=0.01)
    half = 1.645 * 15_000 * sqrt(0.4 / 100_000 + 0.05 / 100_000)
    assert plans[1].gain.high - plans[1].gain.value == pytest.approx(half, rel=0.08)  # type: ignore[operator]
    assert (plans[1].gain.n, plans[1].expected.level) == (300_000, 0.9)
    best = recommended(plans)
    assert best is not None
    assert best.moved == 90_000


@pytest.mark.parametrize(
    ("floors", "ceilings", "total", "says"),
    [
        ([5, 1], [4, 9], None, "ceiling"),
        ([6, 5], [9, 9], None, "floors ask"),
        ([1, 1], [9, 9], 1, "floors ask"),
    ],
)
def test_plans_without_room(floors: list[int], ceilings: list[int], total: int | None, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        frontier([1, 2], [5, 5], floors=floors, ceilings=ceilings, total=total)


def test_floors_may_be_met_exactly() -> None:
    (plan,) = frontier([1, 9], [5, 5], floors=[7, 3], ceilings=[7, 9], moved_shares=[0])
    assert plan.inspections == (7, 3)
    assert plan.moved == 2


def test_overlap_of_three_places_adds_the_smaller_shares() -> None:
    assert overlap([50, 30, 20], [10, 60, 30], draws=50).value == pytest.approx(0.1 + 0.3 + 0.2)


def test_of_two_plans_with_the_same_certain_gain_the_one_that_moves_less() -> None:
    gain, more = Estimate(3, 2, 4, 9, "x"), Estimate(3, 1, 4, 9, "x")
    plans = [
        Allocation((1,), 5, gain, gain),
        Allocation((1,), 2, gain, gain),
        Allocation((1,), 1, more, more),
    ]
    assert recommended(plans) == plans[1]
    assert recommended([replace(plans[0], gain=Estimate(3, 0, 4, 9, "x"))]) is None
