"""Where to inspect next year: floors and ceilings hold, equal yields change nothing, the best by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.stats.allocation import frontier, recommended


def test_the_best_plan_by_hand() -> None:
    """Yields near 0.5, 0.1 and 0.02: what may move fills the highest to its ceiling, then the next."""
    plans = frontier(
        [500, 100, 20],
        [1000, 1000, 1000],
        floors=[0, 0, 900],
        ceilings=[1060, 5000, 5000],
        moved_shares=[0, 1],
    )
    assert plans[0].inspections == (1000, 1000, 1000)
    assert plans[1].inspections == (1060, 1040, 900)
    assert recommended(plans) == plans[1]
    assert plans[1].gain.value == pytest.approx(60 * 0.5 + 40 * 0.1 - 100 * 0.02, rel=0.1)


def test_equal_yields_give_todays_plan_back() -> None:
    for today in ([500, 500, 500], [100, 400, 900], [10, 20, 1000]):
        found = [0.1 * x for x in today]
        plans = frontier(found, today, floors=[0, 0, 0], ceilings=[900, 900, 2000])
        assert recommended(plans) is None
        assert plans[0].inspections == tuple(today)


def test_no_move_where_all_yields_are_the_same_number() -> None:
    """With draws that agree exactly, the plan that moves least is today's."""
    from analysis.stats import allocation

    today = np.array([30.0, 20.0, 50.0])
    plan = allocation._best(np.full(3, 0.1), today, np.zeros(3), np.full(3, 100.0), 100, 100.0)
    assert plan.tolist() == today.tolist()


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_floors_ceilings_and_total_hold(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 6))
    counts = st.lists(st.integers(1, 60), min_size=size, max_size=size)
    today, found = data.draw(counts), data.draw(counts)
    floors = [data.draw(st.integers(0, x)) for x in today]
    ceilings = [data.draw(st.integers(x, 120)) for x in today]
    total = data.draw(st.integers(sum(floors), sum(today)))
    for plan in frontier(
        found, today, floors=floors, ceilings=ceilings, total=total, moved_shares=[0, 0.3, 1]
    ):
        assert all(f <= x <= c for f, x, c in zip(floors, plan.inspections, ceilings, strict=True))
        assert sum(plan.inspections) <= total
    assert sum(plan.inspections) == total, "with every move allowed and room everywhere, all are planned"


def test_more_freedom_never_finds_less() -> None:
    plans = frontier([9, 4, 1, 20], [100, 80, 60, 90], floors=[10] * 4, ceilings=[200] * 4)
    expected = [plan.expected.value for plan in plans]
    assert expected == sorted(expected)


def test_a_plan_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="floors ask"):
        frontier([1, 1], [10, 10], floors=[15, 15], ceilings=[20, 20])
    with pytest.raises(ValueError, match="above its ceiling"):
        frontier([1, 1], [10, 10], floors=[5, 0], ceilings=[4, 20])
