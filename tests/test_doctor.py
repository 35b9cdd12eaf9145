"""analysis doctor: what is missing is named with how to mend it, and everything else is still looked at."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from analysis import doctor, raw
from analysis.cli import app
from analysis.messages import AnalysisError
from analysis.report import fonts
from analysis.settings import Folders


def codes(folders: Folders) -> list[str]:
    return [one.message.code for one in doctor.examine(folders) if not one.well]


def test_the_project_as_it_is_set_up_is_well(tmp_path: Path) -> None:
    assert codes(Folders.find(processed=tmp_path / "p", reports=tmp_path / "r")) == []


def test_what_is_missing_is_told_and_the_rest_still_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_font() -> Path:
        raise AnalysisError("font_missing", package="p", font="f")

    monkeypatch.setattr(fonts, "font_file", no_font)
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (99, 0))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    (tmp_path / "file").write_text("not a folder")
    folders = Folders.find(raw=tmp_path / "raw", processed=tmp_path / "p", reports=tmp_path / "file")
    assert codes(folders) == [
        *("doctor_python", "doctor_output", "font_missing", "doctor_folder", "counties_missing")
    ]
    assert len(doctor.examine(folders)) == 11


def test_a_missing_kernel_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def none(_: KernelSpecManager, name: str) -> None:
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", none)
    assert codes(Folders.find(processed=tmp_path / "p", reports=tmp_path / "r")) == ["doctor_kernel"]


def test_an_engine_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANALYSIS_STORE", "oracle")
    assert codes(Folders.find(processed=tmp_path / "p", reports=tmp_path / "r")) == ["store_unknown"]


def test_tables_that_the_engine_cannot_read_are_told_and_how_to_make_them_anew(tmp_path: Path) -> None:
    broken = tmp_path / "p" / "hazards" / "year=2024" / "county=990101" / "part-0.parquet"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"no parquet")
    (found,) = (
        one
        for one in doctor.examine(Folders.find(processed=tmp_path / "p", reports=tmp_path / "r"))
        if not one.well
    )
    assert found.message.code == "doctor_store"
    assert "analysis prepare" in found.message.text("en")


def test_a_file_that_may_not_be_read_stops_no_other_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused(_: Folders) -> None:
        raise PermissionError(13, "Permission denied", "counties.csv")

    monkeypatch.setattr(raw, "counties", refused)
    assert codes(Folders.find(processed=tmp_path / "p", reports=tmp_path / "r")) == ["disk_failed"]


def test_a_package_in_another_version_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "requires", lambda _: ["pandas<1", "no-such-thing", "x; extra == 'dev'"])
    (found,) = (
        one
        for one in doctor.examine(Folders.find(processed=tmp_path))
        if one.message.code.endswith("packages")
    )
    assert found.message.values == {"packages": "pandas<1、no-such-thing"}


def test_the_command_exits_with_1_where_something_is_missing(tmp_path: Path) -> None:
    places = ["--processed", str(tmp_path / "p"), "--reports", str(tmp_path / "r")]
    assert CliRunner().invoke(app, ["doctor", *places]).exit_code == 0
    assert CliRunner().invoke(app, ["doctor", *places, "--raw", str(tmp_path / "none")]).exit_code == 1
