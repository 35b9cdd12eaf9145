"""Executing one notebook: papermill runs it, the report floor renders it, both results are published.

A job runs in a process of its own, since papermill changes the working directory; nothing it does can reach
another job.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from analysis import book, parameters, printed, vocabulary
from analysis.messages import AnalysisError
from analysis.publish import publish, unfinished
from analysis.report import page
from analysis.report.page import ReportMeta
from analysis.run import kernels, warm_engine
from analysis.run.job import Job, Tell
from analysis.run.record import NotebookRecord

KERNEL = "python3"
CELL_TIMEOUT_SECONDS = 600
PLAIN_KERNEL = {"kernel_manager_class": kernels.LocalKernelManager, "extra_arguments": list(kernels.QUIET)}


def execute(job: Job, tell: Tell = lambda *_: None) -> NotebookRecord:
    """Run a notebook, render its report, publish both; a failing cell is recorded, not raised."""
    started = time.monotonic()
    with unfinished(job.workshop) as scratch:
        notebook, failure = _run(job, scratch, tell)
    _keep_notebook(job, notebook)
    failure = failure or _disagreement(job, notebook)
    if failure is None:
        _publish_report(job, notebook, time.monotonic() - started)
    return NotebookRecord(
        name=job.name,
        title=vocabulary.notebooks()[job.name].title_zh,
        status="failed" if failure else "done",
        report=None if failure else f"{job.name}.html",
        fingerprint=job.fingerprint,
        seconds=round(time.monotonic() - started, 2),
        failed_cell=failure[0] if failure else None,
        error=without_paths(failure[1], job.root) if failure else None,
        headlines=page.headlines(notebook),
        before=None if job.meta["before"] is None else list(job.meta["before"]),
        sectors={} if failure else page.sectors(notebook),
    )


def _run(job: Job, scratch: Path, tell: Tell) -> tuple[NotebookNode, tuple[int | None, str] | None]:
    """The executed notebook, and where and how it failed if it did."""
    output = scratch / job.notebook.name
    cells = len(json.loads(job.notebook.read_bytes())["cells"]) + 1  # papermill adds the parameters
    try:
        notebook = papermill.execute_notebook(
            str(job.notebook),
            str(output),
            parameters=job.parameters,
            engine_name=warm_engine.NAME if job.engine == "warm" else None,
            kernel_name=KERNEL,
            progress_bar=False,
            cwd=str(scratch),
            execution_timeout=CELL_TIMEOUT_SECONDS,
            on_cell_start=lambda cell, cell_index: tell(cell_index + 1, cells),
            **({"save_each_cell": False} if job.engine == "warm" else PLAIN_KERNEL),
        )
    except PapermillExecutionError as error:
        return nbformat.read(output, as_version=4), (error.exec_count, f"{error.ename}: {error.evalue}")
    except Exception as error:  # a dead kernel or a time-out fails this report, not the others
        source = output if output.exists() else job.notebook
        return nbformat.read(source, as_version=4), (None, f"{type(error).__name__}: {error}")
    return notebook, None


def _disagreement(job: Job, notebook: NotebookNode) -> tuple[None, str] | None:
    """Which figure of the report is not what the tables give, if one is not: then it is not published."""
    figures = page.printed(notebook)
    if not figures:
        return None
    opened = book.of(parameters.check(job.parameters))
    try:
        printed.require(opened.store, opened.scope, figures)
    except AnalysisError as error:
        return None, str(error)
    return None


def _publish_report(job: Job, notebook: NotebookNode, seconds: float) -> None:
    html = page.render(notebook, ReportMeta(**job.meta, seconds=seconds))
    publish(job.folder / f"{job.name}.html", without_paths(html, job.root))


def _keep_notebook(job: Job, notebook: NotebookNode) -> None:
    """Publish the executed notebook without paths, times that differ by run, or names the edition hides."""
    notebook = page.without_secrets(notebook, job.meta["edition"])
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.id = "injected-parameters"  # papermill draws a new one for each run
    content = nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"
    publish(job.folder / "notebooks" / f"{job.name}.ipynb", without_paths(content, job.root))


def without_paths(text: str, root: Path) -> str:
    """``text`` with the project's, the environment's and the user's folders replaced by neutral words."""
    places = {
        str(root): "<project>",
        sys.prefix: "<environment>",
        sys.base_prefix: "<python>",
        tempfile.gettempdir(): "<temporary>",
        str(Path.home()): "<home>",
    }
    for place in sorted(places, key=len, reverse=True):
        for written in {place, json.dumps(place)[1:-1], place.replace(os.sep, "/")}:
            text = re.sub(rf"{re.escape(written)}(?=[/\\\s\"'<>:]|$)", places[place], text)
    return text
