"""What the editions print, attacked from outside: names, files, and numbers that were withheld.

The county goes the whole way from its files to the pages of three public editions and one for its leaders;
everything below looks at the bytes that were published.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csgraph

from analysis import book, vocabulary
from analysis.disclosure import decision, earlier, release
from analysis.parameters import Parameters
from analysis.report.formats import SUPPRESSED
from tests.conftest import COUNTY
from tests.disclosure import county, rendered
from tests.disclosure.rendered import EVERYWHERE, PLANTED, Editions

PUBLIC = {name for name, notebook in vocabulary.notebooks().items() if "public" in notebook.editions}


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Editions:
    """The county with the planted secrets, as its runs published it."""
    root = tmp_path_factory.mktemp("county")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSIS_ROOT", str(root))
        for name in ("RAW", "PROCESSED", "REPORTS"):
            patch.delenv(f"ANALYSIS_{name}", raising=False)
        return rendered.render(root)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def holding(folder: Path, secrets: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each file below that holds a secret in its name or in any reading of its bytes."""
    return [
        (file.name, secret)
        for file in files(folder)
        for text in (str(file.relative_to(folder)), *rendered.readings(file.read_bytes()))
        for secret in secrets
        if secret in text
    ]


# --- names


@pytest.mark.parametrize("place", ["public", "public/2022", "public/2023"])
def test_the_public_folder_has_all_its_parts(editions: Editions, place: str) -> None:
    """Pages, saved notebooks, run.json, index: the attack below would pass on an empty folder."""
    names = {file.name for file in files(editions.folders.reports / place)}
    assert {"run.json", "1_sector_imbalance.html", "1_sector_imbalance.ipynb"} <= names
    assert {file.stem for file in (editions.folders.reports / "public" / "2023").glob("*.html")} == PUBLIC
    assert (editions.folders.reports / "public" / "index.html").is_file()


def test_no_byte_of_a_public_edition_holds_what_was_planted(editions: Editions) -> None:
    """Enterprises in no ledger or in it, short names, persons, phones, identity numbers, streets, files."""
    assert not holding(editions.folders.reports / "public", PLANTED)
    assert not holding(editions.earlier, PLANTED)


def test_the_attack_finds_a_secret_in_every_coating(tmp_path: Path) -> None:
    """Plain, as an entity, percent-encoded, escaped in JSON, in base64, in a file's name."""
    coded = {"a": "王建国", "b": "&#29579;&#24314;&#22269;", "c": "%E7%8E%8B%E5%BB%BA%E5%9B%BD"}
    coded |= {"d": r"\u738b\u5efa\u56fd", "e": "data:image/svg+xml;base64,546L5bu65Zu9"}
    for name, text in coded.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "王建国").touch()
    assert {name for name, _ in holding(tmp_path, ("王建国",))} == {*coded, "王建国"}


def test_no_byte_of_the_leaders_edition_holds_persons_descriptions_or_files(editions: Editions) -> None:
    """Nor enterprises that stand in texts only, or in the names of files."""
    folder = editions.folders.reports / "leadership"
    assert len(files(folder)) > 5
    assert not holding(folder, (*EVERYWHERE, "台账.csv", "月报.csv", "总结.txt", "企业-"))


def test_leaders_read_the_names_of_overdue_major_hazards_only(editions: Editions) -> None:
    rows = [*county.hazards(2023), *rendered.planted()]
    overdue = {row["enterprise"] for row in rows if row["level"] == "major" and row["status"] == "open"}
    every, page = {row["enterprise"] for row in rows}, "".join(editions.pages("leadership/2023").values())
    shown = {name for name in every if re.search(rf"{name}(?!\d)", page)}
    assert shown
    assert shown <= overdue


def test_release_records_hold_masks_and_no_name(editions: Editions) -> None:
    """They say who approved and when; enterprises stand there by their masks alone."""
    folder = editions.folders.releases(COUNTY)
    assert len(earlier.read_all(folder)) == 3
    assert not holding(folder, EVERYWHERE)
    assert not holding(folder, tuple({row["enterprise"] for row in county.hazards(2023)}))
    assert holding(folder, ("企业-",))
    assert holding(folder, (rendered.APPROVER,))


