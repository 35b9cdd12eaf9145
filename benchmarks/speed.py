"""`make bench`: how long a year, a county-year, a run with nothing to do, an edit and a large ledger take.

    python -m benchmarks.speed [--repeat 5] [--counties 100] [--polars PYTHON] [--only PART]

Both sides of a ratio get the same notebooks and data, take turns, and are given as medians. Results go to
benchmarks/RESULTS.md. PYTHON is an interpreter that has polars and fastexcel.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.ledger import write_ledger
from benchmarks.timing import Cost, cost

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
YEAR = "2023"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
RESULTS = ROOT / "benchmarks" / "RESULTS.md"


@dataclass(frozen=True)
class Ratio:
    """One line of the results: ours against another way, in seconds, and the bar."""

    what: str
    ours: float
    other: float
    bar: str
    difference: bool = False

    @property
    def line(self) -> str:
        """As a row of the table; for absolute bars the difference is given."""
        said = f"{self.ours - self.other:+.2f} s" if self.difference else f"{self.ours / self.other:.2f}"
        return f"| {self.what} | {self.ours:.2f} | {self.other:.2f} | {said} | {self.bar} |"


class Bench:
    """The measurements, in a scratch folder of their own."""

    def __init__(self, scratch: Path, repeat: int) -> None:
        self.scratch, self.repeat = scratch, repeat
        self.processed, self.reports = scratch / "processed", scratch / "reports"
        self.run(*self.analysis("run", YEAR))  # prepares the tables, which both sides read

    def analysis(self, *words: str) -> list[str]:
        """A command on the scratch folders."""
        moved = ["--processed", str(self.processed)]
        return [PYTHON, "-m", "analysis", *words, *moved, "--reports", str(self.reports)]

    def run(self, *words: str) -> Cost:
        """Run a command to its end, which must be well."""
        return cost(list(words), cwd=self.scratch)

    def alternate(self, *ways: Callable[[], Cost], repeat: int = 0) -> list[list[Cost]]:
        """The costs of each way, measured in turns."""
        turns = [[way() for way in ways] for _ in range(repeat or self.repeat)]
        return [list(costs) for costs in zip(*turns, strict=True)]

    # --- the ways

    def loop(self) -> Cost:
        """What a user would write: papermill, then nbconvert, for each notebook."""
        total = Cost(0, 0)
        given = ["-p", "year", YEAR, "-p", "processed", str(self.processed)]
        for file in NOTEBOOKS:
            out = self.scratch / file.name
            total += self.run(PYTHON, "-m", "papermill", str(file), str(out), "--no-progress-bar", *given)
            total += self.run(PYTHON, "-m", "jupyter", "nbconvert", "--to", "html", str(out))
        return total

    def warm(self) -> Cost:
        """This package."""
        return self.run(*self.analysis("run", YEAR, "--force"))

    def floor(self, workers: int = 2, files: list[Path] = NOTEBOOKS) -> Cost:
        """The code alone."""
        words = [YEAR, str(self.processed), str(self.scratch / "floor"), str(workers), *map(str, files)]
        return cost([PYTHON, "-m", "benchmarks.floor", *words], cwd=ROOT)

    def edited(self) -> Cost:
        """A run after the first notebook's record was made stale, as an edit does."""
        record = self.reports / YEAR / "run.json"
        content = json.loads(record.read_bytes())
        content["notebooks"][0]["fingerprint"] = "stale"
        record.write_text(json.dumps(content), encoding="utf-8")
        return self.run(*self.analysis("run", YEAR))


def wall(costs: list[Cost]) -> float:
    """The median wall time."""
    return statistics.median(one.wall for one in costs)


def busy(costs: list[Cost]) -> float:
    """The median processor time."""
    return statistics.median(one.processor for one in costs)


def a_year(bench: Bench) -> Iterator[Ratio]:
    """All notebooks of a year, from a cold process to finished pages."""
    loop, warm, floor = bench.alternate(bench.loop, bench.warm, bench.floor)
    yield Ratio("plain loop against a year's run, wall", wall(loop), wall(warm), "≥ 4")
    yield Ratio("plain loop against a year's run, processor", busy(loop), busy(warm), "")
    yield Ratio("a year's run against the two-core floor, wall", wall(warm), wall(floor), "≤ 1.2")
    yield Ratio("a year's run against the floor, processor", busy(warm), busy(floor), "")


