"""Columns of cells to columns of typed values.

Each different cell is read once (ledgers repeat themselves), then spread over the rows. A cell that cannot be
read becomes missing and is told as a problem, never an exception.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as arrow
from pyarrow import compute

from analysis import vocabulary
from analysis.sources import credit_code, numerals, personal
from analysis.sources.days import Read, Relative, read_day, read_deadline, read_moment, read_month

MAX_NAME = 200
"""Characters of a name (enterprise, party, department): longer ones are a cell gone wrong."""
MAX_TEXT = 32_767
"""What a spreadsheet's cell can hold."""
_FREE_TEXT = frozenset({"description", "facts", "content", "legal_basis", "case", "remark", "criterion"})
_IDENTIFIERS = frozenset({"hazard_id", "document_number", "file", "sheet"})
"""Text that is compared letter by letter, and whose digits are no telephone number."""
_CENT = Decimal("0.01")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_PLAIN = re.compile(r"[\d０-９.,，．\s]+")
_KIND_SEPARATORS = re.compile(r"[;；,，、/+＋及和\s]+")
_MAX_NUMBER = Decimal(10) ** 15
_MAX_EXPONENT = 30
"""Beyond it a multiplication by a unit could overflow."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell could not be read: a code of messages.csv."""

    reason: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a cell's meaning depends on beside itself."""

    year: int
    epoch_1904: bool = False


@dataclass(frozen=True)
class Parsed:
    """Typed columns, and what went wrong.

    ``problems``: columns ``index`` (of the frame), ``column``, ``value`` and ``reason``; their rows are to be
    quarantined. ``flags`` alike, for cells that were set to missing while their row is kept.
    """

    frame: pd.DataFrame
    problems: pd.DataFrame
    flags: pd.DataFrame
    personal: dict[str, int]


def parse(raw: pd.DataFrame, table: str, context: Context) -> Parsed:
    """Read a table's columns.

    Args:
        raw: One column of cells for each column of the table that the file has; ``""`` is an empty cell.
        table: The table's name.
        context: Year of the folder, and the workbook's epoch.

    Returns:
        A frame of the same index and columns.
    """
    types = {column.column: column.type for column in vocabulary.columns(table)}
    found: dict[str, pd.Series] = {}
    problems: list[pd.DataFrame] = []
    counts: dict[str, int] = {}
    for name in sorted(raw.columns, key=lambda name: name != "found_on"):
        kind = types[str(name).removeprefix("cumulative:")]
        found[name], wrong = _column(raw[name], str(name), kind, context, found.get("found_on"))
        problems.append(wrong)
        if kind == "text" and name not in _IDENTIFIERS:
            found[name], masked = personal.mask(found[name])
            counts = {key: counts.get(key, 0) + masked.get(key, 0) for key in {*counts, *masked}}
    all_problems = pd.concat(problems, ignore_index=True) if problems else no_problems()
    flagged = all_problems["reason"] == "credit_code_invalid"
    frame = pd.DataFrame({name: found[name] for name in raw.columns}, index=raw.index)
    return Parsed(frame, all_problems[~flagged], all_problems[flagged], counts)


def parse_value(value: object, table: str, column: str, context: Context) -> object:
    """One value as the table stores it; a Problem where it cannot be read."""
    frame = pd.DataFrame({column: pd.Series([value if value is not None else ""], dtype=object)})
    parsed = parse(frame, table, context)
    wrong = pd.concat([parsed.problems, parsed.flags])
    return Problem(str(wrong["reason"].iloc[0])) if len(wrong) else parsed.frame[column].iloc[0]


def no_problems() -> pd.DataFrame:
    """A problem table without rows."""
    return pd.DataFrame(
        {name: pd.Series(dtype=kind) for name, kind in zip(_PROBLEM, _PROBLEM_TYPES, strict=True)}
    )


_PROBLEM = ("index", "column", "value", "reason")
_PROBLEM_TYPES = ("int64", "str", "str", "str")


def multiplies(unit: str | None) -> bool:
    """Whether a unit of money is another than yuan."""
    known = vocabulary.units().get(unit or "")
    return known is not None and known.dimension == "money" and known.factor != 1


def with_unit(cell: object, unit: str | None) -> object:
    """A plain number with its unit written behind it; all other cells as they are."""
    if isinstance(cell, str):
        plain = bool(cell.strip()) and _PLAIN.fullmatch(cell) is not None
    else:
        plain = isinstance(cell, int | float) and not isinstance(cell, bool)
    return f"{written(cell)}{unit}" if plain else cell


