"""Sentences on duties: how often they were kept, who has not signed, and how help lies beside findings.

All describe what a list of activities holds: a duty without an entry may have been kept and not recorded.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength, cannot_show
from analysis.stats.results import Estimate

_LIST = "活动台账全数统计；没有记录不等于没有开展"
NAMED_AT_MOST = 12


def cadence_kept(duties: int, evidence: tuple[str, ...] = ()) -> Finding:
    """That every duty due so far has an entry."""
    text = f"{formats.count(duties)}类有频次要求的工作，到期的各期均有记录。"
    return Finding(text, Strength.DESCRIBED, _LIST, evidence)


def cadence_missed(
    duty: str, due: int, missed: Sequence[str], pause: int, evidence: tuple[str, ...] = ()
) -> Finding:
    """A duty with periods in which it should have been kept and has no entry.

    Args:
        duty: What was due.
        due: In how many periods, by the cutoff.
        missed: The periods without an entry, in words.
        pause: The longest pause in days.
        evidence: Keys of the tables behind it.
    """
    text = (
        f"{duty}应开展的{due}期中，{'、'.join(missed)}没有记录，最长间隔{formats.count(pause)}天，"
        "需要核实是否漏开或漏记。"
    )
    return Finding(text, Strength.DESCRIBED, _LIST, evidence)


def letters(kind: str, names: int, without: Sequence[str], evidence: tuple[str, ...] = ()) -> Finding:
    """How many townships or departments have signed a letter of responsibility, and which have not.

    Args:
        kind: 乡镇 or 部门.
        names: How many there are.
        without: Those with no letter in the list.
        evidence: Keys of the tables behind it.
    """
    signed = names - len(without)
    text = f"{formats.count(names)}个{kind}中{formats.count(signed)}个有签订责任书的记录"
    if without:
        more = "等" if len(without) > NAMED_AT_MOST else ""
        text += f"，没有记录的是{'、'.join(without[:NAMED_AT_MOST])}{more}，需要核实"
    return Finding(f"{text}。", Strength.DESCRIBED, _LIST, evidence)


def beside_findings(given: str, found: str, relation: Estimate, evidence: tuple[str, ...] = ()) -> Finding:
    """How one thing done for enterprises lies beside what was found, over sectors: never an effect."""
    if relation.value is None:
        return cannot_show(f"{given}与{found}的关系", "四个以上行业的监管企业数、帮扶或培训次数和隐患台账")
    limits = formats.interval(relation.low, relation.high, "number", 2)
    across = "零在区间以内，看不出同向或反向" if not relation.excludes(0) else "零在区间以外"
    text = (
        f"各行业的{given}与{found}的等级相关为{formats.number(relation.value, 2)}"
        f"（95%区间{limits}，{across}）；"
        "只是并列的描述：查得多的行业往往两者都多，不能说明帮扶或培训的作用。"
    )
    basis = f"n={formats.count(relation.n)}个行业；Spearman等级相关，Bonett–Wright区间"
    return Finding(text, Strength.DESCRIBED, basis, evidence)
