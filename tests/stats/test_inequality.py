"""Indices: identities, invariances, and intervals that hold the estimate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.stats.inequality import change, inequality, lorenz, theil_split

positive = st.integers(1, 500)
sectors = st.lists(st.tuples(positive, positive), min_size=2, max_size=12)
INDICES = ("theil_t", "theil_l", "gini")


def value(counts: object, exposures: object, index: str) -> float:
    result = inequality(counts, exposures, index, draws=5).value  # type: ignore[arg-type]
    assert result is not None
    return result


@given(sectors, st.sampled_from(INDICES))
def test_even_spread_is_zero_and_nothing_is_below(rows: list[tuple[int, int]], index: str) -> None:
    counts, exposures = zip(*rows, strict=True)
    assert value(exposures, exposures, index) == pytest.approx(0, abs=1e-9)
    assert value(counts, exposures, index) >= -1e-12


@given(sectors, st.sampled_from(INDICES), st.integers(2, 9))
def test_index_ignores_scale_and_order_and_splitting_a_sector(
    rows: list[tuple[int, int]], index: str, k: int
) -> None:
    counts, exposures = map(np.array, zip(*rows, strict=True))
    base = value(counts, exposures, index)
    assert value(counts * k, exposures, index) == pytest.approx(base, abs=1e-9)
    assert value(counts[::-1], exposures[::-1], index) == pytest.approx(base, abs=1e-9)
    halves = np.repeat(counts / 2, 2), np.repeat(exposures / 2, 2)
    assert value(*halves, index) == pytest.approx(base, abs=1e-9)


@given(sectors, st.integers(1, 4))
def test_within_and_between_add_up_to_the_total(rows: list[tuple[int, int]], groups: int) -> None:
    counts, exposures = zip(*rows, strict=True)
    split = theil_split(counts, exposures, np.arange(len(rows)) % groups)
    assert split is not None
    assert split.between + split.within == pytest.approx(split.total, abs=1e-9)
    assert split.total == pytest.approx(value(counts, exposures, "theil_t"), abs=1e-12)
    assert min(split.between, split.within) >= -1e-9


def test_gini_agrees_with_pairwise_differences() -> None:
    """G = Σ e_i e_j |r_i − r_j| / (2 r̄), the definition over all pairs."""
    counts, exposures = np.array([3, 9, 1, 20]), np.array([10, 12, 7, 9])
    e, rate = exposures / exposures.sum(), counts / exposures
    pairs = (e[:, None] * e * np.abs(rate[:, None] - rate)).sum() / (2 * (e @ rate))
    assert value(counts, exposures, "gini") == pytest.approx(pairs)


def test_lorenz_curve_encloses_half_the_gini() -> None:
    counts, exposures = [3, 9, 1, 20], [10, 12, 7, 9]
    curve = lorenz(counts, exposures)
    assert curve is not None
    area = np.trapezoid(curve.event_share, curve.exposure_share)
    assert 1 - 2 * area == pytest.approx(value(counts, exposures, "gini"))
    assert curve.order == (2, 0, 1, 3)


@settings(max_examples=25, deadline=None)
@given(sectors, st.sampled_from(INDICES))
def test_interval_holds_the_estimate_and_grows_with_its_level(
    rows: list[tuple[int, int]], index: str
) -> None:
    counts, exposures = zip(*rows, strict=True)
    narrow = inequality(counts, exposures, index, level=0.8)  # type: ignore[arg-type]
    wide = inequality(counts, exposures, index, level=0.99)  # type: ignore[arg-type]
    assert 0 <= wide.low <= narrow.low <= narrow.value  # type: ignore[operator]
    assert narrow.value <= narrow.high <= wide.high  # type: ignore[operator]


def test_interval_reaches_evenness_when_chance_explains_the_spread() -> None:
    """Counts about 10 that differ by no more than their square root."""
    counts = [8, 12, 10, 9, 11, 10, 13, 7, 10, 10, 9, 11]
    assert all(inequality(counts, np.ones(12), i).low == 0 for i in INDICES)  # type: ignore[arg-type]


def test_clusters_widen_the_interval() -> None:
    counts, exposures = [40, 60, 20, 80], [1, 1, 1, 1]
    plain, clustered = inequality(counts, exposures), inequality(counts, exposures, design_effect=8)
    assert clustered.low < plain.low  # type: ignore[operator]
    assert clustered.high > plain.high  # type: ignore[operator]


def test_change_has_the_sign_of_the_difference_and_its_interval_finds_a_large_one() -> None:
    even, uneven = ([100, 100, 100], [1, 1, 1]), ([250, 40, 10], [1, 1, 1])
    rise, fall, none = change(even, uneven), change(uneven, even), change(even, ([95, 108, 97], [1, 1, 1]))
    assert rise.estimate.excludes(0)
    assert rise.test.significant()
    assert rise.estimate.value == pytest.approx(-(fall.estimate.value or 0))
    assert not none.estimate.excludes(0)
    assert not none.test.significant()


@pytest.mark.parametrize(
    ("counts", "exposures", "index", "code"),
    [
        ([5], [2], "gini", "one_sector"),
        ([0, 0], [1, 1], "theil_t", "no_events"),
        ([3, 4], [0, 0], "theil_t", "no_exposure"),
        ([3, 0], [1, 1], "theil_l", "zero_counts"),
    ],
)
def test_indices_that_do_not_exist_say_why(
    counts: list[int], exposures: list[int], index: str, code: str
) -> None:
    result = inequality(counts, exposures, index)  # type: ignore[arg-type]
    assert result.value is None
    assert code in result.warnings


def test_events_in_a_sector_without_exposure_are_named() -> None:
    result = inequality([3, 4, 9], [1, 1, 0])
    assert result.n == 7
    assert result.warnings == ("events_without_exposure",)
