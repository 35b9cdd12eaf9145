"""Two processes on the same folders: the second waits, then is told who writes; the dead hold nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import lock, prepare, progress
from analysis.messages import AnalysisError
from tests.workbook_files import LEDGER, csv_file, ledger_row, project

HOLD = """
import sys, time
from pathlib import Path
from analysis.lock import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock of tmp_path."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_a_second_writer_is_told_who_holds_the_folder(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(AnalysisError) as refused, lock.only_writer(tmp_path, patience=0.1):
        pass
    assert refused.value.message.code == "locked"
    assert refused.value.message.values["process"] == holder.pid
    assert "20" in str(refused.value.message.values["since"])


def test_the_lock_of_a_killed_process_is_stale_and_its_unfinished_files_go(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    half = tmp_path / "hazards" / ".publishing-x.parquet"
    half.parent.mkdir()
    half.write_text("half")
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with lock.only_writer(tmp_path):
        assert not half.exists()
        assert json.loads((tmp_path / lock.NOTE).read_text(encoding="utf-8"))["process"] == os.getpid()
    assert not (tmp_path / lock.NOTE).exists()


def test_the_commands_take_the_lock(tmp_path: Path) -> None:
    """`prepare` and `run` as processes, while this one writes: both refuse, and nothing is changed."""
    folders = project(tmp_path)
    csv_file(folders.raw / "2023" / "台账.csv", [LEDGER, ledger_row()])
    words = ["--raw", str(folders.raw), "--processed", str(folders.processed)]
    moved = {"prepare": words, "run": [*words, "--reports", str(folders.reports)]}
    with lock.only_writer(folders.processed):
        started = {
            name: subprocess.Popen(
                [sys.executable, "-m", "analysis", name, "2023", *where], stderr=subprocess.PIPE, text=True
            )
            for name, where in moved.items()
        }
        told = {name: process.communicate()[1] for name, process in started.items()}
        assert {path.name for path in folders.processed.iterdir()} == {lock.LOCK, lock.NOTE}
    assert {name: process.returncode for name, process in started.items()} == {"prepare": 1, "run": 1}
    for text in told.values():
        assert str(os.getpid()) in text
        assert "Traceback" not in text


def test_checking_prepared_years_needs_no_lock(tmp_path: Path) -> None:
    folders = project(tmp_path)
    csv_file(folders.raw / "2023" / "台账.csv", [LEDGER, ledger_row()])
    prepare.prepare_year(folders, 2023)
    hold = [sys.executable, "-c", HOLD, str(folders.processed)]
    with subprocess.Popen(hold, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        other.stdout.readline()
        assert progress.checked(folders, 2023)
        other.kill()
