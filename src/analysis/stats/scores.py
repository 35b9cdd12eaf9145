"""Points of a scoring sheet: from a figure to a share of full marks, from shares to a total, and replicates.

A share of full marks lies between 0 and 1; what is not known is NaN and never taken for 0. Replicates are a
parametric bootstrap (Efron & Tibshirani 1993, ch. 6): the year drawn anew with each unit's own rate, to which
one success and one failure are added (Agresti & Caffo 2000), so that 3 of 3 is not held for certain.
"""

import numpy as np
from numpy.typing import ArrayLike

from analysis.stats.inputs import FloatArray, as_counts, as_floats, paired_counts, require_same_length

LEAST_KNOWN = 0.5
"""Of the points, at least this part must be known for a total."""
ADDED = 1.0
"""Successes and failures added to what was seen before it is drawn anew; events, where they are counted."""


def ramp(values: ArrayLike, *, zero_at: float, full_at: float) -> FloatArray:
    """Share of full marks of each value (any shape): 0 at ``zero_at``, 1 at ``full_at``, straight between.

    Raises:
        ValueError: Both are the same.
    """
    if zero_at == full_at:
        raise ValueError("full_at and zero_at must differ")
    return np.asarray(np.clip((np.asarray(values, dtype=float) - zero_at) / (full_at - zero_at), 0.0, 1.0))


def steps(values: ArrayLike, ats: ArrayLike, shares: ArrayLike, *, higher: bool) -> FloatArray:
    """Share of full marks of each value (any shape): the greatest of the steps that it reaches, else 0.

    Args:
        values: Figures; NaN stays NaN.
        ats: Where each step begins; a value equal to it has reached it.
        shares: What each step is worth.
        higher: Whether a step is reached from ``at`` upwards (else downwards).
    """
    figures, edges, worth = (
        np.asarray(values, dtype=float),
        as_floats(ats, "ats"),
        as_counts(shares, "shares"),
    )
    require_same_length(ats=edges, shares=worth)
    reached = figures[..., None] >= edges if higher else figures[..., None] <= edges
    best = np.where(reached, worth, 0.0).max(axis=-1)
    return np.asarray(np.where(np.isnan(figures), np.nan, best))


def totals(shares: FloatArray, weights: FloatArray, ceilings: ArrayLike = np.inf) -> FloatArray:
    """Points of each unit: Σ weight × share, scaled up to all weights where an item is not known.

    Args:
        shares: … × units × items; NaN where an item of a unit is not known.
        weights: Points of the items, or … × items where they vary.
        ceilings: Most points that each unit may have (a cap, or 0 for a veto).

    Returns:
        … × units; NaN where less than ``LEAST_KNOWN`` of the weight is known.
    """
    worth = np.broadcast_to(weights[..., None, :], shares.shape)
    known = np.where(np.isnan(shares), 0.0, worth).sum(axis=-1)
    got, full = np.nansum(worth * shares, axis=-1), worth.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = got * full / known
    enough = (known > 0) & (known >= LEAST_KNOWN * full)
    return np.asarray(np.where(enough, np.minimum(scaled, ceilings), np.nan))


def binomial_replicates(
    successes: ArrayLike, trials: ArrayLike, *, effect: float = 1.0, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Draws (draws × units) of successes / trials; NaN where nothing was tried.

    ``effect`` is the design effect of events that come in clusters: the trials count as so many times fewer.
    """
    hits, tried = paired_counts(successes, trials)
    effective = np.maximum(np.round(tried / effect), np.minimum(tried, 1)).astype(np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.clip((hits / tried * effective + ADDED) / (effective + 2 * ADDED), 0.0, 1.0)
        drawn = rng.binomial(effective, np.nan_to_num(rate), size=(draws, hits.size)) / effective
    return np.asarray(np.where(tried > 0, drawn, np.nan))


def poisson_replicates(
    counts: ArrayLike, exposures: ArrayLike, *, effect: float = 1.0, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Draws (draws × units) of events per exposure; NaN where there is none. ``effect`` as above."""
    events, exposed = paired_counts(counts, exposures)
    drawn = effect * rng.poisson(events / effect + ADDED, size=(draws, events.size))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(exposed > 0, drawn / exposed, np.nan))


def varied_weights(
    weights: ArrayLike, *, concentration: float, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Draws (draws × items) around the weights, of the same sum: Dirichlet of the given concentration.

    A weight of share m varies with standard deviation √(m (1 − m) / (concentration + 1)): at 400 an item of
    20 points among 100 lies between 16 and 24 in 95 of 100 draws.

    Raises:
        ValueError: A weight or the concentration is not above 0.
    """
    points = as_counts(weights, "weights")
    if not (points > 0).all() or concentration <= 0:
        raise ValueError("weights and concentration must be above 0")
    shares = rng.dirichlet(concentration * points / points.sum(), size=draws)
    return np.asarray(shares * points.sum())


def any_share(shares: FloatArray, rng: np.random.Generator) -> FloatArray:
    """The drawn shares (draws × units × items) with what is not known drawn from nothing to full marks.

    So a unit of which an item is missing keeps every rank that the item could give it.
    """
    return np.asarray(np.where(np.isnan(shares), rng.random(shares.shape), shares))
