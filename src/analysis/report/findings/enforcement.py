"""Sentences on enforcement: does it lie where the hazards are, how fines are spread, where to inspect."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength, cannot_show
from analysis.stats.precision import Spread
from analysis.stats.results import Estimate


def overlap(acts: str, hazards: str, found: Estimate, evidence: tuple[str, ...] = ()) -> Finding:
    """How far enforcement acts lie in the sectors where the hazards lie: a description with its interval."""
    if found.value is None:
        return cannot_show(f"{acts}是否落在{hazards}多的行业", f"分行业的{acts}和{hazards}数")
    limits = formats.interval(found.low, found.high, "share", 0)
    shown = formats.share(found.value, 0)
    text = f"{acts}与{hazards}的行业分布重合{shown}（95%区间{limits}）；100%表示两者按同样比例分布。"
    return Finding(text, Strength.DESCRIBED, f"n={formats.count(found.n)}；份额重合度，自助法区间", evidence)


def spread_of_fines(found: Spread, decisions: int, evidence: tuple[str, ...] = ()) -> Finding:
    """The typical fine and how unequal fines are: the median, not only the mean."""
    if found.median.value is None:
        return Finding("没有罚款决定的明细，不列罚款中位数。", Strength.OPEN, "n=0", evidence)
    quartiles = f"{formats.money(found.lower_quartile)}–{formats.money(found.upper_quartile)}元"
    text = (
        f"罚款中位数{formats.money(found.median.value)}元，中间一半在{quartiles}，"
        f"平均{formats.money(round(found.mean or 0))}元，最大一笔占总额{formats.share(found.largest_share)}。"
    )
    return Finding(text, Strength.DESCRIBED, f"n={formats.count(decisions)}份罚款决定", evidence)


def better_allocation(
    gain: Estimate,
    totals: tuple[int, int],
    more: Sequence[str],
    less: Sequence[str],
    evidence: tuple[str, ...] = (),
) -> Finding:
    """What moving inspections between sectors is expected to bring; only where its interval is above 0.

    ``totals``: today's inspections and those planned, never more.

    Raises:
        ValueError: The interval of the gain does not lie above 0.
    """
    if gain.low is None or gain.low <= 0:
        raise ValueError("a better allocation needs a gain whose interval lies above 0")
    limits = formats.interval(gain.low, gain.high, "number", 0)
    text = (
        f"检查总次数由{totals[0]:,}次改为{totals[1]:,}次，调到{_named(more)}（调出：{_named(less)}），"
        f"预期多发现重大隐患{formats.number(gain.value, 0)}条（95%区间{limits}）。"
    )
    basis = f"n={totals[0]:,}次检查；收缩检出率的后验抽样；整数规划"
    return Finding(text, Strength.SUPPORTED, basis, evidence)


def no_better_allocation(
    change: Estimate, totals: tuple[int, int], less: Sequence[str], evidence: tuple[str, ...] = ()
) -> Finding:
    """No move of inspections whose gain is certain; some may go all the same, above one visit an enterprise.

    ``change``: of what is expected to be found, without the inspections that go.
    """
    text = "没有一种调整能确定多发现重大隐患：各行业检出率的差别尚在不确定范围之内，暂按今年的安排"
    if totals[1] < totals[0]:
        limits = formats.interval(change.low, change.high, "number", 0)
        text += (
            f"；{_named(less)}今年平均每家检查超过一次，"
            f"按每家一次的上限安排则总次数由{totals[0]:,}次改为{totals[1]:,}次，"
            f"按检出率推算发现数变化{formats.number(change.value, 0)}条（95%区间{limits}），"
            "是否调减由本单位决定"
        )
    return Finding(f"{text}。", Strength.OPEN, f"n={totals[0]:,}次检查", evidence)


def _named(sectors: Sequence[str], at_most: int = 3) -> str:
    more = "等" if len(sectors) > at_most else ""
    return "、".join(sectors[:at_most]) + more
