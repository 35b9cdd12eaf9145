"""What a notebook shows: headlines, figures, tables, notes, each masked for the edition and escaped, at once.

A cell builds objects and hands them to ``Show``; what comes back holds finished HTML and nothing else, so no
unmasked value can reach a saved notebook, and an object that cannot be shown fails its cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from markupsafe import Markup
from matplotlib.figure import Figure as Drawing

from analysis.disclosure.catalogue import Cell
from analysis.disclosure.release import Release
from analysis.messages import AnalysisError
from analysis.report import formats, released, statements, svg, tables
from analysis.report.edition import Edition, Kind
from analysis.report.markup import fragment, svg_uri
from analysis.report.released import FIXED
from analysis.report.row_ranges import counted, grouped
from analysis.report.statements import Statement
from analysis.report.tables import Caption, DataTable, MaskedTable

HEADLINE_MIME = "application/vnd.analysis.headline+json"
STATED_MIME = "application/vnd.analysis.stated+json"
SHOWN_MIME = "application/vnd.analysis.shown+json"
"""Marks an output as made here, masked for the edition it names; a report takes no other."""
PLACES_SHOWN = 200


class Displayable(Protocol):
    """Anything that can say itself as HTML in an edition; values must go through the templates."""

    def html(self, edition: Edition) -> Markup:
        """The object as finished HTML."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an edition tells of an evidence: empty where it must not, or where there is nothing.

    ``places`` are sheets with their rows, or ids; ``more`` counts those left out.
    """

    source: str
    count: str
    document: str
    quote: str
    places: tuple[str, ...]
    more: int
    note: str

    @property
    def opens(self) -> bool:
        """Whether there is anything to tell beside the kind of source and the count."""
        return bool(self.document or self.quote or self.places or self.note)


@dataclass(frozen=True, repr=False)
class Evidence:
    """What a figure rests on: rows of a ledger or return, or a sentence of a document.

    Args:
        source: Kind of source in Chinese: 台账, 月报, 文件, …
        rows: Ids of the rows (internal edition), or only their number.
        document: Name of the file (internal edition only).
        quote: The sentence (internal edition only).
        note: How the figure comes out of them, without names; not shown to the public.
    """

    source: str
    rows: tuple[str, ...] | int | None = None
    document: str = ""
    quote: str = ""
    note: str = ""

    def html(self, edition: Edition) -> Markup:
        """A disclosure of what the edition may know."""
        return fragment("evidence", told=self.told(edition))

    def told(self, edition: Edition, rows_named: int | None = None) -> Told:
        """How much of it an edition tells; of more than ``rows_named`` rows only their number a sheet."""
        whole = edition.shows_rows
        rows = self.rows if whole and isinstance(self.rows, tuple) else ()
        places = grouped(rows) if rows_named is None or len(rows) <= rows_named else counted(rows)
        return Told(
            self.source,
            self._count(edition),
            self.document if whole else "",
            self.quote if whole else "",
            tuple(places[:PLACES_SHOWN]),
            max(0, len(places) - PLACES_SHOWN),
            "" if edition.suppresses else self.note,
        )

    def _count(self, edition: Edition) -> str:
        """How many rows; the public edition keeps that to itself."""
        if self.rows is None or edition.suppresses:
            return ""
        return formats.count(tables.how_many(self.rows))

    def __repr__(self) -> str:
        """Only the kind: rows must not reach a saved notebook unmasked."""
        return f"<Evidence {self.source}>"


@dataclass(frozen=True, repr=False)
class Headline:
    """One figure that leadership remembers, with last year's beside it.

    Args:
        key: Stable name; the index draws the key's values over the years as a line.
        label: What is counted.
        value: The figure; None where there is none.
        unit: Its unit, not repeated for shares.
        kind: count, number, share or money.
        last: The figure at the same cutoff of the year before.
        basis: n or the interval in words (``"101/140 项，95% 区间 64.2%–78.9%"``).
        evidence: What it rests on.
        counts: The county's counts that value and basis are made of; a headline that names none is withheld
            from the public, and so is one of which any is.
    """

    key: str
    label: str
    value: Any
    unit: str = ""
    kind: Kind = "count"
    last: Any = None
    basis: str = ""
    digits: int = 1
    evidence: Evidence | tuple[Evidence, ...] = ()
    counts: tuple[str, ...] | None = None

    def html(self, edition: Edition, release: Release | None = None) -> Markup:
        """A card."""
        hidden, compared = self.withheld(edition, release), not self._last_withheld(edition, release)
        evidence = (self.evidence,) if isinstance(self.evidence, Evidence) else self.evidence
        return fragment(
            "headline",
            key=self.key,
            label=self.label,
            value=formats.SUPPRESSED if hidden else self._shown(self.value),
            unit="" if self.kind == "share" or formats.is_missing(self.value) else self.unit,
            basis="" if hidden else self.basis,
            last="" if not compared or formats.is_missing(self.last) else self._shown(self.last),
            change="" if hidden or not compared else formats.change(self.value, self.last, self.kind),
            evidence=[one.html(edition) for one in evidence],
        )

    def withheld(self, edition: Edition, release: Release | None = None) -> bool:
        """Whether the public may not know it."""
        return edition.suppresses and not released.shows(release, self._cells(release, 0))

    def _last_withheld(self, edition: Edition, release: Release | None) -> bool:
        return edition.suppresses and not released.shows(release, self._cells(release, -1))

    def _cells(self, release: Release | None, shift: int) -> list[Cell] | None:
        """The cells behind it, of the report's year or one before."""
        if self.counts is None or release is None:
            return None
        return [release.county_cell(code, release.year + shift) for code in self.counts]

    def data(self, edition: Edition, release: Release | None = None) -> dict[str, object]:
        """The headline for run.json and the index."""
        known = not (self.withheld(edition, release) or formats.is_missing(self.value))
        value = float(self.value) if known else None
        shown = int(value) if value is not None and value.is_integer() and self.kind != "share" else value
        return {
            "key": self.key,
            "label": self.label,
            "value": shown,
            "unit": self.unit,
            "kind": self.kind,
        }

    def stated(self, edition: Edition, release: Release | None = None) -> Iterable[Statement]:
        """What it says of counts, of its year and of the year before."""
        now = None if self.withheld(edition, release) else self.value
        before = None if self._last_withheld(edition, release) else self.last
        return statements.of_headline(self.key, (now, before), self.kind, self.counts)

    def _shown(self, value: Any) -> str:
        return formats.as_kind(value, self.kind, self.digits)

    def __repr__(self) -> str:
        """Only the key."""
        return f"<Headline {self.key}>"


