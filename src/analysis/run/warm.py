"""What the warm server imports before it forks a process for each notebook; imported for its effect.

A fork copies only the thread that forks, so nothing here may leave a thread, an open database or a drawing.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from analysis.run.server import INLINE, ONE_THREAD

os.environ.update(ONE_THREAD)  # read by the libraries when they load
os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"  # else Arrow's allocator starts a thread
os.environ.setdefault("MPLBACKEND", INLINE)  # as a kernel sets it
# jsonschema, on which nbformat stands, loads this optional parser of addresses, whose grammar takes a second
# to build and which no schema of notebooks asks for; None makes the import fail at once.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import importlib  # noqa: E402

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MODULES = (
    *("ibis.backends.duckdb", "pyarrow.parquet", "matplotlib.pyplot", "matplotlib.backends.backend_svg"),
    *("nbconvert.exporters", "papermill", "ipykernel.zmqshell", "ipykernel.ipkernel"),
    *("IPython.core.completer", "analysis.book", "analysis.report.page", "analysis.report.display"),
    *("analysis.report.figures", "analysis.stats.self_check", "analysis.run.executor", "analysis.run.cells"),
)
IMPORTED_WHEN_USED = (
    *("ibis.formats.pyarrow", "ibis.expr.types.groupby", "pyarrow.dataset", "pyarrow.pandas_compat"),
    *("pandas.core.arrays.arrow.extension_types", "pandas.core.methods.to_dict"),
    *("pandas.core.reshape.reshape", "IPython.core.completerlib", "IPython.core.crashhandler"),
    *("IPython.core.logger", "IPython.core.oinspect", "analysis.disclosure.decision", "docx", "opencc"),
)
"""What libraries and this package import only when they first need it: in every notebook, or in many."""
CHAPTERS = "analysis.chapters"


def load() -> None:
    """Import everything that a notebook of this project may import."""
    import pkgutil

    parent = os.getppid()
    package = importlib.import_module(CHAPTERS)
    chapters = (found.name for found in pkgutil.iter_modules(package.__path__, f"{CHAPTERS}."))
    for module in (*MODULES, *IMPORTED_WHEN_USED, *chapters):
        if os.getppid() != parent:  # whoever wanted this was killed
            os._exit(1)
        importlib.import_module(module)
    _close_default_database()
    _ready_once()


def _close_default_database() -> None:
    """DuckDB opens a database with a thread for each further core when it is imported."""
    import duckdb

    duckdb.default_connection().close()


def _ready_once() -> None:
    """What every notebook would do anew, and no collection of garbage in a fork looks through.

    Untouched, the memory of what was imported stays shared.
    """
    import gc

    import nbformat

    from analysis import vocabulary
    from analysis.report import markup
    from analysis.sources import lexicon

    for lenient in (False, True):  # nbconvert asks for the latter; the code of each is made on first use
        nbformat.validate(nbformat.v4.new_notebook(), relax_add_props=lenient)
    for known in (vocabulary.indicators, vocabulary.sectors, vocabulary.notebooks, vocabulary.columns):
        known()
    markup.templates()
    lexicon.tokens("", 0, 0)  # its words become one pattern
    _rehearse()
    gc.collect()
    gc.freeze()


def _rehearse() -> None:
    """Draw a figure and render a page, for what they look up, parse and compile only the first time."""
    from nbformat import v4

    from analysis.report import page, svg
    from analysis.report.figures import style

    def figure() -> Figure:
        drawn, axes = style.canvas(1)
        axes.set(title="题", xlabel="横", ylabel="纵")
        style.remark(axes, "注", (0, 0))
        return drawn

    svg.to_svg(style.styled(figure)())
    meta = page.ReportMeta("", "", "", "", True, "", "2000-01-01", "internal")
    page.render(v4.new_notebook(cells=[v4.new_markdown_cell("# 题\n\n文")]), meta)


load()