def test_a_run_decides_once_and_as_if_it_decided_anew(editions: Editions) -> None:
    """The decision kept beside the data is the one that its inputs give."""
    given = Parameters(2022, edition="public", processed=str(editions.folders.processed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSIS_ROOT", str(editions.folders.root))
        found, records = book.of(given), editions.folders.releases(COUNTY)
        fresh = release.decide(found, earlier.read_all(records))
        decided = [decision.made(found), decision.made(found)]
    assert decided == [fresh, fresh]


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
Place = tuple[str, ...]
Sums = list[tuple[Place, list[Place]]]
Unknowns = dict[Place, int | None]
"""What is printed: the number of a cell, None where it is withheld."""
Grown = list[tuple[Place, Place]]
"""A cell, and the same on a later day, which cannot be less."""


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


class Attack:
    """Every printed count of an edition, and which of them add up, as a reader would write it down."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.printed: Unknowns = {("隐患",): headline(pages, "hazards_found")}
        self.printed["重大隐患",] = headline(pages, "major_hazards_found")
        self.printed["检查",] = headline(pages, "inspections")
        self.sums: Sums = []
        for noun, key in (("隐患", "sectors-all"), ("重大隐患", "sectors-major")):
            self._sectors(noun, table(pages, key))
        self._all_visits()
        for key, head in (("townships-all", "乡镇"), ("months-all", "月份")):
            self._places(head, table(pages, key))
        self._campaigns(table(pages, "campaigns"))
        self._years(table(pages, "rectification-years"))

    def _put(self, cell: Place, text: str) -> Place:
        """Note what a cell prints; a number printed anywhere is known everywhere."""
        known = self.printed.get(cell)
        self.printed[cell] = number(text) if known is None else known
        return cell

    def _sectors(self, noun: str, rows: list[dict[str, str]]) -> None:
        for row in rows:
            sector = row["行业领域"]
            whole = self._put((noun, sector), row[noun])
            own, found = (self._put((noun, sector, h), row[h]) for h in ("企业自查", "部门发现"))
            done = self._put((noun, sector, "已整改"), row["已整改"])
            self.sums += [(whole, [own, found]), (whole, [done, self._rest(noun, sector, "未整改")])]
            self._put(("检查", sector), row["检查"])
        self.sums.append(((noun,), [(noun, row["行业领域"]) for row in rows]))

    def _rest(self, *cell: str) -> Place:
        """What is printed nowhere."""
        self.printed.setdefault((*cell, UNNAMED), None)
        return (*cell, UNNAMED)

    def _all_visits(self) -> None:
        sectors = [cell for cell in self.printed if cell[0] == "检查" and len(cell) == 2]
        self.sums.append((("检查",), sectors))

    def _places(self, head: str, rows: list[dict[str, str]]) -> None:
        """Rows of places that must not be named are left out, as the note below the table says."""
        for sector in dict.fromkeys(row["行业领域"] for row in rows):
            for noun in ("隐患", "检查"):
                inside = [
                    self._put((noun, sector, row[head]), row[noun])
                    for row in rows
                    if row["行业领域"] == sector and noun in row
                ]
                rest = [self._rest(noun, sector, head)] if head == "乡镇" else []
                if inside:
                    self.sums.append(((noun, sector), [*inside, *rest]))

    def _campaigns(self, rows: list[dict[str, str]]) -> None:
        nouns = {"隐患": "隐患", "重大": "重大隐患", "检查": "检查"}
        for head, noun in nouns.items():
            parts = [self._put((noun, "专项", row["专项"]), row[head]) for row in rows]
            self.sums.append(((noun,), [*parts, self._rest(noun, "专项")]))

    def _years(self, rows: list[dict[str, str]]) -> None:
        for row in rows:
            done = self._rest("隐患", row["年份"], "已整改")
            whole = self._put(("年", row["年份"]), row["发现"])
            self.sums.append((whole, [self._put(("未整改", row["年份"]), row["未整改"]), done]))

    def withheld(self) -> list[Place]:
        return [cell for cell, value in self.printed.items() if value is None and UNNAMED not in cell]


def joined(*attacks: tuple[str, Attack]) -> tuple[Unknowns, Sums]:
    """Several editions as one system, the cells of each under its name."""
    printed = {(name, *cell): value for name, one in attacks for cell, value in one.printed.items()}
    sums = [
        ((name, *total), [(name, *part) for part in parts])
        for name, one in attacks
        for total, parts in one.sums
    ]
    return printed, sums


def spans(printed: Unknowns, sums: Sums, grown: Grown | None = None) -> dict[Place, float]:
    """How far apart the least and the greatest value of each withheld cell are, given all that is printed.

    What is printed is put in; what is left falls into small systems that share no unknown.
    """
    unknown = {cell: place for place, cell in enumerate(c for c, v in printed.items() if v is None)}
    low = np.array([0 if UNNAMED in cell else 1 for cell in unknown], dtype=float)
    high = np.full(len(unknown), np.inf)
    rows: list[np.ndarray] = []
    wanted: list[tuple[float, float]] = []
    for terms, least, most in _constraints(printed, sums, grown or []):
        row = np.zeros(len(unknown))
        for cell, sign in terms:
            if printed[cell] is None:
                row[unknown[cell]] += sign
        known = sum(sign * (printed[cell] or 0) for cell, sign in terms)
        if row.any():
            rows.append(row)
            wanted.append((least - known, most - known))
    matrix = np.array(rows).reshape(len(rows), len(unknown))
    parts = csgraph.connected_components(matrix.T @ matrix != 0, directed=False)[1]
    return {
        cell: _span(matrix, wanted, parts == parts[place], place, low, high)
        for cell, place in unknown.items()
        if UNNAMED not in cell
    }


def _constraints(
    printed: Unknowns, sums: Sums, grown: Grown
) -> list[tuple[list[tuple[Place, int]], float, float]]:
    """Terms with their signs, and the least and the greatest value of their sum."""
    equal = [([(total, -1), *((part, 1) for part in parts)], 0.0, 0.0) for total, parts in sums]
    return equal + [([(before, -1), (after, 1)], 0.0, np.inf) for before, after in grown]


def _span(
    matrix: np.ndarray,
    wanted: list[tuple[float, float]],
    inside: np.ndarray,
    place: int,
    low: np.ndarray,
    high: np.ndarray,
) -> float:
    lines = matrix[:, inside].any(axis=1)
    least, most = np.array(wanted).reshape(len(matrix), 2)[lines].T
    own = int(np.flatnonzero(inside).tolist().index(place))
    found = []
    for sign in (1, -1):
        aim = np.zeros(inside.sum())
        aim[own] = sign
        solved = milp(
            aim,
            constraints=LinearConstraint(matrix[lines][:, inside], least, most) if lines.any() else (),
            bounds=Bounds(low[inside], high[inside]),
            integrality=np.ones(inside.sum()),
        )
        found.append(-sign * np.inf if solved.x is None else sign * solved.fun)
    return found[1] - found[0]


def test_an_integer_solver_finds_no_withheld_number(editions: Editions) -> None:
    """All printed sums over five pages: each ＊ may still be any of at least four numbers."""
    attack = Attack(editions.pages("public/2023"))
    printed = attack.printed
    assert len(attack.withheld()) > 20
    assert len([cell for cell, value in printed.items() if value]) > 40
    for total, parts in attack.sums:
        if all(printed[cell] is not None for cell in (total, *parts)):
            assert printed[total] == sum(printed[part] or 0 for part in parts), f"{total} is read wrongly"
    found = spans(printed, attack.sums)
    assert not {cell: span for cell, span in found.items() if span < 3}


def test_joining_two_days_finds_no_withheld_number(editions: Editions) -> None:
    """The edition of October and that of the whole year side by side: later counts are no smaller."""
    then, now = Attack(rendered.read_pages(editions.earlier / "2023")), Attack(editions.pages("public/2023"))
    printed, sums = joined(("10月", then), ("全年", now))
    growing = [c for c in then.printed if c in now.printed and "未整改" not in c and UNNAMED not in c]
    grown = [(("10月", *cell), ("全年", *cell)) for cell in growing]
    assert len(grown) > 50
    found = spans(printed, sums, grown)
    assert not {cell: span for cell, span in found.items() if span < 3}


def test_no_change_of_few_enterprises_is_printed_twice(editions: Editions) -> None:
    """Where both days print a cell, it has not changed, or by what three enterprises could bring."""
    then, now = Attack(rendered.read_pages(editions.earlier / "2023")), Attack(editions.pages("public/2023"))
    both = [c for c, v in then.printed.items() if v is not None and now.printed.get(c) is not None]
    changes = [(now.printed[cell] or 0) - (then.printed[cell] or 0) for cell in both]
    assert [change for change in changes if change]
    assert not [cell for cell, change in zip(both, changes, strict=True) if 0 < abs(change) < 3]


def test_joining_two_years_finds_no_withheld_number(editions: Editions) -> None:
    """The edition of 2022 prints its own totals, that of 2023 prints them again as the year before."""
    first, second = Attack(editions.pages("public/2022")), Attack(editions.pages("public/2023"))
    assert second.printed["年", "2022"] is not None
    first.printed["隐患",] = first.printed["隐患",] or second.printed["年", "2022"]
    found = spans(first.printed, first.sums)
    assert len(first.withheld()) > 10
    assert not {cell: span for cell, span in found.items() if span < 3}


def test_the_solver_finds_a_number_that_only_its_own_cell_withholds() -> None:
    """The attack works: with primary suppression alone, the county's total gives a lone ＊ away."""
    printed: Unknowns = {("隐患",): 12, ("隐患", "a"): 10, ("隐患", "b"): None}
    total: Sums = [(("隐患",), [("隐患", "a"), ("隐患", "b")])]
    assert spans(printed, total) == {("隐患", "b"): 0}


def test_ranked_rows_stand_in_no_telling_order(editions: Editions) -> None:
    """Rows with a withheld number come last, by name."""
    for key in ("sectors-all", "sectors-major", "campaigns", "rectification-sector"):
        rows = table(editions.pages("public/2023"), key)
        hidden = [SUPPRESSED in row.values() for row in rows]
        assert rows
        assert all(not before or after for before, after in pairwise(hidden)), key
