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
    given = replace(book, parameters=replace(book.parameters, edition=edition))
    names: dict[str, Any] = {"book": given}
    words = []
    for source in _code_cells(ROOT / "notebooks" / f"{notebook}.ipynb"):
        kept = "\n".join(line for line in source.splitlines() if not line.startswith("book = "))
        if kept.startswith("show("):
            html = eval(kept, names)._repr_mimebundle_()["text/html"]  # noqa: S307 (a committed notebook)
            words.append(re.sub(r"<[^>]+>", " ", html))
        elif not kept.startswith("# Parameters"):
            exec(kept, names)  # noqa: S102 (a committed notebook)
    return "\n".join(words)


def _code_cells(file: Path) -> list[str]:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
