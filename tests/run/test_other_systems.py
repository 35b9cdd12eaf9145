"""What differs on Windows and macOS, tested by injection: it was not run there."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import filelock
import pytest

import analysis
from analysis import lock, publish
from analysis.messages import AnalysisError
from analysis.period import Period
from analysis.run import jobs, kernels, server
from analysis.run.plan import Request
from analysis.settings import Folders

NAME = "1_sector_imbalance"
ONE_SYSTEM = {"fcntl", "grp", "msvcrt", "pwd", "resource", "termios", "winreg"}


def test_where_nothing_can_fork_notebooks_run_in_spawned_processes(
    project: Folders, notebook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "CAN_FORK", False)
    notebook(
        NAME,
        "from analysis.book import open_book; book = open_book(globals())",
        "from analysis.report.display import Headline, Show\n"
        "Show('internal')(Headline('found', '发现隐患', len(book.hazards)))",
    )
    report = jobs.run(Request((Period(2023),), (NAME,), engine="kernel"), project, lambda *_: None)
    assert report.well
    assert "发现隐患" in (project.reports / "2023" / f"{NAME}.html").read_text(encoding="utf-8")


def test_kernels_keep_to_a_local_port_where_there_are_no_socket_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kernels, "os", SimpleNamespace(name="nt"))
    manager = kernels.LocalKernelManager()
    assert (manager.transport, manager.ip) == ("tcp", "127.0.0.1")


class WindowsFiles:
    """`os` as Windows has it for files: no folder opens, and only what is open to write is flushed."""

    name = "nt"

    def __getattr__(self, name: str) -> Any:
        """Everything else is the same."""
        return getattr(os, name)

    def open(self, path: Path, flags: int) -> int:
        """Refuse a folder, and a file that is opened to read."""
        if path.is_dir() or not flags & os.O_RDWR:
            raise PermissionError(path)
        return os.open(path, flags)


def test_publishing_asks_of_windows_only_what_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "os", WindowsFiles())
    assert publish.publish(tmp_path / "简报 一.html", "县").read_text(encoding="utf-8") == "县"


def test_the_lock_asks_only_what_every_kind_of_lock_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """filelock takes msvcrt on Windows and fcntl elsewhere; a third kind shows that neither is counted on."""
    monkeypatch.setattr(lock, "FileLock", filelock.SoftFileLock)
    with lock.only_writer(tmp_path):
        with pytest.raises(AnalysisError) as refused, lock.only_writer(tmp_path, patience=0):
            pass
        assert refused.value.message.code == "locked"
    with lock.only_writer(tmp_path):
        pass


def test_no_module_needs_one_system_to_be_imported() -> None:
    for file in Path(analysis.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        plain = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
        named = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
        assert not (plain | named) & ONE_SYSTEM, file.name