@dataclass(frozen=True, repr=False)
class Figure:
    """A chart drawn from a table after masking, with that table behind a disclosure.

    Args:
        draw: A function of ``report.figures``, or one like it.
        table: The chart's data; its key, caption and n are the figure's.
        options: What ``draw`` wants beside the data.
        alt: What is to be seen, in Chinese: a sentence or a function of the masked frame.
        note: What must be said under the figure.
    """

    draw: Callable[..., Drawing]
    table: DataTable
    options: dict[str, Any]
    alt: Caption
    note: str = ""

    def html(self, edition: Edition, release: Release | None = None) -> Markup:
        """The image, its caption and its data; nothing where the public may not see all that is drawn."""
        data = tables.mask(self.table, edition, release)
        if data.withheld or len(data.columns) < len(self.table.columns):
            return Markup()
        drawing = self.draw(data.frame, **self.options)
        width, height = (round(inches * 96) for inches in drawing.get_size_inches())
        return fragment(
            "figure",
            table=data,
            source=svg_uri(svg.to_svg(drawing)),
            alt=self.alt if isinstance(self.alt, str) else self.alt(data.frame),
            width=width,
            height=height,
            note=self.note,
        )

    def __repr__(self) -> str:
        """Only the key."""
        return f"<Figure {self.table.key}>"


def chart(
    draw: Callable[..., Drawing], table: DataTable, *, alt: Caption, note: str = "", **options: Any
) -> Figure:
    """A figure of ``table``: ``chart(figures.ranked_dots, table, alt="…", label="sector", value="rate")``."""
    return Figure(draw, table, options, alt, note)


@dataclass(frozen=True)
class Text:
    """Paragraphs with values in them: plain text, shown as it is; ``rests_on`` says of which cells."""

    text: str
    rests_on: tuple[Cell, ...] | None = None

    def html(self, edition: Edition) -> Markup:
        """One paragraph a line."""
        return fragment("text", paragraphs=[line for line in self.text.splitlines() if line.strip()])


