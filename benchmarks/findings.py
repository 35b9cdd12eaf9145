"""Findings of the six reports on simulated counties: how many are false, which planted effects are found.

By hand from the project's folder: `python -m benchmarks.findings [SEEDS] [WORK] [PROCESSES]`; 200 seeds and
two processes by default. WORK keeps what has been worked out, so that a run that was broken off goes on.
Every seed is a county of the sample's plan, once with its effects and once without. The notebooks' own cells
are run on its tables, and the findings that they show are kept. Writes benchmarks/FINDINGS.md.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as arrow
from pyarrow import parquet
from tools.sample_county.plan import Plan, load_plan
from tools.sample_county.simulate import YearTables, simulate

from analysis import book
from analysis.book import Book
from analysis.parameters import Parameters
from analysis.report.findings import Finding, Strength
from analysis.schema import Table, arrow_schema
from analysis.stats.rates import proportion
from analysis.stats.self_check import library_versions
from analysis.store import partition

ROOT = Path(__file__).parents[1]
OUT = Path(__file__).with_name("FINDINGS.md")
NOTEBOOKS = {int(file.stem[0]): file for file in sorted((ROOT / "notebooks").glob("[1-6]_*.ipynb"))}
COUNTY = "990101"
DRAWN: tuple[Table, ...] = ("hazards", "enforcement", "penalties", "enterprises")
"""The tables that chance draws; a county's incidents and activities are written out in its plan."""
REPORTED = {
    "planted": {2024: tuple(NOTEBOOKS), 2023: (4,), 2022: (4,)},
    "null": {2024: tuple(NOTEBOOKS), 2022: (4,)},
}
"""Year → reports looked at: all of the last year, and of campaigns the years in which their effects lie."""
EXHIBITS = re.compile(
    r"headlines|tables?|figures?|shown|comparisons|charts|maps|funnels|shrunken|groups|limits"
)
"""Functions of the notebooks that draw and list, and claim nothing: left out of all seeds but the first."""
EFFECTS: dict[str, tuple[int, int, str]] = {
    "high by effort": (2024, 6, "按每家企业受检次数与全县平均之比，居前的是.*危险化学品[2-9]"),
    "high by yield": (2024, 1, "交通运输的检出率.*显著高于其余"),
    "high by self-reporting": (2024, 1, "医疗卫生的企业自查与部门发现隐患之比显著高于"),
    "a campaign that shifts a level": (2022, 4, "工贸粉尘涉爆专项治理的发现率.*有显著差别"),
    "a campaign that lifts major findings": (2023, 4, "自重大事故隐患专项排查整治2023行动开始.*显著高于"),
    "slow departments: 交通运输局": (2024, 3, "交通运输局.*明显慢于其余"),
    "slow departments: 农业农村局": (2024, 3, "农业农村局.*明显慢于其余"),
    "late recording": (2024, 5, "住房和城乡建设局从发现到录入明显慢于其余"),
    "penalties per inspection rise": (2024, 2, ".*全县每百次检查行政处罚明显上升"),
    "self-reported share falls": (2024, 6, "重大隐患自查占比低于上年同期"),
    "one township": (2024, 1, "石桥镇的每家企业的隐患数.*显著高于"),
    "hazards repeat": (2024, 1, ".*同一企业再次被发现的次数显著多于"),
}
"""Planted effect (data/README.md) → the year, the report and the finding in which it has to stand."""
TRUE_WITHOUT_EFFECTS = re.compile("不同级别的限期整改时长|同一企业再次被发现的次数")
"""Claims that hold in the plan without effects too: major hazards take longer, and proneness varies."""


def plans() -> dict[str, Plan]:
    """The sample's plan, and one without effects: campaigns are then labels of ordinary inspections."""
    planted = load_plan()
    return {"planted": planted, "null": replace(load_plan(null=True), tags=planted.tags)}


def write_county(folder: Path, tables: dict[int, YearTables]) -> None:
    """Store a simulated county's years as ``analysis prepare`` would have."""
    for year, found in tables.items():
        for name in DRAWN:
            _write(partition(folder, name, year, COUNTY), getattr(found, name), name)
        manifest = folder / "manifest" / f"year={year}" / f"county={COUNTY}.json"
        manifest.parent.mkdir(parents=True, exist_ok=True)
        county = {"code": COUNTY, "name": "示例县", "sample": True}
        manifest.write_text(json.dumps({"county": county, "as_of": None}), encoding="utf-8")


