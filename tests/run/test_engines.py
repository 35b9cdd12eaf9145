"""The warm engine gives what a normal kernel gives, and each notebook a clean process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from analysis.run import kernels, server, warm_engine

needs_fork = pytest.mark.skipif(not server.CAN_FORK, reason="this system cannot fork")

SHOWING = [
    "print('out'); import sys; print('err', file=sys.stderr); print('more')",
    "import os, time; os.write(1, b'past Python\\n'); time.sleep(0.5)",
    "import subprocess; subprocess.run(['echo', 'child']); time.sleep(0.5)",
    "print('tail', end='')",
    "print('before'); display(1); print('after')",
    "import pandas as pd; pd.DataFrame({'a': [1, None], '名': ['甲', '<b>']})",
    "from IPython.display import HTML, display; display(HTML('<i>x</i>'), metadata={'k': 1})",
    "1 + 1",
    "_ + 1, In[1], list(Out), __name__, get_ipython().__class__.__name__",
    "handle = display('first', display_id='one')",
    "handle.update('second')",
    "from IPython.display import clear_output; print('gone'); clear_output(); print('kept')",
    "'suppressed';",
    "class Raises:\n    def _repr_html_(self): raise ValueError('no picture')\nRaises()",
    "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.title('t')",
    "%who_ls",
    "import asyncio; await asyncio.sleep(0); 'awaited'",
    "%%time\nx = 1",
    "import warnings; warnings.warn('careful', UserWarning)",
    "",
    "# nothing",
    "skipped  # skip-execution",
    "os.environ['MPLBACKEND'], sys.argv[1:], os.path.basename(os.getcwd()), sys.stdin.isatty()",
]
FAILING = [
    "1 / 0  # raises-exception",
    "import json\ndef f(x):\n    return json.loads(x)\nf('{')  # raises-exception",
    "1 +  # raises-exception",
    "import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(5)  # raises-exception",
    "input('name?')  # raises-exception",
    "import sys; sys.exit(3)  # raises-exception",
    "raise KeyError('the end')",
    "print('never')",
]


@pytest.mark.parametrize("first", ["analysis.run.engine", "analysis.run.warm_engine", "papermill.engines"])
def test_the_engine_can_be_imported_before_papermill_and_after(first: str) -> None:
    """Papermill loads its engines while it loads itself: a circle for whoever comes first."""
    asked = "papermill.engines.papermill_engines.nb_kernel_name('warm', None, 'found')"
    code = f"import {first}, papermill.engines; print({asked})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "found", done.stderr


@needs_fork
@pytest.mark.parametrize("cells", [SHOWING, FAILING], ids=["what cells show", "how cells fail"])
def test_both_engines_give_the_same_notebook(cells: list[str], tmp_path: Path) -> None:
    file = written(tmp_path / "in.ipynb", cells)
    plain, warm = (executed(file, tmp_path / f"{kind}.ipynb", kind) for kind in (None, warm_engine.NAME))
    for one, other in zip(comparable(warm), comparable(plain), strict=True):
        assert one == other


@needs_fork
def test_a_cell_past_its_time_ends_both_alike(tmp_path: Path) -> None:
    file = written(
        tmp_path / "in.ipynb", ["print('so far')", "import time; print('now'); time.sleep(60)", "1"]
    )
    kept = []
    for kind in (None, warm_engine.NAME):
        with pytest.raises(CellTimeoutError):
            executed(file, tmp_path / f"{kind}.ipynb", kind, execution_timeout=1)
        kept.append(comparable(nbformat.read(tmp_path / f"{kind}.ipynb", as_version=4))[:-2])
    for one, other in zip(*kept, strict=True):
        assert one == other


@needs_fork
def test_a_cell_that_kills_its_process_ends_its_notebook_only(tmp_path: Path) -> None:
    file = written(tmp_path / "in.ipynb", ["import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
    with pytest.raises(DeadKernelError):
        executed(file, tmp_path / "out.ipynb", warm_engine.NAME)


@needs_fork
def test_a_run_in_the_background_hears_an_interrupt_as_a_kernel_does(tmp_path: Path) -> None:
    """A shell starts its background jobs deaf to it (nohup, cron), and processes inherit that."""
    asks = "import os, signal\ntry: os.kill(os.getpid(), signal.SIGINT)"
    cell = f"{asks}\nexcept KeyboardInterrupt: print('heard')"
    file, output = written(tmp_path / "in.ipynb", [cell]), tmp_path / "out.ipynb"
    run = [sys.executable, "-m", "papermill", "--engine", warm_engine.NAME, str(file), str(output)]
    subprocess.run(["sh", "-c", 'trap "" INT; exec "$@"', "sh", *run], check=True, capture_output=True)
    assert [shown.text for shown in nbformat.read(output, 4).cells[1].outputs] == ["heard\n"]


CHANGES = """
import os, random, sys, warnings, matplotlib.pyplot as plt, pandas as pd, numpy as np
plt.rcParams['font.size'] = 99; random.seed(1); np.random.seed(1); os.environ['LEFT'] = '1'; os.chdir('/')
pd.options.display.max_rows = 1; warnings.simplefilter('error'); sys.path.append('/left'); plt.figure()
left = 1
"""
LOOKS = """
import os, random, sys, matplotlib.pyplot as plt, pandas as pd, numpy as np
(plt.rcParams['font.size'], 'LEFT' in os.environ, os.path.basename(os.getcwd()), pd.options.display.max_rows,
 'left' in globals(), '/left' in sys.path, plt.get_fignums(),
 len(os.listdir(f'/proc/{os.getppid()}/task')), os.environ['OPENBLAS_NUM_THREADS'])
