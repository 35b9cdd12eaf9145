"""Cell suppression: what is hidden cannot be computed back, whatever adds up to what."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis.stats import suppression
from analysis.stats.suppression import Additive, ProtectionImpossibleError


def cross_table(inner: np.ndarray) -> Additive:
    """A table of rows by columns with its margins and grand total, cells row by row."""
    whole = np.pad(inner, ((0, 1), (0, 1)))
    whole[-1], whole[:-1, -1] = whole.sum(axis=0), whole[:-1].sum(axis=1)
    whole[-1, -1] = inner.sum()
    places = np.arange(whole.size).reshape(whole.shape)
    lines = [*places, *places.T]
    equations = np.zeros((len(lines), whole.size), dtype=np.int64)
    for number, line in enumerate(lines):
        equations[number, line[:-1]], equations[number, line[-1]] = 1, -1
    size = whole.size
    free = np.zeros(size), np.full(size, np.inf)
    return Additive(whole.ravel(), sparse.csr_array(equations), *free, 1 + np.log1p(whole.ravel()))


def none(system: Additive) -> np.ndarray:
    return np.zeros(len(system.values), dtype=bool)


def hidden_cells(system: Additive, primary: np.ndarray, fixed: np.ndarray | None = None) -> np.ndarray:
    known = none(system) if fixed is None else fixed
    return suppression.suppress(system, primary, none(system), known)


def test_a_total_less_its_rows_gives_a_lone_cell_away() -> None:
    """The attack itself: 2 = 12 − 3 − 7; with a second cell hidden both may be anything from 0 to 5."""
    system = cross_table(np.array([[2, 3, 7]]))
    lone, two = (np.isin(np.arange(8), cells) for cells in ([0, 4], [0, 1, 4, 5]))
    assert suppression.spans(system, lone)[0] == (2, 2)
    assert suppression.spans(system, two)[0] == (0, 5)


def test_the_textbook_square_hides_four_cells() -> None:
    """In a table of rows by columns a hidden cell needs a second one in its row and in its column, and they
    a fourth (Hundepool et al. 2012, section 4.3)."""
    system = cross_table(np.array([[20, 50, 10], [8, 19, 22], [17, 32, 12]]))
    hidden = hidden_cells(system, np.arange(16) == 4)
    places = {divmod(int(cell), 4) for cell in np.flatnonzero(hidden)}
    rows, columns = ({place[axis] for place in places} for axis in (0, 1))
    assert len(places) == 4
    assert places == set(itertools.product(rows, columns))
    assert not any(3 in place for place in places), "no total is hidden"


def test_cells_that_are_out_already_protect_nothing() -> None:
    """With everything else published before, one cell cannot be hidden any more: that is refused."""
    system = cross_table(np.array([[2, 3], [4, 5]]))
    fixed = np.arange(9) != 0
    with pytest.raises(ProtectionImpossibleError):
        hidden_cells(system, ~fixed, fixed)


def test_what_does_not_add_up_is_refused() -> None:
    system = cross_table(np.array([[2, 3], [4, 5]]))
    with pytest.raises(ValueError, match="add up"):
        Additive(system.values + 1, system.equations, system.lower, system.upper, system.costs)


def test_a_growing_count_is_known_to_be_at_least_what_it_was() -> None:
    """5 hidden beside 6, earlier 5 and 5 published: between them they moved by one, so each spans one only,
    and more must be hidden."""
    system = cross_table(np.array([[5, 6, 30]]))
    before = np.array([5, 5, 20, 30, 5, 5, 20, 30], dtype=float)
    grown = Additive(system.values, system.equations, before, system.upper, system.costs)
    two = np.isin(np.arange(8), [0, 1, 4, 5])
    low, high = suppression.spans(grown, two)[0]
    assert high - low == 1
    hidden = hidden_cells(grown, np.arange(8) == 0)
    assert all(high - low >= 3 for low, high in suppression.spans(grown, hidden).values())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=12, max_size=12), st.integers(1, 3))
def test_every_hidden_cell_spans_at_least_three(numbers: list[int], fewest: int) -> None:
    """Whatever the table and the threshold: the attacker's integer programme finds no narrower cell."""
    system = cross_table(np.array(numbers).reshape(3, 4))
    primary = (system.values > 0) & (system.values < fewest)
    hidden = hidden_cells(system, primary)
    assert (hidden >= primary).all()
    assert all(high - low >= 3 for low, high in suppression.spans(system, hidden).values())
