"""The claim guard of the sentences on rectification: no test, no interval, no claim."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.report import findings
from analysis.report.findings import CLAIM_WORDS, NEVER, Finding, Strength, Subject
from analysis.stats import survival
from analysis.stats.results import Estimate, TestResult, unknown

DEPARTMENT = Subject("甲局", "整改时长")


def median(value: float | None, low: float | None, high: float | None, *warnings: str) -> Estimate:
    return Estimate(value, low, high, 80, "kaplan_meier_median", warnings=warnings)


def test(p: float | None, adjusted: float | None = None) -> TestResult:
    return TestResult(4.0, p, 80, "log_rank", adjusted)


test.__test__ = False  # type: ignore[attr-defined]


def said(own: Estimate, others: Estimate, carried: TestResult) -> Finding:
    return findings.pace(DEPARTMENT, own, others, carried, "需要更多记录")


def test_slower_needs_the_adjusted_test_and_intervals_apart() -> None:
    found = said(median(30, 25, 36), median(10, 9, 11), test(0.001, 0.01))
    assert found.strength is Strength.SUPPORTED
    assert "明显慢于其余" in found.text
    assert "30天（95%区间25–36天）" in found.text
    assert "已校正多重比较" in found.basis


def test_faster_is_said_as_such() -> None:
    assert "明显快于其余" in said(median(5, 4, 6), median(10, 9, 11), test(0.001, 0.01)).text


@pytest.mark.parametrize(
    ("own", "others", "carried"),
    [
        (median(30, 25, 36), median(10, 9, 11), test(0.01, 0.08)),
        (median(30, 9, 80), median(10, 9, 11), test(0.001, 0.01)),
        (median(30, None, None), median(10, 9, 11), test(0.001, 0.01)),
        (median(30, 25, 36), median(10, 9, 11), test(None)),
    ],
    ids=["adjusted away", "intervals overlap", "no interval", "untested"],
)
def test_otherwise_it_says_what_cannot_be_concluded(
    own: Estimate, others: Estimate, carried: TestResult
) -> None:
    found = said(own, others, carried)
    assert found.strength is Strength.OPEN
    assert not [word for word in CLAIM_WORDS if word in found.text]
    assert "尚不能确认" in found.text
    assert "需要更多记录" in found.text


def test_a_median_not_reached_may_still_be_slower() -> None:
    """More than half open, but the interval starts above the others': slower, without a number of days."""
    found = said(median(None, 60, None, "median_not_reached"), median(10, 9, 11), test(0.001, 0.01))
    assert "明显慢于其余：中位尚未过半" in found.text


def test_no_slow_group_is_not_the_same_pace() -> None:
    found = findings.none_slower("部门", "整改时长", 13)
    assert found.strength is Strength.OPEN
    assert "不等于各部门快慢相同" in found.text


@pytest.mark.parametrize(
    ("p", "strength"), [(0.001, Strength.SUPPORTED), (0.2, Strength.OPEN), (None, Strength.OPEN)]
)
def test_a_difference_in_pace_needs_its_test(p: float | None, strength: Strength) -> None:
    assert findings.pace_differs("行业", "整改时长", test(p)).strength is strength


def clearance(ages: list[float], days: list[float], event: list[bool]) -> str:
    found = survival.expected_clearance(survival.kaplan_meier(days, event), ages)
    return findings.clearance("隐患", found, date(2023, 12, 31)).text


def test_a_projection_names_its_premise_and_its_day() -> None:
    text = clearance([0, 0], [10, 20, 25, 40, 50], [True] * 5)
    assert text.startswith("如保持本年的整改速度，未整改的2条隐患中，到2024年1月30日预计仍有")
    assert "预计2024年1月25日前后整改过半" in text, "S(20) = 3/5, S(25) = 2/5"


def test_what_cannot_be_projected_is_said() -> None:
    assert clearance([], [10], [True]) == "没有未整改的隐患。"
    assert "不能推算" in clearance([5], [5], [False])
    assert "观察期内推算不出" in clearance([30], [10, 30], [True, False])


def test_nothing_here_says_what_no_figure_can_carry() -> None:
    found = [
        said(median(30, 25, 36), median(10, 9, 11), test(0.001)),
        said(median(None, None, None), unknown("kaplan_meier_median", "no_events"), test(None)),
        findings.none_slower("部门", "整改时长", 2),
    ]
    assert not [word for word in NEVER for one in found if word in one.text]