def _write(file: Path, frame: pd.DataFrame, name: Table) -> None:
    schema = arrow_schema(name)
    whole = frame.assign(file="simulated", row=range(1, len(frame) + 1), part=1)
    file.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(arrow.Table.from_arrays([_column(whole, one) for one in schema], schema=schema), file)


def _column(frame: pd.DataFrame, column: arrow.Field) -> arrow.Array:
    if column.name not in frame:
        return arrow.nulls(len(frame), column.type)
    values = arrow.Array.from_pandas(frame[column.name])
    if arrow.types.is_decimal(column.type):
        return arrow.array([None if v is None else round(v) for v in values.to_pylist()], column.type)
    return values.cast(column.type)


@dataclass
class Collect:
    """Stands in for ``Show``: keeps the findings that a notebook shows and renders nothing."""

    found: list[Finding] = field(default_factory=list)

    def __call__(self, *things: object) -> None:
        """Keep what is a finding."""
        self.found += [thing for thing in things if isinstance(thing, Finding)]


@cache
def cells(report: int, whole: bool) -> tuple[str, ...]:
    """A notebook's code without its parameters; without its exhibits too unless whole."""
    found = json.loads(NOTEBOOKS[report].read_text(encoding="utf-8"))["cells"]
    sources = ("".join(cell["source"]) for cell in found if cell["cell_type"] == "code")
    kept = (_without(source, whole) for source in sources if not source.startswith("# Parameters"))
    return tuple(source for source in kept if source)


def _without(source: str, whole: bool) -> str:
    lines = [line for line in source.splitlines() if not line.startswith(("book = ", "show = "))]
    source = "\n".join(lines)
    if whole or not source.startswith("show("):
        return source
    call = ast.parse(source, mode="eval").body
    shown = [ast.unparse(one) for one in getattr(call, "args", ())]
    kept = [one for one in shown if not EXHIBITS.search(one.split("(")[0])]
    return f"show({', '.join(kept)})" if kept else ""


def findings_of(report: int, opened: Book, *, whole: bool = False) -> list[Finding]:
    """What a report finds in a county's year."""
    collect = Collect()
    names: dict[str, Any] = {"book": opened, "show": collect}
    for source in cells(report, whole):
        exec(source, names)  # noqa: S102 (the project's own notebook)
    return collect.found


def books(processed: Path, years: tuple[int, ...]) -> Iterator[Book]:
    """The county's books of some years, read once: at the years' ends an earlier book holds fewer years."""
    opened = {year: book.of(Parameters(year, processed=str(processed))) for year in years}
    latest = opened[max(years)]
    for year, one in opened.items():
        for name in ("indicators", "hazards", "penalties"):
            rows = getattr(latest, name)
            one.__dict__[name] = rows[rows["year"] <= year]
        yield one


def run(job: tuple[str, int, Path]) -> None:
    """Keep the findings of one county: a line each, plan, seed, year, report, strength, text and basis."""
    name, seed, work = job
    out, folder = work / f"{name}-{seed}.tsv", work / f"{name}-{seed}"
    if out.is_file():
        return
    if not folder.is_dir():
        write_county(folder, simulate(plans()[name], seed))
    lines = [
        "\t".join([name, str(seed), str(one.year), str(report), found.strength, found.text, found.basis])
        for one in books(folder, tuple(REPORTED[name]))
        for report in REPORTED[name][one.year]
        for found in findings_of(report, one, whole=seed == 0)
    ]
    out.with_suffix(".part").write_text("\n".join(lines), encoding="utf-8")
    out.with_suffix(".part").rename(out)


def read(work: Path) -> pd.DataFrame:
    """All findings kept so far."""
    columns = ["plan", "seed", "year", "report", "strength", "text", "basis"]
    lines = [line.split("\t") for file in work.glob("*.tsv") for line in file.read_text("utf-8").splitlines()]
    return pd.DataFrame(lines, columns=columns).astype({"seed": int, "year": int, "report": int})


