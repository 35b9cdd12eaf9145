"""Comparisons as lines of a table, kept in RESULTS.md as they come."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FILE = Path(__file__).with_name("RESULTS.md")
HEAD = "| what | first | second | first / second | bar | |\n| --- | --: | --: | --: | --- | --- |\n"


@dataclass(frozen=True)
class Comparison:
    """One figure against another, in seconds unless ``what`` says otherwise, and the bar if there is one.

    ``at_least``: the bar is a least value, not a greatest. ``difference``: it holds for first − second.
    """

    what: str
    first: float
    second: float
    bar: float | None = None
    at_least: bool = False
    difference: bool = False

    @property
    def value(self) -> float:
        """What the bar is about."""
        return self.first - self.second if self.difference else self.first / self.second

    @property
    def line(self) -> str:
        """As a row of the table."""
        said = f"{self.value:+.2f} s" if self.difference else f"{self.value:.2f}"
        if self.bar is None:
            bar, verdict = "", ""
        else:
            holds = self.value >= self.bar if self.at_least else self.value <= self.bar
            bar = f"{'≥' if self.at_least else '≤'} {self.bar:g}{' s' if self.difference else ''}"
            verdict = "holds" if holds else "**missed**"
        return f"| {self.what} | {self.first:.2f} | {self.second:.2f} | {said} | {bar} | {verdict} |"


class Results:
    """A section of RESULTS.md of its own, below those of earlier runs, that grows with each part."""

    def __init__(self, how: str) -> None:
        self._former = FILE.read_text(encoding="utf-8") if FILE.exists() else "# Results of `make bench`\n"
        self._text = f"\n## {date.today()}: {how}\n\n{machine()}\n\n{HEAD}"

    def add(self, comparison: Comparison) -> None:
        """Print a comparison and keep it."""
        print(comparison.line, flush=True)
        self._text += comparison.line + "\n"
        FILE.write_text(self._former + self._text, encoding="utf-8")


def machine() -> str:
    """What the figures were measured on."""
    named = [line.split(":")[1].strip() for line in _cpu_lines() if line.startswith("model name")]
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    cpu = (named or [platform.machine()])[0]
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}{load}."


def _cpu_lines() -> list[str]:
    file = Path("/proc/cpuinfo")
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
