"""Bad files: each is loaded, put apart or refused with a message that helps; none crashes or hangs."""

from __future__ import annotations

import csv
import json
import multiprocessing
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from analysis import prepare
from analysis.messages import catalogue
from tests.robustness.corpus import cells, packages
from tests.robustness.corpus.case import Case, ledger_text
from tests.workbook_files import COUNTY, ledger_row, project

CASES = {case.name: case for case in [*packages.CASES, *cells.CASES]}
LIGHT = [name for name, case in CASES.items() if not case.heavy]
HEAVY = [name for name, case in CASES.items() if case.heavy]
SECONDS = 10
WAITING_SECONDS = 120
"""The same for what waits instead of working, generous since other tests share the machine."""
GIGABYTE = 10**9
_BESIDE = "良好台账.csv"


@contextmanager
def no_hang() -> Iterator[None]:
    """Break off what takes longer than a user would wait."""

    def broken(*_: object) -> None:
        raise TimeoutError(f"more than {SECONDS} s of work")

    before = {kind: signal.signal(kind, broken) for kind in (signal.SIGALRM, signal.SIGPROF)}
    signal.alarm(WAITING_SECONDS)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        for kind, handler in before.items():
            signal.signal(kind, handler)


def fate(case: Case, root: Path) -> dict[str, Any]:
    """Prepare a year of a sound ledger and the case's file; what became of it, as plain values."""
    folders = project(root)
    year = folders.raw / "2023"
    year.mkdir()
    sound = ledger_text(ledger_row(7777))
    (year / _BESIDE).write_text(sound, encoding="utf-8")
    case.make(year / case.file)
    with no_hang():
        (outcome,) = prepare.prepare_years(folders, [2023])
    messages = [[m.code, m.file, m.text("zh"), m.text("en")] for m in outcome.messages]
    if isinstance(outcome, prepare.Failure):
        return {"fate": "refused", "messages": messages, "lines": []}
    path = folders.processed / "quarantine" / "year=2023" / f"county={COUNTY}" / "part-0.csv"
    lines = list(csv.DictReader(path.open(encoding="utf-8-sig"))) if path.exists() else []
    assert outcome.tallies, "the sound ledger was lost"
    for tally in outcome.tallies:
        assert tally.read == tally.kept + tally.quarantined + tally.superseded + tally.dropped
    return {"fate": "quarantined" if lines else "loaded", "messages": messages, "lines": lines}


def judge(case: Case, found: dict[str, Any]) -> None:
    """The file met the fate it should, and its user is told where and what to do."""
    assert found["fate"] == case.fate, found
    told = [code for code, *_ in found["messages"]] if case.fate != "quarantined" else []
    told += [line["reason"] for line in found["lines"]]
    assert not case.code or case.code in told, told
    for line in found["lines"]:
        assert line["file"].lstrip("'").endswith(case.file)
        assert int(line["row"]) > 1
        assert line["message"]
    if case.fate == "refused":
        for code, file, chinese, english in found["messages"]:
            # A mapping can ask of another file what that file has not.
            assert file in (f"2023/{case.file}", f"2023/{_BESIDE}" if case.code == "" else None)
            assert catalogue()[code].action_zh
            assert catalogue()[code].action_en
            assert "Traceback" not in chinese + english


@pytest.mark.parametrize("name", LIGHT)
def test_a_bad_file_meets_its_fate(tmp_path: Path, name: str) -> None:
    judge(CASES[name], fate(CASES[name], tmp_path))


def _measured(name: str, root: str) -> None:
    """In a process of its own: the fate and the most memory it took beyond the package's own."""
    path = Path(root)
    found = fate(CASES[name], path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    (path / "found.json").write_text(json.dumps(found | {"peak": peak}))


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_file_floods_no_memory(tmp_path: Path, name: str) -> None:
    worker = multiprocessing.get_context("fork").Process(target=_measured, args=(name, str(tmp_path)))
    worker.start()
    worker.join(60)
    if worker.is_alive():
        worker.kill()
        pytest.fail("hangs")
    assert worker.exitcode == 0, f"aborted: {worker.exitcode}"
    found = json.loads((tmp_path / "found.json").read_text())
    judge(CASES[name], found)
    assert found["peak"] < GIGABYTE


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(CASES) >= 150
    assert len(CASES) == len(packages.CASES) + len(cells.CASES), "two cases of one name"


def test_all_codes_of_the_corpus_exist() -> None:
    assert {case.code for case in CASES.values()} - {""} <= set(catalogue())
