"""A province of 100 invented counties: the hub over 1, 10 and 100 million ledger rows.

    python -m benchmarks.province FOLDER --rows 1000000 --rows 10000000 [--repeat 5] [--spark]
    python -m benchmarks.province_cluster FOLDER 40

The same question is put through Ibis and in hand-written SQL, each time in a process of its own, alternated;
their answers must be equal. Times are of the processor, for Spark of the clock. Results stand in PROVINCE.md.
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
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as arrow
import pyarrow.compute as pc
from benchmarks.province_sql import by_county_sql, hub_sql
from pyarrow import parquet

from analysis import indicators, vocabulary
from analysis.period import Period
from analysis.schema import Table, arrow_schema
from analysis.scope import Scope
from analysis.store import Store, partition

YEAR, AS_OF = 2023, date(2023, 12, 31)
HUBS = 5
"""Of so many counties the whole hub is asked; the counts by county are of all of them."""
COUNTIES = [f"99{1 + number // 50:02d}{1 + number % 50:02d}" for number in range(100)]
ENTERPRISES, TOWNSHIPS = 9000, 20
ANSWERS = ("ibis", "sql", "spark")


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
    parser.add_argument("--answer", choices=ANSWERS, help="answer once and print time, memory and a hash")
    return parser.parse_args()


def measure_size(folder: Path, rows: int, repeat: int, spark: bool) -> None:
    """Write a province of so many rows and put the question to it, alternated."""
    if not folder.exists():
        started = time.perf_counter()
        write(folder, rows)
        print(f"{rows:,} rows written in {time.perf_counter() - started:.0f} s, {_size(folder) / 1e9:.2f} GB")
    taken: dict[str, list[dict[str, float]]] = {"ibis": [], "sql": []}
    for number in range(repeat):
        for name in sorted(taken, reverse=bool(number % 2)):
            taken[name].append(_answered(name, folder))
    if spark:
        taken["spark"] = [_answered("spark", folder)]
    hashes = {one["hash"] for several in taken.values() for one in several}
    for name, several in taken.items():
        middle, most = (
            statistics.median(one["seconds"] for one in several),
            max(one["memory"] for one in several),
        )
        print(
            f"{rows:,} {name}: {middle:.2f} s, {1e6 * middle / rows:.3f} µs a row, peak {most / 1e9:.2f} GB"
        )
    ratio = statistics.median(
        ours["seconds"] / other["seconds"] for ours, other in zip(taken["ibis"], taken["sql"], strict=True)
    )
    print(f"{rows:,} Ibis over SQL: {ratio:.3f}; answers {'equal' if len(hashes) == 1 else 'DIFFER'}")


def _answered(name: str, folder: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "benchmarks.province", str(folder), "--answer", name]
    told = subprocess.run(words, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


def answer(name: str, folder: Path) -> dict[str, object]:
    """Put the question once: five counties' hubs, and the counts by county of all of them."""
    ask = {"ibis": ask_ibis, "sql": ask_sql, "spark": ask_spark}[name]
    clock = time.perf_counter if name == "spark" else time.process_time
    digest, spent, started = hashlib.sha256(), 0.0, clock()
    for table in ask(folder):
        spent += clock() - started
        digest.update(_canonical(table))
        started = clock()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": spent, "memory": memory, "hash": digest.hexdigest()}


def _canonical(table: arrow.Table) -> bytes:
    """The rows as bytes whatever their order and the engine's types; not part of the time."""
    columns = sorted(table.column_names)
    text = table.select(columns).to_pandas().astype(str).replace({"nan": "", "None": ""})
    text["value"] = text["value"].astype(float)
    return text.sort_values(columns).to_csv(index=False).encode()


def ask_ibis(folder: Path) -> Iterator[arrow.Table]:
    """Through the package, on DuckDB."""
    return _ask_package(Store(folder, "duckdb"))


def ask_spark(folder: Path) -> Iterator[arrow.Table]:
    """Through the package, on Spark with two threads."""
    return _ask_package(Store(folder, "local[2]"))


def _ask_package(store: Store) -> Iterator[arrow.Table]:
    for county in COUNTIES[:HUBS]:
        yield store.arrow(indicators.expression(store, Scope(county, Period(YEAR), AS_OF)))
    yield store.arrow(indicators.by_county(store, Scope("", Period(YEAR), AS_OF).cutoffs))


def ask_sql(folder: Path) -> Iterator[arrow.Table]:
    """As somebody would write it for DuckDB by hand, with as many threads."""
    with duckdb.connect(config={"threads": 1}) as connection:
        for county in COUNTIES[:HUBS]:
            yield connection.sql(hub_sql(folder, YEAR, AS_OF, county)).to_arrow_table()
        yield connection.sql(by_county_sql(folder, YEAR, AS_OF)).to_arrow_table()


