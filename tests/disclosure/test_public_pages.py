"""What a public edition prints, attacked from outside: names, files, and numbers that were withheld.

The three public notebooks run on the small county; everything below looks at their HTML only.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis import vocabulary
from analysis.report.formats import SUPPRESSED
from tests.chapters.notebook_cells import shown_markup
from tests.conftest import writer
from tests.disclosure import county

PUBLIC = [name for name, notebook in vocabulary.notebooks().items() if "public" in notebook.editions]
STRANGER, SHORT, PERSON = "宏达精密机械有限公司", "宏达机械", "王建国"
PHONE, IDENTITY, STREET = "13800138000", "11010519491231002X", "石桥镇幸福路18号"
PLANTED = (STRANGER, SHORT, PERSON, PHONE, IDENTITY, STREET, "护栏缺失", "第3厂", "台账.xlsx", "月报.xlsx")


def planted() -> list[dict[str, object]]:
    """Hazards with every secret in a cell where no rule expects it."""
    words = f"联系{PERSON}（{PHONE}，{IDENTITY}），{STRANGER}，简称{SHORT}，{STREET}"
    first = county.hazards(2023)[0]
    row = {
        **first,
        "description": words,
        "file": f"2023/{STRANGER}台账.xlsx",
        "sheet": PERSON,
        "level": "major",
    }
    row |= {"status": "open", "rectified_on": None, "department": STRANGER, "criterion": words}
    places = ({"township": STREET}, {"campaign": f"{SHORT}专项"}, {"township": STRANGER, "campaign": PERSON})
    return [{**row, **place, "row": 800 + n, "hazard_id": PHONE} for n, place in enumerate(places)]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Edition → notebook → HTML of the county with the planted rows."""
    folder = tmp_path_factory.mktemp("county")
    patch = pytest.MonkeyPatch()
    patch.setenv("ANALYSIS_REPORTS", str(folder / "reports"))
    put = writer(folder)
    store = county.prepared(put, 2022, 2023, more=planted())
    statement = {"document": f"2023/{STRANGER}.docx", "quote": f"{STRANGER}{PERSON}", "sector": "all"}
    place = {"line": 1, "start": 0, "end": 9, "measure": "level", "unit": "起", "qualifier": "exact"}
    days = {"period_start": county.date(2023, 1, 1), "period_end": county.date(2023, 12, 31)}
    put("facts", 2023, [{**statement, **place, **days, "indicator": "fatal_accidents", "value": 1}])
    found = county.book(store, baseline=(2022,))
    made = {
        "public": {name: "\n".join(shown_markup(name, found, "public")) for name in PUBLIC},
        "leadership": {
            "3_rectification": "\n".join(shown_markup("3_rectification", found, "leadership")),
        },
    }
    patch.undo()
    return made


def test_nothing_of_what_was_planted_stands_in_a_public_page(pages: dict[str, dict[str, str]]) -> None:
    """Enterprises in no ledger, short names, persons, phones, identity numbers, addresses, files."""
    for page in pages["public"].values():
        assert not [words for words in PLANTED if words in page]


def test_leaders_read_the_names_of_overdue_major_hazards_only(pages: dict[str, dict[str, str]]) -> None:
    page = pages["leadership"]["3_rectification"]
    named = {
        row["enterprise"]
        for row in county.hazards(2023)
        if row["level"] == "major" and row["status"] == "open"
    }
    named |= {row["enterprise"] for row in planted()}
    every = {row["enterprise"] for row in county.hazards(2023)}
    shown = {name for name in every if re.search(rf"{name}(?!\d)", page)}
    assert shown
    assert shown <= named
    assert not [words for words in (PERSON, PHONE, IDENTITY, "护栏缺失", "台账.xlsx") if words in page]


# --- the attack on the printed tables


