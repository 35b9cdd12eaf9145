"""What is written does not depend on the machine, and tells nothing of it."""

from __future__ import annotations

import getpass
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.settings import Folders
from tests.conftest import ROOT
from tests.robustness.small_project import NOTEBOOK, completed, discard, results, small_project, told

TOKEN = "planted-token-8f3a1c"
ENTERPRISE = "示例1号厂"
HERE = {
    "TZ": "Asia/Shanghai",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "1",
    "ANALYSIS_SECRET": TOKEN,
    "USER": "plantuser",
}
THERE = {"TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77", "LANG": "zh_CN.UTF-8"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Folders, dict[str, bytes]]]:
    """A project and what its run wrote, with planted values in the environment."""
    folders = small_project(tmp_path_factory.mktemp("outputs"), [2022, 2023], counties=2)
    completed(folders, "run", "2022-2023", "--county", "each", "--jobs", "1", **HERE)
    yield folders, results(folders)


def test_the_same_files_give_the_same_bytes_on_any_machine(run: tuple[Folders, dict[str, bytes]]) -> None:
    """Another time zone, locale and hash seed, another number of workers."""
    folders, expected = run
    discard(folders)
    completed(folders, "run", "2022-2023", "--county", "each", "--jobs", "3", **THERE)
    found = results(folders)
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []


def test_no_output_tells_of_the_machine(run: tuple[Folders, dict[str, bytes]]) -> None:
    folders, written = run
    places = [str(folders.root), str(ROOT), sys.prefix, f"{Path.home()}/", socket.gethostname()]
    secrets = [TOKEN, "plantuser", *places]
    if len(getpass.getuser()) > 4:
        secrets.append(getpass.getuser())
    for name, content in written.items():
        for secret in secrets:
            assert secret.encode() not in content, (name, secret)


def test_every_page_forbids_scripts_and_requests(run: tuple[Folders, dict[str, bytes]]) -> None:
    pages = {name: content.decode() for name, content in run[1].items() if name.endswith(".html")}
    assert len(pages) == 5
    for name, page in pages.items():
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
        assert policy, name
        assert "default-src 'none'" in policy[1], name
        assert "unsafe-eval" not in policy[1]
        assert not re.search(r"script-src[^;]*('unsafe-inline'|\*|http)", policy[1]), name


def test_what_a_run_prints_names_no_enterprise(run: tuple[Folders, dict[str, bytes]]) -> None:
    """At the default level: counts, files and sheets, but no cell's content."""
    completed(run[0], "run", "2023", "--county", "990001", "--force")
    assert NOTEBOOK in told(run[0])
    assert ENTERPRISE not in told(run[0])


def test_a_notebook_in_a_data_folder_is_data(run: tuple[Folders, dict[str, bytes]]) -> None:
    """It is named as ignored, and never run."""
    folders, _ = run
    home = folders.raw / "2023" / "990001"
    bad = home / "1_sector_imbalance.ipynb"
    bad.write_text('{"cells": [{"cell_type": "code", "source": "raise SystemExit"}]}', encoding="utf-8")
    completed(folders, "run", "2023", "--county", "990001")
    assert "SystemExit" not in told(folders)
    bad.unlink()
