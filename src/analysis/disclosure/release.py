"""The decision: which cells of a county's year the public may know, in every report alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis import vocabulary
from analysis.book import Book
from analysis.disclosure import catalogue, cells, earlier
from analysis.disclosure.catalogue import Cell
from analysis.disclosure.cells import Cells
from analysis.disclosure.earlier import Earlier
from analysis.messages import AnalysisError
from analysis.settings import Settings
from analysis.stats import suppression
from analysis.stats.suppression import Additive, Flags, ProtectionImpossibleError

PROTECTION = 3
"""The possible values of a hidden cell span at least this."""
ANALYTIC_MINIMUM = 10
"""Fewest enterprises behind a test, a median or an index that may be shown: the usual rule for outputs of
research centres (Griffiths et al., Handbook on Statistical Disclosure Control for Outputs, 2019)."""
FEW, DOMINANT, CHANGE, BEFORE, COMPLEMENT = "few", "dominant", "change", "before", "complement"
"""Why a cell is hidden: few enterprises, one that holds most, a small change since an earlier release, hidden
there already, or to protect others."""
_TOTAL_COSTS = {catalogue.COUNTY: 1000.0, catalogue.COMPARED: 300.0, catalogue.INDUSTRIES: 10.0}
"""How much more than a group's cell a total is worth."""


@dataclass(frozen=True)
class Release:
    """What a public edition may hold: its cells, and why others are hidden."""

    county: str
    year: int
    cutoffs: Mapping[int, str]
    published: Mapping[Cell, int]
    hidden: Mapping[Cell, str]
    enterprises: int
    townships: frozenset[str] = frozenset()
    """Names of places, which the office writes freely, that several enterprises share."""

    def names(self, key: str, code: str) -> bool:
        """Whether the public may read a group's name: free words could be an enterprise's or an address."""
        known = {"campaign": vocabulary.campaigns(), "township": self.townships}.get(key)
        return known is None or code == "" or code in known

    def shows(self, *wanted: Cell) -> bool:
        """Whether all of these cells are public; one that nothing is known of is not, unless it is a zero."""
        return all(cell in self.published or self._is_zero(cell) for cell in wanted)

    def _is_zero(self, cell: Cell) -> bool:
        """Whether a listed count of a listed year has no row: nothing was counted there."""
        counted = (cell.year, cell.dimension, cell.indicator) in self._counted
        return cell.indicator in catalogue.listed(cell.dimension) and counted and cell not in self.hidden

    @cached_property
    def _counted(self) -> frozenset[tuple[int, str, str]]:
        return frozenset((c.year, c.dimension, c.indicator) for c in (*self.published, *self.hidden))

    def county_cell(self, indicator: str, year: int | None = None) -> Cell:
        """The county's total of a count, or of another dimension (``"rows:read"``), of the report's year
        unless another is named.
        """
        dimension, _, code = indicator.rpartition(":")
        return Cell(year or self.year, dimension or catalogue.COUNTY, "", code)


def decide(book: Book, releases: Iterable[Earlier] = ()) -> Release:
    """Decide for a book, given what was released of the county before.

    Raises:
        AnalysisError: ``release_unprotectable`` where earlier releases leave a cell without protection.
    """
    known = cells.of(book)
    order = sorted(known.known)
    before = earlier.known_of(book, known, list(releases))
    reasons = _reasons(known, order, book.settings, before)
    primary = np.array([cell in reasons for cell in order])
    unlisted = np.array([not _listed(cell) for cell in order])
    fixed = np.array([_known(known, cell, before) for cell in order]) & ~primary & ~unlisted
    try:
        hidden = suppression.suppress(
            _system(known, order, before),
            with_limits(primary, before, constant=False, growth=False),
            with_limits(unlisted, before, constant=False, growth=True),
            with_limits(fixed, before, constant=True, growth=False),
            protection=PROTECTION,
        )[: len(order)]
    except ProtectionImpossibleError as error:
        raise AnalysisError("release_unprotectable", period=book.year) from error
    return _release(book, known, order, hidden & ~unlisted, reasons)


