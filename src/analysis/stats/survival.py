"""Time to rectification: Kaplan–Meier, log-rank, deadlines, and when what is open will be cleared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from analysis.stats.inputs import FloatArray, as_counts, require_level, require_same_length
from analysis.stats.multiplicity import Correction, adjust
from analysis.stats.results import Estimate, TestResult, unknown, untested

FEW_EVENTS = 5


@dataclass(frozen=True)
class SurvivalCurve:
    """Share still open after so many days, with pointwise log–log limits; median days to rectification.

    Arrays of one length, one entry a day on which something was rectified; empty without events.
    """

    days: FloatArray
    still_open: FloatArray
    low: FloatArray
    high: FloatArray
    at_risk: FloatArray
    median: Estimate
    events: int
    n: int
    last_day: float
    warnings: tuple[str, ...]

    def open_after(self, days: ArrayLike) -> FloatArray:
        """Share still open after each number of days; flat beyond the last event."""
        steps = np.concatenate([[1.0], self.still_open])
        return np.asarray(steps[np.searchsorted(self.days, np.asarray(days, dtype=np.float64), side="right")])


def durations(
    found_on: pd.Series, done_on: pd.Series, as_of: pd.Timestamp
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Days from found to done and whether done, censored at `as_of`; what is done later is still open.

    Every row needs a found date on or before `as_of` and not after its done date (ValueError otherwise):
    quarantine them before.

    Raises:
        ValueError: A found date is missing, after ``as_of`` or after its done date.
    """
    found, done = pd.to_datetime(found_on), pd.to_datetime(done_on)
    if found.isna().any() or (found > as_of).any() or (done < found).any():
        raise ValueError("found_on must be known, not after as_of, and not after done_on")
    event = (done <= as_of).to_numpy(dtype=bool)
    end = done.where(done <= as_of, as_of)
    return np.asarray((end - found).dt.days, dtype=np.float64), event


def kaplan_meier(days: ArrayLike, event: ArrayLike, *, level: float = 0.95) -> SurvivalCurve:
    """Kaplan–Meier curve of days until an event, censored where `event` is false; n = rows.

    Median: Brookmeyer & Crowley 1982 on the log–log scale, read off the curve's limits as R's survfit does;
    None (`median_not_reached`) while more than half are open; without an upper limit where none is given.
    """
    time, happened = as_counts(days, "days"), np.asarray(event, dtype=bool)
    require_same_length(days=time, event=happened)
    require_level(level)
    if not happened.any():
        return _no_events(time, level)
    fit = SurvfuncRight(time, happened.astype(int))
    dropped = np.asarray(fit.n_events) > 0
    curve, se = np.asarray(fit.surv_prob)[dropped], np.asarray(fit.surv_prob_se)[dropped]
    low, high = _log_log_limits(curve, se, level)
    when = np.asarray(fit.surv_times, dtype=np.float64)[dropped]
    return SurvivalCurve(
        when,
        curve,
        low,
        high,
        np.asarray(fit.n_risk, dtype=np.float64)[dropped],
        _median(when, curve, (low, high), events=int(happened.sum()), n=time.size, level=level),
        int(happened.sum()),
        time.size,
        float(time.max()),
        ("few_events",) if happened.sum() < FEW_EVENTS else (),
    )


def _no_events(time: FloatArray, level: float) -> SurvivalCurve:
    reason, empty = "no_events" if time.size else "no_rows", np.zeros(0)
    median = unknown("kaplan_meier_median", reason, n=time.size, level=level)
    last = float(time.max()) if time.size else 0.0
    return SurvivalCurve(empty, empty, empty, empty, empty, median, 0, time.size, last, (reason,))


