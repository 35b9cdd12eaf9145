"""Sentences on sectors: against the county's average, what drives them, where most lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.report import formats
from analysis.report.findings.base import (
    Finding,
    Strength,
    Subject,
    basis_of,
    cannot_show,
    carried,
    span,
    times,
)
from analysis.stats.imbalance import Drivers, QuotientSplit
from analysis.stats.results import Estimate, TestResult


def against_others(subject: Subject, ratio: Estimate, test: TestResult, caution: str = "") -> Finding:
    """Whether one part's measure lies above or below that of all others together, hazards clustered.

    Args:
        subject: The part and the measure.
        ratio: Its ratio to all others.
        test: The test of that ratio, adjusted.
        caution: What the ratio cannot tell apart.
    """
    if ratio.value is None or not carried(ratio, test):
        text = f"{subject.name}的{subject.measure}与其余合计是否有差别尚不能确认；需要更多记录。"
        return Finding(text, Strength.OPEN, basis_of(ratio, test), subject.evidence)
    word = "显著高于" if ratio.value > 1 else "显著低于"
    text = f"{subject.name}的{subject.measure}{word}其余合计，为其{times(ratio)}{caution and '；'}{caution}。"
    return Finding(text, Strength.SUPPORTED, f"{basis_of(ratio, test)}；按企业聚类", subject.evidence)


def repeated(years: Sequence[int], ratio: Estimate, test: TestResult) -> Finding:
    """Whether hazards come back to the same enterprises more often than chance alone would bring them.

    Claimed only above 1. Visits are no random draws: a follow-up finds again what was found.
    """
    basis = f"{basis_of(ratio, test)}；与发现隐患的检查在同行业企业间随机落下的情形比较"
    if (ratio.value or 0) > 1 and carried(ratio, test):
        text = (
            f"{span(years)}在两个以上日期被发现隐患的企业{formats.count(ratio.n)}家，同一企业再次被发现的次数显著多于"
            f"随机情形，为其{times(ratio)}；复查和重点检查也会使同一企业多次被发现。"
        )
        return Finding(text, Strength.SUPPORTED, basis)
    text = f"{span(years)}隐患是否比随机情形更多地反复出现在同一企业，尚不能确认；需要更长期间的台账。"
    return Finding(text, Strength.OPEN, basis)


def driver(name: str, split: QuotientSplit, evidence: tuple[str, ...] = ()) -> Finding:
    """Which of effort, yield and reporting makes up a sector's hazard quotient: an exact description.

    The largest factor is named; it is an arithmetic split, not a cause.
    """
    if split.logs is None or split.hazard.value is None:
        text = f"{name}没有检查记录或没有部门发现的隐患，无法区分是查得多、检出多还是报得多。"
        return Finding(text, Strength.OPEN, "", evidence)
    factors = dict(zip(("检查力度", "检出率", "自查上报"), split.logs, strict=True))
    values = (split.effort, split.yield_.value, split.reporting.value)
    shown = "×".join(
        f"{factor}{formats.number(value, 2)}" for factor, value in zip(factors, values, strict=True)
    )
    high = split.hazard.value >= 1
    largest = max(factors, key=lambda factor: factors[factor] if high else -factors[factor])
    text = (
        f"{name}每家企业的隐患是全县平均的{formats.number(split.hazard.value, 2)}倍（隐患商），"
        f"等于{shown}，其中{largest}一项最大。"
    )
    return Finding(text, Strength.DESCRIBED, f"n={split.hazard.n}条隐患；恒等式拆分", evidence)


def unevenness_parts(noun: str, parts: Drivers | None, evidence: tuple[str, ...] = ()) -> Finding:
    """How much effort, yield and reporting each add to the unevenness: an exact split of the Theil index."""
    if parts is None:
        return cannot_show(f"{noun}的不均程度由什么构成", "各行业的监管企业数、检查次数和隐患台账")
    values = {"检查力度": parts.effort, "检出率": parts.yield_, "自查上报": parts.reporting}
    values |= {"不能拆分的行业": parts.undefined} if parts.undefined else {}
    shown = "、".join(f"{name}{formats.number(value, 3)}" for name, value in values.items())
    text = (
        f"{noun}相对监管企业的泰尔指数{formats.number(parts.total, 3)}，由{shown}相加而成；"
        "负数表示该项使各行业更接近。"
    )
    return Finding(text, Strength.DESCRIBED, "恒等式拆分，不是原因", evidence)


def concentrated(
    noun: str,
    parts: Mapping[str, tuple[int, Estimate, TestResult]],
    total: int,
    evidence: tuple[str, ...] = (),
) -> Finding:
    """Where most of something lies: by count, and 主要集中 only where the shares exceed those of enterprises.

    Args:
        noun: What is counted.
        parts: Name → (count, ratio of its share to its share of enterprises, adjusted test), largest first.
        total: All of it.
        evidence: Keys of the tables behind it.
    """
    if not total:
        return Finding(f"没有记录到{noun}。", Strength.DESCRIBED, "n=0", evidence)
    leading = _leading(parts, total)
    counted = "、".join(f"{name}{formats.count(parts[name][0])}条" for name in leading)
    together = formats.share(sum(parts[name][0] for name in leading) / total)
    over = [n for n in leading if carried(parts[n][1], parts[n][2]) and (parts[n][1].value or 0) > 1]
    basis = f"n={formats.count(total)}条；份额与监管企业份额之比，校正后检验"
    if over == leading:
        text = (
            f"{noun}主要集中在{'、'.join(leading)}（{counted}，合计占{together}），其份额均超过监管企业份额。"
        )
        return Finding(text, Strength.SUPPORTED, basis, evidence)
    text = f"{noun}数量居前的是{counted}，合计占{together}；按数量排列，不代表风险高低。"
    return Finding(text, Strength.DESCRIBED, basis, evidence)


def _leading(
    parts: Mapping[str, tuple[int, Estimate, TestResult]], total: int, share: float = 0.5
) -> list[str]:
    """The fewest largest parts that make up half of the total, three at most."""
    names: list[str] = []
    for name, (count, _, _) in parts.items():
        if sum(parts[n][0] for n in names) >= share * total or len(names) == 3 or not count:
            break
        names.append(name)
    return names
