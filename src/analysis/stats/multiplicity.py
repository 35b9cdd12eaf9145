"""Many tests at once: Holm for few planned ones, Benjamini–Hochberg for a screen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from statsmodels.stats.multitest import multipletests

from analysis.stats.results import TestResult

Correction = Literal["holm", "fdr_bh"]


def adjust(tests: Sequence[TestResult], correction: Correction = "holm") -> tuple[TestResult, ...]:
    """Return the same tests with `adjusted_p`; those without a p stay as they are and are not counted."""
    known = [test.p_value for test in tests if test.p_value is not None]
    adjusted = iter(multipletests(known, method=correction)[1] if known else ())
    return tuple(
        test if test.p_value is None else replace(test, adjusted_p=float(next(adjusted))) for test in tests
    )
