"""The field's words as data: sectors, indicators, units, campaigns, allowed values, columns, notebooks.

Code never spells a Chinese sector name or a column header: it asks here. Only the standard library is
used, so that the commands that have nothing to do stay quick.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

SectorKind = Literal["industry", "cross_cutting", "total"]
SECTOR_TOTAL = "all"
"""Code of the county as a whole, in the sector column of returns, facts and indicators."""


@dataclass(frozen=True, slots=True)
class Sector:
    """An industry (行业领域), a cross-cutting field such as fire, or the total."""

    code: str
    name_zh: str
    kind: SectorKind
    department: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted.

    ``kind`` is count (adds up over months), stock (as of a day), distinct (never added over months, sectors
    or departments), money (yuan) or rate (a ratio of two others).
    """

    code: str
    name_zh: str
    unit: str
    kind: Literal["count", "stock", "distinct", "money", "rate"]
    definition: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign (专项整治); of kind mechanism it is a local catchword that no report explains."""

    code: str
    name_zh: str
    kind: Literal["campaign", "mechanism"]
    sector: str
    start: date | None
    end: date | None
    definition: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of quantities; ``factor`` turns a value into the dimension's base unit (万元 → 10000 元)."""

    unit: str
    dimension: str
    factor: int
    name_zh: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table and the headers under which offices write it.

    ``type`` is text, date, moment (a day with its time), month, deadline, integer, decimal, money, county,
    credit_code, sector, campaign, indicator, or the name of a list in values.csv. ``origin`` is ``file`` for
    columns read from workbooks, ``derived`` for those added here, ``dropped`` for personal data that is not
    kept (table ``*``: in whatever table it stands).
    """

    table: str
    column: str
    header: str
    aliases: tuple[str, ...]
    type: str
    unit: str
    required: bool
    origin: Literal["file", "derived", "dropped"]
    definition: str


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard that defines major hazards; ``certain`` is False where a date could not be verified."""

    code: str
    name_zh: str
    number: str
    sectors: tuple[str, ...]
    in_force_from: date
    in_force_to: date | None
    certain: bool
    source: str
    aliases: tuple[str, ...]

    def covers(self, day: date) -> bool:
        """Whether the standard is in force on a day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


@dataclass(frozen=True, slots=True)
class Scored:
    """What a scoring sheet may score: of which subjects, and how the figure varies by chance.

    ``chance`` is binomial (a share of cases), poisson (a count of events) or none (deeds, which are counted).
    """

    indicator: str
    subjects: tuple[str, ...]
    chance: Literal["binomial", "poisson", "none"]


@dataclass(frozen=True, slots=True)
class Notebook:
    """An entry of the notebook registry, which drives the run, the index and the reports' menu."""

    name: str
    order: int
    title_zh: str
    question_zh: str
    scope: Literal["county", "province"]
    editions: tuple[str, ...]


def _read(name: str) -> list[dict[str, str]]:
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """The row with its lists split; everything else stays text until its class wants otherwise."""
    lists = row.keys() & {"aliases", "editions", "sectors", "subjects"}
    return {**row, **{key: tuple(part for part in row[key].split(";") if part) for key in lists}}


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


@cache
def sectors() -> dict[str, Sector]:
    """All sectors by code, in the order of the file."""
    return {row["code"]: Sector(**_typed(row)) for row in _read("sectors")}


@cache
def indicators() -> dict[str, Indicator]:
    """All indicators by code."""
    return {row["code"]: Indicator(**_typed(row)) for row in _read("indicators")}


@cache
def ratios() -> dict[str, tuple[str, str]]:
    """Rate → the two counts that it is made of: part and whole."""
    return {row["indicator"]: (row["part"], row["whole"]) for row in _read("ratios")}


@cache
def scored() -> dict[str, Scored]:
    """What a scoring sheet may score, by the indicator's code."""
    return {row["indicator"]: Scored(**_typed(row)) for row in _read("scored")}


