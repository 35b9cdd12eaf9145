"""What tests share: where the shared material lies, and a store of hand-written rows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pytest
from hypothesis import settings
from pyarrow import parquet

from analysis.report import fonts
from analysis.schema import Table, arrow_schema
from analysis.store import Store, partition

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("few", settings.get_profile("suite"), max_examples=20)
settings.register_profile("long", settings.get_profile("suite"), derandomize=False, max_examples=5_000)
settings.load_profile("suite")
"""Hypothesis: the same cases on every run, whatever the machine's speed; few of them for each mutant of the
code, many of them in `make fuzz`. pytest's --hypothesis-profile chooses another."""

ROOT = Path(__file__).resolve().parents[1]
COUNTY = "990101"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published documents and labels beside the project; CI insists on it."""
    folder = Path(os.environ.get("ANALYSIS_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        if os.environ.get("ANALYSIS_SHARED"):
            pytest.fail(f"{folder} is missing")
        pytest.skip("the shared material is not beside the project")
    return folder


Put = Callable[..., Store]


def writer(folder: Path) -> Put:
    """What writes rows of a table into a store below ``folder``, absent columns as null."""

    def write(table: Table, year: int, rows: list[dict[str, Any]], county: str = COUNTY) -> Store:
        schema = arrow_schema(table)
        file = partition(folder, table, year, county)
        file.parent.mkdir(parents=True, exist_ok=True)
        whole = [{name: row.get(name) for name in schema.names} for row in rows]
        parquet.write_table(arrow.Table.from_pylist(whole, schema=schema), file)
        return Store(folder)

    return write


def each_engine(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test to run once on DuckDB and once on Spark."""
    engines = pytest.mark.parametrize("engine", ["duckdb", "local[2]"], indirect=True)
    return engines(pytest.mark.usefixtures("engine")(test))


@pytest.fixture
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The engine that stores of the test read with."""
    name = str(request.param)
    if name != "duckdb":
        request.getfixturevalue("spark")
    monkeypatch.setenv("ANALYSIS_STORE", name)
    return name


@pytest.fixture(scope="session")
def spark() -> Iterator[None]:
    """One small Spark session for all tests of a process; CI insists on it."""
    missing = next((name for name in ("pyspark", "java") if not _there(name)), None)
    if missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no {missing}: make test installs requirements-province.lock, .ci/run Java")
        pytest.skip(f"{missing} is not installed")
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[2]").config(map=_FOR_FEW_ROWS).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield
    session.stop()


_FOR_FEW_ROWS = {
    "spark.ui.enabled": "false",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""Compiling a query of a few rows takes longer than the rest of it; the benchmark compiles."""


def _there(name: str) -> bool:
    return bool(find_spec(name) if name == "pyspark" else shutil.which(name))


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write rows of a table into a store below tmp_path, and return the store."""
    return writer(tmp_path)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Debian's chromium, or whatever chrome there is, with the figures' Chinese font; CI insists on one."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no chromium: apt-get install chromium")
        pytest.skip("no chromium on this machine")
    playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright_api.sync_playwright() as playwright:
        surroundings = {**os.environ, "FONTCONFIG_FILE": str(chinese_font(tmp_path_factory.mktemp("fonts")))}
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"], env=surroundings)
        yield chromium
        chromium.close()


def chinese_font(folder: Path) -> Path:
    """Settings that add a Chinese font to the system's: without one, text is narrower than leaders see it."""
    shutil.copy(fonts.font_file(), folder)
    settings = folder / "fonts.conf"
    include = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    settings.write_text(f"<fontconfig>{include}<dir>{folder}</dir></fontconfig>", encoding="utf-8")
    return settings
