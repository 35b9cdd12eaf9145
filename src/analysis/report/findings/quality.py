"""Sentences on the data themselves: rows accounted for, totals, the summary's figures, who is late."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength


def rows_accounted(
    read: int, kept: int, quarantined: int, superseded: int, dropped: int, evidence: tuple[str, ...] = ()
) -> Finding:
    """Where the rows of the files went, and whether each is accounted for once."""
    parts = (
        f"采用{formats.count(kept)}行、隔离{formats.count(quarantined)}行、"
        f"被后来的记录替代{formats.count(superseded)}行、按更正删除{formats.count(dropped)}行"
    )
    if read == kept + quarantined + superseded + dropped:
        text = f"读入{formats.count(read)}行：{parts}，相加等于读入数。"
        return Finding(text, Strength.DESCRIBED, "全数统计", evidence)
    text = f"读入{formats.count(read)}行，{parts}，相加不等于读入数；请重新整理数据。"
    return Finding(text, Strength.OPEN, "全数统计", evidence)


def totals_agree(checked: int, differing: int, evidence: tuple[str, ...] = ()) -> Finding:
    """Whether the total rows of the files agree with the rows that they add up."""
    if not checked:
        return Finding("原表没有合计行，无从核对合计。", Strength.OPEN, "n=0", evidence)
    found = f"有{formats.count(differing)}处与明细相加不符" if differing else "均与明细相加相符"
    return Finding(
        f"原表合计行{formats.count(checked)}行，{found}。", Strength.DESCRIBED, "全数统计", evidence
    )


def figures_read(numbers: int, read: int, missing: int, evidence: tuple[str, ...] = ()) -> Finding:
    """How many of a summary's numbers became figures, are none by their nature, and stay open."""
    other = numbers - read - missing
    left = f"{formats.count(missing)}个没有读出，可用 analysis extract 列出" if missing else "没有遗漏"
    text = (
        f"总结文件有{formats.count(numbers)}个数字：{formats.count(read)}个读作统计数字，"
        f"{formats.count(other)}个是日期、编号等，{left}。"
    )
    return Finding(text, Strength.DESCRIBED, "全数统计", evidence)


def contradictions(count: int, to_look_at: int, evidence: tuple[str, ...] = ()) -> Finding:
    """How many figures contradict one another, within the summaries or against ledgers and returns."""
    also = f"另有{formats.count(to_look_at)}处约数或范围不明的需要查看。" if to_look_at else ""
    if not count:
        text = f"总结文件内部、与上年文件、与台账和月报之间没有核对出矛盾。{also}"
        return Finding(text, Strength.DESCRIBED, "逐项核对", evidence)
    text = f"总结文件的数字核对出{formats.count(count)}处矛盾，使用有关数字前请先核实。{also}"
    return Finding(text, Strength.DESCRIBED, "逐项核对", evidence)


def denominators(without: Sequence[str], beyond: Sequence[str], evidence: tuple[str, ...] = ()) -> Finding:
    """Which sectors have no usable number of regulated enterprises.

    Args:
        without: Sectors with hazards or inspections but no number of enterprises.
        beyond: Sectors where more distinct enterprises are known than are said to exist.
        evidence: Keys of the tables behind it.
    """
    parts = []
    if without:
        parts.append(f"没有监管企业数的有{'、'.join(without)}，只列条数，不计算每家企业的比率")
    if beyond:
        parts.append(f"{'、'.join(beyond)}已知企业多出监管企业数，覆盖率超过100%，须先核定底数")
    if not parts:
        return Finding(
            "各行业领域均有监管企业数，没有超过100%的覆盖率。", Strength.DESCRIBED, "全数统计", evidence
        )
    return Finding(f"{'；'.join(parts)}。", Strength.DESCRIBED, "全数统计", evidence)


def self_checked(passed: int, checks: int) -> Finding:
    """How many published values the statistics reproduce on this machine."""
    text = f"统计方法重算{formats.count(checks)}个公开发表的数值，{formats.count(passed)}个相符。"
    return Finding(text, Strength.DESCRIBED if passed == checks else Strength.OPEN, "方法自检")


def none_late(departments: int, evidence: tuple[str, ...] = ()) -> Finding:
    """That no department's entries could be told apart from the others'."""
    text = "没有可以确认录入慢于其余的部门；不等于各部门快慢相同，需要更多有录入日期的记录。"
    basis = f"比较了{formats.count(departments)}个部门，log-rank检验，Holm校正"
    return Finding(text, Strength.OPEN, basis, evidence)
