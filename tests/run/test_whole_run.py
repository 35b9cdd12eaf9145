"""The command as a whole: what it imports when there is nothing to do, and what an interrupt leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.settings import Folders

NAMES = ("1_sector_imbalance", "2_enforcement_trend")
SHOW = (
    "from analysis.book import open_book; book = open_book(globals())\n"
    "from analysis.report.display import Headline, Show\n"
    "Show('internal')(Headline('found', '发现隐患', len(book.hazards)))"
)
HEAVY = {
    *("pandas", "numpy", "pyarrow", "ibis", "scipy", "statsmodels", "matplotlib", "pydantic"),
    *("papermill", "nbformat", "nbconvert", "IPython", "rich", "multiprocessing", "filelock"),
}
RUN = f"""
import sys
from analysis.cli import app
try:
    app(["run", "2023", "-n", "{NAMES[0]}"])
finally:
    print(*sorted({HEAVY} & set(sys.modules)), file=sys.stderr)
"""


def test_with_nothing_to_do_nothing_heavy_is_imported(
    project: Folders, notebook: Callable[..., Path]
) -> None:
    notebook(NAMES[0], SHOW)
    first, second = (
        subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, check=True) for _ in "12"
    )
    assert (project.reports / "2023" / f"{NAMES[0]}.html").exists()
    assert "multiprocessing" in first.stderr
    assert second.stderr.strip() == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_an_interrupt_ends_all_and_leaves_whole_files_only(
    project: Folders, notebook: Callable[..., Path]
) -> None:
    """Ctrl-C while one notebook is done and the other waits in a cell.

    The signal is set as at a terminal: a shell starts what runs in its background deaf to it.
    """
    mark = project.root / "in the cell"
    notebook(NAMES[0], SHOW)
    notebook(
        NAMES[1],
        f"import os; open({str(mark)!r}, 'w').write(str(os.getpid()))",
        "import time; time.sleep(600)",
    )
    words = ["run", "2023", "-n", NAMES[0], "-n", NAMES[1]]
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis", *words],
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread forks
    )
    wait_for(lambda: mark.exists() and mark.read_text() != "")
    wait_for((project.reports / "2023" / f"{NAMES[0]}.html").exists)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) != 0
    wait_for(lambda: not alive(int(mark.read_text())))
    left = [path.name for path in project.reports.rglob("*") if path.is_file()]
    assert f"{NAMES[1]}.html" not in left
    assert not [name for name in left if "publishing" in name]
    assert (project.reports / "2023" / f"{NAMES[0]}.html").read_text(encoding="utf-8").endswith("</html>")


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