"""


@needs_fork
def test_each_notebook_starts_clean_in_a_fork_of_a_single_threaded_server(tmp_path: Path) -> None:
    executed(written(tmp_path / "first.ipynb", [CHANGES]), tmp_path / "first-out.ipynb", warm_engine.NAME)
    seen = executed(written(tmp_path / "second.ipynb", [LOOKS]), tmp_path / "out.ipynb", warm_engine.NAME)
    assert seen.cells[1].outputs[0].data["text/plain"].replace("\n", "") == (
        "(10.0, False, 'work', 60, False, False, [], 1, '1')"
    )


@needs_fork
def test_notebooks_do_not_share_their_random_numbers(tmp_path: Path) -> None:
    draw = ["import random, numpy as np; random.random(), np.random.random()"]
    file = written(tmp_path / "in.ipynb", draw)
    one, other = (executed(file, tmp_path / f"{n}.ipynb", warm_engine.NAME).cells[1].outputs for n in "ab")
    assert one != other


def test_where_nothing_can_fork_a_kernel_waits_with_its_imports_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows and macOS: another kernel for each notebook, clean, in the folder asked for."""
    monkeypatch.setattr(server, "CAN_FORK", False)
    look = (
        "import os, sys; 'analysis.book' in sys.modules, os.path.basename(os.getcwd()), 'left' in globals()"
    )
    file = written(tmp_path / "in.ipynb", [look, "left = 1"])
    for number in range(2):
        seen = executed(file, tmp_path / f"{number}.ipynb", warm_engine.NAME)
        assert seen.cells[1].outputs[0].data["text/plain"] == "(True, 'work', False)"


def written(path: Path, cells: list[str]) -> Path:
    """A notebook; a cell that ends in a comment naming a tag carries it."""
    made = [nbformat.v4.new_code_cell(source, metadata=tags(source)) for source in cells]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# title"), *made])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return path


def tags(source: str) -> dict[str, Any]:
    found = re.findall(r"# (raises-exception|skip-execution)$", source)
    return {"tags": found} if found else {}


def executed(file: Path, output: Path, kind: str | None, **options: Any) -> NotebookNode:
    """The notebook as papermill leaves it, whether it fails or not."""
    folder = file.parent / "work"
    folder.mkdir(exist_ok=True)
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # with it a kernel does not watch what is written past Python
    if kind is None:
        options |= {
            "kernel_manager_class": kernels.LocalKernelManager,
            "extra_arguments": list(kernels.QUIET),
        }
    with suppress(PapermillExecutionError):
        papermill.execute_notebook(
            str(file), str(output), engine_name=kind, progress_bar=False, cwd=str(folder), **options
        )
    return nbformat.read(output, as_version=4)


_VOLATILE = re.compile(
    r"0x[0-9a-f]+|/\S*ipykernel_\S+\.py|\d+(\.\d+)? ?(ns|μs|us|µs|ms|s)\b|In\[\d+\]|execution_count=\d+"
)
_TIMES = ("start_time", "end_time", "duration")


def comparable(notebook: NotebookNode) -> list[Any]:
    """Cells with outputs, counts and metadata; times, addresses and names of temporary files left out."""
    return [
        (
            cell.cell_type,
            cell.get("execution_count"),
            [plain_text(output) for output in cell.get("outputs", ())],
            sorted(cell.metadata.get("execution", {})),
            {k: v for k, v in cell.metadata.get("papermill", {}).items() if k not in _TIMES},
            cell.metadata.get("tags"),
        )
        for cell in notebook.cells
    ] + [notebook.metadata.get("language_info"), notebook.metadata.papermill.get("exception")]


def plain_text(value: Any) -> Any:
    if isinstance(value, str):
        return _VOLATILE.sub("…", value)
    if isinstance(value, dict):
        return {key: plain_text(one) for key, one in value.items()}
    return [plain_text(one) for one in value] if isinstance(value, list) else value
