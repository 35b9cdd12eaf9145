"""Regression of counts on time: Poisson or negative binomial, offset, season, HAC errors, interruption."""

from dataclasses import dataclass
from typing import Any, Literal
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import brentq
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from analysis.stats.inputs import FloatArray, paired_counts, require_level
from analysis.stats.results import Comparison, Estimate, TestResult, merge_warnings, unknown, untested
from analysis.stats.trends import MIN_MONTHLY_MEAN

MIN_POINTS = 12
EVENTS_PER_PARAMETER = 5
SEPARATED = 10  # a log ratio beyond any real one: some part of the series has no events at all
ILL_CONDITIONED = 1e7  # such a weighted design has parts without events too
MIN_BEFORE, MIN_AFTER = 8, 4
RHOS = np.linspace(0, 0.95, 20)


@dataclass(frozen=True)
class CountModel:
    """A fitted series: rate ratio and test of each term of interest; `fitted` is empty where none could be.

    `season_test` asks whether the months differ at all, `dispersion` whether counts vary more than Poisson.
    """

    ratios: dict[str, Estimate]
    tests: dict[str, TestResult]
    season_test: TestResult
    dispersion: TestResult
    family: Literal["poisson", "negative_binomial"]
    fitted: FloatArray
    n: int
    warnings: tuple[str, ...]


def count_trend(
    counts: ArrayLike, exposures: ArrayLike | None = None, *, season: int = 12, level: float = 0.95
) -> CountModel:
    """Rate ratio per year (term `per_year`) of a regular series, `season` points a year; n = points used.

    Log link, ln(exposure) as offset, season as harmonics (two from three years on, one from two years).
    Negative binomial where the dispersion test asks for it (Cameron & Trivedi 1990). Errors allow for
    autocorrelation: see `serial_errors`, never below Newey & West's, which are too small in short series.
    """
    events, exposed = _series(counts, exposures)
    years = np.arange(events.size) / season
    terms = {"per_year": years - years.mean() if years.size else years}
    return _fit(events, exposed, terms, season=season, level=level)


def interrupted_series(
    counts: ArrayLike,
    start: int,
    exposures: ArrayLike | None = None,
    *,
    season: int = 12,
    level: float = 0.95,
) -> CountModel:
    """Step (`step`) and change of the yearly slope (`slope_change`) from point `start` on.

    Segmented regression (Wagner et al. 2002) on top of `count_trend`. Needs 8 points before and 4 after.
    What else began at that time is not excluded: the step is a change, not an effect.

    Raises:
        ValueError: ``start`` does not lie within the series.
    """
    events, exposed = _series(counts, exposures)
    terms = ("step", "slope_change")
    if not 0 <= start <= events.size:
        raise ValueError(f"start must lie within the series of {events.size} points, got {start}")
    if start < MIN_BEFORE or events.size - start < MIN_AFTER:
        return _refused(terms, "few_points", events.size, level)
    years = np.arange(events.size) / season
    since = np.clip(years - years[start], 0, None)
    columns = {
        "per_year": years,
        "step": (since > 0) | (np.arange(events.size) == start),
        "slope_change": since,
    }
    return _fit(
        events,
        exposed,
        {k: np.asarray(v, dtype=np.float64) for k, v in columns.items()},
        season=season,
        level=level,
    )


