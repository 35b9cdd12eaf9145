"""Shrunken rates move towards the whole, most where they know least, and repeat exactly."""

import numpy as np
import pytest

from analysis.stats.shrinkage import shrunken_rates


def test_rates_lie_between_their_own_and_the_overall_rate() -> None:
    result = shrunken_rates([1, 40, 9, 30, 2], [10, 100, 30, 200, 40])
    for estimate, own in zip(result.rates, [0.1, 0.4, 0.3, 0.15, 0.05], strict=True):
        low, high = sorted([own, result.mean or 0.0])
        assert low - 0.02 <= (estimate.value or 0.0) <= high + 0.02


def test_a_small_sector_is_drawn_further_than_a_large_one_of_the_same_rate() -> None:
    result = shrunken_rates([4, 400, 50, 60, 55], [10, 1000, 500, 500, 500])
    small, large = result.rates[0].value, result.rates[1].value
    assert small is not None
    assert large is not None
    assert small < large
    assert large == pytest.approx(0.4, abs=0.03)


def test_alike_sectors_are_nearly_pooled() -> None:
    result = shrunken_rates([50] * 8, [100] * 8)
    assert result.spread is not None
    assert result.spread < 0.2
    assert all(e.low <= 0.5 <= e.high for e in result.rates)  # type: ignore[operator]


def test_ranks_tell_what_is_far_apart_and_not_what_is_close() -> None:
    ranks = shrunken_rates([300, 100, 101, 99, 10], [100] * 5).ranks
    assert (ranks[0].low, ranks[0].high) == (1, 1)
    assert (ranks[4].low, ranks[4].high) == (5, 5)
    assert ranks[1].high - ranks[1].low >= 1  # type: ignore[operator]


def test_scale_and_seed() -> None:
    one, again = shrunken_rates([3, 9, 5], [10, 20, 10]), shrunken_rates([3, 9, 5], [10, 20, 10])
    hundred = shrunken_rates([3, 9, 5], [10, 20, 10], per=100)
    assert one == again
    assert hundred.rates[0].value == pytest.approx(100 * (one.rates[0].value or 0))


def test_agrees_with_known_hyperparameters_where_there_are_many_units() -> None:
    """With 400 units the grid finds shape 4, mean 1: posterior mean (4 + y) / (4 + E)."""
    rng = np.random.default_rng(5)
    exposure = np.full(400, 5.0)
    counts = rng.poisson(rng.gamma(4, 1 / 4, 400) * exposure)
    values = np.array([e.value for e in shrunken_rates(counts, exposure).rates])
    assert np.abs(values - (4 + counts) / (4 + exposure)).max() < 0.25


@pytest.mark.parametrize(
    ("counts", "exposures", "code"),
    [
        ([0, 0], [5, 5], "no_events"),
        ([3], [5], "one_unit"),
        ([3, 4], [0, 0], "no_exposure"),
        ([], [], "no_exposure"),
    ],
)
def test_what_cannot_be_shrunk_says_so(counts: list[int], exposures: list[int], code: str) -> None:
    result = shrunken_rates(counts, exposures)
    assert result.warnings == (code,)
    assert all(e.value is None for e in result.rates + result.ranks)


def test_a_unit_without_exposure_has_neither_rate_nor_rank() -> None:
    result = shrunken_rates([3, 2, 4], [10, 0, 10])
    assert result.ranks[1].value is None
    assert result.ranks[0].high <= 2  # type: ignore[operator]
