"""Sentences on change: against last year at the same cutoff, and over several years."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report.findings.base import Finding, Strength, Subject, basis_of, carried, times, unknown
from analysis.stats.results import Comparison

MINIMUM_YEARS = 5
"""Below five years no exact test of a trend can reach 5 %: none is claimed."""
MINIMUM_YEARS_BY_SECTOR = 7


def year_on_year(subject: Subject, now: float, before: float, ratio: Comparison, need: str) -> Finding:
    """A rate against last year's at the same cutoff, as a ratio with its interval."""
    estimate = ratio.estimate
    values = f"本年{subject.value(now)}，上年同期{subject.value(before)}"
    if estimate.value is None:
        return unknown(subject, estimate, need)
    basis = basis_of(estimate, ratio.test)
    if estimate.value and carried(estimate, ratio.test):
        word = "高于上年同期" if estimate.value > 1 else "低于上年同期"
        text = f"{subject.name}{subject.measure}{word}：{values}。"
        return Finding(text, Strength.SUPPORTED, basis, subject.evidence)
    text = f"{subject.name}{subject.measure}与上年同期相比尚不能确认有变化：{values}；{need}。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def trend(subject: Subject, found: Comparison, years: Sequence[int], *, by_sector: bool = False) -> Finding:
    """The direction over years: claimed from five points on (seven by sector) and a significant test.

    Args:
        subject: What the series is of.
        found: The factor a year, with its adjusted test.
        years: The years that the series covers.
        by_sector: Whether it is one sector's and not the county's.
    """
    need = MINIMUM_YEARS_BY_SECTOR if by_sector else MINIMUM_YEARS
    if len(years) < need:
        text = f"{subject.name}{subject.measure}只有{len(years)}个年份的数据，不足{need}个，不判断趋势。"
        return Finding(text, Strength.OPEN, f"n={len(years)}年", subject.evidence)
    factor = found.estimate
    if factor.value is None:
        return unknown(subject, factor, "需要更多月份的数据")
    basis = f"月度计数回归，{basis_of(factor, found.test)}"
    span = f"{years[0]}–{years[-1]}年，{subject.name}{subject.measure}"
    if carried(factor, found.test):
        word = "明显上升" if factor.value > 1 else "明显下降"
        return Finding(
            f"{span}{word}，每年为上年的{times(factor)}。", Strength.SUPPORTED, basis, subject.evidence
        )
    text = f"{span}没有可以确认的上升或下降趋势（每年为上年的{times(factor)}）。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)
