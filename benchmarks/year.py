"""Duties, incidents and the plan on simulated counties: planted gaps found, and gaps claimed where none is.

By hand from the project's folder: `python -m benchmarks.year [SEEDS]`; 200 seeds by default. Every seed is
two years of a county's letters, meetings, incidents, penalties and plan, drawn once with nothing amiss and
once with a township without a letter, a skipped meeting, a late report, an incident that only a penalty
names, and a target that is missed. The chapters' own answers are read. Writes benchmarks/YEAR.md.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as arrow
from pyarrow import parquet

from analysis import duties
from analysis.book import Book, County
from analysis.chapters import commitments, incidents, responsibility
from analysis.parameters import Parameters
from analysis.period import Period
from analysis.report.findings import Finding, Strength
from analysis.schema import Table, arrow_schema
from analysis.scope import Scope
from analysis.settings import Settings, settings
from analysis.stats.rates import proportion
from analysis.store import Store, partition

OUT = Path(__file__).with_name("YEAR.md")
COUNTY, YEAR = "990101", 2023
PLACE = {"file": "2023/a.xlsx", "sheet": "s"}
TOWNSHIPS = [f"{name}镇" for name in "甲乙丙丁戊己庚辛壬"]
SECTORS = ["gas", "construction", "industry_trade", "commerce"]
INCIDENTS = 4.0
"""Mean of a year's incidents, the same in both years."""
PLANTED = {
    "a township without a letter": "没有记录的是甲镇",
    "a skipped meeting": "安委会会议应开展的4期中，7–9月没有记录",
    "a late report": "超过1小时",
    "an incident that only a penalty names": "行政处罚的案由写明发生事故",
    "a target that is missed": "到期未完成",
}
"""What is planted, and the words of the finding that names it."""
CLAIMS = (
    *(words for words in PLANTED.values() if "镇" not in words and "期中" not in words),
    "需要核实是否漏",
    "没有记录的是",
)
Rows = list[dict[str, Any]]


