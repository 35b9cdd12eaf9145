"""The recipes for scheduled runs have the form that cron and the Task Scheduler read."""

from __future__ import annotations

import re
import shlex
from xml.etree import ElementTree

from analysis.cli import app
from tests.conftest import ROOT
from tests.docs.shown_commands import blocks

PAGE = ROOT / "docs" / "scheduling.md"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def test_the_cron_line_has_five_times_and_a_command_of_the_package() -> None:
    (line,) = (block.text for block in blocks(PAGE) if block.language == "text")
    *times, rest = line.split(" ", 5)
    assert len(times) == 5
    assert all(re.fullmatch(r"[\d*/,-]+", time) for time in times)
    assert not re.search(r"(?<!\\)%", rest), "cron reads a bare % as the end of the line"
    words = shlex.split(rest)
    start = words.index(".venv/bin/analysis")
    assert words[start + 1] in app.commands


def test_the_task_says_when_what_and_not_twice() -> None:
    """Elements and their order are those of Microsoft's Task Scheduler schema 1.2."""
    (text,) = (block.text for block in blocks(PAGE) if block.language == "xml")
    task = ElementTree.fromstring(text.partition("?>")[2])  # noqa: S314 - our own page
    parts = [part.tag.removeprefix(TASK) for part in task]
    assert parts == ["RegistrationInfo", "Triggers", "Settings", "Actions"]
    months = task.findall(f".//{TASK}Months/*")
    assert len(months) == 12
    assert task.findtext(f".//{TASK}MultipleInstancesPolicy") == "IgnoreNew"
    assert str(task.findtext(f".//{TASK}Command")).endswith("run-year.bat")
