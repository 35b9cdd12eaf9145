"""The cells of a county's years: their values, the enterprises behind each, and the equations among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from analysis import raw, vocabulary
from analysis.book import Book
from analysis.disclosure import catalogue
from analysis.disclosure.catalogue import (
    COMPARED,
    COUNTY,
    ENTERPRISES,
    INDUSTRIES,
    MONTH,
    SECTOR,
    Cell,
)

VISITED = "enterprises_inspected"


@dataclass(frozen=True, slots=True)
class Behind:
    """What a cell counts, from how many enterprises, and how much of it the largest of them holds."""

    value: int
    enterprises: int
    largest: float = 0.0


@dataclass
class Cells:
    """Numbers and their sums: ``sums`` maps to each total the lists of cells that add up to it."""

    known: dict[Cell, Behind] = field(default_factory=dict)
    sums: list[tuple[Cell, tuple[Cell, ...]]] = field(default_factory=list)

    def add_up(self, total: Cell, parts: Iterable[Cell]) -> None:
        """Note that the parts make up the total; a part without rows is a zero that everybody knows of."""
        there = tuple(part for part in parts if part in self.known)
        if total in self.known and self.known[total].value == sum(self.known[p].value for p in there):
            self.sums.append((total, there))


def of(book: Book) -> Cells:
    """Every cell of the book's years: all dimensions of its own year, the county's totals of the others."""
    cells = Cells()
    for year in book.scope.years:
        events = flagged(book.hazards[book.hazards["year"] == year])
        ledger = of_hazards(book, year, events)
        cells.known |= ledger.known
        cells.sums += ledger.sums
        _count_returns(cells, book, year, events, year == book.year)
    _add_up(cells, book)
    _count_rows(cells, book)
    return cells


# --- hazards


def flagged(rows: pd.DataFrame) -> pd.DataFrame:
    """Hazards with one true or false column for every count, the rests of all splits among them."""
    codes = [code for code in rows.columns if code.startswith(("hazards_", "major_hazards_"))]
    flags = rows[codes].astype("boolean").fillna(False).astype(bool)
    undated = flags["hazards_rectified"] & rows["rectified_on"].isna()
    flags["hazards_owed"] = flags["hazards_due"] & ~undated  # due, and the day of rectification is known
    for whole, part, rest in catalogue.SPLITS:
        if rest not in flags:
            flags[rest] = flags[whole] & ~flags[part]
    place = rows[["enterprise", "sector", "township", "campaign", "month"]].astype(object)
    return flags.join(place.where(place.notna(), ""))


def labels(book: Book, year: int, events: pd.DataFrame, dimension: str) -> pd.Series[str]:
    """The group of each hazard in a dimension; hazards outside the dimension are left out."""
    if dimension == COUNTY:
        return pd.Series("", index=events.index, dtype=str)
    if dimension in (INDUSTRIES, COMPARED):
        inside = events.index[events["sector"].isin(_sectors(book, year, dimension))]
        return pd.Series("", index=inside, dtype=str)
    return codes(events, dimension)


def codes(rows: pd.DataFrame, dimension: str) -> pd.Series[str]:
    """The codes of each row's group, joined; empty where the row does not say."""
    parts = [rows[key].map(_code).astype(str) for key in catalogue.KEYS[dimension]]
    return pd.Series(list(map(catalogue.JOINED.join, zip(*parts, strict=True))), rows.index, dtype=str)


def _code(value: Any) -> str:
    """A code as text: months without decimals, what is missing empty."""
    if pd.isna(value):
        return ""
    return str(int(value)) if isinstance(value, int | float) else str(value)


@cache
def names(dimension: str) -> list[str]:
    """The counts of a dimension that are listed or can be told from those that are."""
    listed = catalogue.HAZARDS[dimension]
    derived = (code for split in catalogue.splits_of(listed, catalogue.SPLITS) for code in split)
    return list(dict.fromkeys([*listed, *derived]))


def of_ledger(cell: Cell) -> bool:
    """Whether a cell counts hazards of the ledger, which names the enterprises."""
    return cell.dimension in catalogue.HAZARDS and cell.indicator in names(cell.dimension)


def of_hazards(book: Book, year: int, events: pd.DataFrame) -> Cells:
    """The cells that a year's hazards make: every dimension in the book's own year, else the totals."""
    cells = Cells()
    for dimension in catalogue.HAZARDS if year == book.year else (COUNTY,):
        if not events.empty:
            _count_hazards(cells, book, year, dimension, events)
    return cells


