"""Publishing: a reader sees the old file or the new one, never half of either."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from analysis.publish import publish, publish_json, sweep, unfinished, withdraw


def test_a_failing_writer_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = publish(tmp_path / "report.html", "old")

    def half(path: Path) -> None:
        path.write_text("ha")
        raise RuntimeError("full")

    with pytest.raises(RuntimeError):
        publish(target, half)
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
    assert target.read_text() == "old"


def test_a_kill_before_the_move_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = publish(tmp_path / "report.html", "old")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        publish(target, "new")
    assert target.read_text() == "old"


def test_leftovers_of_a_killed_run_are_swept(tmp_path: Path) -> None:
    target = publish(tmp_path / "deep" / "report.html", "whole")
    (target.parent / ".publishing-abc.html").write_text("half")
    with suppress(KeyError), unfinished(target.parent) as folder:
        raise KeyError((folder / "notebook.ipynb").write_text("{}"))
    (target.parent / folder.name / "deep").mkdir(parents=True)
    sweep(tmp_path)
    assert [file.name for file in target.parent.iterdir()] == ["report.html"]
    withdraw(target)
    assert list(target.parent.iterdir()) == []


def test_published_files_can_be_read_by_others(tmp_path: Path) -> None:
    """Temporary files are private; a report on a shared folder must not stay so."""
    target = publish(tmp_path / "deep" / "report.html", "x")
    assert os.name == "nt" or target.stat().st_mode & 0o777 == 0o644


def test_json_has_one_form(tmp_path: Path) -> None:
    first = publish_json(tmp_path / "a.json", {"b": 1, "a": "县"}).read_bytes()
    second = publish_json(tmp_path / "b.json", {"a": "县", "b": 1}).read_bytes()
    assert first == second
    assert "县" in first.decode("utf-8")
