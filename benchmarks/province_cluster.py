"""How much more two Dask workers of one core each do than one, on the county-years of invented counties.

One worker and two take turns, so that the machine's drift meets both. Beside each turn stands what the
machine itself gives to two processes that share nothing: no scheduler can do better.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.robustness.small_project import small_project

from analysis.settings import Folders

ROOT = Path(__file__).parents[1]
YEARS = range(2020, 2024)
FIRST_COUNTY = "990001"
TURNS = 3
PLAIN_WORK = "sum(n * n % 7 for n in range(30_000_000))"


def measure(folder: Path, county_years: int) -> None:
    """Write the reports of so many county-years on one worker and on two, in turns, and print the ratios."""
    folders = _prepared(folder, county_years // len(YEARS))
    ratios = [_turn(folders, folder / f"turn{turn}", turn) for turn in range(TURNS)]
    print(f"{county_years} county-years, two workers against one: median {statistics.median(ratios):.2f}")


def _turn(folders: Folders, home: Path, turn: int) -> float:
    """How many times the throughput of one worker two have; every other turn begins with two."""
    machine = _machine()
    taken = {
        workers: _taken(folders, home / str(workers), workers) for workers in ((2, 1) if turn % 2 else (1, 2))
    }
    ratio = taken[1] / taken[2]
    print(
        f"one worker {taken[1]:.1f} s, two {taken[2]:.1f} s: {ratio:.2f}; "
        f"two plain processes against one: {machine:.2f}",
        flush=True,
    )
    return ratio


def _taken(folders: Folders, home: Path, workers: int) -> float:
    """Seconds that the workers need for all years, their servers of notebooks warm."""
    with _dask(home / "dask", workers) as address:
        _run(folders, home / "warm", FIRST_COUNTY, address)
        started = time.perf_counter()
        _run(folders, home / "reports", "each", address)
        return time.perf_counter() - started


def _machine() -> float:
    """The throughput of two processes that share nothing, in that of one."""
    taken = {}
    for count in (1, 2):
        started = time.perf_counter()
        loops = [subprocess.Popen([sys.executable, "-c", PLAIN_WORK]) for _ in range(count)]
        for loop in loops:
            loop.wait()
        taken[count] = time.perf_counter() - started
    return 2 * taken[1] / taken[2]


def _prepared(folder: Path, counties: int) -> Folders:
    """A small ledger for each county and year, and the notebooks."""
    folders = small_project(folder, YEARS, counties=counties, rows=200)
    for notebook in (ROOT / "notebooks").glob("[1-9]_*.ipynb"):
        shutil.copy(notebook, folders.notebooks)
    _analysis(folders, "prepare", f"{YEARS[0]}-{YEARS[-1]}")
    return folders


def _run(folders: Folders, reports: Path, county: str, address: str) -> None:
    period = f"{YEARS[0]}-{YEARS[-1]}"
    _analysis(folders, "run", period, "--county", county, "--reports", str(reports), "--scheduler", address)


def _analysis(folders: Folders, *words: str) -> None:
    moved = ["--raw", str(folders.raw), "--processed", str(folders.processed)]
    environment = {**os.environ, "ANALYSIS_ROOT": str(folders.root)}
    subprocess.run(
        [sys.executable, "-m", "analysis", *words, *moved],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def _dask(folder: Path, workers: int) -> Iterator[str]:
    """The address of a scheduler with workers of one core each, as docs/province.md starts them."""
    folder.mkdir(parents=True)
    contact = folder / "scheduler.json"
    words = [sys.executable, "-m", "dask"]
    shared = ["--scheduler-file", str(contact), "--no-dashboard", "--host", "127.0.0.1"]
    lines = [[*words, "scheduler", "--port", "0", *shared]]
    lines += [[*words, "worker", "--nthreads", "1", "--no-nanny", *shared]] * workers
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false"}
    processes = [
        subprocess.Popen(line, cwd=folder, env=environment, stderr=subprocess.DEVNULL) for line in lines
    ]
    for core, worker in enumerate(processes[1:]):
        os.sched_setaffinity(worker.pid, {core})
    try:
        while not (contact.exists() and contact.stat().st_size):
            time.sleep(0.1)
        yield str(json.loads(contact.read_text(encoding="utf-8"))["address"])
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


if __name__ == "__main__":
    measure(Path(sys.argv[1]), int(sys.argv[2]))
