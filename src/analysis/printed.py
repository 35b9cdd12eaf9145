"""The figures that a report prints, counted once more from the tables before it is published.

A headline or table that says which counts of which group it is made of (see ``disclosure.catalogue``) is
compared with a count of the rows, in pandas and without the hub's expressions. Nothing else is checked:
medians, tests and what compares sectors with one another are statistics, not counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from analysis import vocabulary
from analysis.conservation import found_by, in_whole_months, total
from analysis.disclosure import catalogue
from analysis.disclosure.catalogue import Cell
from analysis.messages import AnalysisError
from analysis.schema import Table
from analysis.scope import Cutoff, Scope
from analysis.store import Store
from analysis.sums import RETURN_COLUMNS

_CENT = Decimal("0.005")
_ROUNDING = Decimal("1e-9")
_Group = tuple[Any, ...]
"""A year, and the codes of the group."""
_PLACE = ("year", "sector", "township", "campaign")
_DAYS = ("found_on", "recorded_on", "due_on", "extended_on", "extended_due_on", "rectified_on", "verified_on")


@dataclass(frozen=True)
class Printed:
    """A figure as a report prints it.

    ``cells`` is what it counts, or the part and the whole of a share; a year of 0 is the report's own, one of
    −1 the year before. ``where`` names the headline or table.
    """

    where: str
    value: float
    cells: tuple[Cell, ...]

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Printed:
        """From its form in JSON."""
        return cls(written["where"], written["value"], tuple(Cell(*cell) for cell in written["cells"]))


def require(store: Store, scope: Scope, figures: Iterable[Printed]) -> None:
    """Refuse a report that prints another figure than the tables give.

    Raises:
        AnalysisError: ``printed_disagrees``, with the first headline or table that does.
    """
    counts = _Counts(store, scope)
    for one in figures:
        counted = counts.figure(one.cells)
        wrong = None if counted is None else abs(Decimal(str(one.value)) - counted)
        if wrong is not None and wrong >= (_CENT if len(one.cells) == 1 else _ROUNDING):
            known = vocabulary.indicators().get(one.cells[0].indicator)
            raise AnalysisError(
                "printed_disagrees",
                where=one.where,
                year=counts.year_of(one.cells[0]),
                indicator=known.name_zh if known else one.cells[0].indicator,
                stated=one.value,
                counted=f"{counted:f}",
            )


class _Counts:
    """Counts of the rows of a scope, each table read once and only where it is asked for."""

    def __init__(self, store: Store, scope: Scope) -> None:
        self._store, self._scope = store, scope
        self._cutoffs = {cutoff.year: cutoff for cutoff in scope.cutoffs}
        self._known: dict[tuple[int, str, str], Mapping[_Group, Decimal]] = {}

    def figure(self, cells: tuple[Cell, ...]) -> Decimal | None:
        """A count, or the share of the first among the second; nothing where it is not counted here."""
        found = [self._count(cell) for cell in cells]
        if None in found:
            return None
        if len(found) == 1:
            return found[0]
        part, whole = found
        return part / whole if part is not None and whole else None

    def year_of(self, cell: Cell) -> int:
        """The year a cell names, or the report's own less so many."""
        return cell.year if cell.year > 0 else self._scope.period.year + cell.year

    def _count(self, cell: Cell) -> Decimal | None:
        rows = self._rows_for(cell)
        if rows is None or self.year_of(cell) not in self._cutoffs:
            return None
        codes = cell.group.split(catalogue.JOINED)[: len(_keys(cell.dimension))]
        return self._totals(rows, cell.dimension, cell.indicator).get(
            (self.year_of(cell), *codes), Decimal(0)
        )

    def _totals(self, rows: pd.DataFrame, dimension: str, indicator: str) -> Mapping[_Group, Decimal]:
        """An indicator's total in every year and group, counted at once: a table prints many of them."""
        key = (id(rows), dimension, indicator)
        if key not in self._known:
            inside = _within(rows, dimension)
            groups = inside.groupby(["year", *_keys(dimension)], as_index=False)[indicator]
            whole = pd.api.types.is_integer_dtype(inside[indicator])
            sums = groups.sum() if whole else groups.agg(total)
            self._known[key] = {
                tuple(group): Decimal(value) for *group, value in sums.itertuples(index=False)
            }
        return self._known[key]

    def _rows_for(self, cell: Cell) -> pd.DataFrame | None:
        if cell.dimension == catalogue.COMPARED:
            return None
        if cell.indicator == catalogue.ENTERPRISES:
            return self._enterprises
        if cell.indicator in catalogue.HAZARDS.get(cell.dimension, ()):
            return self._hazards
        return self._returns if cell.indicator in catalogue.RETURNS.get(cell.dimension, ()) else None

    @cached_property
    def _hazards(self) -> pd.DataFrame:
        rows = self._read("hazards", *_DAYS, "level", "source", "status")
        rows[[*_DAYS]] = rows[[*_DAYS]].apply(pd.to_datetime)
        parts = [_flagged(rows[rows["year"] == year], cutoff) for year, cutoff in self._cutoffs.items()]
        return _coded(pd.concat(parts))

    @cached_property
    def _returns(self) -> pd.DataFrame:
        rows = self._read("enforcement", "month", *RETURN_COLUMNS).rename(columns=RETURN_COLUMNS)
        parts = [
            in_whole_months(rows[rows["year"] == year], cutoff) for year, cutoff in self._cutoffs.items()
        ]
        return _coded(pd.concat(parts))

    @cached_property
    def _enterprises(self) -> pd.DataFrame:
        rows = self._read("enterprises", catalogue.ENTERPRISES)
        return _coded(rows[rows["campaign"].isna()])

    def _read(self, table: Table, *columns: str) -> pd.DataFrame:
        found = self._store.table(table, self._scope.years, self._scope.county)
        return self._store.frame(found.select(*_PLACE, *columns))