def nothing_to_do(bench: Bench) -> Iterator[Ratio]:
    """Twenty calls each."""

    def nothing() -> Cost:
        return bench.run(PYTHON, "-c", "pass")

    def same() -> Cost:
        return bench.run(*bench.analysis("run", YEAR))

    def asked() -> Cost:
        return bench.run(PYTHON, "-m", "analysis", "--help")

    same()
    empty, current, helped = bench.alternate(nothing, same, asked, repeat=20)
    for what, costs in (("nothing changed", current), ("--help", helped)):
        yield Ratio(f"{what}, over python -c pass, wall", wall(costs), wall(empty), "≤ 0.15 s", True)
        yield Ratio(f"{what}, over python -c pass, processor", busy(costs), busy(empty), "≤ 0.15 s", True)


def one_edit(bench: Bench) -> Iterator[Ratio]:
    """Only the notebook that was edited runs."""
    ours, floor = bench.alternate(bench.edited, lambda: bench.floor(1, NOTEBOOKS[:1]))
    yield Ratio("one notebook edited against its floor, wall", wall(ours), wall(floor), "≤ 1.3")
    yield Ratio("one notebook edited against its floor, processor", busy(ours), busy(floor), "≤ 1.3")


def county_years(bench: Bench, counties: int) -> Iterator[Ratio]:
    """Copies of the year under other codes; memory is that of all processes together."""
    raw = bench.scratch / "raw"
    codes = [f"99{number:04d}" for number in range(1, counties + 1)]
    names = "".join(f"{code},示例{code}县,yes\n" for code in codes)
    raw.mkdir(exist_ok=True)
    (raw / "counties.csv").write_text("code,name,sample\n" + names, encoding="utf-8")
    for code in codes:
        shutil.copytree(ROOT / "data" / "raw" / YEAR, raw / YEAR / code, dirs_exist_ok=True)
    folders = ["--raw", str(raw), "--processed", str(bench.scratch / "many"), "--reports"]
    words = ["run", YEAR, "--county", "each", *folders, str(bench.scratch / "many-reports")]
    bench.run(PYTHON, "-m", "analysis", *words)
    ours, floor = bench.alternate(
        lambda: bench.run(PYTHON, "-m", "analysis", *words, "--force", "--jobs", "2"), bench.floor, repeat=1
    )
    each = busy(ours) / counties
    yield Ratio(f"a county-year of {counties} against the floor, processor", each, busy(floor), "≤ 1.1")
    yield Ratio("memory of all processes, GB, against the bar", ours[0].memory / 1e9, 1.5, "≤ 1.5 GB")


def large_ledger(bench: Bench, polars: str) -> Iterator[Ratio]:
    """A hundred thousand rows of fifteen columns: prepared, against only read."""
    raw = bench.scratch / "ledger"
    file = write_ledger(raw / YEAR / "台账.xlsx", rows=100_000)
    (raw / "counties.csv").write_text("code,name,sample\n990101,示例县,yes\n", encoding="utf-8")
    processed = bench.scratch / "ledger-processed"
    prepare = [PYTHON, "-m", "analysis", "prepare", YEAR, "--raw", str(raw), "--processed", str(processed)]
    read = [polars, "-c", f"import polars; polars.read_excel({str(file)!r}, engine='calamine')"]

    def prepared() -> Cost:
        shutil.rmtree(processed, ignore_errors=True)  # what is prepared already is not prepared again
        return bench.run(*prepare)

    ours, only_read = bench.alternate(prepared, lambda: bench.run(*read))
    yield Ratio("100,000 × 15 prepared against only read, wall", wall(ours), wall(only_read), "≤ 1.3")
    yield Ratio("100,000 × 15 prepared against only read, processor", busy(ours), busy(only_read), "≤ 1.3")


def machine() -> str:
    """What the figures were measured on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    cpu = next(
        (line.split(":")[1].strip() for line in _cpu_lines() if "model name" in line), platform.machine()
    )
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} at the start"


def _cpu_lines() -> list[str]:
    file = Path("/proc/cpuinfo")
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--counties", type=int, default=100)
    parser.add_argument("--polars", default="")
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    head = f"{date.today()}: {machine()}; medians of {chosen.repeat}"
    lines = [
        f"## {head}",
        "",
        "| what | ours or first | other | ratio | bar |",
        "| --- | --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(Path(folder), chosen.repeat)
        parts: dict[str, Callable[[], Iterator[Ratio]]] = {
            "nothing": lambda: nothing_to_do(bench),
            "edit": lambda: one_edit(bench),
            "year": lambda: a_year(bench),
            "counties": lambda: county_years(bench, chosen.counties),
            "ledger": lambda: large_ledger(bench, chosen.polars or PYTHON),
        }
        for name, part in parts.items():
            if not chosen.only or name in chosen.only.split(","):
                for ratio in part():
                    print(ratio.line, flush=True)
                    lines.append(ratio.line)
    former = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Results of `make bench`\n"
    RESULTS.write_text(former + "\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
