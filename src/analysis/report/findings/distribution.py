"""Sentences on how sectors spread about the county: outliers of a funnel, ranks, unevenness and its change.

A funnel's limits are a rule for where to look first, not a test adjusted for the number of sectors; the
sentences that claim a sector high or low are in ``sectors``.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.report import formats
from analysis.report.findings.base import Finding, Strength, cannot_show, p_of
from analysis.stats.funnel import Funnel
from analysis.stats.inequality import TheilSplit
from analysis.stats.results import Comparison, Estimate, TestResult


def outliers(
    noun: str,
    names: Sequence[str],
    found: Funnel,
    evidence: tuple[str, ...] = (),
    *,
    unit: str = "行业",
    per: str = "每家企业的",
    whole: str = "全县平均",
) -> Finding:
    """Which units lie beyond the 99.8 % limits of a funnel, by the rule that the note states.

    Args:
        noun: What is counted.
        names: The units' names, in the funnel's order.
        found: The funnel.
        evidence: Keys of the figures behind it.
        unit: What the units are.
        per: What the count is set against, before the noun.
        whole: What the units are compared with.
    """
    sides = {side: [n for n, v in zip(names, found.verdict, strict=True) if v == side] for side in _SIDES}
    parts = [f"{_SIDES[side]}：{'、'.join(named)}" for side, named in sides.items() if named]
    said = "；".join(parts) if parts else f"没有{unit}越过99.8%界限"
    text = f"{formats.count(found.n)}个{unit}{per}{noun}与{whole}之比，{said}。"
    basis = f"漏斗图，离散比φ={formats.number(found.phi, 1)}；界限是筛查规则，不是结论"
    return Finding(text, Strength.DESCRIBED, basis, evidence)


_SIDES = {"high": "在99.8%上限以外", "low": "在99.8%下限以外"}


def follows_exposure(noun: str, test: TestResult, evidence: tuple[str, ...] = ()) -> Finding:
    """Whether hazards are spread over sectors as their enterprises are: one test of all sectors together."""
    if test.p_value is None:
        return cannot_show(f"{noun}是否与企业数同比例", "两个以上有监管企业数的行业的隐患记录")
    simulated = "；有行业的期望数小于5，用蒙特卡洛p值" if "expected_below_5" in test.warnings else ""
    basis = f"n={formats.count(test.n)}；χ²={formats.number(test.statistic)}，{p_of(test)}{simulated}"
    if test.significant():
        text = f"各行业的{noun}不与监管企业数同比例；哪些行业不同，见标准化残差。"
        return Finding(text, Strength.SUPPORTED, basis, evidence)
    text = f"各行业的{noun}是否与监管企业数不成比例，尚不能确认；需要更长期间的记录。"
    return Finding(text, Strength.OPEN, basis, evidence)


def unevenness_change(
    noun: str,
    before: Estimate,
    now: Estimate,
    moved: Comparison,
    years: tuple[int, int],
    common: int,
    redefined: Sequence[str] = (),
    evidence: tuple[str, ...] = (),
) -> Finding:
    """How far the Theil index moved from the year before, over the sectors that both years know.

    Args:
        noun: What is counted.
        before: The index of the year before.
        now: The index of the year.
        moved: The difference with its interval and adjusted test.
        years: Both years.
        common: How many sectors are compared.
        redefined: Sectors left out since the standard that defines their major hazards changed.
        evidence: Keys of the tables behind it.
    """
    change = moved.estimate
    if change.value is None or before.value is None or now.value is None:
        need = f"{years[0]}年分行业的监管企业数、检查次数和隐患台账"
        return cannot_show(f"{noun}不均程度与上年的变化", need)
    holds = change.excludes(0.0) and moved.test.significant()
    word = ("高于上年" if change.value > 0 else "低于上年") if holds else "与上年相比尚不能确认有变化"
    text = (
        f"{noun}相对监管企业的泰尔指数{word}：{years[0]}年{formats.number(before.value, 3)}，"
        f"{years[1]}年{formats.number(now.value, 3)}，相差{formats.number(change.value, 3)}"
        f"（95%区间{formats.interval(change.low, change.high, 'number', 3)}）。"
    )
    left_out = f"；{'、'.join(redefined)}的判定标准其间有变化，不计入" if redefined else ""
    basis = f"n={formats.count(change.n)}条；两年共有的{common}个行业{left_out}；自助法，{p_of(moved.test)}"
    return Finding(text, Strength.SUPPORTED if holds else Strength.OPEN, basis, evidence)


def between_groups(
    noun: str, by: str, unit: str, split: TheilSplit | None, evidence: tuple[str, ...] = ()
) -> Finding:
    """What part of the unevenness over units lies between groups, the rest within them: an exact split."""
    if split is None or not split.total:
        return cannot_show(f"{noun}的不均程度有多少在{by}之间", f"分{by}、分行业的监管企业数和隐患台账")
    between, within = (part / split.total for part in (split.between, split.within))
    shares = f"{by}之间占{formats.share(between, 0)}，{by}内部占{formats.share(within, 0)}"
    text = f"{noun}相对监管企业的泰尔指数（按{unit}）{formats.number(split.total, 3)}中，{shares}。"
    return Finding(text, Strength.DESCRIBED, f"{len(split.groups)}个{by}；恒等式拆分", evidence)


def ranks_overlap(
    noun: str, compared: int, apart: int, evidence: tuple[str, ...] = (), *, unit: str = "行业"
) -> Finding:
    """How many units' ranks can be told from the middle: the rest have none."""
    text = (
        f"按收缩后的{noun}率排列{formats.count(compared)}个{unit}，名次区间完全在前一半或后一半的"
        f"{formats.count(apart)}个，其余{unit}不分先后。"
    )
    return Finding(text, Strength.DESCRIBED, "伽马–泊松模型的95%名次区间", evidence)
