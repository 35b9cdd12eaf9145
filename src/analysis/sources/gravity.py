"""How grave the accidents are that a sentence counts: any, fatal, larger (较大) or major (重大) ones.

The word stands beside the number, earlier in the sentence, in the heading, or in the line that opens a list
(发生的较大事故中：).
"""

from __future__ import annotations

import re

from analysis.sources.clauses import Clause, classes
from analysis.sources.figures import severity
from analysis.sources.lexicon import Words, mask
from analysis.sources.memory import Memory

_AMONG = re.compile(r"事故中[，,:]")
"""发生的较大事故中，…: all that follows are such accidents."""


class Gravity:
    """The gravity in force while one sentence is read; ``memory`` takes in what lasts beyond it."""

    def __init__(
        self, text: str, start: int, end: int, found: Words, memory: Memory, *, goes_on: bool
    ) -> None:
        self.text, self.start, self.end, self.found, self.memory = text, start, end, found, memory
        self.now = ""
        among = _AMONG.search(text, start, end)
        named = severity(classes(found.between(start, among.end()))) if among else ""
        self.among = named or (memory.gravity if among else memory.among)
        self.since = among.start() if among else start
        """Where the text begins to speak of such accidents."""
        memory.among = self.among
        if goes_on and memory.told:
            memory.gravity = memory.told

    def note(self, place: Clause, *, part: bool) -> None:
        """Take in the words beside a number; ``part``: it stands after 其中."""
        found = severity(place.beside)
        if not place.beside & mask("ALLACC"):
            among = self.among if place.left >= self.since else ""
            between = "" if found else severity(place.gap)
            if between and self.text.endswith("看", self.start, max(self.start, place.left - 1)):
                between = ""
            found = found or between or self.memory.section or among
            found = found or (self.memory.gravity if place.beside & mask("SECTORED") else "")
        if place.beside & mask("ACCIDENT") and (found or not part):
            self.now = found
        elif place.beside & mask("OCCUR"):
            self.now = found or self.memory.gravity

    def leave(self) -> None:
        """其中： at the end hands the gravity of its accidents on to the lines below."""
        self.memory.told = self.now
        if self.text[self.start : self.end].rstrip("， :,").endswith("其中"):
            self.memory.gravity = self.now
        elif not self.among and self.now != self.memory.gravity and self.found.classes & mask("ACCIDENT"):
            self.memory.gravity = ""
