"""A small project of its own: one county, one ledger, notebooks written by the test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from analysis.settings import Folders

PARAMETERS = """# Parameters
year = 2023
period = ""
county = ""
as_of = ""
baseline_years = 5
edition = "internal"
processed = ""
"""
LEDGER = (
    "企业名称,行业领域,隐患级别,隐患来源,隐患描述,发现日期,整改状态\n"
    "示例甲厂,工贸,一般,部门检查,护栏缺失,2023-03-01,已整改\n"
    "示例乙厂,工贸,重大,企业自查,报警器失效,2023-04-01,整改中\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """Folders of a fresh project with one year of raw data."""
    (tmp_path / "data" / "raw" / "2023").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data" / "raw" / "counties.csv").write_text(
        "code,name,sample\n990101,示例县,yes\n", encoding="utf-8"
    )
    (tmp_path / "data" / "raw" / "2023" / "台账.csv").write_text(LEDGER, encoding="utf-8")
    monkeypatch.setenv("ANALYSIS_ROOT", str(tmp_path))
    for name in ("RAW", "PROCESSED", "REPORTS"):
        monkeypatch.delenv(f"ANALYSIS_{name}", raising=False)
    return Folders.find()


@pytest.fixture
def notebook(project: Folders) -> Callable[..., Path]:
    """Write a notebook of the project: a parameters cell and the given cells."""

    def write(name: str, *cells: str) -> Path:
        parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
        content = nbformat.v4.new_notebook(cells=[parameters, *map(nbformat.v4.new_code_cell, cells)])
        content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = project.notebooks / f"{name}.ipynb"
        nbformat.write(content, path)
        return path

    return write
