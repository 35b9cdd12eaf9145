"""Old workbooks are read in a process apart: what ends that process is refused, and this one goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.messages import AnalysisError
from analysis.sources import workbooks, xls_process
from tests.workbook_files import LEDGER, ledger_row, xls

_LABEL = b"\xfd\x00\x0a\x00"
"""BIFF8 record LABELSST: id and length; row and column follow, two bytes each."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return xls(tmp_path / "旧.xls", {"台账": [LEDGER, ledger_row()]})


def refused(path: Path) -> str:
    with pytest.raises(AnalysisError) as caught:
        workbooks.read(path, path.name)
    assert caught.value.message.file == path.name
    return caught.value.message.code


def test_a_cell_at_the_far_corner_that_the_extents_do_not_tell(
    old: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Row and column 65,535: the reader asks for the room between, and its process ends; it says nothing."""
    content = old.read_bytes()
    at = content.index(_LABEL) + len(_LABEL)
    old.write_bytes(content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :])
    assert refused(old) == "workbook_damaged"
    assert capfd.readouterr().err == ""


def instead(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """Run other code in the place of the reader."""
    script = folder / "reader.py"
    script.write_text(code, encoding="utf-8")
    monkeypatch.setattr(xls_process, "__file__", str(script))


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.abort()",
        "import sys; sys.stdout.write('half')",
        "pass",
        "import pickle, sys, pathlib; pickle.dump(pathlib.Path('x'), sys.stdout.buffer)",
    ],
    ids=["aborted", "garbled", "silent", "an object that is no cell"],
)
def test_whatever_the_other_process_does_is_a_refusal(
    old: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    instead(monkeypatch, old.parent, code)
    assert refused(old) == "workbook_damaged"


def test_the_other_process_is_told_nothing_of_this_one(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the environment can lead it to other code."""
    monkeypatch.setenv("PYTHONSTARTUP", "x")
    monkeypatch.setenv("PYTHONPATH", str(old.parent))
    (old.parent / "python_calamine.py").write_text("raise SystemExit(3)", encoding="utf-8")
    (sheet,) = workbooks.read(old, old.name).sheets
    assert list(sheet.cells[0]) == list(LEDGER)
