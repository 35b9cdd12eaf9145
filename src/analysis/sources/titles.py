"""What stands above a table and holds for all of it: the period, the unit, a level or a source.

As in 重大事故隐患台账, 单位：万元, 2023年6月执法月报.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from analysis import vocabulary
from analysis.sources.cells import is_blank, written
from analysis.sources.headers import Layout, measure_forms
from analysis.sources.workbooks import Sheet

_SPAN = re.compile(r"(?:(?P<y>(?:19|20)\d\d)年?)?(?P<a>\d{1,2})月?份?[-—–~～至到](?P<b>1[0-2]|0?[1-9])月")
_MONTH = re.compile(r"(?:(?P<y>(?:19|20)\d\d)[年.\-_/])?(?<!\d)(?P<m>1[0-2]|0?[1-9])月(?!\d{1,2}日)")
_NUMERIC = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[.\-_/]?(?P<m>1[0-2]|0[1-9])(?!\d)(?![.\-_/]\d)")
_UNIT = re.compile(r"(?:金额)?单位:([^\s,;)、]{1,3})")


@dataclass(frozen=True, slots=True)
class Month:
    """The month that a title names, as a cell would write it; ``cumulative`` where it counts from January."""

    text: str
    cumulative: bool


def texts(file: str, sheet: Sheet, layout: Layout) -> list[str]:
    """The places where a title can stand, the nearest first: rows above the header, sheet, file, folders."""
    rows = ["".join(written(cell) for cell in row if not is_blank(cell)) for row in sheet.cells[: layout.top]]
    path = PurePosixPath(file)
    places = [*reversed(rows), sheet.name or "", path.stem, *(part for part in reversed(path.parts[1:-1]))]
    return [vocabulary.normalise(place) for place in places if place]


def month(places: Iterable[str]) -> Month | None:
    """The month of the nearest title that names one; days (2023年7月5日填报) are not taken for months."""
    for text in places:
        if span := _SPAN.search(text):
            if int(span["a"]) == 1:
                return Month(_written(span["y"], span["b"]), True)
        elif found := _MONTH.search(text) or _NUMERIC.search(text):
            return Month(_written(found["y"], found["m"]), any(word in text for word in _cumulative_words()))
    return None


def _written(year: str | None, number: str) -> str:
    return f"{year}年{int(number)}月" if year else f"{int(number)}月"


def _cumulative_words() -> list[str]:
    return [word for word, code in vocabulary.lookup("measure_column").items() if code == "cumulative"]


def money_unit(places: Iterable[str]) -> str | None:
    """The unit of money that a title gives for the whole table."""
    money = {unit.unit for unit in vocabulary.units().values() if unit.dimension == "money"}
    found = (unit for text in places for unit in _UNIT.findall(text))
    return next((unit for unit in found if unit in money), None)


def indicator(places: Iterable[str]) -> str | None:
    """What the nearest title says is counted (执法检查次数统计表), for tables of months alone."""
    for text in places:
        named = [form for form in measure_forms() if form in text]
        if named:
            return measure_forms()[max(named, key=lambda form: (len(form), form))]
    return None


def implied(column: vocabulary.Column, places: Sequence[str]) -> str | None:
    """The one value of a column's list that the nearest title names; None where none or several are named."""
    if column.type != "sector" and column.type not in vocabulary.value_lists():
        return None
    forms = {
        form: code
        for form, code in vocabulary.lookup(column.type).items()
        if len(form) > 1 and not form.isascii()
    }
    for text in places:
        codes = _longest(text, forms)
        if len(codes) == 1:
            return codes.pop()
        if codes:
            return None
    return None


def _longest(text: str, forms: dict[str, str]) -> set[str]:
    """The codes named in a text; a form within a longer one that is named as well does not count."""
    rest, codes = text, set()
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        if form in rest:
            codes.add(forms[form])
            rest = rest.replace(form, "\n")
    return codes - {vocabulary.SECTOR_TOTAL}
