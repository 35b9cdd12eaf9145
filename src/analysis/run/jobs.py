"""Running what the plan says, in parallel: prepare, execute, record, index.

A period with a bad file, or a notebook with a failing cell, does not stop the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import package, raw, vocabulary
from analysis.messages import AnalysisError, word
from analysis.run import contents, plan, record
from analysis.run.job import Job, State
from analysis.run.plan import Edition, Request
from analysis.run.record import NotebookRecord, RunRecord
from analysis.settings import Folders

if TYPE_CHECKING:
    from analysis.run.workers import Step


@dataclass
class Report:
    """What a run tells its caller: every failure, and what ran or was up to date."""

    errors: list[AnalysisError] = field(default_factory=list)
    done: list[NotebookRecord] = field(default_factory=list)
    failed: list[NotebookRecord] = field(default_factory=list)
    up_to_date: int = 0
    approved: list[Path] = field(default_factory=list)
    """The release records written."""

    @property
    def well(self) -> bool:
        """Whether nothing failed."""
        return not self.errors and not self.failed


Progress = Callable[[str, State, int, int], object]
"""Called with the label of a notebook or a preparation, its state, the cell that starts, how many it has."""


def run(request: Request, folders: Folders, progress: Progress) -> Report:
    """Prepare what changed, run what is not up to date, write run.json and the index.

    Raises:
        AnalysisError: The request itself names something that does not exist, or another process is writing.
    """
    plan.check(request)
    package.recall(folders.processed)
    if (current := _all_current(request, folders)) is not None:
        return Report(up_to_date=current)
    from analysis.lock import only_writer

    with only_writer(folders.processed, folders.reports):
        return _run(request, folders, progress)


def _all_current(request: Request, folders: Folders) -> int | None:
    """How many reports are asked for, if all of them and the index are up to date; reading needs no lock."""
    try:
        editions = [one for period in request.periods for one in plan.editions(request, folders, period)]
        years = {year for period in request.periods for year in plan.years(request, folders, period)}
        stale = any(raw.stale(folders, year) for year in years)
    except AnalysisError:  # told where it is met again
        return None
    if (
        request.approved_by
        or stale
        or any(True for edition in editions for _ in plan.pending(edition, folders, request))
    ):
        return None
    if not contents.is_current(folders.reports, request.edition):
        return None
    return sum(len(edition.names) for edition in editions)


def _run(request: Request, folders: Folders, progress: Progress) -> Report:
    from analysis.run import server

    if not request.scheduler:  # on a cluster it is the workers that run the notebooks
        server.warm_up()
    package.remember(folders.processed)
    report = Report()
    editions = prepared(request, folders, report, progress)
    pending = {edition.folder: list(plan.pending(edition, folders, request)) for edition in editions}
    report.up_to_date = sum(len(edition.names) - len(pending[edition.folder]) for edition in editions)
    if any(pending.values()):
        stale = [edition for edition in editions if pending[edition.folder]]
        _run_all(stale, pending, request, folders, report, progress)
    contents.refresh(folders.reports, request.edition)
    if request.approved_by and report.well:
        from analysis.run import approval

        report.approved = [approval.approve(edition, folders, request.approved_by) for edition in editions]
    return report


def prepared(request: Request, folders: Folders, report: Report, progress: Progress) -> list[Edition]:
    """The editions whose data is there, prepared first where raw files changed; the rest is reported."""
    found: list[Edition] = []
    years: set[int] = set()
    for period in request.periods:
        try:
            found += plan.editions(request, folders, period)
            years.update(plan.years(request, folders, period))
        except AnalysisError as error:
            report.errors.append(error)
    failed = _prepare(sorted(years), folders, report, progress)
    return [
        one for one in found if not any((one.period.year, member.code) in failed for member in one.members)
    ]


def _prepare(years: list[int], folders: Folders, report: Report, progress: Progress) -> set[tuple[int, str]]:
    """Prepare what is not current; the years and counties that cannot be are reported, and stop no other."""
    stale = [year for year in years if _is_stale(folders, year)]
    if not stale:
        return set()
    from analysis import prepare
    from analysis.run import preparing

    progress(f"{word('prepare')} {stale[0]}-{stale[-1]}", "running", 0, 0)
    failed = set()
    for outcome in prepare.prepare_years(folders, stale, preparing.at_once):
        label = f"{word('prepare')} {outcome.year} {outcome.county}"
        if isinstance(outcome, prepare.Preparation):
            progress(label, "done", 0, 0)
        else:
            progress(label, "failed", 0, 0)
            report.errors.append(prepare.PreparationError(outcome.messages))
            failed.add((outcome.year, outcome.county))
    return failed


def _is_stale(folders: Folders, year: int) -> bool:
    """Whether a year has to be prepared, or cannot be, which preparing it tells."""
    try:
        return bool(raw.stale(folders, year))
    except AnalysisError:
        return True


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
    for job in jobs:
        progress(job.label, "waiting", 0, 0)
    try:
        for step in _steps(jobs, request, folders):
            progress(step.job.label, step.state, step.cell, step.cells)
            if step.record:
                folder = step.job.folder
                (report.done if step.record.status == "done" else report.failed).append(step.record)
                results[folder].append(step.record)
                if len(results[folder]) == len(pending[folder]):
                    _write_record(by_folder[folder], step.job, results[folder], started[folder])
    except AnalysisError as error:  # a lost scheduler: what is finished stands, and need not run again
        report.errors.append(error)
        for folder, outcomes in results.items():
            if 0 < len(outcomes) < len(pending[folder]):
                _write_record(by_folder[folder], pending[folder][0], outcomes, started[folder])


def _steps(jobs: list[Job], request: Request, folders: Folders) -> Iterator[Step]:
    """What is told of the jobs as they run, on this machine or on a cluster."""
    if request.scheduler:
        from analysis.run import cluster

        return cluster.steps(jobs, request.scheduler, _places(folders))
    from analysis.run import workers

    return workers.steps(jobs, request.workers, _places(folders))


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


def _places(folders: Folders) -> dict[str, str]:
    """What workers are told of where things lie: the raw files, and the releases below the reports."""
    return {"ANALYSIS_RAW": str(folders.raw), "ANALYSIS_REPORTS": str(folders.reports)}
