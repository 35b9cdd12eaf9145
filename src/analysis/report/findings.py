"""Sentences that claim something, written only as strongly as the statistics allow (结论用语守则).

Every word of direction or comparison in a report comes from here. A strong claim (显著, 明显, 主要集中)
needs the adjusted test, the interval and the series' length to carry it; otherwise the sentence says
what cannot be concluded and which data would settle it. Never written, whatever the numbers: an
improving situation from zero deaths, dangerous sectors from counts, a campaign's effect from before and
after, concealment from few self-reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from analysis.report import formats
from analysis.report.edition import Edition, Kind
from analysis.report.markup import fragment
from analysis.stats.imbalance import QuotientSplit
from analysis.stats.precision import Spread
from analysis.stats.results import Comparison, Estimate, TestResult
from analysis.stats.trends import Trend

MINIMUM_YEARS = 5
"""Below five points the smallest p of a Mann–Kendall test is above 0.05: no trend can be claimed."""
MINIMUM_YEARS_BY_SECTOR = 7


class Strength(StrEnum):
    """How far a sentence goes: a claim that a test carries, an open question, or a plain description."""

    SUPPORTED = "supported"
    OPEN = "open"
    DESCRIBED = "described"


_LABELS = {Strength.SUPPORTED: "有检验支持", Strength.OPEN: "尚不能下结论", Strength.DESCRIBED: "描述"}


@dataclass(frozen=True)
class Finding:
    """A sentence with what carries it.

    ``basis`` names n, interval, test and method in words; ``evidence`` are keys of the report's tables or
    figures behind it.
    """

    text: str
    strength: Strength
    basis: str = ""
    evidence: tuple[str, ...] = ()

    def html(self, edition: Edition) -> Markup:
        """The sentence, how far it goes, and what carries it."""
        return fragment(
            "finding",
            text=self.text,
            strength=self.strength.value,
            label=_LABELS[self.strength],
            basis=self.basis,
            places=self.evidence,
        )


@dataclass(frozen=True)
class Subject:
    """What a sentence speaks of: who, which measure, in which format, and its n in words."""

    name: str
    measure: str
    kind: Kind = "number"
    unit: str = ""
    evidence: tuple[str, ...] = ()

    def value(self, number: float | None) -> str:
        """A value of the measure as the sentence writes it."""
        return formats.as_kind(number, self.kind) + self.unit


def against_average(subject: Subject, quotient: Estimate, test: TestResult, need: str) -> Finding:
    """Whether a sector's measure differs from the county's average, as a ratio to it.

    Claimed where the interval leaves out 1 and the test, adjusted for all sectors looked at, is significant.

    Args:
        subject: The sector and the measure.
        quotient: Its ratio to the county's average.
        test: The test of that ratio, adjusted for the number of sectors.
        need: What would settle it where it cannot be claimed.
    """
    if quotient.value is None:
        return _unknown(subject, quotient, need)
    basis = _basis(quotient, test)
    if quotient.excludes(1.0) and test.significant():
        word = "显著高于" if quotient.value > 1 else "显著低于"
        text = f"{subject.name}的{subject.measure}{word}全县平均，为平均的{_times(quotient)}。"
        return Finding(text, Strength.SUPPORTED, basis, subject.evidence)
    unsure = f"与全县平均是否有差别尚不能确认（为平均的{_times(quotient)}）"
    text = f"{subject.name}的{subject.measure}{unsure}；{need}。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def year_on_year(subject: Subject, now: float, before: float, ratio: Comparison, need: str) -> Finding:
    """A rate against last year's at the same cutoff, as a ratio with its interval."""
    estimate = ratio.estimate
    values = f"本年{subject.value(now)}，上年同期{subject.value(before)}"
    if estimate.value is None:
        return _unknown(subject, estimate, need)
    basis = _basis(estimate, ratio.test)
    if estimate.excludes(1.0) and ratio.test.significant():
        word = "高于上年同期" if estimate.value > 1 else "低于上年同期"
        text = f"{subject.name}{subject.measure}{word}：{values}。"
        return Finding(text, Strength.SUPPORTED, basis, subject.evidence)
    text = f"{subject.name}{subject.measure}与上年同期相比尚不能确认有变化：{values}；{need}。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def trend(subject: Subject, found: Trend, years: Sequence[int], *, by_sector: bool = False) -> Finding:
    """The direction over years: claimed from five points on (seven by sector) and a significant test."""
    need = MINIMUM_YEARS_BY_SECTOR if by_sector else MINIMUM_YEARS
    span = f"{years[0]}–{years[-1]}年" if years else ""
    if len(years) < need:
        text = f"{subject.name}{subject.measure}只有{len(years)}个年份的数据，不足{need}个，不判断趋势。"
        return Finding(text, Strength.OPEN, f"n={len(years)}年", subject.evidence)
    slope = found.slope.value
    basis = f"Mann–Kendall检验，n={found.test.n}年，p={_p(found.test)}；Sen斜率每年{subject.value(slope)}"
    if slope and found.test.significant():
        word = "明显上升" if slope > 0 else "明显下降"
        return Finding(
            f"{span}，{subject.name}{subject.measure}{word}。", Strength.SUPPORTED, basis, subject.evidence
        )
    text = f"{span}，{subject.name}{subject.measure}没有可以确认的上升或下降趋势。"
    return Finding(text, Strength.OPEN, basis, subject.evidence)


