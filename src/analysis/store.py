"""The processed tables, through Ibis: DuckDB in this process, or the office's Spark cluster.

The only room that knows which engine runs. Everything above it sees Ibis tables with the columns of
schema.py and the partition columns ``year`` (integer) and ``county`` (text).

ANALYSIS_STORE names the engine: ``duckdb`` (the default), ``spark`` (the master that Spark's configuration
names), or a Spark master: ``local[2]``, ``spark://host:7077``, ``yarn``, ``k8s://…``. ANALYSIS_TABLES is the
address below which Spark reads the tables where that is not the processed folder itself: any that Spark
reads, as ``s3a://bucket/processed`` or ``hdfs:///processed``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cached_property, reduce
from pathlib import Path
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as arrow

from analysis.messages import AnalysisError, UsageError
from analysis.schema import TABLES, Table, arrow_schema

PART = "part-0.parquet"
EMBEDDED = "duckdb"
_MASTER = re.compile(r"spark|local(\[.+\])?|yarn|(spark|k8s)://.+")
_SPARK_OPTIONS = {
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",  # a county's code is text
    "spark.sql.ansi.enabled": "true",  # what overflows or divides by zero fails, on Spark 3 as well
}


def partition(processed: Path, table: Table, year: int, county: str) -> Path:
    """The one file that holds a table's rows of a county's year."""
    return processed / table / f"year={year}" / f"county={county}" / PART


class Store:
    """The processed tables of a folder, read by the engine named or by the one that ANALYSIS_STORE names."""

    def __init__(self, processed: Path, engine: str = "") -> None:
        self.processed = processed
        self._name = engine or os.environ.get("ANALYSIS_STORE") or EMBEDDED

    @cached_property
    def _engine(self) -> _Engine:
        if self._name == EMBEDDED:
            return _DuckDB(self.processed)
        if _MASTER.fullmatch(self._name):
            return _Spark(self.processed, self._name)
        allowed = "duckdb、spark、local[2]、spark://…、yarn、k8s://…"
        raise UsageError("store_unknown", name=self._name, allowed=allowed)

    def table(self, name: Table, years: Iterable[int] | None = None, county: str | None = None) -> ir.Table:
        """The rows of a table, of the given years and county where they are given.

        A table without files is an empty table of the same columns: a year with only a summary is normal.

        Raises:
            AnalysisError: ``store_unknown``, ``spark_missing`` or ``spark_failed``: there is no such engine.
        """
        rows = self._engine.read(name, None if years is None else sorted(set(years)), county)
        if rows is None:
            return _empty(name)
        partitions = {"year": rows.year.cast("int64"), "county": rows.county.cast("string")}
        return rows.select(*arrow_schema(name).names, **partitions)

    def rows(self, name: Table, years: Iterable[int], county: str) -> pd.DataFrame:
        """One county's rows as a data frame, ordered by where they came from: for statistics over events."""
        return self.frame(self.table(name, years, county).order_by(["year", "file", "sheet", "row"]))

    def frame(self, expression: ir.Table) -> pd.DataFrame:
        """The result of an expression as a data frame, of the same types whatever the engine.

        Moments are in microseconds; whole numbers with nulls among them are floats.
        """
        frame: pd.DataFrame = self._engine.backend.to_pandas(expression)
        types = dict.fromkeys(frame.select_dtypes("datetime").columns, "datetime64[us]")
        whole = [name for name, kind in expression.schema().items() if kind.is_integer()]
        types |= {name: "float64" for name in whole if frame[name].dtype == object}
        return frame.astype(types)

    def arrow(self, expression: ir.Table) -> arrow.Table:
        """The result of an expression as an Arrow table."""
        return self._engine.backend.to_pyarrow(expression)

    def years(self, county: str) -> list[int]:
        """The years for which any table of the county has been prepared, ascending."""
        return self._engine.years(county)


class _Engine(Protocol):
    """Reads the files of one processed folder."""

    @property
    def backend(self) -> Any: ...
    def read(self, name: Table, years: list[int] | None, county: str | None) -> ir.Table | None: ...
    def years(self, county: str) -> list[int]: ...


class _DuckDB:
    """The database in this process, over files of this machine."""

    def __init__(self, processed: Path) -> None:
        self._processed = processed

    @cached_property
    def backend(self) -> Any:
        # One thread: a notebook's share of the machine; the order of rows is the same on every run.
        return ibis.duckdb.connect(threads=1)

    def read(self, name: Table, years: list[int] | None, county: str | None) -> ir.Table | None:
        wanted = None if years is None else {f"year={year}" for year in years}
        found = (self._processed / name).glob(f"year=*/county={county or '*'}/{PART}")
        files = sorted(str(file) for file in found if wanted is None or file.parts[-3] in wanted)
        if not files:
            return None
        return self.backend.read_parquet(files, hive_partitioning=True, hive_types_autocast=False)

    def years(self, county: str) -> list[int]:
        found = self._processed.glob(f"*/year=*/county={county}/{PART}")
        return sorted({int(file.parts[-3].removeprefix("year=")) for file in found})


class _Spark:
    """A Spark session, which lists the folders itself and reads only the partitions asked for."""

    def __init__(self, processed: Path, master: str) -> None:
        here = "file:///" + processed.absolute().as_posix().lstrip("/")
        self._address = (os.environ.get("ANALYSIS_TABLES") or here).rstrip("/")
        self._master = master

    @cached_property
    def backend(self) -> Any:
        return ibis.pyspark.connect(_session(self._master), **_SPARK_OPTIONS)

    def read(self, name: Table, years: list[int] | None, county: str | None) -> ir.Table | None:
        from pyspark.errors import AnalysisException

        try:
            rows = self.backend.read_parquet(f"{self._address}/{name}")
        except AnalysisException as error:
            if error.getCondition() in ("PATH_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA"):
                return None
            raise
        rows = rows if years is None else rows.filter(rows.year.isin([str(year) for year in years]))
        return rows if county is None else rows.filter(rows.county == county)

    def years(self, county: str) -> list[int]:
        found = [
            rows.select("year") for name in TABLES if (rows := self.read(name, None, county)) is not None
        ]
        if not found:
            return []
        every = reduce(lambda left, right: left.union(right), found).distinct()
        return sorted(int(year) for year in self.backend.to_pandas(every)["year"])


def _session(master: str) -> Any:
    """The Spark session of this process."""
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise AnalysisError("spark_missing") from error
    builder = SparkSession.builder.appName("work-safety-analysis")
    try:
        return (builder if master == "spark" else builder.master(master)).getOrCreate()
    except PySparkRuntimeError as error:  # no Java, or too old a one
        raise AnalysisError("spark_failed", master=master, detail=str(error)) from error


def _empty(name: Table) -> ir.Table:
    fields = {field.name: field.type for field in arrow_schema(name)}
    partitions = {"year": arrow.int64(), "county": arrow.string()}
    return ibis.memtable(arrow.schema(list({**fields, **partitions}.items())).empty_table())
