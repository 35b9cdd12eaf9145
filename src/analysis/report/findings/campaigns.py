"""Sentences on campaigns: what their inspections found against others, and what before and after can say.

No sentence here speaks of a campaign's effect: what is compared is a detection, and what else began at the
same time is not excluded.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength, Subject, basis_of, times
from analysis.stats.interventions import RegressionToMean
from analysis.stats.regression import CountModel
from analysis.stats.results import Comparison

NOT_AN_EFFECT = "这是同期的变化，不能归因于该专项"
OUTSIDE = "同行业专项以外的检查"


def against_outside(subject: Subject, ratio: Comparison, need: str) -> Finding:
    """Whether a campaign's inspections found more than others in the same sectors, as a stratified ratio.

    Claimed where the interval leaves out 1 and the test, adjusted for all campaigns, is significant.
    """
    estimate, test = ratio.estimate, ratio.test
    if estimate.value is None:
        return outside_unknown([subject.name], subject.measure)
    basis = f"{basis_of(estimate, test)}；按行业分层"
    if estimate.excludes(1.0) and test.significant():
        word = "显著高于" if estimate.value > 1 else "显著低于"
        text = f"{subject.name}的{subject.measure}{word}{OUTSIDE}，为其{times(estimate)}。"
        return Finding(text, Strength.SUPPORTED, basis, subject.evidence)
    unsure = f"与{OUTSIDE}是否有差别尚不能确认（为其{times(estimate)}）"
    text = f"{subject.name}的{subject.measure}{unsure}；{need}。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def outside_undecided(names: Sequence[str], measure: str, evidence: tuple[str, ...] = ()) -> Finding:
    """The campaigns whose inspections cannot be told from others, in one sentence."""
    listed = "、".join(names)
    text = f"{listed}的{measure}与{OUTSIDE}是否有差别，现有次数尚不能确认。"
    return Finding(text, Strength.OPEN, f"{len(names)}个专项，按行业分层，Holm校正", evidence)


def outside_unknown(names: Sequence[str], measure: str, evidence: tuple[str, ...] = ()) -> Finding:
    """The campaigns that have nothing to be compared with."""
    need = "需要专项内外都有分行业的检查次数和发现隐患的记录"
    text = f"{'、'.join(names)}的{measure}不能与{OUTSIDE}比较；{need}。"
    return Finding(text, Strength.OPEN, "没有可比的检查", evidence)


def before_after(subject: Subject, change: Comparison, mean: RegressionToMean, need: str) -> Finding:
    """The campaign's sectors before and after, against other sectors and against regression to the mean.

    Claimed as a change at the time, never as an effect: where the interval of the ratio of ratios leaves out
    1, its test (adjusted for all campaigns) is significant, and what was observed lies outside what
    regression to the mean would bring. Without comparison sectors nothing is claimed.
    """
    estimate = change.estimate
    if estimate.value is None or "no_comparison" in estimate.warnings or mean.ratio.value is None:
        text = f"{subject.name}没有未纳入专项而可比的行业，前后变化不作判断。"
        return Finding(text, Strength.OPEN, "没有比较行业", subject.evidence)
    expected = formats.interval(mean.expected_after.low, mean.expected_after.high, "count")
    beside = f"实际{formats.count(mean.observed_after)}次，按回归均值预期{expected}次"
    basis = f"{basis_of(estimate, change.test)}；双重差分；回归均值预期按经验贝叶斯"
    ratio = f"前后之比为其他行业的{times(estimate)}，{beside}"
    if _carried(change) and mean.ratio.excludes(1.0):
        differs = "在专项前后的变化与其他行业有显著差别"
        text = f"{subject.name}的{subject.measure}{differs}：{ratio}；{NOT_AN_EFFECT}。"
        return Finding(text, Strength.SUPPORTED, basis, subject.evidence)
    text = (
        f"{subject.name}的{subject.measure}在专项前后的变化尚不能与其他行业和回归均值区分：{ratio}；{need}。"
    )
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def level_step(subject: Subject, own: CountModel, step: Comparison, elsewhere: Comparison) -> Finding:
    """Whether the level of a monthly series moved when a campaign began, and not in the other sectors.

    Args:
        subject: The campaign and the measure.
        own: The interrupted series of the campaign's sectors.
        step: Its step, the test adjusted for all campaigns.
        elsewhere: The step of the other sectors at the same month.
    """
    estimate = step.estimate
    if estimate.value is None:
        text = f"{subject.name}开始前后的月份不够，不判断{subject.measure}的水平是否改变。"
        return Finding(text, Strength.OPEN, f"n={own.n}个月；需要此前8个月、此后4个月", subject.evidence)
    basis = f"{basis_of(estimate, step.test)}；中断时间序列，n={own.n}个月"
    rare = "low_counts" in own.warnings
    if _carried(step) and not rare and not elsewhere.estimate.excludes(1.0):
        text = (
            f"自{subject.name}开始，其行业的{subject.measure}水平有显著改变，为原趋势的{times(estimate)}，"
            f"其他行业同期没有可以确认的改变；{NOT_AN_EFFECT}。"
        )
        return Finding(text, Strength.SUPPORTED, basis, subject.evidence)
    unsure = f"水平是否改变尚不能确认（为原趋势的{times(estimate)}）"
    text = f"自{subject.name}开始，其行业的{subject.measure}{unsure}。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def _carried(found: Comparison) -> bool:
    return found.estimate.excludes(1.0) and found.test.significant()