def is_blank(cell: object) -> bool:
    """Nothing at all, or white space."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def means_nothing(cell: object) -> bool:
    """Blank, or one of the ways to write that there is nothing (-, /, 无)."""
    if not isinstance(cell, str):
        return cell is None
    if not cell or cell.isspace():
        return True
    nothing = vocabulary.lookup("blank_cell")
    return len(cell) <= 8 and not cell[-1].isdigit() and _bare(cell) in nothing


def written(cell: object) -> str:
    """A cell as text: whole numbers without a point, days in ISO form."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def _column(
    cells: pd.Series, name: str, kind: str, context: Context, found_on: pd.Series | None
) -> tuple[pd.Series, pd.DataFrame]:
    reader = _reader(name, kind, context)
    codes, uniques = pd.factorize(cells.to_numpy(dtype=object), use_na_sentinel=False)
    read = np.empty(len(uniques), dtype=object)
    read[:] = [None if means_nothing(cell) else reader(cell) for cell in uniques]
    if _are(Relative, read).any():
        values = _resolve(read[codes], codes, _are(Relative, read)[codes], context, found_on)
        return _told(cells, name, kind, values, np.arange(len(values)))
    return _told(cells, name, kind, read, codes)


def _told(
    cells: pd.Series, name: str, kind: str, read: np.ndarray[Any, Any], codes: np.ndarray[Any, Any]
) -> tuple[pd.Series, pd.DataFrame]:
    """The typed column, in which row i holds ``read[codes[i]]``, and its problems."""
    wrong = _are(Problem, read)
    problems = _problems(cells, name, read[codes], wrong[codes]) if wrong.any() else no_problems()
    values = read.copy()
    values[wrong] = None
    return pd.Series(_typed(values, kind).take(codes), index=cells.index, name=name), problems


def _are(kind: type, values: np.ndarray) -> np.ndarray:
    return np.fromiter((isinstance(value, kind) for value in values), dtype=bool, count=len(values))


def _problems(cells: pd.Series, name: str, values: np.ndarray, wrong: np.ndarray) -> pd.DataFrame:
    where = np.flatnonzero(wrong)
    return pd.DataFrame(
        {
            "index": cells.index.to_numpy()[where],
            "column": name.removeprefix("cumulative:"),
            "value": [personal.mask_text(written(cells.iloc[place])) for place in where],
            "reason": [values[place].reason for place in where],
        }
    )


def _typed(values: np.ndarray, kind: str) -> pd.api.extensions.ExtensionArray | np.ndarray:
    if kind in ("date", "moment", "deadline"):
        return pd.array(values.astype("datetime64[s]"), dtype="datetime64[s]")
    if kind in ("integer", "month"):
        return pd.array(values, dtype="Int64")
    if kind in ("money", "decimal"):
        return values
    return pd.array(values, dtype="str")


def _resolve(
    values: np.ndarray,
    codes: np.ndarray,
    relative: np.ndarray,
    context: Context,
    found_on: pd.Series | None,
) -> np.ndarray:
    """Days that depend on the day found, each different pair of them once."""
    new_year = date(context.year, 1, 1)
    known: dict[tuple[int, date], date | Problem] = {}
    for place in np.flatnonzero(relative):
        base = new_year if found_on is None or pd.isna(found_on.iloc[place]) else found_on.iloc[place].date()
        pair = (int(codes[place]), base)
        if pair not in known:
            known[pair] = _or_problem(values[place].resolve(base))
        values[place] = known[pair]
    return values


def _or_problem(read: date | str) -> date | Problem:
    return Problem(read) if isinstance(read, str) else read


# --- one cell


def _reader(name: str, kind: str, context: Context) -> Callable[[object], object]:
    """The function that reads one cell of a column."""
    days: dict[str, Callable[[object, bool], Read]] = {"date": read_day, "deadline": read_deadline}
    if kind in days:
        return lambda cell: _day_or_problem(days[kind](cell, context.epoch_1904))
    readers: dict[str, Callable[[object], object]] = {
        "moment": partial(_moment, context=context),
        "month": partial(_month, context=context),
        "integer": _integer,
        "money": _money,
        "decimal": _decimal,
        "credit_code": _credit_code,
        "penalty_kind": partial(_kinds, kind="penalty_kind"),
        "sectors": partial(_kinds, kind="sector"),
        "text": partial(_text, name=name),
        "county": partial(_text, name=name),
    }
    return readers.get(kind, partial(_code, kind=kind))


def _day_or_problem(read: Read) -> object:
    return Problem(read) if isinstance(read, str) else read


