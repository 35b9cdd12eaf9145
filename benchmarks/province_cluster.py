"""How much more two Dask workers of one core each do than one, on the county-years of invented counties."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ways import NOTEBOOKS
from tests.robustness.small_project import small_project

from analysis.settings import Folders

YEARS = (2020, 2021, 2022, 2023)


def measure(folder: Path, county_years: int) -> None:
    """Write the reports of so many county-years on one worker and on two, and print the times."""
    folders = _prepared(folder, county_years // len(YEARS))
    taken = {}
    for workers in (1, 2):
        with _dask(folder / f"dask{workers}", workers) as address:
            _run(folders, folder / f"warm{workers}", str(YEARS[0]), address)
            started = time.perf_counter()
            reports = _run(folders, folder / f"reports{workers}", f"{YEARS[0]}-{YEARS[-1]}", address)
            taken[workers] = time.perf_counter() - started
        print(
            f"{workers} worker(s): {reports} reports of {county_years} county-years in {taken[workers]:.1f} s"
        )
    print(f"two against one: {taken[1] / taken[2]:.2f}")


def _prepared(folder: Path, counties: int) -> Folders:
    """A small ledger for each county and year, and the notebooks of a county's year."""
    folders = small_project(folder, YEARS, counties=counties, rows=200)
    for notebook in NOTEBOOKS:
        shutil.copy(notebook, folders.notebooks)
    _analysis(folders, "prepare", f"{YEARS[0]}-{YEARS[-1]}")
    return folders


def _run(folders: Folders, reports: Path, period: str, address: str) -> int:
    """Write all counties' reports of a period; how many."""
    _analysis(folders, "run", period, "--county", "each", "--reports", str(reports), "--scheduler", address)
    return len([report for report in reports.rglob("*.html") if report.name != "index.html"])


def _analysis(folders: Folders, *words: str) -> None:
    moved = ["--raw", str(folders.raw), "--processed", str(folders.processed)]
    environment = {**os.environ, "ANALYSIS_ROOT": str(folders.root)}
    subprocess.run(
        [sys.executable, "-m", "analysis", *words, *moved], check=True, env=environment, capture_output=True
    )


@contextmanager
def _dask(folder: Path, workers: int) -> Iterator[str]:
    folder.mkdir(parents=True, exist_ok=True)
    contact = folder / "scheduler.json"
    words = [sys.executable, "-m", "dask"]
    shared = ["--scheduler-file", str(contact), "--no-dashboard", "--host", "127.0.0.1"]
    lines = [[*words, "scheduler", "--port", "0", *shared]]
    lines += [[*words, "worker", "--nthreads", "1", "--no-nanny", *shared]] * workers
    processes = [subprocess.Popen(line, cwd=folder, stderr=subprocess.DEVNULL) for line in lines]
    try:
        while not (contact.exists() and contact.stat().st_size):
            time.sleep(0.1)
        yield str(json.loads(contact.read_text(encoding="utf-8"))["address"])
    finally:
        for process in processes:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    measure(Path(sys.argv[1]), int(sys.argv[2]))
