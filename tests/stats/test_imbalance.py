"""The split is an identity on any data, and says where it is not defined."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.imbalance import drivers, location_quotients, split_quotients
from analysis.stats.inequality import inequality

positive = st.integers(1, 2000)
sector = st.tuples(positive, positive, positive, st.integers(0, 2000))
county = st.lists(sector, min_size=2, max_size=15)


@given(county)
def test_product_of_the_factors_is_the_hazard_quotient(rows: list[tuple[int, int, int, int]]) -> None:
    for split in split_quotients(*map(list, zip(*rows, strict=True))):
        product = split.effort * split.yield_.value * split.reporting.value  # type: ignore[operator]
        assert product == pytest.approx(split.hazard.value, rel=1e-9)
        assert math.exp(sum(split.logs)) == pytest.approx(split.hazard.value, rel=1e-9)  # type: ignore[arg-type]


@given(county)
def test_drivers_add_up_to_theil_t_of_hazards(rows: list[tuple[int, int, int, int]]) -> None:
    enterprises, inspections, found, own = (np.array(column) for column in zip(*rows, strict=True))
    parts = drivers(split_quotients(enterprises, inspections, found, own), found + own)
    assert parts is not None
    assert parts.total == pytest.approx(inequality(found + own, enterprises, draws=10).value, abs=1e-9)
    assert parts.effort + parts.yield_ + parts.reporting == pytest.approx(parts.total, abs=1e-9)


def test_split_by_hand() -> None:
    """Half the enterprises, three quarters of the inspections: effort 1.5; the other factors likewise."""
    first, _ = split_quotients([50, 50], [75, 25], [30, 30], [10, 30])
    assert first.effort == pytest.approx(1.5)
    assert first.yield_.value == pytest.approx(0.5 / 0.75)
    assert first.reporting.value == pytest.approx((60 / 100) / (30 / 40))
    assert first.hazard.value == pytest.approx(0.4 / 0.5)


def test_effort_splits_into_coverage_and_revisits() -> None:
    first, _ = split_quotients([50, 50], [75, 25], [3, 3], [1, 1], distinct_inspected=[40, 20])
    assert first.coverage == pytest.approx((40 / 60) / 0.5)
    assert first.coverage * first.revisits == pytest.approx(first.effort)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("inspections", "found", "code"),
    [([0, 9], [0, 5], "no_inspections"), ([4, 9], [0, 5], "nothing_found_by_departments")],
)
def test_split_is_not_defined_without_inspections_or_findings(
    inspections: list[int], found: list[int], code: str
) -> None:
    first, second = split_quotients([10, 10], inspections, found, [2, 1])
    assert first.logs is None
    assert first.warnings == (code,)
    assert second.logs is not None


def test_what_undefined_sectors_add_to_theil_is_kept_apart() -> None:
    hazards = [4, 11, 49, 3]
    splits = split_quotients([10, 20, 30, 5], [5, 40, 30, 0], [3, 10, 40, 0], [1, 1, 9, 3])
    parts = drivers(splits, hazards)
    assert parts is not None
    assert parts.undefined != 0
    assert parts.effort + parts.yield_ + parts.reporting + parts.undefined == pytest.approx(parts.total)
    assert parts.total == pytest.approx(inequality(hazards, [10, 20, 30, 5], draws=10).value)


@given(st.lists(st.tuples(st.integers(0, 500), positive), min_size=2, max_size=12), st.integers(2, 9))
def test_quotients_do_not_change_with_the_unit_of_exposure(rows: list[tuple[int, int]], factor: int) -> None:
    counts, exposures = map(np.array, zip(*rows, strict=True))
    one, other = location_quotients(counts, exposures), location_quotients(counts, exposures * factor)
    for a, b in zip(one, other, strict=True):
        assert (a.value is None) == (b.value is None)
        assert a.value is None or a.value == pytest.approx(b.value)


def test_denominator_guard_gives_counts_no_quotients() -> None:
    with_none, other = location_quotients([5, 5], [0, 10])
    assert with_none.value is None
    assert with_none.warnings == ("no_exposure",)
    assert with_none.n == 5
    assert other.value == pytest.approx(0.5)


def test_a_design_effect_widens_intervals_as_fewer_events_would_and_moves_no_value() -> None:
    """Hazards of one enterprise are not independent: 40 of 100 that count for 10 of 25."""
    (clustered, _) = location_quotients([40, 60], [1, 1], design_effect=4)
    (fewer, _) = location_quotients([10, 15], [1, 1])
    assert (clustered.value, clustered.low, clustered.high) == (fewer.value, fewer.low, fewer.high)
    assert clustered.n == 40
