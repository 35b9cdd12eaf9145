"""What a finding is, the words that only findings may use, and the numbers behind a sentence in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from markupsafe import Markup

from analysis.disclosure.catalogue import Cell
from analysis.report import formats
from analysis.report.display import Evidence
from analysis.report.edition import Edition, Kind
from analysis.report.markup import fragment
from analysis.report.released import FIXED
from analysis.stats.results import Estimate, TestResult


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
    figures behind it; ``sources`` are the rows and sentences that it rests on where no table shows them;
    ``rests_on`` the cells of a release that the sentence gives away (None keeps it from the public).
    """

    text: str
    strength: Strength
    basis: str = ""
    evidence: tuple[str, ...] = ()
    sources: tuple[Evidence, ...] = ()
    rests_on: tuple[Cell, ...] | None = None

    def telling(self, *cells: Cell) -> Finding:
        """The same sentence, which gives away these cells and nothing else; none where it holds no figure."""
        return replace(self, rests_on=cells)

    def resting_on(self, *sources: Evidence) -> Finding:
        """The same sentence with the rows and sentences behind it."""
        return replace(self, sources=sources)

    def html(self, edition: Edition) -> Markup:
        """The sentence, how far it goes, and what carries it."""
        return fragment(
            "finding",
            text=self.text,
            strength=self.strength.value,
            label=_LABELS[self.strength],
            basis=self.basis,
            places=self.evidence,
            sources=[source.html(edition) for source in self.sources],
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


WARNINGS = {
    "no_exposure": "没有检查次数或监管企业数作分母",
    "no_events": "没有记录到事件",
    "no_inspections": "没有检查记录",
    "nothing_found_by_departments": "没有部门发现的隐患",
    "few_points": "点数太少",
}
"""The statistics' warning codes in words."""


def full_count(text: str, evidence: tuple[str, ...] = ()) -> Finding:
    """A statement of complete counts (101 of 140): it needs no interval and compares nothing.

    Raises:
        ValueError: The text has a word that claims a direction.
    """
    refused = [word for word in CLAIM_WORDS if word in text]
    if refused:
        raise ValueError(f"a full count claims nothing, but says {refused}")
    return Finding(text, Strength.DESCRIBED, "全数统计", evidence)


def cannot_show(what: str, need: str) -> Finding:
    """What a report cannot show, and which data would."""
    return Finding(f"现有数据不能说明{what}；需要{need}。", Strength.OPEN, rests_on=FIXED)


def unknown(subject: Subject, estimate: Estimate, need: str) -> Finding:
    """A measure that cannot be computed: why, and what would settle it."""
    reason = WARNINGS.get(next(iter(estimate.warnings), ""), "数据不足")
    text = f"{subject.name}的{subject.measure}无法计算（{reason}）；{need}。"
    return Finding(text, Strength.OPEN, f"n={formats.count(estimate.n)}", subject.evidence)


def times(quotient: Estimate) -> str:
    """A ratio as so many times, with its interval."""
    limits = formats.interval(quotient.low, quotient.high, "number", 2)
    return f"{formats.number(quotient.value, 2)}倍（95%区间{limits}）"


def span(years: Sequence[int]) -> str:
    """The first and last of some years in words."""
    return f"{years[0]}–{years[-1]}年" if len(years) > 1 else f"{years[0]}年"


def carried(ratio: Estimate, test: TestResult) -> bool:
    """Whether a ratio may be called different from 1.

    Its interval leaves out 1, its (adjusted) test is significant, and neither rests on too few events,
    enterprises or points (a warning code that begins with ``few_``).
    """
    few = any(code.startswith("few_") for code in (*ratio.warnings, *test.warnings))
    return not few and ratio.excludes(1.0) and test.significant()


def basis_of(estimate: Estimate, test: TestResult) -> str:
    """n, ratio, interval and p in words."""
    limits = formats.interval(estimate.low, estimate.high, "number", 2)
    ratio = f"比值{formats.number(estimate.value, 2)}，95%区间{limits}"
    return f"n={formats.count(estimate.n)}；{ratio}；{p_of(test)}"


def p_of(test: TestResult) -> str:
    """The p of a test in words, saying whether it was adjusted."""
    value = test.p_value if test.adjusted_p is None else test.adjusted_p
    if value is None:
        return "未检验"
    shown = "p<0.001" if value < 0.001 else f"p={value:.3f}"
    return shown if test.adjusted_p is None else f"{shown}（已校正多重比较）"
