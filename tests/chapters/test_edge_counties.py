"""Every report of a county at the edge gives an answer or a plain statement: no exception, no NaN."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Text

from analysis import vocabulary
from analysis.book import Book
from analysis.report import svg
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book, shown_markup

Put = Callable[..., Store]
Rows = list[dict[str, Any]]
SECTORS = ("gas", "hazchem", "tourism", "education", "health", "fire")
NOT_A_NUMBER = re.compile(r"(?<![a-z])(nan|inf|None|NaT|<NA>)(?![a-z])", re.IGNORECASE)


def hazards(count: int, **change: Any) -> Rows:
    """So many hazards over sectors, months and enterprises; a third self-reported, a quarter major."""
    return [{**hazard(number), **change} for number in range(count)]


def hazard(number: int) -> dict[str, Any]:
    found = date(2023, 1 + number % 12, 1 + number % 28)
    return {
        **PLACE,
        "row": number + 2,
        "hazard_id": f"H{number}",
        "township": "甲乙丙"[number % 3],
        "enterprise": f"厂{number % 40}",
        "sector": SECTORS[number % 6],
        "level": "major" if number % 4 == 0 else "general",
        "source": "self_reported" if number % 3 == 0 else "department",
        "department": f"{'一二三'[number % 3]}局",
        "campaign": "gas_rectification" if number % 5 == 0 else None,
        "description": f"隐患{number}",
        "found_on": found,
        "recorded_on": found + timedelta(days=number % 9),
        "due_on": found + timedelta(days=15),
        "status": "rectified" if number % 7 else "open",
        "rectified_on": found + timedelta(days=number % 30) if number % 7 else None,
    }


def on_the_day(rows: Rows) -> Rows:
    done = {"status": "verified"}
    return [{**row, **done, "rectified_on": row["found_on"], "verified_on": row["found_on"]} for row in rows]


def returns(sectors: tuple[str, ...] = SECTORS, months: int = 12, **change: Any) -> Rows:
    cells = [(month, sector) for month in range(1, months + 1) for sector in sectors]
    counts = {"inspections": 30, "inspections_with_findings": 9, "penalties_issued": 2, "guidance_visits": 3}
    return [
        {**PLACE, "row": row, "month": month, "sector": sector, "department": "一局", **counts, **change}
        for row, (month, sector) in enumerate(cells, 2)
    ]


def listed(count: int | None = 50, sectors: tuple[str, ...] = SECTORS) -> Rows:
    return [
        {
            **PLACE,
            "row": row,
            "year": 2023,
            "sector": sector,
            "township": "甲乙丙"[row % 3],
            "regulated_enterprises": count,
        }
        for row, sector in enumerate(sectors, 2)
    ]


def fines(count: int) -> Rows:
    return [
        {
            **PLACE,
            "row": row,
            "sector": "gas",
            "party": f"厂{row}",
            "document_number": str(row),
            "body": "县城市管理局",
            "case": "c",
            "fine": 1000,
            "decided_on": date(2023, 5, 1),
        }
        for row in range(2, 2 + count)
    ]


USUAL = {"hazards": hazards(90), "enforcement": returns(), "enterprises": listed(), "penalties": fines(3)}
SILENT = dict.fromkeys(("inspections_with_findings", "penalties_issued", "guidance_visits"), 0)
ONE = {"sector": "gas"}
COUNTIES: dict[str, dict[str, Rows]] = {
    "nothing": {},
    "usual": USUAL,
    "hazards only": {"hazards": hazards(90)},
    "returns only": {"enforcement": returns()},
    "lists only": {"enterprises": listed(), "penalties": fines(3)},
    "one hazard": {**USUAL, "hazards": hazards(1)},
    "one sector": {
        **USUAL,
        "hazards": hazards(60, **ONE),
        "enforcement": returns(("gas",)),
        "enterprises": listed(50, ("gas",)),
    },
    "one month": {
        **USUAL,
        "hazards": hazards(60, found_on=date(2023, 1, 5), recorded_on=None),
        "enforcement": returns(months=1),
    },
    "all zeros": {"enforcement": returns(**SILENT), "enterprises": listed()},
    "no inspections": {**USUAL, "enforcement": returns(inspections=0, **SILENT)},
    "one enterprise has all": {**USUAL, "hazards": hazards(90, enterprise="厂")},
    "no exposure": {**USUAL, "enterprises": listed(0)},
    "coverage and hit rate above 100 %": {
        **USUAL,
        "enterprises": listed(2),
        "enforcement": returns(
            enterprises_inspected=30, cumulative_enterprises_inspected=90, inspections_with_findings=60
        ),
    },
    "nothing rectified": {**USUAL, "hazards": hazards(90, status="open", rectified_on=None)},
    "rectified on unknown days": {**USUAL, "hazards": hazards(90, status="rectified", rectified_on=None)},
    "everything on the day": {**USUAL, "hazards": on_the_day(hazards(90))},
    "nothing but what must be": {
        **USUAL,
        "hazards": hazards(90, department=None, township=None, due_on=None, recorded_on=None),
    },
    "self-reports only": {**USUAL, "hazards": hazards(90, source="self_reported")},
}
SUPPRESSED = ("usual", "one hazard", "one enterprise has all")
"""Counties looked at in the public edition too: where cells are withheld, figures draw gaps."""
CASES = [(name, "internal") for name in COUNTIES] + [(name, "public") for name in SUPPRESSED]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words of every figure: glyphs are paths in the page, and cannot be read there."""
    words: list[str] = []

    def read(drawing: Drawing) -> str:
        for axes in drawing.axes:  # asking for the labels writes them, at a tenth of the cost of drawing
            words.extend(label.get_text() for label in (*axes.get_xticklabels(), *axes.get_yticklabels()))
        words.extend(text.get_text() for text in drawing.findobj(Text))
        return "<svg xmlns='http://www.w3.org/2000/svg'/>"

    monkeypatch.setattr(svg, "to_svg", read)
    monkeypatch.setattr(Drawing, "draw_without_rendering", lambda _: None)
    return words


