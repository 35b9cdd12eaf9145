"""A real scheduler and real workers on this machine: what happens when one of them is killed in mid-run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analysis.period import Period
from analysis.run import cluster, jobs, record
from analysis.run.jobs import Report
from analysis.run.plan import Request
from analysis.settings import Folders

NAME = "1_sector_imbalance"
SHOW = """
from analysis.report.display import Show, Text
Show("internal")(Text("完成"))
"""
KILL_ONCE = """
import os, signal, time
from multiprocessing import parent_process
from pathlib import Path
mark = Path({mark!r})
if year == 2022 and not mark.exists():
    mark.write_text("killed")
    os.kill({victim}, signal.SIGKILL)
    time.sleep(60)
"""
COUNT = """
from pathlib import Path
import pandas as pd
from analysis import counted
counted.once("甲县", lambda: (Path({mark!r}).open("a").write("x"), pd.DataFrame({{"value": [1]}}))[1])
"""
Write = Callable[..., Path]


@contextmanager
def dask(folder: Path, workers: int) -> Iterator[tuple[str, int]]:
    """A scheduler with workers of one thread each, ended after; its address and its process."""
    if not _installed():
        pytest.skip("distributed is not installed")
    folder.mkdir()
    contact = folder / "scheduler.json"
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "false"}
    processes: list[subprocess.Popen[bytes]] = []

    def start(command: str, *words: str) -> None:
        line = [
            sys.executable,
            "-m",
            "dask",
            command,
            *words,
            "--scheduler-file",
            str(contact),
            "--no-dashboard",
        ]
        with (folder / f"{command}{len(processes)}.log").open("wb") as log:
            processes.append(
                subprocess.Popen(line, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
            )

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", "0")
        for _ in range(workers):
            start("worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        yield _address(contact), processes[0].pid
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _installed() -> bool:
    try:
        import distributed  # noqa: F401
    except ImportError:
        if os.environ.get("CI") == "true":
            pytest.fail("distributed is not installed: make test installs requirements-province.lock")
        return False
    return True


def _address(contact: Path) -> str:
    import json

    for _ in range(600):
        if contact.exists() and (text := contact.read_text(encoding="utf-8")):
            return str(json.loads(text)["address"])
        time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")


@pytest.fixture
def three_years(project: Folders) -> Folders:
    """The small project with the same ledger in three years, prepared."""
    for year in ("2021", "2022"):
        shutil.copytree(project.raw / "2023", project.raw / year)
        ledger = project.raw / year / "台账.csv"
        ledger.write_text(ledger.read_text(encoding="utf-8").replace("2023-", f"{year}-"), encoding="utf-8")
    return project


def run(folders: Folders, scheduler: str = "", workers: int = 0) -> Report:
    request = Request(Period.parse("2021-2023"), (NAME,), scheduler=scheduler, workers=workers)
    return jobs.run(request, folders, lambda *_: None)


def test_jobs_of_a_killed_worker_run_on_another(
    three_years: Folders, notebook: Write, tmp_path: Path
) -> None:
    """Every report is there once, none failed, and nothing of the attempt that was cut off is left."""
    mark = tmp_path / "killed"
    notebook(NAME, KILL_ONCE.format(mark=str(mark), victim="parent_process().pid"), SHOW)
    with dask(tmp_path / "dask", workers=2) as (address, _):
        report = run(three_years, address)
    assert mark.exists(), "no worker was killed"
    assert report.well, (report.errors, report.failed)
    assert sorted(file.parent.name for file in three_years.reports.glob(f"*/{NAME}.html")) == [
        "2021",
        "2022",
        "2023",
    ]
    assert len(report.done) == 3
    assert not (three_years.reports / cluster.ATTEMPTS).exists()
    assert run(three_years).up_to_date == 3


def test_workers_count_once_what_the_reports_of_a_run_need_alike(
    three_years: Folders, notebook: Write, tmp_path: Path
) -> None:
    """As on one machine, through a folder that the run takes away."""
    mark = tmp_path / "counted"
    notebook(NAME, COUNT.format(mark=str(mark)), SHOW)
    with dask(tmp_path / "dask", workers=2) as (address, _):
        report = run(three_years, address)
    assert report.well, (report.errors, report.failed)
    assert mark.read_text(encoding="utf-8") == "x"
    assert not (three_years.reports / cluster.ATTEMPTS).exists()


def test_after_a_lost_scheduler_only_the_rest_runs(
    three_years: Folders, notebook: Write, tmp_path: Path
) -> None:
    """What was finished before the scheduler died counts; the same command does what is missing."""
    with dask(tmp_path / "dask", workers=1) as (address, scheduler):
        notebook(NAME, KILL_ONCE.format(mark=str(tmp_path / "killed"), victim=scheduler), SHOW)
        report = run(three_years, address)
    assert [error.message.code for error in report.errors] == ["scheduler_lost"]
    finished = {entry.parent.name for entry in record.files(three_years.reports)}
    assert len(finished) == len(report.done)
    assert "2022" not in finished
    resumed = run(three_years, workers=2)
    assert resumed.well
    assert (resumed.up_to_date, len(resumed.done)) == (len(finished), 3 - len(finished))


def test_an_absent_scheduler_is_told(
    three_years: Folders, notebook: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not _installed():
        pytest.skip("distributed is not installed")
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 0.5)
    notebook(NAME, SHOW)
    report = run(three_years, "tcp://127.0.0.1:1")
    assert [error.message.code for error in report.errors] == ["scheduler_unreachable"]


def test_what_a_late_attempt_writes_changes_no_report(tmp_path: Path) -> None:
    """Only the attempt that was waited for is moved into place; another one stays apart and is swept."""
    from analysis.publish import adopt

    attempts, home = tmp_path / cluster.ATTEMPTS, tmp_path / "2023"
    for name, text in (("first", "有效"), ("late", "迟到")):
        (attempts / name / "notebooks").mkdir(parents=True)
        (attempts / name / "a.html").write_text(text, encoding="utf-8")
    adopt(attempts / "first", home)
    assert (home / "a.html").read_text(encoding="utf-8") == "有效"
    with cluster._emptied(attempts):
        assert not attempts.exists()
    assert (home / "a.html").read_text(encoding="utf-8") == "有效"
