"""The claim guard (结论用语守则): what is never written, what needs its test, and where claims may stand.

Three proofs: no finding says what no figure can carry, whatever the numbers; on data without any effect few
reports claim one; and in the rendered reports words of direction stand in findings and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chapters.notebook_cells import PLACE, a_book
from tests.conftest import ROOT

from analysis import vocabulary
from analysis.book import Book
from analysis.report import findings, page
from analysis.report.findings import CLAIM_WORDS, NEVER, Finding, Strength, Subject
from analysis.report.page import ReportMeta
from analysis.stats import association, imbalance, rates, survival
from analysis.stats.results import Comparison, Estimate, TestResult
from analysis.store import Store

Put = Callable[..., Store]
STRONG = ("显著", "明显", "主要集中")
"""Words of strength: only a sentence that its test supports has them."""
SUBJECT = Subject("甲行业", "整改率", "share")
BY = date(2024, 1, 4)


# --- whatever the numbers

number = st.none() | st.floats(0, 1e6)
probability = st.none() | st.floats(0, 1)
estimates = st.builds(
    Estimate,
    value=number,
    low=number,
    high=number,
    n=st.integers(0, 10_000),
    method=st.just("ratio"),
    warnings=st.sampled_from([(), ("no_events",), ("no_exposure",), ("median_not_reached",)]),
)
tests = st.builds(
    TestResult,
    statistic=number,
    p_value=probability,
    n=st.integers(0, 10_000),
    method=st.just("test"),
    adjusted_p=probability,
)


@given(estimates, estimates, tests, st.floats(0, 5), st.integers(0, 500))
def test_no_sentence_says_what_no_figure_can_carry(
    one: Estimate, other: Estimate, test: TestResult, effort: float, count: int
) -> None:
    for found in said(one, other, test, effort, count):
        assert not [words for words in NEVER if words in found.text]
        assert "nan" not in found.text.lower()
        if any(word in found.text for word in STRONG):
            assert found.strength is Strength.SUPPORTED, found.text
        if found.strength is Strength.SUPPORTED:
            assert test.significant(), "strength comes from the test"


def said(one: Estimate, other: Estimate, test: TestResult, effort: float, count: int) -> Iterator[Finding]:
    """Every kind of sentence that can claim something, of the same numbers."""
    tested = {"甲": (one, test), "乙": (other, test)}
    yield findings.against_others(SUBJECT, one, test)
    yield findings.repeated((2019, 2023), one, test)
    yield findings.follows_exposure("隐患", test)
    yield findings.unevenness_change("隐患", one, other, Comparison(one, test), (2022, 2023), 9)
    yield findings.since_start(SUBJECT, effort, 1.0, Comparison(one, test))
    yield findings.year_on_year(SUBJECT, effort, 1.0, Comparison(one, test), "需要更多检查")
    yield findings.pace(SUBJECT, one, other, test, "需要更多记录")
    yield findings.pace_differs("部门", "整改时长", test)
    yield findings.by_yield(tested, (2023,), 4)
    yield findings.concentrated("隐患", {n: (count, *t) for n, t in tested.items()}, 2 * count)
    yield findings.trend(SUBJECT, Comparison(one, test), range(2019, 2024))
    proposals = (
        findings.shift_inspections("甲", one, test, effort, "甲局", BY),
        findings.speed_up("甲局", "整改", one, other, test, BY),
    )
    yield from (found for found in proposals if found)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_counts_of_our_own_claim_nothing(one: int, other: int, third: int) -> None:
    every = (
        findings.followed_up(one, min(one, other), third, 90),
        findings.clear_overdue("重大隐患", one, one + other, "甲局", BY),
        findings.verify_rectified(one, one + other, "甲局", BY),
        findings.contradictions(one, other),
        findings.figures_read(one + other + third, one, other),
        findings.rows_accounted(one + other, one, other, 0, 0),
        findings.accidents(rates.rate(one), "亡人事故", "定义", "2023年"),
    )
    for found in every:
        assert found.strength is not Strength.SUPPORTED
        assert not [word for word in CLAIM_WORDS if word in found.text]


# --- no effect, no claim


def test_without_any_effect_few_reports_claim_one() -> None:
    """At most 5 % of reports on data of equal rates make any claim; 3 standard errors above that fail."""
    rng = np.random.default_rng(20231205)
    reports = 200
    wrong = sum(any(f.strength is Strength.SUPPORTED for f in a_report(rng)) for _ in range(reports))
    assert wrong / reports <= 0.05 + 3 * (0.05 * 0.95 / reports) ** 0.5


def a_report(rng: np.random.Generator) -> tuple[Finding, ...]:
    """The brief's claims on a county where all sectors, departments and years are alike."""
    inspections = rng.integers(40, 400, 12)
    found = rng.poisson(1.2 * inspections)
    own = rng.poisson(0.2 * inspections)
    splits = imbalance.split_quotients(np.full(12, 100), inspections, found, own)
    residuals = association.against_exposure(found, inspections).residuals
    tested = {str(s): (split.yield_, t) for s, (split, t) in enumerate(zip(splits, residuals, strict=True))}
    now, before = rng.binomial(120, 0.25, 2)
    share = rates.rate_ratio(int(now), 120, int(before), 120)
    return (
        findings.by_yield(tested, (2023,), 4),
        findings.year_on_year(SUBJECT, now / 120, before / 120, share, "需要更多"),
        *paces(rng),
    )


