"""Where to inspect next year: the same inspections, or fewer, laid where each is expected to find most.

Expected findings are inspections times shrunken yields (see `shrinkage`), so a sector that was looked at
twice cannot win the plan by luck. Yields are those of targeted inspections: more of them may find less each.
The allocation is an integer programme, solved exactly by HiGHS (Huangfu & Hall 2018) through SciPy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.stats.inputs import FloatArray, as_counts, require_same_length
from analysis.stats.results import Estimate
from analysis.stats.shrinkage import posterior_rates

DRAWS = 4000
MOVED_SHARES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
"""Shares of the inspections that may change their sector, for the frontier."""
_SLACK = 1e-9


@dataclass(frozen=True)
class Allocation:
    """Inspections of each sector, how many change their sector, what they are expected to find, and the gain.

    ``expected`` and ``gain`` (over today's inspections) carry the interval of the yields' posterior draws.
    """

    inspections: tuple[int, ...]
    moved: int
    expected: Estimate
    gain: Estimate


def frontier(
    found: ArrayLike,
    inspections: ArrayLike,
    *,
    floors: ArrayLike,
    ceilings: ArrayLike,
    total: int | None = None,
    moved_shares: Sequence[float] = MOVED_SHARES,
    seed: int = 20240101,
    level: float = 0.95,
) -> tuple[Allocation, ...]:
    """The best allocation for each share of inspections that may move; with 0 today's, where it can stay.

    Args:
        found: Major hazards that inspections found, by sector.
        inspections: Today's inspections by sector, each above 0.
        floors: Fewest inspections that the law or the plan asks of each sector.
        ceilings: Most inspections of each sector (its enterprises, if each is visited once).
        total: Most inspections in all; today's number unless fewer are given.
        moved_shares: Shares of today's total that may go to another sector.
        seed: Of the draws of yields.
        level: Of the intervals.

    Raises:
        ValueError: No allocation keeps to floors, ceilings and total.
    """
    hits, today = as_counts(found, "found"), as_counts(inspections, "inspections")
    low, high = as_counts(floors, "floors"), as_counts(ceilings, "ceilings")
    require_same_length(found=hits, inspections=today, floors=low, ceilings=high)
    whole = int(today.sum()) if total is None else int(total)
    _require_room(low, high, whole)
    yields = posterior_rates(hits, today, DRAWS, np.random.default_rng(seed))
    plans = [
        _best(yields.mean(axis=0), today, low, high, whole, share * today.sum()) for share in moved_shares
    ]
    return tuple(_valued(plan, today, yields, level) for plan in plans)


def recommended(plans: Sequence[Allocation]) -> Allocation | None:
    """The plan that moves least among those with the largest gain that is certain; None where none is.

    A gain is certain where its interval lies above 0, so equal yields leave today's inspections as they are.
    """
    certain = [plan for plan in plans if plan.gain.low is not None and plan.gain.low > 0]
    return max(certain, key=lambda plan: (plan.gain.low or 0.0, -plan.moved), default=None)


def _require_room(low: FloatArray, high: FloatArray, total: int) -> None:
    if (low > high).any():
        raise ValueError("a floor lies above its ceiling")
    if low.sum() > total:
        raise ValueError(f"the floors ask for {low.sum():.0f} inspections, there are {total}")


def _best(
    mean: FloatArray, today: FloatArray, low: FloatArray, high: FloatArray, total: int, movable: float
) -> FloatArray:
    """Whole inspections that are expected to find most; of several such plans the one that moves least.

    The unknowns are the inspections x and, for each sector, how many are added to today's (u ≥ x − today).
    Where the floors force more to move than may, that much moves; where the ceilings leave no room, fewer
    inspections than the total are planned.
    """
    size = today.size
    forced = np.maximum(low - today, 0).sum()
    limits = [
        LinearConstraint(np.hstack([np.ones(size), np.zeros(size)])[None, :], 0, total),
        LinearConstraint(np.hstack([-np.eye(size), np.eye(size)]), -today, np.inf),
        LinearConstraint(np.hstack([np.zeros(size), np.ones(size)])[None, :], 0, max(movable, forced)),
    ]
    bounds = Bounds(np.hstack([low, np.zeros(size)]), np.hstack([high, high]))
    gain = np.hstack([mean, np.zeros(size)])
    best = _solved(-gain, limits, bounds)
    enough = LinearConstraint(gain[None, :], float(gain @ best) * (1 - _SLACK), np.inf)
    fewest = _solved(np.hstack([np.zeros(size), np.ones(size)]), [*limits, enough], bounds)
    return np.round(fewest[:size])


def _solved(cost: FloatArray, limits: list[LinearConstraint], bounds: Bounds) -> FloatArray:
    result = milp(cost, constraints=limits, bounds=bounds, integrality=np.ones(cost.size, dtype=np.int64))
    if result.x is None:
        raise ValueError(f"no allocation keeps to floors, ceilings and total: {result.message}")
    return np.asarray(result.x)


def _valued(plan: FloatArray, today: FloatArray, yields: FloatArray, level: float) -> Allocation:
    added = int(np.maximum(plan - today, 0).sum())
    whole, n = yields @ plan, int(plan.sum())
    return Allocation(
        tuple(int(x) for x in plan),
        added,
        _spread(whole, n, level),
        _spread(yields @ (plan - today), n, level),
    )


def _spread(draws: FloatArray, n: int, level: float) -> Estimate:
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(draws.mean()), float(low), float(high), n, "gamma_poisson_allocation", level)
