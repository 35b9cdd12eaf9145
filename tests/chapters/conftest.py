"""Releases of a developer's own reports must not decide what a test may show."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports, and with them release records, lie in the test's own folder."""
    monkeypatch.setenv("ANALYSIS_REPORTS", str(tmp_path / "reports"))
