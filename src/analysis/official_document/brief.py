"""``analysis brief``: prepare what the period reads, look at it as the HTML brief does, fill the template."""

from __future__ import annotations

from pathlib import Path

from analysis import book, vocabulary
from analysis.chapters.brief import Brief
from analysis.lock import only_writer
from analysis.messages import AnalysisError, UsageError
from analysis.official_document import content, writer
from analysis.publish import publish
from analysis.report import formats
from analysis.report.edition import Edition
from analysis.run import jobs, plan
from analysis.run.jobs import Progress, Report
from analysis.run.plan import Request
from analysis.settings import Folders

NOTEBOOK = "6_leadership_brief"
SAMPLE = "示例数据，不是任何县的真实情况"


def write(
    request: Request, folders: Folders, target: Path, progress: Progress, template: Path = writer.TEMPLATE
) -> list[AnalysisError]:
    """Write the brief of one county's period as a Word document.

    Returns:
        What went wrong with the baseline years, if anything did.

    Raises:
        AnalysisError: The request names no such period, county or edition, or several; the data or the
            template cannot be read.
        UsageError: ``one_document``: the request is for more than one document.
    """
    plan.check(request)
    if len(request.periods) != 1:
        raise UsageError("one_document")
    report = Report()
    with only_writer(folders.processed):
        editions = jobs.prepared(request, folders, report, progress)
    if not editions and report.errors:
        raise report.errors[0]
    if len(editions) != 1:
        raise UsageError("one_document")
    publish(target, document(Brief(book.of(editions[0].parameters)), template))
    return report.errors


def document(view: Brief, template: Path = writer.TEMPLATE) -> bytes:
    """The brief in the edition of its book, as the bytes of a Word document."""
    edition = Edition(view.book.parameters.edition)
    county, scope = view.book.county, view.book.scope
    parts = content.sections(view)
    values = {
        "mark": edition.title_zh,
        "sample": SAMPLE if county.sample else "",
        "title": f"{county.name}{scope.period.title_zh}{vocabulary.notebooks()[NOTEBOOK].title_zh}",
        "county": county.name,
        "as_of": formats.day(scope.as_of),
        "sections": content.body(parts),
        "evidence": content.annex(parts, edition),
    }
    return writer.fill(template, values)
