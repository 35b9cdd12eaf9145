"""The processed tables, through Ibis: DuckDB here, another of Ibis's engines on a cluster.

The only room that knows which engine runs. Everything above it sees Ibis tables with the columns of
schema.py and the partition columns ``year`` (integer) and ``county`` (text).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as arrow

from analysis.schema import Table, arrow_schema

PART = "part-0.parquet"


def partition(processed: Path, table: Table, year: int, county: str) -> Path:
    """The one file that holds a table's rows of a county's year."""
    return processed / table / f"year={year}" / f"county={county}" / PART


class Store:
    """The processed tables of a folder."""

    def __init__(self, processed: Path) -> None:
        self.processed = processed

    @cached_property
    def _engine(self) -> ibis.BaseBackend:
        # One thread: a notebook's share of the machine; the order of rows is the same on every run.
        return ibis.duckdb.connect(threads=1)

    def table(self, name: Table, years: Iterable[int] | None = None, county: str | None = None) -> ir.Table:
        """The rows of a table, of the given years and county where they are given.

        A table without files is an empty table of the same columns: a year with only a summary is normal.
        """
        files = self._files(name, years, county)
        if not files:
            return self._empty(name)
        rows = self._engine.read_parquet(
            [str(file) for file in files], hive_partitioning=True, hive_types_autocast=False
        )
        return rows.mutate(year=rows.year.cast("int64"), county=rows.county.cast("string"))

    def rows(self, name: Table, years: Iterable[int], county: str) -> pd.DataFrame:
        """One county's rows as a data frame, ordered by where they came from: for statistics over events."""
        return self.frame(self.table(name, years, county).order_by(["year", "file", "sheet", "row"]))

    def frame(self, expression: ir.Table) -> pd.DataFrame:
        """The result of an expression as a data frame."""
        frame: pd.DataFrame = self._engine.to_pandas(expression)
        return frame

    def arrow(self, expression: ir.Table) -> arrow.Table:
        """The result of an expression as an Arrow table."""
        return self._engine.to_pyarrow(expression)

    def years(self, county: str) -> list[int]:
        """The years for which any table of the county has been prepared, ascending."""
        found = self.processed.glob(f"*/year=*/county={county}/{PART}")
        return sorted({int(file.parts[-3].removeprefix("year=")) for file in found})

    def _files(self, name: Table, years: Iterable[int] | None, county: str | None) -> list[Path]:
        wanted = None if years is None else {f"year={year}" for year in years}
        files = (self.processed / name).glob(f"year=*/county={county or '*'}/{PART}")
        return sorted(file for file in files if wanted is None or file.parts[-3] in wanted)

    def _empty(self, name: Table) -> ir.Table:
        fields = {field.name: field.type for field in arrow_schema(name)}
        partitions = {"year": arrow.int64(), "county": arrow.string()}
        return ibis.memtable(arrow.schema(list({**fields, **partitions}.items())).empty_table())
