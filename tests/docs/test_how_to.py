"""The how-to pages: each is followed as written on a copy of the project, until a report shows its result."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.shown_commands import HOW_TO, Block, blocks, commands
from tests.docs.test_shown_commands import compare

NOT_COPIED = shutil.ignore_patterns(
    *(".git", ".venv*", "__pycache__", ".*_cache", "_build", "processed", "reports", "20[0-9][0-9]")
)
RESULTS = {
    "sector": ("2025/1_sector_imbalance.html", "低空飞行"),
    "indicator": ("2025/3_rectification.html", "延期整改"),
    "notebook": ("2025/10_extensions.html", "延长了整改期限的隐患：工贸1条"),
    "county": ("2025/7_province.html", "示例乙县"),
}
"""By page, the report in which its result shows, and what it shows."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project without the sample county's years, which would cost time and show nothing."""
    return Path(shutil.copytree(ROOT, tmp_path / "project", ignore=NOT_COPIED))


def test_every_page_is_followed() -> None:
    """The Chinese ones show the same blocks, which is tested of every translation."""
    pages = {page.name.removesuffix(".md").removesuffix(".zh-CN") for page in HOW_TO.glob("*.md")}
    assert pages == set(RESULTS)


@pytest.mark.parametrize("name", RESULTS)
def test_a_page_followed_as_written_shows_in_a_report(name: str, project: Path) -> None:
    report, shown = RESULTS[name]
    for block in blocks(HOW_TO / f"{name}.md"):
        follow(block, project)
    assert shown in (project / "reports" / report).read_text(encoding="utf-8")


def follow(block: Block, project: Path) -> None:
    """Save, extend or edit the file that a block holds, or run its commands and compare what they print."""
    if block.path:
        save(block, project)
    elif block.language == "console":
        for shown in commands(block):
            compare(shown, *run(shown.command, project))


def save(block: Block, project: Path) -> None:
    path = project / block.path.removeprefix(">> ")
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if block.language == "diff":
        text = edited(before, block.text)
    elif block.path.startswith(">>"):
        text = before + "\n\n" * (block.language == "python") + block.text
    else:
        text = block.text
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def edited(text: str, change: str) -> str:
    """The text with a change whose unchanged and removed lines stand in it once, one after the other."""
    lines = [(line[:1], line[1:]) for line in change.splitlines(keepends=True)]
    old, new = ("".join(line for sign, line in lines if sign in (" ", "\n", kept)) for kept in "-+")
    assert text.count(old) == 1, f"the page edits lines that stand {text.count(old)} times:\n{old}"
    return text.replace(old, new)


def run(command: str, project: Path) -> tuple[int, str]:
    """Exit status and output of a command in the copy, whose own package it loads."""
    moved = {name: value for name, value in os.environ.items() if not name.startswith("ANALYSIS_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    own = {"PYTHONPATH": str(project / "src"), "PATH": path, "COLUMNS": "120", "PYTHONUTF8": "1"}
    done = subprocess.run(
        shlex.split(command),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=project,
        env={**moved, **own},
        check=False,
    )
    return done.returncode, done.stdout
