"""Runs: a failing notebook stops no other, is told with its cell, and leaves no half report."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.messages import AnalysisError
from analysis.period import Period
from analysis.run import jobs
from analysis.run.executor import without_paths
from analysis.run.plan import Request
from analysis.settings import Folders

GOOD, BAD = "1_sector_imbalance", "2_enforcement_trend"
SHOW = "from analysis.book import open_book\nbook = open_book(globals())"
DRAW = """
from analysis.report.display import Headline, Show
Show("internal")(Headline("found", "发现隐患", len(book.hazards)))
"""


def run(folders: Folders, *names: str) -> jobs.Report:
    return jobs.run(Request((Period(2023),), names), folders, lambda *_: None)


def test_one_failing_notebook_does_not_stop_the_others(
    project: Folders, notebook: Callable[..., Path]
) -> None:
    notebook(GOOD, SHOW, DRAW)
    notebook(BAD, SHOW, f"raise RuntimeError('broken in {project.root}')")
    report = run(project, GOOD, BAD)

    assert not report.well
    assert [outcome.name for outcome in report.done] == [GOOD]
    assert "发现隐患" in (project.reports / "2023" / f"{GOOD}.html").read_text(encoding="utf-8")

    (failed,) = report.failed
    assert failed.failed_cell == 4, "parameters, those injected, opening, and the one that raises"
    assert "broken in" in (failed.error or "")
    assert not (project.reports / "2023" / f"{BAD}.html").exists()

    kept = (project.reports / "2023" / "notebooks" / f"{BAD}.ipynb").read_text(encoding="utf-8")
    written = json.loads((project.reports / "2023" / "run.json").read_text(encoding="utf-8"))
    index = (project.reports / "index.html").read_text(encoding="utf-8")
    assert "RuntimeError" in kept
    assert {entry["name"]: entry["status"] for entry in written["notebooks"]} == {GOOD: "done", BAD: "failed"}
    assert "broken in" in index
    for text in (kept, json.dumps(written), index):
        assert str(project.root) not in text, "a path of the machine"


def test_a_worker_that_dies_fails_its_own_notebook_only(
    project: Folders, notebook: Callable[..., Path]
) -> None:
    """Killed for want of memory, say: the others run all the same."""
    notebook(GOOD, SHOW, DRAW)
    notebook(BAD, SHOW, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    report = run(project, GOOD, BAD)
    assert [outcome.name for outcome in report.done] == [GOOD]
    assert [outcome.name for outcome in report.failed] == [BAD]


def test_a_bad_file_leaves_earlier_data_and_reports_as_they_were(
    project: Folders, notebook: Callable[..., Path]
) -> None:
    notebook(GOOD, SHOW, DRAW)
    assert run(project, GOOD).well
    before = {path: path.read_bytes() for path in project.processed.rglob("*") if path.is_file()}
    report_before = (project.reports / "2023" / f"{GOOD}.html").read_bytes()

    (project.raw / "2023" / "坏.xlsx").write_bytes(b"not a workbook")
    report = run(project, GOOD)
    assert "坏.xlsx" in str(report.errors[0])
    assert before == {path: path.read_bytes() for path in project.processed.rglob("*") if path.is_file()}
    assert report_before == (project.reports / "2023" / f"{GOOD}.html").read_bytes()


def test_a_year_without_files_does_not_stop_the_others(
    project: Folders, notebook: Callable[..., Path]
) -> None:
    notebook(GOOD, SHOW, DRAW)
    report = jobs.run(Request((Period(2022), Period(2023)), (GOOD,)), project, lambda *_: None)
    assert [type(error) for error in report.errors] == [AnalysisError]
    assert [outcome.name for outcome in report.done] == [GOOD]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('File "/srv/项目/src/a.py"', 'File "<project>/src/a.py"'),
        ("/srv/项目二/a.py", "/srv/项目二/a.py"),
        ("at /srv/项目", "at <project>"),
    ],
)
def test_paths_are_replaced_whole(text: str, expected: str) -> None:
    assert without_paths(text, Path("/srv/项目")) == expected


def test_only_the_internal_record_names_files_and_errors(
    project: Folders, notebook: Callable[..., Path]
) -> None:
    """An error's text may hold an enterprise's name; the cell that failed is told in every edition."""
    notebook(GOOD, SHOW, "raise RuntimeError('示例甲厂')")
    for edition in ("internal", "public"):
        jobs.run(Request((Period(2023),), (GOOD,), given={"edition": edition}), project, lambda *_: None)
    internal = (project.reports / "2023" / "run.json").read_text(encoding="utf-8")
    public = (project.reports / "public" / "2023" / "run.json").read_text(encoding="utf-8")
    kept = (project.reports / "public" / "2023" / "notebooks" / f"{GOOD}.ipynb").read_text(encoding="utf-8")
    assert "示例甲厂" in internal
    assert "台账.csv" in internal
    assert json.loads(public)["notebooks"][0]["failed_cell"] == 4
    assert "台账.csv" not in public
    for text in (public, kept.replace("raise RuntimeError('示例甲厂')", "")):
        assert "示例甲厂" not in text
