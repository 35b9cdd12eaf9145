"""Jobs on many machines: a Dask scheduler hands them to workers, which share the project's folders.

A worker that is lost has its jobs run again on another one. Each attempt writes into a folder of its own, and
only the process that asked moves one attempt's files to where they belong: publishing is the commit, and an
attempt that nobody waits for any more changes nothing.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from analysis import counted
from analysis.messages import AnalysisError
from analysis.publish import adopt, discard
from analysis.run import workers
from analysis.run.job import Job
from analysis.run.record import NotebookRecord
from analysis.run.workers import Step

ATTEMPTS = ".attempts"
"""Below the reports; a run begins and ends without it."""
COUNTED = "counted"
"""Below the attempts: what the notebooks of the run need alike, see ``analysis.counted``."""
PATIENCE_SECONDS = 10
"""How long a scheduler may take to answer."""
LONGEST_SECONDS = 1e6


def steps(jobs: list[Job], address: str, environment: Mapping[str, str]) -> Iterator[Step]:
    """Run the jobs on the scheduler's workers, the longest first, and publish each as it ends.

    Args:
        jobs: Their folders must be the same folders on every worker.
        address: As ``tcp://host:8786``.
        environment: What workers are told of where things lie; ANALYSIS_REPORTS among it.

    Raises:
        AnalysisError: ``cluster_missing``, ``scheduler_unreachable``, or ``scheduler_lost`` when it is gone
            with jobs unfinished; what was yielded before stands.
    """
    attempts = Path(environment["ANALYSIS_REPORTS"]) / ATTEMPTS
    told = {
        **{name: value for name, value in os.environ.items() if name.startswith("ANALYSIS_")},
        **environment,
        counted.FOLDER: str(attempts / COUNTED),
    }
    with _emptied(attempts), _client(address) as client:
        from distributed import as_completed

        futures = {_submitted(client, job, told, attempts): job for job in jobs}
        for done, future in enumerate(as_completed(futures)):
            if future.cancelled():
                raise AnalysisError("scheduler_lost", address=address, left=len(jobs) - done)
            yield Step(futures[future], record=_published(future, futures[future]))


def _submitted(client: Any, job: Job, environment: dict[str, str], attempts: Path) -> Any:
    name = f"{job.label} {uuid4().hex}"
    longest_first = min(job.expected_seconds, LONGEST_SECONDS)
    return client.submit(attempt, job, environment, attempts, key=name, priority=longest_first, pure=False)


def attempt(job: Job, environment: dict[str, str], attempts: Path) -> tuple[NotebookRecord, Path]:
    """On a worker: run a job in a process of its own; its record, and the folder that holds its files.

    Raises:
        AnalysisError: ``worker_daemonic``: the worker may not start processes.
    """
    if multiprocessing.current_process().daemon:
        raise AnalysisError("worker_daemonic")
    own = replace(job, folder=attempts / uuid4().hex)
    (record,) = [step.record for step in workers.forked([own], 1, environment) if step.record]
    return record, own.folder


def _published(future: Any, job: Job) -> NotebookRecord:
    if error := future.exception():
        return workers.failed(job, f"{type(error).__name__}: {error}")
    record, folder = future.result()
    adopt(folder, job.folder)
    return record  # type: ignore[no-any-return]


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise AnalysisError("cluster_missing") from error
    try:
        client = Client(address, timeout=PATIENCE_SECONDS)
    except (OSError, ValueError) as error:
        raise AnalysisError("scheduler_unreachable", address=address) from error
    try:
        yield client
    finally:
        client.close(timeout=PATIENCE_SECONDS)


@contextmanager
def _emptied(folder: Path) -> Iterator[None]:
    """Without what earlier attempts left, before and after."""
    discard(folder)
    try:
        yield
    finally:
        discard(folder)
