"""Jobs in parallel, each in a process of its own: what they tell as they go, and how each of them ended."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import connection, get_context

from analysis import counted, vocabulary
from analysis.publish import unfinished
from analysis.run import server
from analysis.run.job import Job, State
from analysis.run.orphans import end_with_parent
from analysis.run.record import NotebookRecord


@dataclass(frozen=True)
class Step:
    """A job starts its ``cell`` of so many ``cells``, or has ended with a ``record``."""

    job: Job
    cell: int = 0
    cells: int = 0
    record: NotebookRecord | None = None

    @property
    def state(self) -> State:
        """How far the job is."""
        return self.record.status if self.record else "running"


def steps(jobs: list[Job], workers: int, environment: Mapping[str, str]) -> Iterator[Step]:
    """Run the jobs, the longest first; whoever stops listening ends those that run."""
    longest = sorted(jobs, key=lambda job: -job.expected_seconds)
    count = max(1, min(workers or os.cpu_count() or 1, len(jobs)))
    with unfinished(longest[0].workshop) as folder:
        surroundings = {**environment, counted.FOLDER: str(folder)}
        yield from (forked if server.CAN_FORK else _pooled)(longest, count, surroundings)


def forked(jobs: list[Job], count: int, environment: dict[str, str]) -> Iterator[Step]:
    """One fork of the warm server for each job, in the order given."""
    ended: set[int] = set()
    for job, message in server.each(_serve, jobs, count, environment):
        if isinstance(message, NotebookRecord):
            ended.add(id(job))
            yield Step(job, record=message)
        elif message is not None:
            yield Step(job, *message)
        elif id(job) not in ended:
            yield Step(job, record=failed(job, "the process of this notebook was killed or crashed"))


def _serve(pipe: connection.Connection, job: Job) -> None:
    from analysis.run import executor

    try:
        pipe.send(executor.execute(job, lambda cell, cells: pipe.send((cell, cells))))
    except Exception as error:
        pipe.send(failed(job, f"{type(error).__name__}: {error}"))


def _pooled(jobs: list[Job], count: int, environment: dict[str, str]) -> Iterator[Step]:
    """Workers that stay, each with a kernel started ahead, where the system cannot fork.

    A worker that dies takes its pool with it, so what was left undone runs again, each job in a pool of its
    own: only the one that kills its worker fails.
    """
    undone: list[Job] = []
    with _pool(count, environment) as pool:
        futures = {pool.submit(_execute, job): job for job in jobs}
        for future in as_completed(futures):
            if isinstance(future.exception(), BrokenProcessPool):
                undone.append(futures[future])
            else:
                yield _ended(future, futures[future])
    for job in undone:
        with _pool(1, environment) as alone:
            yield _ended(alone.submit(_execute, job), job)


def _pool(count: int, environment: dict[str, str]) -> ProcessPoolExecutor:
    surroundings = {**environment, **server.ONE_THREAD}
    return ProcessPoolExecutor(count, get_context("spawn"), _settle, (surroundings,))


def _settle(surroundings: dict[str, str]) -> None:
    end_with_parent()
    os.environ.update(surroundings)


def _execute(job: Job) -> NotebookRecord:
    from analysis.run import executor

    return executor.execute(job)


def _ended(future: Future[NotebookRecord], job: Job) -> Step:
    try:
        return Step(job, record=future.result())
    except Exception as error:
        return Step(job, record=failed(job, f"{type(error).__name__}: {error}"))


def failed(job: Job, error: str) -> NotebookRecord:
    """The record of a job that left none itself."""
    title = vocabulary.notebooks()[job.name].title_zh
    before = job.meta["before"]
    return NotebookRecord(
        job.name, title, "failed", None, job.fingerprint, 0.0, error=error, before=before and list(before)
    )
