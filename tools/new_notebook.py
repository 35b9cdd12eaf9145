"""Writes the notebook of a new report: ``python -m tools.new_notebook 10_extensions extensions.Extensions``.

The report's title and question come from its line in ``vocabulary/notebooks.csv``; the chapter named is a
class that takes a book, in a module with ``headlines``, ``answer``, ``tables`` and ``DEFINED``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from analysis import parameters, vocabulary
from analysis.parameters import Parameters
from analysis.publish import publish
from analysis.vocabulary import Notebook

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
OPEN = """\
from analysis.book import open_book
from analysis.chapters import definitions, {module}
from analysis.disclosure import decision
from analysis.report.display import Show

book = open_book(globals())
show = Show(book.parameters.edition, decision.of(book))
view = {chapter}(book)"""
SECTIONS = (
    ("## 回答", "show(*{module}.headlines(view))", "show(*{module}.answer(view))"),
    ("## 依据", "show(*{module}.tables(view))"),
    ("## 方法与局限", "show(*definitions.limits(book), definitions.of({module}.DEFINED))"),
)


def notebook(known: Notebook, chapter: str) -> NotebookNode:
    """The cells of a report: its question, the parameters, the opened book, answer, evidence and limits."""
    named = {"module": chapter.partition(".")[0], "chapter": chapter}
    cells = [
        nbformat.v4.new_markdown_cell(f"# {known.title_zh}\n\n{known.question_zh}"),
        nbformat.v4.new_code_cell(_parameters(), metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(OPEN.format(**named)),
    ]
    for heading, *shown in SECTIONS:
        cells.append(nbformat.v4.new_markdown_cell(heading))
        cells += [nbformat.v4.new_code_cell(line.format(**named)) for line in shown]
    for number, cell in enumerate(cells, 1):
        cell.id = f"{known.order:02}-{number:02}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _parameters() -> str:
    usual = parameters.as_dict(Parameters(year=2023))
    return "\n".join(["# Parameters", *(f"{name} = {json.dumps(value)}" for name, value in usual.items())])


def main(name: str, chapter: str) -> None:
    """Write the notebook of a registered name; one that is there already is left as it is."""
    path = NOTEBOOKS / f"{name}.ipynb"
    if name not in vocabulary.notebooks():
        sys.exit(f"{name} has no line in src/analysis/vocabulary/notebooks.csv")
    if path.exists():
        sys.exit(f"{path.name} exists already")
    publish(path, nbformat.writes(notebook(vocabulary.notebooks()[name], chapter)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
