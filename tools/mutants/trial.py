"""Running the tests that reach a changed line against the change, in a forked process."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, ModuleType

from tools.mutants.reach import Chosen, Reach, Watch

ROOT = Path(__file__).resolve().parents[2]
STATISTICS = tuple(
    f"stats/{path.stem}"
    for path in sorted((ROOT / "src/analysis/stats").glob("*.py"))
    if path.stem != "__init__"
)
CONSERVATION = ("account", "batch", "conservation", "duplicates")
_TESTS_OF_CONSERVATION = (
    "tests/test_prepare.py",
    "tests/test_corrections.py",
    "tests/test_duplicates.py",
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
PATIENCE_SECONDS = 20
"""Beside ten times what its tests take without the change: a mutant that needs longer hangs."""
_MEMORY = 6 * 2**30
_WORDS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=few")


def source_of(module: str) -> Path:
    """The file of a module named as ``stats/rates``."""
    return ROOT / "src" / "analysis" / f"{module}.py"


def preload() -> None:
    """Load what every trial needs but nothing of the package, which each trial loads with its change."""
    for name in _LIBRARIES:
        importlib.import_module(name)


def reach(modules: Sequence[str]) -> Reach:
    """Run the tests of these modules once as they are, and tell which lines each of them runs."""
    tests = [
        *(["tests/stats"] if set(modules) & set(STATISTICS) else []),
        *(name for name in _TESTS_OF_CONSERVATION if set(modules) & set(CONSERVATION)),
    ]
    with tempfile.TemporaryDirectory() as scratch:
        found = Path(scratch) / "reach"

        def watch() -> int:
            found.write_bytes(pickle.dumps(Watch(ROOT / "src/analysis").reach(tests, _WORDS)))
            return 0

        if _verdict(watch, seconds=3600) != 0:
            raise RuntimeError("the tests do not pass as they are: run them first")
        known: Reach = pickle.loads(found.read_bytes())  # noqa: S301
    return known


def survives(module: str, source: str, tests: Sequence[str], seconds: float) -> bool:
    """Whether these tests, which took so long before, pass with the changed source."""
    return not tests or _verdict(lambda: _trial(module, source, tests), 10 * seconds + PATIENCE_SECONDS) == 0


def _verdict(run: Callable[[], int], seconds: float) -> int:
    """What a function returns in a process of its own; 1 where it fails or takes too long."""
    child = os.fork()
    if child == 0:
        _end_with(run)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1


def _end_with(run: Callable[[], int]) -> None:
    """In the forked process: run in silence, and end with what comes back."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    verdict = 1
    try:
        os.chdir(ROOT)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        verdict = run()
    finally:
        os._exit(verdict)


def _trial(module: str, source: str, tests: Sequence[str]) -> int:
    """Put the change in place and run the tests."""
    import pytest

    sys.meta_path.insert(0, _Changed(f"analysis.{module.replace('/', '.')}", source))
    files = dict.fromkeys(test.split("::")[0] for test in tests)
    return int(pytest.main([*_WORDS, *files], plugins=[Chosen(tests)]))


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
