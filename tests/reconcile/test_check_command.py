"""``analysis check``: exit status and words, over a county's raw folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.cli import app
from tests.workbook_files import COUNTY, LEDGER, ledger_row, xlsx

TRUE = "甲县2023年安全生产工作总结\n全县共排查隐患5条。\n"


def county(folder: Path, summary: str) -> list[str]:
    """A county with a ledger of five hazards and a summary; the options that point there."""
    raw = folder / "raw"
    xlsx(
        raw / "2023" / "隐患台账.xlsx", {"一季度": [LEDGER, *(ledger_row(number) for number in range(1, 6))]}
    )
    (raw / "2023" / "总结.txt").write_text(summary, encoding="utf-8")
    (raw / "counties.csv").write_text(f"code,name,sample\n{COUNTY},甲县,yes\n", encoding="utf-8")
    return ["--raw", str(raw), "--processed", str(folder / "processed")]


def test_a_summary_that_agrees_with_the_ledger_passes(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", "2023", *county(tmp_path, TRUE)])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_contradiction_exits_1_and_names_both_places(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANALYSIS_LANG", language)
    options = county(tmp_path, TRUE.replace("5条", "7条"))
    result = CliRunner().invoke(app, ["check", "2023", *options])
    shown = result.output + capfd.readouterr().out
    assert result.exit_code == 1
    for words in ("2023/总结.txt", "全县共排查隐患7条", "2023/隐患台账.xlsx 一季度", "2–6", " 2"):
        assert words in shown


def test_a_year_without_files_is_an_error_of_its_own(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", "2022", *county(tmp_path, TRUE)])
    assert result.exit_code == 1