def _series(counts: ArrayLike, exposures: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    return paired_counts(counts, np.ones(np.shape(counts)) if exposures is None else exposures)


def _fit(
    events: FloatArray, exposed: FloatArray, terms: dict[str, FloatArray], *, season: int, level: float
) -> CountModel:
    """Fit, test the dispersion, refit as negative binomial where needed."""
    require_level(level)
    used = exposed > 0
    harmonics = season_terms(events.size, season, np.unique(np.flatnonzero(used) % season).size)
    reason = _refusal(events[used], 1 + len(terms) + len(harmonics))
    if reason:
        return _refused(tuple(terms), reason, int(used.sum()), level)
    design = sm.add_constant(pd.DataFrame(terms | harmonics)[used])
    y, offset = events[used], np.log(exposed[used])
    poisson = _quiet_fit(sm.GLM(y, design, family=sm.families.Poisson(), offset=offset))
    dispersion, alpha = dispersion_test(y, np.asarray(poisson.mu), design.shape[1])
    over = dispersion.significant() and alpha > 0
    family = sm.families.NegativeBinomial(alpha=alpha) if over else sm.families.Poisson()
    model = _quiet_fit(sm.GLM(y, design, family=family, offset=offset))
    errors = _errors(model, np.asarray(design))
    if errors is None:
        return _refused(tuple(terms), "separated", y.size, level)
    warnings = _model_warnings(y, bool(used.all()), bool(harmonics))
    results = {
        term: _ratio(model.params[term], error, y.size, level=level, warnings=warnings)
        for term, error in zip(terms, errors[1:], strict=False)
    }
    return CountModel(
        {term: result.estimate for term, result in results.items()},
        {term: result.test for term, result in results.items()},
        _season_test(model, tuple(harmonics), y.size),
        dispersion,
        "negative_binomial" if over else "poisson",
        _in_place(np.asarray(model.mu), used),
        y.size,
        warnings,
    )


def season_terms(points: int, season: int, seen: int | None = None) -> dict[str, FloatArray]:
    """Harmonics of the year: two pairs from three years on, one from two, none before or without seasons.

    The sine at half the season (every other point) is 0 throughout and left out. Where only `seen` points of
    the season occur (a quarter's months of several years), there are no more pairs than they can tell apart.
    """
    pairs = 0 if season < 4 or points < 2 * season else 1 if points < 3 * season else 2
    if seen is not None and seen < season:
        pairs = min(pairs, max(0, (seen - 1) // 2))
    angle = 2 * np.pi * np.arange(points) / season
    waves = [(f, k) for k in range(1, pairs + 1) for f in (np.sin, np.cos) if f is np.cos or 2 * k != season]
    return {f"{f.__name__}_{k}": f(k * angle) for f, k in waves}


def dispersion_test(y: FloatArray, mu: FloatArray, parameters: int) -> tuple[TestResult, float]:
    """Score test of Poisson against variance μ + αμ² (Dean & Lawless 1989), one-sided, and the moment α.

    The statistic reported is Pearson's χ² over its degrees of freedom (1 = Poisson).
    """
    excess = (y - mu) ** 2 - y
    z = float(excess.sum() / np.sqrt(2 * (mu**2).sum()))
    ratio = float(((y - mu) ** 2 / mu).sum() / (y.size - parameters))
    alpha = max(0.0, float(excess @ mu**2 / (mu**4).sum()))
    return TestResult(ratio, float(stats.norm.sf(z)), y.size, "dean_lawless"), alpha


def _refusal(y: FloatArray, parameters: int) -> str | None:
    if y.size < max(MIN_POINTS, 2 * parameters):
        return "few_points"
    if y.sum() == 0:
        return "no_events"
    return "few_events" if y.sum() < EVENTS_PER_PARAMETER * parameters else None


def _refused(terms: tuple[str, ...], reason: str, n: int, level: float) -> CountModel:
    none = untested("hac_t", reason, n=n)
    ratios = {term: unknown("count_regression", reason, n=n, level=level) for term in terms}
    return CountModel(ratios, dict.fromkeys(terms, none), none, none, "poisson", np.zeros(0), n, (reason,))


def _quiet_fit(model: Any) -> Any:
    """Fit; a series that is fitted perfectly (every month alike) is an answer, not a warning."""
    with catch_warnings():
        simplefilter("ignore", PerfectSeparationWarning)
        return model.fit()


def _newey_west_errors(model: Any) -> Any:
    """Standard errors that allow for autocorrelation, lags after Newey & West 1994."""
    lags = int(np.floor(4 * (model.nobs / 100) ** (2 / 9)))
    with catch_warnings():
        simplefilter("ignore", PerfectSeparationWarning)
        return model.model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}).bse


def _errors(model: Any, design: FloatArray) -> "list[UncertainScale] | None":
    """The error of each coefficient, the constant first; None where the design is as good as singular."""
    weighted = design * np.sqrt(model.model.family.weights(model.mu))[:, None]
    if np.linalg.cond(weighted) > ILL_CONDITIONED:
        return None
    chances, errors = serial_errors(weighted, np.asarray(model.resid_pearson))
    errors = np.maximum(errors, np.asarray(_newey_west_errors(model)))
    return [UncertainScale(scales, chances, design.shape[0] - design.shape[1]) for scales in errors.T]


def serial_errors(design: FloatArray, residuals: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Chance of each of `RHOS` to be the residuals' first-order autocorrelation, and all errors under it.

    `design` and `residuals` of least squares (of a fitted count model: weighted by √W, and Pearson's). The
    chances are the restricted likelihood's (Patterson & Thompson 1971), all RHOS alike beforehand; the errors
    (RHOS × coefficients) those of least squares under such autocorrelation, never below a variance of 1.
    """
    n, parameters = design.shape
    bread = np.linalg.inv(design.T @ design)
    lags = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    likelihood, errors = np.zeros(RHOS.size), np.zeros((RHOS.size, parameters))
    for place, rho in enumerate(RHOS):
        x, e = _whitened(design, rho), _whitened(residuals, rho)
        gram = x.T @ x
        left = e - x @ np.linalg.solve(gram, x.T @ e)
        variance = max(float(left @ left) / (n - parameters), 1e-9)
        log_det = np.linalg.slogdet(gram)[1] - np.log(1 - rho**2)
        likelihood[place] = -((n - parameters) * np.log(variance) + log_det) / 2
        covariance = bread @ (design.T @ rho**lags @ design) @ bread * variance / (1 - rho**2)
        errors[place] = np.sqrt(np.maximum(np.diag(covariance), np.diag(bread)))
    chances = np.exp(likelihood - likelihood.max())
    return chances / chances.sum(), errors


def _whitened(series: FloatArray, rho: float) -> FloatArray:
    """Prais & Winsten's differences, independent where the autocorrelation is `rho`."""
    return np.concatenate([series[:1] * (1 - rho**2) ** 0.5, series[1:] - rho * series[:-1]])


@dataclass(frozen=True)
class UncertainScale:
    """Student's t about 0 whose scale is one of several, each with its chance."""

    scales: FloatArray
    chances: FloatArray
    freedom: int

    def beyond(self, distance: float) -> float:
        """Chance to lie further above 0 than `distance`."""
        return float(self.chances @ stats.t.sf(distance / self.scales, self.freedom))

    def reach(self, tail: float) -> float:
        """The distance that is exceeded with the chance `tail`."""
        each = stats.t.isf(tail, self.freedom) * self.scales
        if np.ptp(each) == 0:
            return float(each[0])
        return float(brentq(lambda distance: self.beyond(distance) - tail, each.min(), each.max()))


def _ratio(
    coefficient: float, error: UncertainScale, n: int, *, level: float, warnings: tuple[str, ...]
) -> Comparison:
    """Rate ratio of a term with its interval and test."""
    half = error.reach((1 - level) / 2)
    if not abs(coefficient) + half < SEPARATED:
        return _separated(n, level)
    low, middle, high = (float(x) for x in np.exp([coefficient - half, coefficient, coefficient + half]))
    spread = float(np.sqrt(error.chances @ error.scales**2))
    p = 2 * error.beyond(abs(coefficient))
    test = TestResult(coefficient / spread, p, n, "hac_t", None, ("log_linear",), warnings)
    return Comparison(Estimate(middle, low, high, n, "count_regression", level, warnings), test)


def _separated(n: int, level: float) -> Comparison:
    method, code = "count_regression", "separated"
    return Comparison(unknown(method, code, n=n, level=level), untested("hac_t", code, n=n))


def _season_test(model: Any, harmonics: tuple[str, ...], n: int) -> TestResult:
    if not harmonics:
        return untested("wald_season", "season_not_modelled", n=n)
    wald = model.wald_test(", ".join(f"{name} = 0" for name in harmonics), use_f=True, scalar=True)
    return TestResult(float(wald.statistic), float(wald.pvalue), n, "wald_season")


def _model_warnings(y: FloatArray, complete: bool, seasonal: bool) -> tuple[str, ...]:
    codes = {
        "low_counts": y.mean() < MIN_MONTHLY_MEAN,
        "points_without_exposure": not complete,
        "season_not_modelled": not seasonal,
    }
    return merge_warnings(code for code, holds in codes.items() if holds)


def _in_place(fitted: FloatArray, used: np.ndarray[Any, np.dtype[np.bool_]]) -> FloatArray:
    """Fitted counts at their points of the series, 0 where there was no exposure."""
    whole = np.zeros(used.size)
    whole[used] = fitted
    return whole
