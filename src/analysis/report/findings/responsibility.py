"""Sentences on duties: how often they were kept, who has not signed, and how help lies beside findings.

All describe what a list of activities holds: a duty without an entry may have been kept and not recorded.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength
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


def guidance(
    visits: int, per_enterprise: Estimate, per_finding: Estimate, evidence: tuple[str, ...] = ()
) -> Finding:
    """How many guidance visits there were, beside the enterprises and the findings: never an effect.

    Visits and findings are not correlated over sectors: per enterprise, both have the same denominator.
    """
    rates = (("家监管企业", per_enterprise), ("条发现的隐患", per_finding))
    beside = "，".join(_per_hundred(what, one) for what, one in rates if one.value is not None)
    text = f"本年指导帮扶{formats.count(visits)}次" + (f"，{beside}" if beside else "")
    limit = "；只是并列的描述：帮扶往往去了查得多的地方，不能说明帮扶的作用。"
    return Finding(text + limit, Strength.DESCRIBED, "执法月报和隐患台账；泊松区间", evidence)


def _per_hundred(what: str, rate: Estimate) -> str:
    limits = formats.interval(rate.low, rate.high, "number", 1)
    return f"每百{what}{formats.number(rate.value, 1)}次（95%区间{limits}）"
