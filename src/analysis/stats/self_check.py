"""Rerun the published values on this machine (方法自检): expected, computed, passed, with versions."""

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from analysis.stats import (
    association,
    control_charts,
    funnel,
    inequality,
    multiplicity,
    rates,
    survival,
    trends,
)
from analysis.stats.results import Estimate, TestResult

Numbers = list[float | None]
LIBRARIES = ("numpy", "scipy", "statsmodels", "pandas", "pymannkendall", "ruptures")


@dataclass(frozen=True)
class Check:
    """One published value rerun; `passed` if every number lies within `tolerance` of the expected one."""

    id: str
    function: str
    inputs: str
    expected: tuple[float, ...]
    computed: tuple[float | None, ...]
    tolerance: float
    source: str

    @property
    def passed(self) -> bool:
        """Whether all numbers are there and agree."""
        return len(self.expected) == len(self.computed) and all(
            got is not None and abs(got - want) <= self.tolerance
            for want, got in zip(self.expected, self.computed, strict=True)
        )


def self_check() -> list[Check]:
    """All values of reference_values.csv, computed now."""
    text = files("analysis.stats").joinpath("reference_values.csv").read_text(encoding="utf-8")
    return [_check(row) for row in csv.DictReader(text.splitlines())]


def library_versions() -> dict[str, str]:
    """Versions of the libraries the statistics call."""
    return {name: version(name) for name in LIBRARIES}


def _check(row: Mapping[str, str]) -> Check:
    computed = FUNCTIONS[row["function"]](**json.loads(row["inputs"]))
    return Check(
        row["id"],
        row["function"],
        row["inputs"],
        tuple(float(x) for x in json.loads(row["expected"])),
        tuple(computed),
        float(row["tolerance"]),
        row["source"],
    )


def _limits(estimate: Estimate) -> Numbers:
    return [estimate.low, estimate.high]


def _funnel_limits(expected: list[float]) -> Numbers:
    low, high = funnel.exact_limits(expected)
    return [*low.tolist(), *high.tolist()]


def _theil_split(counts: list[float], groups: list[str]) -> Numbers:
    split = inequality.theil_split(counts, [1] * len(counts), groups)
    return [split.total, split.between, split.within] if split else []


def _control_chart(**inputs: Any) -> Numbers:
    chart = control_charts.control_chart(**inputs)
    return [chart.centre, chart.upper[0]]


def _adjusted_p(p_values: list[float], others: int, correction: multiplicity.Correction) -> Numbers:
    """Adjusted p of the smallest values among `others` more that are all 1."""
    tests = [TestResult(None, p, 1, "given") for p in [*p_values, *[1.0] * others]]
    return [test.adjusted_p for test in multiplicity.adjust(tests, correction)[: len(p_values)]]


FUNCTIONS: Mapping[str, Callable[..., Numbers]] = MappingProxyType(
    {
        "rate_limits": lambda **inputs: _limits(rates.rate(**inputs)),
        "rate_value": lambda **inputs: [rates.rate(**inputs).value],
        "proportion_limits": lambda **inputs: _limits(rates.proportion(**inputs)),
        "proportion_value": lambda **inputs: [rates.proportion(**inputs).value],
        "funnel_limits": _funnel_limits,
        "funnel_phi": lambda **inputs: [funnel.funnel(**inputs).phi],
        "theil_split": _theil_split,
        "chi_square": lambda **inputs: [association.against_exposure(**inputs).test.statistic],
        "inequality": lambda **inputs: [inequality.inequality(**inputs).value],
        "mann_kendall_p": lambda **inputs: [trends.mann_kendall(**inputs).test.p_value],
        "control_chart": _control_chart,
        "run_limits": lambda points: [float(limit) for limit in control_charts.run_limits(points)],
        "kaplan_meier": lambda **inputs: survival.kaplan_meier(**inputs).still_open.tolist(),
        "adjusted_p": _adjusted_p,
    }
)
