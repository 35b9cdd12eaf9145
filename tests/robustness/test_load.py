"""Twenty county-years in one run; `make soak` runs a thousand, and measures memory and open files."""

from pathlib import Path

from tests.robustness.load import run_many


def test_twenty_county_years_have_their_reports(tmp_path: Path) -> None:
    assert run_many(tmp_path, 20).reports == 20
