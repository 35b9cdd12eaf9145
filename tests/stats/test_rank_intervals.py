"""Units that are alike have no rank, one that is clearly better has; simulated at the level promised."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats import rank_intervals, scores
from analysis.stats.rank_intervals import RankIntervals

UNITS, TRIALS = 10, 60


def of_rates(rates: list[float], seed: int, draws: int = 1000) -> RankIntervals:
    """The intervals of units whose score is a share of 60 trials, as a year might show them."""
    rng = np.random.default_rng(seed)
    seen = rng.binomial(TRIALS, rates)
    return rank_intervals.simultaneous(
        scores.binomial_replicates(seen, [TRIALS] * len(rates), draws=draws, rng=rng)
    )


def test_equal_units_are_not_ranked_by_noise() -> None:
    """All of 10 equal units keep every rank in 95 % of 200 years (Monte Carlo error 1.5 points)."""
    kept = [of_rates([0.8] * UNITS, seed) for seed in range(200)]
    whole = sum(set(found.low) == {1} and set(found.high) == {UNITS} for found in kept)
    assert whole / 200 >= 0.95 - 2 * 0.0154


def test_a_clearly_better_unit_is_first_and_the_rest_are_level() -> None:
    found = [of_rates([0.98, *[0.5] * (UNITS - 1)], seed) for seed in range(50)]
    assert all((one.low[0], one.high[0]) == (1, 1) for one in found)
    assert np.mean([one.low[1:] == (2,) * 9 and one.high[1:] == (UNITS,) * 9 for one in found]) > 0.85


def test_true_ranks_lie_in_the_intervals() -> None:
    """Ten units from 50 to 95 %: all of the true ranks together in 95 % of 200 years."""
    rates = [0.95 - 0.05 * unit for unit in range(UNITS)]
    found = [of_rates(rates, seed) for seed in range(200)]
    held = [
        all(low <= rank <= high for rank, low, high in zip(range(1, 11), one.low, one.high, strict=True))
        for one in found
    ]
    assert np.mean(held) >= 0.95 - 2 * 0.0154


def test_what_has_no_chance_in_it_is_ranked_exactly() -> None:
    draws = np.tile([90.0, 70.0, 70.0, 10.0], (50, 1))
    found = rank_intervals.simultaneous(draws)
    assert (found.low, found.high) == ((1, 2, 2, 4), (1, 3, 3, 4))
    assert rank_intervals.groups(found) == (1, 2, 2, 3)
    assert rank_intervals.ranks(draws[0]) == (1, 2, 2, 4)
    assert found.unsettled == 0


def test_one_unit_has_one_rank_and_none_has_none() -> None:
    assert rank_intervals.simultaneous(np.ones((5, 1))).high == (1,)
    assert rank_intervals.simultaneous(np.ones((5, 0))).low == ()


def test_a_chain_of_overlaps_is_one_group() -> None:
    chain = RankIntervals((1, 2, 4, 6), (2, 4, 5, 6), 0.95, 1)
    assert rank_intervals.groups(chain) == (1, 1, 1, 2)


def test_swept_ranks_by_hand() -> None:
    """Three draws at full level: a is 1, 2, 1; b is 2, 1, level with c; c is 3, 3, 2 or 3."""
    draws = np.array([[9.0, 5, 1], [5, 9, 1], [9, 5, 5]])
    found = rank_intervals.swept(draws, level=0.999)
    assert (found.low, found.high) == ((1, 1, 2), (2, 3, 3))


def test_the_monte_carlo_error_shrinks_with_the_draws() -> None:
    """A unit just at the band's edge is said to be unsettled; with units far apart nobody is."""
    rng = np.random.default_rng(0)
    apart = rng.normal([0, 100, 200], 1, (500, 3))
    assert rank_intervals.simultaneous(apart).unsettled == 0
    edge = rng.normal(size=(200, 2))
    edge = edge - edge.mean(axis=0)
    critical = rank_intervals.simultaneous(edge).critical or 0.0
    close = edge + np.array([critical * (edge[:, 0] - edge[:, 1]).std() * 0.999, 0])
    assert rank_intervals.simultaneous(close).unsettled == 2


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6), st.integers(0, 50))
def test_intervals_hold_the_rank_of_the_mean_and_units_keep_it_when_shuffled(
    means: list[float], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    draws = np.array(means) + rng.normal(0, 5, (200, len(means)))
    found, order = rank_intervals.simultaneous(draws), rng.permutation(len(means))
    ranked = rank_intervals.ranks(draws.mean(axis=0))
    assert all(low <= rank <= high for rank, low, high in zip(ranked, found.low, found.high, strict=True))
    again = rank_intervals.simultaneous(draws[:, order])
    assert again.low == tuple(found.low[unit] for unit in order)
    assert again.high == tuple(found.high[unit] for unit in order)


def test_a_level_must_be_one() -> None:
    with pytest.raises(ValueError, match="level"):
        rank_intervals.simultaneous(np.ones((2, 2)), level=1.0)
