"""Sentences on change: against last year at the same cutoff, and over several years."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report.findings.base import Finding, Strength, Subject, basis_of, p_of, unknown
from analysis.stats.results import Comparison
from analysis.stats.trends import Trend

MINIMUM_YEARS = 5
"""Below five points the smallest p of a Mann–Kendall test is above 0.05: no trend can be claimed."""
MINIMUM_YEARS_BY_SECTOR = 7


def year_on_year(subject: Subject, now: float, before: float, ratio: Comparison, need: str) -> Finding:
    """A rate against last year's at the same cutoff, as a ratio with its interval."""
    estimate = ratio.estimate
    values = f"本年{subject.value(now)}，上年同期{subject.value(before)}"
    if estimate.value is None:
        return unknown(subject, estimate, need)
    basis = basis_of(estimate, ratio.test)
    if estimate.excludes(1.0) and ratio.test.significant():
        word = "高于上年同期" if estimate.value > 1 else "低于上年同期"
        text = f"{subject.name}{subject.measure}{word}：{values}。"
        return Finding(text, Strength.SUPPORTED, basis, subject.evidence)
    text = f"{subject.name}{subject.measure}与上年同期相比尚不能确认有变化：{values}；{need}。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def trend(subject: Subject, found: Trend, years: Sequence[int], *, by_sector: bool = False) -> Finding:
    """The direction over years: claimed from five points on (seven by sector) and a significant test."""
    need = MINIMUM_YEARS_BY_SECTOR if by_sector else MINIMUM_YEARS
    span = f"{years[0]}–{years[-1]}年" if years else ""
    if len(years) < need:
        text = f"{subject.name}{subject.measure}只有{len(years)}个年份的数据，不足{need}个，不判断趋势。"
        return Finding(text, Strength.OPEN, f"n={len(years)}年", subject.evidence)
    slope = found.slope.value
    basis = f"Mann–Kendall检验，n={found.test.n}年，p={p_of(found.test)}；Sen斜率每年{subject.value(slope)}"
    if slope and found.test.significant():
        word = "明显上升" if slope > 0 else "明显下降"
        return Finding(
            f"{span}，{subject.name}{subject.measure}{word}。", Strength.SUPPORTED, basis, subject.evidence
        )
    text = f"{span}，{subject.name}{subject.measure}没有可以确认的上升或下降趋势。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)