def paces(rng: np.random.Generator) -> Iterator[Finding]:
    """Ten departments with the same days to rectification."""
    days, departments = rng.geometric(0.1, 300), np.repeat(np.arange(10), 30).astype(str)
    done = np.ones(300, dtype=bool)
    for name, test in survival.log_rank_each(days, done, departments).items():
        own = departments == name
        medians = (survival.kaplan_meier(days[part], done[part]).median for part in (own, ~own))
        yield findings.pace(SUBJECT, *medians, test, "需要更多")


# --- the rendered reports

FREE = {
    "finding",  # what the guard wrote
    "change",  # a headline's difference in figures
    "definitions",  # the vocabulary's own words
    "code",
    "quote",  # a document's or ledger's own words
}
"""Classes of elements whose words are not the report's claims."""
VOID = {"img", "br", "hr", "meta", "link"}


class Claims(HTMLParser):
    """Collects words of direction that stand outside the elements that may hold them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        free = bool(FREE & set((given.get("class") or "").split())) or tag == "blockquote"
        if tag not in VOID:
            self.open.append((tag, free))
        for name in ("alt", "aria-label", "title"):
            self._look(given.get(name) or "", free)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self._look(data, free=False)

    def _look(self, text: str, free: bool) -> None:
        if free or any(inside for _, inside in self.open):
            return
        said = [word for word in (*CLAIM_WORDS, *NEVER, "向好", "变差") if word in text]
        self.wrong += [f"{word}: {text.strip()[:80]}" for word in said]


def claims(html: str) -> list[str]:
    parser = Claims()
    parser.feed(html)
    return parser.wrong


def test_the_scan_finds_a_claim_outside_a_finding() -> None:
    """A scan that finds nothing must be able to find something."""
    assert claims("<div><p>隐患明显上升</p></div>") != []
    assert claims('<figure><img alt="整改率下降"></figure>') != []
    assert claims('<div class="finding"><p>甲明显上升</p></div><p>共5条</p>') == []


@pytest.fixture
def county(put: Put) -> Store:
    """Two years with effects in every table, so that the reports have much to say."""
    for year in (2022, 2023):
        put("hazards", year, list(ledger(year)))
        put("enforcement", year, list(returns(year)))
        put("penalties", year, list(penalties(year)))
        put("enterprises", year, [listed(year, row, s) for row, s in enumerate(SECTORS, 2)])
    return put("facts", 2023, [FACT])


OF_A_COUNTY = sorted(name for name, one in vocabulary.notebooks().items() if one.scope == "county")
SECTORS = ("gas", "education", "hazchem", "road_transport", "fire")
FACT = {
    "document": "2023/总结.txt",
    "line": 1,
    "start": 0,
    "end": 9,
    "quote": "同比下降，形势好转",
    "sector": "all",
    "indicator": "fatal_accidents",
    "measure": "level",
    "value": 0,
    "unit": "起",
    "qualifier": "exact",
    "period_start": date(2023, 1, 1),
    "period_end": date(2023, 12, 31),
}


def ledger(year: int) -> Iterator[dict[str, Any]]:
    for number in range(150 + 100 * (year == 2023)):
        found = date(year, 1, 5) + timedelta(days=number)
        late = 40 if number % 5 == 0 else 2
        yield {
            **PLACE,
            "row": number + 2,
            "hazard_id": f"{year}-{number}",
            "township": "甲乙丙"[number % 3],
            "enterprise": f"厂{number % 60}",
            "sector": SECTORS[0] if number % 3 == 0 else SECTORS[number % 5],
            "level": "major" if number % 4 == 0 else "general",
            "source": "self_reported" if number % 7 == 0 else "department",
            "department": f"{'一二三四五'[number % 5]}局",
            "campaign": "major_hazard_2023" if number % 4 == 0 else None,
            "description": f"隐患{number}",
            "found_on": found,
            "recorded_on": found + timedelta(days=late),
            "due_on": found + timedelta(days=20),
            "status": "open" if number % 9 == 0 else "rectified",
            "rectified_on": None if number % 9 == 0 else found + timedelta(days=late),
        }


def returns(year: int) -> Iterator[dict[str, Any]]:
    for row, (month, sector) in enumerate(((m, s) for m in range(1, 13) for s in SECTORS), 2):
        hits = (6 if year == 2022 else 10) + month % 3
        counts = {"inspections": 25, "inspections_with_findings": hits, "penalties_issued": hits // 3}
        yield {**PLACE, "row": row, "month": month, "sector": sector, "department": "一局", **counts}


def penalties(year: int) -> Iterator[dict[str, Any]]:
    for number in range(20):
        day = date(year, 2, 1) + timedelta(days=9 * number)
        yield {
            **PLACE,
            "row": number + 2,
            "sector": "gas",
            "party": f"厂{number}",
            "document_number": f"{year}-{number}",
            "body": "县城市管理局",
            "case": "c",
            "fine": 1000 * (number + 1),
            "decided_on": day,
        }


def listed(year: int, row: int, sector: str) -> dict[str, Any]:
    return {**PLACE, "row": row, "year": year, "sector": sector, "regulated_enterprises": 10 * row}


@pytest.mark.parametrize("edition", ["internal", "public"])
@pytest.mark.parametrize("notebook", OF_A_COUNTY)
def test_words_of_direction_stand_in_findings_only(county: Store, notebook: str, edition: str) -> None:
    if edition not in vocabulary.notebooks()[notebook].editions:
        pytest.skip("not in this edition")
    assert claims(rendered(notebook, a_book(county, baseline=(2022,)), edition)) == []


@pytest.mark.parametrize("notebook", OF_A_COUNTY)
def test_every_claim_names_what_carries_it_and_where_it_stands(county: Store, notebook: str) -> None:
    for found in shown_findings(notebook, a_book(county, baseline=(2022,))):
        if found.strength is Strength.SUPPORTED:
            assert re.search("p[=<]|检验|Holm", found.basis), found.text
            assert found.evidence or found.sources, found.text


def shown_findings(name: str, book: Book) -> list[Finding]:
    """What a notebook finds on a book."""
    shown: list[object] = []
    names: dict[str, Any] = {"book": book, "show": lambda *things: shown.extend(things)}
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        if "parameters" not in cell.metadata.get("tags", []):
            lines = [one for one in cell.source.splitlines() if not one.startswith(("book = ", "show = "))]
            exec("\n".join(lines), names)  # noqa: S102 (a committed notebook)
    return [one for one in shown if isinstance(one, Finding)]


def rendered(name: str, book: Book, edition: str) -> str:
    """The whole page of a notebook on a book: its prose, its outputs, its frame."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    names: dict[str, Any] = {"book": replace(book, parameters=replace(book.parameters, edition=edition))}
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        source = "\n".join(line for line in cell.source.splitlines() if not line.startswith("book = "))
        if source.startswith("show("):
            bundle = eval(source, names)._repr_mimebundle_()  # noqa: S307 (a committed notebook)
            cell.outputs = [nbformat.v4.new_output("display_data", data=bundle)]
        elif "parameters" not in cell.metadata.get("tags", []):
            exec(source, names)  # noqa: S102 (a committed notebook)
    known = vocabulary.notebooks()[name]
    meta = ReportMeta(
        name, known.title_zh, known.question_zh, "示例县", True, "2023年", book.scope.as_of, edition
    )
    return page.render(notebook, meta)
