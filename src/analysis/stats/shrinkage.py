"""Shrunken rates: what a small sector's rate says once the spread of all sectors is known.

Gamma–Poisson (empirical Bayes, Clayton & Kaldor 1987), the two hyperparameters integrated over a grid
instead of fixed at their best value, so that intervals and ranks carry their uncertainty too
(Carlin & Louis 2000, ch. 3). Ranks: Laird & Louis 1989; Goldstein & Spiegelhalter 1996.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from analysis.stats.inputs import FloatArray, number, paired_counts
from analysis.stats.results import Estimate, unknown

GRID = 60
FEW_UNITS = 5


@dataclass(frozen=True)
class ShrunkenRates:
    """Shrunken rate and rank (1 = highest; value = mean rank) of each unit, in the order given.

    `mean` is the overall rate, `spread` the coefficient of variation between units (posterior median).
    """

    rates: tuple[Estimate, ...]
    ranks: tuple[Estimate, ...]
    mean: float | None
    spread: float | None
    warnings: tuple[str, ...]


def shrunken_rates(
    counts: ArrayLike,
    exposures: ArrayLike,
    *,
    per: float = 1.0,
    level: float = 0.95,
    draws: int = 4000,
    seed: int = 0,
) -> ShrunkenRates:
    """Rates drawn towards the overall one as far as their smallness asks; n = events of the unit.

    Units without exposure have neither rate nor rank; without any event, or with one unit, nothing is
    shrunk. Seeded, so a rerun gives the same intervals.
    """
    events, exposed = paired_counts(counts, exposures)
    used = exposed > 0
    reason = _refusal(events[used])
    if reason:
        return _refused(events, reason, level)
    rng = np.random.default_rng(seed)
    theta, spread = _posterior_draws(events[used], exposed[used], draws, rng)
    ranks = ((-theta).argsort(axis=1).argsort(axis=1) + 1).astype(np.float64)
    warnings = ("few_units",) if used.sum() < FEW_UNITS else ()
    return ShrunkenRates(
        _spread_over(used, events, theta * per, method="gamma_poisson", level=level, warnings=warnings),
        _spread_over(used, events, ranks, method="gamma_poisson_rank", level=level, warnings=warnings),
        number(per * events[used].sum() / exposed[used].sum()),
        number(float(np.median(spread))),
        warnings,
    )


def _refusal(events: FloatArray) -> str | None:
    if events.size == 0:
        return "no_exposure"
    if events.size == 1:
        return "one_unit"
    return "no_events" if events.sum() == 0 else None


def _refused(events: FloatArray, reason: str, level: float) -> ShrunkenRates:
    none = tuple(unknown("gamma_poisson", reason, n=round(count), level=level) for count in events)
    return ShrunkenRates(none, none, None, None, (reason,))


def posterior_rates(
    counts: FloatArray, exposures: FloatArray, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Draws (draws × units) of the units' true rates; every exposure and the sum of counts above 0."""
    return _posterior_draws(counts, exposures, draws, rng)[0]


def _posterior_draws(
    events: FloatArray, exposed: FloatArray, draws: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Draws (draws × units) of the units' rates, and of the spread between them."""
    mean, spread, weight = _hyperposterior(events, exposed)
    picked = rng.choice(weight.size, size=draws, p=weight)
    shape = 1 / spread[picked] ** 2
    theta = rng.gamma(shape[:, None] + events, 1 / ((shape / mean[picked])[:, None] + exposed))
    return theta, spread[picked]


def _hyperposterior(events: FloatArray, exposed: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Grid of (mean rate, spread) with its weights under flat priors on ln(mean) and on the spread."""
    crude = events.sum() / exposed.sum()
    reach = 4 / np.sqrt(events.sum()) + 6 / np.sqrt(events.size)
    log_mean = np.log(crude) + np.linspace(-reach, reach, GRID)
    grid_mean, grid_spread = np.meshgrid(np.exp(log_mean), np.geomspace(0.01, 4, GRID), indexing="ij")
    mean, spread = grid_mean.ravel(), grid_spread.ravel()
    # the grid is even in ln(spread): its step, proportional to spread, makes the prior flat in spread
    log_weight = _log_marginal(events, exposed, mean[:, None], spread[:, None]) + np.log(spread)
    weight = np.exp(log_weight - log_weight.max())
    return mean, spread, weight / weight.sum()


def _log_marginal(
    events: FloatArray, exposed: FloatArray, mean: FloatArray, spread: FloatArray
) -> FloatArray:
    """Negative-binomial log likelihood of all units, terms free of the hyperparameters left out."""
    shape = 1 / spread**2
    rate = shape / mean
    terms = (
        gammaln(shape + events)
        - gammaln(shape)
        + shape * np.log(rate / (rate + exposed))
        - events * np.log(rate + exposed)
    )
    return np.asarray(terms.sum(axis=1))


def _spread_over(
    used: NDArray[np.bool_],
    events: FloatArray,
    draws: FloatArray,
    *,
    method: str,
    level: float,
    warnings: tuple[str, ...],
) -> tuple[Estimate, ...]:
    """Mean and central interval of the draws for the units used, `no_exposure` for the others."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    summary = iter(zip(draws.mean(axis=0), low, high, strict=True))
    estimates = []
    for count, ok in zip(events, used, strict=True):
        n = round(float(count))
        if not ok:
            estimates.append(unknown(method, "no_exposure", n=n, level=level))
            continue
        value, lower, upper = (float(x) for x in next(summary))
        estimates.append(Estimate(value, lower, upper, n, method, level, warnings))
    return tuple(estimates)