def _release(
    book: Book, known: Cells, order: list[Cell], hidden: NDArray[np.bool_], reasons: Mapping[Cell, str]
) -> Release:
    by_year = book.hazards.groupby("year")["enterprise"].nunique()
    flags = dict(zip(order, hidden, strict=True))
    return Release(
        county=book.county.code,
        year=book.year,
        cutoffs={cut.year: cut.as_of.isoformat() for cut in book.scope.cutoffs},
        published={cell: known.known[cell].value for cell in order if _listed(cell) and not flags[cell]},
        hidden={cell: reasons.get(cell, COMPLEMENT) for cell in order if flags[cell]},
        enterprises=int(by_year.min()) if len(by_year) else 0,
        townships=_townships(book),
    )


def _townships(book: Book) -> frozenset[str]:
    rows = book.hazards[book.hazards["year"] == book.year]
    shared = rows.groupby("township")["enterprise"].nunique() >= book.settings.public_minimum_enterprises
    return frozenset(map(str, shared.index[shared]))


def _reasons(known: Cells, order: list[Cell], rules: Settings, before: earlier.Known) -> dict[Cell, str]:
    """The cells that must be hidden for themselves, listed or not, and why."""
    found: dict[Cell, str] = {}
    for cell in order:
        behind = known.known[cell]
        if behind.value <= 0:
            continue  # nothing counted is no secret
        if behind.enterprises < rules.public_minimum_enterprises:
            found[cell] = FEW
        elif behind.largest > rules.public_dominance_share:
            found[cell] = DOMINANT
    found |= dict.fromkeys(before.small_changes, CHANGE)
    return found | {cell: BEFORE for cell in before.hidden if cell in known.known and cell not in found}


def _listed(cell: Cell) -> bool:
    return cell.indicator in catalogue.listed(cell.dimension) or cell.indicator == catalogue.ENTERPRISES


def _known(known: Cells, cell: Cell, before: earlier.Known) -> bool:
    """Whether a listed cell is known whatever is hidden: zeros always are, and what is out already."""
    return cell in before.published or known.known[cell].value == 0


def _system(known: Cells, order: list[Cell], before: earlier.Known) -> Additive:
    """The cells as anybody sees them: since zeros are shown, a hidden cell is at least one."""
    places = {cell: number for number, cell in enumerate(order)}
    cells = np.array([known.known[cell].value for cell in order], dtype=np.int64)
    growth = [sum(cells[places[c]] for c in one.cells) - one.total for one in before.sums]
    limits = [
        number for one, more in zip(before.sums, growth, strict=True) for number in (one.total, abs(more))
    ]
    values = np.concatenate([cells, np.array(limits, dtype=np.int64)])
    least = [max(before.at_least.get(cell, 0), int(_listed(cell))) for cell in order] + [0] * len(limits)
    most = [before.at_most.get(cell, np.inf) for cell in order] + [np.inf] * len(limits)
    return Additive(
        values,
        _equations(known, before, places, len(values)),
        np.minimum(np.array(least, dtype=float), values),
        np.maximum(np.array(most, dtype=float), values),
        np.concatenate([_costs(order, cells), np.ones(len(limits))]),
    )


def _equations(
    known: Cells, before: earlier.Known, places: Mapping[Cell, int], columns: int
) -> sparse.csr_array:
    """The parts of each sum less their total; of what an earlier release told also less, or plus, growth."""
    sums = [[(places[total], -1), *((places[part], 1) for part in parts)] for total, parts in known.sums]
    for number, one in enumerate(before.sums):
        constant = len(places) + 2 * number
        sums.append([(constant, -1), (constant + 1, -one.sign), *((places[cell], 1) for cell in one.cells)])
    entries = [(row, place, sign) for row, terms in enumerate(sums) for place, sign in terms]
    rows, places_of, signs = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.csr_array((np.array(signs, dtype=np.int64), (rows, places_of)), shape=(len(sums), columns))


def with_limits(flags: Flags, before: earlier.Known, *, constant: bool, growth: bool) -> Flags:
    """Flags of the cells, and of two more for each sum that an earlier release told: the sum, the growth."""
    return np.concatenate([flags, np.tile([constant, growth], len(before.sums))]).astype(bool)


def _costs(order: list[Cell], values: NDArray[np.int64]) -> NDArray[np.float64]:
    """Small cells go first, then the sum of all industries, which shares alone need; other totals last."""
    totals = [_TOTAL_COSTS.get(cell.dimension, 1.0) if cell.group == "" else 1.0 for cell in order]
    return np.asarray(np.array(totals) * (1 + np.log1p(values)), dtype=np.float64)