@dataclass(frozen=True)
class Note:
    """A remark that must not be overlooked: ``kind`` is note or warning, ``rests_on`` the cells it tells."""

    text: str
    kind: str = "note"
    rests_on: tuple[Cell, ...] | None = None

    def html(self, edition: Edition) -> Markup:
        """A box."""
        return fragment("note", text=self.text, kind=self.kind)


@dataclass(frozen=True)
class Definitions:
    """Terms and what they mean here."""

    terms: tuple[tuple[str, str], ...]
    rests_on: ClassVar[tuple[Cell, ...]] = FIXED

    def html(self, edition: Edition) -> Markup:
        """A definition list."""
        return fragment("definitions", terms=self.terms)


@dataclass(frozen=True, repr=False)
class Shown:
    """Finished HTML for one edition, as JupyterLab, papermill and the report take it."""

    markup: Markup
    edition: Edition
    headlines: tuple[dict[str, object], ...]
    stated: tuple[Statement, ...] = ()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {
            "text/html": str(self.markup),
            "text/plain": "",
            SHOWN_MIME: {"edition": self.edition.value},
            **({STATED_MIME: {"figures": list(self.stated)}} if self.stated else {}),
        }
        return bundle | ({HEADLINE_MIME: {"headlines": list(self.headlines)}} if self.headlines else {})

    def __repr__(self) -> str:
        """Nothing of the content."""
        return f"<Shown {self.edition.value}>"


@dataclass(frozen=True)
class Show:
    """Shows things in one edition: ``show = Show(book.parameters.edition)``, then ``show(table, note)``.

    The public edition shows what its release publishes; without one it shows no figure at all.
    """

    edition: Edition
    release: Release | None = None

    def __init__(self, edition: Edition | str, release: Release | None = None) -> None:
        """Take the edition by its name."""
        object.__setattr__(self, "edition", Edition(edition))
        object.__setattr__(self, "release", release)

    def __call__(self, *things: Displayable | DataTable) -> Shown:
        """Render now; neighbouring headlines stand side by side, and one remark counts what is withheld.

        Raises:
            AnalysisError: ``nothing_to_show`` when called without anything.
        """
        if not things:
            raise AnalysisError("nothing_to_show")
        headlines = [t for t in things if isinstance(t, Headline) and not self._undeclared(t)]
        data = tuple(headline.data(self.edition, self.release) for headline in headlines)
        blocks = list(self._blocks(things))
        shown = [block for block in blocks if block]
        if len(shown) < len(blocks):
            shown.append(fragment("withheld", count=len(blocks) - len(shown)))
        stated = tuple(figure for thing in things for figure in self._stated(thing))
        return Shown(Markup("\n").join(shown), self.edition, data, stated)

    def _stated(self, thing: Displayable | DataTable) -> Iterable[Statement]:
        if isinstance(thing, Headline):
            return thing.stated(self.edition, self.release)
        table = thing.table if isinstance(thing, Figure) else thing
        return statements.of_table(table, self.edition, self.release) if isinstance(table, DataTable) else ()

    def _blocks(self, things: Iterable[Displayable | DataTable]) -> Iterable[Markup]:
        cards: list[Markup] = []
        for thing in things:
            if isinstance(thing, Headline) and not self._undeclared(thing):
                cards.append(thing.html(self.edition, self.release))
                continue
            if cards:
                yield fragment("headlines", cards=cards)
                cards = []
            yield self._block(thing)
        if cards:
            yield fragment("headlines", cards=cards)

    def _undeclared(self, thing: Headline) -> bool:
        """Whether a headline does not say for the public what it is made of."""
        return self.edition.suppresses and thing.counts is None

    def _block(self, thing: Displayable | DataTable) -> Markup:
        """The thing as HTML; nothing where the edition may not show it."""
        if isinstance(thing, DataTable):
            return table_html(tables.mask(thing, self.edition, self.release))
        if isinstance(thing, Figure):
            return thing.html(self.edition, self.release)
        told = None if isinstance(thing, Headline) else getattr(thing, "rests_on", None)
        if self.edition.suppresses and not released.shows(self.release, told):
            return Markup()
        return thing.html(self.edition)


def table_html(table: MaskedTable) -> Markup:
    """A masked table as HTML; nothing where it is withheld."""
    return Markup() if table.withheld else fragment("table", table=table)
