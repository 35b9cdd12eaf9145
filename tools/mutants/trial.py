"""Running the tests of one module against a changed source of it, in a forked process."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, ModuleType

ROOT = Path(__file__).resolve().parents[2]
STATISTICS = tuple(
    f"stats/{path.stem}"
    for path in sorted((ROOT / "src/analysis/stats").glob("*.py"))
    if path.stem != "__init__"
)
CONSERVATION = ("account", "batch", "duplicates")
_TESTS_OF_CONSERVATION = (
    "tests/test_prepare.py",
    "tests/test_corrections.py",
    "tests/robustness/test_conservation.py",
)
_LIBRARIES = (
    *(
        "pytest",
        "hypothesis",
        "numpy",
        "scipy.stats",
        "pandas",
        "statsmodels.api",
        "pymannkendall",
        "ruptures",
    ),
    *("pyarrow.parquet", "pandera.pandas", "ibis", "duckdb", "openpyxl", "xlwt", "yaml", "matplotlib.figure"),
)
SECONDS = 120
"""More than a module's tests take on a busy machine; a mutant that needs longer hangs."""


def preload() -> None:
    """Load what every trial needs but nothing of the package, which each trial loads with its change."""
    for name in _LIBRARIES:
        importlib.import_module(name)


def survives(module: str, source: str) -> bool:
    """Whether the module's own tests pass with the changed source, and then those of its neighbours too."""
    return all(_passes(module, source, tests) for tests in _tests(module))


def _tests(module: str) -> list[list[str]]:
    if module in CONSERVATION:
        return [[name for name in _TESTS_OF_CONSERVATION if (ROOT / name).exists()]]
    own = ROOT / "tests" / "stats" / f"test_{Path(module).stem}.py"
    return [*([[str(own)]] if own.exists() else []), ["tests/stats"]]


def _passes(module: str, source: str, tests: Sequence[str]) -> bool:
    child = os.fork()
    if child == 0:
        _trial(f"analysis.{module.replace('/', '.')}", source, tests)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _trial(name: str, source: str, tests: Sequence[str]) -> None:
    """In the forked process: put the change in place, run the tests, and end with their verdict."""
    import pytest

    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    verdict = 1
    try:
        os.chdir(ROOT)
        sys.meta_path.insert(0, _Changed(name, source))
        words = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=few"]
        verdict = int(pytest.main([*words, *tests]))
    finally:
        os._exit(verdict)


class _Changed(MetaPathFinder):
    """Gives out the changed source where the module is asked for."""

    def __init__(self, name: str, source: str) -> None:
        self._name, self._source = name, source

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        file = ROOT / "src" / f"{name.replace('.', '/')}.py"
        return importlib.util.spec_from_file_location(
            name, file, loader=_Loader(name, str(file), self._source)
        )


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec")