def _log_log_limits(curve: FloatArray, se: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Pointwise limits of ln(−ln S); at S = 0 or 1 the limits are the value itself."""
    inner = (curve > 0) & (curve < 1)
    low, high = curve.copy(), curve.copy()
    s, error = curve[inner], se[inner]
    half = norm.isf((1 - level) / 2) * error / (s * np.abs(np.log(s)))
    low[inner], high[inner] = s ** np.exp(half), s ** np.exp(-half)
    return low, high


def _median(
    days: FloatArray,
    curve: FloatArray,
    limits: tuple[FloatArray, FloatArray],
    *,
    events: int,
    n: int,
    level: float,
) -> Estimate:
    """First day with at most half open; its limits are the first days on which those of the curve are.

    So an interval stands with ties, too: where a whole group is done on one day, it is that day.
    """
    method, value = "kaplan_meier_median", _half_way(days, curve)
    low, high = (_first_day(days, limit <= 0.5) for limit in limits)
    if value is None:
        return Estimate(None, low, None, n, method, level, ("median_not_reached",))
    codes = ("few_events",) if events < FEW_EVENTS else ()
    lower = value if low is None else min(low, value)
    return Estimate(value, lower, None if high is None else max(high, value), n, method, level, codes)


def _first_day(days: FloatArray, reached: NDArray[np.bool_]) -> float | None:
    return float(days[reached.argmax()]) if reached.any() else None


def _half_way(days: FloatArray, still_open: FloatArray) -> float | None:
    """First day with at most half open; where exactly half are, the middle of the flat stretch (as in R)."""
    reached = np.flatnonzero(still_open <= 0.5 + 1e-9)
    if reached.size == 0:
        return None
    flat = reached[np.abs(still_open[reached] - 0.5) < 1e-9]
    if flat.size == 0 or flat[-1] + 1 == days.size:
        return float(days[reached[0]])
    return float(days[flat[0]] + days[flat[-1] + 1]) / 2


def log_rank(days: ArrayLike, event: ArrayLike, group: ArrayLike) -> TestResult:
    """Log-rank test that all groups are rectified at the same pace (Mantel 1966); n = rows.

    Untested with one group, without events, or where all events fall on one day together. Where a group is to
    be expected fewer than five events, χ² does not hold (one row alone can bring a p of 10⁻⁷): the p is then
    that of random labels (`permuted`), which takes every group to be watched equally long.
    """
    time, happened = as_counts(days, "days"), np.asarray(event, dtype=bool)
    labels = np.asarray(group).astype(str)
    require_same_length(days=time, event=happened, group=labels)
    if np.unique(labels).size < 2 or not happened.any():
        return untested("log_rank", "one_group" if happened.any() else "no_events", n=time.size)
    scores, groups = log_rank_scores(time, happened), np.unique(labels, return_inverse=True)[1]
    if np.ptp(scores) == 0:
        return untested("log_rank", "no_variation", n=time.size)
    assumed = ("independent", "censoring_unrelated")
    if np.bincount(groups, happened - scores).min() < FEW_EVENTS:
        p = _permuted_p(scores, groups)
        return TestResult(None, p, time.size, "log_rank_permuted", None, assumed, ("permuted",))
    try:
        statistic, p = survdiff(time, happened.astype(int), labels)
    except np.linalg.LinAlgError:
        return untested("log_rank", "no_variation", n=time.size)
    return TestResult(statistic, p, time.size, "log_rank", None, assumed)


def log_rank_scores(time: FloatArray, happened: NDArray[np.bool_]) -> FloatArray:
    """Each row's event less the events to be expected by its day (Nelson–Aalen); the sum over all is 0."""
    days, row = np.unique(time, return_inverse=True)
    at_risk = np.cumsum(np.bincount(row)[::-1])[::-1]
    hazard = np.bincount(row, happened, minlength=days.size) / at_risk
    return np.asarray(happened - np.cumsum(hazard)[row])


def _permuted_p(scores: FloatArray, groups: NDArray[np.intp], draws: int = 999, seed: int = 0) -> float:
    """Share of random labellings at least as extreme by Σ U²/n, the observed one counted."""
    sizes, rng = np.bincount(groups), np.random.default_rng(seed)

    def spread(values: FloatArray) -> float:
        return float((np.bincount(groups, values) ** 2 / sizes).sum())

    limit = spread(scores) * (1 - 1e-9)
    return (1 + sum(spread(rng.permutation(scores)) >= limit for _ in range(draws))) / (1 + draws)


def log_rank_each(
    days: ArrayLike, event: ArrayLike, group: ArrayLike, *, correction: Correction = "holm"
) -> dict[str, TestResult]:
    """Each group against all others, corrected for their number; in the order of the labels."""
    labels = np.asarray(group).astype(str)
    names = np.unique(labels).tolist()
    tests = [log_rank(days, event, labels == name) for name in names]
    return dict(zip(names, adjust(tests, correction), strict=True))


def days_overdue(due_on: pd.Series, done_on: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    """Days past the deadline of what is open and overdue at `as_of`, oldest first, index kept."""
    due, done = pd.to_datetime(due_on), pd.to_datetime(done_on)
    late = (due < as_of) & ~(done <= as_of)
    return (as_of - due[late]).dt.days.sort_values(ascending=False, kind="stable").rename("days_overdue")


def overdue_by_age(days: ArrayLike, bounds: Sequence[int] = (30, 90, 180)) -> dict[str, int]:
    """Count overdue items by age; keys such as `1-30`, `31-90`, `181+`."""
    ages = as_counts(days, "days")
    edges = [0, *bounds]
    bands = {
        f"{a + 1}-{b}": int(((ages > a) & (ages <= b)).sum()) for a, b in zip(edges, bounds, strict=False)
    }
    return bands | {f"{edges[-1] + 1}+": int((ages > edges[-1]).sum())}


@dataclass(frozen=True)
class Clearance:
    """Outlook on open items: expected days until half and nine tenths of them are cleared.

    `open_after` maps days from now to the number expected to be open still, with an interval.
    """

    half: Estimate
    nine_tenths: Estimate
    open_after: dict[int, Estimate]


def expected_clearance(
    curve: SurvivalCurve, ages: ArrayLike, *, horizons: Sequence[int] = (30, 90, 180), level: float = 0.95
) -> Clearance:
    """When the open items, each of its age in days, will be cleared if the pace of `curve` holds.

    An item of age a is open after t more days with probability S(a + t) / S(a). Where the curve ends before
    enough are cleared there is no date (`beyond_follow_up`). n = open items.
    """
    age = as_counts(ages, "ages")
    if age.size == 0 or curve.events == 0:
        reason = "nothing_open" if age.size == 0 else "no_events"
        none = unknown("conditional_survival", reason, n=age.size, level=level)
        return Clearance(none, none, dict.fromkeys(horizons, none))
    wait = np.arange(max(curve.last_day, *horizons) + 1)
    still = np.array([_still_open(curve, age, days).sum() for days in wait])
    return Clearance(
        _first_below(wait, still, 0.5, age.size, level),
        _first_below(wait, still, 0.1, age.size, level),
        {days: _expected_open(_still_open(curve, age, days), level) for days in horizons},
    )


def _still_open(curve: SurvivalCurve, age: FloatArray, days: float) -> FloatArray:
    """Chance of each item to be open after `days` more; 1 where nothing that old was ever rectified."""
    now, later = curve.open_after(age), curve.open_after(age + days)
    return np.where(now > 0, later / np.where(now > 0, now, 1), 1.0)


def _first_below(wait: FloatArray, still: FloatArray, share: float, n: int, level: float) -> Estimate:
    reached = np.flatnonzero(still <= share * n)
    if reached.size == 0:
        return unknown("conditional_survival", "beyond_follow_up", n=n, level=level)
    return Estimate(float(wait[reached[0]]), None, None, n, "conditional_survival", level)


def _expected_open(chances: FloatArray, level: float) -> Estimate:
    """Sum of the chances with the normal interval of a sum of independent draws, within 0 and n."""
    mean, n = float(chances.sum()), chances.size
    half = norm.isf((1 - level) / 2) * float(np.sqrt((chances * (1 - chances)).sum()))
    return Estimate(mean, max(0.0, mean - half), min(float(n), mean + half), n, "conditional_survival", level)
