"""Survival, clearance and deadlines, computed again in plain Python from the formulas they cite."""

from itertools import combinations
from math import exp, log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.stats.survival import (
    days_overdue,
    expected_clearance,
    kaplan_meier,
    log_rank,
    overdue_by_age,
)
from tests.stats.recomputed.formulas import normal

DAYS = [3, 5, 5, 8, 8, 10, 12, 12, 15, 20, 20, 31]
DONE = [1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0]


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_kaplan_meier(level: float) -> None:
    """Product of (1 − d/n); Greenwood's variance; limits of ln(−ln S); the median where the curve crosses."""
    when = sorted({d for d, e in zip(DAYS, DONE, strict=True) if e})
    s, greenwood, curve, low, high, risk = 1.0, 0.0, [], [], [], []
    for t in when:
        n = sum(d >= t for d in DAYS)
        d = sum(1 for x, e in zip(DAYS, DONE, strict=True) if x == t and e)
        s, greenwood = s * (1 - d / n), greenwood + d / (n * (n - d))
        half = normal(level) * sqrt(greenwood) / abs(log(s))
        curve, risk = [*curve, s], [*risk, n]
        low, high = [*low, s ** exp(half)], [*high, s ** exp(-half)]
    found = kaplan_meier(DAYS, DONE, level=level)
    assert found.days.tolist() == when
    assert found.still_open == pytest.approx(curve)
    assert found.low == pytest.approx(low)
    assert found.high == pytest.approx(high)
    assert found.at_risk.tolist() == risk
    assert (found.events, found.n, found.last_day, found.warnings) == (6, 12, 31, ())
    median = found.median
    first = next(t for t, x in zip(when, curve, strict=True) if x <= 0.5)
    below = [next((t for t, x in zip(when, line, strict=True) if x <= 0.5), None) for line in (low, high)]
    assert (median.value, median.low, median.high) == (first, *below)
    assert (median.n, median.level, median.method) == (12, level, "kaplan_meier_median")
    assert median.warnings == ()


@pytest.mark.parametrize(("events", "warned"), [(4, ("few_events",)), (5, ())])
def test_four_events_are_few(events: int, warned: tuple[str, ...]) -> None:
    found = kaplan_meier(list(range(1, events + 1)), [True] * events)
    assert found.warnings == found.median.warnings == warned


def test_half_way_on_a_flat_stretch_is_its_middle() -> None:
    """Two of four done by day 4, the next on day 9: 6.5, as R's survfit gives; at the end the day itself."""
    assert kaplan_meier([2, 4, 9, 11], [1, 1, 1, 1]).median.value == 6.5
    assert kaplan_meier([2, 4, 9, 11], [1, 1, 0, 0]).median.value == 4
    assert kaplan_meier([2, 4, 9], [1, 1, 1]).median.value == 4


def test_curves_of_nothing() -> None:
    found = kaplan_meier([4, 9], [0, 0], level=0.9)
    assert (found.events, found.n, found.last_day) == (0, 2, 9)
    assert (found.median.n, found.median.level, found.median.warnings) == (2, 0.9, ("no_events",))
    assert (kaplan_meier([], []).last_day, kaplan_meier([], []).n) == (0, 0)
    with pytest.raises(ValueError, match="level"):
        kaplan_meier([1], [0], level=1)


def test_log_rank_of_two_groups() -> None:
    """Mantel's χ² by hand: observed less expected over the hypergeometric variance at each day."""
    days = DAYS * 4
    done = DONE * 4
    group = ["a" if i % 3 else "b" for i in range(48)]
    difference, variance, expected = 0.0, 0.0, {"a": 0.0, "b": 0.0}
    for t in sorted({d for d, e in zip(days, done, strict=True) if e}):
        at = [(g, x == t and e) for x, e, g in zip(days, done, group, strict=True) if x >= t]
        n, n1 = len(at), sum(g == "a" for g, _ in at)
        d, d1 = sum(bool(e) for _, e in at), sum(bool(e) for g, e in at if g == "a")
        difference += d1 - d * n1 / n
        expected["a"] += d * n1 / n
        expected["b"] += d * (n - n1) / n
        variance += d * (n1 / n) * (1 - n1 / n) * (n - d) / (n - 1)
    assert min(expected.values()) > 5
    found = log_rank(days, done, group)
    chi2 = difference**2 / variance
    assert (found.statistic, found.p_value) == pytest.approx((chi2, stats.chi2.sf(chi2, 1)))
    assert (found.n, found.method, found.warnings) == (48, "log_rank", ())
    assert found.assumptions == ("independent", "censoring_unrelated")