def _count_hazards(cells: Cells, book: Book, year: int, dimension: str, events: pd.DataFrame) -> None:
    splits = catalogue.splits_of(catalogue.HAZARDS[dimension], catalogue.SPLITS)
    groups = labels(book, year, events, dimension)
    for (group, code), behind in behind_each(events, groups, names(dimension)).items():
        cells.known[Cell(year, dimension, group, code)] = behind
    for group in sorted(set(groups)):
        for whole, *parts in splits:
            cells.add_up(
                Cell(year, dimension, group, whole), [Cell(year, dimension, group, c) for c in parts]
            )


def behind_each(
    events: pd.DataFrame, groups: pd.Series[str], codes: list[str]
) -> dict[tuple[str, str], Behind]:
    """For each group and count the hazards, the distinct enterprises and the largest one's share."""
    held = _held(events, groups, codes)
    each, above = held.groupby(level="group"), (held > 0).groupby(level="group")
    tables = [table.to_dict("index") for table in (each.sum(), above.sum(), each.max())]
    return {
        (str(group), code): Behind(
            int(row[code]), int(tables[1][group][code]), float(tables[2][group][code] / max(row[code], 1))
        )
        for group, row in tables[0].items()
        for code in codes
    }


def _held(events: pd.DataFrame, groups: pd.Series[str], codes: list[str]) -> pd.DataFrame:
    """How much each enterprise holds of each count: a row per group and enterprise, a column per count."""
    return events.loc[groups.index].groupby([groups.rename("group"), "enterprise"])[codes].sum()


def by_enterprise(book: Book, year: int) -> dict[Cell, dict[str, int]]:
    """What each enterprise holds of the ledger's cells of a year that are not zero."""
    events = flagged(book.hazards[book.hazards["year"] == year])
    found: dict[Cell, dict[str, int]] = {}
    for dimension in catalogue.HAZARDS if year == book.year and not events.empty else (COUNTY,):
        held = _held(events, labels(book, year, events, dimension), names(dimension))
        for code, amounts in held.items():
            present = amounts[amounts > 0]
            for (group, enterprise), amount in zip(present.index, present, strict=True):
                cell = Cell(year, dimension, str(group), str(code))
                found.setdefault(cell, {})[str(enterprise)] = int(amount)
    return found


# --- returns


def _count_returns(cells: Cells, book: Book, year: int, events: pd.DataFrame, whole: bool) -> None:
    """Counts of the returns. They name no enterprise: as many stand behind a count as the largest single
    return says were inspected, or as the departments' findings name, but never more than it counts.
    """
    rows = book.indicators
    rows = rows[(rows["year"] == year) & (rows["source"] == "return")]
    for dimension, listed in catalogue.RETURNS.items() if whole else _BASELINE:
        places = labels(book, year, rows, dimension)
        inside = rows.loc[places.index].assign(group=places)
        counts = inside.pivot_table(index="group", columns="indicator", values="value", aggfunc="sum")
        counts = counts.reindex(columns=list(listed)).fillna(0).round().astype(int)
        proven = _proven(book, year, dimension, inside, events)
        splits = catalogue.splits_of(listed, catalogue.VISIT_SPLITS)
        for whole_code, part, rest in splits:
            counts[rest] = counts[whole_code] - counts[part]
        for group, row in counts.to_dict("index").items():
            _put(cells, (year, dimension, str(group)), row, proven.get(group, 0), splits)
    _count_fines(cells, book, year)
    if whole:
        _count_enterprises(cells, book, year)


_BASELINE = [(dimension, catalogue.RETURNS[dimension]) for dimension in (COUNTY, MONTH)]
"""What of the years before a report shows."""


def _proven(
    book: Book, year: int, dimension: str, rows: pd.DataFrame, events: pd.DataFrame
) -> dict[object, int]:
    """The least number of enterprises that a group's inspections reached."""
    visited = rows[rows["indicator"] == VISITED].groupby("group")["value"].max()
    found = events[events["hazards_department_found"]] if len(events) else events
    places = labels(book, year, found, dimension)
    named = found.loc[places.index].groupby(places)["enterprise"].nunique()
    return {**pd.concat([visited, named], axis=1).max(axis=1).astype(int)}


def _put(
    cells: Cells, place: tuple[int, str, str], row: dict[Any, int], proven: int, splits: list[catalogue.Split]
) -> None:
    year, dimension, group = place
    for code, value in row.items():
        cells.known[Cell(year, dimension, group, str(code))] = Behind(value, min(value, proven))
    for whole, *parts in splits:
        cells.add_up(Cell(year, dimension, group, whole), [Cell(year, dimension, group, c) for c in parts])