def main() -> None:
    """Answer every seed twice and write how often each finding stood there."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    found: Counter[str] = Counter()
    claimed = 0
    for seed in range(seeds):
        claimed += any(_claims(one) for one in answers(seed, planted=False))
        said = " ".join(one.text for one in answers(seed, planted=True))
        found.update(name for name, words in PLANTED.items() if words in said)
    OUT.write_text("\n".join(_page(seeds, claimed, found)) + "\n", encoding="utf-8")


def _claims(finding: Finding) -> bool:
    return finding.strength is Strength.SUPPORTED or any(words in finding.text for words in CLAIMS)


def answers(seed: int, *, planted: bool) -> list[Finding]:
    """The findings of the three chapters on one county."""
    rng = np.random.default_rng([seed, planted])
    with tempfile.TemporaryDirectory() as folder:
        book = _book(Path(folder), rng, planted=planted)
        return [
            *responsibility.answer(responsibility.Responsibility(book)),
            *incidents.answer(incidents.Incidents(book)),
            *commitments.answer(commitments.Commitments(book, YEAR)),
        ]


def _book(folder: Path, rng: np.random.Generator, *, planted: bool) -> Book:
    happened = {year: list(_incidents(rng, year, late=planted and year == YEAR)) for year in (YEAR - 1, YEAR)}
    held = list(_activities(rng, planted=planted))
    _put(folder, "activities", YEAR, held)
    for year, rows in happened.items():
        _put(folder, "incidents", year, rows)
    _put(folder, "penalties", YEAR, list(_penalties(happened[YEAR], planted=planted)))
    _put(folder, "plan", YEAR - 1, _plan(held, planted=planted))
    _put(folder, "enterprises", YEAR, _enterprises())
    scope = Scope(COUNTY, Period(YEAR), date(YEAR, 12, 31), (YEAR - 1,))
    county = County(COUNTY, "示例县", sample=True)
    return Book(Parameters(YEAR), county, scope, Store(folder), settings(), ())


def _put(folder: Path, table: Table, year: int, rows: Rows) -> None:
    schema = arrow_schema(table)
    whole = [{name: row.get(name) for name in schema.names} for row in rows]
    file = partition(folder, table, year, COUNTY)
    file.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(arrow.Table.from_pylist(whole, schema=schema), file)


def _enterprises() -> Rows:
    given = {**PLACE, "row": 1, "year": YEAR, "sector": "gas", "regulated_enterprises": 40}
    return [{**given, "township": township} for township in TOWNSHIPS]


def _activities(rng: np.random.Generator, *, planted: bool) -> Iterator[dict[str, Any]]:
    """Letters of all townships, and each duty once in each part of the year in which it is due."""
    for township in TOWNSHIPS[1 if planted else 0 :]:
        signed = {"held_on": date(YEAR, 3, 1), "kind": "responsibility_letter", "township": township}
        yield {**PLACE, "row": 2, **signed}
    for kind in responsibility.REQUIRED:
        for part in duties.intervals(YEAR, getattr(Settings(), f"required_{kind}")):
            day = part.start + timedelta(days=int(rng.integers(0, (part.end - part.start).days + 1)))
            if not (planted and kind == "committee_meeting" and part.start.month == 7):
                yield {**PLACE, "row": 2, "held_on": day, "kind": kind}


def _incidents(rng: np.random.Generator, year: int, *, late: bool) -> Iterator[dict[str, Any]]:
    """At least one incident, reported within the hour; the first one late where that is planted."""
    for number in range(max(1, rng.poisson(INCIDENTS))):
        at = datetime(year, 1, 1, 1) + timedelta(minutes=int(rng.integers(0, 360 * 24 * 60)))
        minutes = 200 if late and not number else int(rng.integers(5, 60))
        harm = {
            "sector": str(rng.choice(SECTORS)),
            "deaths": int(rng.integers(0, 2)),
            "township": TOWNSHIPS[0],
        }
        told = {"occurred_at": at, "reported_at": at + timedelta(minutes=minutes)}
        yield {**PLACE, "row": number + 2, **harm, **told}


def _penalties(happened: Rows, *, planted: bool) -> Iterator[dict[str, Any]]:
    """A decision on each incident of the list; one on an incident that the list lacks, where planted."""
    given = {**PLACE, "row": 2, "body": "乙局", "party": "甲公司", "case": "发生生产安全责任事故"}
    for number, row in enumerate(happened):
        day = min(row["occurred_at"].date() + timedelta(days=20), date(YEAR, 12, 31))
        yield {**given, "document_number": str(number), "sector": row["sector"], "decided_on": day}
    if planted:
        yield {**given, "document_number": "x", "sector": "hazchem", "decided_on": date(YEAR, 11, 1)}


def _plan(held: Rows, *, planted: bool) -> Rows:
    """A target for each duty, at what was held; one beyond it where that is planted."""
    codes = {"committee_meeting": "committee_meetings", "officer_training": "officer_trainings"}
    rows = []
    for kind, indicator in codes.items():
        target = sum(row["kind"] == kind for row in held) + (planted and kind == "officer_training")
        promise = {"plan_year": YEAR, "text": kind, "indicator": indicator, "comparator": "at_least"}
        rows.append({**PLACE, "row": 2, **promise, "target": Decimal(target)})
    return rows


def _page(seeds: int, claimed: int, found: Counter[str]) -> Iterator[str]:
    yield "# Duties, incidents and the plan on simulated counties\n"
    yield f"`python -m benchmarks.year {seeds}`: {seeds} seeds, each without and with planted gaps.\n"
    clean = proportion(seeds - claimed, seeds)
    assert clean.value is not None and clean.low is not None and clean.high is not None  # noqa: S101 - seeds > 0
    limits = f"95 % interval {clean.low:.1%} to {clean.high:.1%}"
    yield f"Nothing planted, nothing claimed: {seeds - claimed} of {seeds} ({clean.value:.1%}; {limits}).\n"
    yield "| planted | found |\n| --- | --- |"
    yield from (f"| {name} | {found[name]} of {seeds} |" for name in PLANTED)


if __name__ == "__main__":
    main()
