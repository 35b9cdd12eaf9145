"""Regression, outlook, change points and before–after, computed again from the formulas they cite."""

from math import exp, floor, log, sqrt

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.stats.interventions import (
    before_after,
    change_points,
    regression_to_mean,
    share_dispersion,
    stratified_rate_ratio,
)
from analysis.stats.outlook import backlog_outlook, rate_outlook
from analysis.stats.rate_change import decompose_rate_change
from analysis.stats.regression import (
    RHOS,
    count_trend,
    dispersion_test,
    interrupted_series,
    season_terms,
)
from tests.stats.recomputed.formulas import normal, student, wald

MONTHS = np.arange(48)
EXPOSED = 100.0 + 7 * (MONTHS % 5)
_RNG = np.random.default_rng(8)
POISSON = _RNG.poisson(EXPOSED * 0.2 * np.exp(0.1 * MONTHS / 12 + 0.3 * np.sin(2 * np.pi * MONTHS / 12)))
WILD = _RNG.negative_binomial(3, 3 / (3 + EXPOSED * 0.2))


def design(extra: dict[str, np.ndarray], season: int = 12) -> np.ndarray:
    """Constant, the terms asked for, and two pairs of harmonics."""
    angle = 2 * np.pi * np.arange(48) / season
    waves = [f(k * angle) for k in (1, 2) for f in (np.sin, np.cos)]
    return np.column_stack([np.ones(48), *extra.values(), *waves])