def driver(name: str, split: QuotientSplit, evidence: tuple[str, ...] = ()) -> Finding:
    """Which of effort, yield and reporting makes up a sector's hazard quotient: an exact description.

    The largest factor is named; it is an arithmetic split, not a cause.
    """
    if split.logs is None or split.hazard.value is None:
        text = f"{name}没有检查记录或没有部门发现的隐患，无法区分是查得多、检出多还是报得多。"
        return Finding(text, Strength.OPEN, "", evidence)
    factors = dict(zip(("检查力度", "检出率", "自查上报"), split.logs, strict=True))
    values = (split.effort, split.yield_.value, split.reporting.value)
    shown = "、".join(
        f"{factor}×{formats.number(value, 2)}" for factor, value in zip(factors, values, strict=True)
    )
    high = split.hazard.value >= 1
    largest = max(factors, key=lambda factor: factors[factor] if high else -factors[factor])
    text = (
        f"{name}的隐患商为{formats.number(split.hazard.value, 2)}（{shown}），按乘积拆分，{largest}一项最大。"
    )
    return Finding(text, Strength.DESCRIBED, f"n={split.hazard.n}条隐患；恒等式拆分", evidence)


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
    over = [
        n
        for n in leading
        if parts[n][1].excludes(1) and (parts[n][1].value or 0) > 1 and parts[n][2].significant()
    ]
    basis = f"n={formats.count(total)}条；份额与监管企业份额之比，校正后检验"
    if over == leading:
        text = (
            f"{noun}主要集中在{'、'.join(leading)}（{counted}，合计占{together}），其份额均超过监管企业份额。"
        )
        return Finding(text, Strength.SUPPORTED, basis, evidence)
    text = f"{noun}数量居前的是{counted}，合计占{together}；按数量排列，不代表风险高低。"
    return Finding(text, Strength.DESCRIBED, basis, evidence)


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


def full_count(text: str, evidence: tuple[str, ...] = ()) -> Finding:
    """A statement of complete counts (101 of 140): it needs no interval and compares nothing."""
    refused = [word for word in CLAIM_WORDS if word in text]
    if refused:
        raise ValueError(f"a full count claims nothing, but says {refused}")
    return Finding(text, Strength.DESCRIBED, "全数统计", evidence)


def no_accident(kind: str, definition: str, period: str) -> Finding:
    """Zero accidents: 未发生 with its definition, and nothing more."""
    return Finding(f"{period}未发生{kind}（{definition}）。", Strength.DESCRIBED, "报表与文件均无记录")


def cannot_show(what: str, need: str) -> Finding:
    """What a report cannot show, and which data would."""
    return Finding(f"现有数据不能说明{what}；需要{need}。", Strength.OPEN)


CLAIM_WORDS = (
    "上升",
    "下降",
    "增加",
    "减少",
    "增长",
    "高于",
    "低于",
    "多于",
    "少于",
    "显著",
    "明显",
    "主要集中",
    "好转",
    "恶化",
    "改善",
    "成效",
)
"""Words of direction or comparison: outside a finding no report writes them of its figures."""
NEVER = ("形势好转", "危险行业", "整治成效", "瞒报")
"""What no sentence says, since no figure here can carry it."""


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


def _unknown(subject: Subject, estimate: Estimate, need: str) -> Finding:
    reason = WARNINGS.get(next(iter(estimate.warnings), ""), "数据不足")
    text = f"{subject.name}的{subject.measure}无法计算（{reason}）；{need}。"
    return Finding(text, Strength.OPEN, f"n={formats.count(estimate.n)}", subject.evidence)


def _times(quotient: Estimate) -> str:
    limits = formats.interval(quotient.low, quotient.high, "number", 2)
    return f"{formats.number(quotient.value, 2)}倍（95%区间{limits}）"


def _basis(estimate: Estimate, test: TestResult) -> str:
    limits = formats.interval(estimate.low, estimate.high, "number", 2)
    ratio = f"比值{formats.number(estimate.value, 2)}，95%区间{limits}"
    return f"n={formats.count(estimate.n)}；{ratio}；p={_p(test)}"


def _p(test: TestResult) -> str:
    value = test.p_value if test.adjusted_p is None else test.adjusted_p
    if value is None:
        return "未检验"
    shown = "<0.001" if value < 0.001 else f"{value:.3f}"
    return shown if test.adjusted_p is None else f"{shown}（已校正多重比较）"


WARNINGS = {
    "no_exposure": "没有检查次数或监管企业数作分母",
    "no_events": "没有记录到事件",
    "no_inspections": "没有检查记录",
    "nothing_found_by_departments": "没有部门发现的隐患",
    "few_points": "点数太少",
}
"""The statistics' warning codes in words."""
