"""Habits: what is looked at before a commit, and that `make help` lists what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from tools.large_files import MAX_BYTES, too_large

from tests.conftest import ROOT


def hooks() -> dict[str, str]:
    content = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    return {hook["id"]: hook["entry"] for repo in content["repos"] for hook in repo["hooks"]}


def test_style_types_outputs_and_sizes_are_looked_at_before_a_commit() -> None:
    assert set(hooks()) == {"ruff", "ruff-format", "mypy", "nbstripout", "large-files"}


def test_hooks_are_commands_of_the_locked_environment() -> None:
    """So that a commit is checked by the versions that CI checks with, and nothing is fetched."""
    beside = str(Path(sys.executable).parent)
    for entry in hooks().values():
        assert shutil.which(entry.split()[0], path=beside), entry


def test_stored_outputs_are_refused_and_notebooks_as_committed_are_not(tmp_path: Path) -> None:
    kept = sorted((ROOT / "notebooks").glob("*.ipynb"))
    dirty = tmp_path / "dirty.ipynb"
    text = kept[0].read_text(encoding="utf-8")
    dirty.write_text(text.replace('"execution_count": null', '"execution_count": 3', 1), encoding="utf-8")
    words = [sys.executable, "-m", *hooks()["nbstripout"].split()]
    for paths, status in ((kept, 0), ([dirty], 1)):
        done = subprocess.run([*words, *map(str, paths)], capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x" * MAX_BYTES)
    large.write_bytes(b"x" * (MAX_BYTES + 1))
    assert too_large([small, large, tmp_path / "gone"]) == [large]


def test_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = [line.split("\t")[0] for line in told.splitlines() if "\t" in line]
    assert sorted(listed) == sorted(targets.split())
