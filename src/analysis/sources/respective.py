"""Rows of numbers whose fields are told by position: 煤矿、消防分别发生事故3起、5起，死亡4人、6人."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from analysis.sources.figures import Figure
from analysis.sources.lexicon import Words
from analysis.sources.scopes import Sectors, distinct_sectors, subjects
from analysis.vocabulary import SECTOR_TOTAL

_RESPECTIVELY = "分别"
_JOINED = re.compile(r"、|和|与|及|以及")
_PAIR = 2


def share_out(text: str, start: int, end: int, found: Words, figures: Sequence[Figure]) -> None:
    """Give each number of a row its own field of the list before it, in the sentence ``text[start:end]``.

    A row of as many numbers that follows at once (，死亡4人、6人) has the same fields.
    """
    if text.find(_RESPECTIVELY, start, end) < 0:
        return
    fields: Sectors = ()
    before = start
    for row in _rows(text, [figure for figure in figures if figure.measure == "level"]):
        first, last = row[0][0], row[-1][0]
        told = _listed(text, before, first.start, found)
        goes_on = text.find(";", before, first.start) < 0 and not told
        fields = told or (fields if goes_on else ())
        if len(fields) == len(row) >= _PAIR:
            for field, told_together in zip(fields, row, strict=True):
                for figure in told_together:
                    figure.sectors, figure.spread = (field,), False
        else:
            fields = ()
        before = last.end


def _listed(text: str, start: int, end: int, found: Words) -> Sectors:
    """The fields that are listed before 分别."""
    respectively = text.rfind(_RESPECTIVELY, start, end)
    if respectively < 0:
        return ()
    named = distinct_sectors(subjects(text, found.between(start, respectively)))
    return tuple(sector for sector in named if sector != SECTOR_TOTAL)


def _rows(text: str, figures: Iterable[Figure]) -> Iterator[list[list[Figure]]]:
    """The levels of one unit that are only joined by 、 or 和; those of one number stand together."""
    row: list[list[Figure]] = []
    for figure in figures:
        last = row[-1][0] if row else None
        if last and figure.start == last.start:
            row[-1].append(figure)
        elif last and figure.unit == last.unit and _JOINED.fullmatch(text, last.end, figure.start):
            row.append([figure])
        else:
            if row:
                yield row
            row = [[figure]]
    if row:
        yield row
