"""Many tests at once: Holm for few planned ones, Benjamini–Hochberg for a screen.

The rule of the reports: one report, one error rate of 5 %. A report's tests form one family or several;
inside a family they are adjusted together (Holm), and several families have equal parts of the 5 % (`among`;
report 1 adjusts all of its families together, `adjust_families`, which is the same bound with more power). A
test that is asked only where another one was significant spends nothing (a fixed sequence).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

import numpy as np
from scipy.stats import false_discovery_control

from analysis.stats.inputs import FloatArray
from analysis.stats.results import TestResult

Correction = Literal["holm", "fdr_bh"]
_Family = TypeVar("_Family")
_Key = TypeVar("_Key")


def adjust(tests: Sequence[TestResult], correction: Correction = "holm") -> tuple[TestResult, ...]:
    """Return the same tests with `adjusted_p`; those without a p stay as they are and are not counted."""
    known = np.array([test.p_value for test in tests if test.p_value is not None])
    adjusted = iter(_adjusted(known, correction) if known.size else known)
    return tuple(
        test if test.p_value is None else replace(test, adjusted_p=float(next(adjusted))) for test in tests
    )


def adjust_families(
    families: Mapping[_Family, Mapping[_Key, TestResult]],
) -> dict[_Family, dict[_Key, TestResult]]:
    """Adjust the tests of several families together (Holm), so that one error rate holds for all of them."""
    tests = iter(adjust([test for family in families.values() for test in family.values()]))
    return {name: {key: next(tests) for key in family} for name, family in families.items()}


def among(tests: Sequence[TestResult], families: int) -> tuple[TestResult, ...]:
    """The tests of one of several families whose error rates are to add up to one (Bonferroni)."""
    return tuple(_times(test, families) for test in tests)


def _times(test: TestResult, families: int) -> TestResult:
    p = test.p_value if test.adjusted_p is None else test.adjusted_p
    return test if p is None else replace(test, adjusted_p=min(1.0, p * families))


def _adjusted(p: FloatArray, correction: Correction) -> FloatArray:
    # statsmodels' multipletests gives the same, but collects garbage at every call: 60 ms in a large process
    return np.asarray(false_discovery_control(p)) if correction == "fdr_bh" else holm(p)


def holm(p: FloatArray) -> FloatArray:
    """Adjusted p of each test by Holm 1979: step down, monotone, at most 1."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
