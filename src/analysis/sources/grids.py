"""Tables in a document's text, real ones and flattened: a number is read from its column's and row's heads.

A row is a line of cells parted by ``|``, tabs or blanks; where a copy put each cell on its own line, the
rows are put together again. Group heads above several columns go down to each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from analysis import vocabulary
from analysis.sources import periods
from analysis.sources.clauses import classes
from analysis.sources.facts import Measure
from analysis.sources.figures import Figure, Hazards, fitting, graver, severity, unit_of
from analysis.sources.folding import fold
from analysis.sources.lexicon import Words, mask, tokens
from analysis.sources.readings import OTHER, read
from analysis.sources.scopes import Sectors, distinct_sectors

_NUMBER = re.compile(r"[-+±]?\d{1,15}(?:,\d{3}){0,4}(?:\.\d{1,6})?%?")
_CELL = re.compile(r"[^|\t]+")
_PARTED = re.compile(r"[ \t\u3000|]")
_SPACED = re.compile(r"[^ \t\u3000|]+")
_RULE = re.compile(r"[\s|:+-]*")
_UNIT = re.compile(r"\(([^()]{1,6})\)|单位:?([\u4e00-\u9fff%]{1,4})")
_SERIAL = re.compile(r"序号|编号|排名|名次|位次|附件|备注")
_RATE_OF_CHANGE = re.compile(
    r"(?:同比|增减|增长|升降|比上年|比同期|±|\+-).{0,6}(?:%|率|幅|比例)|同比%|增幅|降幅"
)
_CHANGE = re.compile(r"同比|增减|升降|比上年|比同期|±|\+-|绝对数|增加数")
_LAST_YEAR = re.compile(r"同期|上年|去年")
_TOTAL = re.compile(r"合计|总计|全[县市区省国]|小计")
_UNWRITTEN = ("entity", "matter", "people", "share", "times", "paper", "person_times", "sessions", "money")
_SENTENCE = re.compile(r"[。；;]")
"""No head of a column: a list's item just above a table."""
_STROKES = ("-", "—", "——", "–", "/")
_SHORT = 18
_FEWEST_LINES = 8
_MOST_HEADS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and its place in the document's text."""

    text: str
    start: int
    end: int

    @property
    def number(self) -> Decimal | None:
        """The cell's number; nothing where it holds a word."""
        return _number(self.text)

    @property
    def is_filled(self) -> bool:
        """Whether the cell holds a number, or the stroke that stands for none."""
        return self.number is not None or self.text in _STROKES


@lru_cache(maxsize=4096)
def _number(text: str) -> Decimal | None:
    plain = fold(text).text.strip()
    return Decimal(plain.rstrip("%").replace(",", "").replace("±", "")) if _NUMBER.fullmatch(plain) else None


@dataclass(slots=True)
class Grid:
    """The rows of one table with its heads, and where it stands."""

    heads: list[list[Cell]]
    rows: list[list[Cell]]
    start: int
    end: int
    caption: str = ""
    """What stands just above: it may name the period and the unit."""
    unit: str = ""
    number: int = 0


@dataclass(slots=True)
class Read:
    """What the tables gave: figures and unread cells by their original offsets, and the text without them."""

    figures: list[Figure] = field(default_factory=list)
    unread: list[tuple[int, int]] = field(default_factory=list)
    rest: str = ""
    numbers: int = 0


def read_grids(text: str, year: int | None) -> Read:
    """Read the tables of a text; the rest is as long as the text, with blanks where they stood."""
    result = Read(rest=text)
    pieces, at = [], 0
    for grid in _grids(text):
        pieces += [text[at : grid.start], re.sub(r"[^\n]", " ", text[grid.start : grid.end])]
        at = grid.end
        grid.number = len(pieces) // 2
        _read_grid(grid, result, year)
    if pieces:
        result.rest = "".join([*pieces, text[at:]])
    return result


# -- finding tables


def _grids(text: str) -> Iterator[Grid]:
    lines = _lines(text)
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and _is_row(lines[end]):
            end += 1
        if end - at >= 1 and (grid := _with_heads(lines, at, end, text)):
            yield grid
        at = max(end, at + 1)
    if len(lines) >= _FEWEST_LINES:
        yield from _stacked(lines)


