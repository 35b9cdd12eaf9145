"""Kills `analysis run` at random moments and runs it again: nothing half, nothing lost, the same result.

    python -m tests.robustness.kills 100

A round kills a run of 2019-2024, then what is left of it, and so on until one is let to end; what that leaves
is compared with an undisturbed run, byte for byte. Only the command's own process is killed, as the system
does when memory is short: its workers must notice, and end.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from analysis.settings import Folders
from tests.robustness.small_project import analysis, check_whole, completed, discard, results, small_project

YEARS = range(2019, 2025)
PERIOD = "2019-2024"
GRACE_SECONDS = 60
"""How long an orphan may take to notice that it is one. A kernel looks every second, but a process that still
loads its libraries cannot look, and on a machine with much other work that takes its time."""
KILLS_A_ROUND = 5


@dataclass
class Outcome:
    """What was done: kills that met a living run, rounds compared, files opened after kills."""

    kills: int = 0
    rounds: int = 0
    files: int = 0
    orphan_seconds: float = 0.0


def kill_often(root: Path, kills: int, seed: int = 0) -> Outcome:
    """Kill runs as often as asked; every assertion that fails names what broke."""
    chance, outcome = random.Random(seed), Outcome()  # noqa: S311
    folders = small_project(root, YEARS)
    started = time.monotonic()
    completed(folders, "run", PERIOD)
    lasted = time.monotonic() - started
    expected = results(folders)
    while outcome.kills < kills:
        discard(folders)
        until = min(outcome.kills + KILLS_A_ROUND, kills)
        while outcome.kills < until:
            _kill_once(folders, chance.uniform(0, lasted), outcome)
        completed(folders, "run", PERIOD)
        _compare(results(folders), expected)
        outcome.rounds += 1
    return outcome


def _kill_once(folders: Folders, after: float, outcome: Outcome) -> None:
    process = analysis(folders, "run", PERIOD)
    try:
        process.wait(after)
        discard(folders)  # it had ended: what comes next has something to do
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        outcome.kills += 1
    outcome.orphan_seconds = max(outcome.orphan_seconds, _orphans_end(process.pid))
    outcome.files += check_whole(folders)


def _orphans_end(session: int) -> float:
    """Wait until no process of the killed run's session lives; how long that took."""
    started = time.monotonic()
    while orphans := _members(session):
        if time.monotonic() - started > GRACE_SECONDS:
            raise AssertionError(f"orphans: {[' '.join(orphan.cmdline()) for orphan in orphans]}")
        time.sleep(0.05)
    return time.monotonic() - started


def _members(session: int) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


def _compare(found: dict[str, bytes], expected: dict[str, bytes]) -> None:
    assert found.keys() == expected.keys(), found.keys() ^ expected.keys()
    different = [name for name in expected if found[name] != expected[name]]
    assert not different, different


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        sys.stdout.write(f"{kill_often(Path(folder), int(sys.argv[1]), seed=int(time.time()))}\n")