def serial(x: np.ndarray, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chances of the autocorrelations and errors under each, from whole covariance matrices."""
    n, p = x.shape
    inverse, logs, errors = np.linalg.inv(x.T @ x), [], []
    for rho in RHOS:
        v = rho ** np.abs(np.arange(n)[:, None] - np.arange(n)) / (1 - rho**2)
        vi = np.linalg.inv(v)
        gram = x.T @ vi @ x
        r = e - x @ np.linalg.inv(gram) @ x.T @ vi @ e
        variance = r @ vi @ r / (n - p)
        logs.append(-0.5 * (np.linalg.slogdet(v)[1] + np.linalg.slogdet(gram)[1] + (n - p) * log(variance)))
        spread = inverse @ x.T @ (variance * v) @ x @ inverse
        errors.append(np.sqrt(np.maximum(np.diag(spread), np.diag(inverse))))
    chances = np.exp(np.array(logs) - max(logs))
    return chances / chances.sum(), np.array(errors)


@pytest.mark.parametrize("level", [0.95, 0.8])
@pytest.mark.parametrize("counts", [POISSON, WILD], ids=["poisson", "overdispersed"])
def test_count_trend(counts: np.ndarray, level: float) -> None:
    """By statsmodels: the family after Dean's test, the larger of two errors, Student's over all of them."""
    x = design({"per_year": MONTHS / 12 - (MONTHS / 12).mean()})
    mu = sm.GLM(counts, x, family=sm.families.Poisson(), offset=np.log(EXPOSED)).fit().mu
    z = ((counts - mu) ** 2 - counts).sum() / sqrt(2 * (mu**2).sum())
    alpha = (((counts - mu) ** 2 - counts) * mu**2).sum() / (mu**4).sum()
    over = stats.norm.sf(z) < 0.05 and alpha > 0
    family = sm.families.NegativeBinomial(alpha=alpha) if over else sm.families.Poisson()
    model = sm.GLM(counts, x, family=family, offset=np.log(EXPOSED))
    fit = model.fit()
    lags = floor(4 * (48 / 100) ** (2 / 9))
    hac = model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})
    weighted = x * np.sqrt(family.weights(fit.mu))[:, None]
    chances, errors = serial(weighted, fit.resid_pearson)
    error, value = np.maximum(errors[:, 1], hac.bse[1]), fit.params[1]

    def beyond(distance: float) -> float:
        return float(chances @ stats.t.sf(distance / error, 48 - 6))

    found = count_trend(counts, EXPOSED, level=level)
    ratio, test = found.ratios["per_year"], found.tests["per_year"]
    assert found.family == ("negative_binomial" if over else "poisson")
    assert ratio.value == pytest.approx(exp(value))
    for limit in (ratio.low, ratio.high):
        assert beyond(abs(log(limit) - value)) == pytest.approx((1 - level) / 2)  # type: ignore[arg-type]
    assert test.statistic == pytest.approx(value / sqrt(chances @ error**2))
    assert test.p_value == pytest.approx(2 * beyond(abs(value)))
    assert (ratio.n, test.n, found.n, ratio.level) == (48, 48, 48, level)
    assert found.fitted == pytest.approx(fit.mu)
    wald_test = fit.wald_test(np.eye(6)[2:], use_f=True, scalar=True)
    assert found.season_test.statistic == pytest.approx(float(wald_test.statistic))
    assert found.season_test.p_value == pytest.approx(float(wald_test.pvalue))
    assert found.season_test.n == 48
    pearson = ((counts - mu) ** 2 / mu).sum() / (48 - 6)
    assert found.dispersion.statistic == pytest.approx(pearson)
    assert found.dispersion.p_value == pytest.approx(stats.norm.sf(z))
    assert found.warnings == ()


def test_the_two_series_take_different_families() -> None:
    assert count_trend(POISSON, EXPOSED).family == "poisson"
    assert count_trend(WILD, EXPOSED).family == "negative_binomial"


@pytest.mark.parametrize("start", [8, 20, 44])
def test_interrupted_series(start: int) -> None:
    """Step from the point itself on, slope from there; at the first and the last point that may be judged."""
    since = np.clip(MONTHS / 12 - start / 12, 0, None)
    x = design({"per_year": MONTHS / 12, "step": (start <= MONTHS).astype(float), "slope": since})
    fit = sm.GLM(POISSON, x, family=sm.families.Poisson(), offset=np.log(EXPOSED)).fit()
    found = interrupted_series(POISSON, start, EXPOSED)
    assert found.family == "poisson"
    assert found.ratios["step"].value == pytest.approx(exp(fit.params[2]))
    assert found.ratios["slope_change"].value == pytest.approx(exp(fit.params[3]))
    assert found.ratios["per_year"].value == pytest.approx(exp(fit.params[1]))
    assert set(found.ratios) == set(found.tests) == {"per_year", "step", "slope_change"}


@pytest.mark.parametrize("start", [7, 45])
def test_a_step_with_fewer_points_than_that_is_refused(start: int) -> None:
    found = interrupted_series(POISSON, start, EXPOSED, level=0.9)
    assert found.warnings == ("few_points",)
    assert set(found.ratios) == {"step", "slope_change"}
    assert (found.n, found.ratios["step"].n, found.ratios["step"].level) == (48, 48, 0.9)
    assert found.tests["step"].warnings == found.dispersion.warnings == ("few_points",)


@pytest.mark.parametrize("start", [-1, 49])
def test_a_step_outside_the_series_is_a_mistake(start: int) -> None:
    with pytest.raises(ValueError, match="start"):
        interrupted_series(POISSON, start)


@pytest.mark.parametrize(
    ("points", "season", "seen", "names"),
    [
        (23, 12, None, []),
        (24, 12, None, ["sin_1", "cos_1"]),
        (35, 12, None, ["sin_1", "cos_1"]),
        (36, 12, None, ["sin_1", "cos_1", "sin_2", "cos_2"]),
        (36, 12, 3, ["sin_1", "cos_1"]),
        (36, 12, 5, ["sin_1", "cos_1", "sin_2", "cos_2"]),
        (36, 12, 2, []),
        (12, 4, None, ["sin_1", "cos_1", "cos_2"]),
        (12, 3, None, []),
    ],
)
def test_harmonics(points: int, season: int, seen: int | None, names: list[str]) -> None:
    found = season_terms(points, season, seen)
    assert list(found) == names
    for name, values in found.items():
        wave, k = getattr(np, name[:3]), int(name[-1])
        assert values == pytest.approx(wave(2 * np.pi * k * np.arange(points) / season))


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([9] * 11, "few_points"),
        ([9] * 12, None),
        ([0] * 12, "no_events"),
        ([1] * 9 + [0] * 3, "few_events"),
        ([1] * 10 + [0] * 2, None),
    ],
)
def test_twelve_points_and_five_events_a_parameter_are_needed(counts: list[int], reason: str | None) -> None:
    """A trend without season has two parameters: ten events."""
    found = count_trend(counts)
    assert found.warnings == ((reason,) if reason else found.warnings)
    assert (found.ratios["per_year"].value is None) == (reason is not None)
    assert "season_not_modelled" in found.warnings or reason
    assert ("low_counts" in found.warnings) == (reason is None and sum(counts) < 60)


def test_points_without_exposure_keep_their_place() -> None:
    exposed = EXPOSED.copy()
    exposed[[5, 30]] = 0
    counts = np.where(exposed > 0, POISSON, 0)
    found = count_trend(counts, exposed)
    assert found.n == 46
    assert found.fitted[[5, 30]].tolist() == [0, 0]
    assert (np.delete(found.fitted, [5, 30]) > 0).all()
    assert found.warnings == ("points_without_exposure",)


def test_dispersion_by_hand() -> None:
    test, alpha = dispersion_test(np.array([1.0, 8.0, 3.0]), np.array([2.0, 4.0, 5.0]), 1)
    excess = (1 - 1) + (16 - 8) + (4 - 3)
    assert test.p_value == pytest.approx(stats.norm.sf(excess / sqrt(2 * (4 + 16 + 25))))
    assert test.statistic == pytest.approx((1 / 2 + 16 / 4 + 4 / 5) / 2)
    assert alpha == pytest.approx((0 * 4 + 8 * 16 + 1 * 25) / (16 + 256 + 625))
    assert dispersion_test(np.array([2.0, 4.0]), np.array([2.0, 4.0]), 1)[1] == 0


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_rate_outlook(level: float) -> None:
    """Negative binomial around the last three years, spread by all of them and Student's for their number."""
    y, x = [40, 70, 52, 95, 60], [400, 500, 450, 600, 550]

    def predict(y: list[int], x: list[int], coming: float) -> tuple[float, float, float]:
        m = len(y)
        overall = sum(y) / sum(x)
        pearson = sum((a - b * overall) ** 2 / (b * overall) for a, b in zip(y, x, strict=True)) / (m - 1)
        spread = max(1.0, pearson * (student(level, m - 1) / normal(level)) ** 2)
        a, b = sum(y[-3:]), sum(x[-3:])
        draws = stats.nbinom((a + 0.5) / spread, 1 / (1 + coming / b))
        low, high = (draws.ppf(q) * spread / coming for q in ((1 - level) / 2, (1 + level) / 2))
        return a / b, min(low, a / b), max(high, a / b)

    found = rate_outlook(y, x, 580, level=level)
    e = found.prediction
    assert (e.value, e.low, e.high) == pytest.approx(predict(y, x, 580))
    assert (e.n, e.level, e.warnings) == (3, level, ())
    score = found.score
    assert score is not None
    blind = predict(y[:-1], x[:-1], 550)
    assert (score.predicted.value, score.predicted.low, score.predicted.high) == pytest.approx(blind)
    assert score.actual == pytest.approx(60 / 550)
    assert score.inside == (blind[1] <= 60 / 550 <= blind[2])
    assert score.error == pytest.approx(abs(blind[0] - 60 / 550))
    assert score.naive_error == pytest.approx(abs(95 / 600 - 60 / 550))
    scaled = found.scaled(100)
    assert scaled.prediction.value == pytest.approx(100 * e.value)  # type: ignore[operator]
    assert scaled.score is not None
    assert scaled.score.error == pytest.approx(100 * score.error)
    assert scaled.score.naive_error == pytest.approx(100 * score.naive_error)
    assert scaled.score.actual == pytest.approx(100 * score.actual)
    assert scaled.score.predicted.high == pytest.approx(100 * blind[2])


def test_outlooks_of_few_years() -> None:
    two = rate_outlook([4, 6], [10, 10], 10)
    assert (two.prediction.n, two.prediction.warnings, two.score) == (2, ("few_years",), None)
    three = rate_outlook([4, 6, 5], [10, 10, 10], 10)
    assert three.prediction.warnings == ()
    assert three.score is not None
    assert three.score.predicted.warnings == ("few_years",)
    assert rate_outlook([4, 6, 5], [10, 10, 10], 0).prediction.warnings == ("no_exposure",)
    assert rate_outlook([4, 6, 0], [10, 10, 0], 10).prediction.n == 2
    assert rate_outlook([4], [10], 10, level=0.9).prediction.level == 0.9


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_backlog_of_even_months_moves_by_exactly_their_sum(level: float) -> None:
    found = backlog_outlook([7] * 24, [4] * 24, 50, level=level)
    e = found.prediction
    assert (e.value, e.low, e.high) == pytest.approx((86, 86, 86))
    assert (e.n, e.level) == (24, level)
    assert found.score is not None
    assert (found.score.predicted.value, found.score.actual) == pytest.approx((50, 50))
    assert found.score.naive_error == pytest.approx(36)
    assert backlog_outlook([7] * 23, [4] * 23, 50).score is None


def test_spread_of_a_backlog_is_that_of_its_blocks() -> None:
    """Four blocks of three, twice the variance for the mean's own error, stretched for a short series."""
    rng = np.random.default_rng(5)
    net = rng.normal(0, 10, 24).round()
    found, closed = np.clip(net, 0, None), np.clip(-net, 0, None)
    blocks = np.array([np.take(net, range(i, i + 3), mode="wrap").sum() for i in range(24)])
    stretch = student(0.95, 23) / normal(0.95) * sqrt(24 / 21)
    year = 4 * blocks.var() * stretch**2
    mean = 12**2 * 8 * blocks.var() / 24**2 * stretch**2
    e = backlog_outlook(found, closed, 1000, draws=40_000).prediction
    assert e.value == pytest.approx(1000 + 12 * net.mean(), abs=1.5)
    half = normal(0.95) * sqrt(year + mean)
    assert e.high - e.low == pytest.approx(2 * half, rel=0.05)  # type: ignore[operator]


def test_blind_backlog_starts_where_the_year_began() -> None:
    """Two years: 5 more a month, then 2 fewer: a year ago 124 were open; blind, 60 more are expected."""
    found = backlog_outlook([9] * 12 + [3] * 12, [4] * 12 + [5] * 12, 100)
    assert found.score is not None
    assert found.score.predicted.value == pytest.approx(184)
    assert (found.score.actual, found.score.error, found.score.naive_error) == pytest.approx((100, 84, 24))
    assert not found.score.inside


@pytest.mark.parametrize("exposures", [None, np.tile([0.0, 10, 20], 8)])
def test_levels_of_the_parts_of_a_series(exposures: np.ndarray | None) -> None:
    base = np.ones(24) if exposures is None else exposures
    counts = base * np.where(np.arange(24) < 12, 4, 40)
    found = change_points(counts, exposures)
    assert found.starts == ((12,) if exposures is None else (13,))
    assert found.levels == pytest.approx((4, 40))
    assert (found.n, found.warnings) == (int((base > 0).sum()), ())


def test_twelve_points_can_hold_two_levels_and_eleven_cannot() -> None:
    assert change_points([1] * 6 + [90] * 6).starts == (6,)
    assert change_points([1] * 5 + [90] * 6).warnings == ("few_points",)
    assert change_points([1] * 4 + [90] * 4, min_segment=4).starts == (4,)
    assert change_points([0] * 12).warnings == ("no_events",)


def test_a_jump_must_outweigh_the_penalty_and_the_usual_jumps() -> None:
    """Anscombe's scale: a step of d lowers the squares by n·d²/4, which must exceed 3·ln n."""
    for high in range(9, 30):
        step = 2 * (sqrt(high + 3 / 8) - sqrt(9 + 3 / 8))
        found = change_points([9] * 10 + [high] * 10)
        assert bool(found.starts) == (20 * step**2 / 4 > 3 * log(20)), high
    noisy = [2, 60] * 5 + [30, 90] * 5
    assert change_points(noisy).starts == ()


@pytest.mark.parametrize("level", [0.95, 0.8])
@pytest.mark.parametrize("shares", [False, True])
def test_ratio_of_rate_ratios(level: float, shares: bool) -> None:
    pairs = [(30, 200), (18, 220), (50, 400), (45, 380)]
    before, after, other_before, other_after = pairs
    ratio = (18 / 220) / (30 / 200) / ((45 / 380) / (50 / 400))
    variance = 1.7 * sum(1 / c - (1 / e if shares else 0) for c, e in pairs)
    low, high, z, p = wald(ratio, sqrt(variance), level)
    found = before_after(before, after, other_before, other_after, shares=shares, dispersion=1.7, level=level)
    e = found.estimate
    assert (e.value, e.low, e.high) == pytest.approx((ratio, low, high))
    assert (found.test.statistic, found.test.p_value) == pytest.approx((z, p))
    assert (e.n, found.test.n, e.level) == (143, 143, level)
    assert (e.warnings, found.test.assumptions, found.test.method) == ((), ("independent",), "wald_log")


def test_before_and_after_at_the_edges() -> None:
    none = before_after((3, 0), (4, 5), (1, 2), (1, 2), level=0.9)
    assert (none.estimate.warnings, none.test.n, none.estimate.n, none.estimate.level) == (
        ("no_exposure",),
        9,
        9,
        0.9,
    )
    zero = before_after((4, 10), (0, 10), (6, 10), (5, 10))
    ratio = (0.5 / 10) / (4.5 / 10) / ((5.5 / 10) / (6.5 / 10))
    error = sqrt(sum(1 / c for c in (4.5, 0.5, 6.5, 5.5)))
    assert (zero.estimate.value, zero.test.statistic) == pytest.approx((ratio, log(ratio) / error))
    assert zero.estimate.warnings == ("half_added",)
    for missing in (((3, 9), None), (None, (3, 9))):
        assert "no_comparison" in before_after((3, 9), (4, 9), *missing).estimate.warnings


def test_dispersion_of_shares() -> None:
    parts = [([3, 9, 1, 0], [10, 12, 9, 0]), ([5, 0, 6], [8, 7, 9]), ([0, 0], [4, 4]), ([4, 4], [4, 4])]
    squares, points = 0.0, 0
    for hits, n in parts[:2]:
        p = sum(hits) / sum(n)
        squares += sum((h - m * p) ** 2 / (m * p * (1 - p)) for h, m in zip(hits, n, strict=True) if m)
        points += sum(m > 0 for m in n)
    assert share_dispersion(parts) == pytest.approx(squares / (points - 2))
    assert share_dispersion([([2, 2], [4, 4])]) == 1
    assert share_dispersion([([2], [4])]) == share_dispersion([]) == share_dispersion([([0], [0])]) == 1


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_mantel_haenszel_rate_ratio(level: float) -> None:
    a, m, b, k = [8, 3, 12, 5], [40, 10, 90, 0], [20, 9, 30, 7], [200, 45, 300, 50]
    rows = list(zip(a[:3], m, b, k, strict=False))
    top = sum(x * z / (y + z) for x, y, _, z in rows)
    bottom = sum(w * y / (y + z) for _, y, w, z in rows)
    variance = sum((x + w) * y * z / (y + z) ** 2 for x, y, w, z in rows) / (top * bottom)
    low, high, z, p = wald(top / bottom, sqrt(2 * variance), level)
    found = stratified_rate_ratio(a, m, b, k, dispersion=2, level=level)
    e = found.estimate
    assert (e.value, e.low, e.high) == pytest.approx((top / bottom, low, high))
    assert (found.test.statistic, found.test.p_value) == pytest.approx((z, p))
    assert (e.n, e.level, e.method) == (82, level, "mantel_haenszel_rate_ratio")


def test_strata_that_cannot_be_compared() -> None:
    for m, k in (([5], [0]), ([0], [5]), ([0], [0])):
        assert stratified_rate_ratio([1], m, [2], k).test.warnings == ("no_comparison",)
    empty = stratified_rate_ratio([0], [3], [0], [3])
    assert (empty.test.warnings, empty.estimate.n) == (("no_events",), 0)
    assert stratified_rate_ratio([0, 0], [3, 3], [4, 1], [3, 3]).estimate.value == 0
    assert stratified_rate_ratio([2, 2], [3, 3], [0, 0], [3, 3]).estimate.value is None


def test_expected_fall_of_chosen_units_with_known_rates() -> None:
    """Many events: the posterior is the crude rate, so what is expected is rate × exposure × drift."""
    y0, e0 = np.array([90_000, 40_000, 60_000, 20_000]), np.array([300.0, 200, 400, 100])
    y1, e1 = np.array([70_000, 44_000, 33_000, 9_000]), np.array([250.0, 200, 200, 50])
    chosen = np.array([True, False, False, True])
    drift = (44_000 + 33_000) / (40_000 / 200 * 200 + 60_000 / 400 * 200)
    expected = (90_000 / 300 * 250 + 20_000 / 100 * 50) * drift
    found = regression_to_mean(y0, e0, chosen, y1, e1, draws=4000)
    assert found.observed_after == 79_000
    assert found.expected_after.value == pytest.approx(expected, rel=0.002)
    assert found.ratio.value == pytest.approx(79_000 / expected, rel=0.002)
    assert found.naive_fall == pytest.approx(1 - 79_000 / 300 / (110_000 / 400))
    assert found.expected_fall == pytest.approx(1 - expected / 300 / (110_000 / 400), abs=0.002)
    assert (found.expected_after.n, found.ratio.n) == (110_000, 79_000)
    sd = expected * sqrt(1 / 77_000 + 1 / 70_000 + 1 / 110_000)
    half = normal(0.95) * sqrt(sd**2 + expected)
    assert found.expected_after.high - found.expected_after.value == pytest.approx(half, rel=0.1)  # type: ignore[operator]
    assert found.expected_after.value - found.expected_after.low == pytest.approx(half, rel=0.1)  # type: ignore[operator]
    ratio_half = normal(0.95) * sqrt((sd / expected) ** 2 + 1 / 79_000) * 79_000 / expected
    assert found.ratio.high - found.ratio.value == pytest.approx(ratio_half, rel=0.1)  # type: ignore[operator]
    assert found.ratio.value - found.ratio.low == pytest.approx(ratio_half, rel=0.1)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("before", "chosen", "after", "exposed", "reason"),
    [
        ([3, 4], [0, 0], [3, 4], [1, 1], "no_exposure"),
        ([3, 4], [1, 1], [3, 4], [1, 1], "no_comparison"),
        ([3, 4], [1, 0], [3, 0], [1, 1], "no_comparison"),
        ([0, 0], [1, 0], [3, 4], [1, 1], "no_events"),
        ([3, 4], [1, 0], [3, 0], [1, 0], "no_comparison"),
    ],
)
def test_nothing_is_expected_without_a_comparison(
    before: list[int], chosen: list[int], after: list[int], exposed: list[int], reason: str
) -> None:
    found = regression_to_mean(before, [1, 1], chosen, after, exposed, level=0.9)
    assert found.expected_after.warnings == found.ratio.warnings == (reason,)
    assert (found.naive_fall, found.expected_fall, found.ratio.level) == (None, None, 0.9)


