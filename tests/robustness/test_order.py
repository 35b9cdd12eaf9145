"""The order in which a disk lists files decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import prepare
from tests.robustness.small_project import discard, results
from tests.workbook_files import LEDGER, csv_file, ledger_row, project


def test_files_listed_in_another_order_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Overlapping ledgers with a file that is ignored: which record is later must not hang on the listing."""
    folders = project(tmp_path)
    for name, first in (("乙.csv", 1), ("甲.csv", 2), ("深/丙.csv", 3)):
        csv_file(folders.raw / "2023" / name, [LEDGER, *(ledger_row(n) for n in range(first, first + 3))])
    (folders.raw / "2023" / "说明.bin").write_bytes(b"x")
    prepare.prepare_year(folders, 2023)
    expected = results(folders)
    discard(folders)
    listed = Path.iterdir
    seen: list[Path] = []

    def backwards(path: Path) -> Iterator[Path]:
        seen.append(path)
        return iter(sorted(listed(path), reverse=True))

    monkeypatch.setattr(Path, "iterdir", backwards)
    prepare.prepare_year(folders, 2023)
    assert folders.raw / "2023" in seen
    assert results(folders) == expected