def _lines(text: str) -> list[list[Cell]]:
    lines, at = [], 0
    for line in text.split("\n"):
        if not _PARTED.search(line):
            cells = [_trimmed(line, at)] if line else []
            lines.append(cells)
            at += len(line) + 1
            continue
        pattern = _CELL if "|" in line or "\t" in line else _SPACED
        cells = [_trimmed(m[0], at + m.start()) for m in pattern.finditer(line)] if len(line) < 2000 else []
        lines.append([cell for cell in cells if cell.text])
        at += len(line) + 1
    return lines


def _trimmed(text: str, start: int) -> Cell:
    left = len(text) - len(text.lstrip())
    bare = text.strip()
    return Cell(bare, start + left, start + left + len(bare))


def _is_row(cells: Sequence[Cell]) -> bool:
    """Whether most cells but the first are numbers."""
    if len(cells) < 3:
        return False
    numbers = sum(1 for cell in cells[1:] if cell.is_filled)
    return numbers >= max(2, 0.6 * (len(cells) - 1)) and len(cells[0].text) <= _SHORT


def _with_heads(lines: Sequence[Sequence[Cell]], at: int, end: int, text: str) -> Grid | None:
    heads: list[list[Cell]] = []
    above = at - 1
    while above >= 0 and len(heads) < _MOST_HEADS:
        line = list(lines[above])
        if line and _RULE.fullmatch("".join(cell.text for cell in line)):
            above -= 1
            continue
        if len(line) < 2 or any(cell.number is not None or _SENTENCE.search(cell.text) for cell in line):
            break
        heads.insert(0, line)
        above -= 1
    if not heads:
        return None
    caption = fold("".join(cell.text for line in lines[max(0, above - 1) : above + 1] for cell in line)).text
    named = _UNIT.search(caption)
    rows = [list(line) for line in lines[at:end]]
    return Grid(
        heads, rows, heads[0][0].start, rows[-1][-1].end, caption, (named[1] or named[2]) if named else ""
    )


def _stacked(lines: Sequence[Sequence[Cell]]) -> Iterator[Grid]:
    """Tables whose every cell stands on a line of its own."""
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and len(lines[end]) <= 1 and all(len(c.text) <= _SHORT for c in lines[end]):
            end += 1
        run = [cell for line in lines[at:end] for cell in line]
        if len(run) >= _FEWEST_LINES and (grid := _unstacked(run)):
            yield grid
        at = max(end, at + 1)


def _unstacked(run: Sequence[Cell]) -> Grid | None:
    first = next((i for i, cell in enumerate(run) if cell.number is not None), 0)
    after = next((i for i in range(first, len(run)) if not run[i].is_filled), len(run))
    width = after - first + 1
    heads = _unstacked_heads(run[: max(0, first - 1)], width - 1)
    if width < 2 or not heads:
        return None
    rows = [list(run[i : i + width]) for i in range(first - 1, len(run) - width + 1, width)]
    whole = [row for row in rows if row[0].number is None and all(cell.is_filled for cell in row[1:])]
    return Grid(heads, whole, heads[0][0].start, whole[-1][-1].end) if len(whole) >= 2 else None