def _moment(cell: object, context: Context) -> datetime | Problem:
    read = read_moment(cell, context.epoch_1904)
    return Problem(read) if isinstance(read, str) else read


def _month(cell: object, context: Context) -> int | Problem:
    month = read_month(cell, context.year, context.epoch_1904)
    if isinstance(month, tuple):
        return Problem("outside_year")
    return Problem(month) if isinstance(month, str) else month


def _text(cell: object, name: str) -> str | Problem | None:
    """Text as it is shown; None where nothing of it is."""
    text = written(cell)
    if not text.isprintable() or text != text.strip():
        text = " ".join("".join(c for c in text if c.isspace() or _is_shown(c)).split())
    if name in _IDENTIFIERS:
        text = unicodedata.normalize("NFKC", text)
    limit = MAX_TEXT if name in _FREE_TEXT else MAX_NAME
    return (text or None) if len(text) <= limit else Problem("text_too_long")


def _is_shown(character: str) -> bool:
    """Not a control or format character (zero width, right-to-left marks)."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _code(cell: object, kind: str) -> str | Problem:
    return vocabulary.lookup(kind).get(_bare(written(cell))) or Problem("value_unknown")


def _kinds(cell: object, kind: str) -> str | Problem:
    """Several codes of one list, such as penalties of several kinds, joined by ``;`` in the list's order."""
    known = vocabulary.lookup(kind)
    whole = known.get(_bare(written(cell)))
    codes = (
        {whole}
        if whole
        else {known.get(_bare(part)) for part in _KIND_SEPARATORS.split(written(cell)) if part}
    )
    if None in codes or not codes:
        return Problem("value_unknown")
    return ";".join(code for code in dict.fromkeys(known.values()) if code in codes)


def _credit_code(cell: object) -> str | Problem:
    code = _bare(written(cell)).upper()
    return code if credit_code.is_valid(code) else Problem("credit_code_invalid")


def _integer(cell: object) -> int | Problem:
    number = _number(cell)
    if isinstance(number, Problem):
        return number
    return int(number) if number == number.to_integral_value() else Problem("number_not_whole")


def _money(cell: object) -> Decimal | Problem:
    number = _number(cell, "money")
    return number if isinstance(number, Problem) else number.quantize(_CENT)


def _decimal(cell: object) -> Decimal | Problem:
    return _number(cell)


def _number(cell: object, dimension: str | None = None) -> Decimal | Problem:
    """A number with thousands separators, full-width or Chinese digits and a unit of the dimension (any unit
    that multiplies by one where none is named); money comes back in yuan.
    """
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return Problem("number_unreadable")
    if isinstance(cell, str) and any(unicodedata.category(c) == "No" for c in cell):
        return Problem("number_unreadable")  # a footnote's ① or ² must not become a digit of the number
    text, factor = _without_unit(_bare(written(cell)).lstrip("¥￥"), dimension)
    value = _decimal_of(text.replace(",", "").replace("'", ""))
    if value is None:
        return Problem("number_unreadable")
    if value and value.adjusted() > _MAX_EXPONENT:
        return Problem("number_too_large")
    value *= factor
    return value if abs(value) < _MAX_NUMBER else Problem("number_too_large")


def _decimal_of(text: str) -> Decimal | None:
    if _NUMBER.fullmatch(text):
        try:
            return Decimal(text)
        except InvalidOperation:
            return None
    number = numerals.chinese_integer(text)
    return None if number is None else Decimal(number)


def _without_unit(text: str, dimension: str | None) -> tuple[str, int]:
    for unit in sorted(vocabulary.units().values(), key=lambda unit: -len(unit.unit)):
        fits = unit.dimension == dimension if dimension else unit.factor == 1
        if fits and text.endswith(unit.unit):
            return text.removesuffix(unit.unit), unit.factor
    if dimension == "money" and text.endswith("万"):
        return text.removesuffix("万"), 10_000
    return text, 1


def _bare(text: str) -> str:
    return vocabulary.normalise(text)


_SPACE = r"[\s\p{Z}\x0b\x1c-\x1f\x{85}]+"


def key_texts(texts: pd.Series) -> arrow.Array:
    """Texts as keys compare them, missing ones empty; a column at a time, and quicker than ``normalise`` for
    text whose format characters are gone already.
    """
    plain = compute.utf8_normalize(arrow.array(texts.fillna(""), arrow.string()), "NFKC")
    return compute.utf8_lower(compute.replace_substring_regex(plain, _SPACE, ""))
