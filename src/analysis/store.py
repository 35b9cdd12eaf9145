"""The processed tables, through Ibis: DuckDB in this process, or the office's Spark cluster.

The only room that knows which engine runs. Everything above it sees Ibis tables with the columns of
schema.py and the partition columns ``year`` (integer) and ``county`` (text). They are of no engine: a table
is a name, and the engine has a view of that name over the files of the years and the county asked for. So a
``Question`` about ``named`` tables is composed and compiled once a run, and answered for any county.

ANALYSIS_STORE names the engine: ``duckdb`` (the default), ``spark`` (the master that Spark's configuration
names), or a Spark master: ``local[2]``, ``spark://host:7077``, ``yarn``, ``k8s://…``. ANALYSIS_TABLES is the
address below which Spark reads the tables where that is not the processed folder itself: any that Spark
reads, as ``s3a://bucket/processed`` or ``hdfs:///processed``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, reduce
from pathlib import Path
from typing import Any, Protocol

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow as arrow

from analysis import counted
from analysis.messages import AnalysisError, UsageError
from analysis.schema import TABLES, Table, arrow_schema

PART = "part-0.parquet"
EMBEDDED = "duckdb"
COMPILED = 100
"""So many questions are kept as SQL."""
_SQL, _NAMED = b"sql", b"tables"
_PARTITION = {"year": arrow.int64(), "county": arrow.string()}
_MASTER = re.compile(r"spark|local(\[.+\])?|yarn|(spark|k8s)://.+")
_SPARK_OPTIONS = {
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",  # a county's code is text
    "spark.sql.ansi.enabled": "true",  # what overflows or divides by zero fails, on Spark 3 as well
}


def partition(processed: Path, table: Table, year: int, county: str) -> Path:
    """The one file that holds a table's rows of a county's year."""
    return processed / table / f"year={year}" / f"county={county}" / PART


@dataclass(frozen=True)
class Question:
    """A question about ``named`` tables; its ``name`` says all that it depends on within a run."""

    name: str
    compose: Callable[[], ir.Table] = field(compare=False)


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
        wanted = None if years is None else sorted(set(years))
        called = "_".join([name, *map(str, wanted or ()), county or "all"])
        self._engine.view(name, called, wanted, county)
        return named(name, called)

    def rows(self, name: Table, years: Iterable[int], county: str) -> pd.DataFrame:
        """One county's rows as a data frame, ordered by where they came from: for statistics over events."""
        return self.frame(self.table(name, years, county).order_by(["year", "file", "sheet", "row"]))

    def sizes(
        self, name: Table, years: Iterable[int] | None = None, county: str | None = None
    ) -> dict[int, int]:
        """How many rows a table has of each year, of the given years and county where they are given."""
        rows = self.table(name, years, county)
        sizes = self.arrow(rows.group_by("year").aggregate(rows=rows.count()))
        return dict(zip(sizes["year"].to_pylist(), sizes["rows"].to_pylist(), strict=True))

    def answer(self, question: Question, years: Iterable[int], county: str | None = None) -> arrow.Table:
        """The answer to a question whose tables are those of the years and the county."""
        return self._engine.answer(question, sorted(set(years)), county)

    def arrow(self, expression: ir.Table) -> arrow.Table:
        """The result of an expression as an Arrow table."""
        return self._engine.arrow(expression)

    def frame(self, expression: ir.Table) -> pd.DataFrame:
        """The result of an expression as a data frame, the same whatever the engine; see ``framed``."""
        return framed(self.arrow(expression))

    def years(self, county: str) -> list[int]:
        """The years for which any table of the county has been prepared, ascending."""
        return self._engine.years(county)


def named(name: Table, called: str = "") -> ir.Table:
    """A table of the store as questions name it, with its columns and those of its partition."""
    return ibis.table(_columns(name), called or name)


def _tables_of(expression: ir.Table) -> list[Table]:
    return [table.name for table in expression.op().find(ops.UnboundTable)]


def framed(rows: arrow.Table) -> pd.DataFrame:
    """Rows as a data frame: moments in microseconds, whole numbers with nulls among them as floats."""
    frame: pd.DataFrame = rows.to_pandas(date_as_object=False)
    return frame.astype(dict.fromkeys(frame.select_dtypes("datetime").columns, "datetime64[us]"))


@cache
def _columns(name: Table) -> ibis.Schema:
    fields = {field.name: field.type for field in arrow_schema(name)}
    return ibis.Schema.from_pyarrow(arrow.schema(list({**fields, **_PARTITION}.items())))


class _Engine(Protocol):
    """Reads the files of one processed folder."""

    def view(self, name: Table, called: str, years: list[int] | None, county: str | None) -> None: ...
    def answer(self, question: Question, years: list[int], county: str | None) -> arrow.Table: ...
    def arrow(self, expression: ir.Table) -> arrow.Table: ...
    def years(self, county: str) -> list[int]: ...


