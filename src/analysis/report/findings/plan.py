"""Sentences on a plan's commitments: kept, on the way, missed, not measurable, or citing a past year."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength

_LISTED = 6


def commitments(
    year: int, every: int, met: int, on_the_way: int, missed: int, open_: int, evidence: tuple[str, ...] = ()
) -> Finding:
    """How many commitments of a year's plan were kept, and how many nothing can measure.

    Args:
        year: The year planned for.
        every: All commitments.
        met: Those kept.
        on_the_way: Those whose time still runs.
        missed: Those not kept in time.
        open_: Those without a figure to be reached, or without one that says how far they got.
        evidence: Keys of the tables behind it.
    """
    text = (
        f"{year}年计划{formats.count(every)}项：已完成{formats.count(met)}项，推进中{formats.count(on_the_way)}项，"
        f"未完成{formats.count(missed)}项，不可衡量或没有数据{formats.count(open_)}项。"
    )
    return Finding(text, Strength.DESCRIBED, "按计划中的指标、要求和目标值逐项对照", evidence)


def missed(items: Sequence[str], evidence: tuple[str, ...] = ()) -> Finding:
    """The commitments that were not kept in time, each with target and figure."""
    more = f"等{len(items)}项" if len(items) > _LISTED else ""
    text = f"到期未完成：{'；'.join(items[:_LISTED])}{more}。"
    return Finding(text, Strength.DESCRIBED, "按目标值逐项对照，不说明原因", evidence)


def out_of_date(count: int, evidence: tuple[str, ...] = ()) -> Finding:
    """How many commitments cite a list or an action of a year that was over."""
    text = f"计划中有{formats.count(count)}项引用往年的清单或行动，需要核实是否应为当年的。"
    return Finding(text, Strength.DESCRIBED, "文本核对；跨年行动和同比的年份不计", evidence)
