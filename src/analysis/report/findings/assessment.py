"""Sentences on the yearly assessment: who can be told apart, who met a veto, and what could not be scored.

Points are the sheet's arithmetic; only groups whose rank intervals do not overlap are set one before another.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength
from analysis.stats.rank_intervals import RankIntervals

NAMED_AT_MOST = 12


def ranked_groups(
    subject: str,
    groups: Sequence[Sequence[str]],
    behind: Sequence[tuple[str, int]],
    intervals: RankIntervals,
    concentration: float,
    evidence: tuple[str, ...] = (),
) -> Finding:
    """Into how many groups the scores can be parted once chance and small changes of the weights are allowed.

    Args:
        subject: 乡镇 or 部门.
        groups: The units of each group, the group with the most points first.
        behind: The units that surely stand behind others, and behind how many.
        intervals: The rank intervals under both kinds of doubt.
        concentration: How closely the drawn weights keep to the sheet's.
        evidence: Keys of the tables behind it.
    """
    number = sum(len(group) for group in groups)
    doubt = "按数字的偶然变动和权重的小幅变动"
    basis = (
        f"n={number}个{subject}；同时{formats.share(intervals.level, 0)}名次区间，"
        f"参数自助法{intervals.draws:,}次，权重按狄利克雷分布变动（集中度{concentration:g}）；{_error(intervals)}"
    )
    if len(groups) == 1 and behind:
        sure = "、".join(f"{name}（在{count}个之后）" for name, count in behind[:NAMED_AT_MOST])
        text = f"{number}个{subject}的考核得分{doubt}，名次区间前后相接，分不成组；能确定的只有：{sure}。"
        return Finding(text, Strength.SUPPORTED, basis, evidence)
    if len(groups) == 1:
        need = "需要更多的案件数或更长的期间"
        text = f"{number}个{subject}的考核得分{doubt}，名次区间彼此重叠，不能排出先后；{need}。"
        return Finding(text, Strength.OPEN, basis, evidence)
    parts = "；".join(f"第{place}组{_named(group)}" for place, group in enumerate(groups, 1))
    text = f"{number}个{subject}的考核得分{doubt}可以分为{len(groups)}组：{parts}。同组不分先后。"
    return Finding(text, Strength.SUPPORTED, basis, evidence)


def too_few_to_rank(subject: str, units: int, known: int, evidence: tuple[str, ...] = ()) -> Finding:
    """That fewer than two units have a total."""
    text = f"{units}个{subject}中{known}个有考核总分，不排名次。"
    return Finding(text, Strength.DESCRIBED, "计分不足一半的没有总分", evidence)


def limit_held(condition: str, effect: str, names: Sequence[str], evidence: tuple[str, ...] = ()) -> Finding:
    """For whom a veto or a cap holds."""
    text = f"{condition}，{effect}：{_named(names)}。"
    return Finding(text, Strength.DESCRIBED, "按考核细则对记录全数核对", evidence)


def not_scored(item: str, names: Sequence[str], units: int, evidence: tuple[str, ...] = ()) -> Finding:
    """Which units have no figure for an item: it is left out, not counted as 0."""
    whom = "全部对象" if len(names) == units else _named(names)
    text = f"“{item}”没有数据可计分：{whom}；该项不计零分，总分按其余各项的得分率折算。"
    return Finding(text, Strength.OPEN, f"{units}个对象中{len(names)}个", evidence)


def _named(names: Sequence[str]) -> str:
    more = f"等{len(names)}个" if len(names) > NAMED_AT_MOST else ""
    return "、".join(names[:NAMED_AT_MOST]) + more


def _error(intervals: RankIntervals) -> str:
    """What the number of draws leaves open."""
    if not intervals.unsettled:
        return "在蒙特卡洛误差以内各名次区间不变"
    return f"蒙特卡洛误差可使{intervals.unsettled}个对象的名次区间改变"
