"""What the sentences of a document leave in force for those after them."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.sources import periods
from analysis.sources.figures import Figure, Hazards


@dataclass(slots=True)
class Memory:
    """The hazards, the figures, the period and the gravity that were last spoken of."""

    hazards: Hazards = field(default_factory=Hazards)
    figures: list[Figure] = field(default_factory=list)
    """The figures of the paragraph, newest last."""
    span: periods.Span | None = None
    gravity: str = ""
    """The gravity of the accidents that a heading or 其中： opened."""
    carry: int = 0
    """Classes that a sentence without its own takes over: 其中企业自查31项。"""
    number: int = 0
    paragraph: int = 0

    def new_paragraph(self) -> None:
        """Forget what does not reach beyond a paragraph."""
        self.figures.clear()
        self.hazards = Hazards()
        self.carry = 0
        self.paragraph += 1