# --- the invented province


def write(folder: Path, rows: int) -> None:
    """Write the tables of 100 counties, a county at a time."""
    for number, county in enumerate(COUNTIES):
        chance = np.random.default_rng(number)
        _publish(folder, "hazards", county, _hazards(rows // len(COUNTIES), county, chance))
        _publish(folder, "enterprises", county, _enterprises(county))
        _publish(folder, "enforcement", county, _enforcement(county, chance))


def _publish(folder: Path, table: Table, county: str, columns: dict[str, arrow.Array]) -> None:
    schema, length = arrow_schema(table), len(next(iter(columns.values())))
    arrays = [columns.get(field.name, arrow.nulls(length, field.type)) for field in schema]
    file = partition(folder, table, YEAR, county)
    file.parent.mkdir(parents=True, exist_ok=True)
    names = [field.name for field in schema]
    parquet.write_table(arrow.Table.from_arrays(arrays, names), file, compression="zstd", version="2.6")


def _industries() -> list[str]:
    return [code for code, sector in vocabulary.sectors().items() if sector.kind == "industry"]


def _hazards(rows: int, county: str, chance: np.random.Generator) -> dict[str, arrow.Array]:
    sectors = _industries()
    sector = chance.integers(len(sectors), size=rows)
    found = np.datetime64(f"{YEAR}-01-01") + np.sort(chance.integers(365, size=rows))
    due = found + 30
    rectified = found + chance.integers(1, 60, size=rows)
    done = chance.random(rows) < 0.9
    month = found.astype("datetime64[M]").astype(int) % 12
    return {
        "hazard_id": pc.binary_join_element_wise(f"{county}-", arrow.array(range(rows)).cast("string"), ""),
        "township": _named([f"第{n}镇" for n in range(TOWNSHIPS)], chance.integers(TOWNSHIPS, size=rows)),
        "enterprise": _named(
            [f"{county}示例{n}号厂" for n in range(ENTERPRISES)], chance.integers(ENTERPRISES, size=rows)
        ),
        "sector": _named(sectors, sector),
        "level": _named(["general", "major"], (chance.random(rows) < 0.05).astype(int)),
        "source": _named(["department", "self_reported", "expert"], chance.integers(3, size=rows)),
        "department": _named([f"第{n}局" for n in range(10)], sector % 10),
        "description": _named([f"第{n}类防护缺失" for n in range(200)], chance.integers(200, size=rows)),
        "found_on": arrow.array(found),
        "recorded_on": arrow.array(found + 1),
        "due_on": arrow.array(due),
        "status": _named(["open", "rectified"], done.astype(int)),
        "rectified_on": arrow.array(rectified, mask=~done),
        "file": _named([f"{YEAR}/{county}/台账{n + 1}.xlsx" for n in range(12)], month),
        "sheet": _named(["台账"], np.zeros(rows, dtype=int)),
        "row": arrow.array(np.arange(2, rows + 2)),
        "part": arrow.array(np.ones(rows, dtype=int)),
    }


def _enterprises(county: str) -> dict[str, arrow.Array]:
    places = [(town, code) for town in range(TOWNSHIPS) for code in _industries()]
    share = ENTERPRISES // len(places)
    return {
        "township": arrow.array([f"第{town}镇" for town, _ in places]),
        "sector": arrow.array([code for _, code in places]),
        "regulated_enterprises": arrow.array([share] * len(places)),
        **_lineage(county, len(places)),
    }


def _enforcement(county: str, chance: np.random.Generator) -> dict[str, arrow.Array]:
    months = [(month, code) for month in range(1, 13) for code in _industries()]
    return {
        "month": arrow.array([month for month, _ in months], arrow.int32()),
        "sector": arrow.array([code for _, code in months]),
        "inspections": arrow.array(chance.integers(1, 400, size=len(months))),
        "notices_issued": arrow.array(chance.integers(0, 90, size=len(months))),
        **_lineage(county, len(months)),
    }


def _lineage(county: str, rows: int) -> dict[str, arrow.Array]:
    place = {"file": f"{YEAR}/{county}/表.xlsx", "sheet": "表"}
    texts = {name: arrow.array([text] * rows) for name, text in place.items()}
    return {**texts, "row": arrow.array(range(2, rows + 2))}


def _named(words: list[str], codes: np.ndarray) -> arrow.Array:
    return arrow.DictionaryArray.from_arrays(arrow.array(codes.astype(np.int32)), arrow.array(words))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.parquet"))


if __name__ == "__main__":
    main()
