"""What every report says of its terms, its cutoff and the limits of its data."""

from __future__ import annotations

from collections.abc import Sequence

from analysis import vocabulary
from analysis.book import Book
from analysis.disclosure.catalogue import Cell
from analysis.report import formats
from analysis.report.display import Definitions, Note
from analysis.report.released import FIXED


def of(indicators: Sequence[str]) -> Definitions:
    """Define the indicators a report uses, in the words of the vocabulary."""
    known = vocabulary.indicators()
    return Definitions(tuple((known[code].name_zh, known[code].definition) for code in indicators))


def limits(book: Book) -> tuple[Note, ...]:
    """Say what the data of this scope cannot show: missing years, undated rectifications, the cutoff."""
    notes: list[tuple[str, tuple[Cell, ...] | None]] = [
        (
            f"统计截止日为{formats.day(book.scope.as_of)}：此后发现、录入、整改的均不计入；"
            "各年比较均截至同一月日。月报只计入截止日前已结束的月份。",
            FIXED,
        )
    ]
    if book.missing_years:
        years = "、".join(f"{year}年" for year in book.missing_years)
        notes.append((f"基期中没有数据的年份：{years}。", FIXED))
    if undated := _undated(book):
        words = "条隐患状态为已整改但没有日期，计入整改率，不进入整改时长和按期整改率。"
        notes.append((f"有{undated:,}{words}", None))
    return tuple(Note(note, rests_on=rests_on) for note, rests_on in notes)


def _undated(book: Book) -> int:
    rows = book.hazards[book.hazards["year"] == book.year]
    return int((rows["hazards_rectified"].astype(bool) & rows["rectified_on"].isna()).sum())
