"""Sentences on series of months and years: signals of a chart, parts of a change, the year ahead.

All of them describe: a signal says where to look, a split is arithmetic, an outlook is a projection.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import formats
from analysis.report.edition import Kind
from analysis.report.findings.base import Finding, Strength, cannot_show
from analysis.stats.control_charts import MIN_POINTS, ControlChart
from analysis.stats.outlook import Outlook
from analysis.stats.rate_change import RateChange
from analysis.stats.results import Estimate


def chart_signals(
    measure: str, labels: Sequence[str], found: ControlChart, evidence: tuple[str, ...] = ()
) -> Finding:
    """What a control chart shows: points beyond the limits, and runs too long for chance.

    Args:
        measure: What is charted.
        labels: A name for each point.
        found: The chart.
        evidence: Keys of the figures behind it.
    """
    if found.n < MIN_POINTS:
        text = f"{measure}只有{found.n}个月的数据，不足{MIN_POINTS}个，控制图不判断异常。"
        return Finding(text, Strength.OPEN, f"n={found.n}个月", evidence)
    said = [f"{'、'.join(labels[place] for place in found.beyond)}在控制限以外"] if found.beyond else []
    runs = found.runs
    if runs.shift:
        said.append(f"连续{runs.longest}个月在中心线同一侧（机遇容许{runs.longest_allowed}个）")
    if runs.few_crossings:
        said.append(f"只穿过中心线{runs.crossings}次（机遇容许最少{runs.fewest_allowed}次）")
    text = f"{measure}的控制图：{'；'.join(said) or '没有机遇以外的信号，不等于没有变化'}。"
    if said:
        text += "信号说明该查这些月份发生了什么，不说明原因。"
    basis = f"n={found.n}个月；{_KINDS[found.kind]}，三倍标准差；Anhøj游程规则"
    return Finding(text, Strength.DESCRIBED, basis, evidence)


_KINDS = {"p": "p图", "u": "u图", "p_prime": "Laney p′图", "u_prime": "Laney u′图"}


def rate_split(
    measure: str,
    kind: Kind,
    now: float | None,
    before: float | None,
    found: RateChange,
    evidence: tuple[str, ...] = (),
) -> Finding:
    """A rate's change on last year, split exactly into change within sectors and change of their mix."""
    within, mix = (_signed(part, kind) for part in (found.within, found.mix))
    text = (
        f"全县{measure}上年同期{formats.as_kind(before, kind)}，本年{formats.as_kind(now, kind)}，"
        f"相差{_signed(found.total, kind)}：行业内的变化{within}，检查的行业构成变化{mix}。"
    )
    return Finding(text, Strength.DESCRIBED, "恒等式拆分（Kitagawa），不含检验", evidence)


def _signed(value: float, kind: Kind) -> str:
    """A difference with its sign; shares in percentage points."""
    shown = f"{100 * value:+.1f}个百分点" if kind == "share" else f"{value:+.2f}"
    return shown.replace("-", formats.MINUS)


def outlook(what: str, kind: Kind, found: Outlook, tried_on: str, evidence: tuple[str, ...] = ()) -> Finding:
    """What a figure will be if the past goes on, and how the same method, blind to it, did on the last year.

    Args:
        what: The figure with its date, such as 2024年的发现率.
        kind: Its format.
        found: The outlook.
        tried_on: The time that the method was scored on, in words.
        evidence: Keys of the tables behind it.
    """
    if found.prediction.value is None:
        return cannot_show(what, "更多年份或月份的数据")
    text = f"如以往的情况延续，{what}预计为{predicted(found.prediction, kind)}。"
    basis = "95%预测区间，是推算不是目标"
    if found.score is None:
        return Finding(f"{text}数据不够检验这一方法。", Strength.DESCRIBED, basis, evidence)
    score, place = found.score, "在区间内" if found.score.inside else "不在区间内"
    blind, actual = predicted(score.predicted, kind), formats.as_kind(score.actual, kind)
    error, naive = (difference(x, kind) for x in (score.error, score.naive_error))
    text += (
        f"不看{tried_on}、用同一方法推算当时为{blind}，实际{actual}，{place}；"
        f"误差{error}，沿用此前数字的误差{naive}。"
    )
    return Finding(text, Strength.DESCRIBED, basis, evidence)


def predicted(estimate: Estimate, kind: Kind) -> str:
    """A predicted value with its interval."""
    limits = formats.interval(estimate.low, estimate.high, kind)
    return formats.as_kind(estimate.value, kind) + (f"（{limits}）" if limits else "")


def difference(value: float, kind: Kind) -> str:
    """A difference without its sign; of shares in percentage points."""
    return f"{100 * value:.1f}个百分点" if kind == "share" else formats.as_kind(value, kind)