class _DuckDB:
    """The database in this process, over files of this machine."""

    def __init__(self, processed: Path) -> None:
        self._processed = processed

    @cached_property
    def _connection(self) -> Any:
        import duckdb

        # One thread: a notebook's share of the machine; the order of rows is the same on every run.
        return duckdb.connect(config={"threads": 1})

    def view(self, name: Table, called: str, years: list[int] | None, county: str | None) -> None:
        wanted = None if years is None else {f"year={year}" for year in years}
        found = (self._processed / name).glob(f"year=*/county={county or '*'}/{PART}")
        files = sorted(str(file) for file in found if wanted is None or file.parts[-3] in wanted)
        if not files:
            empty = _columns(name).to_pyarrow().empty_table()
            self._connection.from_arrow(empty).create_view(called, replace=True)
            return
        columns = ", ".join(_quoted(column, '"') for column in arrow_schema(name).names)
        listed = ", ".join(_quoted(file, "'") for file in files)
        source = f"read_parquet([{listed}], hive_partitioning = true, hive_types_autocast = false)"
        rows = f"select {columns}, year::bigint as year, county from {source}"  # noqa: S608 - all quoted
        view = _quoted(called, '"')
        self._connection.execute(f"create or replace view {view} as {rows}")

    def answer(self, question: Question, years: list[int], county: str | None) -> arrow.Table:
        compiled = _compiled_once(question)
        for name in compiled.metadata[_NAMED].decode().split():
            self.view(name, name, years, county)
        return self._run(compiled)

    def _run(self, compiled: arrow.Schema) -> arrow.Table:
        answer = self._connection.sql(compiled.metadata[_SQL].decode()).to_arrow_table()
        return answer.cast(compiled.remove_metadata())

    def arrow(self, expression: ir.Table) -> arrow.Table:
        return self._run(_compiled(expression))

    def years(self, county: str) -> list[int]:
        # Table by table: the unfinished work of a run lies beside them and may go while it is looked at.
        tables = [self._processed / name for name in TABLES]
        found = [file for table in tables for file in table.glob(f"year=*/county={county}/{PART}")]
        return sorted({int(file.parts[-3].removeprefix("year=")) for file in found})


def _quoted(text: str, mark: str) -> str:
    return mark + text.replace(mark, 2 * mark) + mark


@lru_cache(COMPILED)
def _compiled(expression: ir.Table) -> arrow.Schema:
    """The columns of an expression, with its SQL and the tables that it names beside them."""
    sql = str(ibis.to_sql(expression, dialect="duckdb", pretty=False))
    named = " ".join(_tables_of(expression))
    return expression.schema().to_pyarrow().with_metadata({_SQL: sql, _NAMED: named})


@lru_cache(COMPILED)
def _compiled_once(question: Question) -> arrow.Schema:
    """The same for a question, made by the first process of a run that asks it."""
    made = counted.bytes_once(
        f"SQL of {question.name}", lambda: _compiled(question.compose()).serialize().to_pybytes()
    )
    return arrow.ipc.read_schema(arrow.py_buffer(made))


class _Spark:
    """A Spark session, which lists the folders itself and reads only the partitions asked for."""

    def __init__(self, processed: Path, master: str) -> None:
        here = "file:///" + processed.absolute().as_posix().lstrip("/")
        self._address = (os.environ.get("ANALYSIS_TABLES") or here).rstrip("/")
        self._master = master

    @cached_property
    def _backend(self) -> Any:
        return ibis.pyspark.connect(_session(self._master), **_SPARK_OPTIONS)

    def view(self, name: Table, called: str, years: list[int] | None, county: str | None) -> None:
        rows = self._rows(name, years, county)
        if rows is None:
            rows = ibis.memtable(_columns(name).to_pyarrow().empty_table())
        partitions = {"year": rows.year.cast("int64"), "county": rows.county.cast("string")}
        rows = rows.select(*arrow_schema(name).names, **partitions)
        self._backend.create_view(called, rows, overwrite=True)

    def answer(self, question: Question, years: list[int], county: str | None) -> arrow.Table:
        expression = question.compose()
        for name in _tables_of(expression):
            self.view(name, name, years, county)
        return self.arrow(expression)

    def arrow(self, expression: ir.Table) -> arrow.Table:
        return self._backend.to_pyarrow(expression)

    def _rows(self, name: Table, years: list[int] | None, county: str | None) -> ir.Table | None:
        """The rows of a table, None where it has no files."""
        from pyspark.errors import AnalysisException

        try:
            rows = self._backend.read_parquet(f"{self._address}/{name}")
        except AnalysisException as error:
            if error.getCondition() in ("PATH_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA"):
                return None
            raise
        rows = rows if years is None else rows.filter(rows.year.isin([str(year) for year in years]))
        return rows if county is None else rows.filter(rows.county == county)

    def years(self, county: str) -> list[int]:
        found = [
            rows.select("year") for name in TABLES if (rows := self._rows(name, None, county)) is not None
        ]
        if not found:
            return []
        every = reduce(lambda left, right: left.union(right), found).distinct()
        return sorted(int(year) for year in self._backend.to_pandas(every)["year"])


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