def false_findings(found: pd.DataFrame) -> Iterator[str]:
    """Per report the share of counties without effects in which it claims anything."""
    null = found[found["plan"] == "null"]
    claims = null[null["strength"] == Strength.SUPPORTED]
    claims = claims[~claims["text"].str.contains(TRUE_WITHOUT_EFFECTS)]
    seeds = null["seed"].nunique()
    wrong = claims.drop_duplicates(["seed", "year", "report"]).groupby(["year", "report"]).size()
    yield "| report | year | reports | with a false finding, % (95 %) | bar ≤ 5 |"
    yield "|---|--:|--:|---|---|"
    looked_at = [(year, report) for year, reports in REPORTED["null"].items() for report in reports]
    for year, report in looked_at:
        hits = int(wrong.get((year, report), 0))
        met = _met(hits <= 0.05 * seeds)
        yield f"| {NOTEBOOKS[report].stem} | {year} | {_counted(hits, seeds)} | {met} |"
    every = seeds * len(looked_at)
    yield f"| all | | {_counted(int(wrong.sum()), every)} | {_met(wrong.sum() <= 0.05 * every)} |"


def power(found: pd.DataFrame) -> Iterator[str]:
    """Per planted effect the share of counties in which its finding stands, with it and without."""
    yield "| planted effect | report | year | counties | found, % (95 %) | bar ≥ 90 | without it |"
    yield "|---|---|--:|--:|---|---|---|"
    claims = found[found["strength"] != Strength.OPEN]
    seeds = {name: found[found["plan"] == name]["seed"].nunique() for name in REPORTED}
    for effect, (year, report, pattern) in EFFECTS.items():
        rows = claims[(claims["year"] == year) & (claims["report"] == report)]
        rows = rows[rows["text"].str.match(pattern)]
        hits = {name: rows[rows["plan"] == name]["seed"].nunique() for name in REPORTED}
        ran = report in REPORTED["null"].get(year, ())
        alone = _share(hits["null"], seeds["null"]) if ran else "not run"
        met = _met(hits["planted"] >= 0.9 * seeds["planted"])
        shown = _counted(hits["planted"], seeds["planted"])
        yield f"| {effect} | {NOTEBOOKS[report].stem} | {year} | {shown} | {met} | {alone} |"


def _counted(hits: int, of: int) -> str:
    return f"{of} | {_share(hits, of)}"


def _share(hits: int, of: int) -> str:
    found = proportion(hits, of)
    return f"{100 * (found.value or 0):.1f} ({100 * (found.low or 0):.1f}–{100 * (found.high or 0):.1f})"


def _met(holds: bool) -> str:
    return "met" if holds else "**missed**"


INTRODUCTION = """# Findings of the six reports on simulated counties

Written by `python -m benchmarks.findings`. Each seed is a county of the sample's plan, of six years, once
with the planted effects of data/README.md and once without any. The sentences are those that the notebooks'
own cells show; a claim is a finding with 有检验支持. Without effects every claim of a report counts as false,
but for two that hold there too: major hazards take longer to rectify, and enterprises differ in proneness.
Campaigns are then labels of ordinary inspections. Shares with Wilson's 95 % interval.

One report has one error rate of 5 %: its tests are adjusted together (Holm), or its families of tests share
the 5 % equally (`stats/multiplicity.py`). Incidents and activities are not drawn; the county's one test of
incidents is a family of report 2 and keeps its part of the 5 %.
"""


def report(work: Path) -> str:
    """The tables of what has been worked out."""
    found = read(work)
    versions = ", ".join(f"{name} {version}" for name, version in library_versions().items())
    return "\n".join(
        [
            INTRODUCTION,
            f"{found['seed'].nunique()} seeds; {versions}.",
            "\n## False findings\n",
            *false_findings(found),
            "\n## Planted effects\n",
            *power(found),
            "",
        ]
    )


def main() -> None:
    """Work out what is missing, two counties at a time, and write the tables."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    work = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    work.mkdir(parents=True, exist_ok=True)
    jobs = [(name, seed, work) for seed in range(seeds) for name in REPORTED]
    started = time.perf_counter()
    with ProcessPoolExecutor(int(sys.argv[3]) if len(sys.argv) > 3 else 2) as pool:
        for done, _ in enumerate(pool.map(run, jobs), 1):
            print(
                f"{done} of {len(jobs)} after {time.perf_counter() - started:.0f} s",
                end="\r",
                file=sys.stderr,
            )
    OUT.write_text(report(work), encoding="utf-8")


if __name__ == "__main__":
    main()
