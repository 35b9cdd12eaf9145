"""The year's report from one command, as an analyst runs it, on the sample county.

The published figures of 2023 (140 major hazards of one campaign, 42 of them self-reported, 98 found by
departments, 101 rectified by the document's cutoff) must stand in the sector report, counted from rows.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pypdfium2
import pytest

from analysis import vocabulary
from tests.conftest import ROOT

WIDTH = "document.documentElement.scrollWidth"
TYPE_AREA = 650
"""Pixels between the margins of A4: 172 mm."""
ANALYSIS = [sys.executable, "-m", "analysis"]


def command(
    *words: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would, from another folder than the project's."""
    return subprocess.run(
        list(map(str, words)),
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with data/processed and reports of 2023, made by `analysis run 2023`."""
    folder = tmp_path_factory.mktemp("year")
    done = command(*ANALYSIS, "run", "2023", *moved(folder), cwd=folder)
    assert done.returncode == 0, done.stderr
    yield folder


def moved(folder: Path) -> list[str | Path]:
    return ["--processed", folder / "processed", "--reports", folder / "reports"]


def reports(folder: Path) -> list[Path]:
    return sorted((folder / "reports").rglob("*.html"))


class Tables(HTMLParser):
    """The rows of a page's tables, as lists of cells."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        self._cell = tag in ("td", "th")
        if self._cell and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def test_every_registered_report_and_the_index_are_written(year: Path) -> None:
    names = {path.name for path in reports(year)}
    of_county = [name for name, notebook in vocabulary.notebooks().items() if notebook.scope == "county"]
    assert names == {"index.html", *(f"{name}.html" for name in of_county)}
    written = json.loads((year / "reports" / "2023" / "run.json").read_text(encoding="utf-8"))
    assert {notebook["status"] for notebook in written["notebooks"]} == {"done"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", entry["sha256"]) for entry in written["inputs"])


def test_the_published_figures_stand_in_the_sector_report(year: Path) -> None:
    page = Tables()
    page.feed((year / "reports" / "2023" / "1_sector_imbalance.html").read_text(encoding="utf-8"))
    campaign = vocabulary.campaigns()["major_hazard_2023"].name_zh
    (row,) = [row for row in page.rows if row and row[0] == campaign]
    assert row[1:5] == ["140", "42", "98", "101"]


def test_reports_are_offline_marked_and_name_no_machine(year: Path) -> None:
    for path in reports(year):
        text = path.read_text(encoding="utf-8")
        assert "示例数据" in text, "invented data must be marked"
        assert "Content-Security-Policy" in text
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text), path.name
        assert text.count("<script") == (path.name == "index.html"), "the index's search alone"
        assert path.stat().st_size <= 1_500_000
    texts = [path.read_text(encoding="utf-8") for path in (year / "reports").rglob("*") if path.is_file()]
    for place in (str(year), str(ROOT), str(Path.home()) + "/", sys.prefix):
        assert not any(place in text for text in texts)


def test_leaders_get_one_page_in_few_bytes(year: Path, browser: Any, tmp_path: Path) -> None:
    """The brief with the year's findings is at most 400 kB and one page of A4 with two lines to spare."""
    brief = year / "reports" / "2023" / "6_leadership_brief.html"
    assert brief.stat().st_size <= 400_000
    room = "<style>@media print { main { padding-bottom: 8mm !important } }</style></head>"
    fuller = tmp_path / "fuller.html"
    fuller.write_text(brief.read_text(encoding="utf-8").replace("</head>", room), encoding="utf-8")
    assert pages(browser, fuller, tmp_path) == 1


def test_reports_hold_in_a_browser(year: Path, browser: Any, tmp_path: Path) -> None:
    """Every report: a silent console, no request, no sideways scrolling, nothing wider than the paper."""
    for path in reports(year):
        page = browser.new_page(viewport={"width": 360, "height": 800})
        troubles: list[str] = []
        page.on("console", lambda message, to=troubles: to.append(message.text))
        page.on("request", lambda request, to=troubles: to.append(request.url))
        page.goto(path.as_uri())
        told = [what for what in troubles[1:] if not what.startswith("data:")]
        assert (path.name, told, page.evaluate(WIDTH)) == (path.name, [], 360)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": TYPE_AREA, "height": 980})
        assert (path.name, page.evaluate(WIDTH)) == (path.name, TYPE_AREA)
        page.close()


def pages(browser: Any, path: Path, folder: Path) -> int:
    """How many pages of A4 a report prints on."""
    page = browser.new_page()
    page.goto(path.as_uri())
    page.pdf(path=folder / "printed.pdf", prefer_css_page_size=True)
    page.close()
    return len(pypdfium2.PdfDocument(folder / "printed.pdf"))


def test_a_second_run_finds_nothing_to_do(year: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in reports(year) if path.name != "index.html"}
    done = command(*ANALYSIS, "run", "2023", *moved(year), cwd=year)
    assert done.returncode == 0, done.stderr
    assert before == {path: path.stat().st_mtime_ns for path in reports(year) if path.name != "index.html"}


def test_bad_usage_is_refused_before_anything_runs(tmp_path: Path) -> None:
    for words in (["run", "2023", "-p", "yaer", "2023"], ["run", "2023", "-n", "nothing"], ["run", "23"]):
        done = command(*ANALYSIS, *words, *moved(tmp_path), cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        assert not (tmp_path / "reports").exists()


def test_a_folder_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("stands where a folder should be")
    done = command(*ANALYSIS, "prepare", "2019", "--processed", tmp_path / "file" / "deep", cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def papermill(year: Path, output: Path, *parameters: str) -> subprocess.CompletedProcess[str]:
    notebook = ROOT / "notebooks" / "1_sector_imbalance.ipynb"
    words = ["-m", "papermill", notebook, output, "-p", "processed", year / "processed", *parameters]
    return command(sys.executable, *words, cwd=output.parent)


def test_plain_papermill_runs_a_notebook_from_any_folder(year: Path, tmp_path: Path) -> None:
    done = papermill(year, tmp_path / "out.ipynb", "-p", "year", "2022")
    assert done.returncode == 0, done.stderr[-2000:]
    assert nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[-1].outputs


def test_the_first_cell_refuses_an_unknown_parameter_under_plain_papermill(
    year: Path, tmp_path: Path
) -> None:
    done = papermill(year, tmp_path / "out.ipynb", "-p", "yaer", "2022")
    assert done.returncode == 1
    assert "baseline_years" in done.stderr, "the allowed names are told"