@pytest.mark.parametrize(("county", "edition"), CASES, ids=[" · ".join(case) for case in CASES])
def test_every_report_says_something_and_nothing_that_is_no_number(
    put: Put, tmp_path: Any, drawn: list[str], county: str, edition: str
) -> None:
    book = book_of(put, Store(tmp_path), COUNTIES[county], edition)
    for name, notebook in vocabulary.notebooks().items():
        if edition not in notebook.editions or notebook.scope != "county":
            continue
        drawn.clear()
        pieces = shown_markup(name, book, edition)
        assert all(re.sub(r"<[^>]+>", "", piece).strip() for piece in pieces), f"{name} shows an empty cell"
        words = [*visible(pieces), *drawn]
        assert not [text for text in words if NOT_A_NUMBER.search(text)], name


def visible(pieces: list[str]) -> list[str]:
    """Text and alternative texts, one a run."""
    page = "\n".join(pieces)
    return [*re.split(r"<[^>]+>", page), *re.findall(r'(?:alt|title|aria-label)="([^"]*)"', page)]


def test_the_search_finds_what_is_no_number() -> None:
    assert all(NOT_A_NUMBER.search(text) for text in ("nan", "nan–3.0", "共None条", "inf 倍", "NaT"))
    assert not [text for text in ("information", "Nancy", "最小") if NOT_A_NUMBER.search(text)]


def book_of(put: Put, empty: Store, tables: dict[str, Rows], edition: str) -> Book:
    for table, rows in tables.items():
        put(table, 2023, rows)
    book = replace(a_book(empty), missing_years=(2021, 2022))
    return replace(book, parameters=replace(book.parameters, edition=edition))
