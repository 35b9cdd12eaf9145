"""Sentences on enforcement: whether it lies where the hazards are, and how its fines are spread."""

from __future__ import annotations

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
