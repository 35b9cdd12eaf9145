"""The decision: primary cells by the rule, protection for each, the same in every edition that follows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analysis.book import Book
from analysis.disclosure import cells, earlier, release
from analysis.disclosure import masks as masking
from analysis.disclosure.catalogue import Cell
from analysis.disclosure.earlier import Earlier
from analysis.disclosure.masks import Masks
from analysis.disclosure.release import Release
from analysis.messages import AnalysisError
from analysis.stats import suppression
from analysis.store import Store
from tests.conftest import Put, writer
from tests.disclosure import county
from tests.disclosure.county import book, prepared

Plain = tuple[Book, Release]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Plain:
    """The county of the rule, with its first release."""
    found = book(prepared(writer(tmp_path_factory.mktemp("plain")), 2023))
    return found, release.decide(found)


def kept(found: Book, made: Release, key: bytes = b"k" * 32) -> Earlier:
    """A release as its record tells it; a sample county's own key unless another is given."""
    masks = Masks(key) if key != b"k" * 32 else known_masks(found)
    held = earlier.masked(found, made.published, masks)
    return Earlier(made.cutoffs, made.published, made.hidden, held, masks.mark)


def known_masks(found: Book) -> Masks:
    masks = masking.known(found)
    assert masks is not None
    return masks


def narrowest(found: Book, made: Release) -> float:
    """The least span of any hidden cell, attacked with all equations of the county."""
    known = cells.of(found)
    order = sorted(known.known)
    hidden = np.array([cell not in made.published for cell in order])
    system = release._system(known, order, earlier.Known())
    spans = suppression.spans(system, hidden)
    return min(high - low for place, (low, high) in spans.items() if order[place] in made.hidden)


def test_cells_of_few_enterprises_are_hidden_and_all_that_gives_them_away(
    plain: Plain,
) -> None:
    """Two tourism enterprises: their cells are hidden, others with them, and none spans less than three."""
    found, made = plain
    assert made.hidden[Cell(2023, "sector", "tourism", "hazards_found")] == release.FEW
    assert release.COMPLEMENT in made.hidden.values()
    assert narrowest(found, made) >= 3


def test_every_cell_is_either_published_or_hidden_for_a_reason(plain: Plain) -> None:
    """Nothing listed falls between; what is published has three enterprises or counts nothing."""
    found, made = plain
    known = cells.of(found).known
    assert not made.published.keys() & made.hidden.keys()
    for cell in made.published:
        assert known[cell].value == 0 or known[cell].enterprises >= 3
    assert set(made.hidden.values()) <= {"few", "dominant", "complement"}


def test_one_enterprise_with_most_of_a_cell_hides_it(put: Put) -> None:
    """In education four enterprises have a hazard each and a fifth has thirty: 30/34 is over 80 %."""
    rule = county.hazards(2023)
    row = {**rule[0], "sector": "education", "enterprise": "大厂"}
    store = prepared(put, 2023, more=[{**row, "row": 900 + n, "hazard_id": str(900 + n)} for n in range(40)])
    made = release.decide(book(store))
    assert made.hidden[Cell(2023, "sector", "education", "hazards_found")] == release.DOMINANT


def test_unknown_cells_are_not_public(put: Put) -> None:
    """No department, no single quarter, no cell of another year's sectors."""
    made = release.decide(book(prepared(put, 2022, 2023), baseline=(2022,)))
    for cell in (
        Cell(2023, "department", "应急管理局", "hazards_found"),
        Cell(2022, "sector", "gas", "hazards_found"),
        Cell(2021, "county", "", "hazards_found"),
        Cell(2023, "county", "", "anything"),
    ):
        assert not made.shows(cell)
    assert made.shows(Cell(2022, "county", "", "hazards_found"))


def test_approving_again_changes_nothing(plain: Plain) -> None:
    """The record of a release makes the next decision of the same day the same."""
    found, first = plain
    again = release.decide(found, [kept(found, first)])
    assert again.published == first.published
    assert again.hidden.keys() == first.hidden.keys()


LATE = {**county.hazards(2023)[0], "row": 990, "hazard_id": "990", "enterprise": "后来厂"}
GAS = Cell(2023, "sector", "gas", "hazards_found")


