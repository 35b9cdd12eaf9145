"""Power loss, a full disk, a read-only folder at every single step of writing: the next run puts it right."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis import lock, prepare, publish
from analysis.messages import AnalysisError
from analysis.settings import Folders
from tests.robustness.small_project import check_whole, results, small_project

STEPS = ("create", "write", "flush", "open_to_others", "move", "remove")


class PowerLoss(BaseException):
    """Nothing of the process runs after it, not even what cleans up."""


class Disk:
    """A disk that fails at a step; what was written and not flushed is half on it after a loss of power."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fails_at: int = -1, failure: str = "power") -> None:
        self.steps: list[str] = []
        self._fails_at, self._failure = fails_at, failure
        self._unflushed: set[Path] = set()
        self._off = False
        for step, owner, name in (
            ("create", tempfile, "mkstemp"),
            ("write", publish, "_write"),
            ("flush", publish, "_flush"),
            ("open_to_others", Path, "chmod"),
            ("move", Path, "replace"),
            ("remove", Path, "unlink"),
        ):
            monkeypatch.setattr(owner, name, self._watched(step, getattr(owner, name)))

    def _watched(self, step: str, true: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            if self._off:
                raise PowerLoss
            if len(self.steps) == self._fails_at:
                self._fail()
            self.steps.append(step)
            done = true(*given, **named)
            self._note(step, *given)
            return done

        return watched

    def _note(self, step: str, *given: Any) -> None:
        if step == "write":
            self._unflushed.add(given[0])
        elif step == "flush":
            self._unflushed.discard(given[0])
        elif step == "move" and given[0] in self._unflushed:
            self._unflushed.add(Path(given[1]))

    def _fail(self) -> None:
        self._fails_at = -1
        if self._failure != "power":
            code = errno.ENOSPC if self._failure == "full" else errno.EROFS
            raise OSError(code, os.strerror(code), "somewhere")
        self._off = True
        for path in self._unflushed:
            if path.exists():
                os.truncate(path, path.stat().st_size // 2)
        raise PowerLoss


def write(folders: Folders) -> None:
    """What `analysis prepare 2023` does."""
    with lock.only_writer(folders.processed):
        prepare.prepare_year(folders, 2023)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    return small_project(tmp_path_factory.mktemp("power"), [2023])


def put_back(folders: Folders, stored: dict[Path, bytes]) -> None:
    """The processed folder as it stood, and nothing else in it."""
    for path in sorted(folders.processed.rglob("*"), reverse=True):
        if path.is_file():
            path.unlink()
    for path, content in stored.items():
        path.write_bytes(content)


@pytest.mark.parametrize(("failure", "every"), [("power", 1), ("full", 5), ("read-only", 5)])
def test_after_a_failure_at_any_step_the_next_run_gives_what_an_undisturbed_one_does(
    folders: Folders, failure: str, every: int
) -> None:
    """Both where nothing was there and where the tables of an earlier state of the files were."""
    ledger = folders.raw / "2023" / "台账.csv"
    undisturbed = ledger.read_bytes()
    ledger.write_bytes(undisturbed.rsplit(b"\n", 2)[0] + b"\n")
    write(folders)
    earlier = {path: path.read_bytes() for path in folders.processed.rglob("*") if path.is_file()}
    ledger.write_bytes(undisturbed)
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch)
        write(folders)
    expected = results(folders)
    assert set(disk.steps) == set(STEPS), "a way of writing is not watched"
    for step in range(0, len(disk.steps), every):
        put_back(folders, earlier if step % 2 else {})
        with pytest.MonkeyPatch.context() as patch:
            Disk(patch, step, failure)
            with pytest.raises((PowerLoss, OSError, AnalysisError)):
                write(folders)
        if failure == "power":
            check_whole(folders)
        else:
            assert not list(folders.processed.rglob(".publishing-*")), "it cleans up where it still can"
        write(folders)
        assert results(folders) == expected, f"{failure} at step {step}: {disk.steps[step]}"


def test_a_file_deleted_while_it_is_read_is_named_and_earlier_data_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = small_project(tmp_path, [2023])
    write(folders)
    before = results(folders)
    ledger = folders.raw / "2023" / "台账.csv"
    content = ledger.read_bytes()
    ledger.write_bytes(content + b"\n")
    true = prepare.read_file

    def read_and_lose(path: Path, *given: Any) -> Any:
        found = true(path, *given)
        path.unlink()
        return found

    monkeypatch.setattr(prepare, "read_file", read_and_lose)
    (outcome,) = prepare.prepare_years(folders, [2023])
    assert isinstance(outcome, prepare.Failure)
    assert [message.code for message in outcome.messages] == ["file_gone"]
    assert outcome.messages[0].file == "2023/台账.csv"
    assert results(folders) == before
    monkeypatch.undo()
    ledger.write_bytes(content + b"\n")
    write(folders)
    assert results(folders).keys() == before.keys()
