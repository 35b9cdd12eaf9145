"""Many tests at once: Holm for few planned ones, Benjamini–Hochberg for a screen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from scipy.stats import false_discovery_control

from analysis.stats.inputs import FloatArray
from analysis.stats.results import TestResult

Correction = Literal["holm", "fdr_bh"]


def adjust(tests: Sequence[TestResult], correction: Correction = "holm") -> tuple[TestResult, ...]:
    """Return the same tests with `adjusted_p`; those without a p stay as they are and are not counted."""
    known = np.array([test.p_value for test in tests if test.p_value is not None])
    adjusted = iter(_adjusted(known, correction) if known.size else known)
    return tuple(
        test if test.p_value is None else replace(test, adjusted_p=float(next(adjusted))) for test in tests
    )


def _adjusted(p: FloatArray, correction: Correction) -> FloatArray:
    # statsmodels' multipletests gives the same, but collects garbage at every call: 60 ms in a large process
    return np.asarray(false_discovery_control(p)) if correction == "fdr_bh" else holm(p)


def holm(p: FloatArray) -> FloatArray:
    """Adjusted p of Holm 1979: step down, monotone, at most 1."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
