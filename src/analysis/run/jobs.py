"""Running what the plan says, in parallel: prepare, execute, record, index.

A period with a bad file, or a notebook with a failing cell, does not stop the others.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import raw, vocabulary
from analysis.lock import only_writer
from analysis.messages import AnalysisError
from analysis.run import plan, record
from analysis.run.orphans import end_with_parent
from analysis.run.plan import Edition, Request
from analysis.run.record import NotebookRecord, RunRecord
from analysis.settings import Folders

if TYPE_CHECKING:
    from analysis.run.executor import Job


@dataclass
class Report:
    """What a run tells its caller: every failure, and what ran or was up to date."""

    errors: list[AnalysisError] = field(default_factory=list)
    done: list[NotebookRecord] = field(default_factory=list)
    failed: list[NotebookRecord] = field(default_factory=list)
    up_to_date: int = 0

    @property
    def well(self) -> bool:
        """Whether nothing failed."""
        return not self.errors and not self.failed


Progress = Callable[[str, str, int], None]
"""Called with a step, its state and the number of notebooks in all."""


def run(request: Request, folders: Folders, progress: Progress) -> Report:
    """Prepare what changed, run what is not up to date, write run.json and the index.

    Raises:
        AnalysisError: The request itself names something that does not exist, or another process is writing.
    """
    plan.check(request)
    with only_writer(folders.processed, folders.reports):
        return _run(request, folders, progress)


def _run(request: Request, folders: Folders, progress: Progress) -> Report:
    report = Report()
    editions = prepared(request, folders, report, progress)
    pending = {edition.folder: list(plan.pending(edition, folders, request.force)) for edition in editions}
    report.up_to_date = sum(len(edition.names) - len(pending[edition.folder]) for edition in editions)
    if any(pending.values()):
        stale = [edition for edition in editions if pending[edition.folder]]
        _run_all(stale, pending, request, folders, report, progress)
    write_index(request, folders)
    return report


def prepared(request: Request, folders: Folders, report: Report, progress: Progress) -> list[Edition]:
    """The editions whose data is there, prepared first where raw files changed; the rest is reported."""
    found: list[Edition] = []
    for period in request.periods:
        try:
            wanted = plan.editions(request, folders, period)
            _prepare(plan.years(request, folders, period), folders, report, progress)
        except AnalysisError as error:
            report.errors.append(error)
        else:
            found += wanted
    return found


def _prepare(years: list[int], folders: Folders, report: Report, progress: Progress) -> None:
    """Prepare the years; a bad baseline year is reported, and does not keep the period's own from running."""
    own, *baseline = years
    _prepare_year(own, folders, progress)
    for year in baseline:
        try:
            _prepare_year(year, folders, progress)
        except AnalysisError as error:
            if str(error) not in map(str, report.errors):
                report.errors.append(error)


def _prepare_year(year: int, folders: Folders, progress: Progress) -> None:
    stale = [s for s in raw.sources_of(folders, year) if not raw.is_prepared(folders, year, s.county.code)]
    if stale:
        from analysis import prepare

        progress(f"prepare {year}", "running", 0)
        prepare.prepare_year(folders, year)


def _run_all(
    editions: list[Edition],
    pending: dict[Path, list[Job]],
    request: Request,
    folders: Folders,
    report: Report,
    progress: Progress,
) -> None:
    """Execute the pending jobs of all editions; write an edition's run.json when its last job ends."""
    started = {edition.folder: (datetime.now(UTC), time.monotonic()) for edition in editions}
    results: dict[Path, list[NotebookRecord]] = {edition.folder: [] for edition in editions}
    by_folder = {edition.folder: edition for edition in editions}
    jobs = [job for edition in editions for job in pending[edition.folder]]
    for job, outcome in _outcomes(jobs, request.workers, folders):
        progress(f"{job.folder.name} {job.name}", outcome.status, len(jobs))
        (report.done if outcome.status == "done" else report.failed).append(outcome)
        results[job.folder].append(outcome)
        if len(results[job.folder]) == len(pending[job.folder]):
            _write_record(by_folder[job.folder], job, results[job.folder], started[job.folder])


def _outcomes(jobs: list[Job], asked: int, folders: Folders) -> Iterator[tuple[Job, NotebookRecord]]:
    """Each job with its record, as they end.

    A worker that dies takes its pool with it, so what was left undone runs again, each job in a pool of its
    own: only the one that kills its worker fails.
    """
    from analysis.run import executor

    undone: list[Job] = []
    with _pool(_workers(asked, len(jobs)), folders) as pool:
        running = {pool.submit(executor.execute, job): job for job in jobs}
        for future in as_completed(running):
            if isinstance(future.exception(), BrokenProcessPool):
                undone.append(running[future])
            else:
                yield running[future], _outcome(future, running[future])
    for job in undone:
        with _pool(1, folders) as alone:
            yield job, _outcome(alone.submit(executor.execute, job), job)


def _pool(workers: int, folders: Folders) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, get_context("spawn"), _settle, (str(folders.raw),))


def _outcome(future: Future[NotebookRecord], job: Job) -> NotebookRecord:
    """The job's record; a worker that died is a failed notebook like any other."""
    try:
        return future.result()
    except Exception as error:
        title = vocabulary.notebooks()[job.name].title_zh
        why, before = f"{type(error).__name__}: {error}", job.meta["before"]
        return NotebookRecord(
            job.name, title, "failed", None, job.fingerprint, 0.0, error=why, before=before and list(before)
        )


def _write_record(
    edition: Edition, job: Job, outcomes: Iterable[NotebookRecord], started: tuple[datetime, float]
) -> None:
    """Write run.json: the new outcomes, and the former ones of notebooks that did not run now."""
    last = record.read(edition.folder)
    known = {notebook.name: record.settled(notebook) for notebook in (last.notebooks if last else [])}
    known |= {outcome.name: outcome for outcome in outcomes}
    county = edition.county
    record.write(
        edition.folder,
        RunRecord(
            period=str(edition.period),
            county={"code": county.code, "name": county.name, "sample": county.sample},
            edition=edition.parameters.edition,
            as_of=str(job.meta["as_of"]),
            parameters=job.meta["parameters"],
            inputs=list(job.meta["inputs"]),
            versions=job.meta["versions"],
            started=started[0].isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - started[1], 2),
            notebooks=[known[name] for name in vocabulary.notebooks() if name in known],
        ),
    )


def write_index(request: Request, folders: Folders) -> None:
    """Write the index of the edition that the request names: its own runs, and no other edition's."""
    from analysis.publish import publish
    from analysis.report import index

    edition = str(request.given.get("edition", "internal"))
    place = plan.edition_folder(folders.reports, edition)
    if runs := [run for run in record.read_all(place) if run.edition == edition]:
        publish(place / "index.html", index.render_index(runs))


def _workers(asked: int, jobs: int) -> int:
    return max(1, min(asked or os.cpu_count() or 1, jobs))


def _settle(raw_folder: str) -> None:
    """Tell a worker and its kernel where the raw files are, and hold them to one thread of linear algebra."""
    end_with_parent()
    os.environ["ANALYSIS_RAW"] = raw_folder
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"  # workers share the cores already
