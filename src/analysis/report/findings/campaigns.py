"""Sentences on campaigns: what their inspections found against others, and what before and after can say.

No sentence here speaks of a campaign's effect: what is compared is a detection, and what else began at the
same time is not excluded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength, Subject, basis_of, carried, p_of, times
from analysis.stats.interventions import RegressionToMean
from analysis.stats.regression import CountModel
from analysis.stats.results import Comparison

NOT_AN_EFFECT = "这是同期的变化，不能归因于该专项"
OUTSIDE = "同行业专项以外的检查"
LISTED_AT_MOST = 5
"""Campaigns named in one sentence; the table has them all."""


def against_outside(
    measure: str, parts: Mapping[str, Comparison], evidence: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Which campaigns' inspections found more than others of the same sectors, which less, which is open.

    Claimed where a ratio's interval leaves out 1 and its test, adjusted for all campaigns, is significant.

    Args:
        measure: What is compared.
        parts: Campaign → its ratio to other inspections of the same sectors, stratified by sector.
        evidence: Keys of the tables behind it.
    """
    carried = {name: one for name, one in parts.items() if one.estimate.known and _carried(one)}
    above = {name: one for name, one in carried.items() if (one.estimate.value or 0) > 1}
    below = {name: one for name, one in carried.items() if name not in above}
    undecided = [name for name, one in parts.items() if one.estimate.known and name not in carried]
    yield from _carried_sentence(measure, "显著高于", above, evidence)
    yield from _carried_sentence(measure, "显著低于", below, evidence)
    if undecided:
        text = f"{measure}与{OUTSIDE}是否有差别，现有次数尚不能确认的专项：{_listed(undecided)}。"
        yield Finding(text, Strength.OPEN, f"{len(undecided)}个专项，按行业分层，Holm校正", evidence)


def _carried_sentence(
    measure: str, word: str, carried: Mapping[str, Comparison], evidence: tuple[str, ...]
) -> Iterator[Finding]:
    """One sentence for all campaigns on one side, the furthest from 1 first."""
    if not carried:
        return
    far = sorted(carried, key=lambda name: -abs(log(carried[name].estimate.value or 1e-9)))
    listed = _listed([f"{name}（{_ratio(carried[name])}）" for name in far])
    p = "；".join(f"{name}：{p_of(carried[name].test)}" for name in far[:LISTED_AT_MOST])
    text = f"{measure}{word}{OUTSIDE}的专项：{listed}。"
    yield Finding(text, Strength.SUPPORTED, f"按行业分层的比值；{p}", evidence)


def _ratio(found: Comparison) -> str:
    """A ratio in words; nothing found has an upper limit only."""
    if found.estimate.value:
        return times(found.estimate)
    return f"没有发现，比值95%上限{formats.number(found.estimate.high, 2)}倍"


def _listed(names: Sequence[str]) -> str:
    more = f"等{len(names)}个" if len(names) > LISTED_AT_MOST else ""
    return "、".join(names[:LISTED_AT_MOST]) + more


def outside_unknown(names: Sequence[str], evidence: tuple[str, ...] = ()) -> Finding:
    """The campaigns that have nothing to be compared with."""
    need = "需要专项内外都有分行业的检查次数和发现隐患的记录"
    text = f"不能与{OUTSIDE}比较的专项：{_listed(names)}；{need}。"
    return Finding(text, Strength.OPEN, f"{len(names)}个专项没有可比的检查", evidence)


def major_only(names: Sequence[str], evidence: tuple[str, ...] = ()) -> Finding:
    """The campaigns whose ledger holds major hazards only: by their rules alone others record more."""
    text = (
        f"{_listed(names)}只登记重大隐患，不与登记全部隐患的检查比较；"
        "需要台账写明每次检查发现的全部隐患，不论记在哪个专项名下。"
    )
    return Finding(text, Strength.OPEN, f"{len(names)}个专项", evidence)


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


def since_start(subject: Subject, since: float, before: float, ratio: Comparison) -> Finding:
    """Whether the county's rate differs since a campaign of all sectors began: a change, never its effect."""
    estimate, name = ratio.estimate, subject.name
    values = f"开始以来{subject.value(since)}，此前三年{subject.value(before)}"
    basis = f"{basis_of(estimate, ratio.test)}；不计其他专项的检查，按行业分层，按各月波动放宽"
    if _carried(ratio):
        word = "显著高于" if (estimate.value or 0) > 1 else "显著低于"
        text = (
            f"自{name}开始，全县{subject.measure}{word}此前三年：{values}，按行业分层为其{times(estimate)}；"
            f"全县都在专项之内，没有可比的行业，{NOT_AN_EFFECT}。"
        )
        return Finding(text, Strength.SUPPORTED, basis, subject.evidence)
    text = f"自{name}开始，全县{subject.measure}与此前三年是否有差别尚不能确认：{values}；需要更多月份。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def change_unjudged(names: Sequence[str]) -> Finding:
    """The campaigns of which before and after say nothing."""
    need = "需要专项有起止月份、限定的行业，前后各月的检查次数，以及未纳入专项的行业"
    text = f"前后变化不作判断的专项：{_listed(names)}；{need}。"
    return Finding(text, Strength.OPEN, f"{len(names)}个专项没有可比的月份或行业")


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
    return carried(found.estimate, found.test)
