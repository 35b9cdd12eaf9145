"""What a command costs: wall time, processor time of all its processes, and their memory together."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """Seconds, and bytes each second; memory that processes share is counted once."""

    wall: float
    processor: float
    samples: tuple[int, ...] = ()

    def __add__(self, other: Cost) -> Cost:
        """One after the other."""
        samples = self.samples + other.samples
        return Cost(self.wall + other.wall, self.processor + other.processor, samples)

    def per(self, count: int) -> Cost:
        """Of one among so many; memory is of all."""
        return Cost(self.wall / count, self.processor / count, self.samples)

    @property
    def memory(self) -> int:
        """The greatest memory seen."""
        return max(self.samples, default=0)


def cost(words: list[str], cwd: Path) -> Cost:
    """Run a command to its end, which must be well."""
    _adopt()
    before, started = os.times(), time.perf_counter()
    process = subprocess.Popen(words, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    watch = Watch(process.pid)
    watch.start()
    told = process.communicate()[1]
    wall = time.perf_counter() - started
    watch.join()
    _wait_for_orphans()
    after = os.times()
    if process.returncode:
        raise RuntimeError(f"{words}: {told}")
    waited = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(wall, waited, tuple(watch.samples))


def _adopt() -> None:
    """Become the parent of processes whose parent ends first, so that their time is counted here (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_orphans() -> None:
    with suppress(ChildProcessError):
        while True:
            os.wait()


class Watch(threading.Thread):
    """Looks at the memory of a process and its offspring until it ends; shared pages count once."""

    def __init__(self, pid: int, every: float = 1.0) -> None:
        super().__init__(daemon=True)
        self._process, self._every = psutil.Process(pid), every
        self.samples: list[int] = []

    def run(self) -> None:
        """Sample until the process is gone."""
        while self._alive():
            time.sleep(self._every if self.samples else 0.01)
            with suppress(psutil.Error):
                family = [self._process, *self._process.children(recursive=True)]
                self.samples.append(sum(one.memory_full_info().pss for one in family))

    def _alive(self) -> bool:
        with suppress(psutil.Error):
            return bool(self._process.status() != psutil.STATUS_ZOMBIE)
        return False
