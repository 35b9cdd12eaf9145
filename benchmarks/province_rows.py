"""An invented province of 100 counties: as many rows of the ledger as asked for, and the other tables beside.

Every county has the same number of everything, drawn anew from the county's number: the same on every run.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as arrow
import pyarrow.compute as pc
from pyarrow import parquet

from analysis import vocabulary
from analysis.schema import Table, arrow_schema
from analysis.store import partition
from analysis.sums import ACTIVITY_INDICATORS, LEDGER_INDICATORS

YEAR, AS_OF = 2023, date(2023, 12, 31)
COUNTIES = [f"99{1 + number // 50:02d}{1 + number % 50:02d}" for number in range(100)]
ENTERPRISES, TOWNSHIPS = 9000, 20
PENALTIES, INCIDENTS, ACTIVITIES, FACTS = 400, 12, 120, 150


def write(folder: Path, rows: int) -> None:
    """Write the tables of 100 counties, a county at a time."""
    for number, county in enumerate(COUNTIES):
        chance = np.random.default_rng(number)
        _publish(folder, "hazards", county, _hazards(rows // len(COUNTIES), county, chance))
        _publish(folder, "enterprises", county, _enterprises(county))
        _publish(folder, "enforcement", county, _enforcement(county, chance))
        _publish(folder, "penalties", county, _penalties(county, chance))
        _publish(folder, "incidents", county, _incidents(county, chance))
        _publish(folder, "activities", county, _activities(county, chance))
        _publish(folder, "facts", county, _facts(county, chance))


def _publish(folder: Path, table: Table, county: str, columns: dict[str, arrow.Array]) -> None:
    schema, length = arrow_schema(table), len(next(iter(columns.values())))
    arrays = [
        columns[field.name] if field.name in columns else arrow.nulls(length, field.type) for field in schema
    ]
    file = partition(folder, table, YEAR, county)
    file.parent.mkdir(parents=True, exist_ok=True)
    names = [field.name for field in schema]
    parquet.write_table(arrow.Table.from_arrays(arrays, names), file, compression="zstd", version="2.6")


def _industries() -> list[str]:
    return [code for code, sector in vocabulary.sectors().items() if sector.kind == "industry"]


def _hazards(rows: int, county: str, chance: np.random.Generator) -> dict[str, arrow.Array]:
    sectors = _industries()
    sector = chance.integers(len(sectors), size=rows)
    found = np.sort(_days(rows, chance))
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
        "listed_on": arrow.array(found + 5, mask=chance.random(rows) < 0.99),
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


def _penalties(county: str, chance: np.random.Generator) -> dict[str, arrow.Array]:
    return {
        "sector": _drawn(_industries(), PENALTIES, chance),
        "party": _drawn([f"{county}示例{n}号厂" for n in range(ENTERPRISES)], PENALTIES, chance),
        "document_number": arrow.array([f"〔{YEAR}〕{n}号" for n in range(PENALTIES)]),
        "fine": arrow.array(chance.integers(1, 20_000_000, size=PENALTIES)).cast(arrow.decimal128(20, 0)),
        "decided_on": arrow.array(_days(PENALTIES, chance)),
        "body": _drawn([f"第{n}局" for n in range(10)], PENALTIES, chance),
        **_lineage(county, PENALTIES),
    }


def _incidents(county: str, chance: np.random.Generator) -> dict[str, arrow.Array]:
    return {
        "occurred_at": arrow.array(_days(INCIDENTS, chance).astype("datetime64[s]")),
        "township": _drawn([f"第{n}镇" for n in range(TOWNSHIPS)], INCIDENTS, chance),
        "sector": _drawn(_industries(), INCIDENTS, chance),
        "deaths": arrow.array(chance.integers(0, 2, size=INCIDENTS)),
        "serious_injuries": arrow.array(chance.integers(0, 3, size=INCIDENTS)),
        **_lineage(county, INCIDENTS),
    }


def _activities(county: str, chance: np.random.Generator) -> dict[str, arrow.Array]:
    kinds = sorted({kind for of in ACTIVITY_INDICATORS.values() for kind in of})
    return {
        "held_on": arrow.array(_days(ACTIVITIES, chance)),
        "kind": _drawn(kinds, ACTIVITIES, chance),
        "township": _drawn([f"第{n}镇" for n in range(TOWNSHIPS)], ACTIVITIES, chance),
        **_lineage(county, ACTIVITIES),
    }


def _facts(county: str, chance: np.random.Generator) -> dict[str, arrow.Array]:
    start = np.arange(0, 20 * FACTS, 20)
    days = {"period_start": date(YEAR, 1, 1), "period_end": AS_OF}
    texts = {"document": f"{county}总结.txt", "quote": "发现隐患", "unit": "条", "qualifier": "exact"}
    return {
        **{name: arrow.array([text] * FACTS) for name, text in texts.items()},
        **{name: arrow.array([day] * FACTS) for name, day in days.items()},
        "line": arrow.array(np.arange(1, FACTS + 1)),
        "start": arrow.array(start),
        "end": arrow.array(start + 10),
        "sector": _drawn([*_industries(), "gas;fire"], FACTS, chance),
        "indicator": _drawn(list(LEDGER_INDICATORS), FACTS, chance),
        "measure": _drawn(["level", "change"], FACTS, chance),
        "value": arrow.array(chance.integers(1, 9000, size=FACTS)).cast(arrow.decimal128(38, 6)),
    }


def _lineage(county: str, rows: int) -> dict[str, arrow.Array]:
    place = {"file": f"{YEAR}/{county}/表.xlsx", "sheet": "表"}
    texts = {name: arrow.array([text] * rows) for name, text in place.items()}
    return {**texts, "row": arrow.array(range(2, rows + 2))}


def _days(rows: int, chance: np.random.Generator) -> np.ndarray:
    return np.datetime64(f"{YEAR}-01-01") + chance.integers(365, size=rows)


def _drawn(words: list[str], rows: int, chance: np.random.Generator) -> arrow.Array:
    return _named(words, chance.integers(len(words), size=rows))


def _named(words: list[str], codes: np.ndarray) -> arrow.Array:
    return arrow.DictionaryArray.from_arrays(arrow.array(codes.astype(np.int32)), arrow.array(words))
