"""A summary document's text → its figures, each with its place, sector, campaign, indicator and period."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from analysis.messages import Message
from analysis.sources import changes, periods, structure, topics
from analysis.sources.absences import marks
from analysis.sources.clauses import classes
from analysis.sources.documents import Document, read_text
from analysis.sources.facts import COLUMNS, Extraction, Fact, Unread
from analysis.sources.figures import Figure, severity, unit_of
from analysis.sources.folding import Folded, fold, unfolded
from analysis.sources.grids import read_grids
from analysis.sources.lexicon import Words, tokens
from analysis.sources.memory import Memory
from analysis.sources.quantities import Number, Quantity, scan
from analysis.sources.scopes import Scope, Sectors, led_parts, written
from analysis.sources.sentences import Sentence

_HEAD = 80
"""How much of a sentence without figures is read for what it is about."""
_AHEAD = 20_000
"""Words are looked up this far ahead at a time; those of the first stretch tell the document's topic."""
_QUOTE_LIMIT = 160


def extract(text: str, *, name: str, year: int | None = None) -> Extraction:
    """The figures of a summary.

    Args:
        text: The document's text; offsets of the facts count in it.
        name: The document's name, as it stands in the facts.
        year: The year it reports on; told from the text where not given.
    """
    year = year or periods.year_of(text)
    tables = read_grids(text, year)
    folded, same = fold(tables.rest), unfolded()
    reader = _DocumentReader(folded.text, year)
    reader.read()
    place = _Placing(text, name)
    facts = list(place.facts(reader.figures, folded))
    facts += [place.fact(figure, same) for figure in tables.figures]
    unread = [
        place.unread(folded.original(n.start), folded.original_end(n.end), n.reason) for n in reader.unread
    ]
    unread += [place.unread(start, end, "unclear") for start, end in tables.unread]
    return Extraction(
        tuple(sorted(facts, key=lambda fact: (fact.start, fact.end))),
        tuple(sorted(unread, key=lambda number: number.start)),
        reader.numbers + tables.numbers,
    )


def facts_of(path: Path, year: int) -> tuple[list[dict[str, object]], list[Message]]:
    """The rows of table ``facts`` (all columns but county) that a summary of ``year`` gives, and notes on it.

    Raises:
        AnalysisError: The document cannot be read.
    """
    document = read_text(path)
    found = extract(document.text, name=document.name, year=year)
    return [_row(fact, year) for fact in found.facts], _notes(found, document, year)


def _row(fact: Fact, year: int) -> dict[str, object]:
    """A fact as a row of the table: a period that the text does not say is the whole year."""
    first, last = periods.whole(year)
    return {column: getattr(fact, column) for column in COLUMNS} | {
        "campaign": fact.campaign or None,
        "unit": fact.unit or unit_of(fact.indicator),
        "period_start": fact.period_start or first,
        "period_end": fact.period_end or last,
    }


def _notes(found: Extraction, document: Document, year: int) -> list[Message]:
    notes: list[Message] = []
    told = periods.year_of(document.text)
    if told and told != year:
        values: dict[str, object] = {"name": document.name, "found": told, "year": year}
        notes.append(Message("facts_year_other", file=document.name, values=values))
    missing = len(found.missing)
    if missing:
        values = {"name": document.name, "numbers": found.numbers, "missing": missing}
        notes.append(Message("facts_unread", file=document.name, values=values))
    return notes


