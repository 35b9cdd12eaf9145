"""The commands that the documents show, read from their fenced blocks.

``console`` blocks are run: a line with ``$`` is a command, what follows is what it prints, ``...`` stands
for any lines or words, and a last line ``[1]`` is an exit status. A block with a path after its language is
a file that the reader saves; with ``>>`` before the path its lines are added to the file, and a ``diff`` with
a path is an edit of the file. ``sh`` and ``bat`` blocks are shown and not run: they set up the environment,
open a window, or take minutes. ``text`` blocks hold no command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mistune

from tests.conftest import ROOT

HOW_TO = ROOT / "docs" / "how-to"
"""Pages that change the project itself, so each is followed on a copy of its own."""
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "data" / "README.md"])
_COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
_STATUS = re.compile(r"\[(\d+)\]\n\Z")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the path after it if any, and its text."""

    language: str
    path: str
    text: str


@dataclass(frozen=True)
class Shown:
    """A command, what it prints, and the exit status that it ends with."""

    command: str
    output: str
    status: int


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, those within lists as well, in their order."""
    yield from _fenced(mistune.create_markdown(renderer="ast")(page.read_text(encoding="utf-8")))


def _fenced(tokens: Any) -> Iterator[Block]:
    for token in tokens:
        if token["type"] == "block_code" and token.get("style") == "fenced":
            language, _, path = token.get("attrs", {}).get("info", "").partition(" ")
            yield Block(language, path, token["raw"])
        yield from _fenced(token.get("children", ()))


def commands(block: Block) -> Iterator[Shown]:
    """The commands of a ``console`` block with what they print."""
    for command, output in _COMMAND.findall(block.text):
        status = _STATUS.search(output)
        yield Shown(command, _STATUS.sub("", output), int(status[1]) if status else 0)


def lines(language: str) -> Iterator[tuple[Path, str]]:
    """Every line of all pages' blocks in a language, without its comment, with its page."""
    for page in PAGES:
        for block in blocks(page):
            if block.language == language:
                stripped = (line.partition(" # ")[0].strip() for line in block.text.splitlines())
                yield from ((page, line) for line in stripped if line and not line.startswith("#"))
