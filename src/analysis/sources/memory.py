"""What the sentences of a document leave in force for those after them."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.sources import periods
from analysis.sources.figures import Figure, Hazards
from analysis.sources.scopes import Sectors


@dataclass(slots=True)
class Memory:
    """The hazards, the figures, the period and the gravity that were last spoken of."""

    hazards: Hazards = field(default_factory=Hazards)
    figures: list[Figure] = field(default_factory=list)
    """The last figures of the paragraph, newest last."""
    span: periods.Span | None = None
    document_span: periods.Span | None = None
    """The document's own period, to which each paragraph returns."""
    gravity: str = ""
    """The gravity of the accidents that a heading or 其中： opened."""
    told: str = ""
    """The gravity that the last sentence ended with."""
    section: str = ""
    """The gravity of the accidents that the heading names, which holds for all its lines."""
    carry: int = 0
    """Classes that a sentence without its own takes over: 其中企业自查31项。"""
    among: str = ""
    """The gravity of the accidents that the paragraph tells apart (较大事故中，…)."""
    comparing: bool = False
    """The last sentence ended with a change: the next may go on without 同比."""
    number: int = 0
    paragraph: int = 0

    def last_sectors(self) -> Sectors:
        """The fields of the last sentence's figures, where all have the same."""
        last = {figure.sectors for figure in self.figures if figure.sentence == self.number}
        return last.pop() if len(last) == 1 else ()

    def new_paragraph(self) -> None:
        """Forget what does not reach beyond a paragraph."""
        self.figures.clear()
        self.hazards = Hazards()
        self.carry = 0
        self.comparing, self.among = False, ""
        self.paragraph += 1
        self.span = self.document_span

    def speak_of(self, span: periods.Span, year: int | None) -> None:
        """Take in a period; one that runs from the document year's first day holds beyond its paragraph."""
        self.span = span
        if periods.runs_from_new_year(span, year):
            self.document_span = span