def _flagged(rows: pd.DataFrame, cutoff: Cutoff) -> pd.DataFrame:
    """The hazards in view at a cutoff, with a column that is 1 where one counts for an indicator."""
    rows, as_of = found_by(rows, cutoff), pd.Timestamp(cutoff.as_of)
    undated = rows["status"].isin(["rectified", "verified"]) & rows["rectified_on"].isna()
    rectified = undated | (rows["rectified_on"] <= as_of)
    extended = rows["extended_due_on"].notna() & (rows["extended_on"].fillna(rows["due_on"]) <= as_of)
    deadline = rows["extended_due_on"].where(extended, rows["due_on"])
    own = rows["source"] == "self_reported"
    flags = {
        "hazards_found": rows["found_on"].notna(),
        "hazards_self_reported": own,
        "hazards_department_found": ~own,
        "hazards_rectified": rectified,
        "hazards_pending": ~rectified,
        "hazards_verified": rows["verified_on"] <= as_of,
        "hazards_overdue": ~rectified & (deadline < as_of),
        "hazards_owed": (deadline <= as_of) & ~undated,
        "hazards_rectified_on_time": (deadline <= as_of) & (rows["rectified_on"] <= deadline),
    }
    flags |= {catalogue.MAJOR + code: flag & (rows["level"] == "major") for code, flag in flags.items()}
    place = rows[[*_PLACE]].assign(month=rows["found_on"].dt.month)
    return place.assign(**{code: flag.astype(int) for code, flag in flags.items()})


def _keys(dimension: str) -> tuple[str, ...]:
    return catalogue.KEYS.get(dimension, ())


def _within(rows: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """The rows of a dimension: all, or those of industries."""
    if dimension != catalogue.INDUSTRIES:
        return rows
    known = vocabulary.sectors()
    return rows[rows["sector"].isin([code for code, sector in known.items() if sector.kind == "industry"])]


def _coded(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns that make groups as cells write them."""
    keys = {key for keys in catalogue.KEYS.values() for key in keys if key in rows}
    return rows.assign(**{key: rows[key].map(_text, na_action=None).astype("str") for key in keys})


def _text(value: Any) -> str:
    """A code as cells write it: months without decimals, what is missing empty."""
    if pd.isna(value):
        return ""
    return str(int(value)) if isinstance(value, int | float) else str(value)
