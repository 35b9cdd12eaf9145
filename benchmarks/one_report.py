"""Time of the statistics that one county's yearly report needs, on 10,000 hazards."""

import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.stats.association import against_exposure
from analysis.stats.clusters import clustered_rate, events_per_cluster, share_design_effect
from analysis.stats.control_charts import control_chart
from analysis.stats.funnel import funnel
from analysis.stats.imbalance import drivers, location_quotients, split_quotients
from analysis.stats.inequality import Index, change, inequality, lorenz, theil_split
from analysis.stats.interventions import change_points, regression_to_mean, stratified_rate_ratio
from analysis.stats.outlook import backlog_outlook, rate_outlook
from analysis.stats.precision import concentration_index, overlap, spread
from analysis.stats.rate_change import decompose_rate_change
from analysis.stats.rates import expected_counts, rates
from analysis.stats.regression import count_trend, interrupted_series
from analysis.stats.shrinkage import shrunken_rates
from analysis.stats.survival import (
    days_overdue,
    durations,
    expected_clearance,
    kaplan_meier,
    log_rank_each,
)
from analysis.stats.trends import mann_kendall

HAZARDS, ENTERPRISES, SECTORS, MONTHS = 10_000, 2_500, 20, 60


def ledger(seed: int = 0) -> pd.DataFrame:
    """An invented ledger: enterprise, sector, found, due and rectified (a tenth still open)."""
    rng = np.random.default_rng(seed)
    enterprise = rng.choice(ENTERPRISES, HAZARDS, p=rng.dirichlet(np.ones(ENTERPRISES)))
    found = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 366, HAZARDS), unit="D")
    done = found + pd.to_timedelta(rng.exponential(20, HAZARDS).astype(int), unit="D")
    frame = pd.DataFrame({"enterprise": enterprise, "sector": enterprise % SECTORS, "found_on": found})
    frame["due_on"] = found + pd.Timedelta(days=30)
    frame["rectified_on"] = pd.Series(done).where(rng.random(HAZARDS) > 0.1)
    return frame


def sector_statistics(frame: pd.DataFrame) -> Iterator[object]:
    """What the imbalance notebook needs."""
    by_sector = frame.groupby("sector").size().to_numpy()
    exposure = np.full(SECTORS, ENTERPRISES / SECTORS)
    inspections, own = by_sector // 2 + 1, by_sector // 4
    per_enterprise = frame.groupby(["enterprise", "sector"]).size().unstack(fill_value=0).to_numpy()
    yield rates(by_sector, exposure)
    yield location_quotients(by_sector, exposure)
    splits = split_quotients(exposure, inspections, by_sector - own, own)
    yield drivers(splits, by_sector)
    yield shrunken_rates(by_sector, exposure)
    yield funnel(by_sector, expected_counts(by_sector, exposure))
    yield against_exposure(by_sector, exposure)
    effect = share_design_effect(per_enterprise)
    indices: tuple[Index, ...] = ("theil_t", "theil_l", "gini")
    for index in indices:
        yield inequality(by_sector, exposure, index, design_effect=effect)
        yield change((by_sector, exposure), (by_sector[::-1], exposure), index)
    yield theil_split(by_sector, exposure, np.arange(SECTORS) // 4)
    yield lorenz(by_sector, exposure)
    yield decompose_rate_change(by_sector, exposure, by_sector[::-1], exposure)
    counts = events_per_cluster(frame["enterprise"], clusters=np.arange(ENTERPRISES))
    yield clustered_rate(counts, np.ones(ENTERPRISES))
    yield overlap(by_sector, inspections)
    yield concentration_index(inspections, exposure, by_sector)


def series_statistics(rng: np.random.Generator) -> Iterator[object]:
    """What the trend and campaign notebooks need, for the county and five large sectors."""
    for _ in range(SECTORS):
        yield change_points(rng.poisson(20, MONTHS), np.full(MONTHS, 60))
    for _ in range(6):
        monthly = rng.poisson(40, MONTHS)
        yield count_trend(monthly)
        yield interrupted_series(monthly, 30)
        yield change_points(monthly)
        yield mann_kendall(monthly)
        for kind in ("u", "u_prime"):
            yield control_chart(monthly, np.full(MONTHS, 100), kind)
    yield backlog_outlook(rng.poisson(800, MONTHS), rng.poisson(800, MONTHS), 1000)
    yield rate_outlook(rng.poisson(9000, 5), np.full(5, ENTERPRISES), ENTERPRISES)
    before, after = rng.poisson(40, (2, SECTORS))
    yield regression_to_mean(before, np.ones(SECTORS), before > 45, after, np.ones(SECTORS))
    yield stratified_rate_ratio(before, np.ones(SECTORS), after, np.ones(SECTORS))
    yield spread(np.exp(rng.normal(9, 1, 1500)))


def rectification_statistics(frame: pd.DataFrame) -> Iterator[object]:
    """What the rectification notebook needs, by sector and two smaller groupings."""
    as_of = pd.Timestamp("2024-12-31")
    days, event = durations(frame["found_on"], frame["rectified_on"], as_of)
    whole = kaplan_meier(days, event)
    for groups in (frame["sector"], frame["sector"] % 2, frame["sector"] % 4):
        labels = groups.to_numpy()
        yield log_rank_each(days, event, labels)
        yield [kaplan_meier(days[labels == g], event[labels == g]) for g in np.unique(labels)]
    yield days_overdue(frame["due_on"], frame["rectified_on"], as_of)
    yield expected_clearance(whole, days[~event])
    for sector in range(SECTORS):
        mine = (frame["sector"] == sector).to_numpy()
        yield expected_clearance(kaplan_meier(days[mine], event[mine]), days[mine & ~event])


def seconds_for_one_report() -> tuple[float, float]:
    """Wall and processor time of all statistics of a report, the second of two runs (imports warm)."""
    frame, elapsed = ledger(), (0.0, 0.0)
    for _ in range(2):
        start, busy = time.perf_counter(), time.process_time()
        list(sector_statistics(frame))
        list(series_statistics(np.random.default_rng(1)))
        list(rectification_statistics(frame))
        elapsed = time.perf_counter() - start, time.process_time() - busy
    return elapsed


if __name__ == "__main__":
    print("{:.2f} s, of which the processor worked {:.2f} s".format(*seconds_for_one_report()))
