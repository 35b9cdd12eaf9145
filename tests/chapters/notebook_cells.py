"""Running a committed notebook's cells on a book of hand-written rows, for every edition."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from analysis.book import Book, County
from analysis.parameters import Parameters
from analysis.period import Period
from analysis.scope import Scope
from analysis.settings import settings
from analysis.store import Store
from tests.conftest import COUNTY, ROOT

PLACE = {"file": "2023/a.xlsx", "sheet": "s", "part": 1}


def a_book(store: Store, *, as_of: date = date(2023, 12, 31), baseline: tuple[int, ...] = ()) -> Book:
    """The county's year 2023 as of a day."""
    scope = Scope(COUNTY, Period(2023), as_of, baseline)
    return Book(Parameters(2023), County(COUNTY, "示例县", True), scope, store, settings(), ())


def shown_text(notebook: str, book: Book, edition: str) -> str:
    """The words of everything that a notebook shows of a book in an edition."""
    return "\n".join(re.sub(r"<[^>]+>", " ", html) for html in shown_markup(notebook, book, edition))


def shown_markup(notebook: str, book: Book, edition: str) -> list[str]:
    """What each showing cell of a notebook shows of a book in an edition, as HTML."""
    if book.parameters.edition != edition:
        book = replace(book, parameters=replace(book.parameters, edition=edition))
    names: dict[str, Any] = {"book": book}
    shown: list[str] = []
    for source in _code_cells(ROOT / "notebooks" / f"{notebook}.ipynb"):
        kept = "\n".join(line for line in source.splitlines() if not line.startswith("book = "))
        if kept.startswith("show("):
            shown.append(eval(kept, names)._repr_mimebundle_()["text/html"])  # noqa: S307 (a committed notebook)
        elif not kept.startswith("# Parameters"):
            exec(kept, names)  # noqa: S102 (a committed notebook)
    return shown


def _code_cells(file: Path) -> list[str]:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