def two_days(put: Put, number: int) -> tuple[Store, Earlier]:
    """A county where ``number`` hazards of one gas enterprise were recorded after the first release's day."""
    more = [
        {**LATE, "row": 990 + n, "hazard_id": str(990 + n), "recorded_on": date(2023, 12, 20)}
        for n in range(number)
    ]
    store = prepared(put, 2023, more=more)
    first = book(store, as_of=date(2023, 12, 10))
    return store, kept(first, release.decide(first))


def test_two_days_do_not_give_away_what_one_enterprise_brought_between_them(put: Put) -> None:
    """Difference of two as-of dates: five hazards more, all of one enterprise. The later edition hides the
    cell, which it would show without the record."""
    store, first = two_days(put, 5)
    later = book(store)
    known = cells.of(later).known
    assert GAS in first.published
    assert known[GAS].enterprises > 3
    assert release.decide(later, [first]).hidden[GAS] == release.CHANGE


def test_joining_two_days_leaves_every_hidden_number_a_span(put: Put) -> None:
    """The attacker holds both editions and knows that later counts are no smaller than earlier ones."""
    store, first = two_days(put, 1)
    later = book(store)
    known = cells.of(later)
    before = earlier.known_of(later, known, [first])
    made = release.decide(later, [first])
    order = sorted(known.known)
    hidden = np.array([cell not in made.published for cell in order])
    hidden = release.with_limits(hidden, before, constant=False, growth=True)
    spans = suppression.spans(release._system(known, order, before), hidden)
    watched = [place for place, cell in enumerate(order) if cell in made.hidden]
    assert before.at_least
    assert before.sums
    assert min(spans[place][1] - spans[place][0] for place in watched) >= 3


def test_what_was_hidden_stays_hidden_in_the_next_year(put: Put) -> None:
    """Two years' editions overlap in the first one's totals: what is hidden there stays so."""
    second = book(prepared(put, 2022, 2023), baseline=(2022,))
    total = Cell(2022, "county", "", "hazards_found")
    moved = Earlier({2022: "2022-12-31"}, {}, {total: "few"})
    assert release.decide(second, [moved]).hidden[total] == release.BEFORE


def corrected(put: Put, enterprises: int, **key: bytes) -> tuple[Book, Earlier]:
    """A book whose files hold six hazards fewer, of so many enterprises, than when they were published."""
    more = [
        {**LATE, "row": 990 + n, "hazard_id": str(990 + n), "enterprise": f"后来{n % enterprises}厂"}
        for n in range(6)
    ]
    first = book(prepared(put, 2023, more=more))
    before = kept(first, release.decide(first), **key)
    return book(prepared(put, 2023)), before


def test_a_corrected_ledger_does_not_give_the_correction_away(put: Put) -> None:
    """The same day, six hazards of one enterprise fewer in the files than were published."""
    found, before = corrected(put, 1)
    assert GAS in before.published
    assert release.decide(found, [before]).hidden[GAS] == release.CHANGE


def test_a_correction_of_several_enterprises_is_published(put: Put) -> None:
    """Three enterprises stand behind the difference: it is theirs together, as a cell of three is."""
    found, before = corrected(put, 3)
    assert GAS in release.decide(found, [before]).published


def test_a_record_of_another_key_says_of_no_change_whose_it_is(put: Put) -> None:
    """Masks of two keys never agree: every change would seem to be of many enterprises."""
    found, before = corrected(put, 3, key=b"another key, of thirty-two bytes")
    assert release.decide(found, [before]).hidden[GAS] == release.CHANGE


def test_records_are_read_back_and_a_broken_one_stops_the_decision(plain: Plain, tmp_path: Path) -> None:
    """A record that cannot be read must not count as no release."""
    folder, made = tmp_path / "releases", kept(*plain)
    file = earlier.write(folder / "2023_2023-12-31.json", made, approved_by="张主任")
    (again,) = earlier.read_all(folder)
    assert (again.cutoffs, again.published, again.hidden) == (made.cutoffs, made.published, made.hidden)
    assert {cell: held for cell, held in again.behind.items() if held} == made.behind
    assert "厂" not in file.read_text(encoding="utf-8")
    (folder / "2024.json").write_text("{", encoding="utf-8")
    with pytest.raises(AnalysisError, match=r"2024\.json"):
        earlier.read_all(folder)
