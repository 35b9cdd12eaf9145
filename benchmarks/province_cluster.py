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

from tests.robustness.small_project import NOTEBOOK, small_project

ROOT = Path(__file__).resolve().parents[1]
YEARS = (2020, 2021, 2022, 2023)


def measure(folder: Path, county_years: int) -> None:
    """Run the sector report of so many county-years on one worker and on two, and print the times."""
    counties = county_years // len(YEARS)
    folders = small_project(folder, YEARS, counties=counties, rows=200)
    shutil.copy(ROOT / "notebooks" / f"{NOTEBOOK}.ipynb", folders.notebooks)
    words = ["--raw", str(folders.raw), "--processed", str(folders.processed)]
    for year in YEARS:
        _analysis(folder, "prepare", str(year), *words)
    taken = {}
    for workers in (1, 2):
        with _dask(folder / f"dask{workers}", workers) as address:
            shutil.rmtree(folders.reports, ignore_errors=True)
            run = ["run", f"{YEARS[0]}-{YEARS[-1]}", "--county", "each", "-n", NOTEBOOK, *words]
            _analysis(
                folder,
                *run[:1],
                str(YEARS[0]),
                *run[2:],
                "--reports",
                f"{folder}/warm",
                "--scheduler",
                address,
            )
            started = time.perf_counter()
            _analysis(folder, *run, "--reports", str(folders.reports), "--scheduler", address)
            taken[workers] = time.perf_counter() - started
        print(
            f"{workers} worker(s): {taken[workers]:.1f} s, {60 * county_years / taken[workers]:.1f} a minute"
        )
    print(f"two against one: {taken[1] / taken[2]:.2f}")


def _analysis(folder: Path, *words: str) -> None:
    environment = {**os.environ, "ANALYSIS_ROOT": str(folder)}
    subprocess.run(
        [sys.executable, "-m", "analysis", *words], check=True, env=environment, capture_output=True
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
