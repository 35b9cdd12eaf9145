"""The ways to get a year's reports that are compared, in a scratch folder of their own."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.timing import Cost, cost

from analysis import vocabulary
from analysis.settings import Folders

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
YEAR = 2023
NOTEBOOKS = [
    ROOT / "notebooks" / f"{name}.ipynb"
    for name, notebook in vocabulary.notebooks().items()
    if notebook.scope == "county"
]
"""Those of a county's year; that of all counties together has a benchmark of its own."""


class Bench:
    """Runs commands; each way reads the same notebooks and the same tables."""

    def __init__(self, scratch: Path, repeat: int) -> None:
        self.scratch, self.repeat = scratch, repeat
        self.folders = Folders.find(processed=scratch / "processed", reports=scratch / "reports")
        self.analysis("run", str(YEAR))  # prepares the tables, which all ways read

    def run(self, *words: str) -> Cost:
        """Run a command to its end, which must be well."""
        return cost(list(words), cwd=self.scratch)

    def analysis(self, *words: str, folders: Folders | None = None) -> Cost:
        """One of the package's commands."""
        found = folders or self.folders
        moved = ["--raw", str(found.raw), "--processed", str(found.processed)]
        moved += ["--reports", str(found.reports)] if words[0] == "run" else []
        return self.run(PYTHON, "-m", "analysis", *words, *moved)

    def alternate(self, *ways: Callable[[], Cost], repeat: int = 0) -> list[list[Cost]]:
        """The costs of each way, measured in turns."""
        turns = [[way() for way in ways] for _ in range(repeat or self.repeat)]
        return [list(costs) for costs in zip(*turns, strict=True)]

    def loop(self) -> Cost:
        """What a user would write: papermill, then nbconvert, for each notebook."""
        total = Cost(0, 0)
        given = ["-p", "year", str(YEAR), "-p", "processed", str(self.folders.processed)]
        for file in NOTEBOOKS:
            out = self.scratch / file.name
            total += self.run(PYTHON, "-m", "papermill", str(file), str(out), "--no-progress-bar", *given)
            total += self.run(PYTHON, "-m", "jupyter", "nbconvert", "--to", "html", str(out))
        return total

    def year(self) -> Cost:
        """This package."""
        return self.analysis("run", str(YEAR), "--force")

    def floor(
        self,
        workers: int = 2,
        files: list[Path] = NOTEBOOKS,
        folders: Folders | None = None,
        counties: list[str] | None = None,
    ) -> Cost:
        """The code alone."""
        processed = (folders or self.folders).processed
        words = [str(YEAR), str(processed), str(self.scratch / "floor"), ",".join(counties or [""])]
        command = [PYTHON, "-m", "benchmarks.floor", *words, str(workers), *map(str, files)]
        return cost(command, cwd=ROOT)

    def edited(self) -> Cost:
        """A run after the first notebook's record was made stale, as an edit does."""
        record = self.folders.reports / str(YEAR) / "run.json"
        content = json.loads(record.read_bytes())
        content["notebooks"][0]["fingerprint"] = "stale"
        record.write_text(json.dumps(content), encoding="utf-8")
        return self.analysis("run", str(YEAR))


def wall(costs: list[Cost]) -> float:
    """The median wall time."""
    return statistics.median(one.wall for one in costs)


def busy(costs: list[Cost]) -> float:
    """The median processor time."""
    return statistics.median(one.processor for one in costs)
