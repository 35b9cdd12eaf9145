"""Report 6, part: what the numbers put before the leaders to decide (决策建议), by a fixed rule.

The candidates, in this order, first three that the numbers carry: the largest overdue backlog of major
hazards (of all hazards where none of them is overdue); the sector with the highest yield that its test
carries and that is inspected less than others; the slowest department that its test carries; the largest
backlog of unverified hazards; sectors whose number of enterprises cannot be used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pandas as pd

from analysis import vocabulary
from analysis.chapters import measures
from analysis.chapters.brief import FAMILIES, Brief, yield_tests
from analysis.chapters.denominators import Denominators
from analysis.chapters.recording import MEASURE, UNNAMED, Recording
from analysis.chapters.rectification import Rectification
from analysis.period import Period
from analysis.report import findings
from analysis.report.display import Text
from analysis.report.findings import Finding
from analysis.report.released import FIXED
from analysis.stats.multiplicity import among
from analysis.stats.results import Estimate, TestResult

OFFERED_AT_MOST = 3
DAYS_TO_ACT = 30
"""Single cases have this many days from the cutoff; what changes a plan has until the quarter's end."""
RULE = (
    "选取规则：依次考察超期最多的部门、检出率经检验而受检少的行业、经检验慢于其余的部门、待销号最多的部门、"
    f"底数不可用的行业，取数字支持的前{OFFERED_AT_MOST}项。时限：逐条办理的为截止日后{DAYS_TO_ACT}日，"
    "调整计划的为季度末。均为供研究的建议。"
)
RECTIFYING = "整改"


def proposals(view: Brief) -> tuple[Finding, ...]:
    """The first proposals that the numbers carry, or that they carry none."""
    found: list[Finding] = []
    for candidate in CANDIDATES:
        found += list(candidate(view))
    return tuple(found[:OFFERED_AT_MOST]) or (findings.no_proposal(),)


def rule() -> Text:
    """How the proposals and their dates were chosen."""
    return Text(RULE, FIXED)


def by_case(view: Brief) -> date:
    """The day by which single cases are to be dealt with."""
    return view.book.scope.as_of + timedelta(days=DAYS_TO_ACT)


def by_plan(view: Brief) -> date:
    """The end of the quarter in which the cutoff lies; of the next one where the cutoff is its last day."""
    day = view.book.scope.as_of + timedelta(days=1)
    return Period(day.year, f"Q{(day.month - 1) // 3 + 1}").end


def _overdue(view: Brief) -> Iterator[Finding]:
    for indicator, noun in (("major_hazards_overdue", "重大隐患"), ("hazards_overdue", "隐患")):
        rows = view.events[view.events[indicator].astype(bool)]
        if owner := _largest(rows):
            found = findings.clear_overdue(noun, owner[1], len(rows), owner[0], by_case(view))
            yield found.resting_on(measures.rows_of(rows))
            return


def _shift(view: Brief) -> Iterator[Finding]:
    if not view.sectors.comparable:
        return
    tests = yield_tests(view)
    ranked = sorted(tests, key=lambda code: (-(tests[code][0].value or 0.0), code))
    for code in ranked:
        effort = view.sectors.splits[code].effort
        sector = vocabulary.sectors()[code]
        if effort is None:
            continue
        found = findings.shift_inspections(
            sector.name_zh, *tests[code], effort, sector.department, by_plan(view)
        )
        if found:
            yield found.resting_on(measures.rows_of(view.events[view.events["sector"] == code]))
            return


def _slow(view: Brief) -> Iterator[Finding]:
    """The slowest department to rectify; the slowest to record where none is slow to rectify."""
    for name, step, own, others, test in _steps(view):
        found = None if name == UNNAMED else findings.speed_up(name, step, own, others, test, by_case(view))
        if found:
            yield found.resting_on(measures.rows_of(view.events[view.events["department"] == name]))
            return


def _steps(view: Brief) -> Iterator[tuple[str, str, Estimate, Estimate, TestResult]]:
    if view.events.empty:
        return
    paces = Rectification(view.book).paces("department")
    for name in sorted(paces, key=lambda name: (-(paces[name].own.value or 0.0), name)):
        yield name, RECTIFYING, paces[name].own, paces[name].others, _shared(paces[name].test)
    for pace in Recording(view.book).paces:
        yield pace.department, MEASURE, pace.own, pace.others, _shared(pace.test)


def _shared(test: TestResult) -> TestResult:
    return among([test], FAMILIES)[0]


def _unverified(view: Brief) -> Iterator[Finding]:
    done, closed = (view.events[f"hazards_{state}"].astype(bool) for state in ("rectified", "verified"))
    rows = view.events[done & ~closed]
    if owner := _largest(rows):
        found = findings.verify_rectified(owner[1], len(rows), owner[0], by_case(view))
        yield found.resting_on(measures.rows_of(rows))


def _enterprises(view: Brief) -> Iterator[Finding]:
    found = Denominators(view.book)
    codes = [*found.without, *found.beyond]
    if codes:
        sectors = vocabulary.sectors()
        owners = "、".join(dict.fromkeys(sectors[code].department for code in codes))
        names = [sectors[code].name_zh for code in codes]
        listed = measures.evidence(view.book, "regulated_enterprises", view.book.year)
        yield findings.settle_denominators(names, owners, by_plan(view)).resting_on(listed)


CANDIDATES: tuple[Callable[[Brief], Iterator[Finding]], ...] = (
    _overdue,
    _shift,
    _slow,
    _unverified,
    _enterprises,
)


def _largest(rows: pd.DataFrame) -> tuple[str, int] | None:
    """The department with most of the rows, and how many; the first by name of equal ones."""
    counts = Counter(rows["department"].dropna())
    return min(counts.items(), key=lambda item: (-item[1], item[0])) if counts else None
