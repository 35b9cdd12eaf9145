"""Points are those of a hand calculation, what is not known is no zero, replicates have the right spread."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats import scores

NAN = np.nan


@pytest.mark.parametrize(
    ("value", "share"),
    [(59.9, 0.0), (60, 0.0), (60.01, 0.01 / 35), (77.5, 0.5), (94.99, 34.99 / 35), (95, 1.0), (100, 1.0)],
)
def test_a_ramp_that_rises_from_60_to_95(value: float, share: float) -> None:
    assert scores.ramp([value], zero_at=60, full_at=95)[0] == pytest.approx(share)


@pytest.mark.parametrize(("value", "share"), [(0, 1.0), (1, 0.8), (4, 0.2), (5, 0.0), (9, 0.0)])
def test_a_ramp_that_falls_is_a_deduction_for_each(value: float, share: float) -> None:
    """Two of ten points for each accident, until nothing is left."""
    assert scores.ramp([value], zero_at=5, full_at=0)[0] == pytest.approx(share)


@pytest.mark.parametrize(
    ("value", "share"), [(100, 1.0), (95, 1.0), (94.99, 0.8), (90, 0.8), (80, 0.5), (79.99, 0.0)]
)
def test_steps_upwards_count_from_their_edge(value: float, share: float) -> None:
    assert scores.steps([value], [95, 90, 80], [1, 0.8, 0.5], higher=True)[0] == share


@pytest.mark.parametrize(("value", "share"), [(0, 1.0), (1, 0.6), (2, 0.2), (3, 0.2), (4, 0.0)])
def test_steps_downwards_count_up_to_their_edge(value: float, share: float) -> None:
    assert scores.steps([value], [0, 1, 3], [1, 0.6, 0.2], higher=False)[0] == share


def test_a_sheet_by_hand() -> None:
    """Weights 50, 30, 20; the second unit lacks an item of 30, so 45 of 70 points count as 64.29 of 100."""
    shares = np.array([[1.0, 0.5, 0.25], [0.7, NAN, 0.5]])
    found = scores.totals(shares, np.array([50.0, 30, 20]))
    assert found == pytest.approx([50 + 15 + 5, 45 / 70 * 100])


def test_caps_and_vetoes_bound_a_total_and_raise_none() -> None:
    shares, weights = np.array([[0.95], [0.95], [0.5]]), np.array([100.0])
    assert scores.totals(shares, weights, [79, 0, 79]) == pytest.approx([79, 0, 50])


def test_less_than_half_of_the_weight_gives_no_total() -> None:
    shares, weights = np.array([[1.0, NAN], [NAN, 1.0], [NAN, NAN]]), np.array([49.0, 51])
    found = scores.totals(shares, weights)
    assert np.isnan(found[[0, 2]]).all()
    assert found[1] == pytest.approx(100)


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=6),
    st.lists(st.floats(1, 60), min_size=3, max_size=3),
)
def test_totals_lie_between_nothing_and_all_points_and_rise_with_each_item(
    rows: list[list[float]], weights: list[float]
) -> None:
    shares, points = np.array(rows), np.array(weights)
    found = scores.totals(shares, points)
    assert ((found >= 0) & (found <= points.sum() * (1 + 1e-12))).all()
    better = scores.totals(np.minimum(shares + np.array([0, 0.1, 0]), 1), points)
    assert (better >= found - 1e-9).all()


@given(st.floats(-200, 200), st.floats(0, 50), st.booleans())
def test_a_better_figure_never_has_fewer_points(value: float, more: float, higher: bool) -> None:
    better = value + more if higher else value - more
    edges = (60.0, 95.0) if higher else (95.0, 60.0)
    ramps = scores.ramp([value, better], zero_at=edges[0], full_at=edges[1])
    step = scores.steps([value, better], [95, 60] if higher else [60, 95], [1, 0.4], higher=higher)
    assert ramps[0] <= ramps[1]
    assert step[0] <= step[1]


def test_binomial_replicates_have_the_binomial_spread_and_the_effect_widens_it() -> None:
    """One success and one failure added: 80 of 100 is drawn at 81 / 102, sd √(p(1−p)/100) = 4.04 points."""
    plain, clumped = (
        scores.binomial_replicates([80], [100], effect=effect, draws=20_000, rng=np.random.default_rng(1))
        for effect in (1.0, 4.0)
    )
    assert plain.mean() == pytest.approx(81 / 102, abs=0.001)
    assert plain.std() == pytest.approx(0.0404, abs=0.0008)
    assert clumped.std() == pytest.approx(np.sqrt(21 / 27 * 6 / 27 / 25), abs=0.0016)


def test_all_of_three_is_not_held_for_certain_and_nothing_tried_is_not_known() -> None:
    drawn = scores.binomial_replicates([3, 0], [3, 0], draws=2000, rng=np.random.default_rng(2))
    assert drawn[:, 0].min() < 1
    assert np.isnan(drawn[:, 1]).all()


def test_poisson_replicates_stay_on_whole_counts() -> None:
    """A step at no accident at all must be reachable: Poisson(1) is 0 in 36.8 % of draws."""
    drawn = scores.poisson_replicates([0, 9], [1, 3], draws=20_000, rng=np.random.default_rng(3))
    assert (drawn[:, 0] == 0).mean() == pytest.approx(np.exp(-1), abs=0.01)
    assert drawn[:, 1].mean() == pytest.approx(10 / 3, abs=0.02)


def test_weights_vary_as_far_as_the_concentration_says() -> None:
    drawn = scores.varied_weights([20, 80], concentration=400, draws=20_000, rng=np.random.default_rng(4))
    assert drawn.sum(axis=1) == pytest.approx(100)
    assert drawn[:, 0].mean() == pytest.approx(20, abs=0.05)
    assert np.quantile(drawn[:, 0], [0.025, 0.975]) == pytest.approx([16.2, 24.0], abs=0.25)


@pytest.mark.parametrize(("weights", "concentration"), [([0, 1], 400), ([1, 1], 0)])
def test_weights_must_be_above_nothing(weights: list[float], concentration: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        scores.varied_weights(weights, concentration=concentration, draws=1, rng=np.random.default_rng(0))


def test_a_ramp_needs_two_ends() -> None:
    with pytest.raises(ValueError, match="differ"):
        scores.ramp([1], zero_at=5, full_at=5)


def test_what_is_not_known_is_drawn_from_nothing_to_everything() -> None:
    shares = np.full((4000, 1, 2), 0.3)
    shares[:, :, 1] = NAN
    drawn = scores.any_share(shares, np.random.default_rng(5))
    assert (drawn[:, 0, 0] == 0.3).all()
    assert drawn[:, 0, 1].min() < 0.01
    assert drawn[:, 0, 1].max() > 0.99