class Printed(HTMLParser):
    """The tables of a page: id → heading texts and rows of cell texts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: dict[str, list[list[str]]] = {}
        self._key, self._cell = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "figure":
            self._key = str(names.get("id", "")).split("-", 1)[-1]
        if tag == "tr":
            self.tables.setdefault(self._key, []).append([])
        if tag in ("td", "th"):
            self._cell = True
            self.tables[self._key][-1].append("")
        if tag == "small":
            self._cell = False  # a unit or an interval, not the number

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[self._key][-1][-1] += data.strip()


UNNAMED = "没有列出"
Sums = list[tuple[tuple[str, ...], list[tuple[str, ...]]]]
Unknowns = dict[tuple[str, ...], int | None]
"""What is printed: the number of a cell, None where it is withheld."""


def table(pages: dict[str, str], key: str) -> list[dict[str, str]]:
    """The rows of the table with a key on whichever page it stands, by heading."""
    for page in pages.values():
        rows = Printed(page).tables.get(key)
        if rows:
            return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    return []


def number(text: str) -> int | None:
    return None if text == SUPPRESSED else int(text.replace(",", ""))


def headline(pages: dict[str, str], key: str) -> int | None:
    found = re.search(rf'id="headline-{key}">.*?<b>(.*?)</b>', "".join(pages.values()), re.DOTALL)
    return number(found[1]) if found else None


def cells_of(pages: dict[str, str]) -> tuple[Unknowns, Sums]:
    """Every printed count, and which of them add up, as a reader of the pages would write it down."""
    printed: Unknowns = {("county", "隐患"): headline(pages, "hazards_found")}
    printed["county", "重大隐患"] = headline(pages, "major_hazards_found")
    printed["county", "检查"] = headline(pages, "inspections")
    sums: Sums = []
    for noun, key in (("隐患", "sectors-all"), ("重大隐患", "sectors-major")):
        rows = table(pages, key)
        for row in rows:
            sector = row["行业领域"]
            parts = {head: (sector, noun, head) for head in ("企业自查", "部门发现", "已整改") if head in row}
            printed[sector, noun] = number(row[noun])
            printed |= {cell: number(row[head]) for head, cell in parts.items()}
            if {"企业自查", "部门发现"} <= parts.keys():
                sums.append(((sector, noun), [parts["企业自查"], parts["部门发现"]]))
        sums.append((("county", noun), [(row["行业领域"], noun) for row in rows]))
    for key, head in (("townships-all", "乡镇"), ("months-all", "月份")):
        rows = table(pages, key)
        for row in rows:
            printed[row["行业领域"], row[head], "隐患"] = number(row["隐患"])
        for sector in {row["行业领域"] for row in rows}:
            inside = [(sector, row[head], "隐患") for row in rows if row["行业领域"] == sector]
            if head == "乡镇":  # rows of places that must not be named are left out, as the note below says
                printed[sector, UNNAMED] = None
                inside.append((sector, UNNAMED))
            sums.append(((sector, "隐患"), inside))
    return printed, sums


def span(printed: Unknowns, sums: Sums, cell: tuple[str, ...]) -> float:
    """How far apart the least and the greatest value of a withheld cell are, given all that is printed."""
    order = list(printed)
    rows = np.zeros((len(sums), len(order)))
    for line, (total, parts) in enumerate(sums):
        rows[line, order.index(total)] = -1
        for part in parts:
            rows[line, order.index(part)] = 1
    low = np.array([(0 if UNNAMED in c else 1) if printed[c] is None else printed[c] for c in order])
    high = np.array([np.inf if printed[c] is None else printed[c] for c in order])
    found = []
    for sign in (1, -1):
        aim = np.zeros(len(order))
        aim[order.index(cell)] = sign
        solved = milp(
            aim,
            constraints=LinearConstraint(rows, 0, 0),
            bounds=Bounds(low, high),
            integrality=np.ones(len(order)),
        )
        found.append(np.inf if solved.x is None else sign * solved.fun)
    return found[1] - found[0]


def test_an_integer_solver_finds_no_withheld_number(pages: dict[str, dict[str, str]]) -> None:
    """All printed sums over three pages: each ＊ may still be any of at least four numbers."""
    printed, sums = cells_of(pages["public"])
    withheld = [cell for cell, value in printed.items() if value is None and UNNAMED not in cell]
    assert len(withheld) > 10
    assert len([cell for cell, value in printed.items() if value]) > 20
    for total, parts in sums:
        if all(printed[cell] is not None for cell in (total, *parts)):
            assert printed[total] == sum(printed[part] or 0 for part in parts), f"{total} is read wrongly"
    assert not {cell: span(printed, sums, cell) for cell in withheld if span(printed, sums, cell) < 3}


def test_the_solver_finds_a_number_that_only_its_own_cell_withholds() -> None:
    """The attack works: with primary suppression alone, the county's total gives a lone ＊ away."""
    printed: Unknowns = {("county", "隐患"): 12, ("a", "隐患"): 10, ("b", "隐患"): None}
    total: Sums = [(("county", "隐患"), [("a", "隐患"), ("b", "隐患")])]
    assert span(printed, total, ("b", "隐患")) == 0


def test_ranked_rows_stand_in_no_telling_order(pages: dict[str, dict[str, str]]) -> None:
    """Rows with a withheld number come last, by name."""
    for key in ("sectors-all", "sectors-major"):
        rows = table(pages["public"], key)
        hidden = [SUPPRESSED in row.values() for row in rows]
        assert all(not before or after for before, after in pairwise(hidden)), key


def test_alt_texts_and_drawings_hold_no_withheld_name(pages: dict[str, dict[str, str]]) -> None:
    """A figure's words are those of its masked table."""
    for page in pages["public"].values():
        alts = re.findall(r'alt="([^"]*)"', page)
        assert not [alt for alt in alts if any(words in alt for words in PLANTED)]
