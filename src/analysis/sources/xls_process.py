"""Run as a script: reads one old workbook and hands its sheets to standard output, pickled.

The reader of the old binary format can be made to ask for all memory, or to end its process, by a damaged
file. Here it has a process with limits of its own; see ``xls``. Nothing of the package is imported.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

MEMORY = 1_500_000_000
"""Of addresses, libraries included; a workbook at the limit of cells needs some 700 MB."""
PROCESSOR_SECONDS = 20


def sheets(book: CalamineWorkbook) -> list[tuple[str, list[list[Any]], list[Any]]]:
    """Name, cells and merged ranges of every worksheet."""
    found = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    return [_sheet(book.get_sheet_by_name(name)) for name in found]


def _sheet(sheet: CalamineSheet) -> tuple[str, list[list[Any]], list[Any]]:
    cells = sheet.to_python(skip_empty_area=False) if sheet.height else []
    return sheet.name, cells, list(sheet.merged_cell_ranges or ())


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's patience is the limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str) -> int:
    """Write the sheets, or what the reader says against the file."""
    try:
        with Path(path).open("rb") as stream:
            found: object = sheets(CalamineWorkbook.from_filelike(stream))
    except BaseException as error:  # the reader's panics are no Exception
        found = str(error)
    pickle.dump(found, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    return 0


if __name__ == "__main__":
    _limit()
    sys.exit(main(sys.argv[1]))
