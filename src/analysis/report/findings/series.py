"""Sentences on series of months and years: signals of a chart, parts of a change, the year ahead.

All of them describe: a signal says where to look, a split is arithmetic, an outlook is a projection.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report.findings.base import Finding, Strength
from analysis.stats.control_charts import MIN_POINTS, ControlChart


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
