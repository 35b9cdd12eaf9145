"""A province of 100 invented counties: all that a year's reports aggregate, over 1, 10 and 100 million rows.

    python -m benchmarks.province FOLDER --rows 1000000 --rows 10000000 [--repeat 5] [--spark]
    python -m benchmarks.province_cluster FOLDER 40

Each county's hub, the counts of all counties, and how events clump: the same 102 questions are put through
Ibis and in hand-written SQL, each time in a process of its own, alternated; their answers must be equal.
Times are of the processor, composing and compiling included, imports not; for Spark, which is asked for the
hubs of a few counties only, of the clock. Results stand in PROVINCE.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as arrow
import pyarrow.compute as pc
from benchmarks.province_rows import AS_OF, COUNTIES, YEAR, write
from benchmarks.province_sql import by_county_sql, clumping_sql, hub_sql

from analysis import indicators
from analysis.chapters.province import MEASURES
from analysis.period import Period
from analysis.scope import Scope
from analysis.store import Store

HUBS = {"ibis": len(COUNTIES), "sql": len(COUNTIES), "spark": 3}
"""Of so many counties the hub is asked."""
Answers = Iterator[tuple[str, arrow.Table]]


def main() -> None:
    """Measure what is asked for and print it."""
    arguments = _arguments()
    if arguments.answer:
        print(json.dumps(answer(arguments.answer, arguments.folder)))
    else:
        for rows in arguments.rows:
            measure_size(arguments.folder / str(rows), rows, arguments.repeat, arguments.spark)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, action="append", default=[])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--answer", choices=HUBS, help="answer once and print time, memory and hashes")
    return parser.parse_args()


def measure_size(folder: Path, rows: int, repeat: int, spark: bool) -> None:
    """Write a province of so many rows and put the questions to it, alternated."""
    if not folder.exists():
        started = time.perf_counter()
        write(folder, rows)
        size = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
        print(f"{rows:,} rows written in {time.perf_counter() - started:.0f} s, {size / 1e9:.2f} GB")
    taken: dict[str, list[dict[str, Any]]] = {"ibis": [], "sql": []}
    for number in range(repeat):
        for name in sorted(taken, reverse=bool(number % 2)):
            taken[name].append(_answered(name, folder))
    if spark:
        taken["spark"] = [_answered("spark", folder)]
    for name, several in taken.items():
        _tell(f"{rows:,} {name}", rows, several)
    ratios = [
        ours["seconds"] / other["seconds"] for ours, other in zip(taken["ibis"], taken["sql"], strict=True)
    ]
    told = ", ".join(f"{ratio:.3f}" for ratio in sorted(ratios))
    print(f"{rows:,} Ibis over SQL: {statistics.median(ratios):.3f} ({told}); {_compared(taken)}")


def _answered(name: str, folder: Path) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.province", str(folder), "--answer", name]
    told = subprocess.run(words, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


def _tell(what: str, rows: int, several: list[dict[str, Any]]) -> None:
    middle = statistics.median(one["seconds"] for one in several)
    most = max(one["memory"] for one in several)
    print(f"{what}: {middle:.2f} s, {1e6 * middle / rows:.3f} µs a row, peak {most / 1e9:.2f} GB")


def _compared(taken: dict[str, list[dict[str, Any]]]) -> str:
    """Whether all gave the same answers, to the questions that each was asked."""
    known = taken["sql"][0]["hashes"]
    others = [one["hashes"] for several in taken.values() for one in several]
    differ = sorted({name for one in others for name in one if one[name] != known[name]})
    return f"answers DIFFER: {', '.join(differ)}" if differ else "answers equal"


def answer(name: str, folder: Path) -> dict[str, object]:
    """Put the questions once: time, memory, and a hash of each answer."""
    ask = {"ibis": ask_ibis, "sql": ask_sql, "spark": ask_spark}[name]
    clock = time.perf_counter if name == "spark" else time.process_time
    hashes, spent, started = {}, 0.0, clock()
    for question, table in ask(folder):
        spent += clock() - started
        hashes[question] = hashlib.sha256(_canonical(table)).hexdigest()
        started = clock()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": spent, "memory": memory, "hashes": hashes}


def _canonical(table: arrow.Table) -> bytes:
    """The rows as one text, in their order, whatever the engine's types; not part of the time."""
    columns = [table[name] for name in sorted(table.column_names)]
    if "value" in table.column_names:
        columns[sorted(table.column_names).index("value")] = table["value"].cast(arrow.decimal128(38, 6))
    texts = [column.cast("string") for column in columns]
    rows = pc.binary_join_element_wise(*texts, "\t", null_handling="replace", null_replacement="")
    return "\n".join(rows.to_pylist()).encode()


def ask_ibis(folder: Path) -> Answers:
    """Through the package, on DuckDB."""
    return _ask_package(Store(folder, "duckdb"), HUBS["ibis"])


def ask_spark(folder: Path) -> Answers:
    """Through the package, on Spark with two threads."""
    return _ask_package(Store(folder, "local[2]"), HUBS["spark"])


def _ask_package(store: Store, hubs: int) -> Answers:
    cutoffs = Scope("", Period(YEAR), AS_OF).cutoffs
    for county in COUNTIES[:hubs]:
        yield county, store.answer(indicators.hub(cutoffs), [YEAR], county)
    yield "all counties", store.answer(indicators.by_county(cutoffs), [YEAR])
    events = {measure.key: measure.events for measure in MEASURES}
    yield "clumping", store.answer(indicators.clumping(cutoffs, events), [YEAR])


def ask_sql(folder: Path) -> Answers:
    """As somebody would write it for DuckDB by hand, with as many threads."""
    with duckdb.connect(config={"threads": 1}) as connection:
        for county in COUNTIES[: HUBS["sql"]]:
            yield county, connection.sql(hub_sql(folder, YEAR, AS_OF, county)).to_arrow_table()
        yield "all counties", connection.sql(by_county_sql(folder, YEAR, AS_OF)).to_arrow_table()
        yield "clumping", connection.sql(clumping_sql(folder, YEAR, AS_OF)).to_arrow_table()


if __name__ == "__main__":
    main()
