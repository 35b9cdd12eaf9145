"""The steps for machines without make are those of make, and name the environment that they make."""

from __future__ import annotations

import re

import yaml

from tests.conftest import ROOT
from tests.docs.shown_commands import blocks, lines

PAGE = ROOT / "docs" / "windows.md"
QUIET = re.compile(r" --quiet| --disable-pip-version-check")
ON_WINDOWS = {
    "$(BIN)/": ".venv\\Scripts\\",
    "$(LOCK)": "requirements.lock",
    "$(VENV)": ".venv",
    "$(PYTHON)": "py -3.11",
    "$(YEAR)": "2023",
}


def recipes() -> set[str]:
    """The lines of the Makefile as Windows writes them."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for ours, theirs in ON_WINDOWS.items():
        text = text.replace(ours, theirs)
    return {QUIET.sub("", line.strip().lstrip("@")) for line in text.splitlines() if line.startswith("\t")}


def test_setting_up_without_make_is_what_make_does() -> None:
    setup = [line for _, line in lines("bat") if "-m venv" in line or "pip install --no-deps" in line]
    assert len(setup) >= 6, "in both READMEs and on the page"
    assert set(setup) <= recipes()


def test_each_target_of_make_is_told_as_its_recipe() -> None:
    table = re.findall(r"^\| `make [^`]+` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = [command for cell in table for command in re.findall(r"`([^`]+)`", cell)]
    assert len(told) >= 6
    assert [command for command in told if command not in recipes()] == []


def test_the_environment_of_conda_is_activated_by_its_name() -> None:
    shown = "\n".join(block.text for block in blocks(PAGE))
    name = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["name"]
    assert f"conda activate {name}\n" in shown