def test_labels_at_random_give_the_exact_share_of_labellings() -> None:
    """Two of six done first: Σ U²/n of all fifteen labellings, U an event less its hazards so far."""
    scores = [1 - sum(1 / left for left in range(6, 6 - place - 1, -1)) for place in range(6)]

    def spread(pair: tuple[int, ...]) -> float:
        u = sum(scores[i] for i in pair)
        return u**2 / 2 + u**2 / 4

    spreads = [spread(pair) for pair in combinations(range(6), 2)]
    extreme = sum(s >= spread((0, 1)) - 1e-9 for s in spreads) / len(spreads)
    found = log_rank([1, 2, 30, 31, 32, 33], [1] * 6, ["b", "b", "a", "a", "a", "a"])
    assert found.method == "log_rank_permuted"
    assert found.p_value == pytest.approx(extreme, abs=0.03)
    assert (found.n, found.assumptions) == (6, ("independent", "censoring_unrelated"))


def test_overdue_at_the_edges() -> None:
    due = pd.to_datetime(pd.Series(["2024-06-30", "2024-06-29", "2024-06-01", "2024-06-02"]))
    done = pd.to_datetime(pd.Series([None, None, "2024-06-30", "2024-07-01"]))
    late = days_overdue(due, done, pd.Timestamp("2024-06-30"))
    assert late.to_dict() == {3: 28, 1: 1}
    assert list(late.index) == [3, 1]
    ages = [1, 30, 31, 90, 91, 180, 181, 500]
    assert overdue_by_age(ages) == {"1-30": 2, "31-90": 2, "91-180": 2, "181+": 2}
    assert overdue_by_age([7, 8], (7,)) == {"1-7": 1, "8+": 1}


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_expected_clearance(level: float) -> None:
    """S(a + t) / S(a) for each item, their sum, and the normal interval of a sum of independent draws."""
    curve = kaplan_meier([10, 20, 30, 40, 50], [1, 1, 1, 1, 1])
    share = {0: 1.0, 10: 0.8, 20: 0.6, 30: 0.4, 40: 0.2, 50: 0.0}
    ages = [0, 10, 20]

    def chances(t: int) -> list[float]:
        return [share[min(50, (a + t) // 10 * 10)] / share[a] for a in ages]

    found = expected_clearance(curve, ages, horizons=(10, 25), level=level)
    for t in (10, 25):
        mean, half = sum(chances(t)), normal(level) * sqrt(sum(p * (1 - p) for p in chances(t)))
        one = found.open_after[t]
        assert (one.value, one.low, one.high) == pytest.approx(
            (mean, max(0, mean - half), min(3, mean + half))
        )
        assert (one.n, one.level) == (3, level)
    waits = range(100)
    assert found.half.value == next(t for t in waits if sum(chances(t)) <= 1.5)
    assert found.nine_tenths.value == next(t for t in waits if sum(chances(t)) <= 0.3)
    assert (found.half.n, found.half.level, found.nine_tenths.n) == (3, level, 3)


def test_clearance_without_a_curve_or_items() -> None:
    never = expected_clearance(kaplan_meier([4], [0]), [1, 2], level=0.9)
    assert never.half.warnings == never.open_after[30].warnings == ("no_events",)
    assert (never.half.n, never.half.level) == (2, 0.9)
    old = expected_clearance(kaplan_meier([10, 20], [1, 1]), [25], horizons=(5,))
    assert old.open_after[5].value == 1, "nothing that old was ever rectified"
    assert set(never.open_after) == {30, 90, 180}


def test_what_is_open_when_the_curve_ends_stays_open() -> None:
    curve = kaplan_meier([10, 20, 30, 30], [1, 0, 0, 0])
    found = expected_clearance(curve, np.zeros(4), horizons=(200,))
    assert found.open_after[200].value == pytest.approx(3)
    assert found.half.warnings == ("beyond_follow_up",)
