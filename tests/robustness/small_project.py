"""A small project of any number of counties and years with one short notebook, and what its runs leave."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from pyarrow import parquet

from analysis.settings import Folders
from tests.workbook_files import LEDGER, csv_file, ledger_row, project

NOTEBOOK = "1_sector_imbalance"
_PARAMETERS = (
    '# Parameters\nyear = 2023\nperiod = ""\ncounty = ""\nas_of = ""\nbaseline_years = 5\n'
    'edition = "internal"\nprocessed = ""\n'
)
_OPEN = "from analysis.book import open_book\nbook = open_book(globals())"
_SHOW = """
from analysis.report.display import Headline, Show
Show("internal")(Headline("found", "发现隐患", len(book.hazards)))
"""
_VOLATILE = re.compile(r"<(div|p)[^>]* data-volatile>.*?</\1>", re.DOTALL)
_VOLATILE_KEYS = {"started", "seconds"}


def small_project(root: Path, years: Iterable[int], counties: int = 1, rows: int = 3) -> Folders:
    """Write its raw files and notebook; each county has a folder where there are several."""
    codes = [f"99{number:04d}" for number in range(1, counties + 1)]
    folders = project(root, "".join(f"{code},示例{code}县,yes\n" for code in codes))
    for year in years:
        for code in codes:
            home = folders.raw / str(year) / (code if counties > 1 else "")
            found = {"发现日期": f"{year}-05-26"}
            csv_file(home / "台账.csv", [LEDGER, *(ledger_row(n + 1, **found) for n in range(rows))])
    _notebook(folders.notebooks / f"{NOTEBOOK}.ipynb")
    return folders


def _notebook(path: Path) -> None:
    parameters = nbformat.v4.new_code_cell(_PARAMETERS, metadata={"tags": ["parameters"]}, id="parameters")
    cells = [nbformat.v4.new_code_cell(cell, id=f"cell-{n}") for n, cell in enumerate((_OPEN, _SHOW))]
    content = nbformat.v4.new_notebook(cells=[parameters, *cells])
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(exist_ok=True)
    nbformat.write(content, path)


def analysis(folders: Folders, *words: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start a command on the project's folders, in a session of its own; see ``told``."""
    moved = ["--raw", folders.raw, "--processed", folders.processed]
    moved += ["--reports", folders.reports, "-n", NOTEBOOK] if words[0] == "run" else []
    with _told(folders).open("wb") as printed:
        return subprocess.Popen(
            [sys.executable, "-m", "analysis", *words, *map(str, moved)],
            stdout=printed,
            stderr=subprocess.STDOUT,
            env={**os.environ, "ANALYSIS_ROOT": str(folders.root), **environment},
            start_new_session=True,
        )


def _told(folders: Folders) -> Path:
    return folders.root / "told.txt"


def told(folders: Folders) -> str:
    """What the last command printed."""
    return _told(folders).read_text(encoding="utf-8", errors="replace")


def completed(folders: Folders, *words: str, **environment: str) -> None:
    """Run a command to its end; it must end well."""
    assert analysis(folders, *words, **environment).wait() == 0, told(folders)


def results(folders: Folders) -> dict[str, bytes]:
    """All that was written, by name; less what states run time and what changed, and files' times."""
    found = {}
    for place in (folders.processed, folders.reports):
        for path in sorted(path for path in place.rglob("*") if path.is_file()):
            found[f"{place.name}/{path.relative_to(place).as_posix()}"] = steady(path)
    return found


def discard(folders: Folders) -> None:
    """Take away all that was written: the next run starts from nothing."""
    for place in (folders.processed, folders.reports):
        shutil.rmtree(place, ignore_errors=True)


def steady(path: Path) -> bytes:
    """A file's content without what may differ between two runs of the same."""
    content = path.read_bytes()
    if path.suffix == ".html":
        return _VOLATILE.sub("", content.decode("utf-8")).encode()
    if path.suffix == ".json":
        return json.dumps(_without_times(json.loads(content)), sort_keys=True).encode()
    return content


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_times(inner)
            for key, inner in value.items()
            if key not in _VOLATILE_KEYS | {"mtime_ns"}
        }
    return [_without_times(inner) for inner in value] if isinstance(value, list) else value


def check_whole(folders: Folders) -> int:
    """Open every published file, and no unfinished work; none may be half. How many there are."""
    whole = 0
    for place in (folders.processed, folders.reports):
        for path in place.rglob("*") if place.exists() else ():
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(place).parts):
                _open(path)
                whole += 1
    return whole


def _open(path: Path) -> None:
    if path.suffix == ".parquet":
        parquet.read_table(path)
    elif path.suffix == ".html":
        assert path.read_text(encoding="utf-8").rstrip().endswith("</html>"), path
    else:
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n"), path
        if path.suffix in (".json", ".ipynb"):
            json.loads(text)
