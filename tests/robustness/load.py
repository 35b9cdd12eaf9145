"""Many county-years in one run: no failure, and neither memory nor open files grow with them.

    python -m tests.robustness.load 1000

Memory and files are those of the command with all its workers, looked at while they prepare and while they
write reports. The first third of either warms up; what is held in its last third is compared with what was
held in its second.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.robustness.small_project import analysis, check_whole, small_project, told

YEAR = 2023
GROWTH = 1.25
"""Workers start and end while it is measured; a leak over a thousand county-years is far above this."""


@dataclass
class Held:
    """Megabytes and open files, in the middle and at the end."""

    megabytes: tuple[float, float]
    files: tuple[float, float]


@dataclass
class Load:
    """What a run held while it prepared and while it wrote; reports written; seconds."""

    reports: int
    seconds: float
    preparing: Held
    writing: Held


def run_many(root: Path, counties: int) -> Load:
    """One year of that many counties on two workers; every one must have its report."""
    folders = small_project(root, [YEAR], counties)
    started = time.monotonic()
    seen: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    process = analysis(folders, "run", str(YEAR), "--county", "each", "--jobs", "2")
    while process.poll() is None:
        seen[(folders.reports / str(YEAR)).is_dir()].append(_held(process.pid))
        time.sleep(0.2)
    assert process.returncode == 0, told(folders)
    check_whole(folders)
    reports = len(list(folders.reports.glob(f"{YEAR}/*/*.html")))
    assert reports == counties
    return Load(
        reports, round(time.monotonic() - started, 1), _over_time(seen[False]), _over_time(seen[True])
    )


def _held(pid: int) -> tuple[float, float]:
    """Megabytes and open files of a process and all below it."""
    megabytes, files = 0.0, 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0, 0.0
    for one in family:
        try:
            megabytes += one.memory_info().rss / 2**20
            files += one.num_fds()
        except psutil.Error:
            continue
    return megabytes, files


def _over_time(seen: list[tuple[float, float]]) -> Held:
    memory, files = ([one[which] for one in seen] or [0.0] for which in (0, 1))
    return Held(_thirds(memory), _thirds(files))


def _thirds(values: list[float]) -> tuple[float, float]:
    """The medians of the second and of the last third."""
    third = max(1, len(values) // 3)
    return statistics.median(values[third : 2 * third] or values), statistics.median(values[-third:])


def require_no_growth(load: Load) -> None:
    """Refuse a run that held more at an end than in the middle before it."""
    for held in (load.preparing, load.writing):
        for middle, end in (held.megabytes, held.files):
            assert end <= middle * GROWTH, load


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        done = run_many(Path(folder), int(sys.argv[1]))
        sys.stdout.write(f"{done}\n")
        require_no_growth(done)
