"""The claim guard of the sentences on campaigns: a comparison, never an effect."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.report import findings
from analysis.report.findings import CLAIM_WORDS, NEVER, Finding, Strength, Subject
from analysis.stats.interventions import RegressionToMean
from analysis.stats.regression import CountModel
from analysis.stats.results import Comparison, Estimate, TestResult, unknown, untested

SUBJECT = Subject("甲专项", "发现率", "share")
EFFECT_WORDS = ("成效", "效果", "导致", "使得", "得益于", "归功")


def ratio(
    value: float | None, low: float | None, high: float | None, p: float | None, *warnings: str
) -> Comparison:
    estimate = Estimate(value, low, high, 100, "ratio", warnings=warnings)
    return Comparison(estimate, TestResult(2.0, p, 100, "wald_log", p))


ABOVE, BELOW, OPEN = ratio(2.0, 1.5, 2.7, 0.001), ratio(0.5, 0.3, 0.8, 0.002), ratio(1.2, 0.8, 1.8, 0.3)
UNKNOWN = Comparison(unknown("ratio", "no_comparison"), untested("wald_log", "no_comparison"))


def test_campaigns_are_told_by_side_and_the_undecided_apart() -> None:
    said = list(findings.against_outside("检出率", {"甲": ABOVE, "乙": BELOW, "丙": OPEN, "丁": UNKNOWN}))
    assert [one.strength for one in said] == [Strength.SUPPORTED, Strength.SUPPORTED, Strength.OPEN]
    assert "显著高于" in said[0].text and "甲（2.00倍（95%区间1.50–2.70））" in said[0].text
    assert "显著低于" in said[1].text and "乙" in said[1].text
    assert "尚不能确认" in said[2].text and said[2].text.endswith("丙。")
    assert not any("丁" in one.text for one in said)


@pytest.mark.parametrize(
    "not_carried",
    [
        ratio(2.0, 1.5, 2.7, 0.08),
        ratio(2.0, 0.9, 4.0, 0.01),
        ratio(2.0, None, None, 0.001),
        ratio(2.0, 1.5, 2.7, None),
    ],
    ids=["adjusted away", "interval holds 1", "no interval", "untested"],
)
def test_without_test_and_interval_nothing_is_claimed(not_carried: Comparison) -> None:
    said = list(findings.against_outside("检出率", {"甲": not_carried}))
    assert [one.strength for one in said] == [Strength.OPEN]
    assert not [word for word in CLAIM_WORDS if word in said[0].text]


def test_nothing_found_is_said_with_its_upper_limit() -> None:
    said = list(findings.against_outside("检出率", {"甲": ratio(0.0, 0.0, 0.2, 0.001)}))
    assert "没有发现，比值95%上限0.20倍" in said[0].text


def mean(low: float, high: float) -> RegressionToMean:
    expected = Estimate(70, 55, 85, 60, "regression_to_mean_prediction")
    return RegressionToMean(100, expected, Estimate(1.4, low, high, 100, "regression_to_mean"), -0.4, 0.0)


def before_after(change: Comparison, expected: RegressionToMean) -> Finding:
    return findings.before_after(SUBJECT, change, expected, "需要更多月份")


def test_before_and_after_is_a_change_at_the_time_and_never_an_effect() -> None:
    found = before_after(ABOVE, mean(1.1, 1.8))
    assert found.strength is Strength.SUPPORTED
    assert "不能归因于该专项" in found.text
    assert not [word for word in (*EFFECT_WORDS, *NEVER) if word in found.text]


def test_what_regression_to_the_mean_would_bring_is_not_claimed() -> None:
    found = before_after(BELOW, mean(0.8, 1.3))
    assert found.strength is Strength.OPEN
    assert "实际100次，按回归均值预期55–85次" in found.text


@pytest.mark.parametrize("change", [UNKNOWN, ratio(0.5, 0.3, 0.8, 0.001, "no_comparison")])
def test_without_comparison_sectors_no_change_is_judged(change: Comparison) -> None:
    found = before_after(change, mean(0.3, 0.8))
    assert found.strength is Strength.OPEN
    assert "不作判断" in found.text
    assert not [word for word in CLAIM_WORDS if word in found.text]


def model(*warnings: str) -> CountModel:
    none = untested("hac_t")
    return CountModel({}, {}, none, none, "poisson", np.zeros(0), 40, warnings)


def test_a_step_is_claimed_only_where_the_other_sectors_have_none() -> None:
    assert findings.level_step(SUBJECT, model(), ABOVE, OPEN).strength is Strength.SUPPORTED
    assert findings.level_step(SUBJECT, model(), ABOVE, ABOVE).strength is Strength.OPEN


def test_a_step_of_a_rare_series_is_not_claimed() -> None:
    """Below five a month a sector's series carries no regression."""
    assert findings.level_step(SUBJECT, model("low_counts"), ABOVE, OPEN).strength is Strength.OPEN


def test_a_series_too_short_says_so() -> None:
    assert "月份不够" in findings.level_step(SUBJECT, model("few_points"), UNKNOWN, UNKNOWN).text


def test_long_lists_are_cut_and_counted() -> None:
    found = findings.outside_unknown([f"专项{number}" for number in range(9)])
    assert "等9个" in found.text and "专项5" not in found.text
    assert "等3个" not in findings.change_unjudged(["甲", "乙", "丙"]).text
