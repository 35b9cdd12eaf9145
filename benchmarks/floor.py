"""The floor: the notebooks' code as plain scripts in two processes, imports once, and the HTML of each.

    python -m benchmarks.floor YEAR PROCESSED REPORTS COUNTY,COUNTY WORKERS NOTEBOOK...

Nothing is isolated, recorded or checked: what no way of running notebooks can be faster than.
"""

from __future__ import annotations

import ast
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.formatters import format_display_data

import analysis.run.warm  # noqa: F401  # the same imports on both sides
from analysis import parameters
from analysis.report import page
from analysis.report.page import ReportMeta


def run(job: tuple[Path, Path, dict[str, Any]]) -> None:
    """Execute a notebook's cells one after the other and write its page."""
    file, report, given = job
    notebook = nbformat.read(file, as_version=4)
    names: dict[str, Any] = {"In": []}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            names["In"].append(cell.source)
            cell.outputs = show(execute(cell.source, names))
            if "parameters" in cell.metadata.get("tags", ()):
                names |= given
    meta = ReportMeta(file.stem, file.stem, "?", "县", True, "年", "2023-12-31", "internal")
    report.write_text(page.render(notebook, meta), encoding="utf-8")


def execute(source: str, names: dict[str, Any]) -> object:
    """The value of the last expression of a cell."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None  # noqa: S307


def show(value: object) -> list[nbformat.NotebookNode]:
    """The value as a notebook's output."""
    if value is None:
        return []
    data, metadata = format_display_data(value)
    return [nbformat.v4.new_output("execute_result", data=data, metadata=metadata)]


def main(year: str, processed: str, reports: str, counties: str, workers: str, *files: str) -> None:
    """Run the notebooks for each county (empty: the only one), the next wherever a process is free."""
    folder = Path(reports)
    folder.mkdir(parents=True, exist_ok=True)
    jobs = []
    for county in counties.split(","):
        given = parameters.check({"year": int(year), "processed": processed, "county": county})
        places = [(Path(file), folder / f"{county}{Path(file).stem}.html") for file in files]
        jobs += [(file, report, parameters.as_dict(given)) for file, report in places]
    with ProcessPoolExecutor(int(workers), get_context("fork")) as pool:
        list(pool.map(run, jobs))


if __name__ == "__main__":  # workers find the functions by the module's name; IPython takes over "__main__"
    from benchmarks import floor

    floor.main(*sys.argv[1:])
