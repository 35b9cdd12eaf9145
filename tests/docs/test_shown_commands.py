"""A walk through the documents: every command that they show runs as written and prints what is shown."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from analysis import cli
from analysis.cli import app
from tests.conftest import ROOT
from tests.docs.shown_commands import HOW_TO, PAGES, Block, Shown, blocks, commands, lines

TOLD = {
    "{eval-rst}",
    "{toctree}",
    "console",
    "sh",
    "bat",
    "text",
    "yaml",
    "csv",
    "diff",
    "toml",
    "python",
    "xml",
    "ini",
}
RUN = [page for page in PAGES if any(block.language == "console" for block in blocks(page))]
FIRST = "tutorial.md"
"""It prepares the year that other pages look at."""
WALKED = sorted(
    (page for page in RUN if not page.name.endswith(".zh-CN.md") and page.parent != HOW_TO),
    key=lambda page: page.name != FIRST,
)
TRANSLATED = sorted(page for page in PAGES if page.name.endswith(".zh-CN.md"))
YEARS = ("2024",)
"""Of the sample county, what the pages look at; the other years would cost time and show nothing more."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as a newcomer has it, in a folder with a space and Chinese characters."""
    root = tmp_path_factory.mktemp("copy") / "安委办 数据"
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    (root / "data" / "raw").mkdir(parents=True)
    shutil.copy(ROOT / "data" / "raw" / "counties.csv", root / "data" / "raw")
    for year in YEARS:
        shutil.copytree(ROOT / "data" / "raw" / year, root / "data" / "raw" / year)
    return root


@pytest.mark.parametrize("page", WALKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_shows_is_what_happens(
    page: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader's steps in their order; an output that differs is shown beside the page's."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("ANALYSIS_ROOT", str(project))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    for name in ("ANALYSIS_RAW", "ANALYSIS_PROCESSED", "ANALYSIS_REPORTS", "ANALYSIS_LANG"):
        monkeypatch.delenv(name, raising=False)
    for block in blocks(page):
        follow(block, project)


def follow(block: Block, project: Path) -> None:
    """Save the file that a block holds, or run its commands and compare what they print."""
    if block.path:
        (project / block.path).write_text(block.text, encoding="utf-8")
    elif block.language == "console":
        for shown in commands(block):
            compare(shown, *run(shlex.split(shown.command)))


def compare(shown: Shown, status: int, output: str) -> None:
    expected = doctest.Example(shown.command, shown.output)
    checker, flags = doctest.OutputChecker(), doctest.ELLIPSIS
    if shown.output and not checker.check_output(expected.want, output, flags):
        pytest.fail(f"$ {shown.command}\n{checker.output_difference(expected, output, flags)}")
    assert status == shown.status, f"$ {shown.command}\n{output}"


def run(words: list[str]) -> tuple[int, str]:
    """Exit status and output of a command; the project's own runs here, which saves its start."""
    if words[0] != "analysis":
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout
    caught = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    status = 0
    with (
        mock.patch.object(sys, "argv", words),
        contextlib.redirect_stdout(caught),
        contextlib.redirect_stderr(caught),
    ):
        try:
            cli.main()
        except SystemExit as end:
            status = int(end.code or 0)
    caught.seek(0)
    return status, caught.read()


@pytest.mark.parametrize("page", TRANSLATED, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_translation_shows_the_same_commands_and_outputs(page: Path) -> None:
    """So that what is run for the English page holds for the Chinese one."""

    def shown(page: Path) -> list[Block]:
        return [block for block in blocks(page) if block.language == "console" or block.path]

    assert shown(page) == shown(page.with_name(page.name.replace(".zh-CN", "")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_say_what_they_are(page: Path) -> None:
    """A fenced block in another language, or an indented one, would hide its commands from these tests."""
    assert {block.language for block in blocks(page)} <= TOLD
    text = re.sub(r"^(`{3,}).*?^\1", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert not re.findall(r"^ {4}(?:\$ |analysis |make |python |pip )", text, re.MULTILINE)


def test_make_knows_what_is_shown_but_not_run() -> None:
    """Commands in ``sh`` blocks take minutes or open a window: make says what it would do for each."""
    shown = {line for _, line in lines("sh") if line.startswith("make ")}
    assert "make report YEAR=2023" in shown
    for line in sorted(shown):
        dry = subprocess.run(
            [*shlex.split(line), "-n"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert dry.returncode == 0, dry.stderr
        assert dry.stdout.strip(), line


def test_a_year_is_one_command_behind_make() -> None:
    """What `make report` runs is what tests/test_year_report.py runs."""
    dry = subprocess.run(
        ["make", "-n", "--no-print-directory", "report", "YEAR=2023"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert dry.stdout.splitlines()[-1].endswith("analysis run 2023")


def test_shown_but_not_run_commands_of_the_package_are_spelled_right() -> None:
    """Each is taken apart by the command line itself, down to its options, without doing anything."""
    for _, line in [*lines("sh"), *lines("bat")]:
        name, _, rest = line.partition(" ")
        if Path(name.replace("\\", "/")).stem == "analysis":
            command, *words = shlex.split(rest.partition(" >>")[0])
            app.commands[command].make_context(command, words)


INLINE = re.compile(r"`analysis ([a-z][a-z-]+)([^`]*)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_options_named_in_passing_exist(page: Path) -> None:
    for command, rest in INLINE.findall(page.read_text(encoding="utf-8")):
        known = {option for parameter in app.commands[command].params for option in parameter.opts}
        assert set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest)) <= known, (command, rest)
