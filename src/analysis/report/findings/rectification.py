"""Sentences on rectification: who is slower than the rest, and when what is open will be cleared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength, Subject, p_of
from analysis.stats.results import Estimate, TestResult
from analysis.stats.survival import Clearance


@dataclass(frozen=True)
class Pace:
    """A group's median days beside that of all others, and the test between them.

    Hazards of one enterprise are rectified together, so the test and the intervals that carry a claim take one
    hazard of each enterprise; the medians of all hazards are what is shown.
    """

    own: Estimate
    others: Estimate
    own_by_enterprise: Estimate
    others_by_enterprise: Estimate
    test: TestResult

    @property
    def slower(self) -> bool:
        """Whether the test, adjusted for all groups, and the intervals carry that the group is slower."""
        return self.test.significant() and _above(self.own_by_enterprise, self.others_by_enterprise)

    @property
    def faster(self) -> bool:
        """The same for faster."""
        return self.test.significant() and _above(self.others_by_enterprise, self.own_by_enterprise)


def _above(one: Estimate, other: Estimate) -> bool:
    """Whether the whole interval of one median lies above the other's; one not reached has no upper limit."""
    return one.low is not None and other.high is not None and one.low > other.high


def pace(subject: Subject, found: Pace, need: str) -> Finding:
    """Whether one group is rectified slower or faster than all others, by median days.

    Claimed where the log-rank test, adjusted for all groups looked at, is significant and the intervals of
    the two medians do not overlap.
    """
    compared = f"中位{days(found.own)}，其余合计{days(found.others)}"
    carried = f"{_limits(found.own_by_enterprise)}对{_limits(found.others_by_enterprise)}"
    n = formats.count(found.own_by_enterprise.n)
    basis = f"每家企业取一条，n={n}；中位数95%区间{carried}；log-rank检验，p={p_of(found.test)}"
    if found.slower or found.faster:
        word = "明显慢于其余" if found.slower else "明显快于其余"
        text = f"{subject.name}{subject.measure}{word}：{compared}。"
        return Finding(text, Strength.SUPPORTED, basis, subject.evidence)
    text = f"{subject.name}{subject.measure}与其余是否有差别尚不能确认：{compared}；{need}。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def none_slower(groups: str, measure: str, looked_at: int, evidence: tuple[str, ...] = ()) -> Finding:
    """No group is slower than the rest as far as the tests carry; which is not to say that all are alike."""
    text = (
        f"没有发现{measure}可以确认慢于其余的{groups}；不等于各{groups}快慢相同，需要更多有日期的整改记录。"
    )
    return Finding(text, Strength.OPEN, f"比较了{looked_at}个{groups}，log-rank检验，Holm校正", evidence)


def pace_differs(by: str, measure: str, test: TestResult, evidence: tuple[str, ...] = ()) -> Finding:
    """Whether the pace differs at all between the groups of one kind."""
    basis = f"n={formats.count(test.n)}；log-rank检验，p={p_of(test)}"
    if test.significant():
        return Finding(f"不同{by}的{measure}有显著差别。", Strength.SUPPORTED, basis, evidence)
    return Finding(f"不同{by}的{measure}是否有差别尚不能确认。", Strength.OPEN, basis, evidence)


def clearance(noun: str, found: Clearance, as_of: date, evidence: tuple[str, ...] = ()) -> Finding:
    """When half of what is open would be cleared if this year's pace held: a projection, no promise."""
    n = found.half.n
    if not n:
        return Finding(f"没有未整改的{noun}。", Strength.DESCRIBED, "n=0", evidence)
    basis = f"n={formats.count(n)}；按本年整改速度外推的条件生存概率"
    if "no_events" in found.half.warnings:
        text = f"{noun}没有带日期的整改记录，不能推算未整改的{formats.count(n)}条何时完成。"
        return Finding(text, Strength.OPEN, basis, evidence)
    days_ahead, left = _nearest_horizon(found)
    limits = formats.interval(left.low, left.high, "count")
    later = formats.day(as_of + timedelta(days=days_ahead))
    expected = f"到{later}预计仍有{formats.count(left.value)}条（95%区间{limits}）未整改"
    text = f"如保持本年的整改速度，未整改的{formats.count(n)}条{noun}中，{expected}{_half(found, as_of)}。"
    return Finding(text, Strength.DESCRIBED, basis, evidence)


def _half(found: Clearance, as_of: date) -> str:
    if found.half.value is None:
        return "；何时整改过半，在观察期内推算不出"
    return f"；预计{formats.day(as_of + timedelta(days=found.half.value))}前后整改过半"


def _nearest_horizon(found: Clearance) -> tuple[int, Estimate]:
    first = min(found.open_after)
    return first, found.open_after[first]


def days(median: Estimate) -> str:
    """Median days, or that half are not done yet."""
    if median.value is None:
        return "尚未过半" if "median_not_reached" in median.warnings else "无记录"
    return f"{formats.number(median.value, 0)}天"


def _limits(median: Estimate) -> str:
    return (formats.interval(median.low, median.high, "number", 0) or "无") + "天"
