"""The documents say what holds: generated pages are as generated, commands exist, links lead somewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from tools import data_dictionary

from analysis import vocabulary
from analysis.cli import app
from tests.conftest import ROOT
from tests.docs.shown_commands import PAGES, blocks

LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"(?:^|[`$\\/])(?: )?analysis ([a-z][a-z-]+)", re.MULTILINE)
TARGET = re.compile(r"(?:^|`)make ([a-z]+)", re.MULTILINE)


def test_the_data_dictionary_is_as_generated() -> None:
    """A changed vocabulary needs `python -m tools.data_dictionary`."""
    assert data_dictionary.PAGE.read_text(encoding="utf-8") == data_dictionary.page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_of_the_project(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    broken = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_targets_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = "\n".join([*re.findall(r"`[^`\n]+`", text), *(block.text for block in blocks(page))])
    assert set(COMMAND.findall(code)) <= {*app.commands}
    assert set(TARGET.findall(code)) <= targets


READMES = ("README.md", "README.zh-CN.md")


@pytest.mark.parametrize(
    "pattern",
    [
        r"^#+ ",
        r"^(?:analysis|make) [a-z-]+",
        r"(?<=`)(?:analysis|make|\.venv)[^`]*?(?= [^ `]*docx`|`)",
        r"--[a-z][a-z-]*",
        r"\b[\w/]+\.(?:html|json|toml|yaml|csv|lock|yml|py)\b",
        r"!?\]\([^)#]+\)",
        r"^\|(?= [^-])",
        r"^(?:- |\d\. )",
    ],
    ids=["chapters", "commands", "commands in passing", "options", "files", "links", "rows", "items"],
)
def test_both_readmes_say_the_same(pattern: str) -> None:
    """The Chinese README is the English one in Chinese, not another document."""
    english, chinese = (
        [
            found.strip("!](").replace(".zh-CN", "").removesuffix("README.md")
            for found in re.findall(pattern, (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        ]
        for name in READMES
    )
    assert english
    assert english == chinese


@pytest.mark.parametrize("name", READMES)
def test_a_readme_lists_every_report_and_says_how_to_read_it(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [known for known in vocabulary.notebooks() if f"/{known}.html " not in text] == []
    read = [int(number) for number in re.findall(r"^\| (\d+) ", text, re.MULTILINE)]
    assert read == [notebook.order for notebook in vocabulary.notebooks().values()]


def test_every_command_is_in_both_readmes() -> None:
    for name in READMES:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert {command for command in app.commands if f"analysis {command}" not in text} == set()


def test_the_changelog_tells_of_this_version_first() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] in ("Unreleased", project["version"])