@cache
def assessment_example() -> tuple[str, ...]:
    """The lines of an example of assessment.yaml, the first of which says what to do with the rest."""
    text = files(__name__).joinpath("assessment_example.yaml").read_text(encoding="utf-8")
    return tuple(text.splitlines())


@cache
def campaigns() -> dict[str, Campaign]:
    """All campaigns and mechanisms by code."""
    return {
        row["code"]: Campaign(**{**_typed(row), "start": _day(row["start"]), "end": _day(row["end"])})
        for row in _read("campaigns")
    }


@cache
def standards() -> dict[str, Standard]:
    """The standards that define major hazards, by code; a sector's oldest first."""
    return {row["code"]: _standard(row) for row in _read("standards")}


def _standard(row: dict[str, str]) -> Standard:
    since = date.fromisoformat(row["in_force_from"])
    read = {
        "in_force_from": since,
        "in_force_to": _day(row["in_force_to"]),
        "certain": row["certain"] == "yes",
    }
    return Standard(**{**_typed(row), **read})


@cache
def units() -> dict[str, Unit]:
    """All units by their written form."""
    return {row["unit"]: Unit(**{**_typed(row), "factor": int(row["factor"])}) for row in _read("units")}


@cache
def columns(table: str | None = None) -> tuple[Column, ...]:
    """The columns of one table, or of all, in the order of the file."""
    return tuple(
        Column(**{**_typed(row), "required": row["required"] == "yes"})
        for row in _read("columns")
        if table in (None, row["table"])
    )


@cache
def examples() -> dict[tuple[str, str], str]:
    """What an example row writes into a column, by table and column, where the type alone says too little."""
    return {(row["table"], row["column"]): row["example"] for row in _read("examples")}


@cache
def notebooks() -> dict[str, Notebook]:
    """The registered notebooks by name, in their order."""
    found = (Notebook(**{**_typed(row), "order": int(row["order"])}) for row in _read("notebooks"))
    return {notebook.name: notebook for notebook in sorted(found, key=lambda notebook: notebook.order)}


@cache
def values(kind: str) -> dict[str, str]:
    """The allowed values of a list in values.csv: code → Chinese name."""
    return {row["value"]: row["name_zh"] for row in _read("values") if row["type"] == kind}


@cache
def value_lists() -> frozenset[str]:
    """The names of the lists in values.csv."""
    return frozenset(row["type"] for row in _read("values"))


@cache
def lookup(kind: str) -> dict[str, str]:
    """Normalised written form → code, for sector, indicator, campaign or a list of values.csv.

    Codes, names and aliases all lead to the code; a form that leads to two codes is refused.

    Raises:
        ValueError: One form stands for two codes.
    """
    found: dict[str, str] = {}
    for code, forms in _forms(kind):
        for form in forms:
            if found.setdefault(normalise(form), code) != code:
                raise ValueError(f"{kind}: {form} stands for both {found[normalise(form)]} and {code}")
    return found


def _forms(kind: str) -> Iterator[tuple[str, Iterable[str]]]:
    if kind == "sector":
        yield from ((s.code, (s.code, s.name_zh, *s.aliases)) for s in sectors().values())
    elif kind == "indicator":
        yield from ((i.code, (i.code, i.name_zh, *i.aliases)) for i in indicators().values())
    elif kind == "campaign":
        yield from ((c.code, (c.code, c.name_zh, *c.aliases)) for c in campaigns().values())
    else:
        yield from (
            (row["value"], (row["value"], row["name_zh"], *_typed(row)["aliases"]))
            for row in _read("values")
            if row["type"] == kind
        )


def normalise(text: str) -> str:
    """The form in which names are compared: NFKC, no white space or format characters, lower case."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf").lower()


def name(kind: str, code: str) -> str:
    """The Chinese name of a code; an unknown code is returned as it is, so that nothing is hidden."""
    if kind == "indicator":
        return indicators()[code].name_zh if code in indicators() else code
    if kind == "sector":
        return sectors()[code].name_zh if code in sectors() else code
    if kind == "campaign":
        return campaigns()[code].name_zh if code in campaigns() else code
    return values(kind).get(code, code)
