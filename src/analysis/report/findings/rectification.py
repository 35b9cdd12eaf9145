"""Sentences on rectification: who is slower than the rest, and when what is open will be cleared."""

from __future__ import annotations

from datetime import date, timedelta

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength, Subject, p_of
from analysis.stats.results import Estimate, TestResult
from analysis.stats.survival import Clearance


def pace(subject: Subject, own: Estimate, others: Estimate, test: TestResult, need: str) -> Finding:
    """Whether one group takes more or fewer days than all others, by the median.

    Claimed where the log-rank test, adjusted for all groups looked at, is significant and the intervals of
    the two medians do not overlap.

    Args:
        subject: The group; its measure says what the days run from and to.
        own: Its median days.
        others: The median days of all others together.
        test: The log-rank test of the group against all others, adjusted.
        need: What would settle it where it cannot be claimed.
    """
    compared = f"中位{days(own)}，其余合计{days(others)}"
    basis = f"n={formats.count(own.n)}；log-rank检验，{p_of(test)}；中位数95%区间"
    if test.significant() and (slower(own, others) or slower(others, own)):
        word = "明显慢于其余" if slower(own, others) else "明显快于其余"
        text = f"{subject.name}{subject.measure}{word}：{compared}。"
        return Finding(text, Strength.SUPPORTED, basis, subject.evidence)
    text = f"{subject.name}{subject.measure}与其余是否有差别尚不能确认：{compared}；{need}。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def slower(own: Estimate, others: Estimate) -> bool:
    """Whether the whole interval of a median lies above that of the others; one not reached has no end."""
    return own.low is not None and others.high is not None and own.low > others.high


def none_slower(groups: str, measure: str, looked_at: int, evidence: tuple[str, ...] = ()) -> Finding:
    """No group is slower than the rest as far as the tests carry; which is not to say that all are alike."""
    text = (
        f"没有发现{measure}可以确认慢于其余的{groups}；不等于各{groups}快慢相同，需要更多有日期的整改记录。"
    )
    return Finding(text, Strength.OPEN, f"比较了{looked_at}个{groups}，log-rank检验，Holm校正", evidence)


def pace_differs(by: str, measure: str, test: TestResult, evidence: tuple[str, ...] = ()) -> Finding:
    """Whether the pace differs at all between the groups of one kind."""
    basis = f"n={formats.count(test.n)}；log-rank检验，{p_of(test)}"
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
    """Median days with their interval, or that half are not done yet."""
    if median.value is None:
        return "尚未过半" if "median_not_reached" in median.warnings else "无记录"
    limits = formats.interval(median.low, median.high, "number", 0)
    return f"{formats.number(median.value, 0)}天" + (f"（95%区间{limits}天）" if limits else "")