def _count_fines(cells: Cells, book: Book, year: int) -> None:
    """Who was fined stands in the list of decisions; without it the sum of fines has nobody behind it."""
    rows = book.penalties
    each = rows[(rows["year"] == year) & (rows["fine"] > 0)].groupby("party")["fine"].sum().astype(float)
    cell = Cell(year, COUNTY, "", "fines")
    if cell in cells.known:
        share = float(each.max() / each.sum()) if len(each) else 0.0
        cells.known[cell] = Behind(cells.known[cell].value, len(each), share)


def _count_enterprises(cells: Cells, book: Book, year: int) -> None:
    """Each regulated enterprise stands for itself; those of a campaign are counted with their sector."""
    by_sector = _regulated(book, year)
    sums = {(COUNTY, ""): float(by_sector.sum())}
    for dimension in (INDUSTRIES, COMPARED):
        inside = [code for code in _sectors(book, year, dimension) if code in by_sector]
        sums[dimension, ""] = float(by_sector[inside].sum())
    sums |= {(SECTOR, str(code)): value for code, value in by_sector.items()}
    for (dimension, group), value in sums.items():
        cells.known[Cell(year, dimension, group, ENTERPRISES)] = Behind(round(value), round(value))


def _regulated(book: Book, year: int) -> pd.Series[float]:
    rows = book.indicators
    rows = rows[(rows["indicator"] == ENTERPRISES) & (rows["source"] == "ledger") & rows["campaign"].isna()]
    rows = rows[rows["year"] == year]
    return rows.groupby(rows["sector"].astype(object).where(rows["sector"].notna(), ""))["value"].sum()


def _sectors(book: Book, year: int, dimension: str) -> list[str]:
    """The industries, or those of them whose rates mean something."""
    industries = [code for code, sector in vocabulary.sectors().items() if sector.kind == "industry"]
    if dimension == INDUSTRIES:
        return industries
    rows, least = book.indicators, book.settings.minimum_exposure
    visits = rows[
        (rows["year"] == year) & (rows["source"] == "return") & (rows["indicator"] == "inspections")
    ]
    inspected, listed = visits.groupby("sector")["value"].sum(), _regulated(book, year)
    return [c for c in industries if inspected.get(c, 0) >= least and listed.get(c, 0) >= least]


# --- rows of the files


def _count_rows(cells: Cells, book: Book) -> None:
    """What became of the year's rows. They speak of files, not of enterprises, but for the hazards."""
    tallies = raw.manifest(book.store.processed, book.year, book.scope.county).get("tallies", [])
    totals: dict[str, dict[str, int]] = {"": dict.fromkeys(catalogue.ACCOUNT, 0)}
    for tally in tallies:
        for table in ("", tally["table"]):
            counts = totals.setdefault(table, dict.fromkeys(catalogue.ACCOUNT, 0))
            for name in catalogue.ACCOUNT:
                counts[name] += int(tally[name])
    for table, counts in totals.items() if tallies else ():
        places = {name: Cell(book.year, catalogue.ROWS, table, name) for name in counts}
        enough = book.settings.public_minimum_enterprises
        cells.known |= {places[name]: Behind(value, enough) for name, value in counts.items()}
        cells.add_up(places["read"], [places[name] for name in catalogue.ACCOUNT[1:]])
    for name in catalogue.ACCOUNT:
        parts = [Cell(book.year, catalogue.ROWS, table, name) for table in totals if table]
        cells.add_up(Cell(book.year, catalogue.ROWS, "", name), parts)
    found = Cell(book.year, COUNTY, "", "hazards_found")
    cells.add_up(found, [Cell(book.year, catalogue.ROWS, "hazards", "kept")])


# --- sums


def _add_up(cells: Cells, book: Book) -> None:
    """The sums over the groups of each dimension of the book's own year."""
    groups = _groups(cells, book.year)
    subsets = {whole: set(_sectors(book, book.year, whole)) for whole in (INDUSTRIES, COMPARED)}
    for whole, part in catalogue.SUMS:
        for (dimension, code), totals in groups.items():
            parts = groups.get((part, code), ())
            if dimension == whole and parts:
                for total in totals:
                    cells.add_up(total, [c for c in parts if _inside(c, total, subsets)])


def _inside(part: Cell, total: Cell, subsets: dict[str, set[str]]) -> bool:
    """Whether a part belongs to a total: to the one named by one of its codes, or to all there is."""
    if total.dimension in subsets:
        return part.group in subsets[total.dimension]
    if total.dimension == COUNTY:
        return True
    place = catalogue.KEYS[part.dimension].index(catalogue.KEYS[total.dimension][0])
    return part.group.split(catalogue.JOINED)[place] == total.group


def _groups(cells: Cells, year: int) -> dict[tuple[str, str], list[Cell]]:
    """The cells of a year by dimension and count."""
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells.known:
        if cell.year == year:
            found.setdefault((cell.dimension, cell.indicator), []).append(cell)
    return found