def test_change_of_a_rate_within_and_by_mix() -> None:
    """Kitagawa's two parts of each sector; the third exists in the second year only, the last never."""
    y0, e0, y1, e1 = [10, 4, 0, 0], [100, 20, 0, 0], [12, 9, 6, 0], [80, 60, 20, 0]
    r0, r1 = [0.1, 0.2, 0.3, 0], [0.15, 0.15, 0.3, 0]
    s0, s1 = [100 / 120, 20 / 120, 0, 0], [0.5, 0.375, 0.125, 0]
    overall = (14 / 120 + 27 / 160) / 2
    found = decompose_rate_change(y0, e0, y1, e1, per=100)
    assert found is not None
    within = [100 * (b - a) * (p + q) / 2 for a, b, p, q in zip(r0, r1, s0, s1, strict=True)]
    mix = [100 * (q - p) * ((a + b) / 2 - overall) for a, b, p, q in zip(r0, r1, s0, s1, strict=True)]
    assert found.within_by_sector == pytest.approx(within)
    assert found.mix_by_sector == pytest.approx(mix)
    assert (found.within, found.mix) == pytest.approx((sum(within), sum(mix)))
    assert found.total == pytest.approx(100 * (27 / 160 - 14 / 120))
    gone = decompose_rate_change([3, 4], [10, 10], [0, 8], [0, 20])
    assert gone is not None
    assert gone.within_by_sector == pytest.approx((0, 0))
    for zero, other in (([0], [3]), ([3], [0])):
        assert decompose_rate_change([0], zero, [0], other) is None
    assert decompose_rate_change([1], [1], [0], [1]) is not None