def _unstacked_heads(heads: Sequence[Cell], columns: int) -> list[list[Cell]]:
    """The rows of heads above ``columns`` columns, the first column's own head left out; none if too few.

    Heads that repeat (本期、同比、本期、同比) stand under as many group heads.
    """
    below = list(heads[-columns:]) if columns else []
    for groups in range(2, columns // 2 + 1):
        size = columns // groups
        names = [cell.text for cell in below]
        if columns % groups == 0 and names == names[:size] * groups and len(heads) >= columns + groups:
            above = heads[-columns - groups : -columns]
            return [[cell for cell in above for _ in range(size)], below]
    return [below] if below and len(heads) >= columns else []


# -- reading them


def _read_grid(grid: Grid, result: Read, year: int | None) -> None:
    width = max(len(row) for row in grid.rows)
    labels = [_column(grid, position, width) for position in range(width)]
    for row in grid.rows:
        shift = width - len(row)
        label = fold("".join(cell.text for cell in row if not cell.is_filled)).text
        hazards, owner = Hazards(), None
        for position, cell in enumerate(row):
            if cell.number is None or (
                _SERIAL.search(labels[position + shift if position else 0]) and position == 0
            ):
                continue
            result.numbers += 1
            figure = _figure(
                row, cell, labels[position + (shift if position else 0)], label, grid, hazards, year
            )
            if figure and figure.measure != "level" and owner:
                _belongs(figure, owner)
            owner = figure if figure and figure.measure == "level" else owner
            if figure:
                result.figures.append(figure)
            else:
                result.unread.append((cell.start, cell.end))


def _belongs(figure: Figure, owner: Figure) -> None:
    """A change beside its figure: what it changes, and in which field, where its own head is silent."""
    if figure.indicator == OTHER:
        figure.indicator = owner.indicator
    figure.sectors = figure.sectors or owner.sectors


def _column(grid: Grid, position: int, width: int) -> str:
    """The heads above a column, from the top; a group head covers the columns to its right."""
    parts: list[str] = []
    for head in grid.heads:
        if len(head) == width:
            cell = head[position]
        elif len(head) == width - 1:
            cell = head[max(0, position - 1)]
        else:
            spread = (width - 1) / max(1, len(head) - 1)
            cell = head[0] if position == 0 else head[min(len(head) - 1, 1 + int((position - 1) / spread))]
        if cell.text not in parts:
            parts.append(cell.text)
    return _plain(" ".join(parts))


@lru_cache(maxsize=512)
def _plain(head: str) -> str:
    """A head folded; it stands over all the rows."""
    return fold(head).text


@lru_cache(maxsize=512)
def _words(cell: str) -> Words:
    """The words of a head or label, which all cells below and beside it share."""
    return tokens(cell, 0, len(cell))


def _figure(
    row: Sequence[Cell], cell: Cell, column: str, label: str, grid: Grid, hazards: Hazards, year: int | None
) -> Figure | None:
    value = cell.number
    unit = _unit(column, cell, grid)
    measure, last_year = _measure(column, unit)
    indicator, sectors = _indicator(column, label, unit if measure == "level" else "", hazards)
    if value is None or _SERIAL.search(column) or (indicator == OTHER and not unit):
        return None
    known = vocabulary.units().get(unit)
    span = periods.span(column, 0, len(column), year)
    span = span or periods.span(grid.caption, 0, len(grid.caption), year) or periods.whole(year)
    figure = Figure(
        cell.start, cell.end, row[0].start, row[-1].end, indicator, value * (known.factor if known else 1),
        ("元" if known and known.dimension == "money" else unit) or unit_of(indicator), sectors,
        measure=measure, span=periods.year_before(span) if last_year else span,
    )  # fmt: skip
    total = bool(_TOTAL.search(label))
    field = any(token.word.sector for token in _words(label))
    figure.region = "" if field or total else label
    figure.table, figure.part, figure.whole = grid.number, not total, total
    figure.step = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent))) * (known.factor if known else 1)
    return figure


def _unit(column: str, cell: Cell, grid: Grid) -> str:
    if cell.text.endswith(("%", "％")):
        return "%"
    named = [m[1] or m[2] for m in _UNIT.finditer(column)]
    unit = next((name for name in reversed(named) if name in vocabulary.units()), "")
    if not unit and "%" in column:
        return "%"
    return unit or (grid.unit if grid.unit in vocabulary.units() else "")


def _measure(column: str, unit: str) -> tuple[Measure, bool]:
    if _RATE_OF_CHANGE.search(column) or (_CHANGE.search(column) and unit == "%"):
        return "change_pct", False
    if _CHANGE.search(column) and not column.endswith(("同期", "去年同期", "上年同期")):
        return "change", False
    return "level", bool(_LAST_YEAR.search(column))


def _indicator(column: str, label: str, unit: str, hazards: Hazards) -> tuple[str, Sectors]:
    known = vocabulary.units().get(unit)
    dimension = known.dimension if known else ""
    above, beside = _words(column), _words(label)
    sectors = distinct_sectors(beside) or distinct_sectors(above)
    name = _best(dimension, classes(above)) or _best(dimension, classes(above) | classes(beside)) or OTHER
    hazards.saw(classes(above), 0, part=False)
    gravity = severity(classes(above) | classes(beside))
    indicator = hazards.specific(graver(fitting(name, unit), gravity))
    return indicator, tuple(sector for sector in sectors if sector != vocabulary.SECTOR_TOTAL)


def _best(dimension: str, beside: int) -> str:
    """The reading with the highest score; without a unit, among the units that tables leave out."""
    readings = [read(kind, beside, mask("HAZARD")) for kind in ([dimension] if dimension else _UNWRITTEN)]
    names, score = max(readings, key=lambda reading: reading[1])
    return names[0] if score else ""
