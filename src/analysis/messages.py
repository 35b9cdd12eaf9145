"""What the package says to its users, in Chinese or English: the catalogue is vocabulary/messages.csv.

A message is a code with the place it speaks of (file, sheet, row, column) and the values it names. It is
turned into words only where it is shown, so that logs and run.json can hold the code.
"""

from __future__ import annotations

import csv
import os
import string
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Wording(NamedTuple):
    """One message in both languages: what happened, and what to do about it."""

    zh: str
    en: str
    action_zh: str
    action_en: str


@cache
def catalogue() -> dict[str, Wording]:
    """All messages by code."""
    text = files("analysis.vocabulary").joinpath("messages.csv").read_text(encoding="utf-8")
    return {
        row["code"]: Wording(row["zh"], row["en"], row["action_zh"], row["action_en"])
        for row in csv.DictReader(text.splitlines())
    }


def language() -> Language:
    """The language of messages: ANALYSIS_LANG, Chinese unless it says ``en``."""
    return "en" if os.environ.get("ANALYSIS_LANG", "zh").lower().startswith("en") else "zh"


@dataclass(frozen=True)
class Message:
    """One thing to tell the user, with its place. ``row`` counts from 1, as spreadsheet programs show it."""

    code: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    values: dict[str, object] = field(default_factory=dict)

    def text(self, lang: Language | None = None) -> str:
        """Place, what happened and what to do, in one line."""
        lang = lang or language()
        what, action = self._wording(lang)
        colon, stop = ("：", "。") if lang == "zh" else (": ", ". ")
        place = self.place(lang)
        parts = [part.rstrip("。.") for part in (what, action) if part]
        return (f"{place}{colon}" if place else "") + stop.join(parts) + stop.rstrip()

    def place(self, lang: Language | None = None) -> str:
        """File, sheet, row and column as far as they are known."""
        words = ("工作表", "第{}行", "列") if (lang or language()) == "zh" else ("sheet", "row {}", "column")
        parts = [
            self.file,
            self.sheet and f"{words[0]} {self.sheet}",
            self.row and words[1].format(self.row),
            self.column and f"{words[2]} {self.column}",
        ]
        return " ".join(str(part) for part in parts if part)

    def _wording(self, lang: Language) -> tuple[str, str]:
        wording = catalogue()[self.code]
        what, action = (wording.zh, wording.action_zh) if lang == "zh" else (wording.en, wording.action_en)
        given = {key: _visible(value) for key, value in self.values.items()}
        return string.Template(what).safe_substitute(given), string.Template(action).safe_substitute(given)


class AnalysisError(Exception):
    """A failure that the user can mend. Its text is the message's; no traceback is shown for it."""

    def __init__(
        self,
        code: str,
        *,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        **values: object,
    ) -> None:
        self.message = Message(code, file, sheet, row, column, values)
        super().__init__(self.message.text())

    @property
    def exit_status(self) -> int:
        """What the command line exits with."""
        return 1

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process."""
        return _rebuild, (type(self), self.message)


class UsageError(AnalysisError):
    """A command or a parameter that names something that does not exist: bad usage, not bad data."""

    @property
    def exit_status(self) -> int:
        """What the command line exits with."""
        return 2


def _rebuild(kind: type[AnalysisError], message: Message) -> AnalysisError:
    values = dict(message.values)
    return kind(
        message.code, file=message.file, sheet=message.sheet, row=message.row, column=message.column, **values
    )


def _visible(value: object, limit: int = 200) -> str:
    """A value as one short line: cells are hostile, so control characters are shown, not obeyed."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def word(code: str) -> str:
    """A single word of the commands' output, such as a column's heading, in the user's language."""
    wording = catalogue()[f"word_{code}"]
    return wording.zh if language() == "zh" else wording.en
