"""Which ranks the scores of units allow, so that nobody is ranked by noise.

A rank interval leaves out only the ranks that other units hold for certain: a unit lies behind another where
the difference of their scores keeps its sign over a simultaneous band of all pairs (max-t, Ruppert, Wand &
Carroll 2003, 6.5; ranks from pairs: Mogstad, Romano, Shaikh & Wilhelm 2024, Klein, Wright & Wieczorek 2020).
Ranks counted draw by draw are too sure of units that are alike (Xie, Singh & Zhang 2009).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.stats.inputs import FloatArray, as_floats, require_level

TIE = 1e-9
"""Scores that differ by less are the same."""


@dataclass(frozen=True)
class RankIntervals:
    """First and last rank (1 = most points) that each unit may have, in the order given.

    ``critical`` is the band's half width in standard deviations; ``unsettled`` counts the units whose
    interval would be another at either end of the 95 % Monte Carlo interval of ``critical``.
    """

    low: tuple[int, ...]
    high: tuple[int, ...]
    level: float
    draws: int
    critical: float | None = None
    unsettled: int = 0


def ranks(scores: ArrayLike) -> tuple[int, ...]:
    """Rank of each score, 1 = most points; equal ones share the better rank (1, 2, 2, 4)."""
    values = as_floats(scores, "scores")
    return tuple(int(1 + (values > value + TIE).sum()) for value in values)


def simultaneous(draws: FloatArray, *, level: float = 0.95) -> RankIntervals:
    """Rank intervals that all hold together with the given level.

    Args:
        draws: Draws × units of the scores, none missing.
        level: With which all intervals hold the units' true ranks.
    """
    require_level(level)
    centred = draws - draws.mean(axis=0)
    mean, spread = _pairs(draws, centred)
    worst = _worst(centred, spread)
    band = _quantile_with_error(worst, level)
    first, *others = (_intervals(mean, spread, critical) for critical in band)
    changed = {
        unit for low, high in others for unit in np.flatnonzero((low != first[0]) | (high != first[1]))
    }
    return RankIntervals(
        tuple(map(int, first[0])), tuple(map(int, first[1])), level, len(draws), band[0], len(changed)
    )


def swept(draws: FloatArray, *, level: float = 0.95) -> RankIntervals:
    """Which ranks each unit takes over the draws, the rarest (1 − level) left out at both ends.

    For what is varied on purpose (weights), where no draw is truer than another. A unit level with others may
    have any of their ranks.
    """
    tail, units = (1 - require_level(level)) / 2, draws.shape[1]
    ahead, behind = np.zeros(draws.shape), np.zeros(draws.shape)
    for unit in range(units):
        ahead[:, unit] = (draws > draws[:, [unit]] + TIE).sum(axis=1)
        behind[:, unit] = (draws < draws[:, [unit]] - TIE).sum(axis=1)
    low = np.quantile(1 + ahead, tail, axis=0, method="inverted_cdf")
    high = np.quantile(units - behind, 1 - tail, axis=0, method="inverted_cdf")
    return RankIntervals(tuple(map(int, low)), tuple(map(int, high)), level, len(draws))


def groups(intervals: RankIntervals) -> tuple[int, ...]:
    """Each unit's group, 1 = first: units whose intervals overlap, also by way of others, share one."""
    order = sorted(range(len(intervals.low)), key=lambda unit: (intervals.low[unit], intervals.high[unit]))
    numbers, number, reach = [0] * len(order), 0, 0
    for unit in order:
        number += intervals.low[unit] > reach
        reach = max(reach, intervals.high[unit])
        numbers[unit] = number
    return tuple(numbers)


def _pairs(draws: FloatArray, centred: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation (units × units) of row less column."""
    mean, spread = draws.mean(axis=0), np.zeros((draws.shape[1],) * 2)
    for unit, row in enumerate(spread):
        row[:] = (centred[:, [unit]] - centred).std(axis=0)
    return mean[:, None] - mean, np.where(spread > TIE, spread, 0.0)


def _worst(centred: FloatArray, spread: FloatArray) -> FloatArray:
    """Of each draw, the greatest deviation of a pair from its mean, in standard deviations."""
    worst = np.zeros(len(centred))
    for unit, width in enumerate(spread):
        uncertain = width > 0
        apart = np.abs(centred[:, [unit]] - centred[:, uncertain]) / width[uncertain]
        worst = np.maximum(worst, apart.max(axis=1, initial=0.0))
    return worst


def _quantile_with_error(values: FloatArray, level: float) -> tuple[float, float, float]:
    """A quantile of the draws and the 95 % Monte Carlo interval of it, by order statistics."""
    error = 1.96 * np.sqrt(level * (1 - level) / values.size)
    near = np.clip([level, level - error, level + error], 0.0, 1.0)
    middle, low, high = np.quantile(values, near)
    return float(middle), float(low), float(high)


def _intervals(mean: FloatArray, spread: FloatArray, critical: float) -> tuple[FloatArray, FloatArray]:
    """First and last rank: behind all that are surely better, before all that are surely worse."""
    better = mean > np.maximum(critical * spread, TIE)
    return 1 + better.sum(axis=0), len(mean) - better.sum(axis=1)
