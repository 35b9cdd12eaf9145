"""The account of a table's rows: every row that was read is kept, quarantined, superseded or dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis.batch import Batch, by_place
from analysis.sources.sheets import SheetRows


@dataclass(frozen=True)
class Tally:
    """Where the rows of one sheet went. ``read`` counts rows after numbered hazards and months that stood in
    one row were made rows of their own (``cells_split``: how many cells were taken apart).
    """

    file: str
    sheet: str | None
    table: str
    read: int
    kept: int
    quarantined: int
    superseded: int
    dropped: int
    skipped_blank: int = 0
    skipped_title: int = 0
    skipped_total: int = 0
    cells_split: int = 0
    personal: dict[str, int] = field(default_factory=dict)

    @property
    def conserved(self) -> bool:
        """Whether each row read is accounted for once."""
        return self.read == self.kept + self.quarantined + self.superseded + self.dropped


def tallies(batch: Batch, sheets: Iterable[SheetRows], persons: dict[tuple[str, str], int]) -> list[Tally]:
    """One tally for each sheet (or document) of a table.

    Raises:
        RuntimeError: A row was lost or counted twice: a fault of this package, so nothing is written.
    """
    counts = {
        "read": by_place(batch.frame),
        "kept": by_place(batch.kept),
        "quarantined": by_place(batch.rows_of(batch.problems)),
        "superseded": by_place(batch.rows_of(batch.superseded)),
        "dropped": by_place(batch.rows_of(batch.dropped)),
    }
    own = {(s.file, s.sheet or ""): s for s in sheets if s.table == batch.table}
    places = sorted({*counts["read"], *own})
    found = [_tally(batch.table, place, counts, own.get(place), persons.get(place, 0)) for place in places]
    if lost := [tally for tally in found if not tally.conserved]:
        raise RuntimeError(f"rows are not conserved: {lost}")
    return found


def _tally(
    table: str,
    place: tuple[str, str],
    counts: dict[str, dict[tuple[str, str], int]],
    sheet: SheetRows | None,
    persons: int,
) -> Tally:
    numbers = {name: found.get(place, 0) for name, found in counts.items()}
    personal = dict(sheet.personal) if sheet else {}
    if persons:
        personal["person"] = personal.get("person", 0) + persons
    skipped = {
        name: getattr(sheet, name) if sheet else 0
        for name in ("skipped_blank", "skipped_title", "skipped_total", "cells_split")
    }
    return Tally(place[0], place[1] or None, table, personal=personal, **numbers, **skipped)
