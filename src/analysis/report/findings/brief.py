"""Sentences of the page for leaders: accidents, penalties that followed, effort, and what to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength, cannot_show, p_of, span, times
from analysis.report.findings.base import carried as is_carried
from analysis.report.findings.rectification import days, slower
from analysis.stats.results import Estimate, TestResult

Tested = tuple[Estimate, TestResult]
"""A ratio to all others, and its test adjusted for all sectors looked at."""


def accidents(found: Estimate | None, name: str, definition: str, period: str) -> Finding:
    """Accidents as the summary states them: 未发生 with its definition where there were none.

    Args:
        found: The count with its interval, None where no document says.
        name: What kind of accident.
        definition: What counts as one.
        period: The period in words.
    """
    if found is None:
        return cannot_show(f"{period}{name}起数", "年度总结文件或事故台账中载明的数字")
    basis = "依据总结文件"
    if found.value:
        text = f"{period}发生{name}{formats.count(found.value)}起（指{definition}）。"
        return Finding(text, Strength.DESCRIBED, basis)
    limit = f"零起时年发生数的95%上限为{formats.number(found.high)}起（精确法）"
    return Finding(f"{period}未发生{name}（指{definition}）。", Strength.DESCRIBED, f"{basis}；{limit}")


def followed_up(
    inspections: int, penalised: int, running: int, days: int, evidence: tuple[str, ...] = ()
) -> Finding:
    """Inspections with major findings, and how many of them a penalty followed within the window.

    Args:
        inspections: Those whose window is over.
        penalised: Those of them with a penalty, a case counted once.
        running: Those whose window still runs; not in either count.
        days: Length of the window.
        evidence: Keys of the tables behind it.
    """
    basis = "同一企业按检查日期对应处罚决定；一案双罚计一次"
    if not inspections + running:
        return Finding("没有检查中发现重大隐患的记录。", Strength.DESCRIBED, basis, evidence)
    found = f"检查中发现重大隐患的{formats.count(inspections + running)}次。"
    if not inspections:
        return Finding(f"{found}均未满{days}日，不计算处罚占比。", Strength.DESCRIBED, basis, evidence)
    still = f"；未满{days}日的不计入" if running else ""
    followed = (
        f"{formats.share(penalised / inspections)}（{formats.count(penalised)}/{formats.count(inspections)}）"
    )
    text = f"{found}已满{days}日的，{days}日内有行政处罚的占{followed}{still}。"
    return Finding(text, Strength.DESCRIBED, basis, evidence)


def by_effort(
    multiples: Mapping[str, float], left_out: Sequence[str] = (), evidence: tuple[str, ...] = ()
) -> Finding:
    """The sectors inspected most for their number of enterprises: a description, and no merit as such.

    Args:
        multiples: Name → inspections per enterprise over the county's, highest first.
        left_out: Sectors whose number of enterprises is too small to be true.
        evidence: Keys of the tables behind it.
    """
    basis = "每家企业检查次数；全数统计，检查对象并非随机抽取"
    doubted = f"；{'、'.join(left_out)}的已知企业超过监管企业数，底数不可信，不列入" if left_out else ""
    if not multiples:
        return Finding(f"没有受检次数多出全县平均的行业{doubted}。", Strength.DESCRIBED, basis, evidence)
    shown = "、".join(f"{name}{formats.number(value, 1)}倍" for name, value in multiples.items())
    text = f"按每家企业受检次数与全县平均之比，居前的是{shown}；检查次数本身不代表成绩{doubted}。"
    return Finding(text, Strength.DESCRIBED, basis, evidence)


def by_yield(
    sectors: Mapping[str, Tested], years: Sequence[int], at_most: int, evidence: tuple[str, ...] = ()
) -> Finding:
    """The sectors where an inspection finds more than in the others, as far as interval and test carry it.

    Args:
        sectors: Name → (ratio to all others, its test adjusted for all sectors looked at).
        years: The years that the ratios cover.
        at_most: How many are named.
        evidence: Keys of the tables behind it.
    """
    basis = f"{formats.count(len(sectors))}个行业，按企业聚类，Holm法校正；检出率不等于隐患普遍程度"
    carried = {name: ratio for name, (ratio, test) in sectors.items() if is_high(ratio, test)}
    if not carried:
        text = f"{span(years)}每次检查发现的隐患与其余行业相比，没有可以确认偏高的行业。"
        return Finding(text, Strength.OPEN, basis, evidence)
    ranked = sorted(carried, key=lambda name: -(carried[name].value or 0))[:at_most]
    shown = "、".join(f"{name}{times(carried[name])}" for name in ranked)
    text = f"{span(years)}每次检查发现的隐患显著高于其余行业合计的：{shown}。"
    return Finding(text, Strength.SUPPORTED, basis, evidence)


def is_high(ratio: Estimate, test: TestResult) -> bool:
    """Whether a ratio to the average is carried: interval above 1, adjusted test significant."""
    return (ratio.value or 0) > 1 and test.adjusted_p is not None and is_carried(ratio, test)


def clear_overdue(noun: str, count: int, total: int, owner: str, by: date) -> Finding:
    """A decision on the largest backlog of one department that is past its deadline."""
    why = f"全县超期未整改{noun}{formats.count(total)}条，其中{owner}{formats.count(count)}条"
    what = f"对{owner}超期的{formats.count(count)}条{noun}逐条确定整改措施，需要的提请挂牌督办"
    return _proposal(what, why, owner, by, "责任部门中超期未整改条数最多")


def shift_inspections(
    sector: str, ratio: Estimate, test: TestResult, effort: float, owner: str, by: date
) -> Finding | None:
    """A decision on a sector that is inspected less while its yield is carried as high; else None."""
    if effort >= 1 or not is_high(ratio, test):
        return None
    why = (
        f"{sector}历年每次检查发现的隐患显著高于其余行业合计，为其{times(ratio)}，"
        f"每家企业受检次数为平均的{formats.number(effort, 2)}倍"
    )
    what = f"检查总量不变，把部分检查安排到{sector}"
    return _proposal(
        what, why, owner, by, f"检出率经校正检验（{p_of(test)}）、受检次数不到平均", Strength.SUPPORTED
    )


def speed_up(
    owner: str, step: str, own: Estimate, others: Estimate, test: TestResult, by: date
) -> Finding | None:
    """A decision on a department that takes longer than the others, as far as it is carried; else None."""
    if not (slower(own, others) and test.significant()):
        return None
    why = f"{owner}{step}明显慢于其余，中位{days(own)}，其余{days(others)}"
    what = f"由{owner}说明{step}耗时的原因，提出办理时限并按月报告"
    return _proposal(what, why, owner, by, f"中位数区间与log-rank检验，{p_of(test)}", Strength.SUPPORTED)


def verify_rectified(count: int, total: int, owner: str, by: date) -> Finding:
    """A decision on what has been rectified but not verified."""
    why = f"已整改而未验收销号的隐患{formats.count(total)}条，其中{owner}{formats.count(count)}条"
    return _proposal(f"由{owner}组织复查并销号", why, owner, by, "责任部门中待销号条数最多")


def settle_denominators(sectors: Sequence[str], owner: str, by: date) -> Finding:
    """A decision on sectors whose number of enterprises is not known or cannot be right."""
    named = "、".join(sectors)
    why = f"{named}没有监管企业数，或已知企业多出该数，不能计算每家企业的比率"
    return _proposal(f"核定{named}的监管企业底数", why, owner, by, "全数核对")


def no_proposal() -> Finding:
    """That the numbers carry no decision."""
    return Finding("现有数字不足以支持提出决策建议。", Strength.OPEN)


def _proposal(
    what: str, why: str, owner: str, by: date, basis: str, strength: Strength = Strength.DESCRIBED
) -> Finding:
    """A proposal with owner and date, worded for decision and not as decided."""
    text = f"建议研究：{what}。理由：{why}。责任单位：{owner}；时限：{formats.day(by)}前。"
    return Finding(text, strength, f"选取规则：{basis}")
