"""What the public edition shows: only numbers that say which cells of the release they are made of.

A table, figure, headline or sentence that does not declare its cells is withheld, and so is a declared one
whose cells are not all published. Whoever declares vouches that caption, note and alt text hold no other
figure of the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.disclosure import catalogue
from analysis.disclosure.catalogue import Cell
from analysis.disclosure.release import ANALYTIC_MINIMUM, Release

STATISTIC = Cell(0, "statistic", "", "")
"""Stands for a test, a median or an index over many enterprises, which no equation of cells gives back."""
FIXED: tuple[Cell, ...] = ()
"""What a text rests on that holds no figure of the data."""


@dataclass(frozen=True)
class ByGroup:
    """A table with a row a group: ``columns`` maps each column of numbers to the counts it is made of.

    Args:
        dimension: One of ``catalogue``.
        year: A year, or the frame's column of years.
        columns: Column → counts of the row's group; ``"compared:hazards_found"`` is the total of another
            dimension, ``"*"`` a statistic over many enterprises.
        group: The frame's columns with the codes of the group; none for a total.
        labels: Columns that say which row it is.
        limits: Columns whose interval rests on the same counts.
    """

    dimension: str
    year: int | str
    columns: Mapping[str, tuple[str, ...]]
    group: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns of numbers that are declared."""
        return tuple(self.columns)

    @property
    def ranked(self) -> bool:
        """Groups of one dimension are listed by size; months, years and places in their own order."""
        return self.dimension in (catalogue.SECTOR, catalogue.CAMPAIGN)

    def cells(self, row: Mapping[Any, Any], column: str) -> tuple[Cell, ...]:
        """The cells behind one number."""
        year = self.year if isinstance(self.year, int) else int(row[self.year])
        group = catalogue.JOINED.join(str(row[name]) for name in self.group)
        return tuple(self._cell(year, group, words) for words in self.columns[column])

    def named(self, row: Mapping[Any, Any], release: Release | None) -> bool:
        """Whether the public may read the names of the row's group."""
        codes = zip(
            catalogue.KEYS.get(self.dimension, ()), (str(row[name]) for name in self.group), strict=False
        )
        return release is not None and all(release.names(key, code) for key, code in codes)

    def _cell(self, year: int, group: str, words: str) -> Cell:
        if words == "*":
            return STATISTIC
        dimension, _, indicator = words.rpartition(":")
        return Cell(year, dimension, "", indicator) if dimension else Cell(year, self.dimension, group, words)


@dataclass(frozen=True)
class ByYear:
    """A table of the county's totals with a row a count and a column a year."""

    indicator: str
    years: Mapping[str, int]
    labels: tuple[str, ...] = ()
    limits: tuple[str, ...] = field(default=(), init=False)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns of numbers that are declared."""
        return tuple(self.years)

    @property
    def ranked(self) -> bool:
        """Counts stand in the order of the vocabulary."""
        return False

    def named(self, row: Mapping[Any, Any], release: Release | None) -> bool:
        """Counts have no names of their own."""
        return True

    def cells(self, row: Mapping[Any, Any], column: str) -> tuple[Cell, ...]:
        """The county's total of the row's count in the column's year."""
        return (Cell(self.years[column], catalogue.COUNTY, "", str(row[self.indicator])),)


@dataclass(frozen=True)
class OfTheMethod:
    """A table without any figure of the data, such as published values that the statistics reproduce."""

    labels: tuple[str, ...]
    numbers: tuple[str, ...] = field(default=(), init=False)
    limits: tuple[str, ...] = field(default=(), init=False)
    ranked: bool = field(default=False, init=False)

    def named(self, row: Mapping[Any, Any], release: Release | None) -> bool:
        """It names nobody."""
        return True

    def cells(self, row: Mapping[Any, Any], column: str) -> tuple[Cell, ...]:
        """It is made of no cell."""
        return FIXED


Declared = ByGroup | ByYear | OfTheMethod
"""Which cells each number of a table is made of."""


def shows(release: Release | None, cells: Iterable[Cell] | None) -> bool:
    """Whether the public may see what rests on these cells; not where nobody says on which it rests."""
    if cells is None:
        return False
    wanted = tuple(cells)
    counted = [cell for cell in wanted if cell != STATISTIC]
    if not wanted:
        return True
    many = release is not None and release.enterprises >= ANALYTIC_MINIMUM
    return release is not None and release.shows(*counted) and (many or STATISTIC not in wanted)


def require_same(
    key: str, frame: pd.DataFrame, declared: Declared, release: Release, counts: Iterable[str]
) -> None:
    """Refuse a table whose counts are not those of the cells that it declares: it would publish others.

    Raises:
        ValueError: A shown count differs from the decision's.
    """
    for column in counts:
        for row in frame[frame[column].notna()].to_dict("records"):
            cell, *more = declared.cells(row, column)
            told = not more and cell != STATISTIC and release.shows(cell)
            if told and round(row[column]) != release.published.get(cell, 0):
                raise ValueError(f"{key}: column {column} is not the count of {cell}")


def hidden_cells(
    frame: pd.DataFrame, declared: Declared, release: Release | None, behind: str | None = None
) -> pd.DataFrame:
    """True for each declared number of a table that the public may not see.

    Args:
        frame: The table's rows.
        declared: What its numbers are made of.
        release: What is public.
        behind: The frame's column of enterprises; a statistic needs many of them in its row, too.
    """

    def hidden(row: Mapping[Any, Any], column: str) -> bool:
        cells = declared.cells(row, column)
        few = behind is not None and STATISTIC in cells and row[behind] < ANALYTIC_MINIMUM
        return few or not shows(release, cells)

    rows = frame.to_dict("records")
    return pd.DataFrame(
        {name: [hidden(row, name) for row in rows] for name in declared.numbers},
        index=frame.index,
        dtype=bool,
    )
