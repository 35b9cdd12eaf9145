"""The canary: what is installed, in which order, and what it says of the caps of pyproject.toml."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tools import caps

from tests.conftest import ROOT

FAKE_PYTHON = """#!/bin/sh
echo "$@" >> "$TOLD"
case "$*" in
"-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
"-m pytest"*) exit "$TESTS" ;;
esac
"""


def made(folder: Path, tests: int) -> tuple[int, list[str]]:
    """Exit status of `make canary` with a Python that only notes what it is asked, and what it was asked."""
    shutil.copy(ROOT / "Makefile", folder)
    python = folder / "python"
    python.write_text(FAKE_PYTHON)
    python.chmod(0o755)
    environment = {**os.environ, "TOLD": str(folder / "told"), "TESTS": str(tests), "MAKEFLAGS": ""}
    done = subprocess.run(
        ["make", "canary", f"PYTHON={python}"], cwd=folder, env=environment, capture_output=True, check=False
    )
    return done.returncode, (folder / "told").read_text().splitlines()


def test_the_newest_allowed_are_installed_apart_then_tested_then_the_caps_tried(tmp_path: Path) -> None:
    status, told = made(tmp_path, tests=0)
    assert status == 0
    assert [re.sub(r"^-m (\w+(?:\.\w+)?).*", r"\1", line) for line in told] == [
        *("venv", "pip", "pip", "pytest", "tools.caps")
    ]
    assert "--upgrade" in told[1]
    assert told[1].endswith("-e .[dev,spark,cluster]")
    assert not (tmp_path / ".venv").exists(), "the environment in use is left alone"


def test_failing_tests_are_the_canary_s_answer(tmp_path: Path) -> None:
    status, told = made(tmp_path, tests=1)
    assert status != 0
    assert told[-1].startswith("-m pytest"), "no cap is tried on packages that fail already"


def test_the_capped_packages_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    capped = {re.split(r"[\[<>=]", line)[0] for line in (*project["dependencies"], *extras) if "<" in line}
    assert set(caps.CAPPED) == capped
    assert all((ROOT / name).is_file() for name in caps.TESTS)


def _parted(word: str) -> tuple[str, str]:
    name, _, version = word.partition("==")
    return name, version


class Environment:
    """Stands for pip and pytest: versions that are installed, the newest ones, and which of these fail."""

    def __init__(self, newest: dict[str, str], failing: set[str]) -> None:
        self.installed = dict.fromkeys(caps.CAPPED, "1")
        self.newest, self.failing = {**self.installed, **newest}, failing

    def run(self, words: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        if "pytest" in words:
            return subprocess.CompletedProcess(words, int(any(map(self._fails, self.installed))))
        if "pip" in words:
            ((name, version),) = (parts for parts in map(_parted, words) if parts[0] in self.installed)
            self.installed[name] = version or self.newest[name]
            return subprocess.CompletedProcess(words, 0)
        (name,) = [name for name in self.installed if repr(name) in words[-1]]
        return subprocess.CompletedProcess(words, 0, stdout=self.installed[name] + "\n")

    def _fails(self, name: str) -> bool:
        return name in self.failing and self.installed[name] != "1"


def test_each_cap_is_tried_alone_and_put_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that fails must not spoil the trial of the next, and says to keep its cap."""
    environment = Environment({"duckdb": "2.0", "sqlglot": "31", "pyspark": "4.1"}, failing={"duckdb"})
    monkeypatch.setattr(caps.subprocess, "run", environment.run)
    caps.main()
    assert capsys.readouterr().out.splitlines() == [
        "duckdb 2.0: still fails, keep its cap",
        "sqlglot 31: works, lift its cap",
        "ibis-framework 1: no newer release",
        "pyspark 4.1: works, lift its cap",
    ]
    assert set(environment.installed.values()) == {"1"}


def test_the_audit_covers_every_lock() -> None:
    told = subprocess.run(
        ["make", "-n", "audit"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {lock.name for lock in ROOT.glob("requirements*.lock")} <= set(re.findall(r"-r (\S+)", told))
