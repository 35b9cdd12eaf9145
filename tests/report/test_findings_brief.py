"""Sentences for leaders: proposals and strong words only where interval and adjusted test carry them."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.report import findings
from analysis.report.findings import CLAIM_WORDS, NEVER, Strength
from analysis.stats import rates
from analysis.stats.results import Estimate, TestResult

BY = date(2024, 1, 4)


def ratio(value: float | None, low: float | None, high: float | None) -> Estimate:
    return Estimate(value, low, high, 60, "ratio")


def carried(p: float | None, adjusted: float | None) -> TestResult:
    return TestResult(3.0, p, 60, "residual", adjusted)


HIGH, SURE = ratio(2.0, 1.5, 2.6), carried(0.001, 0.01)
NOT_CARRIED = [
    (ratio(2.0, 0.9, 4.0), SURE),
    (HIGH, carried(0.01, 0.2)),
    (HIGH, carried(0.001, None)),
    (ratio(2.0, None, None), SURE),
    (ratio(None, None, None), SURE),
    (ratio(0.5, 0.3, 0.8), SURE),
]


def test_a_sector_is_named_where_interval_and_adjusted_test_carry_it() -> None:
    found = findings.by_yield({"甲": (HIGH, SURE), "乙": (ratio(3.0, 0.9, 9.0), SURE)}, (2023,), 4)
    assert found.text == "2023年每次检查发现的隐患显著高于其余行业合计的：甲2.00倍（95%区间1.50–2.60）。"
    assert found.strength is Strength.SUPPORTED


@pytest.mark.parametrize("tested", NOT_CARRIED)
def test_otherwise_no_sector_is_named_and_nothing_proposed(tested: tuple[Estimate, TestResult]) -> None:
    found = findings.by_yield({"甲": tested}, (2023,), 4)
    assert found.strength is Strength.OPEN
    assert not [word for word in CLAIM_WORDS if word in found.text]
    assert findings.shift_inspections("甲", *tested, 0.5, "甲局", BY) is None


def test_more_inspections_are_never_proposed_for_what_is_inspected_most() -> None:
    assert findings.shift_inspections("甲", HIGH, SURE, 1.0, "甲局", BY) is None
    found = findings.shift_inspections("甲", HIGH, SURE, 0.5, "甲局", BY)
    assert found is not None
    assert "检查总量不变" in found.text


def test_effort_is_no_merit() -> None:
    assert "检查次数本身不代表成绩" in findings.by_effort({"甲": 3.1}).text


@pytest.mark.parametrize(
    ("own", "others", "test"),
    [
        (ratio(30, 9, 50), ratio(10, 9, 11), SURE),
        (ratio(30, 20, 50), ratio(10, 9, 11), carried(0.01, 0.2)),
        (ratio(30, None, None), ratio(10, 9, 11), SURE),
    ],
    ids=["intervals meet", "adjusted away", "no interval"],
)
def test_no_department_is_asked_why_without_a_test(own: Estimate, others: Estimate, test: TestResult) -> None:
    assert findings.speed_up("甲局", "整改", own, others, test, BY) is None


def test_a_proposal_is_for_decision_with_owner_and_date() -> None:
    found = findings.speed_up("甲局", "整改", ratio(30, 20, 50), ratio(10, 9, 11), SURE, BY)
    assert found is not None
    assert found.text.startswith("建议研究：")
    assert found.text.endswith("责任单位：甲局；时限：2024年1月4日前。")
    assert found.strength is Strength.SUPPORTED


@pytest.mark.parametrize("count", [0, 1, 12])
def test_accidents_are_counted_and_nothing_concluded(count: int) -> None:
    text = findings.accidents(rates.rate(count), "亡人事故", "定义", "2023年").text
    assert "（指定义）" in text
    assert ("未发生" in text) == (count == 0)
    assert not [word for word in (*NEVER, *CLAIM_WORDS) if word in text]


def test_without_finished_windows_no_share_is_given() -> None:
    found = findings.followed_up(0, 0, 5, 90)
    assert "%" not in found.text
    assert "发现重大隐患的5次" in found.text
    assert "未满90日" in found.text
