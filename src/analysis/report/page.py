"""A report's page: an executed notebook as one offline HTML file with its title, contents and provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode

from analysis.messages import AnalysisError
from analysis.printed import Printed
from analysis.report import formats, links
from analysis.report.changes import changes
from analysis.report.display import HEADLINE_MIME, SHOWN_MIME, STATED_MIME
from analysis.report.edition import Edition
from analysis.report.markup import TEMPLATES, clean, svg_uri
from analysis.report.prose import Prose
from analysis.report.sections import without_empty
from analysis.report.sector_places import sector_places

_IMAGES = ("image/svg+xml", "image/png")


@dataclass(frozen=True)
class ReportMeta:
    """What a report says of itself beside its content.

    Args:
        name: The notebook's registered name.
        title: The report's title.
        question: The question it answers.
        county_name: The county.
        sample: Whether its data is an invented sample; the report then carries that mark.
        period_title: The period in Chinese.
        as_of: The cutoff day, as a date or in ISO form.
        edition: internal, leadership or public.
        menu: Names and titles of the reports of this period and edition.
        counties: For a report on several counties, each one's name with titles and addresses of its reports.
        inputs: One mapping a file: file, sha256, bytes and, where known, rows.
        versions: Versions of the programs.
        parameters: The parameters of the run.
        index: Relative address of this edition's index.
        seconds: How long the run took; stands in a volatile element.
        before: The headlines of the last completed run of this report, as run.json holds them; what changed
            since then stands in a volatile element too.
    """

    name: str
    title: str
    question: str
    county_name: str
    sample: bool
    period_title: str
    as_of: date | str
    edition: str
    menu: tuple[tuple[str, str], ...] = ()
    counties: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    inputs: tuple[Mapping[str, Any], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    index: str = "../index.html"
    seconds: float | None = None
    before: tuple[Mapping[str, Any], ...] | None = None

    @property
    def as_of_zh(self) -> str:
        """The cutoff day as official documents write it."""
        day = date.fromisoformat(self.as_of) if isinstance(self.as_of, str) else self.as_of
        return formats.day(day)


@dataclass(frozen=True, slots=True)
class Block:
    """One cell of the notebook: what it shows, and the code behind it where the edition has that."""

    shown: Markup
    code: str = ""


def render(notebook: NotebookNode, meta: ReportMeta) -> str:
    """The notebook as one HTML file for the edition that ``meta`` names.

    Raises:
        AnalysisError: ``output_unmasked`` where a cell shows something that was not masked for the edition.
    """
    edition, prose = Edition(meta.edition), Prose()
    require_masked(notebook, meta.name, edition)
    blocks = _blocks_linked(list(_blocks(notebook, prose, meta)))
    if edition.suppresses:
        blocks = [Block(without_empty(block.shown for block in blocks))]
    resources = {
        "meta": meta,
        "edition": edition,
        "blocks": blocks,
        "contents": prose.contents,
        "changes": ()
        if meta.before is None or edition.suppresses
        else changes(meta.before, headlines(notebook)),
    }
    html, _ = exporter().from_notebook_node(notebook, resources=resources)
    return str(html)


def headlines(notebook: NotebookNode) -> list[dict[str, Any]]:
    """The headline figures that an executed notebook carries, in order, for run.json."""
    found = (output.data.get(HEADLINE_MIME, {}) for _, output in _data_outputs(notebook))
    return [dict(headline) for data in found for headline in data.get("headlines", ())]


def printed(notebook: NotebookNode) -> list[Printed]:
    """The figures that an executed notebook shows as counts, to be counted again."""
    found = (output.data.get(STATED_MIME, {}) for _, output in _data_outputs(notebook))
    return [Printed.of(figure) for data in found for figure in data.get("figures", ())]


def sectors(notebook: NotebookNode) -> dict[str, str]:
    """Where an executed notebook treats which sector, for run.json; see ``report.sector_places``."""
    return sector_places(str(output.data.get("text/html", "")) for _, output in _data_outputs(notebook))


def require_masked(notebook: NotebookNode, name: str, edition: Edition) -> None:
    """Refuse outputs that another edition, or no edition at all, was applied to.

    The internal edition alone also takes what a cell shows on its own, such as a bare frame.

    Raises:
        AnalysisError: ``output_unmasked``: notebook, cell and edition are named.
    """
    for number, output in _data_outputs(notebook):
        made_for = _made_for(output)
        if made_for != edition and not (made_for is None and edition is Edition.INTERNAL):
            raise AnalysisError("output_unmasked", notebook=name, cell=number, edition=edition.title_zh)


def without_secrets(notebook: NotebookNode, edition: Edition | str) -> NotebookNode:
    """A copy that may lie beside the edition's report, whether the run succeeded or not.

    Outside the internal edition only outputs masked for it stay: streams, errors and bare values may hold
    any name.
    """
    copy = deepcopy(notebook)
    if Edition(edition) is not Edition.INTERNAL:
        for cell in copy.cells:
            if "outputs" in cell:
                cell.outputs = [output for output in cell.outputs if _made_for(output) == edition]
    return copy


def _made_for(output: NotebookNode) -> str | None:
    """The edition for which an output was masked, if it was."""
    marked = output.get("data", {}).get(SHOWN_MIME, {})
    return str(marked["edition"]) if "edition" in marked else None


def _data_outputs(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", ()):
            if output.output_type in ("display_data", "execute_result"):
                yield number, output


def _blocks(notebook: NotebookNode, prose: Prose, meta: ReportMeta) -> Iterator[Block]:
    """What each cell shows; code that shows nothing waits for the next cell that does."""
    keep_code, waiting = Edition(meta.edition) is Edition.INTERNAL, ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield Block(prose.html(cell.source.replace(meta.question, "", 1)))  # the head says it already
        elif cell.cell_type == "code":
            shown = Markup("\n").join(_output(output) for output in cell.outputs)
            waiting = "\n\n".join(filter(None, (waiting, cell.source))) if keep_code else ""
            if shown:
                yield Block(shown, waiting)
                waiting = ""
    if waiting:
        yield Block(Markup(), waiting)


def _blocks_linked(blocks: list[Block]) -> list[Block]:
    """The blocks with their references to figures and tables of the page filled in."""
    places = links.places(block.shown for block in blocks)
    return [replace(block, shown=links.filled(block.shown, places)) for block in blocks]


def _output(output: NotebookNode) -> Markup:
    """One output as sanitised HTML; warnings and progress written to a stream are not part of a report."""
    if output.output_type not in ("display_data", "execute_result"):
        return Markup()
    data = output.data
    if "text/html" in data:
        return clean(data["text/html"])
    for kind in _IMAGES:
        if kind in data:
            return _image(kind, data[kind])
    return Markup("<pre>{}</pre>").format(data.get("text/plain", ""))


def _image(kind: str, content: str) -> Markup:
    """A picture that a cell drew without the display boundary: shown, but without words of its own."""
    source = svg_uri(content) if kind == "image/svg+xml" else f"data:{kind};base64,{''.join(content.split())}"
    return clean(f'<figure class="chart"><img src="{source}" alt="未附说明的图"></figure>')


class _Exporter(TemplateExporter):
    """nbconvert with this package's template only, and with escaping on."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.autoescape = True
        return environment


@cache
def exporter() -> TemplateExporter:
    """The exporter of pages; its template is read once."""
    return _Exporter(
        template_name=TEMPLATES.name,
        extra_template_basedirs=[str(TEMPLATES.parent)],
        filters={"size": _size},
    )


def _size(count: int) -> str:
    """A file's size in kilobytes."""
    return f"{max(1, round(count / 1024)):,} KB"