class _DocumentReader:
    def __init__(self, text: str, year: int | None) -> None:
        self.text = text
        scanned = list(scan(text))
        self.quantities = [number for number in scanned if isinstance(number, Quantity)]
        self.starts = [quantity.start for quantity in self.quantities]
        self.marks = sorted([*marks(text), *(place.start for place in changes.steady(text, 0, len(text)))])
        self.unread: list[Number] = [number for number in scanned if isinstance(number, Number)]
        self.numbers = len(scanned)
        self.figures: list[Figure] = []
        self.scope = Scope()
        self.memory = Memory()
        self.year = year
        self.ahead = min(_AHEAD, len(text))
        self.words = tokens(text, 0, self.ahead)

    def read(self) -> None:
        topic = topics.of_document(self.text, self.words)
        self.scope.topic, self.scope.firm = topic.sectors, topic.firm
        titled = False
        for paragraph in structure.paragraphs(self.text):
            inside = self._quantities(paragraph.start, paragraph.end)
            is_title = not titled and paragraph.heading
            titled = titled or not structure.is_imprint(self.text, paragraph)
            if is_title:
                if inside or self._worded(paragraph.start, paragraph.end):
                    self._sentence(paragraph.start, paragraph.end, first=True)
                continue
            if paragraph.heading and not inside:
                self._heading(paragraph)
                continue
            self._paragraph(paragraph)
        self._settle_topic()

    def _heading(self, paragraph: structure.Paragraph) -> None:
        heading = self.text[paragraph.body : paragraph.end]
        if paragraph.main:
            self.scope.plan = False
        if structure.is_plan(heading):
            self.scope.plan = True
        found = self._words(paragraph.body, paragraph.end)
        self.scope.open_heading(found, main=paragraph.main, stated=structure.is_statement(heading))
        self.memory.new_paragraph()
        self._sentence(paragraph.start, paragraph.end, first=True)
        told = found.part(paragraph.body, paragraph.end - 2 * heading.endswith("较大"))
        grave = "" if structure.is_prevention(heading) else severity(classes(told))
        self.memory.gravity = self.memory.section = grave

    def _paragraph(self, paragraph: structure.Paragraph) -> None:
        self.scope.open_paragraph()
        self.memory.new_paragraph()
        first = True
        for start, end in structure.sentences(self.text, paragraph.start, paragraph.end):
            for part in led_parts(self.text, start, end, self._words(start, end)):
                self._sentence(*part, first=first)
                first = False

    def _sentence(self, start: int, end: int, *, first: bool) -> None:
        inside = self._quantities(start, end)
        worded = self._worded(start, end)
        if not inside and not worded:
            head = self._words(start, min(end, start + _HEAD))
            self.scope.open_sentence(self.text, start, end, head, first=first)
            if structure.opens_list(self.text, start, end):
                self.memory.gravity = self.memory.told
            if named := periods.span(self.text, start, end, self.year):
                self.memory.speak_of(named, self.year)
            return
        found = self._words(start, end)
        body = self.scope.open_sentence(self.text, start, end, found, first=first)
        bounds = (start, end, body)
        sentence = Sentence(
            self.text, bounds, found, inside, self.scope, self.memory, self.year, worded=worded
        )
        figures, unread = sentence.read()
        self.figures.extend(figures)
        self.unread.extend(unread)

    def _worded(self, start: int, end: int) -> bool:
        """Whether a stretch of text may hold figures in words."""
        return bisect_left(self.marks, start) < bisect_left(self.marks, end)

    def _settle_topic(self) -> None:
        """Where the title names a department and the figures another field, the field is the topic."""
        named: Counter[Sectors] = Counter(
            figure.sectors for figure in self.figures if figure.named and len(figure.sectors) == 1
        )
        if not self.scope.topic or self.scope.firm or not named:
            return
        field, times = named.most_common(1)[0]
        if times > named[self.scope.topic]:
            for figure in self.figures:
                if figure.sectors == self.scope.topic and not figure.named:
                    figure.sectors = field

    def _words(self, start: int, end: int) -> Words:
        if end > self.ahead:
            self.ahead = min(max(end, start + _AHEAD), len(self.text))
            self.words = tokens(self.text, start, self.ahead)
        return self.words.part(start, end)

    def _quantities(self, start: int, end: int) -> list[Quantity]:
        return self.quantities[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


class _Placing:
    """Turns readings into rows with their places in the document's own text."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, at: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self.lines, at)

    def facts(self, figures: list[Figure], folded: Folded) -> Iterator[Fact]:
        """Figures as rows; ``figures`` is emptied, so that a long text does not stand in memory twice."""
        figures.reverse()
        while figures:
            yield self.fact(figures.pop(), folded)

    def fact(self, figure: Figure, folded: Folded) -> Fact:
        """A figure as a row."""
        start = folded.original(max(figure.quote_start, figure.start - _QUOTE_LIMIT))
        end = folded.original_end(min(figure.quote_end, figure.end + _QUOTE_LIMIT))
        return Fact(
            self.name,
            self.line(start),
            start,
            end,
            self.text[start:end],
            written(figure.sectors),
            figure.campaign,
            figure.indicator,
            figure.measure,
            figure.value,
            figure.unit,
            figure.qualifier,
            *figure.span,
            scope=figure.drive,
            sentence=figure.sentence,
            part=figure.part,
            step=figure.step,
            paragraph=figure.paragraph,
            table=figure.table,
            region=figure.region,
            whole=figure.whole,
            month_on_month=figure.month_on_month,
            told=figure.told,
        )

    def unread(self, start: int, end: int, reason: str) -> Unread:
        """A number that became no figure, with some of the text around it."""
        around = self.text[max(0, start - 12) : end + 8].replace("\n", " ")
        return Unread(self.line(start), start, end, around, reason)
