"""What an edition prints as a count, or as a share of counts: told beside the HTML, for ``analysis.printed``.

Only what is printed is told, so an edition's notebook holds no number that its report has not.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from analysis.disclosure.catalogue import COUNTY, Cell
from analysis.disclosure.release import Release
from analysis.report import formats, released
from analysis.report.edition import Edition, Kind
from analysis.report.tables import DataTable

Statement = dict[str, Any]
"""Keys where, value and cells, as ``analysis.printed.Printed`` takes them."""


def of_headline(
    where: str, values: Sequence[Any], kind: Kind, counts: tuple[str, ...] | None
) -> Iterator[Statement]:
    """What a headline says of its year and of the years before it (``values`` in this order)."""
    for before, value in enumerate(values):
        cells = tuple(Cell(-before, COUNTY, "", code) for code in counts or ())
        yield from _statement(where, value, kind, cells if kind == "share" else cells[:1])


def of_table(table: DataTable, edition: Edition, release: Release | None) -> Iterator[Statement]:
    """What the columns of a table say that name the counts they are made of."""
    if table.released is None:
        return
    kinds = {column.name: column.kind for column in table.columns}
    shown = [name for name in table.released.numbers if name in kinds]
    for row in table.frame.to_dict("records"):
        for name in shown:
            cells = table.released.cells(row, name)
            if not edition.suppresses or _public(table, row, cells, release):
                yield from _statement(table.key, row[name], kinds[name], cells)


def _public(
    table: DataTable, row: dict[Hashable, Any], cells: tuple[Cell, ...], release: Release | None
) -> bool:
    named = table.released is not None and table.released.named(row, release)
    return named and released.shows(release, cells)


def _statement(where: str, value: Any, kind: Kind, cells: tuple[Cell, ...]) -> Iterator[Statement]:
    """A count of one cell or a share of two; anything else is a statistic, which nobody counts again."""
    counted = len(cells) == {"count": 1, "money": 1, "share": 2}.get(kind, 0)
    if counted and released.STATISTIC not in cells and not formats.is_missing(value):
        yield {"where": where, "value": float(value), "cells": [list(cell) for cell in cells]}
