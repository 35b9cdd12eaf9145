"""Whatever the county's data look like, there is an answer or a reason: no exception, no NaN, no warning."""

import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.stats.association import against_exposure
from analysis.stats.clusters import clustered_proportion, clustered_rate, share_design_effect
from analysis.stats.control_charts import control_chart
from analysis.stats.funnel import funnel
from analysis.stats.imbalance import drivers, location_quotients, split_quotients
from analysis.stats.inequality import change, inequality, lorenz, theil_split
from analysis.stats.interventions import (
    before_after,
    change_points,
    regression_to_mean,
    stratified_rate_ratio,
)
from analysis.stats.outlook import backlog_outlook, rate_outlook
from analysis.stats.precision import concentration_index, overlap, spread
from analysis.stats.rate_change import decompose_rate_change
from analysis.stats.rates import expected_counts, proportion, rate, rate_ratio, rates, standardised_ratio
from analysis.stats.regression import count_trend, interrupted_series
from analysis.stats.shrinkage import shrunken_rates
from analysis.stats.survival import expected_clearance, kaplan_meier, log_rank_each
from analysis.stats.trends import mann_kendall

Columns = tuple[np.ndarray, np.ndarray]


def sector_statistics(counts: np.ndarray, exposures: np.ndarray) -> Iterator[object]:
    few = {"draws": 50}
    inspections, own = exposures // 2, counts // 3
    yield rates(counts, exposures)
    yield standardised_ratio(float(counts.sum()), float(exposures.sum()))
    yield location_quotients(counts, exposures)
    splits = split_quotients(exposures, inspections, counts - own, own)
    yield splits
    yield drivers(splits, counts)
    yield shrunken_rates(counts, exposures, **few)
    yield funnel(counts, expected_counts(counts, exposures))
    yield funnel(counts, expected_counts(counts, exposures), form="log")
    yield against_exposure(counts, exposures, **few)
    for index in ("theil_t", "theil_l", "gini"):
        yield inequality(counts, exposures, index, **few)  # type: ignore[arg-type]
        yield change((counts, exposures), (counts[::-1], exposures), index, **few)  # type: ignore[arg-type]
    yield theil_split(counts, exposures, np.arange(counts.size) % 2)
    yield lorenz(counts, exposures)
    yield overlap(counts, inspections, **few)
    yield concentration_index(inspections, exposures, counts, **few)
    yield decompose_rate_change(counts, exposures, counts[::-1], exposures[::-1])
    yield stratified_rate_ratio(counts, exposures, own, inspections)
    yield regression_to_mean(counts, exposures, counts >= 5, own, inspections, **few)
    yield clustered_rate(counts, exposures)
    yield clustered_proportion(own, counts)
    yield share_design_effect(np.column_stack([counts, own]))
    yield spread(counts)


def series_statistics(counts: np.ndarray, exposures: np.ndarray) -> Iterator[object]:
    yield mann_kendall(counts)
    yield count_trend(counts, exposures)
    yield interrupted_series(counts, counts.size // 2, exposures)
    yield change_points(counts)
    for kind in ("u", "u_prime"):
        yield control_chart(counts, exposures, kind)  # type: ignore[arg-type]
    yield rate_outlook(counts, exposures, 10)
    yield backlog_outlook(counts, exposures, 5, draws=50)


def pair_statistics(a: int, m: int, b: int, n: int) -> Iterator[object]:
    yield rate(a, m)
    yield proportion(a, m)
    yield rate_ratio(a, m, b, n)
    yield before_after((a, m), (b, n))
    yield before_after((a, m), (b, n), (b, m), (a, n))


def event_statistics(days: np.ndarray, event: np.ndarray, group: np.ndarray) -> Iterator[object]:
    curve = kaplan_meier(days, event)
    yield curve
    yield log_rank_each(days, event, group)
    yield expected_clearance(curve, days[~event])


def not_finite(value: object, path: str = "") -> Iterator[str]:
    """Where in a result there is a NaN or an infinity."""
    if is_dataclass(value):
        for field in fields(value):
            yield from not_finite(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from not_finite(item, f"{path}[{key}]")
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from not_finite(item, f"{path}[{number}]")
    elif isinstance(value, (np.ndarray, pd.Series)):
        if not np.isfinite(np.asarray(value, dtype=float)).all():
            yield path
    elif isinstance(value, float) and not math.isfinite(value):
        yield path


def check(statistics: Callable[..., Iterator[object]], *data: object) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for result in statistics(*data):
            assert not list(not_finite(result, type(result).__name__))


COUNTIES = {
    "no sector": ([], []),
    "one sector": ([12], [30]),
    "all zero": ([0, 0, 0], [10, 20, 5]),
    "no exposure": ([4, 9, 1], [0, 0, 0]),
    "nothing at all": ([0, 0], [0, 0]),
    "one sector without exposure": ([4, 9, 1], [10, 0, 7]),
    "only the one without exposure has hazards": ([0, 9, 0], [10, 0, 7]),
    "coverage above 100 %": ([40, 90, 10], [10, 20, 7]),
    "one sector has all hazards": ([0, 300, 0, 0], [10, 20, 7, 9]),
    "one hazard": ([0, 1, 0], [10, 20, 7]),
    "everything alike": ([7, 7, 7, 7, 7, 7], [10, 10, 10, 10, 10, 10]),
    "very large": ([10**7, 3 * 10**6], [10**6, 10**6]),
}

SERIES = {
    "nothing": ([], []),
    "one month": ([5], [9]),
    "two months": ([5, 7], [9, 9]),
    "all zero": ([0] * 36, [9] * 36),
    "no exposure": ([0] * 36, [0] * 36),
    "constant": ([6] * 36, [9] * 36),
    "one busy month": ([0] * 35 + [200], [9] * 36),
    "half silent": ([0] * 18 + [20] * 18, [9] * 36),
    "gaps": ([8, 0, 9] * 12, [9, 0, 9] * 12),
    "seven perfect years": ([1, 2, 3, 4, 5, 6, 7], [9] * 7),
}


@pytest.mark.parametrize("county", COUNTIES.values(), ids=COUNTIES.keys())
def test_sector_statistics_hold_at_the_edges(county: tuple[list[int], list[int]]) -> None:
    check(sector_statistics, np.array(county[0], dtype=float), np.array(county[1], dtype=float))


@pytest.mark.parametrize("series", SERIES.values(), ids=SERIES.keys())
def test_series_statistics_hold_at_the_edges(series: tuple[list[int], list[int]]) -> None:
    check(series_statistics, np.array(series[0], dtype=float), np.array(series[1], dtype=float))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8))
def test_sector_statistics_hold_on_any_small_county(rows: list[tuple[int, int]]) -> None:
    table = np.array(rows, dtype=float).reshape(-1, 2)
    check(sector_statistics, table[:, 0], table[:, 1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), max_size=40))
def test_series_statistics_hold_on_any_series(rows: list[tuple[int, int]]) -> None:
    table = np.array(rows, dtype=float).reshape(-1, 2)
    check(series_statistics, table[:, 0], table[:, 1])


@given(*[st.integers(0, 30)] * 4)
def test_pairs_hold_for_any_counts_and_exposures(a: int, m: int, b: int, n: int) -> None:
    check(pair_statistics, a, m, b, n)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.sampled_from("abc")), max_size=15))
def test_durations_hold_for_any_ledger(rows: list[tuple[int, bool, str]]) -> None:
    """Among them: nothing rectified, everything on the day, one group, one row."""
    days, event, group = (np.array([row[k] for row in rows]) for k in range(3))
    check(event_statistics, days.astype(float), event.astype(bool), group.astype(str))
