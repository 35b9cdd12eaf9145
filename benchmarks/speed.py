"""`make bench`: how long a year, a county-year, a run with nothing to do, an edit and a large ledger take.

    python -m benchmarks.speed [--repeat 5] [--counties 10] [--polars PYTHON] [--only PART,PART]

Both sides of a comparison get the same notebooks and data, take turns, and are given as medians. Results go
to benchmarks/RESULTS.md after each part. Needs an idle machine of two cores for some 20 minutes; 100
counties take half an hour more. PYTHON is an interpreter that has polars and fastexcel.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import counties
from benchmarks.ledger import write_ledger
from benchmarks.results import Comparison, Results
from benchmarks.timing import Cost
from benchmarks.ways import NOTEBOOKS, PYTHON, YEAR, Bench, busy, wall

from analysis.settings import Folders

Comparisons = Iterator[Comparison]
YEARS = range(2019, 2025)
"""Those of the sample county."""
PUBLISHED = 100
"""Counties of which a run has nothing to do."""
TURNS = 5
"""So many runs of county-years, each followed by its floor."""
FLOOR_COUNTIES = 8
"""The floor of more counties is theirs: each costs the same."""
GB = 1e9


def nothing_to_do(bench: Bench) -> Comparisons:
    """Twenty calls each."""
    bench.analysis("run", str(YEAR))
    empty, current, helped = bench.alternate(
        lambda: bench.run(PYTHON, "-c", "pass"),
        lambda: bench.analysis("run", str(YEAR)),
        lambda: bench.run(PYTHON, "-m", "analysis", "--help"),
        repeat=20,
    )
    for what, costs in (("nothing changed", current), ("--help", helped)):
        over = f"{what}, over `python -c pass`"
        yield Comparison(f"{over}, wall", wall(costs), wall(empty), 0.15, difference=True)
        yield Comparison(f"{over}, processor", busy(costs), busy(empty), difference=True)


def nothing_to_do_anywhere(bench: Bench) -> Comparisons:
    """Every county and year is published already; the command must not touch a file."""
    folders = _copies(bench, "published", PUBLISHED, YEARS)
    reports = counties.copy_published(bench.folders.reports / str(YEAR), folders, YEARS)

    def same() -> Cost:
        return bench.analysis("run", f"{YEARS[0]}-{YEARS[-1]}", "--county", "each", folders=folders)

    same()  # writes the index
    before = _times(folders)
    empty, current = bench.alternate(lambda: bench.run(PYTHON, "-c", "pass"), same)
    if _times(folders) != before:
        raise RuntimeError("a run with nothing to do has written something")
    what = f"{PUBLISHED} counties × {len(YEARS)} years ({reports} reports) unchanged"
    yield Comparison(f"{what}, wall, over `python -c pass`", wall(current), wall(empty), 2, difference=True)


def _times(folders: Folders) -> dict[Path, int]:
    """When each file of the tables and reports was written."""
    files = (file for place in (folders.processed, folders.reports) for file in place.rglob("*.*"))
    return {file: file.stat().st_mtime_ns for file in files}


def one_edit(bench: Bench) -> Comparisons:
    """Only the notebook that was edited runs."""
    ours, floor = bench.alternate(bench.edited, lambda: bench.floor(1, NOTEBOOKS[:1]))
    yield Comparison("one notebook edited against its floor, wall", wall(ours), wall(floor), 1.3)
    yield Comparison("one notebook edited against its floor, processor", busy(ours), busy(floor))


def a_year(bench: Bench) -> Comparisons:
    """All notebooks of a year, from a cold process to finished pages."""
    loop, ours, floor = bench.alternate(bench.loop, bench.year, bench.floor)
    yield Comparison("plain loop against a year's run, wall", wall(loop), wall(ours), 4, at_least=True)
    yield Comparison("plain loop against a year's run, processor", busy(loop), busy(ours))
    yield Comparison("a year's run against the two-core floor, wall", wall(ours), wall(floor), 1.2)
    yield Comparison("a year's run against the floor, processor", busy(ours), busy(floor))


def large_ledger(bench: Bench, polars: str) -> Comparisons:
    """A hundred thousand rows of fifteen columns: prepared, against only read."""
    folders = _folders(bench, "ledger")
    file = write_ledger(folders.raw / str(YEAR) / "台账.xlsx", rows=100_000)
    (folders.raw / "counties.csv").write_text("code,name,sample\n990101,示例县,yes\n", encoding="utf-8")
    read = [polars, "-c", f"import polars; polars.read_excel({str(file)!r}, engine='calamine')"]

    def prepare() -> Cost:
        shutil.rmtree(folders.processed, ignore_errors=True)  # what is prepared already is only told
        return bench.analysis("prepare", str(YEAR), folders=folders)

    ours, only_read = bench.alternate(prepare, lambda: bench.run(*read))
    yield Comparison("100,000 × 15 prepared against only read, wall", wall(ours), wall(only_read), 1.3)
    yield Comparison("100,000 × 15 prepared against only read, processor", busy(ours), busy(only_read))


def county_years(bench: Bench, count: int) -> Comparisons:
    """Copies of the sample county, prepared already, a fifth in each turn: machines drift within minutes."""
    share = max(1, count // TURNS)
    some = counties.codes(min(share, FLOOR_COUNTIES))
    reports = [word for notebook in NOTEBOOKS for word in ("--notebook", notebook.stem)]
    ours, floor = [], []
    for turn in range(TURNS):
        folders = _copies(bench, f"turn{turn}", share, YEARS)
        words = ("run", str(YEAR), "--county", "each", "--jobs", "2", *reports)
        ours.append(bench.analysis(*words, folders=folders).per(share))
        floor.append(bench.floor(folders=folders, counties=some).per(len(some)))
    what = f"a county-year, {TURNS} turns of {share} against the floor's of {len(some)}"
    yield Comparison(f"{what}, processor ({_by_turn(ours, floor)})", busy(ours), busy(floor), 1.1)
    yield Comparison(f"{what}, wall", wall(ours), wall(floor))
    yield Comparison("memory of all processes at its peak, GB, against 1 GB", _peak(ours), 1, 1.5)
    middle, last = _thirds(ours)
    yield Comparison("memory in the last third of a turn against the middle third, GB", last, middle, 1.05)


def _by_turn(ours: list[Cost], floor: list[Cost]) -> str:
    """The ratio of each turn."""
    turns = zip(ours, floor, strict=True)
    return ", ".join(f"{one.processor / other.processor:.2f}" for one, other in turns)


def _peak(costs: list[Cost]) -> float:
    return max(cost.memory for cost in costs) / GB


def _thirds(costs: list[Cost]) -> tuple[float, float]:
    """The medians of what was used in the second and in the last third of each, in GB."""
    parts = [(cost.samples, len(cost.samples) // 3) for cost in costs]
    middle = [size for samples, third in parts for size in samples[third:-third]]
    last = [size for samples, third in parts for size in samples[-third:]]
    return statistics.median(middle) / GB, statistics.median(last) / GB


def _folders(bench: Bench, name: str) -> Folders:
    place = bench.scratch / name
    return Folders.find(place / "raw", place / "processed", place / "reports")


def _copies(bench: Bench, name: str, count: int, years: range) -> Folders:
    """Counties like the sample's, prepared."""
    bench.analysis("prepare", f"{years[0]}-{years[-1]}")
    folders = _folders(bench, name)
    counties.copy_prepared(bench.folders, folders, years, counties.codes(count))
    return folders


def main() -> None:
    """Measure part by part; print and keep."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--counties", type=int, default=10)
    parser.add_argument("--polars", default=PYTHON)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(Path(folder), chosen.repeat)
        parts: dict[str, Callable[[], Comparisons]] = {
            "nothing": lambda: nothing_to_do(bench),
            "anywhere": lambda: nothing_to_do_anywhere(bench),
            "edit": lambda: one_edit(bench),
            "ledger": lambda: large_ledger(bench, chosen.polars),
            "year": lambda: a_year(bench),
            "counties": lambda: county_years(bench, chosen.counties),
        }
        wanted = [name for name in parts if not chosen.only or name in chosen.only.split(",")]
        results = Results(f"{', '.join(wanted)}; medians of {chosen.repeat}")
        for name in wanted:
            for comparison in parts[name]():
                results.add(comparison)


if __name__ == "__main__":
    main()
