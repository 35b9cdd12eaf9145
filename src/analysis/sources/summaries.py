"""A summary document's text → its figures, each with its place, sector, campaign, indicator and period."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from analysis.sources import periods, structure
from analysis.sources.facts import Extraction, Fact, Unread
from analysis.sources.clauses import classes
from analysis.sources.figures import Figure, severity
from analysis.sources.folding import Folded, fold
from analysis.sources.lexicon import tokens
from analysis.sources.quantities import Number, Quantity, scan
from analysis.sources.scopes import Scope, distinct_sectors, written
from analysis.sources.sentences import Memory, Sentence

_WORDS = ("未", "没", "无", "零", "持平", "整改", "治理")
_QUOTE_LIMIT = 160


def extract(text: str, *, name: str, year: int | None = None) -> Extraction:
    """The figures of a summary.

    Args:
        text: The document's text; offsets of the facts count in it.
        name: The document's name, as it stands in the facts.
        year: The year it reports on; told from the text where not given.
    """
    folded = fold(text)
    reader = _DocumentReader(folded.text, year or periods.year_of(folded.text))
    reader.read()
    lines = _line_starts(text)
    facts = tuple(_fact(figure, folded, text, name, lines) for figure in reader.figures)
    unread = tuple(
        _unread(number, folded, text, lines) for number in sorted(reader.unread, key=lambda n: n.start)
    )
    return Extraction(facts, unread, reader.numbers)


class _DocumentReader:
    def __init__(self, text: str, year: int | None) -> None:
        self.text = text
        scanned = list(scan(text))
        self.quantities = [number for number in scanned if isinstance(number, Quantity)]
        self.starts = [quantity.start for quantity in self.quantities]
        self.unread: list[Number] = [number for number in scanned if isinstance(number, Number)]
        self.numbers = len(scanned)
        self.figures: list[Figure] = []
        self.scope = Scope()
        self.memory = Memory()
        self.year = year

    def read(self) -> None:
        for position, paragraph in enumerate(structure.paragraphs(self.text)):
            inside = self._quantities(paragraph.start, paragraph.end)
            if position == 0 and paragraph.heading:
                self._title(paragraph, inside)
                continue
            if paragraph.heading and not inside:
                self._heading(paragraph)
                continue
            self._paragraph(paragraph)
        self._settle_topic()

    def _title(self, paragraph: structure.Paragraph, inside: Sequence[Quantity]) -> None:
        sectors = distinct_sectors(tokens(self.text, paragraph.start, paragraph.end))
        self.scope.topic = sectors if len(sectors) == 1 else ()
        if inside:
            self._sentence(paragraph.start, paragraph.end, first=True)

    def _heading(self, paragraph: structure.Paragraph) -> None:
        heading = self.text[paragraph.body : paragraph.end]
        if paragraph.main:
            self.scope.plan = False
        if structure.is_plan(heading):
            self.scope.plan = True
        self.scope.open_heading(self.text, paragraph)
        self.memory.new_paragraph()
        self._sentence(paragraph.start, paragraph.end, first=True)
        self.memory.gravity = severity(classes(tokens(self.text, paragraph.start, paragraph.end)))

    def _paragraph(self, paragraph: structure.Paragraph) -> None:
        self.scope.open_paragraph()
        self.memory.new_paragraph()
        first = True
        for start, end in structure.sentences(self.text, paragraph.start, paragraph.end):
            self._sentence(start, end, first=first)
            first = False

    def _sentence(self, start: int, end: int, *, first: bool) -> None:
        inside = self._quantities(start, end)
        if not inside and not first and not any(self.text.find(word, start, end) >= 0 for word in _WORDS):
            if end - start > 60:
                self.memory.span = periods.span(self.text, start, end, self.year) or self.memory.span
                return
        found = tokens(self.text, start, end)
        body = self.scope.open_sentence(self.text, start, end, found, first=first)
        sentence = Sentence(self.text, (start, end, body), found, inside, self.scope, self.memory, self.year)
        figures, unread = sentence.read()
        self.figures.extend(figures)
        self.unread.extend(unread)

    def _settle_topic(self) -> None:
        """Where the title names a department and the figures another field, the field is the topic."""
        named = Counter(
            figure.sectors for figure in self.figures if figure.named and len(figure.sectors) == 1
        )
        if not self.scope.topic or not named:
            return
        field, times = named.most_common(1)[0]
        if times > named[self.scope.topic]:
            for figure in self.figures:
                if figure.sectors == self.scope.topic and not figure.named:
                    figure.sectors = field

    def _quantities(self, start: int, end: int) -> list[Quantity]:
        return self.quantities[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


def _line_starts(text: str) -> list[int]:
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts


def _line(lines: Sequence[int], at: int) -> int:
    return bisect_left(lines, at + 1)


def _fact(figure: Figure, folded: Folded, text: str, name: str, lines: Sequence[int]) -> Fact:
    start = folded.original(max(figure.quote_start, figure.start - _QUOTE_LIMIT))
    end = folded.original_end(min(figure.quote_end, figure.end + _QUOTE_LIMIT))
    return Fact(
        name, _line(lines, start), start, end, text[start:end], written(figure.sectors), figure.campaign,
        figure.indicator, figure.measure, figure.value, figure.unit, figure.qualifier, *figure.span,
        scope=figure.drive, sentence=figure.sentence, part=figure.part,
        decimals=_decimals(figure.value), month_on_month=figure.month_on_month,
    )  # fmt: skip


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _unread(number: Number, folded: Folded, text: str, lines: Sequence[int]) -> Unread:
    start, end = folded.original(number.start), folded.original_end(number.end)
    return Unread(
        _line(lines, start), start, end, text[max(0, start - 12) : end + 8].replace("\n", " "), number.reason
    )
